# SPDX-License-Identifier: Apache-2.0
"""Where the money is: by card, shop, kecamatan and policy, to the rupiah, and what cannot be placed with its bounds."""

from .reconciliation import RESULTS, Reconciliation, Totals, reconcile

__all__ = ["RESULTS", "Reconciliation", "Totals", "reconcile"]
