# SPDX-License-Identifier: Apache-2.0
"""``ssn applet``, told to the command line."""

from __future__ import annotations

from ssn_card.cli.groups import Group

applet = Group("ssn_card.applet_tools.cli:app", "The card's applet.\n\nApplet pada kartu.")
