# SPDX-License-Identifier: Apache-2.0
"""The names of the projection's terms in both languages."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .project import Projection

_TERMS = {
    "line": Text("line", "jalur"),
    "AES": Text("AES", "AES"),
    "init": Text("cipher init", "init cipher"),
    "setKey": Text("setKey", "setKey"),
    "random": Text("random", "acak"),
    "write": Text("writes", "penulisan"),
    "bytecodes": Text("bytecodes", "bytecode"),
    "API calls": Text("API calls", "panggilan API"),
}


def unknown_terms(projection: Projection, language: str) -> str:
    """The terms that the projection leaves out, one after the other."""
    return ", ".join(_TERMS[term].in_language(language) for term in projection.unknown)
