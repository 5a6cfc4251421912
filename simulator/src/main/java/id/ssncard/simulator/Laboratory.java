// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import id.ssncard.simulator.card.AllocationPolicy;
import id.ssncard.simulator.card.CannotSave;
import id.ssncard.simulator.card.Freedom;
import id.ssncard.simulator.card.Medium;
import id.ssncard.simulator.card.RealCard;
import id.ssncard.simulator.card.Tear;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * Control requests on real cards. All have {@code card}; those without an answer named here answer an empty object.
 *
 * <ul>
 *   <li>{@code arm-tear}: {@code write} (1 is the next), optional {@code inside} (bytes, 0), {@code rest} ({@code old},
 *       {@code garbage}, {@code erased})
 *   <li>{@code arm-lost-answer}: power goes when the next command has been done
 *   <li>{@code disarm}
 *   <li>{@code counters}: optional {@code events} (false); answers what the last command did
 *   <li>{@code paced}: answers {@code milliseconds}, what a reader's last command took at the process's pace
 *   <li>{@code memory}: answers {@code parts}, what the applet keeps
 *   <li>{@code commit-capacity}: {@code bytes}
 *   <li>{@code allocations}: {@code policy} ({@code refuse}, {@code no-resource}, {@code allow})
 *   <li>{@code medium}: {@code medium} ({@code contact}, {@code usb}, {@code type-a}, {@code type-b}, {@code type-f},
 *       {@code hci}, {@code unknown})
 *   <li>{@code pieces}: {@code bytes}, the most of a command's data that the applet gets at once
 *   <li>{@code seed}: {@code seed} (hex); empty: unpredictable again
 *   <li>{@code save}: answers {@code saved}
 *   <li>{@code checkpoint}, {@code rewind}: optional {@code name}; all that the card is, RAM too, within this process
 *   <li>{@code power}: {@code on}; for a card that no reader holds
 *   <li>{@code transmit}: {@code apdu} (hex), optional {@code measured} (false); answers {@code answer} (hex), or {@code
 *       torn: true}; measured also {@code counters} (with events), {@code digest} (of all that is persistent) and {@code
 *       edges} (those that were never passed before, see {@link id.ssncard.simulator.card.Coverage})
 *   <li>{@code coverage}: answers {@code edges}, each {@code number}, {@code name}, {@code branch}, {@code passed}
 * </ul>
 */
final class Laboratory {
    private static final HexFormat HEX = HexFormat.of();
    private static final int LARGEST_APDU = 4 + 3 + 0xFFFF + 2;

    private Laboratory() {}

