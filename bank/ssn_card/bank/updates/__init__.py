# SPDX-License-Identifier: Apache-2.0
"""Updates of cards: runs that a second person approves, the register's numbers, bundles, and what has come."""
