# SPDX-License-Identifier: Apache-2.0
"""Policies: the shipped ones, the defaults the card needs, and every way a file can be wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ssn_card.programme import Policy, PolicyExpired, ProgrammeDataError, UnknownPolicyError, load_policies

GOOD = """# a comment, so that lines are not what they seem
[[policy]]
id = 2025
name = "A"
valid_from = 2025-10-01
valid_until = 2025-12-31
entitlement_total = 900_000
tranches = [600_000, 300_000]
monthly_limit = 600_000
package = 300_000
override_needs_companion = true
shops = 51
deciles = [1, 2, 3]
categories = ["BERAS", "SUSU"]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "p.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_policy_is_over_after_its_last_day_and_never_before() -> None:
    policy = load_policies().by_id(2025)
    for day in (date(2024, 1, 1), date(2025, 10, 1), date(2025, 12, 31)):
        policy.require_not_over(day)
    with pytest.raises(PolicyExpired) as caught:
        policy.require_not_over(date(2026, 1, 1))
    assert "2025-12-31" in caught.value.text.id
    assert "--allow-expired" in caught.value.remedy.id


def test_shipped_policies_are_the_programmes() -> None:
    policies = load_policies()
    assert [policy.id for policy in policies] == [2022, 2024, 2025]
    policy = policies.by_id(2024)
    assert (policy.entitlement_total, policy.monthly_limit, policy.tranches) == (1_800_000, 600_000, (900_000, 900_000))
    assert policy.category_mask() == 0b111_1111
    assert policies.by_id(2025).entitlement_total * 1_688 == 1_519_200_000
    assert policies.for_date(date(2025, 12, 31)).id == 2025


@pytest.mark.parametrize("day", [date(2023, 5, 1), date(2024, 6, 30), date(2026, 1, 1)])
def test_no_policy_outside_the_periods(day: date) -> None:
    with pytest.raises(UnknownPolicyError):
        load_policies().for_date(day)


def test_unknown_policy_id() -> None:
    with pytest.raises(UnknownPolicyError, match="1999"):
        load_policies().by_id(1999)


def test_defaults_for_the_cards_entitlement() -> None:
    policies = load_policies()
    with_companion, without = policies.by_id(2024), policies.by_id(2022)
    assert (with_companion.debit_max, with_companion.override_max, with_companion.pin_above) == (600_000, 600_000, None)
    assert (without.debit_max, without.override_max, without.tranches) == (450_000, 0, (450_000,))
    assert without.allows_decile(10)
    assert not with_companion.allows_decile(6)


def test_given_values_win_over_defaults(tmp_path: Path) -> None:
    text = GOOD + "debit_max = 300_000\noverride_max = 100_000\npin_above = 150_000\n"
    policy = load_policies(written(tmp_path, text)).by_id(2025)
    assert (policy.debit_max, policy.override_max, policy.pin_above) == (300_000, 100_000, 150_000)


def test_loads_are_totals() -> None:
    policy = load_policies().by_id(2024)
    assert [policy.loaded_after(1), policy.loaded_after(2)] == [900_000, 1_800_000]
    for tranche in (0, 3):
        with pytest.raises(UnknownPolicyError):
            policy.loaded_after(tranche)


