# SPDX-License-Identifier: Apache-2.0
"""The pictures and figures of the documents, made from the card itself: never drawn or typed by hand.

``ssn sim figures`` writes all of them. Drawing needs matplotlib, the extra ``ssn-card[plots]``.
"""
