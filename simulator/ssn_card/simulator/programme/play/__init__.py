# SPDX-License-Identifier: Apache-2.0
"""A script played to the cards, by the card's rules in numpy or by the real applet, and all that is written of it."""
