# SPDX-License-Identifier: Apache-2.0
"""Verifies receipts: one at once, or a file of them with every card's sequence.

Order of checks, so that each finding rests on what is already sure: can it be read; could a card have written it; is
the MAC right; is the basket the one paid for; then, over the genuine receipts of each card: doubled, reordered,
missing, linked, adding up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import ne
from pathlib import Path

from ssn_card.keys import KeyMissing, KeyProvider
from ssn_card.programme.errors import UnknownStapleError
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import ReceiptType

from .basket import Basket
from .chain import Placed, Tip, check_chain
from .diagnosis import altered_field
from .findings import Finding, Problem
from .jsonl import Line, read_lines
from .receipt import Receipt


@dataclass(slots=True)
class Report:
    """What a file held.

    ``receipts`` counts readable receipts, ``genuine`` those with a right MAC, ``cards`` their cards; amounts in rupiah.
    """

    lines: int = 0
    receipts: int = 0
    genuine: int = 0
    cards: int = 0
    debited: int = 0
    cancelled: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing at all was found."""
        return not self.findings


class ReceiptVerifier:
    """Verifies receipts with the RECEIPT keys of ``provider``: the bank's masters, or an auditor's per-card keys."""

    def __init__(self, provider: KeyProvider) -> None:
        self._provider = provider
        self._keys: dict[tuple[bytes, int], SecretKey | None] = {}

    def verify(self, receipt: Receipt, basket: Basket | None = None) -> Finding | None:
        """The first thing wrong with one receipt by itself, or ``None``: it is genuine."""
        return self._examine(Line(0, receipt, basket), None, None)

    def verify_file(self, path: Path, tips: Mapping[bytes, Tip] | None = None) -> Report:
        """Verify a JSON Lines file.

        Args:
            path: the file.
            tips: newest receipt of each card by serial, where the auditor has it from the cards themselves.

        Raises:
            InputError: the file cannot be opened.
        """
        return self.verify_lines(read_lines(path), tips)

    def verify_lines(self, lines: Iterable[Line], tips: Mapping[bytes, Tip] | None = None) -> Report:
        """As :meth:`verify_file`, over lines that were read already."""
        report = Report()
        genuine: dict[bytes, list[Placed]] = defaultdict(list)
        suspect: list[Line] = []
        for line in lines:
            report.lines += 1
            report.receipts += line.receipt is not None
            if line.receipt is not None and self._is_genuine(line.receipt):
                self._count(report, line.receipt)
                genuine[line.receipt.serial].append(Placed(line.number, line.receipt))
                finding = self._basket_finding(line)
                if finding is not None:
                    report.findings.append(finding)
            else:
                suspect.append(line)
        report.cards = len(genuine)
        for serial in sorted(genuine.keys() | (tips or {}).keys()):
            report.findings += _card_findings(serial, genuine[serial], (tips or {}).get(serial))
        for line in suspect:
            finding = self._examine(line, *_neighbours(line, genuine), genuine.keys())
            if finding is not None:
                report.findings.append(finding)
        report.findings.sort(key=lambda finding: (finding.line == 0, finding.line))
        return report

    def _is_genuine(self, receipt: Receipt) -> bool:
        if receipt.fault() is not None:
            return False
        key = self._key(receipt)
        return key is not None and receipt.is_genuine(key)

    def _key(self, receipt: Receipt) -> SecretKey | None:
        """The card's key, derived once; ``None`` where the provider has none."""
        which = (receipt.serial, receipt.key_version)
        if which not in self._keys:
            try:
                self._keys[which] = self._provider.diversify(KeyLabel.RECEIPT, receipt.key_version, receipt.serial)
            except (KeyMissing, InputError):
                self._keys[which] = None
        return self._keys[which]

    @staticmethod
    def _count(report: Report, receipt: Receipt) -> None:
        report.genuine += 1
        if receipt.type == ReceiptType.DEBIT:
            report.debited += receipt.amount
        elif receipt.type == ReceiptType.CANCEL:
            report.cancelled += receipt.amount

    def _examine(
        self, line: Line, previous: Receipt | None, following: Receipt | None, serials: Iterable[bytes] = ()
    ) -> Finding | None:
        receipt = line.receipt
        if receipt is None:
            return Finding(Problem.UNREADABLE, line.number, line.fault)
        fault = receipt.fault()
        if fault is not None:
            return Finding(Problem.MALFORMED, line.number, fault, receipt.serial, receipt.seq)
        key = self._key(receipt)
        if key is None or not receipt.is_genuine(key):
            culprit = self._relabelled(receipt, serials)
            if key is None and culprit is None:
                return Finding(Problem.UNKNOWN_KEY, line.number, "serial", receipt.serial, receipt.seq)
            if key is not None and culprit is None:
                culprit = altered_field(receipt, key, previous, following)
            return Finding(Problem.FORGED, line.number, culprit, receipt.serial, receipt.seq)
        return self._basket_finding(line)

    def _relabelled(self, receipt: Receipt, serials: Iterable[bytes]) -> str | None:
        """The field that chooses the key, if that was altered: another version, or a known serial, makes it genuine."""
        for version in self._provider.versions(KeyLabel.RECEIPT):
            if version != receipt.key_version and self._is_genuine(receipt.altered(key_version=bytes((version,)))):
                return "key_version"
        for serial in serials:
            if sum(map(ne, serial, receipt.serial)) == 1 and self._is_genuine(receipt.altered(serial=serial)):
                return "serial"
        return None

    @staticmethod
    def _basket_finding(line: Line) -> Finding | None:
        """A basket that cannot be read, or is not the one whose digest the card signed."""
        receipt = line.receipt
        if receipt is None or receipt.type != ReceiptType.DEBIT:
            return None
        wrong = line.fault
        if line.basket is not None:
            wrong = _basket_fault(line.basket, receipt)
        return Finding(Problem.BASKET, line.number, wrong, receipt.serial, receipt.seq) if wrong else None


