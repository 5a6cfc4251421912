# SPDX-License-Identifier: Apache-2.0
"""``ssn perso``, told to the command line."""

from __future__ import annotations

from ssn_card.cli.groups import Group

perso = Group("ssn_card.personalization.cli.main:app", "Personalize cards.\n\nPersonalisasi kartu.")
