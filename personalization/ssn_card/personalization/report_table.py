# SPDX-License-Identifier: Apache-2.0
"""The summary of an extract as rich tables, in English or Indonesian."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as Styled

from ssn_card.personalization.report import Summary
from ssn_card.protocol.errors import Text, default_language

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
        return f"{number:,}".replace(",", "." if language == "id" else ",")

    def counts(title: Text, rows: list[tuple[str, int]]) -> Table:
        table = Table(say(title))
        table.add_column(say(_LINES), justify="right")
        for name, count in rows:
            # Styled: square brackets in a name are not markup.
            table.add_row(Styled(name), amount(count))
        return table

    title = Styled(say(_TITLE.filled(file=summary.file, policy=summary.policy_id)), style="bold")
    totals = Table(show_header=False)
    totals.add_column()
    totals.add_column(justify="right")
    for text, number in (
        (_LINES, summary.lines),
        (_ACCEPTED, summary.accepted),
        (_REJECTED, len(summary.rejected)),
        (_SUM, summary.entitlement_sum),
        (_COMPANIONS, summary.companions),
    ):
        totals.add_row(say(text), amount(number))

    parts: list[RenderableType] = [title, totals]
    if summary.by_region:
        parts.append(counts(Text("kecamatan", "kecamatan"), [(r.kecamatan, r.accepted) for r in summary.by_region]))
    if summary.by_note:
        parts.append(counts(_NOTE, [(say(note.text), count) for note, count in summary.by_note]))
    if summary.rejected:
        parts.append(counts(_REASON, [(say(count.reason), count.rows) for count in summary.by_reason]))
        lines = Table(say(_AT), say(_FIELD), say(_WHY))
        for row in summary.rejected[:lines_shown]:
            lines.add_row(str(row.line), row.field, Styled(say(row.reason)))
        parts.append(lines)
        if len(summary.rejected) > lines_shown:
            parts.append(Styled(say(_MORE.filled(count=amount(len(summary.rejected) - lines_shown)))))
    parts += [Styled(say(warning), style="bold red") for warning in summary.warnings]
    return Group(*parts)
