# SPDX-License-Identifier: Apache-2.0
"""What cannot be a person's name: damage by a spreadsheet or a conversion, and what is typed where no name is known.

Names of every script and length are taken, one letter too; what is refused here is never somebody's name.
"""

from __future__ import annotations

import re
import unicodedata

from . import reasons
from .reasons import Rule

_FORMULA = "=+-@"  # characters with which a spreadsheet starts to compute
_HIDDEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")  # Unicode categories: control, format, private, surrogate, separators
_SYMBOLS = frozenset("<>{}[]\\|;")  # markup and code; and pictures, category So
_BEYOND_ASCII = re.compile("[^\x00-\x7f]{2,}")

#: What people and programs write where a name is missing, as letters only.
_PLACEHOLDERS = re.compile(
    "(tidak|tdk|tak|gak|belum)(tahu|ada|adanama|diketahui|bernama)|nama(tidak|belum)(ada|diketahui)|tanpanama"
    "|kosong|nihil|anonim|nama|namalengkap|tes|test|testing|coba|percobaan|contoh|dummy|asdf|asdfgh|qwerty"
    "|null|nil|none|nan|unknown|noname|anonymous|notavailable|notapplicable|undefined|name|tba|tbd|nn"
)
#: "NA" as data programs write it; a person may be called Na, or Nan.
_NOT_AVAILABLE = re.compile(r"NA|na|[Nn]\s?[/.\\]\s?[Aa]\.?")
_REAL = ("Nan", "Nil", "Nama")  # written as a name, these may be one
_ONE_LETTER = re.compile(r"(\w)\1{2,}|xx")
_ERROR_VALUE = re.compile(r"#[A-Z/0]+[!?]?")  # "#N/A", "#REF!"


def name_fault(name: str) -> Rule | None:
    """Why this is no name, or ``None``. ``name``: normal form C, without surrounding blanks."""
    if not name:
        return reasons.NAME_EMPTY
    # NFKC: some spreadsheets also compute after the full-width forms of these characters.
    if unicodedata.normalize("NFKC", name[0])[0] in _FORMULA:
        return reasons.NAME_FORMULA
    categories = {unicodedata.category(character) for character in name}
    if not categories.isdisjoint(_HIDDEN):
        return reasons.NAME_CONTROL
    if "\N{REPLACEMENT CHARACTER}" in name or _twice_encoded(name):
        return reasons.NAME_LOST
    if not any(character.isalpha() for character in name):
        return reasons.NAME_LETTERS
    if _placeholder(name):
        return reasons.NAME_PLACEHOLDER
    if not categories.isdisjoint(("Nd", "No")):
        return reasons.NAME_DIGITS
    if "So" in categories or not _SYMBOLS.isdisjoint(name):
        return reasons.NAME_SYMBOL
    return None


def _placeholder(name: str) -> bool:
    if _NOT_AVAILABLE.fullmatch(name) or _ERROR_VALUE.fullmatch(name):
        return True
    letters = "".join(character for character in name.casefold() if character.isalpha())
    return bool(_ONE_LETTER.fullmatch(letters) or (_PLACEHOLDERS.fullmatch(letters) and name not in _REAL))


def _twice_encoded(name: str) -> bool:
    """Whether UTF-8 was once read as Windows-1252, as in ``ZoÃ©``: real names do not come out as UTF-8 again."""
    return any(map(_utf8_again, _BEYOND_ASCII.findall(name))) or "ÃÂ" in name


def _utf8_again(letters: str) -> bool:
    try:
        letters.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True
