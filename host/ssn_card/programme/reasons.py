# SPDX-License-Identifier: Apache-2.0
"""Why a value of the programme's data is refused, in both languages: pydantic's own words are English alone."""

from __future__ import annotations

from pydantic_core import ErrorDetails

from ssn_card.protocol.errors import Text

#: By pydantic's type of error; ``{…}`` are its particulars.
_REASONS = {
    "missing": "tidak ada",
    "extra_forbidden": "tidak dikenal",
    "int_type": "harus bilangan bulat",
    "int_parsing": "harus bilangan bulat",
    "int_from_float": "harus bilangan bulat",
    "bool_type": "harus true atau false",
    "bool_parsing": "harus true atau false",
    "string_type": "harus teks",
    "tuple_type": "harus daftar",
    "date_type": "harus tanggal",
    "date_parsing": "harus tanggal, seperti 2025-12-31",
    "date_from_datetime_parsing": "harus tanggal, seperti 2025-12-31",
    "date_from_datetime_inexact": "harus tanggal tanpa jam",
    "time_parsing": "harus jam, seperti 08:00",
    "time_type": "harus jam",
    "greater_than_equal": "sedikitnya {ge}",
    "greater_than": "harus di atas {gt}",
    "less_than_equal": "paling banyak {le}",
    "less_than": "harus di bawah {lt}",
    "string_too_short": "sedikitnya {min_length} karakter",
    "string_too_long": "paling banyak {max_length} karakter",
    "too_short": "sedikitnya {min_length} isian",
    "too_long": "paling banyak {max_length} isian",
    "string_pattern_mismatch": "bentuknya harus {pattern}",
}


class Unfit(ValueError):
    """For our own validators: pydantic hands it through, with its text."""

    def __init__(self, en: str, id: str) -> None:
        super().__init__(en)
        self.text = Text(en, id)


def reason_of(error: ErrorDetails) -> Text:
    """The reason of one complaint of pydantic, without a full stop."""
    particulars = error.get("ctx", {})
    own = particulars.get("error")
    if isinstance(own, Unfit):
        return own.text
    known = _REASONS.get(error["type"])
    return Text(error["msg"], known.format(**particulars) if known else f"nilai tidak dapat dipakai ({error['type']})")