def test_loads_expire_one_after_the_other(tmp_path: Path) -> None:
    policy = load_policies(written(tmp_path, GOOD + "expires = [2025-11-30, 2025-12-31]\n")).by_id(2025)
    one, both = 600_000, 900_000
    days = [date(2025, 11, 30), date(2025, 12, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [policy.expired_after(both, day) for day in days] == [0, 600_000, 600_000, 900_000]
    assert [policy.expired_after(one, day) for day in days] == [0, 600_000, 600_000, 600_000]
    november, december = policy.expires
    assert [policy.next_expiry(both, day) for day in days] == [november, december, december, None]
    assert [policy.next_expiry(one, day) for day in days] == [november, None, None, None]
    assert policy.next_expiry(0, days[0]) is None


def test_nothing_expires_by_itself_where_the_policy_names_no_day() -> None:
    policy = load_policies().by_id(2025)
    assert (policy.expires, policy.next_expiry(900_000, date(2030, 1, 1))) == ((), None)
    assert policy.expired_after(900_000, date(2030, 1, 1)) == 0


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("monthly_limit = 600_000", "monthly_limit = -1", "p.toml:9 monthly_limit"),
        ("monthly_limit = 600_000", 'monthly_limit = "600000"', "p.toml:9 monthly_limit"),
        ("monthly_limit = 600_000", "monthly_limit = true", "p.toml:9 monthly_limit"),
        ("entitlement_total = 900_000", "entitlement_total = 2_147_483_648", "p.toml:7 entitlement_total"),
        ("valid_from = 2025-10-01", 'valid_from = "soon"', "p.toml:5 valid_from"),
        ("id = 2025", "id = 65536", "p.toml:3 id"),
        ("deciles = [1, 2, 3]", "deciles = [1, 3, 2]", "p.toml:13 deciles"),
        ("deciles = [1, 2, 3]", "deciles = [0]", "p.toml:13 deciles.0"),
        ('"SUSU"', '"ROKOK"', "p.toml:14 categories"),
        ("shops = 51", "shops = 51\nfee = 500", "p.toml:13 fee"),
        ('name = "A"\n', "", "p.toml:2 name"),
        ("300_000]", "200_000]", "p.toml:2"),
        ("package = 300_000", "package = 250_000", "p.toml:2"),
        ("valid_until = 2025-12-31", "valid_until = 2025-09-30", "p.toml:2"),
        ('"SUSU"', '"BERAS"', "p.toml:2"),
        ("shops = 51", "shops = 51\ndebit_max = 1_200_001", "p.toml:2"),
        ("override_needs_companion = true", "override_max = 1", "p.toml:2"),
        ("id = 2025", "id = = 2025", "p.toml:3"),
        ("shops = 51", "shops = 51\nexpires = [2025-12-31]", "p.toml:2"),
        ("shops = 51", "shops = 51\nexpires = [2025-12-31, 2025-11-30]", "p.toml:2"),
        ("shops = 51", "shops = 51\nexpires = [2025-09-30, 2025-12-31]", "p.toml:2"),
        ("shops = 51", "shops = 51\nexpires = [1, 2]", "p.toml:13 expires.0"),
    ],
)
def test_errors_name_line_and_field(tmp_path: Path, old: str, new: str, where: str) -> None:
    assert old in GOOD
    with pytest.raises(ProgrammeDataError) as caught:
        load_policies(written(tmp_path, GOOD.replace(old, new)))
    assert caught.value.where == where
    assert caught.value.text.id


def test_error_in_the_second_policy_names_its_own_line(tmp_path: Path) -> None:
    second = GOOD.replace("2025", "2026").replace("shops = 51", "shops = -1")
    with pytest.raises(ProgrammeDataError) as caught:
        load_policies(written(tmp_path, GOOD + second))
    assert caught.value.where == "p.toml:26 shops"


def test_one_id_twice_and_overlapping_periods(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeDataError, match="twice"):
        load_policies(written(tmp_path, GOOD + GOOD.replace("2025-", "2026-")))
    with pytest.raises(ProgrammeDataError, match="overlap"):
        load_policies(written(tmp_path, GOOD + GOOD.replace("id = 2025", "id = 7")))


@pytest.mark.parametrize("text", ["", "policy = 1", "[policy]\nid = 1", GOOD + '[other]\nx = "y"'])
def test_other_documents(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProgrammeDataError):
        load_policies(written(tmp_path, text))


def test_missing_file_and_wrong_encoding(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeDataError, match=r"none\.toml"):
        load_policies(tmp_path / "none.toml")
    path = tmp_path / "p.toml"
    path.write_bytes(GOOD.replace('"A"', '"Zoé"').encode("cp1252"))
    with pytest.raises(ProgrammeDataError) as caught:
        load_policies(path)
    assert caught.value.where == "p.toml:4"


def test_a_policy_is_frozen() -> None:
    policy: Any = load_policies().by_id(2025)
    with pytest.raises(ValidationError):
        policy.monthly_limit = 1


def test_a_zero_limit_is_refused() -> None:
    values = load_policies().by_id(2025).model_dump() | {"monthly_limit": 0, "package": None, "override_max": 0}
    with pytest.raises(ValidationError, match="monthly_limit"):
        Policy.model_validate(values)
