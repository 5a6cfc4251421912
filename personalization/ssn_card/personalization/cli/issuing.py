# SPDX-License-Identifier: Apache-2.0
"""What ``ssn perso run`` works on: the file that is named, or the batch, straight out of the bank's store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from ssn_card.bank.cli.options import BankOptions, OptionalBank, OptionalBatch, OptionalUser
from ssn_card.cli.options import Development, Keyring, OptionalExtract, PolicyFile, PolicyToday
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.issuing import IssueRows, extract_rows
from ssn_card.programme import Policy, load_policies
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError, Text

from .correct import correcting_command
from .keys import Secret, station_secret

_ONE_OF = Text("Name a file of persons, or a batch: one of them.", "Sebutkan berkas data atau kelompok: salah satu.")
_WHO = Text("A batch is in the bank's store: name it, and who works.", "Kelompok ada di simpanan data bank: sebutkan.")
_ITS_OWN = Text("A batch has its own policy.", "Kelompok memiliki kebijakannya sendiri.")
_POLICY = Text("Name the policy of the file.", "Sebutkan kebijakan untuk berkas itu.")


@dataclass(frozen=True)
class IssueOptions:
    """Whose cards are issued."""

    file: OptionalExtract = None
    policy: PolicyToday = None
    policies: PolicyFile = None
    bank: OptionalBank = None
    user: OptionalUser = None
    batch: OptionalBatch = None
    keyring: Keyring = None
    development: Development = False
    secret: Secret = None

    def read(self, journal: Path, today: dt.date | None) -> tuple[IssueRows, Policy, SecretKey]:
        """The rows, their policy, which must not be over ``today``, and the secret that the journal must have.

        Raises ``InputError`` for options that do not go together, and whatever reading the rows raises.
        """
        if (self.file is None) == (self.batch is None):
            raise InputError(_ONE_OF, where="--batch")
        if self.file is not None:
            return self._of_file(self.file, journal, today)
        return self._of_batch(self.batch or "", journal, today)

    def correcting(self, journal: Path) -> str | None:
        """The command that corrects one card of the file; those of a batch are corrected by the store's means."""
        if self.file is None or self.policy is None:
            return None
        return correcting_command(self.file, self.policy, self.policies, journal, self.keyring, self.secret)

    def _of_file(self, file: Path, journal: Path, today: dt.date | None) -> tuple[IssueRows, Policy, SecretKey]:
        if self.policy is None:
            raise InputError(_POLICY, where="--policy")
        policy = load_policies(self.policies).by_id(self.policy)
        if today is not None:
            policy.require_not_over(today)
        rows = extract_rows(file, policy)
        return rows, policy, station_secret(journal, self.keyring, self.development, self.secret)

    def _of_batch(self, name: str, journal: Path, today: dt.date | None) -> tuple[IssueRows, Policy, SecretKey]:
        from ssn_card.personalization.station.batch import batch_rows, begin_batch

        if self.policy is not None:
            raise InputError(_ITS_OWN, where="--policy")
        if self.bank is None or self.user is None:
            raise InputError(_WHO, where="--bank" if self.bank is None else "--user")
        store = BankOptions(self.bank, self.user, self.secret, self.development)
        if journal.exists():  # one of another secret knows nobody of the store: nothing is begun
            Journal.open(journal, store.opened_secret(), read_only=True).close()
        with store.signed_in() as (bank, actor):
            begun = begin_batch(bank, actor, name, load_policies(self.policies), today)
            return batch_rows(bank, begun), begun.policy, begun.secret
