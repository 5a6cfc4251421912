# SPDX-License-Identifier: Apache-2.0
"""A city in small: families whose cards wait at the bank, tablets, and doors with simulated cards behind them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from tests.bank.cards.made import FIRST, receipt_of
from tests.bank.conftest import Clock
from tests.card.live_card import LiveCard

from ssn_card.bank.field.forms.registration import TabletRegistration
from ssn_card.bank.field.office.findings import TakenResult
from ssn_card.bank.field.office.packages import MadePackage, VisitSelection, make_package
from ssn_card.bank.field.office.results import take_in_result
from ssn_card.bank.field.office.tablets import add_tablet
from ssn_card.bank.field.tablet.folder import TabletFolder, TabletIdentity
from ssn_card.bank.field.tablet.packages import take_in
from ssn_card.bank.life import LifePhase
from ssn_card.bank.people.persons import place_of, sealed_fields
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.cards import CardRow
from ssn_card.bank.store.tables.people import FamilyRow, PersonRow, PersonState
from ssn_card.bank.store.tables.updates import UpdateRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.entitlement import issue
from ssn_card.keys import development_keyring
from ssn_card.protocol.labels import KeyLabel
from ssn_card.receipts import Receipt
from ssn_card.receipts.receipt import MAC_OFFSET

KEYS = development_keyring()
PASSWORD = "mahakam tenang pagi"
TODAY = dt.date(2025, 10, 1)
NAMES = (
    "Siti Aminah", "Rahmah Pratama", "Wati Lambang", "Budi Santoso", "Aisyah Nur Halimah binti Abdullah", "Joko Rianto",
    "Nurhayati", "Syamsuddin", "Hj. Mariam", "Yohanes Lake", "Dewi Anggraini", "Abdul Gani",
)  # fmt: skip
#: An update that opens the choice of a PIN.
FIRST_WITH_CHOICE = dataclasses.replace(FIRST, pin_count=1, pin_above=300_000)


@dataclass
class City:
    """A bank with its keys, and the folders of its tablets."""

    bank: Bank
    operator: SignedIn
    folder: Path
    clock: Clock
    today: dt.date = TODAY  #: on which packages begin
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    receiving: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)

    def waiting(
        self, serials: Sequence[str], *, companion: str = "PD-001", update: bool = True, **changes: Any
    ) -> list[int]:
        """Families whose cards are printed, with an update prepared; their persons."""
        return [self._family(serial, place, companion, update, changes) for place, serial in enumerate(serials)]

    def _family(self, serial: str, place: int, companion: str, update: bool, changes: dict[str, Any]) -> int:
        number = int(serial, 16)
        with self.bank.work(self.operator) as work:
            home = FamilyRow(key=b"FAM!" + number.to_bytes(12, "big"))
            work.session.add(home)
            work.session.flush()
            key = b"WHO!" + number.to_bytes(12, "big")
            name = NAMES[place % len(NAMES)]
            fields = sealed_fields(
                f"990101410190{place:04}", f"990101010190{place:04}", name, dt.date(1960 + place, 1, 1), "P", 1
            )
            person = PersonRow(
                key=key,
                family_id=home.id,
                likeness=key,
                sealed=work.sealer.seal(fields, place_of(key)),
                kode_kecamatan="64.72.01",
                kelurahan=1 + place % 3,
                companion=companion,
                state=PersonState.READY,
                since=work.at,
            )
            work.session.add(person)
            work.session.flush()
            work.session.add(
                CardRow(
                    serial=serial,
                    beneficiary_id=f"6472{serial[4:]}",
                    person_id=person.id,
                    family_id=home.id,
                    keys="issuer=1 registry=1 update=1:2 override=1:2 debit=1:2 receipt=1:2",
                    state=LifePhase.PRINTED,
                    since="2025-09-20T00:00:00Z",
                )
            )
            if update:
                prepared = dataclasses.replace(FIRST_WITH_CHOICE, **changes)
                signed = issue(prepared, bytes.fromhex(serial), KEYS)
                work.session.flush()
                work.session.add(
                    UpdateRow(
                        serial=serial,
                        update_seq=signed.entitlement.update_seq,
                        body=signed.entitlement.encode(),
                        key_version=signed.key_version,
                        mac=signed.mac,
                        issued_at=work.at,
                    )
                )
            return person.id

    def tablet(self, name: str = "T-01", companion: str = "PD-001") -> TabletIdentity:
        """A tablet that is set up and registered."""
        folder = TabletFolder(self.folder / name)
        _, told = folder.create(name, companion, self.signing.public_key(), PASSWORD)
        with self.bank.work(self.operator) as work:
            add_tablet(work, TabletRegistration.read(told))
        return folder.unlock(PASSWORD)

    def package(self, tablet: str = "T-01", days: int = 7, **selection: Any) -> MadePackage:
        """For a tablet; by default everybody of PD-001."""
        wanted = VisitSelection(**selection or {"companions": ["PD-001"]})
        span = (self.today, self.today + dt.timedelta(days - 1))
        with self.bank.work(self.operator) as work:
            return make_package(
                work, tablet, wanted, span, KEYS, self.receiving.public_key(),
                self.signing,
            )  # fmt: skip

    def given(self, who: TabletIdentity, made: MadePackage) -> None:
        """Carry a package to its tablet."""
        path = self.folder / f"{made.row.id}.carried"
        path.write_bytes(made.content)
        take_in(who, path)

    def equipped(self, name: str = "T-01", **selection: Any) -> TabletIdentity:
        """A tablet with a package."""
        who = self.tablet(name)
        self.given(who, self.package(name, **selection))
        return who

    def take_in(self, *paths: Path) -> list[TakenResult]:
        """Results, each in a transaction of its own."""
        self.clock.now = dt.datetime(2025, 10, 8, 1, tzinfo=dt.UTC)  # the week is over
        taken = []
        for path in paths:
            with self.bank.work(self.operator) as work:
                taken.append(take_in_result(work, path, self.receiving, KEYS))
        return taken

    def states(self) -> dict[str, str]:
        """Of all cards."""
        with self.bank.reading() as session:
            return {row.serial: row.state for row in session.query(CardRow)}


def serials(count: int, first: int = 1) -> list[str]:
    """Of cards that nobody has to reach."""
    return [f"{0x5353000000000000 + number:016x}" for number in range(first, first + count)]


def serial_of(card: LiveCard) -> str:
    """As the store has it."""
    return card.serial.hex()


def update_receipt(serial: str, seq: int = 1) -> Receipt:
    """What the card answers to the prepared update."""
    bare = receipt_of(FIRST_WITH_CHOICE, 1, seq).altered(serial=bytes.fromhex(serial))
    key = KEYS.diversify(KeyLabel.RECEIPT, bare.key_version, bare.serial)
    return bare.altered(mac=key.mac8(bare.raw[:MAC_OFFSET]))


def at_noon() -> dt.datetime:
    """Local time on a tablet."""
    return dt.datetime.combine(TODAY, dt.time(12, 0))
