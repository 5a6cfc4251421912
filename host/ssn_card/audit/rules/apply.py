# SPDX-License-Identifier: Apache-2.0
"""Applies rules to the books: flags, whom to visit, and what could not be judged. Nothing is left out in silence."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb

from ssn_card.protocol.errors import Text, rupiah

from ..books import Books
from .backing import ASK_FIRST, BACKING, PREPARES, SAID, TAKEN
from .discovery import find_rules
from .outcome import Flag, Peers, RulesOutcome, Subject, Unjudged
from .parameters import AllParameters, load_parameters
from .peers import MACROS
from .rule import HABITS, Prepared, Rule, RuleParameters, Weight
from .signs import Sign
from .visits import VisitParameters, suspicions

EXAMPLES = 5  #: receipts shown with a flag
_BOOKS = "books"  #: instead of a rule: what concerns all
_EVIDENCE = re.compile(r"\bevidence\b")
_PARAMETER = re.compile(r"\$(\w+)")
_ABSENT = Text("{files} is not among the data", "{files} tidak ada di antara data")
_NOBODY = Text("there is nobody of whom enough is known", "belum ada yang cukup diketahui untuk dinilai")
_BROKEN = Text("its question cannot be answered: {why}", "pertanyaannya tidak dapat dijawab: {why}")

_Row = Mapping[str, Any]


def apply_rules(
    books: Books,
    parameters: AllParameters | None = None,
    rules: Sequence[Rule] | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> RulesOutcome:
    """What these rules (default: all there are) say of the books.

    Args:
        parameters: default: those that are shipped.
        progress: told of rules that are done, and of how many.

    Raises:
        BadRule: of rules that other packages bring.
    """
    rules = find_rules() if rules is None else rules
    parameters = parameters or load_parameters(rules)
    unjudged = [Unjudged(_BOOKS, remark) for remark in books.remarks]
    flags: list[Flag] = []
    seconds: dict[str, float] = {}
    books.connection.execute(MACROS)
    for done, rule in enumerate(rules, start=1):
        began = time.monotonic()
        found, blind = _applied(books, rule, parameters.rules[rule.code], parameters.visit)
        flags += found
        unjudged += blind
        seconds[rule.code] = round(time.monotonic() - began, 3)
        progress(done, len(rules))
    weights = {rule.code: rule.weight for rule in rules}
    return RulesOutcome(suspicions(flags, weights, parameters.visit), tuple(unjudged), parameters.as_dict(), seconds)


def _applied(
    books: Books, rule: Rule, parameters: RuleParameters, visit: VisitParameters
) -> tuple[list[Flag], list[Unjudged]]:
    absent = sorted(rule.needs - books.tables)
    if absent:
        files = ", ".join(f"{name}.csv" for name in absent)
        return [], [Unjudged(rule.code, _ABSENT.filled(files=files))]
    asked = _Asked(books.connection, rule, parameters, visit)
    try:
        return list(asked.flags()), list(asked.blind())
    except (duckdb.Error, LookupError, TypeError, ValueError) as error:  # a rule of others may be wrong in many ways
        first = (str(error) or type(error).__name__).splitlines()[0]
        return [], [Unjudged(rule.code, _BROKEN.filled(why=first))]
    finally:
        asked.close()


class _Asked:
    """One rule, asked of the books."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, rule: Rule, parameters: RuleParameters, visit: VisitParameters
    ) -> None:
        self._connection, self._rule, self._visit = connection, rule, visit
        self._parameters = visit.model_dump() | parameters.model_dump()
        self._subject = f"'{rule.subjects[0].value}'" if len(rule.subjects) == 1 else "subject"

    def flags(self) -> Iterator[Flag]:
        """Those with a score, the highest first."""
        self._prepare(self._rule.prepares)
        evidence = f"CREATE TEMP TABLE evidence AS {self._rule.evidence}"
        steps = [
            f"CREATE TEMP TABLE measured AS {self._rule.query}",
            "CREATE TEMP TABLE told AS FROM measured WHERE score > 0",
        ]
        for step in [evidence, *steps] if _EVIDENCE.search(self._rule.query) else [*steps, evidence]:
            self._ask(step)
        peers, proofs, backing = self._peers(), self._proofs(), self._backing()
        for row in self._rows(f"SELECT *, {self._subject} AS kind FROM told ORDER BY score DESC, who"):
            subject = Subject(row["kind"])
            flag = self._flag(row, subject, peers[subject], proofs.get((row["kind"], row["who"]), {}))
            yield self._backed(flag, backing.get(row["who"]), row.get(TAKEN) or 0.0)

    def blind(self) -> Iterator[Unjudged]:
        """What the rule could not look at."""
        if not self._rows("FROM measured LIMIT 1"):
            yield Unjudged(self._rule.code, _NOBODY)
        for one in self._rule.blind:
            for row in self._rows(one.query):
                yield Unjudged(self._rule.code, one.text.filled(**_worded(row)))

    def close(self) -> None:
        """Drop what was made."""
        self._connection.execute(
            "DROP TABLE IF EXISTS told; DROP TABLE IF EXISTS measured; DROP TABLE IF EXISTS evidence"
        )

    def _flag(self, row: _Row, subject: Subject, peers: Peers, proof: _Row) -> Flag:
        totals = {
            "receipts": proof.get("receipts", 0),
            "rupiah": int(proof.get("rupiah") or 0),
            "first_on": proof.get("first_on"),
            "last_on": proof.get("last_on"),
        }
        worded = _worded({**row, **totals, "amount_rp": totals["rupiah"]})
        return Flag(
            rule=self._rule.code,
            subject=subject,
            who=row["who"],
            score=round(min(1.0, float(row["score"])), 4),
            measure=_figure(row["measure"]),
            peers=peers,
            reason=self._rule.reason.filled(**worded),
            receipts=tuple((one["serial"], one["seq"]) for one in proof.get("examples", ())),
            receipt_count=totals["receipts"],
            rupiah=totals["rupiah"],
            first_on=totals["first_on"],
            last_on=totals["last_on"],
        )

    def _backed(self, flag: Flag, row: _Row | None, taken: float) -> Flag:
        """A flag of a rule that is weak by itself, with what stands behind it: its receipts, or what the rule saw."""
        if self._rule.weight not in HABITS:
            return flag
        if taken >= self._visit.backed:
            return replace(flag, backing=1.0)
        if self._rule.weight is Weight.WEAK:
            return replace(flag, backing=0.0)
        if flag.subject is not Subject.SHOP:
            return flag
        backing = 0.0 if row is None else round(min(1.0, row["digits"] / self._visit.backed), 4)
        said = SAID[Sign(row["way"])].filled(**_worded(row)) if row is not None and backing > 0 else ASK_FIRST
        return replace(flag, backing=backing, reason=Text(flag.reason.en + said.en, flag.reason.id + said.id))

    def _backing(self) -> dict[str, _Row]:
        """Of shops with a habit, what stands behind it."""
        told = self._rows("FROM told LIMIT 1") if self._rule.weight is Weight.HABIT else []
        if not told:
            return {}
        shops = "true" if len(self._rule.subjects) == 1 else "e.subject = 'shop' AND told.subject = 'shop'"
        self._prepare(PREPARES)
        signs = [sign.value for sign in Sign if sign in self._rule.signs]
        rows = self._rows(BACKING.format(shops=shops, signs=signs))
        return {row["who"]: row | {"limit_rp": self._visit.limit_sized} for row in rows}

    def _peers(self) -> dict[Subject, Peers]:
        rows = self._rows(
            f"SELECT {self._subject} AS kind, count(*) AS count, min(measure) AS least, "
            "quantile_cont(measure, 0.25) AS lower, median(measure) AS median, quantile_cont(measure, 0.75) AS upper, "
            "max(measure) AS most FROM measured GROUP BY ALL HAVING count(*) > 0"
        )
        return {Subject(row["kind"]): _peers(row) for row in rows}

    def _proofs(self) -> dict[tuple[str, str], _Row]:
        """Receipts behind each flag. Ties are broken by serial and number: the same are shown each time."""
        order = "telling DESC, serial, seq"
        rows = self._rows(
            f"SELECT {self._subject} AS kind, who, count(*) AS receipts, sum(amount) AS rupiah, min(day) AS first_on, "
            f"max(day) AS last_on, list({{'serial': serial, 'seq': seq}} ORDER BY {order})[:{EXAMPLES}] AS examples "
            "FROM evidence SEMI JOIN told USING (who) GROUP BY ALL"
        )
        return {(row["kind"], row["who"]): row for row in rows}

    def _prepare(self, tables: Iterable[Prepared]) -> None:
        for one in tables:
            self._ask(f"CREATE TEMP TABLE IF NOT EXISTS {one.name} AS {one.query}")

    def _ask(self, query: str) -> duckdb.DuckDBPyConnection:
        used = {name: self._parameters[name] for name in _PARAMETER.findall(query)}
        return self._connection.execute(query, used)

    def _rows(self, query: str) -> list[dict[str, Any]]:
        answer = self._ask(query)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _peers(row: _Row) -> Peers:
    return Peers(row["count"], *(_figure(row[name]) for name in ("least", "lower", "median", "upper", "most")))


def _figure(value: Any) -> float:
    """To so many places that it is the same in whatever order several threads have added."""
    return round(float(value), 6)


def _worded(row: _Row) -> dict[str, object]:
    """Values for a sentence: what is named ``…_rp`` in rupiah."""
    return {
        name: rupiah(int(value)) if name.endswith("_rp") and value is not None else value for name, value in row.items()
    }
