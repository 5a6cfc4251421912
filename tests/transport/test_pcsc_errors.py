# SPDX-License-Identifier: Apache-2.0
"""Every PC/SC code has its own sentence and remedy; what the real service says comes out as the right error."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.simulator.probe import COUNT, OK, SELECT, dawdle
from tests.transport.service import Service, named_readers

from ssn_card.protocol.errors import SsnCardError
from ssn_card.simulator import SimulatedCard, Simulator
from ssn_card.simulator.pcscd import Pcscd, virtual_reader
from ssn_card.transport import (
    CardInUse,
    CardMute,
    CardNotSupported,
    CardRemoved,
    CardWasReset,
    ConnectionClosed,
    ConnectionLost,
    NoCard,
    PcscFailure,
    PcscForbidden,
    PcscFull,
    PcscLost,
    PcscNotRunning,
    ReaderNameUnreadable,
    ReaderNotFound,
    TransportError,
    list_readers,
    open_connection,
    pcsc_errors,
    pcsc_service,
    readers,
    wait_for_card,
)
from ssn_card.transport.pcsc_codes import CODES
from ssn_card.transport.pcsc_errors import entry_error, exchange_error, opening_error
from ssn_card.transport.pcsc_service import PcscContext

scard = pytest.importorskip("smartcard.scard")

READER = virtual_reader()
URL = f"pcsc:{READER}"
NAMES = sorted(
    name for name in dir(scard) if name.startswith(("SCARD_E_", "SCARD_W_", "SCARD_F_", "SCARD_P_")) and name.isupper()
)
NOBODY = 65_534
_ASK = "says nothing about whether"


def number(name: str) -> int:
    return int(getattr(scard, name)) & 0xFFFFFFFF


# ---------------------------------------------------------------- every code


def test_pyscard_knows_many_codes_and_none_beyond_ours() -> None:
    assert len(NAMES) > 50
    assert {number(name) for name in NAMES} <= set(CODES)


def test_every_code_has_its_own_sentence_and_a_remedy_in_both_languages() -> None:
    for language in ("en", "id"):
        sentences = [words.text.in_language(language) for words in CODES.values()]
        assert len(set(sentences)) == len(sentences)
        assert all(len(sentence) > 10 and not sentence.endswith(".") for sentence in sentences)
        assert all(words.remedy.in_language(language).endswith(".") for words in CODES.values())
    assert all(words.text.en != words.text.id and words.remedy.en != words.remedy.id for words in CODES.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_error_of_a_code_says_its_sentence_and_its_remedy(name: str) -> None:
    words = CODES[number(name)]
    errors: list[SsnCardError] = [opening_error(number(name), "the reader")]
    errors += [exchange_error(number(name), "the reader", in_flight=sent) for sent in (False, True)]
    for error in errors:
        for language in ("en", "id"):
            said = error.describe(language)
            assert said.startswith("the reader: ")
            assert words.remedy.in_language(language) in said or name == "SCARD_E_PROTO_MISMATCH"
            assert words.text.in_language(language) in said or name == "SCARD_E_PROTO_MISMATCH"


def test_a_card_that_was_set_anew_with_another_protocol() -> None:
    """The code is that of a card that cannot be spoken to; on an open card it means something else."""
    error = exchange_error(number("SCARD_E_PROTO_MISMATCH"), "the reader", in_flight=True)
    assert isinstance(error, CardWasReset)
    for language, said in (("en", "another program reset the card and set another"), ("id", "program lain mereset")):
        assert f"the reader: {said}" in error.describe(language)
        assert CODES[number("SCARD_W_RESET_CARD")].remedy.in_language(language) in error.describe(language)


@pytest.mark.parametrize("name", NAMES)
def test_only_a_command_that_surely_was_not_sent_is_not_in_doubt(name: str) -> None:
    error = exchange_error(number(name), "the reader", in_flight=True)
    sure = name in ("SCARD_W_RESET_CARD", "SCARD_E_PROTO_MISMATCH")
    assert isinstance(error, CardWasReset) == sure
    assert error.in_flight is not sure
    assert (_ASK in error.describe("en")) is not sure
    assert not exchange_error(number(name), "the reader", in_flight=False).in_flight


@pytest.mark.parametrize(
    ("name", "opening", "exchange"),
    [
        ("SCARD_E_SHARING_VIOLATION", CardInUse, ConnectionLost),
        ("SCARD_E_NO_SMARTCARD", NoCard, CardRemoved),
        ("SCARD_W_REMOVED_CARD", NoCard, CardRemoved),
        ("SCARD_W_UNRESPONSIVE_CARD", CardMute, CardRemoved),
        ("SCARD_W_UNPOWERED_CARD", CardMute, CardRemoved),
        ("SCARD_E_NOT_TRANSACTED", CardMute, CardRemoved),
        ("SCARD_E_COMM_DATA_LOST", CardMute, CardRemoved),
        ("SCARD_E_PROTO_MISMATCH", CardNotSupported, CardWasReset),
        ("SCARD_W_UNSUPPORTED_CARD", CardNotSupported, ConnectionLost),
        ("SCARD_E_CARD_UNSUPPORTED", CardNotSupported, ConnectionLost),
        ("SCARD_E_UNKNOWN_CARD", CardNotSupported, ConnectionLost),
        ("SCARD_E_INVALID_ATR", CardNotSupported, ConnectionLost),
        ("SCARD_E_NO_SERVICE", PcscLost, ConnectionLost),
        ("SCARD_E_SERVICE_STOPPED", PcscLost, ConnectionLost),
        ("SCARD_P_SHUTDOWN", PcscLost, ConnectionLost),
        ("SCARD_F_COMM_ERROR", PcscLost, ConnectionLost),
        ("SCARD_W_SECURITY_VIOLATION", PcscLost, ConnectionLost),
        ("SCARD_E_INVALID_HANDLE", PcscLost, ConnectionLost),
        ("SCARD_E_READER_UNAVAILABLE", PcscFailure, ConnectionLost),
        ("SCARD_E_NO_MEMORY", PcscFailure, ConnectionLost),
    ],
)
def test_the_class_of_a_code(name: str, opening: type[TransportError], exchange: type[TransportError]) -> None:
    assert type(opening_error(number(name), "r")) is opening
    assert type(exchange_error(number(name), "r", in_flight=True)) is exchange


def test_a_code_that_nobody_knows_still_gets_a_sentence() -> None:
    error = opening_error(0x80109999, "the reader")
    assert isinstance(error, PcscFailure)
    assert error.number == 0x80109999
    assert error.as_dict()["details"] == {"pcsc": "80109999"}
    assert "80109999" in error.describe("en")
    assert "80109999" in error.describe("id")
    assert error.remedy.en
    assert error.remedy.id


def test_a_service_that_takes_nobody_in_is_asked_for_the_reason_at_its_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = PcscFull(200)
    monkeypatch.setattr(pcsc_errors, "why_refused", lambda: reason)
    assert entry_error(number("SCARD_F_COMM_ERROR")) is reason
    assert type(entry_error(number("SCARD_E_NO_MEMORY"))) is PcscFailure
    monkeypatch.setattr(pcsc_errors, "why_refused", lambda: None)
    for name in ("SCARD_F_COMM_ERROR", "SCARD_E_NO_MEMORY"):
        error = entry_error(number(name))
        assert isinstance(error, PcscFailure)
        assert error.number == number(name)
        assert error.text.en.startswith(f"PC/SC: {CODES[number(name)].text.en} (PC/SC {number(name):08X})")


# ---------------------------------------------------------------- by the real service


@pytest.mark.pcsc
def test_a_service_killed_in_mid_command(
    own_service: Callable[..., Service], probe: SimulatedCard, probe_simulator: Simulator
) -> None:
    with own_service() as service:
        probe_simulator.insert(probe)
        wait_for_card(READER)
        card = open_connection(URL)
        card.transmit(SELECT)
        killer = threading.Timer(0.5, service.kill)
        killer.start()
        with pytest.raises(ConnectionLost) as caught:
            card.transmit(dawdle(20))
        killer.join()
        assert caught.value.in_flight
        assert _ASK in caught.value.describe("en")
        assert "PC/SC service" in caught.value.describe("en")
        with pytest.raises(ConnectionClosed):
            card.transmit(COUNT)
        with pytest.raises(ConnectionLost):
            card.reset()
        card.close()
        with pytest.raises(PcscNotRunning) as down:
            open_connection(URL)
        assert "Start it" in down.value.describe("en")
        assert "apt install" not in down.value.describe("en")
        if probe in probe_simulator.cards():
            probe_simulator.eject(probe)


@pytest.mark.pcsc
def test_a_service_restarted_while_we_wait(
    own_service: Callable[..., Service], probe: SimulatedCard, probe_simulator: Simulator
) -> None:
    with own_service() as service:
        waited: list[str] = []
        waiter = threading.Thread(target=lambda: waited.append(wait_for_card(READER, timeout=60)))
        waiter.start()
        time.sleep(0.5)
        service.kill()
        time.sleep(0.5)
        service.start()
        probe_simulator.insert(probe)
        waiter.join(60)
        assert waited == [READER]
        probe_simulator.eject(probe)


@pytest.mark.pcsc
def test_a_service_that_ends_while_we_wait_and_stays_away(own_service: Callable[..., Service]) -> None:
    with own_service() as service:
        threading.Timer(0.3, service.end).start()
        with pytest.raises(PcscNotRunning):
            wait_for_card(READER, timeout=1.0)


@pytest.mark.pcsc
def test_a_service_lost_between_two_calls(own_service: Callable[..., Service]) -> None:
    with own_service() as service, PcscContext() as context:
        service.kill()
        with pytest.raises(PcscLost) as caught:
            context.readers()
        assert "Start it" in caught.value.describe("en")


@pytest.mark.pcsc
def test_a_full_service_says_so(own_service: Callable[..., Service]) -> None:
    with own_service() as service:
        with service.full():
            with pytest.raises(PcscFull) as caught:
                open_connection(URL)
            assert caught.value.as_dict()["details"] == {"connections": 200}
            assert "200 connections" in caught.value.describe("en")
            assert "200 koneksi" in caught.value.describe("id")
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                assert READER in list_readers()
                break
            except TransportError:
                time.sleep(0.1)
        assert READER in list_readers()


@pytest.mark.pcsc
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
def test_no_rights_on_the_socket(own_service: Callable[..., Service]) -> None:
    from ssn_card.transport.pcsc_socket import service_socket

    with own_service():
        Path(service_socket()).chmod(0o600)
        os.seteuid(NOBODY)
        try:
            with pytest.raises(PcscForbidden) as caught:
                list_readers()
        finally:
            os.seteuid(0)
        assert service_socket() in caught.value.describe("en")
        assert "polkit" in caught.value.describe("id")
        assert READER in list_readers()


_CHILD = """
import json, sys
from ssn_card.protocol.errors import SsnCardError
from ssn_card.transport import open_connection
try:
    open_connection("pcsc:")
