# SPDX-License-Identifier: Apache-2.0
"""A card on the bench with everything that brings it into a state and reads it again."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import Any

from ssn_card.channel import KeySet, Scp03Session, SecurityLevel, keys_from
from ssn_card.entitlement import Entitlement, SignedUpdate, issue
from ssn_card.keys import KeyProvider
from ssn_card.personalization.card import inspect, personalize
from ssn_card.personalization.groups import KeyVersions, data_groups, packed, store_data_commands
from ssn_card.protocol import status
from ssn_card.protocol.commands import DEBIT, Command
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import IDENTITY_FIXED
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.values import KeySelection, KeyVersionNumber, LifeState, UpdateFlag
from ssn_card.receipts import Receipt
from ssn_card.terminal import CardSession
from ssn_card.terminal.session import movement
from ssn_card.transport import CardConnection

TERMINAL = 7
PIN = "482917"
BENEFICIARY = bytes.fromhex("0000000000004711")
MOMENT = dt.datetime(2025, 10, 3, 10, 0)
#: Of a person in a province that does not exist.
IDENTITY = (
    IDENTITY_FIXED.encode(
        {
            "nik": bytes.fromhex("9901014101900001"),
            "no_kk": bytes.fromhex("9901010101900002"),
            "kecamatan": bytes.fromhex("990101"),
            "kelurahan": bytes.fromhex("0001"),
            "name_length": 9,
        }
    )
    + b"Siti Uji."
)


@dataclass(frozen=True)
class Observed:
    """Everything that a terminal can learn of a card, authenticated, and its whole log, newest first."""

    status: dict[str, Any]
    log: tuple[Receipt, ...]
    key_versions: tuple[int, ...]

    @property
    def seq(self) -> int:
        """Number of the newest receipt."""
        return int(self.status["seq"])

    @property
    def balance(self) -> int:
        """Rupiah."""
        return int(self.status["balance"])


class Bench:
    """One card; every step is deterministic, so that a state can be made again."""

    def __init__(self, connection: CardConnection, provider: KeyProvider) -> None:
        self.connection = connection
        self.provider = provider
        self.moment = MOMENT
        self.txn = 0
        self.update_seq = 0
        self.loaded = 0
        self.sent = b""  #: the newest body of a movement

    def select(self) -> CardSession:
        """A session with a live challenge."""
        return CardSession(self.connection, self.provider, TERMINAL)

    def personalize(self) -> None:
        """Make the card somebody's, with a PIN."""
        personalize(self.connection, self.provider, BENEFICIARY, IDENTITY, pin=PIN)

    def blocks(self, session: Scp03Session, serial: bytes) -> tuple[bytes, ...]:
        """The plain STORE DATA commands of :meth:`personalize`."""
        groups = data_groups(
            serial, BENEFICIARY, IDENTITY, self.provider, session.wrap_key, KeyVersions(), pin_block(PIN)
        )
        return store_data_commands(packed(groups, session.max_data))

    def channel(self, kvn: KeyVersionNumber, transmit: Any = None) -> Scp03Session:
        """An SCP03 session of the highest level; ``transmit`` in place of the connection's."""
        inspect(self.connection)
        sets = {KeyVersionNumber.TRANSPORT: KeySet.TRANSPORT, KeyVersionNumber.ISSUER: KeySet.ISSUER}
        keys = keys_from(self.provider, {kvn: (sets[kvn], 1)})
        return Scp03Session.open(transmit or self.connection.transmit, keys, kvn=kvn, level=SecurityLevel(0x33))

    def update(
        self,
        load: int = 0,
        *,
        state: LifeState = LifeState.ACTIVE,
        flags: UpdateFlag = UpdateFlag.NONE,
        keys: KeySelection = KeySelection.NONE,
        key_version: int = 1,
    ) -> SignedUpdate:
        """The next update of this card."""
        self.update_seq += 1
        self.loaded += load
        entitlement = Entitlement(
            update_seq=self.update_seq, loaded_total=self.loaded, monthly_limit=600_000, override_max=300_000,
            debit_max=600_000, allowed_categories=0x7F, valid_until=dt.date(2025, 12, 31), state=state, policy_id=2025,
            issued_at=MOMENT, flags=flags, key_selection=keys,
        )  # fmt: skip
        return self.signed(entitlement, key_version)

    def signed(self, entitlement: Entitlement, key_version: int = 1) -> SignedUpdate:
        """An entitlement authorised for this card."""
        return issue(entitlement, inspect(self.connection).serial, self.provider, key_version)

    def deliver(self, update: SignedUpdate) -> Receipt:
        """Bring an update to the card."""
        return self.select().deliver(update.command())

    def body(self, amount: int, rest: bytes = bytes(8)) -> bytes:
        """The 28 bytes of a movement with the next transaction number."""
        self.txn += 1
        self.sent = movement(amount, 1, self.moment, TERMINAL, self.txn, rest)
        return self.sent

    def move(self, command: Command, body: bytes) -> Receipt:
        """Select and do a movement."""
        session = self.select()
        return session.move(command, body, self.mac(session, command, body))

    def sell(self) -> None:
        """The next sale, of one rupiah, or the card's refusal."""
        with contextlib.suppress(status.DebitRefused):
            self.move(DEBIT, self.body(1))

    def top_up(self) -> None:
        """The next update, of one rupiah, which leaves state and keys as they are."""
        now = self.select().status()
        update = self.update(1, state=LifeState(now["state"]), keys=KeySelection(now["key_selection"]))
        self.deliver(update)

    def correct(self, transmit: Any = None) -> None:
        """Correct the last letter of the name; ``transmit`` in place of the connection's."""
        group = bytes.fromhex("0102") + bytes((len(IDENTITY),)) + IDENTITY[:-1] + b"!"
        self.channel(KeyVersionNumber.ISSUER, transmit).send(bytes((0x84, 0xE2, 0x88, 0x00, len(group))) + group)

    def mac(self, session: CardSession, command: Command, body: bytes) -> bytes | None:
        """The MAC where a companion's key makes it."""
        if command.name != "OVERRIDE":
            return None
        key: SecretKey = self.provider.diversify(
            KeyLabel.OVERRIDE, session.info.override_key_version, session.info.serial
        )
        return key.mac8(session.mac_input(command, body))

    def observe(self) -> Observed:
        """Read everything. Raises whatever a card that does not work makes it raise."""
        session = self.select()
        versions = session.info
        status = session.status()
        log: list[Receipt] = []
        while (receipt := session.read_log(len(log))) is not None:
            log.append(receipt)
        return Observed(
            status,
            tuple(log),
            (
                versions.debit_key_version,
                versions.receipt_key_version,
                versions.update_key_version,
                versions.override_key_version,
            ),
        )
