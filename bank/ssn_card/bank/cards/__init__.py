# SPDX-License-Identifier: Apache-2.0
"""Cards: their moves, the proof of them, and money that changes from one to the next."""