except SsnCardError as error:
    json.dump(error.as_dict(), sys.stdout)
"""


def error_of_a_program(where: Path) -> dict[str, str]:
    """What a program is told whose PC/SC service is at another socket; the library reads the variable once."""
    environment = {
        **os.environ,
        "PCSCLITE_CSOCK_NAME": str(where),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    child = subprocess.run([sys.executable, "-c", _CHILD], env=environment, capture_output=True, text=True, check=True)
    told: dict[str, str] = json.loads(child.stdout)
    return told


def test_a_service_that_turns_us_away_at_the_door(tmp_path: Path) -> None:
    """As polkit's refusal looks from outside; Debian's pcscd is built without it."""
    where = tmp_path / "pcscd.comm"
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(where))
        door.listen()

        def turn_away() -> None:
            while True:
                try:
                    visitor, _ = door.accept()
                except OSError:
                    return
                visitor.close()

        threading.Thread(target=turn_away, daemon=True).start()
        told = error_of_a_program(where)
        door.shutdown(socket.SHUT_RDWR)
    assert told["code"] == "pcsc-forbidden"
    assert str(where) in told["message_en"]


def test_a_socket_that_a_crash_left_behind(tmp_path: Path) -> None:
    where = tmp_path / "pcscd.comm"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(where))
    assert error_of_a_program(where)["code"] == "pcsc-not-running"


@pytest.mark.pcsc
def test_a_reader_that_goes_between_listing_and_waiting(
    inserted: SimulatedCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = iter(["Unplugged Reader 00 00"])
    monkeypatch.setattr(
        readers, "find_reader", lambda context, wanted, real=readers.find_reader: next(listed, real(context, wanted))
    )
    assert wait_for_card(READER, timeout=5) == READER
    listed = iter(["Unplugged Reader 00 00"])
    with pytest.raises(ReaderNotFound) as caught, PcscContext() as context:
        context.states(["Unplugged Reader 00 00"], {}, 0)
    assert READER in caught.value.describe("en")
    with pytest.raises(ReaderNotFound), PcscContext() as context:
        context.connect("Unplugged Reader 00 00", exclusive=False, seconds=5)


@pytest.mark.pcsc
def test_another_protocol_than_another_programs(inserted: SimulatedCard) -> None:
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    assert result == 0
    result, _card, _ = scard.SCardConnect(context, READER, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_RAW)
    try:
        assert result == 0
        with pytest.raises(CardNotSupported) as caught:
            open_connection(URL)
        assert "T=0 or T=1" in caught.value.describe("en")
    finally:
        scard.SCardReleaseContext(context)


@pytest.mark.pcsc
def test_a_mute_card(pcscd: Pcscd, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a code that the virtual reader never gives."""
    monkeypatch.setattr(pcsc_service._Lent, "try_connecting", lambda *_: scard.SCARD_W_UNRESPONSIVE_CARD)
    mute = scard.SCARD_STATE_PRESENT | scard.SCARD_STATE_MUTE
    with PcscContext() as context:
        assert context.states(["Ünbekannt"], {}, 0) == {"Ünbekannt": mute}
    monkeypatch.setattr(PcscContext, "states", lambda *_: {READER: mute})
    with pytest.raises(CardMute) as caught:
        wait_for_card(READER, timeout=0.3)
    assert READER in caught.value.describe("en")


