# SPDX-License-Identifier: Apache-2.0
"""The report of ``ssn receipts verify``: what was not checked stands before what was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType

from ssn_card.protocol.errors import Text
from ssn_card.receipts import Finding, Problem, Report, Sources

from .figures import figure_rows
from .receipt_tables import findings_table
from .tables import facts, sentence

Note = tuple[str, Text]


def report_dict(report: Report, sources: Sources) -> dict[str, Any]:
    """For ``--json``; the lists hold the first findings of each kind, ``counts`` all of them."""
    return {
        "files": [{"file": name, "lines": lines} for name, lines in report.files.items()],
        **report.figures,
        "notes": [
            {"code": code, "message_en": text.en, "message_id": text.id} for code, text in notes(report, sources)
        ],
        "counts": {problem.name.lower(): count for problem, count in _by_kind(report)},
        "findings": [finding.as_dict() for finding in report.findings],
        "gaps": [gap.as_dict() for gap in report.gaps],
        "backdated": [one.as_dict() for one in report.backdated],
    }


def rendered(report: Report, sources: Sources) -> RenderableType:
    """The same for a person."""
    parts: list[RenderableType] = [_summary(report)]
    told = notes(report, sources)
    if told:
        parts += ["", *(sentence(text) for _, text in told)]
    if report.found:
        parts += ["", _counts(report), "", *_listed(report, report.findings, report.found, Text("Findings", "Temuan"))]
    if report.gaps:
        title = Text("Not handed in", "Belum diserahkan")
        parts += ["", *_listed(report, report.gaps, report.gap_count, title)]
    if report.backdated:
        parts += [
            "",
            *_listed(report, report.backdated, report.backdated_count, Text("Backdated", "Bertanggal mundur")),
        ]
    return Group(*parts)


def _by_kind(report: Report) -> list[tuple[Problem, int]]:
    """How often each kind was found, in the order of the checks."""
    return [(problem, report.counts[problem]) for problem in Problem if report.counts[problem]]


def notes(report: Report, sources: Sources) -> list[Note]:
    """What a reader must know before the figures, each with a code; the likeliest cause of everything else first."""
    return [
        *_of_keys(report),
        *_of_files(report, sources),
        *_of_baskets(report),
        *_of_ends(report),
        *_of_gaps(report),
        *_of_days(report),
    ]


def _of_keys(report: Report) -> Iterator[Note]:
    if report.wrong_keys:
        wrong, judged = report.wrong_macs, report.genuine + report.repeated + report.wrong_macs
        yield (
            "wrong-keys",
            Text(
                f"Wrong keys? {wrong} of {judged} MACs are wrong. Check whose keys these are, and their version, "
                "before you suspect the receipts.",
                f"Kuncinya salah? {wrong} dari {judged} MAC salah. Periksa dahulu milik siapa kunci ini dan versinya, "
                "sebelum mencurigai kuitansi.",
            ),
        )


def _of_files(report: Report, sources: Sources) -> Iterator[Note]:
    if report.empty_files:
        names = ", ".join(report.empty_files)
        yield "empty-files", Text(f"Empty, so nothing was checked of: {names}.", f"Kosong, tidak diperiksa: {names}.")
    if sources.passed_over:
        count, first, endings = len(sources.passed_over), sources.passed_over[0], ", ".join(sources.suffixes)
        yield (
            "passed-over",
            Text(
                f"Not read, for the name does not end in {endings}: {count} files, such as {first}.",
                f"Tidak dibaca karena namanya tidak berakhir {endings}: {count} berkas, misalnya {first}.",
            ),
        )


def _of_baskets(report: Report) -> Iterator[Note]:
    if report.counts[Problem.NO_BASKET] and report.without_basket == report.debits:
        yield (
            "no-baskets",
            Text(
                "No debit has its basket. Of a card's own log (ssn card log) that is right: give --no-baskets.",
                "Tidak ada debit dengan keranjang. Untuk catatan kartu sendiri (ssn card log) itu wajar: berikan "
                "--no-baskets.",
            ),
        )


def _of_ends(report: Report) -> Iterator[Note]:
    unchecked = report.cards - report.ends_checked
    if not report.tips:
        what = Text("No card's end was checked", "Akhir urutan tidak diperiksa pada kartu mana pun")
    elif unchecked:
        what = Text(
            f"Of {unchecked} of {report.cards} cards the end was not checked",
            f"Akhir urutan tidak diperiksa pada {unchecked} dari {report.cards} kartu",
        )
    else:
        return
    why = Text(
        ": their newest receipts, if withheld, do not show. Give --tips, from the cards themselves.",
        ": kuitansi terbaru yang ditahan tidak terlihat. Berikan --tips, dari kartunya sendiri.",
    )
    yield "ends-not-checked", Text(what.en + why.en, what.id + why.id)


def _of_gaps(report: Report) -> Iterator[Note]:
    if report.not_handed_in:
        yield (
            "not-handed-in",
            Text(
                f"{report.not_handed_in} receipts of these cards are in none of the files; other shops may hold them. "
                "If nothing else is to come, give --whole.",
                f"{report.not_handed_in} kuitansi kartu-kartu ini tidak ada di berkas mana pun; mungkin di toko lain. "
                "Bila tidak ada lagi yang akan datang, berikan --whole.",
            ),
        )


def _of_days(report: Report) -> Iterator[Note]:
    if report.backdated_count:
        yield (
            "backdated",
            Text(
                f"{report.backdated_count} movements are dated on a day before that of an earlier one of their card. "
                "Of two terminals one had a wrong clock: ask the shops which.",
                f"{report.backdated_count} transaksi bertanggal sebelum transaksi yang lebih awal pada kartunya. "
                "Jam salah satu terminal keliru: tanyakan ke toko.",
            ),
        )


def _summary(report: Report) -> RenderableType:
    names = list(report.files)
    title = (
        Text(f"Receipts of {names[0]}", f"Kuitansi {names[0]}")
        if len(names) == 1
        else Text(f"Receipts of {len(names)} files", f"Kuitansi dari {len(names)} berkas")
    )
    figures = {name: value for name, value in report.figures.items() if name != "receipts"}
    return facts(title, figure_rows(figures))


def _counts(report: Report) -> RenderableType:
    title = Text("Findings by kind", "Temuan menurut jenis")
    return facts(title, ((problem.value, str(count)) for problem, count in _by_kind(report)))


def _listed(report: Report, findings: list[Finding], of: int, title: Text) -> Iterator[RenderableType]:
    yield findings_table(title, findings, len(report.files) > 1)
    left = of - len(findings)
    if left > 0:
        yield sentence(
            Text(f"… and {left} more (--max-findings 0: all)", f"… dan {left} lagi (--max-findings 0: semua)")
        )
