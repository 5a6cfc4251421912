// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import com.licel.jcardsim.base.SimulatorRuntime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * One simulated card: a runtime, the thread that runs it, and the readers that want it.
 *
 * <p>One reader holds the card at a time. A further connection to the card's port waits its turn: TCP accepts it, and
 * its first request (the ATR) is answered once the reader before it has let go. How long to wait is the client's choice.
 */
final class Card {
    /** A client that has just closed its connection may not have been noticed yet. */
    private static final int HANDOVER_MILLISECONDS = 1_000;

    private final int id;
    private final AppletPackage applet;
    private final Thread thread;
    private final CompletableFuture<CardRuntime> installed = new CompletableFuture<>();

    // Guarded by this.
    private final Deque<VpcdLink> waiting = new ArrayDeque<>();
    private VpcdLink holder;
    private boolean removed;

    private Card(int id, AppletPackage applet, Chip chip) {
        this.id = id;
        this.applet = applet;
        this.thread = new Thread(() -> run(chip), "card-" + id);
        this.thread.setDaemon(true);
    }

    /** A card with its applet installed, idle in no reader. */
    static Card create(int id, AppletPackage applet, Chip chip) throws ControlException, InterruptedException {
        Card card = new Card(id, applet, chip);
        card.thread.start();
        card.runtime();
        return card;
    }

    int id() {
        return id;
    }

    /** What was installed on it. */
    AppletPackage applet() {
        return applet;
    }

    /** The card itself, for work between two commands. */
    CardRuntime runtime() throws ControlException, InterruptedException {
        try {
            return installed.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof ControlException refusal) {
                throw refusal;
            }
            throw new ControlException("install-refused", String.valueOf(failure.getCause()));
        }
    }

    /** {@code "none"}, {@code "socket"} or {@code "pcscd"}: who holds the card. */
    synchronized String holderName() {
        return holder == null ? "none" : holder.kind().name().toLowerCase(java.util.Locale.ROOT);
    }

    /** A client has connected to the card's own port: served now or in its turn. */
    void connected(SocketChannel channel) throws IOException {
        VpcdLink link = new VpcdLink(VpcdLink.Kind.SOCKET, channel);
        synchronized (this) {
            if (!removed) {
                waiting.addLast(link);
                notifyAll();
                return;
            }
        }
        link.close();
    }

    /**
     * Puts the card into the slot of pcscd's virtual reader at {@code slot}; returns once pcscd has asked for it.
     *
     * @throws ControlException {@code card-busy}, {@code no-pcscd} (nothing listens there) or {@code slot-taken}
     *     (something listens and does not ask: another card is in the slot)
     */
    void insert(InetSocketAddress slot) throws ControlException, InterruptedException {
        synchronized (this) {
            requireIdle();
        }
        VirtualSlot.showEmpty(slot);
        VpcdLink link = VirtualSlot.connect(slot);
        synchronized (this) {
            try {
                requireIdle();
            } catch (ControlException busyAgain) {
                link.close();
                throw busyAgain;
            }
            // Before any client of the plain port: pcscd blocks on a slot that does not answer.
            waiting.addFirst(link);
            notifyAll();
        }
        if (!link.isHeardWithin(VirtualSlot.POLL_MILLISECONDS)) {
            link.close();
            throw VirtualSlot.taken(slot);
        }
    }

    /** Takes the card out of pcscd's reader; returns once it is out. Does nothing to a card that is not in one. */
    synchronized void eject() throws InterruptedException {
        VpcdLink link = holder;
        if (link == null || link.kind() != VpcdLink.Kind.PCSCD) {
            return;
        }
        link.close();
        while (holder == link) {
            wait();
        }
    }

    /** Cuts the power and restores it under the reader's hands; a command under way is finished first. */
    void powerCycle() throws ControlException, InterruptedException {
        runtime().powerUp();
    }

    /**
     * Does something with the card as a reader of its own, while no other has it.
     *
     * @throws ControlException {@code card-busy}, or {@code no-power}: a command without power
     */
    synchronized <T> T withoutReader(Function<CardRuntime, T> work) throws ControlException, InterruptedException {
        CardRuntime runtime = runtime();
        requireIdle();
        try {
            return work.apply(runtime);
        } catch (IllegalStateException withoutPower) {
            throw new ControlException("no-power", withoutPower.getMessage());
        }
    }

    /** Ends the card: its readers see it vanish, its state is gone. */
    void remove() throws InterruptedException {
        synchronized (this) {
            removed = true;
            waiting.forEach(VpcdLink::close);
            waiting.clear();
            if (holder != null) {
                holder.close();
            }
            notifyAll();
        }
        thread.join(HANDOVER_MILLISECONDS);
    }

    private void run(Chip chip) {
        CardRuntime runtime;
        try {
            runtime = chip.real()
                    ? CardRuntime.real(applet, chip.freedoms())
                    : new CardRuntime(new SimulatorRuntime(), applet.load(), applet.aid(), applet.install());
        } catch (Throwable failure) {
            installed.completeExceptionally(failure);
            return;
        }
        installed.complete(runtime);
        try {
            VpcdLink link;
            while ((link = takeNext()) != null) {
                serve(link, runtime);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(VpcdLink link, CardRuntime runtime) throws InterruptedException {
        try {
            link.serve(runtime);
        } catch (IOException | IllegalStateException ended) {
            // A reader that vanishes is daily life (reset connection, eject); a wrong message is worth a line.
            if (ended instanceof java.net.ProtocolException || ended instanceof IllegalStateException) {
                System.err.println("card " + id + ": link closed: " + ended.getMessage());
            }
        } finally {
            link.close();
            synchronized (this) {
                holder = null;
                notifyAll();
            }
        }
    }

    /** The next reader in turn, which now holds the card; null when the card was removed. */
    private synchronized VpcdLink takeNext() throws InterruptedException {
        while (waiting.isEmpty() && !removed) {
            wait();
        }
        holder = removed ? null : waiting.removeFirst();
        return holder;
    }

    private void requireIdle() throws ControlException, InterruptedException {
        long deadline = System.nanoTime() + HANDOVER_MILLISECONDS * 1_000_000L;
        while (!removed && (holder != null || !waiting.isEmpty())) {
            long left = (deadline - System.nanoTime()) / 1_000_000L;
            if (left <= 0) {
                throw new ControlException("card-busy", "card " + id + " is held by: " + holderName());
            }
            wait(left);
        }
        if (removed) {
            throw new ControlException("no-such-card", "card " + id + " was removed");
        }
    }
}
