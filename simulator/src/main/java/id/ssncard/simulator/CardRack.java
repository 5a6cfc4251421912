// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** All cards of this process by number, each with its port and the name that its creator gave it. */
final class CardRack {
    /** A card's place: {@code name} is unique and may be empty. */
    record Place(Card card, String name, ServerSocketChannel door, int port) {}

    private final AtomicInteger lastId = new AtomicInteger();
    private final ConcurrentSkipListMap<Integer, Place> places = new ConcurrentSkipListMap<>();
    private final Doorman doorman;

    CardRack() throws IOException {
        doorman = new Doorman();
    }

    /**
     * A new card of the usual kind and its port.
     *
     * @throws ControlException {@code name-taken} or {@code install-refused}
     */
    Place create(AppletPackage applet, String name) throws ControlException, IOException, InterruptedException {
        return create(applet, name, Chip.usual());
    }

    /** As {@link #create(AppletPackage, String)}, of another kind. */
    Place create(AppletPackage applet, String name, Chip chip)
            throws ControlException, IOException, InterruptedException {
        Card card = Card.create(lastId.incrementAndGet(), applet, chip);
        ServerSocketChannel door = doorman.open(card);
        Place place = new Place(card, name, door, ((InetSocketAddress) door.getLocalAddress()).getPort());
        if (!putIfNameIsFree(place)) {
            close(place);
            throw new ControlException("name-taken", "another card is named " + name);
        }
        return place;
    }

    /** The cards in the order of their creation. */
    List<Place> all() {
        return List.copyOf(places.values());
    }

    /** The card of that number. Throws {@link ControlException} {@code no-such-card}. */
    Card card(int id) throws ControlException {
        return found(id, places.get(id)).card();
    }

    /** Takes the card out of the rack and closes its port. */
    void remove(int id) throws ControlException, IOException, InterruptedException {
        close(found(id, places.remove(id)));
    }

    private synchronized boolean putIfNameIsFree(Place place) {
        boolean taken =
                !place.name().isEmpty() && places.values().stream().anyMatch(other -> other.name().equals(place.name()));
        if (!taken) {
            places.put(place.card().id(), place);
        }
        return !taken;
    }

    private static Place found(int id, Place place) throws ControlException {
        if (place == null) {
            throw new ControlException("no-such-card", "there is no card " + id);
        }
        return place;
    }

    private void close(Place place) throws IOException, InterruptedException {
        doorman.close(place.door());
        place.card().remove();
    }
}
