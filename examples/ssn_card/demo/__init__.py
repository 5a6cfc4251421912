# SPDX-License-Identifier: Apache-2.0
"""``ssn demo``: the whole journey on simulated cards, from a registry extract to audited receipts."""
