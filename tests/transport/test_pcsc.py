# SPDX-License-Identifier: Apache-2.0
"""What only PC/SC has: readers by name, sharing, a service that may be missing, T=0."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.simulator.probe import ATR, COUNT, NOT_SELECTED, OK, SELECT, echo, probe_card

from ssn_card.simulator import CardBusy, SimulatedCard, Simulator, SlotTaken
from ssn_card.simulator.pcscd import Pcscd, virtual_reader
from ssn_card.transport import (
    BadUrl,
    CardInUse,
    CardRemoved,
    CardWasReset,
    NoCard,
    PcscConnection,
    PyscardMissing,
    ReaderNotFound,
    list_readers,
    open_connection,
    wait_for_card,
)
from ssn_card.transport.pcsc import t0_command

READER = virtual_reader()


@pytest.mark.pcsc
@pytest.mark.parametrize("name", [READER, "0", "pcd 00 00", "Virtual%20PCD%2000%2000", ""])
def test_a_reader_by_name_number_part_or_by_its_card(inserted: SimulatedCard, name: str) -> None:
    with open_connection(f"pcsc:{name}") as card:
        assert card.transmit(SELECT) == OK
        assert card.atr == ATR
        assert isinstance(card, PcscConnection)
        assert (card._timeout, card._wait) == (30.0, 5.0)


@pytest.mark.pcsc
@pytest.mark.parametrize("name", ["no such reader", "Virtual PCD", "17"])
def test_a_name_that_fits_no_single_reader_lists_them(pcscd: Pcscd, name: str) -> None:
    with pytest.raises(ReaderNotFound) as caught:
        open_connection(f"pcsc:{name}")
    assert caught.value.readers == tuple(list_readers())
    assert READER in caught.value.describe("id")


@pytest.mark.pcsc
def test_an_empty_reader(pcscd: Pcscd) -> None:
    with pytest.raises(NoCard):
        open_connection(f"pcsc:{virtual_reader(1)}")
    with pytest.raises(NoCard):
        wait_for_card(virtual_reader(1), timeout=0.1)
    with pytest.raises(ReaderNotFound):
        wait_for_card("no such reader", timeout=0.1)


@pytest.mark.pcsc
def test_exclusive_keeps_others_off(inserted: SimulatedCard) -> None:
    with open_connection(f"pcsc:{READER}?exclusive=1") as mine:
        with pytest.raises(CardInUse):
            open_connection(f"pcsc:{READER}")
        assert mine.transmit(SELECT) == OK
    with open_connection(f"pcsc:{READER}") as shared, pytest.raises(CardInUse):
        open_connection(f"pcsc:{READER}?exclusive=1")
    assert shared.atr == ATR


@pytest.mark.pcsc
def test_a_reset_by_another_program_is_noticed_and_can_be_mended(inserted: SimulatedCard) -> None:
    with open_connection(f"pcsc:{READER}") as mine:
        mine.transmit(SELECT)
        with open_connection(f"pcsc:{READER}") as other:
            other.reset()
        with pytest.raises(CardWasReset) as caught:
            mine.transmit(COUNT)
        assert not caught.value.in_flight
        assert mine.reset() == ATR
        assert mine.transmit(COUNT) == NOT_SELECTED


@pytest.mark.pcsc
def test_over_t0_commands_go_in_its_form(inserted: SimulatedCard) -> None:
    """The virtual reader has no T=0, but takes its form of a command too."""
    with open_connection(f"pcsc:{READER}") as card:
        assert isinstance(card, PcscConnection)
        card._t0 = True
        assert card.transmit(SELECT) == OK
        assert card.transmit(echo(b"abc")) == b"abc" + OK


@pytest.mark.pcsc
def test_exclusive_for_a_while(inserted: SimulatedCard) -> None:
    with open_connection(f"pcsc:{READER}") as mine, open_connection(f"pcsc:{READER}") as other:
        theirs: list[bytes] = []
        with mine.exclusive():
            mine.transmit(SELECT)
            thread = threading.Thread(target=lambda: theirs.append(other.transmit(COUNT)))
            thread.start()
            with mine.exclusive():
                assert mine.transmit(COUNT) == b"\x00\x01" + OK
            thread.join(0.3)
            assert theirs == []
            assert mine.transmit(COUNT) == b"\x00\x02" + OK
        thread.join(10)
        assert theirs == [b"\x00\x03" + OK]


@pytest.mark.pcsc
def test_two_that_share_a_card_take_turns(inserted: SimulatedCard) -> None:
    wrong: list[object] = []

    def work() -> None:
        try:
            with open_connection(f"pcsc:{READER}") as card:
                for _ in range(10):
                    with card.exclusive():
                        assert card.transmit(SELECT) == OK  # which makes the other's session begin anew
                        first = int.from_bytes(card.transmit(COUNT)[:2], "big")
                        second = int.from_bytes(card.transmit(COUNT)[:2], "big")
                        wrong.extend([] if second == first + 1 else [(first, second)])
        except BaseException as error:
            wrong.append(error)

    # One that resets the card as it leaves: the other takes it up again.
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


@pytest.mark.pcsc
def test_exclusive_takes_up_a_card_that_another_program_reset(inserted: SimulatedCard) -> None:
    with open_connection(f"pcsc:{READER}") as mine:
        mine.transmit(SELECT)
        with open_connection(f"pcsc:{READER}") as other:
            other.reset()
        with mine.exclusive():
            assert mine.transmit(COUNT) == NOT_SELECTED
            assert mine.transmit(SELECT) == OK


@pytest.mark.pcsc
def test_a_card_pulled_between_commands_and_put_back(inserted: SimulatedCard, probe_simulator: Simulator) -> None:
    card = open_connection(f"pcsc:{READER}")
    probe_simulator.eject(inserted)
    with pytest.raises(CardRemoved):
        card.transmit(SELECT)
    card.close()
    probe_simulator.insert(inserted)
    wait_for_card(READER)
    with open_connection(f"pcsc:{READER}") as again:
        assert again.transmit(SELECT) == OK


@pytest.mark.pcsc
def test_a_card_is_in_one_reader_and_a_reader_has_one_card(inserted: SimulatedCard, probe_simulator: Simulator) -> None:
    with pytest.raises(CardBusy):
        probe_simulator.insert(inserted, 1)
    with pytest.raises(CardInUse):
        open_connection(f"{inserted.url}?wait=0.2")
    second = probe_card(probe_simulator)
    with pytest.raises(SlotTaken):
        probe_simulator.insert(second, 0)
    probe_simulator.insert(second, 1)
    assert wait_for_card(virtual_reader(1)) == virtual_reader(1)
    with open_connection(f"pcsc:{READER}") as one, open_connection(f"pcsc:{virtual_reader(1)}") as two:
        assert one.transmit(SELECT) == two.transmit(SELECT) == OK
    probe_simulator.remove(second)


def test_an_unknown_option() -> None:
    with pytest.raises(BadUrl):
        open_connection("pcsc:?exlusive=1")
    with pytest.raises(BadUrl):
        open_connection("pcsc:?exclusive=maybe")


def test_without_pyscard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard.scard", None)
    with pytest.raises(PyscardMissing):
        open_connection("pcsc:")


@pytest.mark.pcsc
def test_without_the_service(tmp_path: Path, pcscd: Pcscd) -> None:
    # The PC/SC library reads the variable once, at its first use.
    program = "from ssn_card.transport import open_connection\nopen_connection('pcsc:')"
    environment = {
        **os.environ,
        "PCSCLITE_CSOCK_NAME": str(tmp_path / "none"),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    child = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert "PcscNotRunning" in child.stderr


@pytest.mark.parametrize(
    ("command", "sent"),
    [
        ("80200000", "8020000000"),
        ("8020000010", "8020000010"),
        ("8010000002aabb", "8010000002aabb"),
        ("8010000002aabb00", "8010000002aabb"),
        ("8010000000000100", "8010000000000100"),
        ("801000000001", "801000000001"),
    ],
)
def test_the_four_cases_over_t0(command: str, sent: str) -> None:
    assert t0_command(bytes.fromhex(command)).hex() == sent
