# SPDX-License-Identifier: Apache-2.0
"""Every freedom of the specification that the simulated card can take: the applet does not lean on its opposite.

For each a scene, and an applet spoilt so that it does lean: that one passes on a card that does not take the freedom
and fails on one that does; the programme's passes on both. Where the spoilt text stood in the applet once, it is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.simulator.spoilt import compile_spoilt

from ssn_card.keys import development_keyring
from ssn_card.protocol.commands import CHANGE_REFERENCE_DATA, DEBIT, OVERRIDE, VERIFY
from ssn_card.protocol.crypto import MAC_LENGTH
from ssn_card.protocol.errors import SsnCardError
from ssn_card.protocol.layouts import PIN_QUERY
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.selection import SELECT_APPLET
from ssn_card.protocol.status import InvalidUpdate, StaleUpdate
from ssn_card.protocol.values import KeySelection, LifeState
from ssn_card.simulator import (
    HARSH,
    Freedom,
    LaboratoryConnection,
    SimulatedCard,
    Simulator,
    SimulatorRefused,
    blank_card,
)
from ssn_card.simulator.campaign.bench import PIN, Bench
from ssn_card.transport import ConnectionLost

pytestmark = pytest.mark.sim

WRONG, OTHER = pin_block("482918"), pin_block("1234")
RIGHT = pin_block(PIN)
OK, STALE, INVALID = 0x9000, StaleUpdate.sw, InvalidUpdate.sw


@dataclass(frozen=True)
class Table:
    """A blank card with power, and what steers it."""

    simulator: Simulator
    card: SimulatedCard
    bench: Bench
    late: bool = False  #: whether the card takes :attr:`Freedom.LATE_TRY`

    def ready(self, load: int = 900_000) -> Bench:
        """Personalized, active, loaded, with its applet selected."""
        self.bench.personalize()
        self.bench.deliver(self.bench.update(load))
        self.bench.select()
        return self.bench

    def sw(self, apdu: bytes) -> int:
        """Status word of a command as it is."""
        return int.from_bytes(self.bench.connection.transmit(apdu)[-2:], "big")

    def verify(self, block: bytes) -> int:
        """Status word of VERIFY in a session of its own."""
        return self.sw(self.bench.select().pin_command(VERIFY, block))

    def change(self) -> bytes:
        """CHANGE REFERENCE DATA by who has given the PIN, to be sent."""
        session = self.bench.select()
        session.verify(PIN)
        return session.pin_command(CHANGE_REFERENCE_DATA, OTHER)

    def torn(self, apdu: bytes) -> Iterator[int]:
        """The command torn at each of its events, the card powered up after it; then as it was before."""
        self.simulator.checkpoint(self.card, "torn")
        self.sw(apdu)
        events = self.simulator.counters(self.card).events
        for event in range(1, events + 1):
            self._put_back()
            self.simulator.arm_tear(self.card, event, inside=3)
            with pytest.raises(ConnectionLost):
                self.bench.connection.transmit(apdu)
            self.bench.connection.reset()
            self.bench.connection.transmit(SELECT_APPLET)
            yield event
        self._put_back()

    def kinds(self, apdu: bytes) -> list[str]:
        """What the command writes, each time the same; then the card is as it was before."""
        self.simulator.checkpoint(self.card, "torn")
        self.sw(apdu)
        events = self.simulator.counters(self.card, events=True).write_events
        self._put_back()
        return [event.kind for event in events]

    def _put_back(self) -> None:
        self.simulator.rewind(self.card, "torn")
        connection = self.bench.connection
        assert isinstance(connection, LaboratoryConnection)
        connection.resume()


def numbers_are_unsigned(table: Table) -> None:
    """Update numbers and totals across every byte whose highest bit changes; an old update never comes back."""
    bench = table.ready(1)
    older = None
    for seq, loaded in ((127, 127), (128, 128), (255, 33_000), (256, 8_300_000), (383, 9_900_000), (384, 900_000_000)):
        state = LifeState.BLOCKED if seq == 384 else LifeState.ACTIVE
        bench.rules |= {"update_seq": seq - 1}
        update = bench.update(loaded_total=loaded, state=state)
        assert bench.deliver(update).balance_after == loaded
        if seq == 383:
            older = update
    assert older is not None
    bench.select()
    assert table.sw(older) == STALE, "an older update revives a blocked card"
    assert table.sw(bench.update(loaded_total=8_300_000)) == INVALID, "a total that shrinks"


def a_card_can_be_personalized_and_used(table: Table) -> None:
    bench = table.ready()
    before = bench.observe().balance
    assert bench.move(DEBIT, bench.body(10_000)).balance_after == before - 10_000
    bench.correct()


def a_sale_after_a_power_cycle(table: Table) -> None:
    bench = table.ready()
    bench.deliver(bench.update(key_selection=KeySelection.DEBIT | KeySelection.RECEIPT))
    bench.connection.reset()
    assert bench.move(DEBIT, bench.body(10_000)).balance_after == 890_000
    bench.connection.reset()
    assert bench.observe().balance == 890_000
    bench.connection.reset()
    # A rotation back is none: the receipt of the next one is under the keys of the session's beginning.
    bench.deliver(bench.update(1, key_selection=KeySelection.DEBIT | KeySelection.RECEIPT | KeySelection.UPDATE))
    assert bench.observe().balance == 890_001


def a_torn_update_then_a_sale(table: Table) -> None:
    bench = table.ready()
    update = bench.update(1)
    bench.select()
    for _ in table.torn(update):
        bench.move(DEBIT, bench.body(1_000))


def a_torn_update_leaves_the_entitlement_in_force(table: Table) -> None:
    bench = table.ready()
    before = bench.observe()
    update = bench.update(1)
    bench.select()
    for _ in table.torn(update):
        assert bench.observe().status == before.status or bench.observe().balance == before.balance + 1


def a_torn_change_leaves_one_pin(table: Table) -> None:
    table.ready()
    for event in table.torn(table.change()):
        assert OK in (table.verify(RIGHT), table.verify(OTHER)), event


def a_guess_costs_a_try_wherever_it_is_torn(table: Table) -> None:
    """Where OwnerPIN counts after it has compared, whoever watches the card's current knows what it found."""
    bench = table.ready()
    assert table.verify(WRONG) == 0x63C2
    guess = bench.select().pin_command(VERIFY, WRONG)
    kinds = table.kinds(guess)
    for event in table.torn(guess):
        if table.late and kinds[event - 1] == "pin-tries":
            assert table.verify(WRONG) == 0x6983, "a guess for nothing"


