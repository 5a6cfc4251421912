# SPDX-License-Identifier: Apache-2.0
"""What the fuzzer goes by: coverage that costs the applet nothing, and a digest that sees every persistent change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ssn_card.keys import development_keyring
from ssn_card.protocol.commands import DEBIT, VERIFY
from ssn_card.protocol.pin import pin_block
from ssn_card.simulator import LaboratoryConnection, SimulatedCard, Simulator, blank_card
from ssn_card.simulator.campaign.bench import Bench

SELECT = bytes.fromhex("00A4040009F053534E434152440100")


def prepared(simulator: Simulator, serial: bytes, *, coverage: bool) -> tuple[SimulatedCard, Bench]:
    """An active card with a PIN."""
    card = blank_card(simulator, serial, coverage=coverage)
    simulator.seed_random(card, b"seed")
    bench = Bench(LaboratoryConnection(simulator, card), development_keyring())
    bench.personalize()
    bench.deliver(bench.update(900_000))
    return card, bench


@pytest.fixture
def covered(simulator: Simulator) -> Iterator[tuple[SimulatedCard, Bench]]:
    card, bench = prepared(simulator, b"COVERAGE", coverage=True)
    yield card, bench
    simulator.remove(card)


def test_coverage_is_no_part_of_the_applet(simulator: Simulator) -> None:
    seen = []
    for coverage in (False, True):
        card, bench = prepared(simulator, b"COVERED?", coverage=coverage)
        bench.move(DEBIT, bench.body(1_000))
        seen.append((simulator.counters(card, events=True), simulator.transmit(card, SELECT)))
        assert bool(simulator.coverage(card)) == coverage
        simulator.remove(card)
    assert seen[0] == seen[1]


def test_an_edge_is_new_once(simulator: Simulator, covered: tuple[SimulatedCard, Bench]) -> None:
    card, _ = covered
    simulator.measure(card, SELECT)
    assert simulator.measure(card, SELECT).fresh == ()
    before = {edge.number: edge.passed for edge in simulator.coverage(card)}
    fresh = simulator.measure(card, bytes.fromhex("8099000000")).fresh  # no such instruction
    after = simulator.coverage(card)
    passed_now = {edge.number for edge in after if edge.passed and not before[edge.number]}
    assert passed_now == {number for number in fresh if number in before}
    assert [edge.name.split(":")[0] for edge in after if edge.number in passed_now] == ["SsnCardApplet.plain"]
    assert simulator.measure(card, bytes.fromhex("8099000000")).fresh == ()


def test_both_ways_of_every_condition_are_known(simulator: Simulator, covered: tuple[SimulatedCard, Bench]) -> None:
    names = [edge.name for edge in simulator.coverage(covered[0]) if edge.branch]
    taken = {
        name.removesuffix(" taken") for name in names if name.endswith(" taken") and not name.endswith("not taken")
    }
    not_taken = {name.removesuffix(" not taken") for name in names if name.endswith(" not taken")}
    assert taken == not_taken
    assert len(names) == len(set(names))


def test_the_digest_sees_money_pin_and_keys_only(simulator: Simulator, covered: tuple[SimulatedCard, Bench]) -> None:
    card, bench = covered

    def digest() -> int:
        return simulator.measure(card, SELECT).digest

    begun = digest()
    bench.select().status()
    assert digest() == begun, "a query changed something"
    bench.connection.reset()
    assert digest() == begun, "power-up changed something"
    simulator.checkpoint(card)
    simulator.checkpoint(card, "another")
    bench.move(DEBIT, bench.body(1))
    spent = digest()
    assert spent != begun
    simulator.measure(card, bench.select().pin_command(VERIFY, pin_block("0000")))
    assert digest() not in (begun, spent), "a try was taken"
    simulator.checkpoint(card, "another")
    simulator.rewind(card)
    assert digest() == begun
    simulator.rewind(card, "another")
    assert digest() not in (begun, spent)


def test_a_refused_transport_command_did_nothing(simulator: Simulator, covered: tuple[SimulatedCard, Bench]) -> None:
    card, bench = covered
    bench.move(DEBIT, bench.body(1))
    assert simulator.counters(card).writes
    assert simulator.measure(card, bytes.fromhex("804000002400")).counters.events == 0


def test_the_longest_short_command_arrives(simulator: Simulator, covered: tuple[SimulatedCard, Bench]) -> None:
    """255 bytes of data and Le: jCardSim's own buffer is a byte too short for it."""
    assert simulator.transmit(covered[0], bytes.fromhex("80400000FF") + bytes(256)) == bytes.fromhex("6700")
