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
from ssn_card.protocol.values import KeySelection, LifeState, UpdateFlag

TOP = (1 << 31) - 1
AMOUNTS = ["update_seq", "loaded_total", "monthly_limit", "override_max", "debit_max", "pin_above"]
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


@given(st.integers(0, TOP))
def test_a_raised_limit_still_fits_the_cards_amounts(limit: int) -> None:
    """The card adds the two in 32 bits."""
    assert changed(monthly_limit=limit, override_max=TOP - limit).monthly_limit == limit
    if limit:
        with pytest.raises(InputError) as caught:
            changed(monthly_limit=limit, override_max=TOP - limit + 1)
        assert caught.value.where == "override_max"


def test_bytes_are_those_of_the_protocol() -> None:
    assert PLAIN.encode() == wire.entitlement(3, 900_000, debit_max=500_000)
    full = changed(
        flags=UpdateFlag.FORFEIT | UpdateFlag.UNBLOCK_PIN,
        key_selection=KeySelection.DEBIT | KeySelection.RECEIPT,
        pin_above=100_000,
        reference=b"VISIT-01",
        state=LifeState.BLOCKED,
    )
    assert full.encode() == wire.entitlement(
        3, 900_000, debit_max=500_000, flags=3, keys=12, pin_above=100_000, reference=b"VISIT-01", state=3
    )


@pytest.mark.parametrize("state", LifeState)
def test_decoding_gives_the_enumerations_back(state: LifeState) -> None:
    full = changed(state=state, flags=UpdateFlag.FORFEIT, key_selection=KeySelection.UPDATE | KeySelection.OVERRIDE)
    found = Entitlement.decode(full.encode())
    assert found == full
    assert (type(found.state), type(found.flags), type(found.key_selection)) == (LifeState, UpdateFlag, KeySelection)


@pytest.mark.parametrize("state", [0, 5, 255])
def test_no_other_state_is_decoded(state: int) -> None:
    with pytest.raises(InputError) as caught:
        Entitlement.decode(wire.entitlement(1, 0, state=state))
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