def a_torn_personalization_can_be_repeated(table: Table) -> None:
    bench = table.bench
    for event in range(1, 60):
        table.simulator.arm_tear(table.card, event)
        with pytest.raises(ConnectionLost):
            bench.personalize()
        bench.connection.reset()
    bench.personalize()


def a_command_without_data_costs_no_try(table: Table) -> None:
    bench = table.ready()
    for _ in range(3):
        bench.select()
        assert table.sw(VERIFY.header() + bytes((PIN_QUERY.size + MAC_LENGTH,))) in (0x6700, 0x6988)
    assert table.verify(RIGHT) == OK


def the_last_try_is_taken_over_contacts(table: Table) -> None:
    table.ready()
    for left in (2, 1):
        assert table.verify(WRONG) == 0x63C0 + left
    assert table.verify(RIGHT) == OK


@dataclass(frozen=True)
class Case:
    """``scene`` fails on a card that takes the freedom, with an applet in whose ``file`` ``changes`` were made."""

    scene: Callable[[Table], None]
    file: str
    changes: dict[str, str]


_COMPARE = "        short difference = "
_BLOCK = "            xor(Ram.MAC_BLOCK, data, offset, (short) 16);\n"
_ANSWER = "        encrypt(debit, buffer, (short) 0, end,"
_DEBIT_KEY = "store.keys[Store.slot(Protocol.SLOT_DEBIT, Protocol.NEXT_DEBIT, initialised)]"
_TRIES = "store.pin[Store.PIN_TRIES]"
_LEFT = f"""{_TRIES} == 0 ? Protocol.SW_PIN_BLOCKED
                    : (short) (Protocol.SW_WRONG_PIN | {_TRIES}));"""
_OWNER_PIN_LEFT = "store.pins[store.pin[Store.PIN_IN_FORCE]].getTriesRemaining()"
_AUTHENTICATE = "        terminal.authenticateQuery(buffer, receive(apdu, buffer));"
_APPEND = "        Util.arrayCopy(ram, (short) 0, records, slot(ram[NUMBER]), Ram.RECORD_SIZE);\n"

