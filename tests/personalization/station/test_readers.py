# SPDX-License-Identifier: Apache-2.0
"""Several readers at once: a card is made when it is put in, a robot moves it, readers come and go."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.personalization.conftest import HEADER
from tests.personalization.station.scene import Station, assert_one_card_each
from tests.personalization.station.test_crew import people

from ssn_card.personalization.cli.live import RunBoard
from ssn_card.personalization.cli.readers import source
from ssn_card.personalization.station import readers
from ssn_card.personalization.station.feeder import Fate, OutOfCards
from ssn_card.personalization.station.readers import Bin, Park, Robot, RobotFailed, WatchedReader
from ssn_card.personalization.station.report import Verdict
from ssn_card.programme import Policy
from ssn_card.protocol.errors import InputError
from ssn_card.simulator import SimulatedCard, Simulator
from ssn_card.simulator.factory import blank_card
from ssn_card.simulator.pcscd import Pcscd, virtual_reader

FAMILIES = 6


class Hands(Robot):
    """A robot between a stock of simulated cards and the two slots of pcscd's virtual reader."""

    def __init__(self, simulator: Simulator, stock: list[SimulatedCard]) -> None:
        self._simulator, self._stock = simulator, stock
        self._slots = {virtual_reader(slot): slot for slot in (0, 1)}
        self._in: dict[str, SimulatedCard] = {}
        self._lock = threading.Lock()
        self.bins: dict[str, list[Bin]] = {}

    def fill(self, reader: str) -> None:
        with self._lock:
            if self._stock:
                self._in[reader] = card = self._stock.pop(0)
                self._simulator.insert(card, self._slots[reader])

    def move(self, reader: str, fate: Fate) -> None:
        self.bins.setdefault(reader, []).append(readers.BINS[fate])
        self._simulator.eject(self._in[reader])
        self.fill(reader)


@pytest.fixture
def stock() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.mark.pcsc
def test_two_readers_and_a_robot_make_every_card(
    stock: Simulator, pcscd: Pcscd, tmp_path: Path, policy: Policy
) -> None:
    station = Station(tmp_path, policy, [HEADER, *people(FAMILIES)])
    cards = [blank_card(stock) for _ in range(FAMILIES)]
    robot, told = Hands(stock, list(cards)), set()

    def tell(reader: str, fate: Fate | None) -> None:
        told.add((reader, fate))

    park = Park(lambda name: WatchedReader(name, tell, lambda: False, robot), [virtual_reader(0), virtual_reader(1)])
    both = park.newcomers()
    assert [reader.name for reader in both] == sorted([virtual_reader(0), virtual_reader(1)])
    assert park.newcomers() == []
    for reader in both:
        robot.fill(reader.name)
    report = station.run(tuple(both), newcomers=park.newcomers)
    assert report.verdicts == {Verdict.ISSUED: FAMILIES}
    assert sorted(bin_ for bins in robot.bins.values() for bin_ in bins) == [Bin.GOOD] * FAMILIES
    assert len(robot.bins) == 2
    assert {(reader.name, Fate.DONE) for reader in both} <= told
    assert_one_card_each(station, [card.url for card in cards])


def test_a_robot_is_told_reader_and_bin(tmp_path: Path) -> None:
    program, said = tmp_path / "robot", tmp_path / "said"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {said}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    for fate in Fate:
        Robot([str(program), "--arm=2"]).move("front 00", fate)
    lines = said.read_text().splitlines()
    assert lines[::3] == ["--arm=2"] * len(Fate)
    assert lines[1::3] == ["front 00"] * len(Fate)
    assert lines[2::3] == ["good", "good", "stock", "bad", "locked"]


@pytest.mark.parametrize(("program", "why"), [(["false"], "exit 1"), (["/no/such/robot"], "No such file")])
def test_a_robot_that_fails_says_where_the_card_belongs(program: list[str], why: str) -> None:
    with pytest.raises(RobotFailed) as caught:
        Robot(program).move("front", Fate.SUSPECT)
    assert "locked" in caught.value.remedy.en
    assert why in caught.value.text.en


def test_a_robot_that_hangs_is_given_up() -> None:
    with pytest.raises(RobotFailed, match="timed out"):
        Robot(["sh", "-c", "sleep 30"], seconds=0.2).move("front", Fate.DONE)


def test_readers_join_once_and_again_after_they_were_unplugged(monkeypatch: pytest.MonkeyPatch) -> None:
    plugged = ["b", "a"]
    monkeypatch.setattr(readers, "list_readers", lambda: list(plugged))
    park = Park(lambda name: WatchedReader(name, lambda *_: None, lambda: True))
    assert [reader.name for reader in park.newcomers()] == ["a", "b"]
    plugged.remove("a")
    assert park.newcomers() == []
    plugged += ["a", "c"]
    assert [reader.name for reader in park.newcomers()] == ["a", "c"]


def test_ctrl_c_ends_the_wait_for_a_card() -> None:
    with pytest.raises(OutOfCards):
        WatchedReader("a", lambda *_: None, lambda: True).next()


def test_a_robot_serves_readers_only() -> None:
    with pytest.raises(InputError), source(["sim:"], "robot", RunBoard(True)):
        pytest.fail("taken")
