# SPDX-License-Identifier: Apache-2.0
"""``ssn sim`` and ``ssn card cost``, told to the command line."""

from __future__ import annotations

from ssn_card.cli.groups import Command, Group

sim = Group("ssn_card.simulator.cli:app", "Simulated cards.\n\nKartu simulasi.")
cost = Command(
    "ssn_card.simulator.cost.cli:cost",
    "Project the time of each command on real cards, from counts and measured operations.\n\n"
    "Perkirakan waktu setiap perintah pada kartu nyata, dari cacahan dan pengukuran.",
)
