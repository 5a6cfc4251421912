# SPDX-License-Identifier: Apache-2.0
"""What is shown to people, compared between widths and between languages."""

from __future__ import annotations

import re
from collections.abc import Callable

WIDE, NARROW = 400, 80
#: At ``(language, width)``: what is printed.
Show = Callable[[str, int], str]

#: Moments are one thing, although there is a blank in them.
_THINGS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?|\S+")
#: Words that are the same in both languages, names of codes and keys, and the programme's proper names.
_CODES = """debit receipt update override issuer registry transport select initialize json schema apdu pcsc
    beras gula telur minyak ayam susu kernel lockstep numpy perso stock spoil doubles list exceptions corrections
    cards lost"""
_NAMES = "dinas sosial kecamatan kelurahan palaran samarinda seberang siti rupiah nama desil"  # columns of the extract
_LOANWORDS = """terminal auditor bank operator total program applet simulator register buffer cipher commit header debug
    disk token tablet"""
SAME = frozenset(f"{_CODES} {_NAMES} {_LOANWORDS}".split())


def check_widths(show: Show) -> None:
    """At 80 columns nothing is broken in the middle, and nothing is lost."""
    for language in ("en", "id"):
        narrow = show(language, NARROW)
        lost = _things(show(language, WIDE)) - _things(narrow)
        assert not lost, f"{sorted(lost)} are broken or lost at {NARROW} columns:\n{narrow}"
        for line in narrow.splitlines():
            # What is longer than the screen stands alone, or it is a sentence, which the terminal may wrap.
            assert len(line) <= NARROW or max(map(len, line.split())) > 30 or "  " not in line, line


def check_languages(show: Show) -> None:
    """No word of one language is left in the other."""
    english, indonesian = _words(show("en", WIDE)), _words(show("id", WIDE))
    same = (english & indonesian) - SAME
    assert not same, f"{sorted(same)} are the same in English and Indonesian"
    assert indonesian, "nothing is said"


def _things(text: str) -> set[str]:
    """What must stay in one piece; check values, hashes and moments, which are others in each run, by their form."""
    found = _THINGS.findall(re.sub(r"\b(?:[0-9a-f]{6}|[0-9a-f]{64})\b", "000000", text))
    return {re.sub(r"\d", "0", one) if re.match(r"\d{4}-", one) else one for one in found}


def _words(text: str) -> set[str]:
    """Words of four letters and more; not paths, options, values with digits, or names in quotes."""
    plain = re.sub(r"'[^']*'|\S*[/\\.:=@\d_-]\S+|--\S+|\b[a-f]{6,8}\b|\b\w*\d\w*\b", " ", text)
    return {word.lower() for word in re.findall(r"[^\W\d_]{4,}", plain)}