@pytest.mark.pcsc
@pytest.mark.parametrize(
    ("state", "kind"),
    [("SCARD_STATE_INUSE", CardInUse), ("SCARD_STATE_EXCLUSIVE", CardInUse), ("SCARD_STATE_PRESENT", CardMute)],
)
def test_who_is_kept_waiting_is_told_why(
    pcscd: Pcscd, monkeypatch: pytest.MonkeyPatch, state: str, kind: type[TransportError]
) -> None:
    """A card that nobody uses, and that still cannot be had, is one that takes its time."""
    monkeypatch.setattr(PcscContext, "states", lambda *_: {READER: getattr(scard, state)})
    error = pcsc_service.kept_waiting(READER)
    assert type(error) is kind
    assert error.text.en.startswith(f"{READER}: ")


@pytest.mark.pcsc
def test_reader_names_beyond_ascii(
    own_service: Callable[..., Service],
    tmp_path: Path,
    probe: SimulatedCard,
    probe_simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "Pembaca Über 读卡器 00 00"
    with own_service(named_readers(tmp_path, "Pembaca Über 读卡器".encode())):
        assert name in list_readers()
        with pytest.raises(NoCard):
            wait_for_card(name, timeout=0.3)
        with pytest.raises(NoCard):
            open_connection(f"pcsc:{name}")
        probe_simulator.insert(probe)
        assert wait_for_card("über 读卡器 00 00") == name
        assert wait_for_card("") == name
        with open_connection("pcsc:") as card:
            assert card.transmit(SELECT) == OK
            assert wait_for_card(name) == name  # and the card was left as it is
            assert card.transmit(COUNT) == b"\x00\x01" + OK
        with open_connection(f"pcsc:{name}?exclusive=1"):
            assert wait_for_card(name, timeout=0.3) == name
        with open_connection("pcsc:") as card, card.exclusive():
            monkeypatch.setattr(pcsc_service, "SERVICE_SECONDS", 0.5)
            for _ in range(12):  # more than may wait at a time
                assert wait_for_card(name, timeout=0.3) == name
                with pytest.raises(CardInUse):
                    open_connection("pcsc:?wait=0.1")
            monkeypatch.undo()
        probe_simulator.eject(probe)
        with pytest.raises(ReaderNotFound, match="Ünbekannt"), PcscContext() as context:
            context.states(["Ünbekannt"], {}, 0)


@pytest.mark.pcsc
def test_a_reader_name_that_is_no_text(own_service: Callable[..., Service], tmp_path: Path) -> None:
    service = own_service(named_readers(tmp_path, "Pembaca Über".encode("latin-1"))).launch()
    deadline = time.monotonic() + 5
    while not _listing_fails() and time.monotonic() < deadline:
        time.sleep(0.1)
    with pytest.raises(ReaderNameUnreadable) as caught:
        list_readers()
    assert "FRIENDLYNAME" in caught.value.describe("id")
    service.end()


def _listing_fails() -> bool:
    try:
        list_readers()
    except TransportError:
        return True
    return False
