# SPDX-License-Identifier: Apache-2.0
"""``ssn bench``, told to the command line."""

from __future__ import annotations

from ssn_card.cli.groups import Group

bench = Group("ssn_card.bench.cli:app", "Measurements.\n\nPengukuran.")
