# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn``. Other packages add their groups through the entry-point group ``ssn_card.cli``."""
