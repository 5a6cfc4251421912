# SPDX-License-Identifier: Apache-2.0
"""Chapters of ``docs/protocol.md``, in order: each module renders one or a few of them."""
