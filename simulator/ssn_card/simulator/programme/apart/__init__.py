# SPDX-License-Identifier: Apache-2.0
"""Fraud and honest look-alikes, for measuring rules: a package by each author, its ``SCHEMES``.

Each was written apart from the rules, by somebody who had not seen them; who writes or tunes rules does not read them
(docs/decisions/held-out-fraud.md). Authors share nothing but :mod:`..plan`: who copies others' ways repeats them.
"""
