# SPDX-License-Identifier: Apache-2.0
"""What a card's status means for the person in front of the terminal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ssn_card.protocol.bcd import decode_digits, to_date
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.layout import month_of
from ssn_card.protocol.layouts import STATUS_ANSWER
from ssn_card.protocol.status import DebitMaximumExceeded, DebitRefused, PinRequired, TimestampBeforeMonth
from ssn_card.protocol.values import NEVER, WITHOUT_PIN, LifeState
from ssn_card.receipts import Tip

from .errors import CardNeedsMending

_FIRST = b"\x01"  #: the first day behind a month in BCD


@dataclass(frozen=True)
class CardStatus:
    """The authenticated state of a card; amounts in rupiah. Fields as layout ``status_answer``."""

    serial: bytes
    seq: int
    balance: int
    month_spent: int
    last_mac: bytes
    update_seq: int
    granted_total: int
    month: bytes
    extra_month: bytes
    month_extra: int
    pin_floor: int
    pin_choice: int
    pin_tries: int
    loaded_total: int
    expired_total: int
    monthly_limit: int
    override_max: int
    debit_max: int
    pin_above: int
    allowed_categories: int
    valid_until: dt.date | None
    key_selection: int
    state: LifeState
    policy_id: int
    issued_at: dt.datetime | None
    pin_count: int
    mend_count: int
    mended_to: bytes

    @classmethod
    def decoded(cls, serial: bytes, answer: bytes) -> CardStatus:
        """Of the answer to GET STATUS without its MAC, which was checked. Raises ``InputError``."""
        values = STATUS_ANSWER.decode(answer)
        return cls(serial=serial, **values | {"state": LifeState(values["state"])})

    @property
    def spent_total(self) -> int:
        """Rupiah ever spent and not given back: it follows from the other totals, so the card does not keep it."""
        return self.granted_total - self.balance

    @property
    def withdrawn_total(self) -> int:
        """Rupiah that expired unspent."""
        return self.loaded_total - self.granted_total

    @property
    def has_pin(self) -> bool:
        """Whether the card has a PIN."""
        return self.pin_tries != WITHOUT_PIN

    @property
    def without_pin(self) -> int:
        """Rupiah that may still be spent before the PIN is needed; the balance where it never is."""
        return max(min(self.balance, self.balance - self.pin_floor), 0) if self.has_pin else self.balance

    @property
    def tip(self) -> Tip:
        """Where the card's receipts end, for a verifier."""
        return Tip(self.seq, self.last_mac)

    def usable(self, today: dt.date) -> bool:
        """Whether anything can be bought with the card today."""
        return self.state is LifeState.ACTIVE and self.valid_until is not None and today <= self.valid_until

    def month_left(self, today: dt.date) -> int:
        """Rupiah that the monthly limit still allows in the month of ``today``, or in the card's if that is later."""
        month = month_of(self._not_before_its_month(today))
        spent = self.month_spent if self.month == month else 0
        extra = self.month_extra if self.extra_month == month else 0
        return max(self.monthly_limit + extra - spent, 0)

    def spendable(self, today: dt.date) -> int:
        """Rupiah that one debit could take today; 0 if the card cannot be used."""
        return min(self.balance, self.month_left(today), self.debit_max) if self.usable(today) else 0

    def renews(self, today: dt.date) -> dt.date | None:
        """First day of the month behind that of :meth:`month_left`, if the card can still be used then."""
        day = self._not_before_its_month(today)
        first = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return first if self.valid_until is not None and first <= self.valid_until else None

    def _not_before_its_month(self, today: dt.date) -> dt.date:
        """The card's month, which its newest debit set, never runs back: a clock set back brings no limit back."""
        return to_date(self.month + _FIRST) if self.is_ahead(today) else today

    def is_ahead(self, today: dt.date) -> bool:
        """Whether the card's month lies behind that of ``today``: by one of the two clocks, this terminal's or one
        that the card met before."""
        return self.month > month_of(today)

    def as_dict(self, today: dt.date) -> dict[str, Any]:
        """For ``--json``: plain values, with what is derived."""
        renews = self.renews(today)
        return {
            "serial": self.serial.hex(),
            "state": self.state.name,
            "balance": self.balance,
            "month": decode_digits(self.month),
            "month_spent": self.month_spent,
            "month_left": self.month_left(today),
            "spendable": self.spendable(today),
            "renews": renews.isoformat() if renews else None,
            "monthly_limit": self.monthly_limit,
            "debit_max": self.debit_max,
            "pin_above": None if self.pin_above == NEVER else self.pin_above,
            "without_pin": self.without_pin,
            "pin_tries": self.pin_tries if self.has_pin else None,
            "pin_choice": bool(self.pin_choice),
            "pin_count": self.pin_count,
            "override_max": self.override_max,
            "extra_month": decode_digits(self.extra_month),
            "month_extra": self.month_extra,
            "allowed_categories": self.allowed_categories,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "loaded_total": self.loaded_total,
            "expired_total": self.expired_total,
            "granted_total": self.granted_total,
            "withdrawn_total": self.withdrawn_total,
            "spent_total": self.spent_total,
            "mend_count": self.mend_count,
            "mended_to": decode_digits(self.mended_to) if self.mend_count else None,
            "update_seq": self.update_seq,
            "policy_id": self.policy_id,
            "key_selection": self.key_selection,
            "seq": self.seq,
            "last_mac": self.last_mac.hex(),
        }


def explain(refusal: DebitRefused, status: CardStatus, today: dt.date) -> DebitRefused:
    """The refusal with what is left on the card and when the limit renews; ``today`` by the terminal's clock."""
    usable = status.usable(today)
    renews = status.renews(today) if usable else None
    told = [Text(f"Left on the card: {rupiah(status.balance)}.", f"Sisa di kartu: {rupiah(status.balance)}.")]
    if usable:
        month_left = rupiah(min(status.balance, status.month_left(today)))
        told = [
            Text(
                f"Left on the card: {rupiah(status.balance)}, of which {month_left} this month.",
                f"Sisa di kartu: {rupiah(status.balance)}, untuk bulan ini {month_left}.",
            )
        ]
    if renews:
        told.append(Text(f"The limit renews on {renews}.", f"Batas diperbarui pada {renews}."))
    if isinstance(refusal, DebitMaximumExceeded):
        most = rupiah(status.debit_max)
        told.append(Text(f"One purchase: {most} at most.", f"Sekali belanja: paling banyak {most}."))
    if isinstance(refusal, PinRequired):
        left = rupiah(status.without_pin)
        told.append(Text(f"Without the PIN: {left} at most.", f"Tanpa PIN: paling banyak {left}."))
    if isinstance(refusal, TimestampBeforeMonth) and status.is_ahead(today):
        refusal = CardNeedsMending(refusal.where or "")
        month = to_date(status.month + _FIRST).strftime("%Y-%m")
        told.append(
            Text(
                f"The terminal's clock says {today}; the card's month is {month}.",
                f"Jam terminal menunjukkan {today}; bulan pada kartu {month}.",
            )
        )
    return refusal.explained(
        Text(*(" ".join(sentences) for sentences in zip(*told, strict=True))),
        balance=status.balance,
        month_left=status.month_left(today) if usable else 0,
        spendable=status.spendable(today),
        renews=renews.isoformat() if renews else None,
    )
