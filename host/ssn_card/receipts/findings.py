# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with receipts, in words an auditor reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ssn_card.protocol.errors import NO_TEXT, Text

from .receipt import Receipt


class Problem(Enum):
    """Kind of finding; the value is its text in English and Indonesian."""

    UNREADABLE = Text("the line is no receipt", "baris bukan kuitansi")
    #: Of tables alone, in which columns for people stand beside the receipt (:mod:`ssn_card.audit`).
    COLUMNS = Text("the columns do not say what the receipt says", "kolom tidak sesuai dengan isi kuitansi")
    UNKNOWN_KEY = Text("no verification key for this card and key version", "tidak ada kunci verifikasi kartu ini")
    MALFORMED = Text("a card never writes this", "kartu tidak pernah menulis ini")
    FORGED = Text("the MAC is wrong: altered or forged", "MAC salah: diubah atau dipalsukan")
    BASKET = Text("the basket is not the one debited", "keranjang bukan yang didebit")
    NO_BASKET = Text("the basket of the debit was not handed in", "keranjang dari debit ini tidak diserahkan")
    DUPLICATE = Text("the receipt stands in the file more than once", "kuitansi muncul lebih dari sekali dalam berkas")
    MISSING = Text("receipts of the card are missing", "ada kuitansi kartu yang hilang")
    BROKEN_CHAIN = Text("it does not follow the receipt before it", "tidak menyambung dengan kuitansi sebelumnya")
    WRONG_ARITHMETIC = Text("the amounts do not add up", "jumlah tidak cocok")
    REFUSED = Text("the card would have refused it", "kartu seharusnya menolaknya")
    UNKNOWN_CARD = Text("no such card was issued", "kartu ini tidak pernah diterbitkan")
    BLOCKED_CARD = Text("the card was blocked by then", "kartu sudah diblokir saat itu")
    NEVER_DELIVERED = Text("the card was never delivered", "kartu ini tidak pernah diserahkan")
    #: No fault by itself: a shop holds its own receipts only, and those of its cards lie in several shops' files.
    NOT_HANDED_IN = Text(
        "not in these files; another shop may hold them", "tidak ada di berkas ini; mungkin di toko lain"
    )
    #: No fault by itself: of two clocks one was wrong, and perhaps honestly.
    BACKDATED = Text("dated before an earlier movement", "bertanggal sebelum transaksi yang lebih awal")


#: What is told apart from findings, for it is no fault by itself.
NOTES = frozenset({Problem.NOT_HANDED_IN, Problem.BACKDATED})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong.

    Args:
        problem: kind.
        line: physical line of the file, or 0 for what no line shows (a missing end).
        field: first field that is wrong, where it can be told.
        serial, seq: the card and receipt, as far as they can be believed.
        detail: numbers that a reader needs, such as the missing range.
        file: name of the file, where there is one.
        receipts: how many receipts it is about; more than one of a gap, or of a card that a list names.
        spent: rupiah spent in a gap, less what was given back in it; ``None`` of other findings, and where the end is
            missing.
    """

    problem: Problem
    line: int
    field: str | None = None
    serial: bytes | None = None
    seq: int | None = None
    detail: Text = NO_TEXT
    file: str | None = None
    receipts: int = 1
    spent: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The finding for ``--json``."""
        return {
            "problem": self.problem.name.lower(),
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "serial": self.serial.hex() if self.serial else None,
            "seq": self.seq,
            "receipts": self.receipts,
            "spent": self.spent,
            "detail": self.detail.en,
            "detail_id": self.detail.id,
            "message_en": self.problem.value.en,
            "message_id": self.problem.value.id,
        }


def finding_of(
    problem: Problem, receipt: Receipt, line: int, file: str | None, field: str | None = None, detail: Text = NO_TEXT
) -> Finding:
    """What is wrong with one receipt."""
    return Finding(problem, line, field, receipt.serial, receipt.seq, detail, file)


def numbers(first: int, last: int) -> Text:
    """A range of receipts, for a detail."""
    return Text(f"{first}", f"{first}") if first == last else Text(f"{first} to {last}", f"{first} sampai {last}")


def place(line: int, file: str | None = None) -> Text:
    """Where another receipt stands, for a detail."""
    en, id_ = (f" of {file}", f" pada {file}") if file else ("", "")
    return Text(f"line {line}{en}", f"baris {line}{id_}")


def expected(value: object) -> Text:
    """What a field should be, for a detail."""
    return Text(f"expected {value}", f"seharusnya {value}")


def at_least(value: object) -> Text:
    """The least that a field may be, for a detail."""
    return Text(f"at least {value}", f"paling sedikit {value}")


def at_most(value: object) -> Text:
    """The most that a field may be, for a detail."""
    return Text(f"at most {value}", f"paling banyak {value}")


def between(low: int, high: int) -> Text:
    """The bounds of a field, for a detail."""
    return Text(f"{low} to {high}", f"{low} sampai {high}")


@dataclass(slots=True)
class Findings:
    """Findings as they come: all of them counted, the first ``most`` of each kind kept (``None``: all)."""

    most: int | None = None
    counts: Counter[Problem] = field(default_factory=Counter)
    receipts: Counter[Problem] = field(default_factory=Counter)
    kept: list[Finding] = field(default_factory=list)
    spent: int = 0  #: rupiah, in all gaps together

    def add(self, finding: Finding) -> None:
        """Count a finding; keep it unless there are enough of its kind."""
        self.counts[finding.problem] += 1
        self.receipts[finding.problem] += finding.receipts
        self.spent += finding.spent or 0
        if self.most is None or self.counts[finding.problem] <= self.most:
            self.kept.append(finding)

    def add_unworded(self, problem: Problem, number: int) -> None:
        """Count findings of one receipt each of which none is kept."""
        self.counts[problem] += number
        self.receipts[problem] += number

    def merge(self, others: Findings) -> None:
        """Take over what was found elsewhere, behind what was found here."""
        kept = Counter(finding.problem for finding in self.kept)
        for finding in others.kept:
            kept[finding.problem] += 1
            if self.most is None or kept[finding.problem] <= self.most:
                self.kept.append(finding)
        self.counts += others.counts
        self.receipts += others.receipts
        self.spent += others.spent

    def in_order(self, files: list[str]) -> list[Finding]:
        """Those kept, by file in the order given, and line; those that no line shows last."""
        order: dict[str | None, int] = {None: 0} | {name: place for place, name in enumerate(files)}
        return sorted(self.kept, key=lambda one: (one.line == 0, order[one.file], one.line))
