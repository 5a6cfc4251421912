# SPDX-License-Identifier: Apache-2.0
"""The campaign runner on the probe applet, and on the card of the programme."""

from __future__ import annotations

import pytest
from tests.simulator.probe import COUNT, OK, SELECT

from ssn_card.simulator import LaboratoryConnection, SimulatedCard, Simulator, WriteEvent
from ssn_card.simulator.errors import TearMissed
from ssn_card.simulator.simulator import Rest
from ssn_card.simulator.tears import TearPoint, run, tear_points


def event(size: int, *, divisible: bool) -> WriteEvent:
    return WriteEvent("copy", "place", size, divisible, bytes(size), bytes(size), torn=False)


def test_an_indivisible_write_is_torn_once_and_the_answer_last() -> None:
    points = list(tear_points([event(4, divisible=False)] * 2))
    assert [(point.write, point.inside, point.rest) for point in points] == [
        (1, 0, Rest.OLD),
        (2, 0, Rest.OLD),
        (3, 0, Rest.OLD),
    ]
    assert [point.event is None for point in points] == [False, False, True]


def test_a_divisible_write_is_torn_at_its_edges_with_every_rest() -> None:
    *points, _ = tear_points([event(8, divisible=True)])
    assert len(set(points)) == len(points)
    assert {point.inside for point in points} == {0, 1, 7}
    assert {point.rest for point in points} == set(Rest)
    # With one byte left, erasing the rest and garbage in it are the same.
    assert (7, Rest.ERASED) not in {(point.inside, point.rest) for point in points}


def test_every_byte_of_a_divisible_write() -> None:
    *points, _ = tear_points([event(8, divisible=True)], every_byte=True)
    assert {point.inside for point in points} == set(range(8))


def test_the_check_sees_every_tear(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    seen: list[tuple[str, int]] = []

    def check(bench: LaboratoryConnection, point: TearPoint) -> None:
        bench.transmit(SELECT)
        seen.append((str(point), int.from_bytes(bench.transmit(COUNT)[:-2], "big")))

    with LaboratoryConnection(probe_simulator, probe) as bench:
        bench.transmit(SELECT)
        bench.transmit(COUNT)
        report = run(probe_simulator, probe, bench, COUNT, check)
        assert bench.transmit(COUNT) == b"\x00\x02" + OK, "the card must be put back"
    assert report.answer == b"\x00\x02" + OK
    assert report.counters.events == 1
    assert not report.failures
    assert seen == [("before write 1 (field ProbeApplet.counter)", 2), ("before the answer", 3)]


def test_a_failed_check_is_reported_with_its_tear(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    def check(_bench: LaboratoryConnection, point: TearPoint) -> None:
        if point.event is None:
            raise LookupError("lost")

    with LaboratoryConnection(probe_simulator, probe) as bench:
        bench.transmit(SELECT)
        report = run(probe_simulator, probe, bench, COUNT, check)
    (failure,) = report.failures
    assert failure.point.event is None
    assert isinstance(failure.error, LookupError)
    assert len(report.points) == 2


def test_a_tear_that_never_comes_is_an_error(
    probe_simulator: Simulator, probe: SimulatedCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the command wrote less the second time.
    monkeypatch.setattr(Simulator, "arm_tear", lambda *_: None)
    with LaboratoryConnection(probe_simulator, probe) as bench:
        bench.transmit(SELECT)
        with pytest.raises(TearMissed):
            run(probe_simulator, probe, bench, COUNT, lambda _bench, _point: None)
