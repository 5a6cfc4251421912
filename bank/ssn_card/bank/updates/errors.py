# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with runs of updates.

The tree::

    BankError
      RunOutdated (InputError)
      RunNotIssued (InputError)
      RunOrderUnfit (InputError)
"""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, Text

from ..errors import BankError


class RunOutdated(BankError, InputError):
    """What was approved is no longer what these cards are to get: another update, a day, or their life came between."""

    code = "run-outdated"
    text = Text(
        "{count} cards of run {name} would get something else now: {serials}.",
        "{count} kartu dari tindakan {name} kini akan mendapat yang lain: {serials}.",
    )
    remedy = Text(
        "Nothing was issued. Cancel the run and make it anew: ssn bank runs cancel, ssn bank runs new.",
        "Belum ada yang diterbitkan. Batalkan dan buat lagi: ssn bank runs cancel, ssn bank runs new.",
    )
    where = "{name}"
    figures = ("count",)
    name: str
    count: int
    serials: str


class RunNotIssued(BankError, InputError):
    """Only what was approved is issued."""

    code = "run-not-issued"
    text = Text("Run {name} is {stage}: nothing was issued.", "Tindakan {name} berstatus {stage}: belum diterbitkan.")
    remedy = Text(
        "A second person approves it: ssn bank runs approve.", "Orang kedua menyetujuinya: ssn bank runs approve."
    )
    where = "{name}"
    name: str
    stage: Text


class RunOrderUnfit(BankError, InputError):
    """Something that this kind of run needs is missing."""

    code = "run-order"
    text = Text("A run of kind {kind} needs {needed}.", "Tindakan jenis {kind} memerlukan {needed}.")
    remedy = Text("Give it: ssn bank runs new --help.", "Berikan: ssn bank runs new --help.")
    where = "{needed}"
    kind: str
    needed: str
