# SPDX-License-Identifier: Apache-2.0
"""What the PC/SC service is asked, in which order, and what becomes of each refusal: over a service that is scripted.

The real one is in test_pcsc.py and test_pcsc_limits.py; it refuses only what it wants to.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from tests.transport.scripted_pcsc import ATR, CARD, CONTEXT, OTHER, READER, Scripted

from ssn_card.transport import (
    CardConnection,
    CardInUse,
    CardMute,
    CardRemoved,
    CardWasReset,
    ConnectionClosed,
    ConnectionLost,
    NoCard,
    PcscConnection,
    PcscLost,
    PcscNotAnswering,
    PcscNotRunning,
    ReaderNameUnreadable,
    ReaderNotFound,
    list_readers,
    open_connection,
    pcsc_service,
    readers,
    wait_for_card,
)
from ssn_card.transport.pcsc_codes import CODES
from ssn_card.transport.pcsc_service import PcscContext

NO_SERVICE, STOPPED, TIMEOUT = 0x8010001D, 0x8010001E, 0x8010000A
SHARING, NO_CARD, NO_READERS, UNKNOWN_READER = 0x8010000B, 0x8010000C, 0x8010002E, 0x80100009
RESET, REMOVED, MUTE = 0x80100068, 0x80100069, 0x80100066
BOTH = Scripted.SCARD_PROTOCOL_T0 | Scripted.SCARD_PROTOCOL_T1
COMMAND = bytes.fromhex("00A4040002ABCD00")
OPENING = [
    ("establish", Scripted.SCARD_SCOPE_USER),
    ("list", CONTEXT, []),
    ("connect", CONTEXT, READER, Scripted.SCARD_SHARE_SHARED, BOTH),
    ("status", CARD),
]
CLOSING = [
    ("begin", CARD),
    ("end", CARD, Scripted.SCARD_RESET_CARD),
    ("disconnect", CARD, Scripted.SCARD_LEAVE_CARD),
    ("release", CONTEXT),
]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    api = Scripted()
    monkeypatch.setitem(sys.modules, "smartcard.scard", api)
    monkeypatch.setattr(pcsc_service, "SERVICE_SECONDS", 0.3)
    monkeypatch.setattr(pcsc_service, "_CLOSE_SECONDS", 0.3)
    yield api
    api.frozen.set()


@pytest.fixture
def card(api: Scripted) -> Iterator[CardConnection]:
    with open_connection(f"pcsc:{READER}?timeout=0.3&wait=0.2") as card:
        api.calls.clear()
        yield card


def soon(condition: Callable[[], bool]) -> None:
    """Until what goes on by itself has come so far."""
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("exclusive", [False, True])
def test_a_card_is_opened_asked_and_given_back_reset(api: Scripted, exclusive: bool) -> None:
    with open_connection(f"pcsc:{READER}{'?exclusive=1' if exclusive else ''}") as card:
        share = api.SCARD_SHARE_EXCLUSIVE if exclusive else api.SCARD_SHARE_SHARED
        assert api.calls == [*OPENING[:2], ("connect", CONTEXT, READER, share, BOTH), OPENING[3]]
        assert isinstance(card, PcscConnection)
        assert (card.atr, card.reader, card._timeout, card._wait) == (ATR, READER, 30.0, 5.0)
        api.calls.clear()
        assert card.transmit(COMMAND) == api.answer
        assert card.reset() == ATR
        card.close()
        assert api.calls == [
            ("begin", CARD),
            ("transmit", CARD, api.SCARD_PCI_T1, list(COMMAND)),
            ("end", CARD, api.SCARD_LEAVE_CARD),
            ("reconnect", CARD, share, BOTH, api.SCARD_RESET_CARD),
            ("status", CARD),
            *CLOSING,
        ]


def test_the_protocol_is_the_one_that_was_last_agreed_on(api: Scripted) -> None:
    protocols = [api.SCARD_PROTOCOL_T0, api.SCARD_PROTOCOL_T1, api.SCARD_PROTOCOL_T0]
    api.protocol = protocols[0]
    with open_connection(f"pcsc:{READER}") as card:
        card.transmit(COMMAND)
        for api.protocol in protocols[1:]:
            card.reset()
            card.transmit(COMMAND)
    t0, t1 = (CARD, api.SCARD_PCI_T0, list(COMMAND[:-1])), (CARD, api.SCARD_PCI_T1, list(COMMAND))
    assert api.named("transmit") == [t0, t1, t0]


def test_every_exchange_is_traced(api: Scripted) -> None:
    seen: list[tuple[bytes, bytes]] = []

    class Seeing:
        def exchange(self, command: bytes, answer: bytes, seconds: float) -> None:
            seen.append((command, answer))

    with open_connection(f"pcsc:{READER}", Seeing()) as card:
        card.transmit(COMMAND)
    assert seen == [(COMMAND, api.answer)]


@pytest.mark.parametrize(
    ("function", "number", "kind", "made"),
    [
        ("list", STOPPED, PcscLost, [("release", CONTEXT)]),
        ("connect", SHARING, CardInUse, [("release", CONTEXT)]),
        ("connect", NO_CARD, NoCard, [("release", CONTEXT)]),
        ("connect", MUTE, CardMute, [("release", CONTEXT)]),
        ("connect", UNKNOWN_READER, ReaderNotFound, [("list", CONTEXT, []), ("release", CONTEXT)]),
        ("connect", NO_READERS, ReaderNotFound, [("list", CONTEXT, []), ("release", CONTEXT)]),
        ("status", REMOVED, NoCard, CLOSING),
    ],
)
def test_what_cannot_be_opened_is_given_back(
    api: Scripted, function: str, number: int, kind: type[Exception], made: list[object]
) -> None:
    api.refuse(function, number)
    with pytest.raises(kind) as caught:
        open_connection(f"pcsc:{READER}")
    assert ("PC/SC:" if function == "list" else READER) in str(caught.value)
    asked = next(at for at, call in enumerate(api.calls) if call[0] == function)
    assert api.calls[asked + 1 :] == made
    if kind is ReaderNotFound:
        assert vars(caught.value)["readers"] == (READER,)
        assert vars(caught.value)["wanted"] == READER


def test_a_service_that_takes_nobody_in_is_owed_nothing(api: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    why = PcscLost("PC/SC", NO_SERVICE, CODES[NO_SERVICE])
    numbers: list[int] = []

    def entry_error(number: int) -> PcscLost:
        numbers.append(number)
        return why

    monkeypatch.setattr(pcsc_service, "entry_error", entry_error)
    api.refuse("establish", NO_SERVICE)
    with pytest.raises(PcscLost) as caught:
        PcscContext()
    assert caught.value is why
    assert numbers == [NO_SERVICE]
    assert api.calls == OPENING[:1]


def test_a_card_that_was_reset_while_it_was_opened_is_taken_up_as_it_is(api: Scripted) -> None:
    api.refuse("status", RESET)
    with open_connection(f"pcsc:{READER}") as card:
        assert card.transmit(COMMAND) == api.answer
    assert api.named("reconnect") == [(CARD, api.SCARD_SHARE_SHARED, BOTH, api.SCARD_LEAVE_CARD)]


@pytest.mark.parametrize(
    ("function", "number", "kind", "in_flight"),
    [
        ("begin", REMOVED, CardRemoved, False),
        ("begin", STOPPED, ConnectionLost, False),
        ("begin", RESET, CardWasReset, False),
        ("transmit", REMOVED, CardRemoved, True),
        ("transmit", STOPPED, ConnectionLost, True),
    ],
)
def test_a_command_that_fails_closes_the_connection(
    api: Scripted, card: CardConnection, function: str, number: int, kind: type[CardRemoved], in_flight: bool
) -> None:
    api.refuse(function, number)
    with pytest.raises(kind) as caught:
        card.transmit(COMMAND)
    assert READER in caught.value.text.en
    assert caught.value.in_flight is in_flight
    assert len(api.named("transmit")) == in_flight
    api.calls.clear()
    with pytest.raises(ConnectionClosed) as closed:
        card.transmit(COMMAND)
    assert api.calls == []
    assert f"pcsc:{READER}" in str(closed.value)
    card.reset()
    assert card.transmit(COMMAND) == api.answer


def test_an_empty_answer_is_a_card_that_was_pulled_out(api: Scripted, card: CardConnection) -> None:
    api.answer = b""
    with pytest.raises(CardRemoved) as caught:
        card.transmit(COMMAND)
    assert caught.value.in_flight is True
    assert READER in caught.value.text.en


@pytest.mark.parametrize(
    ("function", "number", "kind"),
    [
        ("reconnect", REMOVED, CardRemoved),
        ("reconnect", STOPPED, ConnectionLost),
        ("status", RESET, CardWasReset),
        ("status", NO_CARD, NoCard),
    ],
)
def test_a_reset_that_fails(
    api: Scripted, card: CardConnection, function: str, number: int, kind: type[CardRemoved]
) -> None:
    api.refuse(function, number)
    with pytest.raises(kind) as caught:
        card.reset()
    assert READER in caught.value.text.en
    assert CODES[number].text.en in caught.value.text.en
    assert caught.value.remedy.en.endswith(CODES[number].remedy.en)
    assert getattr(caught.value, "in_flight", False) is False
    with pytest.raises(ConnectionClosed):
        card.transmit(COMMAND)


def test_a_sale_takes_up_a_card_that_was_reset_and_keeps_it(api: Scripted, card: CardConnection) -> None:
    api.refuse("begin", RESET)
    with card.exclusive():
        card.transmit(COMMAND)
        card.transmit(COMMAND)
    card.close()
    assert [call[0] for call in api.calls[:-4]] == [
        "begin", "reconnect", "status", "begin", "transmit", "transmit", "end",
    ]  # fmt: skip
    assert api.named("reconnect") == [(CARD, api.SCARD_SHARE_SHARED, BOTH, api.SCARD_LEAVE_CARD)]


@pytest.mark.parametrize(("function", "in_flight"), [("transmit", True), ("reconnect", False), ("status", False)])
def test_a_card_that_is_too_slow(api: Scripted, card: CardConnection, function: str, in_flight: bool) -> None:
    api.keep_waiting(function)
    began = time.monotonic()
    with pytest.raises(ConnectionLost) as caught:
        card.transmit(COMMAND) if in_flight else card.reset()
    assert 0.25 < time.monotonic() - began < 2
    assert caught.value.in_flight is in_flight
    for text in caught.value.text:
        assert READER in text
        assert "0.3" in text.replace(",", ".")
    began = time.monotonic()
    card.close()  # does not wait for the call that was given up
    assert time.monotonic() - began < 0.25
    assert "release" not in [call[0] for call in api.calls]
    api.frozen.set()
    soon(lambda: bool(api.named("release")))
    assert api.calls[-4:] == CLOSING  # but all is given back in the end


@pytest.mark.parametrize(
    ("bits", "kind"),
    [("INUSE", CardInUse), ("EXCLUSIVE", CardInUse), ("MUTE", CardMute)],
)
@pytest.mark.parametrize("function", ["begin", "connect"])
def test_who_keeps_us_waiting_for_the_card(api: Scripted, function: str, bits: str, kind: type[Exception]) -> None:
    url = f"pcsc:{READER}?wait=0.2"
    api.states[READER] |= getattr(api, f"SCARD_STATE_{bits}")
    card = open_connection(url) if function == "begin" else None
    api.keep_waiting(function)
    api.calls.clear()
    began = time.monotonic()
    with pytest.raises(kind) as caught:
        card.transmit(COMMAND) if card is not None else open_connection(url)
    assert 0.15 < time.monotonic() - began < 2
    assert READER in str(caught.value)
    (asked,) = api.named("states")
    assert asked == (CONTEXT, 0, [(READER, api.SCARD_STATE_UNAWARE)])
    assert api.named("transmit") == []
    api.frozen.set()
    if card is not None:  # what has begun late ends as soon as it has
        soon(lambda: bool(api.named("end")))
        assert api.named("end")[0] == (CARD, api.SCARD_LEAVE_CARD)
        api.heal()
        assert card.transmit(COMMAND) == api.answer  # nothing was sent: the connection is as good as before
        card.close()


def test_a_service_that_is_frozen_while_we_wait_for_a_card(api: Scripted) -> None:
    with open_connection(f"pcsc:{READER}?wait=0.2") as card:
        api.keep_waiting("begin", "states")
        began = time.monotonic()
        with pytest.raises(PcscNotAnswering):
            card.transmit(COMMAND)
        assert 0.45 < time.monotonic() - began < 1.2
        api.frozen.set()


def test_only_so_many_calls_wait_for_one_thing(api: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcsc_service, "_given_up", {})
    monkeypatch.setattr(pcsc_service, "SERVICE_SECONDS", 0.02)
    api.keep_waiting("list")
    contexts = [PcscContext() for _ in range(pcsc_service._MOST_GIVEN_UP + 1)]
    began = time.monotonic()
    for context in contexts:
        with pytest.raises(PcscNotAnswering):
            context.readers()
    assert time.monotonic() - began < 4
    assert len(api.named("list")) == pcsc_service._MOST_GIVEN_UP
    with pytest.raises(PcscNotAnswering):
        PcscContext()  # the service is not even asked
    assert len(api.named("establish")) == len(contexts)
    assert set(pcsc_service._given_up.values()) == {"PC/SC"}
    api.frozen.set()
    soon(lambda: not pcsc_service._too_many_wait_for("PC/SC"))
    api.heal()
    assert list_readers() == [READER]
    for context in contexts:
        context.close()


def test_who_waits_for_one_reader_keeps_nobody_off_another(api: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcsc_service, "_given_up", {})
    api.keep_waiting("connect")
    api.states[READER] |= api.SCARD_STATE_INUSE
    api.readers.append("Reader 01")
    api.states["Reader 01"] = api.states[READER]
    for name in (*[READER] * (pcsc_service._MOST_GIVEN_UP + 1), "Reader 01"):
        with pytest.raises(CardInUse):
            open_connection(f"pcsc:{name}?wait=0.01")
    tried = [asked[1] for asked in api.named("connect")]
    assert tried == [READER] * pcsc_service._MOST_GIVEN_UP + ["Reader 01"]


def test_readers_and_how_they_cannot_be_had(api: Scripted) -> None:
    api.readers = [READER, OTHER]
    assert list_readers() == [READER, OTHER]
    assert api.calls == [*OPENING[:2], ("release", CONTEXT)]
    api.refuse("list", NO_READERS)
    assert list_readers() == []
    api.refuse("list", STOPPED)
    with pytest.raises(PcscLost, match=r"^PC/SC:"):
        list_readers()
    for error in (SystemError("x"), UnicodeDecodeError("ascii", b"\xff", 0, 1, "x")):
        api.fail("list", error)
        with pytest.raises(ReaderNameUnreadable) as caught:
            list_readers()
        assert caught.value.__cause__ is error


def test_closing_waits_until_all_is_given_back_but_not_for_ever(api: Scripted) -> None:
    slow = threading.Event()
    context = PcscContext()

    def release() -> None:
        time.sleep(0.1)
        slow.set()

    api.instead("release", release)
    context.close()
    assert slow.is_set()
    context.close()
    assert len(api.named("release")) == 1
    context = PcscContext()
    api.keep_waiting("release")
    began = time.monotonic()
    context.close()
    assert 0.25 < time.monotonic() - began < 2


def test_a_forgotten_context_is_given_back_without_a_reset(api: Scripted) -> None:
    """Whoever forgot it may already have opened the card anew."""
    context = PcscContext()
    context.connect(READER, exclusive=False, seconds=1)
    api.calls.clear()
    del context
    soon(lambda: len(api.calls) >= 2)
    assert api.calls == CLOSING[2:]


def test_states_of_readers(api: Scripted) -> None:
    second = "Reader 01"
    api.states = {READER: 0x20, second: 0x10}
    with PcscContext() as context:
        assert context.states([READER, second], {second: 0x10}, 100) == {READER: 0x20, second: 0x10}
        assert api.named("states") == [(CONTEXT, 100, [(READER, api.SCARD_STATE_UNAWARE), (second, 0x10)])]
        api.refuse("states", TIMEOUT)
        assert context.states([READER], {}, 0) == {READER: 0x20}
        api.refuse("states", STOPPED)
        with pytest.raises(PcscLost) as caught:
            context.states([READER, second], {}, 0)
        assert READER in str(caught.value)
        api.keep_waiting("states")
        began = time.monotonic()
        with pytest.raises(PcscNotAnswering):
            context.states([READER], {}, 200)
        assert 0.45 < time.monotonic() - began < 2  # the time that was asked for, and what a healthy service takes
        api.frozen.set()


@pytest.mark.parametrize(
    ("number", "state"),
    [(0, "PRESENT"), (NO_CARD, "EMPTY"), (MUTE, "PRESENT MUTE"), (SHARING, "PRESENT INUSE"), (TIMEOUT, "wait")],
)
def test_the_state_of_a_reader_whose_name_is_not_ascii(
    api: Scripted, monkeypatch: pytest.MonkeyPatch, number: int, state: str
) -> None:
    """pyscard cannot ask for it; whether a card can be had there is tried in a context of its own."""
    monkeypatch.setattr(pcsc_service, "_given_up", {})
    api.readers.append(OTHER)
    with PcscContext() as context:
        api.calls.clear()
        if state == "wait":
            api.keep_waiting("connect")
            state = "PRESENT INUSE"
        else:
            api.refuse("connect", number)
        bits = sum(getattr(api, f"SCARD_STATE_{one}") for one in state.split())
        assert context.states([OTHER], {OTHER: 1}, 1_000) == {OTHER: bits}
        assert list(pcsc_service._given_up.values()) == [OTHER] * (number == TIMEOUT)
        api.frozen.set()
        assert api.named("states") == []
        assert api.named("connect") == [(CONTEXT, OTHER, api.SCARD_SHARE_SHARED, BOTH)]
        if number == 0:
            assert api.calls[2:] == [("disconnect", CARD, api.SCARD_LEAVE_CARD), ("release", CONTEXT)]
        assert context.states([READER, OTHER], {}, 0) == {OTHER: 0x20, READER: 0x20}
    api.heal()
    api.refuse("connect", STOPPED)
    with PcscContext() as context, pytest.raises(PcscLost, match=f"^{OTHER}: "):
        context.states([OTHER], {}, 0)


def test_waiting_for_a_card(api: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    assert wait_for_card() == READER
    assert api.named("states") == [(CONTEXT, 200, [(READER, api.SCARD_STATE_UNAWARE)])]
    assert api.calls[-1] == ("release", CONTEXT)
    assert slept == []
    for state, kind in ((0x10, NoCard), (0x220, CardMute)):
        api.states[READER] = state
        api.calls.clear()
        with pytest.raises(kind) as caught:
            wait_for_card(READER, timeout=0.0)
        assert READER in str(caught.value)
        assert api.named("states") == [(CONTEXT, 0, [(READER, api.SCARD_STATE_UNAWARE)])]  # looked at once
        assert slept == []
    api.calls.clear()
    with pytest.raises(CardMute):
        wait_for_card(READER, timeout=0.05)
    first, second, *_ = api.named("states")
    assert first[2] == [(READER, api.SCARD_STATE_UNAWARE)]
    assert second[2] == [(READER, 0x220)]  # what is known is not told again
    assert 0 < first[1] <= 50


def test_readers_and_service_may_come_while_a_card_is_waited_for(
    api: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 1:
            api.readers = [READER]
            api.states[READER] = 0x10
            api.refuse("states", 0, STOPPED)
        else:
            api.states[READER] = 0x20

    monkeypatch.setattr(time, "sleep", sleep)
    api.readers = []
    assert wait_for_card(timeout=5) == READER
    assert slept == [0.2, 0.2]
    assert [call[0] for call in api.calls] == [
        "establish", "list", "list", "states", "list", "states", "release",
        "establish", "list", "states", "release",
    ]  # fmt: skip
    known = [asked[2][0][1] for asked in api.named("states")]
    assert known == [api.SCARD_STATE_UNAWARE, 0x10, api.SCARD_STATE_UNAWARE]


def test_what_was_missing_in_the_end_is_told(api: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_LOOK_AGAIN_SECONDS", 0.01)
    with pytest.raises(ReaderNotFound) as caught:
        wait_for_card("Omnikey", timeout=0.03)
    assert caught.value.wanted == "Omnikey"
    api.refuse("states", *[STOPPED] * 100)
    with pytest.raises(PcscLost):
        wait_for_card(READER, timeout=0.03)
    opened, released = (len(api.named(one)) for one in ("establish", "release"))
    assert opened == released


def test_how_long_is_waited(api: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(readers, "_LOOK_AGAIN_SECONDS", 0.25)
    monkeypatch.setattr(time, "monotonic", lambda: sum(slept))
    monkeypatch.setattr(time, "sleep", slept.append)
    api.readers = []
    with pytest.raises(ReaderNotFound):
        wait_for_card()
    assert slept == [0.25] * 40 + [0.0]


def test_a_service_that_is_not_there_is_not_waited_for(api: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(pcsc_service, "entry_error", lambda _: PcscNotRunning())
    api.refuse("establish", *[NO_SERVICE] * 100)
    with pytest.raises(PcscNotRunning):
        wait_for_card(timeout=0.05)
    assert slept == []
