# SPDX-License-Identifier: Apache-2.0
"""Errors of setting papers.

The tree::

    SsnCardError
      PaperNotSet
"""

from __future__ import annotations

from ssn_card.protocol.errors import SsnCardError, Text


class PaperNotSet(SsnCardError):
    """The template and what it was given do not fit; ``where`` is the template."""

    code = "paper-not-set"
    text = Text("The paper could not be set: {why}", "Dokumen tidak dapat disusun: {why}")
    remedy = Text("This is a bug: please report it.", "Ini kesalahan program: mohon laporkan.")
    why: str
    where: str
