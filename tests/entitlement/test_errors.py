# SPDX-License-Identifier: Apache-2.0
"""What a clerk reads when an update is not issued: which card, which figures, in both languages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.entitlement.test_update import SERIAL

from ssn_card.entitlement import errors
from ssn_card.protocol.errors import SsnCardError

DAY = dt.date(2026, 3, 31)
CARD = SERIAL.hex()
#: An error, what it is about, its place, what both texts say, and what a program is told besides.
TOLD: list[tuple[type[SsnCardError], tuple[Any, ...], str, tuple[str, ...], dict[str, object]]] = [
    (errors.UpdateFileTaken, (Path("a.jsonl"),), "a.jsonl", (), {}),
    (
        errors.UpdateSeqUsed,
        (
            SERIAL,
            4,
            7,
        ),
        "--update-seq",
        (CARD, " 7", " 4 "),
        {"serial": CARD, "newest_update_seq": 7},
    ),
    (
        errors.NotInRegister,
        (
            SERIAL,
            4,
            "--serial",
        ),
        "--serial",
        (CARD, " 4 "),
        {},
    ),
    (
        errors.StatusOutdated,
        (
            SERIAL,
            4,
            7,
            "--status",
        ),
        "--status",
        (CARD, " 4", " 7"),
        {},
    ),
    (
        errors.RegisterOutdated,
        (
            SERIAL,
            7,
            4,
            "a:1",
        ),
        "a:1",
        (CARD, " 7", " 4."),
        {},
    ),
    (
        errors.StatusDiffers,
        (
            SERIAL,
            "debit_max",
            "--status",
        ),
        "--status",
        (CARD, "debit_max "),
        {},
    ),
    (
        errors.EntitlementExpired,
        (
            DAY,
            "--valid-until",
        ),
        "--valid-until",
        (" 2026-03-31.",),
        {},
    ),
    (
        errors.UpdateShrinks,
        (
            SERIAL,
            "pin_count",
        ),
        CARD,
        ("pin_count ", CARD),
        {"serial": CARD, "field": "pin_count"},
    ),
    (
        errors.ExpiryTooEarly,
        (
            SERIAL,
            DAY,
        ),
        CARD,
        (CARD, " 2026-03-31:"),
        {"serial": CARD, "valid_until": "2026-03-31"},
    ),
    (
        errors.ValidBeyondExpiry,
        (
            DAY,
            2024,
        ),
        "--valid-until",
        (" 2024 ", " 2026-03-31;"),
        {},
    ),
    (
        errors.MendingUnconfirmed,
        (
            SERIAL,
            2,
        ),
        CARD,
        (CARD, " 2"),
        {"serial": CARD, "mend_count": 2},
    ),
]


@pytest.mark.parametrize(("kind", "about", "where", "said", "details"), TOLD)
def test_both_languages_say_what_it_is_about(
    kind: type[SsnCardError], about: tuple[Any, ...], where: str, said: tuple[str, ...], details: dict[str, object]
) -> None:
    error = kind(*about)
    assert error.where == where
    assert error.details == details
    for text in error.text:
        assert text
        assert all(one in text for one in said)
    assert error.text.en != error.text.id
    assert all(error.remedy)
