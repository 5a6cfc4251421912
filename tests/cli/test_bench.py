# SPDX-License-Identifier: Apache-2.0
"""``ssn bench tamper`` and ``ssn bench audit``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.cli.conftest import Ssn

from ssn_card.bench.audit import run
from ssn_card.bench.tamper import judges
from ssn_card.bench.tamper.world import World
from ssn_card.receipts import Report
from ssn_card.simulator.programme.sets import HELD_OUT, SchemeSet

SMALL = ("bench", "tamper", "--card-count", 12, "--swept-cards", 0, "--seed", "small")


@pytest.mark.timeout(600)  # numba may have to compile first
def test_a_campaign_tells_what_was_planted_and_found(ssn: Ssn) -> None:
    ran = ssn(*SMALL, "--rounds", 2, "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "ssn-card/bench-tamper/1"
    assert (ran.json["seed"], ran.json["rounds"], ran.json["every_field"]) == ("small", 2, [])
    assert {one["judge"] for one in ran.json["judges"]} >= {"ReceiptVerifier", "lockstep"}
    for one in ran.json["judges"]:
        assert (one["differing"], one["false_alarms"], one["overlooked"]) == (0, 0, [])
        assert 5 < sum(tally["planted"] for tally in one["kinds"].values()) <= 24


def test_the_same_seed_is_the_same_campaign_and_each_round_another(ssn: Ssn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judges, "bulk_judges", lambda provider: {})
    once, again = (ssn(*SMALL, "--json").json["judges"][0] for _ in range(2))
    assert once["receipts"] == again["receipts"]
    twice = ssn(*SMALL, "--rounds", 2, "--json").json["judges"][0]
    assert once["receipts"] < twice["receipts"] != 2 * once["receipts"]


def test_a_judge_who_sees_nothing_ends_it_otherwise_than_well(ssn: Ssn, monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(paths: Sequence[Path], name: str, world: World) -> Report:
        return Report(None, lines=world.receipts)

    monkeypatch.setattr(judges, "bulk_judges", lambda provider: {"blind": blind})
    ran = ssn(*SMALL)
    assert ran.code == 3
    assert "--seed small" in ran.err
    assert "Found / planted" in ran.out
    assert "Overlooked, made up or told differently" in ran.err


def test_people_read_it_in_their_language(ssn: Ssn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judges, "bulk_judges", lambda provider: {})
    monkeypatch.setenv("SSN_LANG", "id")
    ran = ssn("bench", "tamper", "--card-count", 12, "--swept-cards", 0)
    assert ran.code == 0
    assert "Ditemukan / ditanam" in ran.out
    assert "alarm" in ran.out


def test_a_picture_that_cannot_be_is_refused_before_anything_is_measured(
    ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "Bench", None)
    ran = ssn("bench", "audit", "--plot", tmp_path / "curve.gif", "--json")
    assert (ran.code, ran.error["code"]) == (1, "bad-picture")


@pytest.mark.sim
@pytest.mark.timeout(300)
def test_readers_side_by_side_make_cards_faster_and_keys_lie_in_a_token(ssn: Ssn) -> None:
    ran = ssn("bench", "perso", "--cards-made", 4, "--json")
    assert ran.code == 0
    assert [one["readers"] for one in ran.json["paced"]] == [1, 2, 4]
    one, two, four = (one["cards_per_s"] for one in ran.json["paced"])
    assert min(two, four) > 1.2 * one  # no figure: what the machine does beside is not known
    assert ran.json["keyring_host_ms"] > 0
    assert ran.json["token_host_ms"] > 0
    assert ran.json["hsm_calls"] == 17  # each key of a card once
    assert 3 <= ran.json["disk_syncs"] <= 5  # sent, done, told; and what the run itself needs
    assert ran.json["disk_ms"] > 0


def test_a_pace_that_nobody_measured_is_named(ssn: Ssn) -> None:
    ran = ssn("bench", "perso", "--pace", "J9")
    assert ran.code != 0
    assert "J3R180" in ran.err


def test_rules_are_measured_on_each_set_of_schemes(ssn: Ssn) -> None:
    ran = ssn("bench", "rules", "--first-seed", 1, "--seed-count", 1, "--families", 300, "--json")
    assert ran.code == 0
    told = ran.json
    assert told["schema"] == "ssn-card/bench-rules/1"
    assert [one["rule"] for one in told["rules"]] == [f"A{number}" for number in range(1, 19)]
    assert set(told["rules"][0]) == {"rule", "planted", "found", "flagged_honest", "precision", "recall", "seconds"}
    assert [one["schemes"] for one in told["sets"]] == list(SchemeSet)
    assert {one["schemes"] for one in told["sets"] if one["held_out"]} == HELD_OUT
    judged = {"programme"} | HELD_OUT
    for name in ("actors_planted", "actors_found"):
        for each in ("sets", "years"):
            assert told[name] == sum(one[name] for one in told[each] if one["schemes"] in judged), each
    assert {one["scheme"].partition("-")[0] for one in told["schemes"]} == {"fraud"}  # petty wrongs are not counted
    assert sum(one["planted"] for one in told["schemes"]) == sum(one["actors_planted"] for one in told["sets"])
    assert 0 < told["actors_found"] <= told["actors_planted"]
    assert 0 <= told["honest_flagged_share"] <= 1
    assert told["unjudged"] == []
    assert told["seeds"] == [1]


def test_rules_are_measured_on_the_sets_that_are_named(ssn: Ssn) -> None:
    told = ssn("bench", "rules", "--schemes", "first", "--seed-count", 1, "--families", 100, "--json").json
    assert [one["schemes"] for one in told["sets"]] == ["first"]
    assert told["actors_planted"] == told["sets"][0]["actors_planted"] > 0


def test_people_read_what_rules_found_and_missed(ssn: Ssn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_LANG", "id")
    out = ssn("bench", "rules", "--first-seed", 2, "--seed-count", 1, "--families", 200, "--schemes", "first").out
    assert "first: " in out
    assert "toko jujur akan dikunjungi sia-sia" in " ".join(out.split())
    assert "presisi" in out
