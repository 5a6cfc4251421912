# SPDX-License-Identifier: Apache-2.0
"""Control totals and journal status as rich tables, in English or Indonesian."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from rich.console import Group, RenderableType
from rich.text import Text as Styled

from ssn_card.cli.tables import facts, table
from ssn_card.cli.words import NONE
from ssn_card.personalization.journal.letters import LetterState
from ssn_card.personalization.journal.records import BatchStatus, Entry, NumberState
from ssn_card.personalization.station.report import BatchReport, Stop, Verdict
from ssn_card.protocol.errors import Text, default_language, numeral

_VERDICTS = {
    Verdict.ISSUED: Text("issued in this run", "diterbitkan sekarang"),
    Verdict.RECOVERED: Text("recovered after an interrupted run", "dipulihkan setelah proses terputus"),
    Verdict.ALREADY: Text("issued before", "sudah diterbitkan"),
    Verdict.WAITING: Text("waiting for a card", "menunggu kartu"),
    Verdict.IN_DOUBT: Text("in doubt", "belum pasti"),
    Verdict.REFUSED: Text("refused: family has a card", "ditolak: keluarga sudah punya kartu"),
    Verdict.REJECTED: Text("rejected rows", "baris ditolak"),
}
_STOPS = {
    Stop.OUT_OF_CARDS: Text(
        "Out of cards: run the same command again.", "Kartu habis: jalankan perintah yang sama lagi."
    ),
    Stop.LIMIT: Text("Limit reached.", "Batas jumlah tercapai."),
    Stop.INTERRUPTED: Text(
        "Interrupted after a whole card; run the same command again.",
        "Dihentikan setelah satu kartu utuh; jalankan perintah yang sama lagi.",
    ),
    Stop.BAD_CARDS: Text(
        "Too many cards failed in a row: check reader and stock.",
        "Terlalu banyak kartu gagal berturut-turut: periksa pembaca dan persediaan.",
    ),
    Stop.KEYS: Text("Stopped: the cards refuse the station's keys.", "Dihentikan: kartu menolak kunci stasiun."),
    Stop.PREPARED: Text("Planned only; no card was touched.", "Hanya direncanakan; tidak ada kartu yang disentuh."),
}
_IN_DOUBT = Text(
    "In doubt, lines {lines}: these cards may be complete. Run the same command again and show them to the station, "
    "or declare them lost; ssn perso status names them, ssn perso lost declares.",
    "Belum pasti, baris {lines}: kartunya mungkin sudah jadi. Jalankan perintah yang sama dan tunjukkan kartu itu, "
    "atau nyatakan hilang; ssn perso status menyebutnya, ssn perso lost menyatakannya.",
)
_CHANGED = Text(
    "Line {line}: card {serial} was made from other data of the same person.",
    "Baris {line}: kartu {serial} dibuat dari data lain orang yang sama.",
)
_CORRECT = Text("Put such a card into the reader, and: {command}", "Masukkan kartu itu ke pembaca, lalu: {command}")
_UNBALANCED = Text("The totals do not add up: report this.", "Jumlah tidak cocok: laporkan ini.")
_LETTERS = Text("PIN letters: {counts}", "Surat PIN: {counts}")
_LINES_SHOWN = 20


def report_table(report: BatchReport, language: str | None = None, correcting: str | None = None) -> Group:
    """The control totals, and what is left to do; ``correcting``: the command that corrects a card's data."""
    language = language or default_language()

    def say(text: Text) -> str:
        return text.in_language(language)

    def row(text: Text, number: int) -> tuple[Text, str]:
        return text, numeral(number).in_language(language)

    rows = [row(Text("lines", "baris"), report.summary.lines)]
    rows += [
        row(text, report.verdicts[verdict])
        for verdict, text in _VERDICTS.items()
        if report.verdicts[verdict] or verdict is Verdict.ISSUED
    ]
    rows += [
        row(Text("cards of this file", "kartu dari berkas ini"), report.cards),
        row(Text("their entitlement, Rp", "jumlah bantuannya, Rp"), report.cards * report.entitlement),
        row(Text("cards put aside", "kartu disisihkan"), report.failed_cards),
        row(Text("cards lost", "kartu hilang"), report.lost_cards),
    ]
    title = Text("{file}, policy {policy}", "{file}, kebijakan {policy}")
    title = title.filled(file=report.summary.file, policy=report.summary.policy_id)
    parts: list[RenderableType] = [facts(title, rows, language)]
    for refused in report.refused[:_LINES_SHOWN]:
        parts.append(Styled(f"{refused.line} {refused.field}: {say(refused.reason)}"))
    if report.in_doubt:
        parts.append(Styled(say(_IN_DOUBT.filled(lines=_some(report.in_doubt))), style="bold red"))
    if report.changed:
        parts += _changed(report.changed, language, correcting)
    if report.stop is not None:
        parts.append(Styled(say(_STOPS[report.stop]), style="bold"))
    if report.last_error is not None:
        parts.append(Styled(report.last_error.describe(language)))
    if not report.balanced:
        parts.append(Styled(say(_UNBALANCED), style="bold red"))
    return Group(*parts)


def _changed(changed: Mapping[int, bytes], language: str, correcting: str | None) -> Iterator[Styled]:
    for line, serial in islice(changed.items(), _LINES_SHOWN):
        yield Styled(_CHANGED.filled(line=line, serial=serial.hex().upper()).in_language(language))
    if len(changed) > _LINES_SHOWN:
        yield Styled("…")
    if correcting is not None:
        yield Styled(_CORRECT.filled(command=correcting).in_language(language), no_wrap=True, overflow="ignore")


def status_table(
    batches: Iterable[BatchStatus],
    in_doubt: Iterable[Entry],
    letters: Mapping[str, int],
    language: str | None = None,
) -> Group:
    """Batches with the numbers in each state, the cards in doubt, and PIN letters by state, if there are any."""
    language = language or default_language()
    columns = (
        (Text("file", "berkas"), "left"),
        (Text("policy", "kebijakan"), "right"),
        *((state.text, "right") for state in NumberState),
        (Text("started", "mulai"), "whole"),
        (Text("finished", "selesai"), "whole"),
    )
    rows = (
        (
            batch.file,
            str(batch.policy),
            *(str(batch.states.get(state, 0)) for state in NumberState),
            batch.started,
            batch.finished or NONE,
        )
        for batch in batches
    )
    parts: list[RenderableType] = [table(None, columns, rows, language)]
    for entry in in_doubt:
        serial = (entry.serial or b"").hex().upper()
        text = Text("in doubt: card {serial}, line {line}", "belum pasti: kartu {serial}, baris {line}")
        parts.append(Styled(text.filled(serial=serial, line=entry.line).in_language(language), style="bold red"))
    if any(letters.values()):
        states = ((LetterState(state).text.in_language(language), count) for state, count in letters.items())
        counts = ", ".join(f"{state} {numeral(count).in_language(language)}" for state, count in states)
        parts.append(Styled(_LETTERS.filled(counts=counts).in_language(language)))
    return Group(*parts)


def _some(lines: list[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:_LINES_SHOWN])
    return shown + (", …" if len(lines) > _LINES_SHOWN else "")
