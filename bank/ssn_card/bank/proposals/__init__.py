# SPDX-License-Identifier: Apache-2.0
"""What takes two people: batches of cards and entitlement runs, from the draft to what is done."""
