# SPDX-License-Identifier: Apache-2.0
"""What the register holds an issuer to, so that the newest update alone does what all of them would have done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.entitlement.test_update import SERIAL, changed

from ssn_card.entitlement import Entitlement, Register, issue
from ssn_card.entitlement.errors import ExpiryTooEarly, MendingUnconfirmed, RegisterOutdated, UpdateShrinks
from ssn_card.entitlement.rules import update_key_version
from ssn_card.keys import development_keyring
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.values import KeySelection, LifeState

MOMENT = dt.datetime(2025, 10, 1, 8, 0)
OTHER = bytes(8)
OCTOBER, NOVEMBER = dt.date(2025, 10, 1), dt.date(2025, 11, 1)


class Bank:
    """Issues to one card, each update into a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.register = Register.create(folder / "register.sqlite")
        self.seq = 0

    def issue(self, moment: dt.datetime = MOMENT, **values: object) -> Entitlement:
        entitlement = changed(update_seq=self.seq + 1, issued_at=moment, **values)
        update = issue(entitlement, SERIAL, development_keyring())
        self.register.issue(self._folder / f"{self.seq + 1}.jsonl", [update], moment)
        self.seq += 1
        return entitlement

    def refuses(self, error: type[InputError], moment: dt.datetime = MOMENT, **values: object) -> InputError:
        with pytest.raises(error) as caught:
            self.issue(moment, **values)
        newest = self.register.newest(SERIAL)
        assert newest is not None
        assert newest.entitlement.update_seq == self.seq, "nothing was recorded"
        assert not (self._folder / f"{self.seq + 1}.jsonl").exists()
        assert caught.value.remedy.en
        assert caught.value.remedy.id
        return caught.value


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    bank = Bank(tmp_path)
    yield bank
    bank.register.close()


@pytest.mark.parametrize(
    ("had", "has", "field"),
    [
        ({"loaded_total": 900_000}, {"loaded_total": 899_999}, "loaded_total"),
        ({"expired_total": 2}, {"expired_total": 1}, "expired_total"),
        ({"pin_count": 2}, {"pin_count": 1}, "pin_count"),
        ({"mend_count": 1, "mended_to": OCTOBER}, {}, "mend_count"),
        ({"mend_count": 1, "mended_to": OCTOBER}, {"mend_count": 1, "mended_to": NOVEMBER}, "mended_to"),
        ({"key_selection": KeySelection.DEBIT}, {"key_selection": KeySelection.RECEIPT}, "key_selection"),
    ],
)
def test_totals_counts_and_keys_only_grow(bank: Bank, had: dict[str, Any], has: dict[str, Any], field: str) -> None:
    bank.issue(**had)
    error = bank.refuses(UpdateShrinks, **has)
    assert error.text.en.startswith(field)
    assert error.details == {"serial": SERIAL.hex(), "field": field}
    bank.issue(**had)


def test_money_expires_where_the_card_cannot_be_debited_any_more(bank: Bank) -> None:
    """A card that misses the update would spend what expires, were it still valid."""
    bank.issue()
    last_day = dt.datetime(2025, 12, 31, 23, 59)
    error = bank.refuses(ExpiryTooEarly, last_day, expired_total=1, valid_until=dt.date(2026, 12, 31))
    assert error.details["valid_until"] == "2025-12-31"
    bank.issue(dt.datetime(2026, 1, 1), expired_total=1, valid_until=dt.date(2026, 12, 31))


@pytest.mark.parametrize("state", [LifeState.BLOCKED, LifeState.TERMINATED])
def test_a_card_that_is_stopped_may_lose_its_money_at_once(bank: Bank, state: LifeState) -> None:
    bank.issue()
    assert bank.issue(expired_total=900_000, state=state).expired_total == 900_000


def test_a_blocked_card_may_lose_its_money_with_the_update_that_unblocks_it(bank: Bank) -> None:
    bank.issue(state=LifeState.BLOCKED)
    assert bank.issue(expired_total=900_000).state is LifeState.ACTIVE


def test_a_second_mending_waits_for_a_receipt_of_the_first(bank: Bank) -> None:
    """The model's trap: in order the card goes to October and stays; by the second alone it goes to November."""
    bank.issue()
    bank.issue(mend_count=1, mended_to=OCTOBER)
    bank.refuses(MendingUnconfirmed, mend_count=2, mended_to=NOVEMBER)  # no receipt of the card at all
    bank.register.confirm({SERIAL: 1})
    error = bank.refuses(MendingUnconfirmed, mend_count=2, mended_to=NOVEMBER)
    assert error.details == {"serial": SERIAL.hex(), "mend_count": 1}
    # Carried on by whatever comes; any update that carries it will do for the proof.
    bank.issue(mend_count=1, mended_to=OCTOBER, monthly_limit=1)
    bank.register.confirm({SERIAL: 3})
    bank.issue(mend_count=2, mended_to=NOVEMBER)
    bank.refuses(MendingUnconfirmed, mend_count=3, mended_to=NOVEMBER)


def test_what_was_confirmed_is_not_forgotten_by_an_older_receipt(bank: Bank) -> None:
    bank.issue()
    second = bank.issue(monthly_limit=1)
    assert bank.register.confirmed(SERIAL) is None
    for seen in (2, 1):
        bank.register.confirm({SERIAL: seen})
        assert bank.register.confirmed(SERIAL) == second
    assert bank.register.confirmed(OTHER) is None


@pytest.mark.parametrize(
    ("seen", "serial", "said"),
    [
        ({SERIAL: 2}, SERIAL, "has update 2; the newest in the register is 1."),
        ({OTHER: 1}, OTHER, "has update 1; the newest in the register is 0."),
        ({SERIAL: 1, OTHER: 3}, OTHER, "has update 3; the newest in the register is 0."),
    ],
)
def test_a_receipt_under_an_update_that_was_never_issued(
    bank: Bank, seen: dict[bytes, int], serial: bytes, said: str
) -> None:
    bank.issue()
    with pytest.raises(RegisterOutdated) as caught:
        bank.register.confirm(seen)
    assert caught.value.where == serial.hex()
    assert caught.value.text.en.endswith(f"{serial.hex()} {said}")
    assert bank.register.confirmed(SERIAL) is None


def test_the_update_key_follows_the_updates_that_may_be_lost() -> None:
    """The one that moves the key on is under the key that it finds, every later one under the next."""
    moving = changed(key_selection=KeySelection.UPDATE | KeySelection.DEBIT)
    assert update_key_version(1, None) == 1
    assert update_key_version(1, changed(key_selection=KeySelection.DEBIT)) == 1
    assert update_key_version(1, moving) == 2
    assert update_key_version(4, moving) == 5
