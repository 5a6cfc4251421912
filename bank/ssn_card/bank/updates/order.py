# SPDX-License-Identifier: Apache-2.0
"""What a run of updates is to change. It is fixed with the run's content."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ssn_card.entitlement.plan import Wishes
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import KeySelection, LifeState

from .errors import RunOrderUnfit


class RunKind(StrEnum):
    """What a run does, for many cards at once. What it does not name stays as each card has it."""

    LOAD = "load"  #: a tranche of a policy; a card's first one activates it
    ACTIVATE = "activate"
    BLOCK = "block"
    UNBLOCK = "unblock"
    LIMITS = "limits"
    EXPIRE = "expire"
    MEND = "mend"
    PIN = "pin"  #: the holder may choose a PIN
    KEYS = "keys"
    CARRY = "carry"  #: what replaced cards, released money and missed loads have left to be given
    TERMINATE = "terminate"

    @property
    def text(self) -> Text:
        """For people."""
        return _TEXTS[self]


@dataclass(frozen=True)
class RunOrder:
    """What is asked for. Amounts in rupiah."""

    kind: RunKind
    policy: int | None = None
    tranche: int | None = None
    as_policy: bool = False
    monthly_limit: int | None = None
    override_max: int | None = None
    debit_max: int | None = None
    pin_above: int | None = None
    valid_until: dt.date | None = None
    mend_month: dt.date | None = None  #: its first day
    next_keys: tuple[str, ...] = ()  #: names of ``KeySelection``
    urgent: bool = False  #: a block that one person issues and a second looks at afterwards

    def __post_init__(self) -> None:
        """Raises :class:`RunOrderUnfit`."""
        limits = (self.as_policy, self.monthly_limit, self.override_max, self.debit_max, self.pin_above)
        missing = {
            RunKind.LOAD: None if self.tranche is not None else "--tranche",
            RunKind.LIMITS: None if any(limits) or self.valid_until else "--as-policy",
            RunKind.MEND: None if self.mend_month else "--mend-month",
            RunKind.KEYS: None if self.next_keys else "--next-key",
        }.get(self.kind)
        if missing is not None:
            raise RunOrderUnfit(self.kind.value, missing)

    def wishes(self) -> Wishes:
        """As the planner takes it."""
        states = {
            RunKind.ACTIVATE: LifeState.ACTIVE,
            RunKind.UNBLOCK: LifeState.ACTIVE,
            RunKind.BLOCK: LifeState.BLOCKED,
            RunKind.TERMINATE: LifeState.TERMINATED,
        }
        return Wishes(
            policy=self.policy,
            as_policy=self.as_policy,
            tranche=self.tranche,
            state=states.get(self.kind),
            expire=self.kind in (RunKind.EXPIRE, RunKind.TERMINATE),
            monthly_limit=self.monthly_limit,
            override_max=self.override_max,
            debit_max=self.debit_max,
            pin_above=self.pin_above,
            let_choose_pin=self.kind is RunKind.PIN,
            mend_month=self.mend_month,
            next_keys=sum((KeySelection[name] for name in self.next_keys), KeySelection.NONE),
            valid_until=self.valid_until,
        )

    def options(self) -> dict[str, Any]:
        """What a proposal keeps of it: what differs from nothing."""
        given = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        said = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in given.items()
            if value not in (None, False, ())
        }
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}

    @classmethod
    def of(cls, options: str) -> RunOrder:
        """The inverse of :meth:`options`, out of a proposal's canonical JSON."""
        said = json.loads(options)
        names = {field.name for field in dataclasses.fields(cls)}
        values = {name: value for name, value in said.items() if name in names}
        for name in ("valid_until", "mend_month"):
            if name in values:
                values[name] = dt.date.fromisoformat(values[name])
        values["next_keys"] = tuple(values.get("next_keys", ()))
        return cls(**values | {"kind": RunKind(values["kind"])})


_TEXTS = {
    RunKind.LOAD: Text("load", "pemuatan dana"),
    RunKind.ACTIVATE: Text("activation", "pengaktifan"),
    RunKind.BLOCK: Text("block", "pemblokiran"),
    RunKind.UNBLOCK: Text("unblock", "pembukaan blokir"),
    RunKind.LIMITS: Text("limits", "batas"),
    RunKind.EXPIRE: Text("expiry", "penghangusan"),
    RunKind.MEND: Text("month mended", "perbaikan bulan"),
    RunKind.PIN: Text("PIN to be chosen", "pemilihan PIN"),
    RunKind.KEYS: Text("next keys", "kunci berikutnya"),
    RunKind.CARRY: Text("money carried over", "dana yang dipindahkan"),
    RunKind.TERMINATE: Text("termination", "pengakhiran"),
}