def _basket_fault(basket: Basket, receipt: Receipt) -> str | None:
    """The receipt's field that the basket does not agree with; ``staple`` for goods that were never on the list."""
    if basket.digest() != receipt.basket_digest:
        return "basket_digest"
    if basket.total != receipt.amount:
        return "amount"
    try:
        return "categories" if basket.categories != receipt.categories else None
    except UnknownStapleError:
        return "staple"


def _neighbours(line: Line, genuine: Mapping[bytes, list[Placed]]) -> tuple[Receipt | None, Receipt | None]:
    """The genuine receipts before and after a line's, which say what some of its fields must be."""
    previous = following = None
    if line.receipt is not None:
        for placed in genuine.get(line.receipt.serial, ()):
            if placed.receipt.seq == line.receipt.seq - 1:
                previous = placed.receipt
            elif placed.receipt.seq == line.receipt.seq + 1:
                following = placed.receipt
    return previous, following


def _card_findings(serial: bytes, placed: list[Placed], tip: Tip | None) -> list[Finding]:
    """Findings of one card's genuine receipts, in file order."""
    findings = []
    seen: dict[bytes, int] = {}
    unique: list[Placed] = []
    newest = 0
    for current in placed:
        receipt = current.receipt
        if receipt.raw in seen:
            findings.append(
                Finding(Problem.DUPLICATE, current.line, None, serial, receipt.seq, f"line {seen[receipt.raw]}")
            )
            continue
        if receipt.seq < newest:
            findings.append(Finding(Problem.OUT_OF_ORDER, current.line, "seq", serial, receipt.seq, f"after {newest}"))
        newest = max(newest, receipt.seq)
        seen[receipt.raw] = current.line
        unique.append(current)
    unique.sort(key=lambda one: one.receipt.seq)
    findings += check_chain(serial, unique, tip)
    return findings
