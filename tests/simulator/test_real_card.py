# SPDX-License-Identifier: Apache-2.0
"""The real card through the Python API: tears, counters, saved cards. Its rules themselves are tested in Java."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.simulator.compiler import compile_java
from tests.simulator.probe import (
    COUNT,
    OK,
    PROBE,
    PROBE_SOURCE,
    SELECT,
    compile_probe,
    dawdle,
    probe_card,
    swap_transient,
)

from ssn_card.simulator import (
    BadSavedCard,
    CannotSave,
    CardBusy,
    CardUnpowered,
    LaboratoryConnection,
    NameTaken,
    NotARealCard,
    SimulatedCard,
    Simulator,
)
from ssn_card.transport import ConnectionLost, open_connection


def counted(simulator: Simulator, card: SimulatedCard) -> int:
    """The persistent counter of the probe after one more command."""
    with LaboratoryConnection(simulator, card) as bench:
        bench.transmit(SELECT)
        return int.from_bytes(bench.transmit(COUNT)[:-2], "big")


def test_a_torn_command_is_a_lost_connection(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    with open_connection(probe.url) as connection:
        connection.transmit(SELECT)
        probe_simulator.arm_tear(probe, 1)
        with pytest.raises(ConnectionLost):
            connection.transmit(COUNT)
    with open_connection(probe.url) as connection:
        connection.transmit(SELECT)
        assert connection.transmit(COUNT) == b"\x00\x01" + OK


def test_a_tear_is_armed_before_the_reader_connects(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    probe_simulator.arm_tear(probe, 2)
    with open_connection(probe.url) as connection:
        connection.transmit(SELECT)
        assert connection.transmit(COUNT) == b"\x00\x01" + OK
        with pytest.raises(ConnectionLost):
            connection.transmit(COUNT)
    assert counted(probe_simulator, probe) == 2


def test_a_disarmed_tear_does_nothing(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    probe_simulator.arm_tear(probe, 1)
    probe_simulator.disarm(probe)
    assert counted(probe_simulator, probe) == 1


def test_a_lost_answer_leaves_the_command_done(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    with LaboratoryConnection(probe_simulator, probe) as bench:
        bench.transmit(SELECT)
        probe_simulator.lose_answer(probe)
        with pytest.raises(ConnectionLost):
            bench.transmit(COUNT)
        bench.reset()
        bench.transmit(SELECT)
        assert bench.transmit(COUNT) == b"\x00\x02" + OK


def test_counters_of_a_command(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    assert counted(probe_simulator, probe) == 1
    figures = probe_simulator.counters(probe, events=True)
    assert (figures.events, figures.writes, figures.written_bytes) == (1, 1, 2)
    (event,) = figures.write_events
    assert (event.kind, event.place, event.size, event.torn) == ("field", "ProbeApplet.counter", 2, False)
    assert (event.before, event.after) == (b"\x00\x00", b"\x00\x01")
    assert figures.api_calls["Util.setShort"] == 1
    assert figures.api_call_count == sum(figures.api_calls.values())
    assert figures.violations == ()
    assert 0 < figures.converted_bytecodes < figures.bytecodes
    assert (figures.ram_reset_bytes, figures.ram_deselect_bytes) == (1, 1)
    assert probe_simulator.counters(probe).write_events == ()


def test_a_plain_card_has_nothing_of_it(probe_simulator: Simulator) -> None:
    card = probe_simulator.create_card(b"\x01", applet=PROBE, real=False)
    assert counted(probe_simulator, card) == 1
    with pytest.raises(NotARealCard):
        probe_simulator.counters(card)


def test_a_card_may_have_classes_of_its_own(probe_simulator: Simulator, tmp_path: Path) -> None:
    """As a mutant of the applet beside the real one, in one process."""
    source = tmp_path / "ProbeApplet.java"
    source.write_text(PROBE_SOURCE.read_text().replace("counter++", "counter += 2"))
    mutant = compile_java([source], tmp_path / "mutant")
    card = probe_simulator.create_card(b"\x01", applet=PROBE, classes=mutant)
    assert counted(probe_simulator, card) == 2
    assert counted(probe_simulator, probe_card(probe_simulator)) == 1
    with pytest.raises(CannotSave):
        probe_simulator.restore(probe_simulator.save(card))


def test_a_saved_card_goes_on_in_another_process(tmp_path: Path) -> None:
    classpath = [compile_probe(tmp_path)]
    with Simulator(classpath=classpath) as first:
        card = probe_card(first, "saved")
        assert [counted(first, card) for _ in range(3)] == [1, 2, 3]
        data = first.save(card)
    with Simulator(classpath=classpath) as second:
        card = second.restore(data)
        assert card.name == "saved"
        assert counted(second, card) == 4
        with pytest.raises(NameTaken):
            second.restore(data)
        assert counted(second, second.restore(data, name="")) == 4


def test_saved_bytes_are_checked(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    for wrong in (b"", b"{}", b"\xff", b'{"format": "ssn-saved-card", "version": 2}'):
        with pytest.raises(BadSavedCard):
            probe_simulator.restore(wrong)
    data = probe_simulator.save(probe)
    with pytest.raises(CannotSave):
        probe_simulator.restore(data.replace(b'"code":"', b'"code":"00'))


def test_a_rewound_card_repeats_itself(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    with pytest.raises(CannotSave):
        probe_simulator.rewind(probe)
    with LaboratoryConnection(probe_simulator, probe) as bench:
        bench.transmit(SELECT)
        bench.transmit(swap_transient(7))
        probe_simulator.checkpoint(probe)
        for _ in range(2):
            assert bench.transmit(COUNT) == b"\x00\x01" + OK
            assert bench.transmit(swap_transient(9)) == b"\x07\x07" + OK
            probe_simulator.arm_tear(probe, 1)
            with pytest.raises(ConnectionLost):
                bench.transmit(COUNT)
            probe_simulator.rewind(probe)
            bench.resume()


def test_the_bench_wants_the_card_alone_and_with_power(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    with open_connection(probe.url), pytest.raises(CardBusy):
        LaboratoryConnection(probe_simulator, probe)
    probe_simulator.power(probe, on=False)
    with pytest.raises(CardUnpowered):
        probe_simulator.transmit(probe, dawdle(0))
