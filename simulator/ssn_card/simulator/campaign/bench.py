# SPDX-License-Identifier: Apache-2.0
"""A card on the bench with everything that brings it into a state and reads it again."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ssn_card.channel import KeySet, Scp03Session, SecurityLevel, keys_from
from ssn_card.keys import KeyProvider
from ssn_card.personalization.card.groups import KeyVersions, data_groups, packed, store_data_commands
from ssn_card.personalization.card.personalize import inspect, personalize
from ssn_card.protocol import status
from ssn_card.protocol.commands import DEBIT, UPDATE, Command
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import ENTITLEMENT, IDENTITY_FIXED, MOVEMENT
from ssn_card.protocol.messages import update_message
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.values import NEVER, KeySelection, KeyVersionNumber, LifeState
from ssn_card.transport import CardConnection

from .talk import LE, TERMINAL, CardReceipt, Talk

PIN, OTHER_PIN = "482917", "1234"
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
#: What the bank knows of a card before its first update.
_UNLOADED: dict[str, Any] = {
    "update_seq": 0, "loaded_total": 0, "expired_total": 0, "monthly_limit": 600_000, "override_max": 300_000,
    "debit_max": 600_000, "pin_above": NEVER, "allowed_categories": 0x7F, "valid_until": dt.date(2025, 12, 31),
    "key_selection": KeySelection.NONE, "state": LifeState.ACTIVE, "policy_id": 2025, "issued_at": MOMENT,
    "pin_count": 0, "mend_count": 0, "mended_to": bytes(2), "reference": bytes(8),
}  # fmt: skip


class Movement(NamedTuple):
    """What a terminal has sent: the number that the receipt has if it was done, the command and its 36 bytes."""

    number: int
    command: Command
    body: bytes


@dataclass(frozen=True)
class Observed:
    """Everything that a terminal can learn of a card, authenticated, and its whole log, newest first.

    ``tries``: of the PIN; no part of a comparison, since a try is taken before it is known whether the PIN is right.
    """

    status: dict[str, Any]
    log: tuple[CardReceipt, ...]
    told: dict[str, Any]  #: at SELECT, but for the challenge
    newest: int  #: as SELECT told it
    tries: int = field(compare=False)

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
        self.rules = _UNLOADED  #: of the newest entitlement; never changed, but another put in its place
        self.sent: Movement | None = None  #: the newest

    def select(self) -> Talk:
        """A session with a live challenge."""
        return Talk(self.connection, self.provider)

    def personalize(self, pin: str | None = PIN) -> None:
        """Make the card somebody's, with a PIN or without."""
        personalize(self.connection, self.provider, BENEFICIARY, IDENTITY, pin=pin)

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

    # ------------------------------------------------------------ updates

    def update(self, load: int = 0, *, key_version: int | None = None, **changes: Any) -> bytes:
        """The next update of this card, a whole command; ``changes``: fields of the entitlement that are others than
        they were. Without ``key_version`` it is under the UPDATE key in force.
        """
        in_force = 2 if self.rules["key_selection"] & KeySelection.UPDATE else 1
        loaded = {"loaded_total": self.rules["loaded_total"] + load}
        self.rules = self.rules | {"update_seq": self.rules["update_seq"] + 1} | loaded | changes
        return self.signed(self.rules, key_version or in_force)

    def signed(self, rules: dict[str, Any], key_version: int = 1) -> bytes:
        """The UPDATE command that puts an entitlement on this card."""
        message = UPDATE.header_and_body(ENTITLEMENT.encode(rules))
        serial = inspect(self.connection).serial
        key = self.provider.diversify(KeyLabel.UPDATE, key_version, serial)
        return message + key.mac8(update_message(message, serial)) + LE

    def deliver(self, update: bytes) -> CardReceipt:
        """Bring an update to the card."""
        return self.select().deliver(update)

    def top_up(self) -> None:
        """The next update, of one rupiah, which leaves all else as it is."""
        self.deliver(self.update(1))

    # ------------------------------------------------------------ movements

    def body(self, amount: int, rest: bytes = bytes(16)) -> bytes:
        """The 36 bytes of a movement with the next transaction number; ``rest``: the last of them, as far as given."""
        self.txn += 1
        return MOVEMENT.encode(
            {
                "amount": amount,
                "categories": 1,
                "timestamp": self.moment,
                "terminal_id": TERMINAL,
                "terminal_txn": self.txn,
                "basket_digest": rest.ljust(16, b"\x00"),
            }
        )

    def move(self, command: Command, body: bytes, pin: str | None = None) -> CardReceipt:
        """Select and do a movement, the PIN given before it where there is one here."""
        session = self.select()
        if pin is not None:
            session.verify(pin)
        self.sent = Movement(session.newest + 1, command, body)
        return session.move(command, body)

    def sell(self) -> None:
        """The next sale, of one rupiah, or the card's refusal."""
        self.sent = None
        with contextlib.suppress(status.DebitRefused):
            self.move(DEBIT, self.body(1))

    # ------------------------------------------------------------ the rest

    def correct(self, transmit: Any = None) -> None:
        """Correct the last letter of the name; ``transmit`` in place of the connection's."""
        group = bytes.fromhex("0102") + bytes((len(IDENTITY),)) + IDENTITY[:-1] + b"!"
        self.channel(KeyVersionNumber.ISSUER, transmit).send(bytes((0x84, 0xE2, 0x88, 0x00, len(group))) + group)

    def observe(self) -> Observed:
        """Read everything. Raises whatever a card that does not work makes it raise."""
        session = self.select()
        found = session.status()
        tries = found.pop("pin_tries")
        log: list[CardReceipt] = []
        while isinstance(receipt := session.receipt(found["seq"] - len(log)), CardReceipt):
            log.append(receipt)
        told = {name: session.info[name] for name in session.info if name not in ("challenge", "masked_seq")}
        return Observed(found, tuple(log), told, session.newest, tries)
