# SPDX-License-Identifier: Apache-2.0
"""Verdicts over partitions put together into one report; then the search for what was altered in forged receipts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ssn_card.keys import SERIAL_LENGTH
from ssn_card.receipts import Finding, Problem, Receipt, Report
from ssn_card.receipts.chain import missing_end
from ssn_card.receipts.diagnosis import ByteSearch, diagnosed
from ssn_card.receipts.findings import finding_of
from ssn_card.receipts.genuine import ReceiptKeys

from .terms import Suspects, Terms, Verdict, unsearched

Sink = Callable[[Finding], None]  #: is given every finding, once
_VALUES = 256


class Collection:
    """Takes verdicts in the order of their partitions, which decides the order of findings."""

    def __init__(self, report: Report, terms: Terms, keys: ReceiptKeys, search: ByteSearch, sink: Sink | None) -> None:
        self._report, self._terms, self._keys, self._search, self._sink = report, terms, keys, search, sink
        self._serials: list[NDArray[np.uint64]] = []
        self._suspects: list[Suspects] = []
        self._held = 0

    def add(self, finding: Finding) -> None:
        """A finding that no partition has."""
        self._report.add(finding)
        if self._sink is not None:
            self._sink(finding)

    def take(self, verdict: Verdict) -> None:
        """Count a partition."""
        report = self._report
        report.genuine += verdict.genuine
        report.repeated += verdict.repeated
        report.rejected += verdict.rejected + verdict.suspected
        report.wrong_macs += verdict.suspected
        report.debits += verdict.debits
        report.debited += verdict.debited
        report.cancelled += verdict.cancelled
        report.without_basket += verdict.without_basket
        report.cards += len(verdict.serials)
        if verdict.judged is not None:
            self._merge(verdict.judged)
        for finding in verdict.findings:
            self.add(finding)
        for problem, number in verdict.unworded.items():
            report.add_unworded(problem, number)
        self._serials.append(verdict.serials)
        if len(verdict.suspects.raw):
            self._hold(verdict.suspects)

    def _merge(self, judged: Report) -> None:
        self._report.merge(judged)
        if self._sink is not None:
            for finding in judged.kept:
                self._sink(finding)

    def finish(self, told: Callable[[int, int], None]) -> None:
        """The cards of which there are only tips; then what was altered. ``told``: how far, of how many."""
        serials = np.sort(np.concatenate(self._serials)) if self._serials else np.zeros(0, np.uint64)
        self._tips(serials)
        self._trim()
        suspects = Suspects.of(self._suspects)
        for place in range(len(suspects.raw)):
            self._diagnose(suspects, place, serials)
            told(place + 1, len(suspects.raw))

    def _tips(self, serials: NDArray[np.uint64]) -> None:
        present = set(serials.tolist()) if self._terms.tips else set()
        for serial, tip in sorted(self._terms.tips.items()):
            if int.from_bytes(serial, "big") in present:
                self._report.ends_checked += 1
            else:
                for finding in missing_end(serial, 0, tip):
                    self.add(finding)

    def _hold(self, suspects: Suspects) -> None:
        """Keep what is to be searched: never more than twice of what there may be."""
        self._suspects.append(suspects)
        self._held += len(suspects.raw)
        if self._terms.searched is not None and self._held > 2 * self._terms.searched:
            self._trim()

    def _trim(self) -> None:
        """Leave those to be searched, in order; word or count the others."""
        kept, others = Suspects.of(self._suspects).first(self._terms.searched)
        for finding in unsearched(others, self._terms.names):
            if self._terms.most is None:
                self.add(finding)
            else:
                self._report.add_unworded(finding.problem, 1)
        self._suspects = [kept]
        self._held = len(kept.raw)

    def _diagnose(self, suspects: Suspects, place: int, serials: NDArray[np.uint64]) -> None:
        receipt = Receipt(suspects.raw[place].tobytes())
        previous, following = (_receipt(beside[place]) for beside in (suspects.previous, suspects.following))
        alike = _alike(receipt.serial, serials)
        problem, field = diagnosed(receipt, self._keys, previous, following, alike, self._search)
        self._report.repaired += field is not None and problem is Problem.FORGED
        self._found(suspects, place, problem, field)

    def _found(self, suspects: Suspects, place: int, problem: Problem, field: str | None) -> None:
        receipt = Receipt(suspects.raw[place].tobytes())
        name = self._terms.names[suspects.file[place]]
        self.add(finding_of(problem, receipt, int(suspects.line[place]), name, field))


def _receipt(raw: NDArray[np.uint8]) -> Receipt | None:
    return Receipt(raw.tobytes()) if raw.any() else None


def _alike(serial: bytes, serials: NDArray[np.uint64]) -> Iterator[bytes]:
    """Those of the ascending serials that differ from this one in one byte."""
    value = int.from_bytes(serial, "big")
    for place in range(SERIAL_LENGTH):
        shift = 8 * (SERIAL_LENGTH - 1 - place)
        cleared = value & ~(0xFF << shift)
        others = np.array([cleared | one << shift for one in range(_VALUES)], np.uint64)
        at = np.searchsorted(serials, others)
        others, at = others[at < len(serials)], at[at < len(serials)]
        for found in others[serials[at] == others].tolist():
            if found != value:
                yield int(found).to_bytes(SERIAL_LENGTH, "big")
