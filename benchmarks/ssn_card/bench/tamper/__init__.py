# SPDX-License-Identifier: Apache-2.0
"""``ssn bench tamper``: faults of every kind planted in clean histories, and what of them is found.

:mod:`.card` is one card's receipts in a forger's hands, :mod:`.kinds` what he may do with them, :mod:`.world` a set of
files with many of his works in it, :mod:`.formats` these files in every format, :mod:`.campaign` the judges' answers.
"""
