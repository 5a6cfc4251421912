# SPDX-License-Identifier: Apache-2.0
"""Who does what, when and why: the year before any card is touched."""
