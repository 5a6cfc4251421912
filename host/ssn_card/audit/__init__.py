# SPDX-License-Identifier: Apache-2.0
"""Bulk verification: what :mod:`ssn_card.receipts` says of receipts, said of millions in seconds (``[audit]``)."""
