# SPDX-License-Identifier: Apache-2.0
"""The data of a report, out of the books, what the rules said and what the verification came to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ssn_card.paper.foreign import shown
from ssn_card.protocol.errors import Text
from ssn_card.receipts import Report

from ..books import Books
from ..books.tables import TABLES
from ..proof.statement import Keys, StatedInput, software
from ..reconcile import Reconciliation
from ..rules.outcome import RulesOutcome, Subject
from ..rules.rule import Rule
from .data import AccountsTold, Checked, InputTold, Overdrawn, Personal, ReportData, RuleTold, SideFile, Suspect
from .errors import NoReasonForNames
from .programme import ask_programme
from .suspects import IN_FULL, ask_suspects

_PEOPLE = "people"  #: the side file that nobody misses unless names are asked for
_VISIT = "visit"  #: among parameters those of no rule


@dataclass(frozen=True)
class Audited:
    """What a report rests on.

    Args:
        books: with the tables of the reconciliation.
        accounts: what it came to.
        report: of the verification.
        whole: the receipts were said to be all there is.
        rules: those that were applied.
        outcome: what they said.
        keys: whose keys judged.
        inputs: every file that was read.
    """

    books: Books
    report: Report
    whole: bool
    accounts: Reconciliation
    rules: Sequence[Rule]
    outcome: RulesOutcome
    keys: Keys
    inputs: Sequence[StatedInput]


def gather(audited: Audited, *, dated: date | None = None, because: str | None = None) -> ReportData:
    """Everything that a report tells.

    Args:
        audited: what it rests on.
        dated: the day that stands on it; that of the newest receipt if not given.
        because: why names of people are to be in it; without a reason there are none.

    Raises:
        NoReasonForNames: the reason is empty.
    """
    require_reason(because)
    books, outcome = audited.books, audited.outcome
    visits = [one for one in outcome.suspicions if one.visit]
    shops = [one.who for one in visits if one.subject is Subject.SHOP]
    full = [one.who for one in visits[:IN_FULL] if one.subject is Subject.SHOP]
    told = ask_programme(books.connection, set(shops), full)
    suspects = ask_suspects(books.connection, books.tables, outcome.suspicions, named=because is not None)
    codes = {rule.code for rule in audited.rules}
    return ReportData(
        dated=dated or told.last_on,
        software=software(),
        first_on=told.first_on,
        last_on=told.last_on,
        totals=told.totals,
        suspects=suspects,
        kecamatan=told.kecamatan,
        months=told.months,
        money=told.money,
        unplaced=told.unplaced,
        accounts=_accounts(audited.accounts),
        shops=told.shops,
        hours=told.hours,
        checked=_checked(audited),
        rules=tuple(_rules(audited)),
        side_files=tuple(_side_files(books, because is not None)),
        inputs=tuple(InputTold(one.kind, shown(one.name), one.sha256, one.size) for one in audited.inputs),
        visiting=outcome.parameters.get(_VISIT, {}),
        remarks=tuple(_shown(one.why) for one in outcome.unjudged if one.rule not in codes),
        personal=None if because is None else Personal(shown(because), _people(suspects)),
    )


def require_reason(because: str | None) -> None:
    """Raises :class:`NoReasonForNames` for a reason that says nothing: to be asked before the work."""
    if because is not None and not shown(because):
        raise NoReasonForNames("--personal-data-because")


def _checked(audited: Audited) -> Checked:
    report, keys = audited.report, audited.keys
    kinds = {problem.name.lower(): count for problem, count in report.all_counts.items() if count}
    return Checked(
        report.figures,
        dict(sorted(kinds.items())),
        report.wrong_keys,
        report.ends_checked,
        audited.whole,
        keys.provider,
        tuple(keys.versions),
    )


def _accounts(found: Reconciliation) -> AccountsTold:
    return AccountsTold(
        identities=found.identities,
        cards=found.cards,
        whole=found.whole,
        contradicting=found.contradicting,
        contradicted=found.totals.contradicted,
        claims=found.claims,
        cancels_withheld=found.cancels_withheld,
        withheld=found.totals.withheld,
        overdrawn=tuple(Overdrawn(policy, shown(code), rupiah) for policy, code, rupiah in found.overdrawn),
    )


def _rules(audited: Audited) -> Iterator[RuleTold]:
    outcome = audited.outcome
    flags = _flags(outcome, visits=False)
    visits = _flags(outcome, visits=True)
    blind: defaultdict[str, list[Text]] = defaultdict(list)
    for one in outcome.unjudged:
        blind[one.rule].append(_shown(one.why))
    for rule in audited.rules:
        given: Mapping[str, Any] = outcome.parameters.get(rule.code, {})
        code = rule.code
        title, source = _shown(rule.title), shown(rule.source)
        yield RuleTold(code, title, source, flags[code], visits[code], tuple(blind[code]), given)


def _shown(text: Text) -> Text:
    """Rules may be another package's, and their words hold what shops and offices wrote."""
    return Text(*map(shown, text))


def _flags(outcome: RulesOutcome, *, visits: bool) -> Counter[str]:
    return Counter(flag.rule for one in outcome.suspicions if one.visit or not visits for flag in one.flags)


def _side_files(books: Books, named: bool) -> Iterator[SideFile]:
    for name, table in TABLES.items():
        if name == _PEOPLE and not named:
            continue
        given = name in books.tables
        rows = len(books.connection.table(name)) if given else None
        yield SideFile(name, table.text, given, rows)


def _people(suspects: Iterable[Suspect]) -> int:
    kinds = (Subject.CARD, Subject.FAMILY)
    return sum(1 for one in suspects if one.name and one.subject in kinds)
