# SPDX-License-Identifier: Apache-2.0
"""``ssn audit rules``: whom to visit, and why; what was not judged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType

from ssn_card.audit.books import Judged
from ssn_card.audit.rules import Flag, RulesOutcome, Subject, Suspicion, apply_rules, find_rules, load_parameters
from ssn_card.protocol.errors import Text, numeral, rupiah

from .audit_books import opened_books
from .options import ReceiptKeyOptions
from .output import emit, progress, say
from .tables import sentence, table

_SUBJECTS = {
    Subject.SHOP: Text("shop", "toko"),
    Subject.COMPANION: Text("companion", "pendamping"),
    Subject.FAMILY: Text("family", "keluarga"),
    Subject.CARD: Text("card", "kartu"),
}


def ruled(store: Path, data: Path, keys: ReceiptKeyOptions, parameters: Path | None, json: bool) -> None:
    """The command. Raises what verifying, opening the books and reading parameters raise."""
    rules = find_rules()
    chosen = load_parameters(rules, parameters)
    with opened_books(store, data, keys, json) as (books, judged), progress(json) as bar:
        task = bar.add_task(say(Text("Applying the rules", "Menerapkan aturan")), total=len(rules))
        outcome = apply_rules(books, chosen, rules, lambda done, _: bar.update(task, completed=done))
    titles = {rule.code: rule.title for rule in rules}
    emit(
        "audit-rules", _as_dict(outcome, judged, store, data), json, lambda: Group(*_rendered(outcome, judged, titles))
    )


def _as_dict(outcome: RulesOutcome, judged: Judged, store: Path, data: Path) -> dict[str, Any]:
    return {
        "store": str(store),
        "data": str(data),
        "receipts": judged.report.lines,
        "genuine": judged.report.genuine,
        "findings": judged.report.found,
        "suspicions": [
            {
                "subject": one.subject.value,
                "who": one.who,
                "score": one.score,
                "visit": one.visit,
                "flags": [_flag_dict(flag) for flag in one.flags],
            }
            for one in outcome.suspicions
        ],
        "unjudged": [{"rule": one.rule, "why_en": one.why.en, "why_id": one.why.id} for one in outcome.unjudged],
        "parameters": {code: dict(one) for code, one in outcome.parameters.items()},
        "seconds": dict(outcome.seconds),
    }


def _flag_dict(flag: Flag) -> dict[str, Any]:
    peers = flag.peers
    return {
        "rule": flag.rule,
        "score": flag.score,
        "measure": flag.measure,
        "peers": {name: getattr(peers, name) for name in ("count", "least", "lower", "median", "upper", "most")},
        "reason_en": flag.reason.en,
        "reason_id": flag.reason.id,
        "receipts": [{"serial": serial, "seq": seq} for serial, seq in flag.receipts],
        "receipt_count": flag.receipt_count,
        "rupiah": flag.rupiah,
        "first_on": flag.first_on and flag.first_on.isoformat(),
        "last_on": flag.last_on and flag.last_on.isoformat(),
    }


def _rendered(outcome: RulesOutcome, judged: Judged, titles: dict[str, Text]) -> Iterator[RenderableType]:
    visits = [one for one in outcome.suspicions if one.visit]
    others = len(outcome.suspicions) - len(visits)
    yield sentence(
        Text(
            "{n} to visit, out of {genuine} genuine receipts.", "{n} perlu dikunjungi, dari {genuine} kuitansi asli."
        ).filled(n=len(visits), genuine=numeral(judged.report.genuine))
    )
    for one in visits:
        yield ""
        yield from _told(one, titles)
    if others:
        yield ""
        yield sentence(
            Text(
                f"Less than a visit is asked for of {others} more; --json lists them.",
                f"Ada {others} lagi yang belum perlu dikunjungi; lihat --json.",
            )
        )
    if outcome.unjudged:
        yield ""
        columns = ((Text("rule", "aturan"), "whole"), (Text("not judged, because", "tidak dinilai, karena"), "left"))
        yield table(
            Text("Not judged", "Tidak dinilai"), columns, ((one.rule, say(one.why)) for one in outcome.unjudged)
        )


def _told(one: Suspicion, titles: dict[str, Text]) -> Iterator[RenderableType]:
    head = Text("Visit {what} {who} (doubt {score:.0%})", "Kunjungi {what} {who} (keraguan {score:.0%})")
    yield sentence(head.filled(what=_SUBJECTS[one.subject], who=one.who, score=one.score), style="bold")
    for flag in one.flags:
        line = Text("  {rule} {title} ({score:.0%}): {reason}", "  {rule} {title} ({score:.0%}): {reason}")
        yield sentence(line.filled(rule=flag.rule, title=titles[flag.rule], score=flag.score, reason=flag.reason))
        if flag.receipts:
            shown = ", ".join(f"{serial}/{seq}" for serial, seq in flag.receipts)
            proof = Text(
                "     {amount} over {count} receipts, such as {shown}",
                "     {amount} pada {count} kuitansi, misalnya {shown}",
            )
            yield sentence(proof.filled(amount=rupiah(flag.rupiah), count=flag.receipt_count, shown=shown), style="dim")
