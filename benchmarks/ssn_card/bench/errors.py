# SPDX-License-Identifier: Apache-2.0
"""What ends a measurement otherwise than well.

The tree::

    FindingsFound
      TamperOverlooked
"""

from __future__ import annotations

from ssn_card.cli.errors import FindingsFound
from ssn_card.protocol.errors import Text


class TamperOverlooked(FindingsFound):
    """The campaign planted a fault that was not found, a finding was made up, or two judges differ."""

    code = "tamper-overlooked"
    text = Text("Overlooked, made up or told differently: {found}.", "Terlewat, mengada-ada atau berbeda: {findings}.")
    remedy = Text(
        "Repeat it with the same --seed; --json names the kinds.",
        "Ulangi dengan --seed yang sama; --json menyebut jenisnya.",
    )
