# SPDX-License-Identifier: Apache-2.0
"""What ends a measurement otherwise than well.

The tree::

    FindingsFound
      TamperOverlooked
    SsnCardError
      MeasureFailed
    ConfigurationError
      SoftTokenMissing
"""

from __future__ import annotations

from ssn_card.cli.errors import FindingsFound
from ssn_card.protocol.errors import NO_TEXT, SsnCardError, Text


class TamperOverlooked(FindingsFound):
    """The campaign planted a fault that was not found, a finding was made up, or two judges differ."""

    code = "tamper-overlooked"
    text = Text("Overlooked, made up or told differently: {found}.", "Terlewat, mengada-ada atau berbeda: {findings}.")
    remedy = Text(
        "Repeat it with the same --seed; --json names the kinds.",
        "Ulangi dengan --seed yang sama; --json menyebut jenisnya.",
    )


class MeasureFailed(SsnCardError):
    """A measurement ended before there was anything to tell; `where` is what was measured."""

    code = "measure-failed"
    text = Text("It could not be measured: {why}.", "Tidak dapat diukur: {why}.")
    remedy = Text(
        "Install what is missing: pip install 'ssn-card[audit,cluster]', and the package openssl. Is the disk full? "
        "--work-dir names another.",
        "Pasang yang kurang: pip install 'ssn-card[audit,cluster]', dan paket openssl. Bila cakram penuh, --work-dir "
        "menunjuk yang lain.",
    )
    where = "{name}"
    name: str
    why: Text = NO_TEXT