CASES = {
    # As it stood until it was reported.
    Freedom.SIGNED_COMPARE: Case(
        numbers_are_unsigned,
        "Amount.java",
        {
            f"{_COMPARE}0;": (
                f"{_COMPARE}javacard.framework.Util.arrayCompare(left, leftAt, right, rightAt, (short) 4);"
            ),
            "i < 4 && difference == 0; i++": "i < 0; i++",
        },
    ),
    # As it stood.
    Freedom.HELD_BLOCKS: Case(
        a_card_can_be_personalized_and_used,
        "Mac.java",
        {
            "cipher.doFinal(ram, Ram.CHAIN,": "cipher.update(ram, Ram.CHAIN,",
            f"{_BLOCK}            cipher.doFinal(ram, Ram.MAC_BLOCK,": "            cipher.update(data, offset,",
            "        xor(Ram.MAC_BLOCK, data, offset, rest);\n": (
                "        Util.arrayFillNonAtomic(ram, Ram.MAC_BLOCK, (short) 16, (byte) 0);\n"
                "        xor(Ram.MAC_BLOCK, data, offset, rest);\n"
            ),
        },
    ),
    # As it stood.
    Freedom.FORGOTTEN_CIPHERS: Case(
        a_sale_after_a_power_cycle, "Terminal.java", {"            initialise(initialised);\n": ""}
    ),
    Freedom.TORN_INIT: Case(
        a_torn_update_then_a_sale,
        "Terminal.java",
        {_ANSWER: f"        debit.init({_DEBIT_KEY}, Cipher.MODE_ENCRYPT);\n{_ANSWER}"},
    ),
    # As it stood.
    Freedom.SPOILT_NEIGHBOURS: Case(
        a_torn_update_leaves_the_entitlement_in_force,
        "Entitlements.java",
        {"Util.arrayCopy(body, at, places": "Util.arrayCopyNonAtomic(body, at, places"},
    ),
    # As it stood, but for the second object.
    Freedom.TORN_PIN: Case(
        a_torn_change_leaves_one_pin,
        "Pin.java",
        {"(byte) (store.pin[Store.PIN_IN_FORCE] == 0 ? 1 : 0);": "store.pin[Store.PIN_IN_FORCE];"},
    ),
    # As it stood.
    Freedom.LATE_TRY: Case(
        a_guess_costs_a_try_wherever_it_is_torn,
        "Pin.java",
        {
            f"        {_TRIES}--;\n": "",
            f"ISOException.throwIt({_LEFT}": (
                f"short left = {_OWNER_PIN_LEFT};\n            ISOException.throwIt("
                "left == 0 ? Protocol.SW_PIN_BLOCKED : (short) (Protocol.SW_WRONG_PIN | left));"
            ),
        },
    ),
    Freedom.TORN_KEY: Case(
        a_torn_personalization_can_be_repeated,
        "Personalization.java",
        {"        key.setKey(ram,": "        if (!key.isInitialized()) key.setKey(ram,"},
    ),
    Freedom.DATA_FROM_NOTHING: Case(
        a_command_without_data_costs_no_try,
        "SsnCardApplet.java",
        {
            _AUTHENTICATE: f"""        short received = receive(apdu, buffer);
        if (ins == Protocol.INS_VERIFY && received != 0 && {_TRIES} != 0) {{
            {_TRIES}--;
        }}
        terminal.authenticateQuery(buffer, received);"""
        },
    ),
    # As it stood.
    Freedom.STRICT_SENDING: Case(
        a_card_can_be_personalized_and_used,
        "SsnCardApplet.java",
        {"            receive(apdu, buffer);\n            apdu": "            apdu"},
    ),
    Freedom.LATE_DATA: Case(
        a_card_can_be_personalized_and_used, "SsnCardApplet.java", {"while (received < announced) {": "if (false) {"}
    ),
    Freedom.SHORT_BUFFER: Case(
        a_card_can_be_personalized_and_used, "Terminal.java", {"CHECK_END = 129": "CHECK_END = 161"}
    ),
    Freedom.TIGHT_COMMIT: Case(
        a_card_can_be_personalized_and_used,
        "Ledger.java",
        {
            _APPEND: "        javacard.framework.JCSystem.beginTransaction();\n        records[0] = records[0];\n"
            f"{_APPEND}        javacard.framework.JCSystem.commitTransaction();\n"
        },
    ),
    Freedom.INSTALL_ANYWHERE: Case(
        a_card_can_be_personalized_and_used,
        "SsnCardApplet.java",
        {"short at = (short) (offset + 1 + array[offset]);": "short at = (short) (1 + array[0]);"},
    ),
    Freedom.T0: Case(
        the_last_try_is_taken_over_contacts,
        "Pin.java",
        {
            "byte media = (byte) (APDU.getProtocol() & APDU.PROTOCOL_MEDIA_MASK);": "byte media = APDU.getProtocol();",
            "media == APDU.PROTOCOL_MEDIA_DEFAULT": "media == APDU.PROTOCOL_T1",
        },
    ),
}


