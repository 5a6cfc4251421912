# SPDX-License-Identifier: Apache-2.0
"""Options of runs of updates: the register, the keys, which cards, what is to change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssn_card.cli.entitlement_options import (
    AsPolicy,
    DebitMax,
    MendMonth,
    MonthlyLimit,
    NextKeys,
    OverrideMax,
    PinAbove,
    Tranche,
    ValidUntil,
    day_of,
    month_of,
)
from ssn_card.cli.files import read_serials, serial_of
from ssn_card.cli.options import OptionalSerialFile, PolicyToday, Serials
from ssn_card.programme import load_regions

from .options import ManyKecamatan

if TYPE_CHECKING:  # with the store, which a page of help does without
    from ..updates.choice import RunChoice
    from ..updates.order import RunOrder

RunName = Annotated[str, typer.Argument(metavar="NAME", help="The run's name / nama tindakan.")]
Kind = Annotated[
    str,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="load, activate, block, unblock, limits, expire, mend, pin, keys, carry or terminate / "
        "salah satu jenis tindakan itu.",
    ),
]
Urgent = Annotated[
    bool,
    typer.Option(
        "--urgent",
        help="A block that is issued once submitted, and approved afterwards / "
        "blokir yang terbit begitu diajukan, dan disetujui kemudian.",
    ),
]
OfBatch = Annotated[
    str | None,
    typer.Option("--made-in", metavar="NAME", help="Cards of that batch only / hanya kartu dari kelompok ini."),
]
OfflineDays = Annotated[
    int,
    typer.Option(
        "--offline-days",
        min=0,
        max=366,
        metavar="N",
        help="How long a shop may be without network / berapa lama warung mungkin tanpa jaringan.",
    ),
]
StoppedBy = Annotated[
    Path | None,
    typer.Option(
        "--stopped-by",
        metavar="FILE",
        help="A file with the receipt by which the card says that it is blocked / "
        "berkas berisi kuitansi yang menyatakan kartu itu terblokir.",
    ),
]


@dataclass(frozen=True)
class RunCards:
    """Which cards; all of them without any of these."""

    serial: Serials = None
    serials: OptionalSerialFile = None
    made_in: OfBatch = None
    kecamatan: ManyKecamatan = None

    def choice(self) -> RunChoice:
        """Raises ``BadArgument``, ``BadFile``, ``UnknownRegionError``."""
        from ..updates.choice import RunChoice

        regions = load_regions()
        named = [serial_of(text, text).hex() for text in self.serial or ()]
        if self.serials is not None:
            named += [one.hex() for one in read_serials(self.serials)]
        codes = tuple(regions.find(code).code for code in self.kecamatan or ())
        return RunChoice(tuple(dict.fromkeys(named)), self.made_in, codes)


@dataclass(frozen=True)
class RunChange:
    """What is to change; amounts in rupiah."""

    kind: Kind
    policy: PolicyToday = None
    tranche: Tranche = None
    as_policy: AsPolicy = False
    monthly_limit: MonthlyLimit = None
    override_max: OverrideMax = None
    debit_max: DebitMax = None
    pin_above: PinAbove = None
    valid_until: ValidUntil = None
    mend_month: MendMonth = None
    next_key: NextKeys = None
    urgent: Urgent = False

    def order(self, today: dt.date) -> RunOrder:
        """Raises ``BadArgument``, ``RunOrderUnfit``."""
        from ssn_card.cli.errors import BadArgument
        from ssn_card.protocol.errors import Text

        from ..updates.order import RunKind, RunOrder

        if self.kind not in {kind.value for kind in RunKind}:
            listed = ", ".join(kind.value for kind in RunKind)
            raise BadArgument(
                Text("There is no such kind of run.", "Jenis tindakan itu tidak ada."),
                where="--kind",
                remedy=Text(f"One of {listed}.", f"Salah satu dari {listed}."),
            )
        return RunOrder(
            RunKind(self.kind),
            policy=self.policy,
            tranche=self.tranche,
            as_policy=self.as_policy,
            monthly_limit=self.monthly_limit,
            override_max=self.override_max,
            debit_max=self.debit_max,
            pin_above=self.pin_above,
            valid_until=day_of(self.valid_until),
            mend_month=month_of(self.mend_month, today),
            next_keys=tuple(key.name for key in self.next_key or ()),
            urgent=self.urgent,
        )
