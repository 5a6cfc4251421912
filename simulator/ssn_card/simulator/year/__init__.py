# SPDX-License-Identifier: Apache-2.0
"""Histories of cards by the million, with the real layouts and keys: what a year of receipts looks like.

:mod:`.deck` is the card's rules for many cards at once, :mod:`.histories` what banks, shops and families do with them,
:mod:`.exports` the files in which receipts reach an auditor.
"""
