# SPDX-License-Identifier: Apache-2.0
"""Why a station's journal is not taken in. Nothing of it was, where one of these is raised.

The tree::

    BankError
      StationRefused (InputError)
        StationRowsUnknown
        StationRowsDiffer
        StationForked
"""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, Text

from ..errors import BankError


class StationRefused(BankError, InputError):
    """Root of the reasons for which a journal is not taken in as a whole."""

    code = "station-refused"
    where: str


class StationRowsUnknown(StationRefused):
    """The journal has cards of persons whom the store does not know."""

    code = "station-rows-unknown"
    text = Text(
        "The journal has cards of {count} persons whom the store does not know, such as line {line}.",
        "Jurnal memuat kartu {count} orang yang tidak dikenal simpanan data, misalnya baris {line}.",
    )
    remedy = Text(
        "Take in the extract that they were made from first (ssn perso import), or check whose journal this is.",
        "Masukkan dahulu data penerima asalnya (ssn perso import), atau periksa milik siapa jurnal ini.",
    )
    figures = ("count", "line")
    count: int
    line: int


class StationRowsDiffer(StationRefused):
    """The journal says that a card of a batch was made for somebody who does not stand in that line of it."""

    code = "station-rows-differ"
    text = Text(
        "Line {line} of {batch} is another person in the journal than in the store.",
        "Baris {line} dari {batch} adalah orang lain dalam jurnal dibanding simpanan data.",
    )
    remedy = Text(
        "One of them was changed. Keep both; verify the journal's log (ssn perso verify-log) and the store's "
        "(ssn bank verify-log).",
        "Salah satunya diubah. Simpan keduanya; periksa log jurnal (ssn perso verify-log) dan log simpanan data "
        "(ssn bank verify-log).",
    )
    figures = ("line",)
    batch: str
    line: int


class StationForked(StationRefused):
    """The journal tells another story than an earlier state of it that was taken in."""

    code = "station-forked"
    text = Text(
        "Row {row} of the journal's log says something else than when it was taken in before.",
        "Baris {row} log jurnal berbeda dari saat dimasukkan sebelumnya.",
    )
    remedy = Text(
        "The station has gone on with an old copy of its journal. Keep both, and stop that station until it is known "
        "which cards exist.",
        "Stasiun melanjutkan dengan salinan lama jurnalnya. Simpan keduanya, dan hentikan stasiun itu sampai jelas "
        "kartu mana yang ada.",
    )
    figures = ("row",)
    row: int
