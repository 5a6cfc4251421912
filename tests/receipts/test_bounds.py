# SPDX-License-Identifier: Apache-2.0
"""Work and memory stay in bounds whatever is handed in: counted, not timed."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.model.wire import MAC
from tests.receipts.made import PROVIDER, forged, history, lines, replaced

from ssn_card.protocol.crypto import SecretKey
from ssn_card.receipts import Line, Problem, Receipt, ReceiptVerifier, read_lines
from ssn_card.receipts.sources import LONGEST
from ssn_card.receipts.spool import Spool

HISTORY = history()


def altered(count: int) -> Iterator[Line]:
    """So many receipts of one card, each altered beyond repair."""
    for number in range(1, count + 1):
        yield Line(number, Receipt(replaced(HISTORY[2], basket_digest=number.to_bytes(16, "big"))))


def following(count: int) -> Iterator[Line]:
    """So many genuine receipts of one card."""
    before = bytes(8)
    for seq in range(1, count + 1):
        raw = forged(HISTORY[1], seq=seq, previous_mac=before)
        before = raw[MAC:]
        yield Line(seq, Receipt(raw))


@pytest.mark.parametrize("first", [0, 3, None])
def test_the_first_wrong_macs_are_searched_and_all_are_counted(
    first: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = 0
    search = SecretKey.verifies_one

    def counted(self: SecretKey, *arguments: object) -> bool:
        nonlocal searched
        searched += 1
        return search(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(SecretKey, "verifies_one", counted)
    report = ReceiptVerifier(PROVIDER).verify_lines([*lines(HISTORY), *altered(12)], first=first)
    expected = 12 if first is None else first
    assert searched == MAC * expected
    assert len(report.findings) == expected
    assert (report.found, report.counts[Problem.FORGED], report.rejected) == (12, 12, 12)


@pytest.mark.parametrize("cards", [1, 30])
def test_looking_up_neighbours_takes_no_walk_over_the_card(cards: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong MAC once cost a walk over all receipts of its card, and one over all cards."""
    looked: list[int] = []
    look = Spool._look

    def counted(self: Spool, query: str, *arguments: object) -> list[bytes]:
        found = look(self, query, *arguments)
        looked.append(len(found))
        return found

    monkeypatch.setattr(Spool, "_look", counted)
    others = [raw for card in range(cards) for raw in history(bytes((card,)) * 8)]
    ReceiptVerifier(PROVIDER).verify_lines([*lines(HISTORY + others), *altered(5)])
    assert len(looked) == 5 * (2 + 8)
    assert max(looked) == 1


def peak(lines: Iterator[Line], first: int = 10) -> int:
    """Most bytes of Python objects held while these are verified."""
    tracemalloc.start()
    try:
        report = ReceiptVerifier(PROVIDER).verify_lines(lines, first=first)
        assert report.lines >= 2000
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["genuine", "repeated", "altered", "unreadable"])
def test_memory_does_not_grow_with_the_file(kind: str) -> None:
    def made(count: int) -> Iterator[Line]:
        if kind == "genuine":
            return following(count)
        if kind == "altered":
            return altered(count)
        receipt = None if kind == "unreadable" else Receipt(HISTORY[0])
        return (Line(number, receipt, None, None if receipt else "json") for number in range(1, count + 1))

    small, large = peak(made(2_000)), peak(made(8_000))
    assert large < 1.2 * small + 100_000, (small, large)


def test_a_line_without_an_end_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"x" * (3 * LONGEST) + b"\n" + b"[]\n" + b" " * LONGEST)
    told: list[int] = []
    found = list(read_lines(path, told.append))
    assert [(one.number, one.fault) for one in found] == [(1, "length"), (2, "json"), (3, "length")]
    assert sum(told) == path.stat().st_size


def test_key_versions_and_serials_are_tried_for_the_first_only() -> None:
    """Cards without keys are named without a search, once enough were searched."""
    strange = [Line(n, Receipt(replaced(HISTORY[2], serial=bytes((9, n)) * 4, key_version=9))) for n in range(1, 9)]
    report = ReceiptVerifier(PROVIDER).verify_lines(strange, first=2)
    assert (report.counts[Problem.UNKNOWN_KEY], len(report.findings)) == (8, 2)
    assert report.wrong_keys
    assert not ReceiptVerifier(PROVIDER).verify_lines([*lines(HISTORY), *strange]).wrong_keys


def test_keys_are_not_suspected_where_a_repair_shows_that_they_are_right() -> None:
    one_bit = Line(1, Receipt(replaced(HISTORY[2], amount=162_001)))
    report = ReceiptVerifier(PROVIDER).verify_lines([one_bit])
    assert (report.repaired, report.wrong_keys) == (1, False)
    another = Line(2, Receipt(replaced(HISTORY[5], amount=99_999)))
    report = ReceiptVerifier(PROVIDER).verify_lines([one_bit, another, *altered(1)])
    assert (report.repaired, report.wrong_keys) == (2, False)
    assert ReceiptVerifier(PROVIDER).verify_lines(altered(1)).wrong_keys
