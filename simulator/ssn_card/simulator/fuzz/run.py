# SPDX-License-Identifier: Apache-2.0
"""The loop: make a sequence, fire it, keep it where it reached something new, shrink it where it broke something."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ssn_card.keys import development_keyring
from ssn_card.protocol import status

from ..simulator import Edge, Simulator
from .findings import Finding, shrunk
from .grammar import Grammar
from .mutate import mutated
from .rules import Rules
from .states import STATES
from .steps import Sequence
from .target import FuzzOutcome, Target

_THOROUGH = 0.1  #: part of the sequences after which the honest terminal also reads the log and debits
_INVENTED = 0.4  #: part of the sequences that are the grammar's own
MOST_FINDINGS = 20  #: a card so broken needs no longer run


@dataclass
class Report:
    """What a run did and found. ``words``: how often each status word came; ``exceptions``: how often each stated
    exception to "no write without authentication" did; ``visits``: of the honest terminal."""

    seed: str
    apdus: int = 0
    sequences: int = 0
    visits: int = 0
    seconds: float = 0.0
    corpus: int = 0
    edges: tuple[Edge, ...] = ()
    words: dict[int, int] = field(default_factory=dict)
    exceptions: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def passed(self, *, branches: bool = False) -> int:
        """Edges passed, or those of conditions and switches alone."""
        return sum(edge.passed and (edge.branch or not branches) for edge in self.edges)

    def known(self, *, branches: bool = False) -> int:
        """Edges there are."""
        return sum(edge.branch or not branches for edge in self.edges)

    @property
    def never_seen(self) -> tuple[int, ...]:
        """Status words of the table that never came, but for 6F00, which must not; 63Cx stands as 63C0."""
        seen = {word & 0xFFF0 if word & 0xFFF0 == status.WrongPin.sw else word for word in self.words}
        return tuple(sorted(set(status.STATUS_WORDS) - seen - {status.CardFailure.sw}))

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "seed": self.seed,
            "apdus": self.apdus,
            "sequences": self.sequences,
            "honest_visits": self.visits,
            "seconds": round(self.seconds, 1),
            "apdus_per_second": round(self.apdus / self.seconds) if self.seconds else 0,
            "corpus": self.corpus,
            "edges": {"reached": self.passed(), "known": self.known()},
            "branches": {"reached": self.passed(branches=True), "known": self.known(branches=True)},
            "edges_not_reached": [edge.name for edge in self.edges if not edge.passed],
            "status_words": {f"{word:04X}": count for word, count in sorted(self.words.items())},
            "status_words_not_seen": [f"{word:04X}" for word in self.never_seen],
            "exceptions": self.exceptions,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def run(
    simulator: Simulator,
    apdus: int,
    seed: str,
    *,
    only: str = "",
    classes: Path | None = None,
    most_findings: int = MOST_FINDINGS,
    progress: Callable[[int], None] = lambda apdus: None,
) -> Report:
    """Fire ``apdus`` hostile commands at cards in every state.

    Args:
        seed: the run; the same one does the same on the same applet.
        only: states whose name holds it.
        classes: a folder with other classes of the applet, to see that its faults are found.
        most_findings: enough of them end the run.
        progress: called after each sequence with its number of commands.
    """
    return _Run(simulator, seed, only, classes).go(apdus, most_findings, progress)


def replay(simulator: Simulator, finding: Finding, *, classes: Path | None = None) -> Report:
    """Fire the sequence of a finding again; the report tells whether the rule is still broken."""
    return _Run(simulator, "replay", "", classes, finding.sequence.state).again(finding.sequence)


class _Run:
    def __init__(self, simulator: Simulator, seed: str, only: str, classes: Path | None, state: str = "") -> None:
        self.rules = Rules()
        provider = development_keyring()
        self.targets = {
            one.name: Target(simulator, one, provider, self.rules, classes)
            for one in STATES
            if only.lower() in one.name.lower() and state in ("", one.name)
        }
        self.grammar = Grammar(random.Random(seed))  # noqa: S311  a run must be repeatable
        self.corpus: list[Sequence] = []
        self.seen: set[Hashable] = set()
        self.faults: set[tuple[str, str]] = set()
        self.report = Report(seed)

    def go(self, apdus: int, most_findings: int, progress: Callable[[int], None]) -> Report:
        begun = time.monotonic()
        while self.report.apdus < apdus and len(self.report.findings) < most_findings:
            sequence = self._next()
            outcome = self._fire(sequence, thorough=self.grammar.random.random() < _THOROUGH)
            if not outcome.reached <= self.seen:
                self.seen |= outcome.reached
                self.corpus.append(sequence)
            self._keep(sequence, outcome)
            progress(outcome.apdus)
        return self._finished(begun)

    def again(self, sequence: Sequence) -> Report:
        begun = time.monotonic()
        outcome = self._fire(sequence, thorough=True)
        self.report.findings += [Finding(fault, sequence, tuple(outcome.sent)) for fault in outcome.faults]
        return self._finished(begun)

    def _next(self) -> Sequence:
        r = self.grammar.random
        if not self.corpus or r.random() < _INVENTED:
            return self.grammar.sequence(r.choice(list(self.targets)))
        # What was found late was hard to find.
        late = self.corpus[len(self.corpus) // 2 :]
        child = mutated(self.grammar, r.choice(late if r.random() < 0.5 else self.corpus), self.corpus)
        return child if child.state in self.targets else Sequence(r.choice(list(self.targets)), child.steps)

    def _fire(self, sequence: Sequence, *, thorough: bool) -> FuzzOutcome:
        outcome = self.targets[sequence.state].run(sequence.steps, thorough=thorough)
        self.report.apdus += outcome.apdus
        self.report.sequences += 1
        self.report.visits += 1
        return outcome

    def _keep(self, sequence: Sequence, outcome: FuzzOutcome) -> None:
        for fault in outcome.faults:
            if fault.key in self.faults:
                continue
            self.faults.add(fault.key)

            def shows(one: Sequence, key: tuple[str, str] = fault.key) -> bool:
                found = self._fire(one, thorough=True).faults
                return key in {fault.key for fault in found}

            small = shrunk(sequence, shows)
            again = self._fire(small, thorough=True)
            shown = next((one for one in again.faults if one.key == fault.key), fault)
            self.report.findings.append(Finding(shown, small, tuple(again.sent)))

    def _finished(self, begun: float) -> Report:
        report = self.report
        report.seconds = time.monotonic() - begun
        report.corpus = len(self.corpus)
        report.words, report.exceptions = self.rules.words, self.rules.exceptions
        found: dict[int, Edge] = {}
        for target in self.targets.values():
            for edge in target.edges():
                if edge.passed or edge.number not in found:
                    found[edge.number] = edge
            target.remove()
        report.edges = tuple(found.values())
        return report
