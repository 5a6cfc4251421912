# SPDX-License-Identifier: Apache-2.0
"""What the bank's store takes in from personalization stations, whose journals stay the truth of their places."""
