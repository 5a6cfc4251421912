# SPDX-License-Identifier: Apache-2.0
"""What looks like fraud and is none: how people come, when, what they buy, and what a shop has on its shelf."""
