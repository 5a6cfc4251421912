# SPDX-License-Identifier: Apache-2.0
"""What ``ssn entitlement issue`` can be told: which cards, under which policy, what is to change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ssn_card.entitlement import BarredCard, read_barred
from ssn_card.entitlement.plan import Target, Wishes
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import MAX_AMOUNT, KeySelection, LifeState

from .entitlement_targets import targets
from .errors import BadArgument
from .files import hexadecimal
from .options import (
    AllowExpired,
    OptionalSerialFile,
    PolicyFile,
    PolicyToday,
    Serials,
)

_REFERENCE = 8  #: bytes


class StateOption(StrEnum):
    """Life states as options."""

    ISSUED = "issued"
    ACTIVE = "active"
    BLOCKED = "blocked"
    TERMINATED = "terminated"


class NextKey(StrEnum):
    """Keys that an update can move to their next version, as options."""

    UPDATE = "update"
    OVERRIDE = "override"
    DEBIT = "debit"
    RECEIPT = "receipt"


def _amount(name: str, help_text: str) -> Any:
    return typer.Option(name, min=0, max=MAX_AMOUNT, metavar="RUPIAH", help=help_text)


MonthlyLimit = Annotated[
    int | None,
    _amount("--monthly-limit", "Limit of a month, instead of the policy's / batas sebulan, menggantikan kebijakan."),
]
OverrideMax = Annotated[
    int | None,
    _amount(
        "--override-max",
        "What companions may add in a month, instead of the policy's / "
        "kelonggaran sebulan oleh pendamping, menggantikan kebijakan.",
    ),
]
DebitMax = Annotated[
    int | None,
    _amount(
        "--debit-max",
        "One purchase at most, instead of the policy's / paling banyak sekali belanja, menggantikan kebijakan.",
    ),
]
PinAbove = Annotated[
    int | None,
    _amount(
        "--pin-above",
        "Spent in sum without the PIN at most, instead of the policy's / "
        "belanja tanpa PIN paling banyak, menggantikan kebijakan.",
    ),
]
MendMonth = Annotated[
    str | None,
    typer.Option(
        "--mend-month",
        metavar="YYYY-MM",
        help="If the card's month is later, by a wrong clock, it goes back to this one / "
        "bila bulan kartu lebih lambat karena jam yang salah, kembali ke bulan ini.",
    ),
]
NextKeys = Annotated[
    list[NextKey] | None,
    typer.Option(
        "--next-key",
        help="Key in its next version from then on, repeatable; never goes back / "
        "kunci yang beralih ke versi berikutnya, dapat diulang; tidak dapat kembali.",
    ),
]
ValidUntil = Annotated[
    str | None,
    typer.Option(
        "--valid-until",
        metavar="YYYY-MM-DD",
        help="Last day, instead of the policy's / hari terakhir berlaku, menggantikan kebijakan.",
    ),
]
Tranche = Annotated[
    int | None,
    typer.Option(
        "--tranche",
        min=0,
        metavar="N",
        help="Loads of the policy so far, this one included; 0 none / "
        "tahap pencairan kebijakan ini, termasuk yang ini; 0 belum ada.",
    ),
]
AsPolicy = Annotated[
    bool,
    typer.Option(
        "--as-policy",
        help="Limits, goods and last day as the policy has them, also if changed / "
        "batas, barang, dan hari terakhir menurut kebijakan, walau pernah diubah.",
    ),
]


@dataclass(frozen=True)
class CardOptions:
    """The cards that are issued an update, and those that are barred."""

    serial: Serials = None
    serials: OptionalSerialFile = None
    from_status: Annotated[
        Path | None,
        typer.Option(
            "--from-status",
            metavar="FILE",
            help="Cards as 'ssn card status --json' printed them, compared with the register / "
            "kartu seperti dicetak 'ssn card status --json', dibandingkan dengan register.",
        ),
    ] = None
    barred: Annotated[
        list[Path] | None,
        typer.Option(
            "--barred",
            metavar="FILE",
            help="Cards not to be made usable, from 'ssn perso barred', repeatable / "
            "kartu yang tidak boleh diaktifkan, dari 'ssn perso barred', dapat diulang.",
        ),
    ] = None

    def targets(self) -> list[Target]:
        """As :func:`~.entitlement_targets.targets`."""
        return targets(self.serial or (), self.serials, self.from_status)

    def listed(self) -> list[BarredCard]:
        """The barred ones. Raises as ``read_barred``."""
        return [card for path in self.barred or () for card in read_barred(path)]


@dataclass(frozen=True)
class PolicyOptions:
    """The policy that is followed, and how many of its loads the card has."""

    policy: PolicyToday = None
    policies: PolicyFile = None
    as_policy: AsPolicy = False
    tranche: Tranche = None


@dataclass(frozen=True)
class ChangeOptions:
    """What is to differ from what the card has; amounts in rupiah."""

    state: Annotated[
        StateOption | None,
        typer.Option(
            "--state",
            help="Life state from then on; a first update by serial activates / "
            "status kartu sejak saat itu; pembaruan pertama menurut nomor seri mengaktifkan.",
        ),
    ] = None
    update_seq: Annotated[
        int | None,
        typer.Option(
            "--update-seq",
            min=1,
            max=MAX_AMOUNT,
            metavar="N",
            help="Number of the update, instead of the next one / nomor urut pembaruan, menggantikan yang berikutnya.",
        ),
    ] = None
    expire: Annotated[
        bool,
        typer.Option(
            "--expire",
            help="All that was loaded so far has expired, but for what this update loads / "
            "seluruh dana yang sudah dimuat hangus, kecuali yang dimuat pembaruan ini.",
        ),
    ] = False
    verification: Annotated[
        str | None,
        typer.Option(
            "--verification",
            metavar="HEX",
            help="Reference of the verification at hand-over, 16 digits / "
            "rujukan verifikasi saat serah terima, 16 digit.",
        ),
    ] = None
    loaded_before: Annotated[
        int | None,
        _amount(
            "--loaded-before",
            "Loaded under earlier policies in all, instead of the register's word / "
            "seluruh dana dari kebijakan sebelumnya, menggantikan catatan register.",
        ),
    ] = None
    monthly_limit: MonthlyLimit = None
    override_max: OverrideMax = None
    debit_max: DebitMax = None
    pin_above: PinAbove = None
    let_choose_pin: Annotated[
        bool,
        typer.Option(
            "--let-choose-pin",
            help="The holder may choose a PIN, once; a forgotten or blocked one too / "
            "pemegang boleh memilih PIN, satu kali; juga bila lupa atau terblokir.",
        ),
    ] = False
    mend_month: MendMonth = None
    next_key: NextKeys = None
    valid_until: ValidUntil = None
    allow_expired: AllowExpired = False


def wishes(policy: PolicyOptions, change: ChangeOptions, today: dt.date) -> Wishes:
    """All that is asked for, as a plan takes it. Raises :class:`BadArgument`."""
    return Wishes(
        policy=policy.policy,
        as_policy=policy.as_policy,
        tranche=policy.tranche,
        state=None if change.state is None else LifeState[change.state.name],
        update_seq=change.update_seq,
        expire=change.expire,
        reference=_reference(change.verification),
        loaded_before=change.loaded_before,
        monthly_limit=change.monthly_limit,
        override_max=change.override_max,
        debit_max=change.debit_max,
        pin_above=change.pin_above,
        let_choose_pin=change.let_choose_pin,
        mend_month=month_of(change.mend_month, today),
        next_keys=sum((KeySelection[key.name] for key in change.next_key or ()), KeySelection.NONE),
        valid_until=day_of(change.valid_until),
        allow_expired=change.allow_expired,
    )


def day_of(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadArgument(
            Text(f"{text!r} is no date.", f"{text!r} bukan tanggal."),
            where="--valid-until",
            remedy=Text("Write it as 2025-12-31.", "Tulis seperti 2025-12-31."),
        ) from None


def month_of(text: str | None, today: dt.date) -> dt.date | None:
    """First day of the month to mend to, which is not ahead. Raises :class:`BadArgument`."""
    if text is None:
        return None
    try:
        first = dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        first = None
    if first is None or first > today:
        raise BadArgument(
            Text(f"{text!r} is no month so far.", f"{text!r} bukan bulan yang sudah dimulai."),
            where="--mend-month",
            remedy=Text("Write this month or an earlier one as 2025-12.", "Tulis bulan ini atau sebelumnya: 2025-12."),
        )
    return first


def _reference(text: str | None) -> bytes | None:
    if text is None:
        return None
    reference = hexadecimal(text, _REFERENCE)
    if reference is None:
        raise BadArgument(
            Text(
                f"A reference is {2 * _REFERENCE} hexadecimal digits.",
                f"Referensi {2 * _REFERENCE} digit heksadesimal.",
            ),
            where="--verification",
        )
    return reference
