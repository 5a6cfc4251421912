# SPDX-License-Identifier: Apache-2.0
"""``python -m ssn_card.cli``: the same as ``ssn``."""

from .start import main

main()
