# SPDX-License-Identifier: Apache-2.0
"""The centre: persons, batches, approvals, cards, updates, paper and outreach, in one store."""