@contextmanager
def table(simulator: Simulator, freedoms: set[Freedom], classes: Path | None = None) -> Iterator[Table]:
    """A blank card that takes these freedoms."""
    card = blank_card(simulator, classes=classes, freedoms=freedoms)
    try:
        with LaboratoryConnection(simulator, card) as connection:
            yield Table(simulator, card, Bench(connection, development_keyring()), Freedom.LATE_TRY in freedoms)
    finally:
        simulator.remove(card)


def passes(simulator: Simulator, case: Case, freedoms: set[Freedom], classes: Path) -> bool:
    """Whether the scene ends well. A card that refuses its installation, or to work, is no error of the test's."""
    try:
        with table(simulator, freedoms, classes) as ready:
            case.scene(ready)
    except (AssertionError, SsnCardError):
        return False
    return True


def test_every_freedom_has_a_case() -> None:
    assert set(CASES) == set(Freedom)


@pytest.mark.parametrize("freedom", CASES)
def test_an_applet_that_leans_on_a_promise_fails_where_it_is_not_kept(freedom: Freedom, simulator: Simulator) -> None:
    case = CASES[freedom]
    leaning = compile_spoilt(case.file, case.changes)
    assert passes(simulator, case, set(), leaning), "the spoilt applet must be good where the promise is kept"
    assert not passes(simulator, case, {freedom}, leaning)


@pytest.mark.parametrize("freedom", CASES)
def test_the_applet_leans_on_nothing(freedom: Freedom, simulator: Simulator) -> None:
    for freedoms in (set(), {freedom}, set(HARSH), set(Freedom)):
        with table(simulator, freedoms) as ready:
            CASES[freedom].scene(ready)


def test_a_saved_card_keeps_its_freedoms(simulator: Simulator) -> None:
    with table(simulator, {Freedom.LATE_TRY, Freedom.T0}) as ready:
        ready.ready()
        saved = simulator.save(ready.card)
    again = simulator.restore(saved, name="again")
    with LaboratoryConnection(simulator, again) as connection:
        copy = Table(simulator, again, Bench(connection, development_keyring()))
        copy.bench.select()
        assert simulator.transmit(again, SELECT_APPLET) == bytes.fromhex("611A")
        assert copy.sw(bytes.fromhex("00C000001A")) == OK
        assert copy.bench.observe().balance == 900_000
    simulator.remove(again)


def test_unknown_freedoms_are_refused(simulator: Simulator) -> None:
    with pytest.raises(SimulatorRefused, match="unknown freedom everything"):
        simulator.create_card(b"", freedoms=["everything"])  # type: ignore[list-item]


def test_nothing_is_written_that_a_tear_could_leave_half_done(simulator: Simulator) -> None:
    """So no card's page and no neighbour matters: all persistent writes of an installed applet are atomic."""
    divisible: list[tuple[int, str]] = []
    with table(simulator, set()) as ready:
        connection = ready.bench.connection
        transmit = connection.transmit

        def watched(apdu: bytes) -> bytes:
            answer = transmit(apdu)
            events = simulator.counters(ready.card, events=True).write_events
            divisible.extend((apdu[1], event.place) for event in events if event.divisible)
            return answer

        connection.transmit = watched  # type: ignore[method-assign]
        bench = ready.ready()
        bench.move(DEBIT, bench.body(1_000))
        bench.move(OVERRIDE, bench.body(1_000))
        bench.deliver(bench.update(1, key_selection=KeySelection.DEBIT))
        bench.select()
        assert ready.sw(ready.change()) == OK
        bench.correct()
    assert divisible == []
