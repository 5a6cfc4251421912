# SPDX-License-Identifier: Apache-2.0
"""Papers: card faces, the letters that carry cards, lists to hand them over by; and the jobs that print them."""
