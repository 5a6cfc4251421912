# SPDX-License-Identifier: Apache-2.0
"""``ssn demo``, told to the command line."""

from __future__ import annotations

from ssn_card.cli.groups import Command

demo = Command(
    "ssn_card.demo.cli:demo",
    "The whole journey on 25 simulated cards.\n\nSeluruh alur pada 25 kartu simulasi.",
)
