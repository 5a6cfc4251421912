# SPDX-License-Identifier: Apache-2.0
"""An entitlement's limits, its bytes, and its MAC, against the independent messages of tests/model."""

from __future__ import annotations

import dataclasses
import datetime as dt

import hypothesis.strategies as st
import pytest
from hypothesis import given
from tests.model import wire

from ssn_card.entitlement import Entitlement, issue
from ssn_card.keys.development import DevelopmentKeyring, development_master
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import KeySelection, LifeState

TOP = (1 << 31) - 1
AMOUNTS = ["update_seq", "loaded_total", "expired_total", "monthly_limit", "override_max", "debit_max", "pin_above"]
PLAIN = Entitlement(
    update_seq=3,
    loaded_total=900_000,
    monthly_limit=600_000,
    override_max=300_000,
    debit_max=500_000,
    allowed_categories=0x7F,
    valid_until=dt.date(2025, 12, 31),
    state=LifeState.ACTIVE,
    policy_id=2025,
    issued_at=dt.datetime(2025, 10, 1, 8, 0, 0),
)
SERIAL = bytes.fromhex("5353000000000042")
TWO_VERSIONS = DevelopmentKeyring({(KeyLabel.UPDATE, v): development_master(KeyLabel.UPDATE, v) for v in (1, 2)}, "2")


def changed(**values: object) -> Entitlement:
    return dataclasses.replace(PLAIN, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", AMOUNTS)
def test_amounts_end_below_two_to_the_31(name: str) -> None:
    others = {other: 0 for other in ("monthly_limit", "override_max") if other != name}
    others |= {"loaded_total": TOP} if name == "expired_total" else {}
    assert getattr(changed(**others, **{name: TOP}), name) == TOP
    with pytest.raises(InputError) as caught:
        changed(**others, **{name: TOP + 1})
    assert caught.value.where == name


@pytest.mark.parametrize("name", AMOUNTS)
def test_amounts_begin_at_zero_and_numbers_at_one(name: str) -> None:
    lowest = 1 if name == "update_seq" else 0
    assert getattr(changed(**{name: lowest}), name) == lowest
    with pytest.raises(InputError) as caught:
        changed(**{name: lowest - 1})
    assert caught.value.where == name
    for text in caught.value.text:
        assert text.startswith(name)


@pytest.mark.parametrize("month", ["2513", "25a0", "0100"])
def test_no_other_month_is_decoded(month: str) -> None:
    with pytest.raises(InputError) as caught:
        Entitlement.decode(written(mend_count="01", mended_to=month))
    assert caught.value.where == "mended_to"


@given(st.integers(0, TOP))
def test_a_raised_limit_still_fits_the_cards_amounts(limit: int) -> None:
    """The card adds the two in 32 bits."""
    assert changed(monthly_limit=limit, override_max=TOP - limit).monthly_limit == limit
    if limit:
        with pytest.raises(InputError) as caught:
            changed(monthly_limit=limit, override_max=TOP - limit + 1)
        assert caught.value.where == "override_max"


def test_the_largest_limit_leaves_companions_nothing_to_add() -> None:
    with pytest.raises(InputError) as caught:
        changed(monthly_limit=TOP, override_max=1)
    assert caught.value.where == "override_max"
    assert all("2^31" in text for text in caught.value.text)


def test_no_more_expires_than_was_loaded() -> None:
    assert changed(expired_total=900_000).expired_total == 900_000
    with pytest.raises(InputError) as caught:
        changed(expired_total=900_001)
    assert caught.value.where == "expired_total"


@pytest.mark.parametrize("name", ["pin_count", "mend_count"])
def test_counts_are_one_byte(name: str) -> None:
    month = {"mended_to": dt.date(2025, 10, 1)} if name == "mend_count" else {}
    assert getattr(changed(**month, **{name: 255}), name) == 255
    for wrong in (-1, 256):
        with pytest.raises(InputError) as caught:
            changed(**month, **{name: wrong})
        assert caught.value.where == name


@pytest.mark.parametrize(("count", "month"), [(0, dt.date(2025, 10, 1)), (1, None), (1, dt.date(2025, 10, 2))])
def test_a_mending_names_a_whole_month(count: int, month: dt.date | None) -> None:
    with pytest.raises(InputError) as caught:
        changed(mend_count=count, mended_to=month)
    assert caught.value.where == "mended_to"


#: The 55 bytes of ``PLAIN``, field by field (docs/protocol.md, entitlement).
BYTES = {
    "update_seq": "00000003", "loaded_total": "000dbba0", "expired_total": "00000000", "monthly_limit": "000927c0",
    "override_max": "000493e0", "debit_max": "0007a120", "pin_above": "7fffffff", "allowed_categories": "007f",
    "valid_until": "251231", "key_selection": "00", "state": "02", "policy_id": "07e9", "issued_at": "251001080000",
    "pin_count": "00", "mend_count": "00", "mended_to": "0000", "reference": "0000000000000000",
}  # fmt: skip


def written(**fields: str) -> bytes:
    return bytes.fromhex("".join((BYTES | fields).values()))


def test_bytes_are_those_of_the_protocol() -> None:
    assert PLAIN.encode() == written()
    # Its receipt states it from the loads to the day of issue.
    assert PLAIN.as_receipted() == written()[4:40]
    assert PLAIN.as_receipted()[-3:].hex() == "251001"
    full = changed(
        expired_total=100_000,
        key_selection=KeySelection.DEBIT | KeySelection.RECEIPT,
        pin_above=100_000,
        reference=b"VISIT-01",
        state=LifeState.BLOCKED,
        pin_count=2,
        mend_count=3,
        mended_to=dt.date(2025, 9, 1),
    )
    assert full.encode() == written(
        expired_total="000186a0", key_selection="0c", pin_above="000186a0", reference=b"VISIT-01".hex(), state="03",
        pin_count="02", mend_count="03", mended_to="2509",
    )  # fmt: skip


@pytest.mark.parametrize("state", LifeState)
def test_decoding_gives_the_enumerations_back(state: LifeState) -> None:
    full = changed(
        state=state,
        expired_total=5,
        key_selection=KeySelection.UPDATE | KeySelection.OVERRIDE,
        pin_count=1,
        mend_count=1,
        mended_to=dt.date(2025, 10, 1),
    )
    found = Entitlement.decode(full.encode())
    assert found == full
    assert (type(found.state), type(found.key_selection)) == (LifeState, KeySelection)


@pytest.mark.parametrize("state", [0, 5, 255])
def test_no_other_state_is_decoded(state: int) -> None:
    with pytest.raises(InputError) as caught:
        Entitlement.decode(written(state=f"{state:02x}"))
    assert caught.value.where == "state"


def test_the_bank_signs_for_one_card_with_the_update_key() -> None:
    for version in (1, 2):
        key = wire.derive(development_master(KeyLabel.UPDATE, version).value(), b"UPDATE", SERIAL)
        head = wire.header_and_body(wire.UPDATE, PLAIN.encode())
        keyring = DevelopmentKeyring(
            {(KeyLabel.UPDATE, v): development_master(KeyLabel.UPDATE, v) for v in (1, 2)}, "2"
        )
        update = issue(PLAIN, SERIAL, keyring, version)
        assert (update.serial, update.entitlement, update.key_version) == (SERIAL, PLAIN, version)
        assert update.mac == wire.update_mac(key, head, SERIAL)
        assert update.command() == head + update.mac


def test_the_first_key_version_is_the_default() -> None:
    assert issue(PLAIN, SERIAL, TWO_VERSIONS) == issue(PLAIN, SERIAL, TWO_VERSIONS, 1)
