# SPDX-License-Identifier: Apache-2.0
"""Errors of the auditor's report.

The tree::

    ConfigurationError
      ReportNotWritten
    InputError
      NoReasonForNames
"""

from __future__ import annotations

from ssn_card.protocol.errors import ConfigurationError, InputError, Text


class ReportNotWritten(ConfigurationError):
    """The folder of the report cannot be written; nothing of it is left."""

    code = "report-not-written"
    text = Text("The report cannot be written: {why}.", "Laporan tidak dapat ditulis: {why}.")
    remedy = Text(
        "Give a folder that does not exist yet, or is empty, where you may write; no report is ever replaced.",
        "Berikan folder yang belum ada atau kosong, di tempat yang boleh ditulisi; laporan tidak pernah diganti.",
    )
    why: Text
    where: str


class NoReasonForNames(InputError):
    """Personal data were asked for with a reason that says nothing."""

    code = "no-reason-for-names"
    text = Text("The reason for personal data is empty.", "Alasan untuk data pribadi kosong.")
    remedy = Text(
        "Say in a sentence why names are needed: it stands in the report. Or leave the option out.",
        "Tulis alasan nama diperlukan dalam satu kalimat: alasan itu tercantum di laporan. Atau hilangkan pilihannya.",
    )
    where: str
