# SPDX-License-Identifier: Apache-2.0
"""``ssn perso correct``: a corrected row of a later extract onto the card in the reader."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from ssn_card.bank.cli.options import BankOptions, OptionalBank, OptionalUser
from ssn_card.cli.grouped import grouped
from ssn_card.cli.options import (
    DEFAULT_CARD,
    CardUrl,
    Development,
    Keyring,
    OptionalExtract,
    PolicyFile,
    PolicyToday,
    key_provider,
)
from ssn_card.cli.options import Journal as JournalPath
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.keys import KeyProvider
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.card.personalize import inspect
from ssn_card.personalization.intake.extract import open_extract
from ssn_card.personalization.intake.findings import Findings
from ssn_card.personalization.intake.rows import judge
from ssn_card.personalization.intake.summary import summarize
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.correction import Correction
from ssn_card.personalization.station.correction import correct as correct_card
from ssn_card.personalization.station.run import require_sound
from ssn_card.programme import load_policies, load_regions
from ssn_card.protocol.errors import InputError, Text
from ssn_card.transport import CardConnection, open_connection

from .keys import Force, Secret, UseKey, key_versions, station_secret

_DONE = Text("Card {serial}: corrected from {source}.", "Kartu {serial}: diperbaiki dari {source}.")
_SAME = Text("Card {serial}: {source} is on it already.", "Kartu {serial}: {source} sudah ada di kartu.")
_LINE = Text("line {line}", "baris {line}")
_VERSION = Text("version {version} of the store's data", "versi {version} data simpanan")
_ONE_OF = Text(
    "Name the file of corrected rows, or the bank's store and who works.",
    "Sebutkan berkas baris yang diperbaiki, atau simpanan data bank dan siapa yang bekerja.",
)
_POLICY = Text("Name the policy of the file.", "Sebutkan kebijakan untuk berkas itu.")


@dataclass(frozen=True)
class CorrectOptions:
    """Where the corrected data are, and under which secret the journal knows their person."""

    file: OptionalExtract = None
    policy: PolicyToday = None
    policies: PolicyFile = None
    bank: OptionalBank = None
    user: OptionalUser = None
    keyring: Keyring = None
    development: Development = False
    secret: Secret = None
    force: Force = False


@grouped
def correct(
    *,
    options: CorrectOptions,
    journal: JournalPath,
    card: CardUrl = DEFAULT_CARD,
    use_key: UseKey = None,
    as_json: AsJson = False,
) -> None:
    """Put the corrected data of its holder onto the card in the reader, out of a file or of the bank's store (--bank).
    Balance and receipts stay.

    Tulis data pemilik yang sudah diperbaiki ke kartu di pembaca, dari berkas atau simpanan bank (--bank). Sisa dana dan
    kuitansi tetap.
    """
    versions = key_versions(use_key or [])
    with key_provider(options.keyring, options.development) as provider, open_connection(card) as connection:
        if options.file is not None:
            done, source = _of_file(options, options.file, journal, connection, provider, versions)
        else:
            done, source = _of_store(options, journal, connection, provider, versions)
    serial = done.serial.hex()
    data = {
        "serial": serial,
        "beneficiary_id": done.beneficiary_id.hex(),
        "line": None if options.file is None else done.line,
        "result": "corrected" if done.changed else "already_correct",
    }
    text = (_DONE if done.changed else _SAME).filled(serial=serial.upper(), source=source)
    emit("perso-correct", data, as_json, lambda: say(text))


def _of_file(
    options: CorrectOptions,
    file: Path,
    journal: Path,
    connection: CardConnection,
    provider: KeyProvider,
    versions: KeyVersions,
) -> tuple[Correction, Text]:
    if options.policy is None:
        raise InputError(_POLICY, where="--policy")
    chosen = load_policies(options.policies).by_id(options.policy)
    sound = open_extract(file)
    findings = Findings()
    rows = tuple(judge(sound, chosen, findings=findings))
    require_sound(summarize(sound, rows, chosen, findings), options.force)
    secret = station_secret(journal, options.keyring, options.development, options.secret)
    with Journal.open(journal, secret) as opened:
        done = correct_card(connection, rows, provider, opened, versions)
    return done, _LINE.filled(line=done.line)


def _of_store(
    options: CorrectOptions, journal: Path, connection: CardConnection, provider: KeyProvider, versions: KeyVersions
) -> tuple[Correction, Text]:
    """No file in clear: the person of the card, straight out of the store, which is told what the card holds then."""
    from ssn_card.bank.people.corrections import card_corrected, holder_of
    from ssn_card.personalization.station.batch import beneficiary

    if options.bank is None or options.user is None:
        raise InputError(_ONE_OF, where="--bank" if options.bank is None else "--user")
    store = BankOptions(options.bank, options.user, options.secret, options.development)
    serial = inspect(connection).serial
    with store.signed_in() as (bank, actor), Journal.open(journal, store.opened_secret()) as opened:
        with bank.work(actor) as work:
            person = holder_of(work, serial.hex())
        row = beneficiary(1, person, load_regions())
        done = correct_card(connection, [row], provider, opened, versions)
        # After the card: killed in between, the store lists it still, and this is repeated.
        with bank.work(actor) as work:
            card_corrected(work, serial.hex(), person.version)
    return done, _VERSION.filled(version=person.version)


def correcting_command(
    file: Path, policy: int, policies: Path | None, journal: Path, keyring: str | None, secret: Path | None
) -> str:
    """The command that corrects one card of this extract, to be copied into a shell."""
    words = ["ssn", "perso", "correct", str(file), "--policy", str(policy), "--journal", str(journal)]
    words += [] if policies is None else ["--policies", str(policies)]
    words += ["--development"] if keyring is None else ["--keyring", keyring]
    if secret is not None:
        words += ["--secret", str(secret)]
    return shlex.join([*words, "--card", DEFAULT_CARD])
