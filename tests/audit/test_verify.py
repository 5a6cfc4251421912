# SPDX-License-Identifier: Apache-2.0
"""Bulk verification finds what the judge finds, finding by finding, by every engine and team."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from tests.audit.handed_in import HandedIn, handed_in
from tests.audit.spoilt import honest, serial
from tests.receipts.made import PROVIDER, flip

from ssn_card.audit import spill
from ssn_card.audit.engine import Chosen, choose
from ssn_card.audit.team import Threads
from ssn_card.audit.verify import BulkVerifier, Given
from ssn_card.audit.wanted import Wanted
from ssn_card.keys.masters import MasterKeys
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel
from ssn_card.receipts import Finding, Problem, Receipt, ReceiptVerifier, Report
from ssn_card.receipts.cards import NO_LISTS, CardLists
from ssn_card.receipts.errors import NoReceipts
from ssn_card.receipts.jsonl import line_of

LISTS = CardLists(
    issued=frozenset(map(serial, range(200_000))) - {serial(7)},
    blocked={serial(number): bytes.fromhex("251101000000") for number in range(0, 200_000, 3)},
    undelivered=frozenset(map(serial, range(0, 200_000, 5))),
)


def both(given: HandedIn, engine: Chosen, random: Random) -> tuple[Report, Report]:
    """What judge and bulk make of the same files, under the same terms."""
    whole, baskets, known = random.random() < 0.3, random.random() < 0.5, random.choice((LISTS, NO_LISTS))
    judge = ReceiptVerifier(PROVIDER).verify_files(
        given.files, given.tips, whole=whole, baskets=baskets, lists=known, first=None
    )
    sunk: list[Finding] = []
    terms = Given(given.tips, known, whole=whole, baskets=baskets, first=None, searched=None)
    verifier = BulkVerifier(PROVIDER, engine, Threads(random.choice((1, 2))))
    bulk = verifier.verify(given.files, terms, sink=sunk.append)
    assert Counter(sunk) == Counter(bulk.kept)
    assert_same(judge, bulk)
    return judge, bulk


def assert_same(judge: Report, bulk: Report) -> None:
    missed, invented = Counter(judge.kept) - Counter(bulk.kept), Counter(bulk.kept) - Counter(judge.kept)
    assert not missed, list(missed)[:3]
    assert not invented, list(invented)[:3]
    assert bulk.figures == judge.figures
    assert bulk.files == judge.files
    assert bulk.counts == judge.counts


@pytest.mark.parametrize("wanted", [Wanted.AUTO, Wanted.LOCKSTEP])
@pytest.mark.parametrize("seed", range(3))
def test_bulk_finds_what_the_judge_finds(tmp_path: Path, wanted: Wanted, seed: int) -> None:
    random = Random(seed)
    judge, _ = both(handed_in(tmp_path, random, 40), choose(wanted), random)
    assert len(judge.counts) > 6


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("wanted", [Wanted.AUTO, Wanted.LOCKSTEP])
def test_bulk_finds_what_the_judge_finds_in_millions(tmp_path: Path, wanted: Wanted) -> None:
    lines = 0
    for seed in range(1000, 1400):
        random = Random(seed)
        judge, _ = both(handed_in(tmp_path, random, 60), choose(wanted), random)
        lines += judge.lines
    assert lines > 400_000


def test_what_is_kept_is_less_and_what_is_counted_is_all(tmp_path: Path) -> None:
    given = handed_in(tmp_path, Random(5), 60)
    everything = ReceiptVerifier(PROVIDER).verify_files(given.files, given.tips, first=None)
    first = BulkVerifier(PROVIDER).verify(given.files, Given(given.tips, first=2, searched=2))
    forged = (Problem.FORGED, Problem.UNKNOWN_KEY)  # which of the two it is may be known only by a search
    assert _without(first, forged) == _without(everything, forged)
    assert sum(first.counts[one] for one in forged) == sum(everything.counts[one] for one in forged)
    assert max(Counter(one.problem for one in first.kept).values()) == 2
    assert first.figures | {"repaired": 0} == everything.figures | {"repaired": 0}
    assert first.spent_unseen == everything.spent_unseen


def _without(report: Report, problems: tuple[Problem, ...]) -> dict[Problem, int]:
    return {problem: count for problem, count in report.counts.items() if problem not in problems}


def test_findings_do_not_depend_on_who_was_quicker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = handed_in(tmp_path, Random(6), 40)
    monkeypatch.setattr(spill, "BATCH", 64)
    orders = []
    for count in (1, 2, 5):
        sunk: list[Finding] = []
        BulkVerifier(PROVIDER, team=Threads(count)).verify(given.files, Given(given.tips), sink=sunk.append)
        orders.append(sunk)
    assert orders[0] == orders[1] == orders[2]


def test_a_giant_card_is_judged_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(9)
    receipts = honest(7)
    lines = [line_of(Receipt(random.choice(receipts))) for _ in range(700)]
    lines += [line_of(Receipt(flip(random.choice(receipts), random.randrange(704)))) for _ in range(300)]
    for name, part in (("a", lines[:600]), ("b", lines[600:])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(part))
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    judge = ReceiptVerifier(PROVIDER).verify_files(files, first=None)
    monkeypatch.setattr(spill, "_GROUP", 10_000)
    monkeypatch.setattr(spill, "_ROWS", 128)
    giants: list[bytes] = []
    monkeypatch.setattr("ssn_card.audit.team.judge_giant", _counted(giants))
    assert_same(judge, BulkVerifier(PROVIDER).verify(files, Given(first=None, searched=None)))
    assert giants == [serial(7)]
    most = BulkVerifier(PROVIDER).verify(files, Given(first=3, searched=3))
    assert most.figures["found"] == judge.figures["found"]


def _counted(seen: list[bytes]) -> object:
    from ssn_card.audit.giant import judge_giant

    def judged(serial: bytes, *rest: object) -> object:
        seen.append(serial)
        return judge_giant(serial, *rest)  # type: ignore[arg-type]

    return judged


def test_nothing_is_never_a_success(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(NoReceipts):
        BulkVerifier(PROVIDER).verify([tmp_path / "empty.jsonl"])


def test_wrong_keys_are_suspected_before_the_receipts(tmp_path: Path) -> None:
    (tmp_path / "shop.jsonl").write_text("\n".join(line_of(Receipt(raw)) for raw in honest(1)))
    others = MasterKeys({(KeyLabel.RECEIPT, 1): SecretKey(bytes(16)), (KeyLabel.RECEIPT, 2): SecretKey(bytes(16))}, "")
    report = BulkVerifier(others).verify([tmp_path / "shop.jsonl"])
    assert report.wrong_keys
    assert report.counts[Problem.FORGED] == report.lines
