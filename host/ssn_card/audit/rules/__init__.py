# SPDX-License-Identifier: Apache-2.0
"""Rules that find, among genuine receipts, whom an auditor should visit (A1 to A18)."""
