# SPDX-License-Identifier: Apache-2.0
"""What a card's status means for the person in front of the terminal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ssn_card.protocol.bcd import decode_digits, to_date
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.layout import month_of
from ssn_card.protocol.status import DebitMaximumExceeded, DebitRefused, TimestampBeforeMonth
from ssn_card.protocol.values import NEVER, LifeState
from ssn_card.receipts import Tip

_FIRST = b"\x01"  #: the first day behind a month in BCD


@dataclass(frozen=True)
class CardStatus:
    """The authenticated state of a card; amounts in rupiah. Fields as layout ``status_answer``."""

    serial: bytes
    seq: int
    balance: int
    month_spent: int
    last_mac: bytes
    month: bytes
    extra_month: bytes
    month_extra: int
    refunded_total: int
    withdrawn_total: int
    update_seq: int
    loaded_total: int
    monthly_limit: int
    override_max: int
    debit_max: int
    pin_above: int
    allowed_categories: int
    valid_until: dt.date | None
    key_selection: int
    state: LifeState
    flags: int
    policy_id: int
    issued_at: dt.datetime | None

    @property
    def spent_total(self) -> int:
        """All that was ever debited: it follows from the other totals, so the card does not keep it."""
        return self.loaded_total + self.refunded_total - self.withdrawn_total - self.balance

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
        return to_date(self.month + _FIRST) if self.month > month_of(today) else today

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
            "override_max": self.override_max,
            "month_extra": self.month_extra,
            "allowed_categories": self.allowed_categories,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "loaded_total": self.loaded_total,
            "spent_total": self.spent_total,
            "refunded_total": self.refunded_total,
            "withdrawn_total": self.withdrawn_total,
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
    if isinstance(refusal, TimestampBeforeMonth):
        month = to_date(status.month + _FIRST).strftime("%Y-%m")
        told.append(
            Text(
                f"The terminal's clock says {today}; the card was last used in {month}.",
                f"Jam terminal menunjukkan {today}; kartu terakhir dipakai pada {month}.",
            )
        )
    return refusal.explained(
        Text(*(" ".join(sentences) for sentences in zip(*told, strict=True))),
        balance=status.balance,
        month_left=status.month_left(today) if usable else 0,
        spendable=status.spendable(today),
        renews=renews.isoformat() if renews else None,
    )
