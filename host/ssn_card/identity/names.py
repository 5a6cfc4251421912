# SPDX-License-Identifier: Apache-2.0
"""A person's name as a card carries it."""

from __future__ import annotations

import unicodedata

from ssn_card.protocol.values import MAX_NAME

_WORD_MIN = 20  #: bytes that must be left for a cut at a word; else a long last word is cut inside


def name_on_card(name: str) -> str:
    """The name as the card carries it: blanks trimmed, normal form C, at most 40 bytes of UTF-8.

    A longer name ends after its last whole word that fits; where that would leave less than 20 bytes, after the last
    whole letter with all its accents. Applied twice it changes nothing.
    ``name`` must be free of lone surrogates.
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if len(name.encode("utf-8")) <= MAX_NAME:
        return name
    end = 0
    size = 0
    for character in name:
        size += len(character.encode("utf-8"))
        if size > MAX_NAME:
            break
        end += 1
    words = name[:end] if name[end] == " " else name[:end].rpartition(" ")[0]
    if len(words.encode("utf-8")) >= _WORD_MIN:
        return words
    whole = end
    while whole and unicodedata.combining(name[whole]):
        whole -= 1
    return name[: whole or end].rstrip()
