# SPDX-License-Identifier: Apache-2.0
"""The tamper campaign, short: all that is planted is found, in every format, and no honest card is accused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ssn_card.bench.tamper.campaign import Bulk, Campaign, Heard, together
from ssn_card.bench.tamper.formats import FORMATS, write
from ssn_card.bench.tamper.judges import bulk_judges
from ssn_card.bench.tamper.kinds import KINDS, Kind, Sort
from ssn_card.bench.tamper.sweep import Altered, sweep
from ssn_card.bench.tamper.world import World, planted
from ssn_card.keys import development_keyring
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Finding, Problem, ReceiptVerifier, Report

PROVIDER = development_keyring()
SEED = 2025
CARDS = 420  #: each kind is planted once, with some to spare
#: A few kinds, for what is asked of the campaign itself.
FEW = tuple(KINDS[name] for name in ("bit", "one-deleted", "twice-in-a-file", "in-two-files", "stolen-fork"))
ALL = tuple(KINDS.values())


def one_by_one(paths: Sequence[Path], name: str, world: World) -> Report:
    """The one judge, as if he were another."""
    return ReceiptVerifier(PROVIDER).verify_files(paths, world.tips, whole=True, lists=world.lists, first=None)


def run(folder: Path, bulk: dict[str, Bulk], kinds: Sequence[Kind] = FEW, cards: int = 40) -> list[Heard]:
    formats = ("jsonl",) if kinds is FEW else tuple(FORMATS)
    return list(Campaign(PROVIDER, folder, bulk).round(SEED, cards, kinds, formats))


@pytest.mark.timeout(600)  # numba may have to compile first
def test_every_kind_is_found_by_every_judge_in_every_format_and_all_say_the_same(tmp_path: Path) -> None:
    heard = run(tmp_path, dict(bulk_judges(PROVIDER)), ALL, CARDS)
    assert len(heard) > len(FORMATS)
    for one in heard:
        assert (one.overlooked, one.false_alarms, one.lost, one.differing, one.faults) == ([], 0, 0, 0, 0), one.judge
        assert one.honest > CARDS // 10
        assert {sort for sort, tally in one.by_sort().items() if tally.planted} == set(Sort)
    assert len(heard[0].tallies) == len(KINDS)


@pytest.mark.timeout(600)
def test_where_faults_hide_faults_all_judges_say_the_same(tmp_path: Path) -> None:
    heard = list(Campaign(PROVIDER, tmp_path, bulk_judges(PROVIDER)).crowd(SEED, 60, formats=("jsonl", "store")))
    assert [(one.differing, one.lost) for one in heard] == [(0, 0)] * len(heard)
    assert heard[0].findings > 200
    assert {one.format for one in heard} == {"jsonl", "store"}


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(4))
def test_thousands_of_cards(seed: int, tmp_path: Path) -> None:
    campaign = Campaign(PROVIDER, tmp_path, bulk_judges(PROVIDER))
    assert not any(one.faults for one in campaign.round(seed, 4000))


def test_there_are_the_kinds_that_an_auditor_is_afraid_of() -> None:
    assert len([kind for kind in ALL if not kind.name.startswith(("altered-", "stolen-"))]) >= 23
    fields = {kind.name for kind in ALL if kind.name.startswith("altered-")}
    assert {"altered-debit-amount", "altered-cancel-cancelled_mac", "altered-override-companion_id"} <= fields
    assert {"altered-update-monthly_limit", "altered-update-mac", "altered-cancel-padding"} <= fields


def forgetful(report: Report) -> Report:
    """One finding less."""
    shorter = Report(None, dict(report.files), report.lines)
    for finding in [*report.findings[1:], *report.gaps, *report.backdated]:
        shorter.add(finding)
    return shorter


def inventive(report: Report) -> Report:
    """Something against every card."""
    for serial in {one.serial for one in report.findings} | {bytes.fromhex(f"535307e9{n:08x}") for n in range(40)}:
        report.add(Finding(Problem.MISSING, 0, "seq", serial, 1))
    return report


def careless(report: Report) -> Report:
    """A line is lost."""
    report.lines -= 1
    return report


@pytest.mark.parametrize(
    ("spoilt", "what"),
    [(forgetful, "differing"), (inventive, "false_alarms"), (inventive, "differing"), (careless, "lost")],
)
def test_a_judge_who_is_wrong_is_found_out(spoilt: Callable[[Report], Report], what: str, tmp_path: Path) -> None:
    def wrong(paths: Sequence[Path], name: str, world: World) -> Report:
        return spoilt(one_by_one(paths, name, world))

    right, other = run(tmp_path, {"wrong": wrong})
    assert right.faults == 0
    assert getattr(other, what) > 0
    assert other.faults > 0


def test_a_judge_who_sees_nothing_overlooks_every_kind_but_those_that_are_no_fault(tmp_path: Path) -> None:
    def blind(paths: Sequence[Path], name: str, world: World) -> Report:
        return Report(None, lines=world.receipts)

    _, other = run(tmp_path, {"blind": blind})
    assert set(other.overlooked) == {kind.name for kind in FEW} - {"in-two-files"}
    assert other.as_dict()["kinds"]["in-two-files"]["found"] == other.tallies["in-two-files"].planted > 0


def test_rounds_are_summed_up_by_judge_and_format(tmp_path: Path) -> None:
    campaign = Campaign(PROVIDER, tmp_path, {"other": one_by_one})
    heard = [*campaign.round(1, 30, FEW, ["jsonl"]), *campaign.round(2, 50, FEW, ["jsonl"])]
    sums = together(heard)
    assert [(one.judge, one.format) for one in sums] == [("ReceiptVerifier", "jsonl"), ("other", "jsonl")]
    assert sums[0].receipts == heard[0].receipts + heard[2].receipts
    assert sums[0].tallies["bit"].planted == heard[0].tallies["bit"].planted + heard[2].tallies["bit"].planted


@pytest.mark.timeout(600)
def test_every_field_of_every_receipt_altered_is_found_at_its_own_place(tmp_path: Path) -> None:
    judges = {"one by one": one_by_one} | dict(list(bulk_judges(PROVIDER).items())[:1])
    swept = list(sweep(SEED, PROVIDER, tmp_path, 1, judges, ("jsonl",)))
    assert [one.judge for one in swept] == list(judges)
    for one in swept:
        assert one.faults == 0
        assert {altered.kind for altered in one.planted} >= {ReceiptType.DEBIT, ReceiptType.UPDATE}
        assert one.named[Altered(ReceiptType.DEBIT, "amount")] == one.planted[Altered(ReceiptType.DEBIT, "amount")]
        assert 300 < sum(one.named.values()) < sum(one.found.values()) == sum(one.planted.values())
    assert swept[0].as_dict()["fields"] == swept[1].as_dict()["fields"]


def test_an_altered_receipt_that_is_overlooked_counts_and_so_does_a_false_alarm(tmp_path: Path) -> None:
    def wrong(paths: Sequence[Path], name: str, world: World) -> Report:
        return forgetful(inventive(one_by_one(paths, name, world)))

    (one,) = sweep(SEED, PROVIDER, tmp_path, 1, {"wrong": wrong}, ("jsonl",))
    assert sum(one.found.values()) == sum(one.planted.values()) - 1
    assert one.false_alarms > 0


def test_the_same_seed_plants_the_same(tmp_path: Path) -> None:
    one, other = (planted(5, PROVIDER, FEW, 30) for _ in range(2))
    assert one.files == other.files
    assert one.files != planted(6, PROVIDER, FEW, 30).files
    paths = write(tmp_path / "files", "jsonl", one.files)
    assert sum(len(path.read_text().splitlines()) for path in paths) == one.receipts
