# SPDX-License-Identifier: Apache-2.0
"""The summary of an extract as rich tables, in English or Indonesian."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text as Styled

from ssn_card.cli.tables import facts, table
from ssn_card.personalization.intake.summary import Summary
from ssn_card.protocol.errors import Text, default_language, numeral

_TITLE = Text("{file}, policy {policy}", "{file}, kebijakan {policy}")
_LINES = Text("lines", "baris")
_ACCEPTED = Text("accepted", "diterima")
_REJECTED = Text("rejected", "ditolak")
_SUM = Text("entitlement, Rp", "jumlah bantuan, Rp")
_COMPANIONS = Text("companions", "pendamping")
_REASON = Text("rejected because", "ditolak karena")
_NOTE = Text("accepted with a note", "diterima dengan catatan")
_AT = Text("line", "baris")
_FIELD = Text("column", "kolom")
_WHY = Text("reason", "alasan")
_MORE = Text("… and {count} more lines", "… dan {count} baris lagi")

LINES_SHOWN = 50  #: rejected lines in the table; --json has them all


def summary_tables(summary: Summary, language: str | None = None, lines_shown: int = LINES_SHOWN) -> Group:
    """Totals, accepted by kecamatan, notes, rejected by reason and by line; ``language`` as in ``SSN_LANG``."""
    language = language or default_language()

    def say(text: Text) -> str:
        return text.in_language(language)

    def amount(number: int) -> str:
        return numeral(number).in_language(language)

    def counts(title: Text, rows: list[tuple[str, int]]) -> RenderableType:
        return table(
            None, ((title, "left"), (_LINES, "right")), ((name, amount(count)) for name, count in rows), language
        )

    totals = facts(
        _TITLE.filled(file=summary.file, policy=summary.policy_id),
        (
            (text, amount(number))
            for text, number in (
                (_LINES, summary.lines),
                (_ACCEPTED, summary.accepted),
                (_REJECTED, len(summary.rejected)),
                (_SUM, summary.entitlement_sum),
                (_COMPANIONS, summary.companions),
            )
        ),
        language,
    )
    parts: list[RenderableType] = [totals]
    if summary.by_region:
        parts.append(counts(Text("kecamatan", "kecamatan"), [(r.kecamatan, r.accepted) for r in summary.by_region]))
    if summary.by_note:
        parts.append(counts(_NOTE, [(say(note.text), count) for note, count in summary.by_note]))
    if summary.rejected:
        parts.append(counts(_REASON, [(say(count.reason), count.rows) for count in summary.by_reason]))
        columns = ((_AT, "right"), (_FIELD, "whole"), (_WHY, "left"))
        rejected = ((str(row.line), row.field, say(row.reason)) for row in summary.rejected[:lines_shown])
        parts.append(table(None, columns, rejected, language))
        if len(summary.rejected) > lines_shown:
            parts.append(Styled(say(_MORE.filled(count=amount(len(summary.rejected) - lines_shown)))))
    parts += [Styled(say(warning), style="bold red") for warning in summary.warnings]
    return Group(*parts)
