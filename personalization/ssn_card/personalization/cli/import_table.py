# SPDX-License-Identifier: Apache-2.0
"""What an import took, as tables for people."""

from __future__ import annotations

from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text as Styled

from ssn_card.bank.store.tables.people import RowVerdict
from ssn_card.cli.output import say
from ssn_card.cli.tables import facts, sentence, table
from ssn_card.personalization.intake.importing import ImportReport
from ssn_card.protocol.errors import Text, rupiah

LINES_SHOWN: Final = 50  #: --json has them all

_TITLE: Final = Text("import {number}: {file}, policy {policy}", "impor {number}: {file}, kebijakan {policy}")
_ALREADY: Final = Text(
    "This file was taken in before, as import {number}; nothing was done.",
    "Berkas ini sudah pernah diambil, sebagai impor {number}; tidak ada yang dilakukan.",
)
_ROWS: Final = Text("rows", "baris")
_SUM: Final = Text("entitlement of all rows", "bantuan seluruh baris")
_VERDICTS: Final = {
    RowVerdict.ACCEPTED: Text("new persons", "orang baru"),
    RowVerdict.KNOWN: Text("known, unchanged", "sudah dikenal, tidak berubah"),
    RowVerdict.CHANGED: Text("corrected", "diperbaiki"),
    RowVerdict.HELD: Text("held for a decision", "ditahan, menunggu keputusan"),
    RowVerdict.REJECTED: Text("rejected", "ditolak"),
}
_MORE_COUNTS: Final = {
    "unchanged": Text("rows left as they were", "baris yang tidak diperbaiki"),
    "corrected_before": Text("corrected before", "sudah diperbaiki sebelumnya"),
    "not_ours": Text("rows without our mark, left out", "baris tanpa tanda kami, tidak dibaca"),
}
_AT: Final = Text("line", "baris")
_WHAT: Final = Text("verdict", "hasil")
_FIELD: Final = Text("column", "kolom")
_WHY: Final = Text("reason", "alasan")
_MORE: Final = Text("… and {count} more lines", "… dan {count} baris lagi")
_NEXT: Final = Text(
    "Correct them: ssn perso exceptions --import {number} --out FILE.xlsx",
    "Perbaiki: ssn perso exceptions --import {number} --out BERKAS.xlsx",
)
_DOUBLES: Final = Text("Decide who is whom: ssn bank doubles list", "Putuskan siapa yang sama: ssn bank doubles list")
_CORRECTIONS: Final = Text(
    "Cards that must change: ssn bank corrections", "Kartu yang harus diubah: ssn bank corrections"
)


def import_tables(report: ImportReport) -> RenderableType:
    """Totals, the lines that need a person, and what to do next."""
    number = report.import_id
    rows = [(_ROWS, str(report.rows)), (_SUM, rupiah(report.rupiah))]
    rows += [(text, str(report.verdicts.get(verdict, 0))) for verdict, text in _VERDICTS.items()]
    rows += [(_MORE_COUNTS[name], str(count)) for name, count in report.more.items() if count]
    title = _TITLE.filled(number=number, file=report.file, policy=report.policy_id)
    parts: list[RenderableType] = [facts(title, rows)]
    if report.already:
        return Group(*parts, sentence(_ALREADY.filled(number=number)))
    if report.lines:
        parts.append(_lines(report))
    if len(report.lines) > LINES_SHOWN:
        parts.append(Styled(say(_MORE.filled(count=len(report.lines) - LINES_SHOWN))))
    parts += [Styled(say(warning), style="bold red") for warning in report.warnings]
    if report.open_lines:
        parts.append(sentence(_NEXT.filled(number=number)))
    if "near_double" in report.reasons:
        parts.append(sentence(_DOUBLES))
    if report.verdicts.get(RowVerdict.CHANGED):
        parts.append(sentence(_CORRECTIONS))
    return Group(*parts)


def _lines(report: ImportReport) -> RenderableType:
    shown = [
        (str(one.line), say(_VERDICTS[one.verdict]), one.reason.field, say(one.reason.text))
        for one in report.lines[:LINES_SHOWN]
        if one.reason
    ]
    return table(None, ((_AT, "right"), (_WHAT, "left"), (_FIELD, "whole"), (_WHY, "left")), shown)