    static JsonObject perform(String operation, Request request, CardRack rack)
            throws ControlException, InterruptedException {
        JsonObject answer = new JsonObject();
        switch (operation) {
            case "arm-tear" -> {
                int write = request.number("write", 1, Integer.MAX_VALUE);
                int inside = request.number("inside", 0, Short.MAX_VALUE, 0);
                Tear.Rest rest = constant(Tear.Rest.class, request.text("rest", "old"));
                runtime(request, rack).experiment(card -> {
                    card.tear().arm(write, inside, rest);
                    return null;
                });
            }
            case "arm-lost-answer" -> runtime(request, rack).experiment(card -> {
                card.tear().armBeforeAnswer();
                return null;
            });
            case "disarm" -> runtime(request, rack).experiment(card -> {
                card.tear().disarm();
                return null;
            });
            case "counters" -> {
                boolean events = request.flag("events", false);
                return runtime(request, rack).experiment(card -> card.counters(events));
            }
            case "paced" ->
                answer.addProperty("milliseconds", rack.card(request.number("card", 1, Integer.MAX_VALUE))
                        .runtime().lastMilliseconds());
            case "memory" -> answer.add("parts", runtime(request, rack).experiment(RealCard::memory));
            case "commit-capacity" -> {
                int bytes = request.number("bytes", 0, Integer.MAX_VALUE);
                runtime(request, rack).experiment(card -> {
                    card.commitCapacity(bytes);
                    return null;
                });
            }
            case "allocations" -> {
                AllocationPolicy policy = constant(AllocationPolicy.class, request.text("policy"));
                runtime(request, rack).experiment(card -> {
                    card.allocations(policy);
                    return null;
                });
            }
            case "medium" -> {
                Medium medium = constant(Medium.class, request.text("medium"));
                runtime(request, rack).experiment(card -> {
                    card.medium(medium);
                    return null;
                });
            }
            case "pieces" -> {
                int bytes = request.number("bytes", 1, Integer.MAX_VALUE);
                runtime(request, rack).experiment(card -> {
                    card.pieces(bytes);
                    return null;
                });
            }
            case "seed" -> {
                byte[] seed = request.hex("seed", null);
                runtime(request, rack).experiment(card -> {
                    card.seed(seed.length == 0 ? null : seed);
                    return null;
                });
            }
            case "save" -> answer.add("saved", save(card(request, rack)));
            case "checkpoint" -> runtime(request, rack).checkpoint(request.text("name", ""));
            case "rewind" -> runtime(request, rack).rewind(request.text("name", ""));
            case "coverage" -> answer.add("edges", runtime(request, rack).experiment(RealCard::coverage));
            case "power" -> {
                boolean on = request.flag("on", true);
                card(request, rack).withoutReader(runtime -> {
                    if (on) {
                        runtime.powerUp();
                    } else {
                        runtime.powerDown();
                    }
                    return null;
                });
            }
            case "transmit" -> {
                byte[] apdu = request.hex("apdu", null);
                if (apdu.length < 2 || apdu.length > LARGEST_APDU) {
                    throw new ControlException("bad-request", "an APDU has 2 to " + LARGEST_APDU + " bytes");
                }
                byte[] sent = card(request, rack).withoutReader(runtime -> runtime.transmit(apdu));
                if (sent == null) {
                    answer.addProperty("torn", true);
                } else {
                    answer.addProperty("answer", HEX.formatHex(sent));
                }
                if (request.flag("measured", false)) {
                    runtime(request, rack).experiment(card -> measure(card, answer));
                }
            }
            default -> throw new ControlException("unknown-op", "unknown operation " + operation);
        }
        return answer;
    }

    private static JsonObject measure(RealCard card, JsonObject answer) {
        answer.add("counters", card.counters(true));
        answer.addProperty("digest", card.digest());
        JsonArray edges = new JsonArray();
        card.freshEdges().forEach(edges::add);
        answer.add("edges", edges);
        return answer;
    }

    /** A new card in the state of a saved one. */
    static CardRack.Place restore(CardRack rack, Request request, String name)
            throws ControlException, IOException, InterruptedException {
        Request saved = Request.of(request.object("saved"));
        AppletPackage applet;
        try {
            applet = new AppletPackage(saved.text("class"), saved.hex("aid", null), saved.hex("install", null));
        } catch (IllegalArgumentException wrongAid) {
            throw new ControlException("bad-request", wrongAid.getMessage());
        }
        JsonObject state = saved.object("state");
        CardRack.Place place = rack.create(applet, name, new Chip(true, freedoms(state)));
        try {
            place.card().runtime().experiment(card -> {
                card.restore(state);
                return null;
            });
        } catch (ControlException refusal) {
            rack.remove(place.card().id());
            throw refusal;
        }
        return place;
    }

    private static Set<Freedom> freedoms(JsonObject state) throws ControlException {
        try {
            return RealCard.freedomsOf(state);
        } catch (CannotSave refusal) {
            throw new ControlException("cannot-save", refusal.getMessage());
        }
    }

    private static JsonObject save(Card card) throws ControlException, InterruptedException {
        JsonObject saved = new JsonObject();
        saved.addProperty("class", card.applet().className());
        saved.addProperty("aid", HEX.formatHex(card.applet().aid()));
        saved.addProperty("install", HEX.formatHex(card.applet().install()));
        saved.add("state", card.runtime().experiment(RealCard::save));
        return saved;
    }

    private static Card card(Request request, CardRack rack) throws ControlException {
        return rack.card(request.number("card", 1, Integer.MAX_VALUE));
    }

    private static CardRuntime runtime(Request request, CardRack rack) throws ControlException, InterruptedException {
        return card(request, rack).runtime();
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name) throws ControlException {
        try {
            return Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException unknown) {
            String what = type.getSimpleName().toLowerCase(Locale.ROOT);
            throw new ControlException("bad-request", "unknown " + what + " " + name);
        }
    }
}
