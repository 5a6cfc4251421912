# SPDX-License-Identifier: Apache-2.0
"""``ssn perso correct``: a corrected row of a later extract onto the card in the reader."""

from __future__ import annotations

import shlex
from pathlib import Path

from ssn_card.cli.options import (
    DEFAULT_CARD,
    CardUrl,
    Development,
    Extract,
    Keyring,
    PolicyFile,
    PolicyId,
    key_provider,
)
from ssn_card.cli.options import Journal as JournalPath
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.personalization.intake.extract import open_extract
from ssn_card.personalization.intake.findings import Findings
from ssn_card.personalization.intake.rows import judge
from ssn_card.personalization.intake.summary import summarize
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.correction import correct as correct_card
from ssn_card.personalization.station.run import require_sound
from ssn_card.programme import load_policies
from ssn_card.protocol.errors import Text
from ssn_card.transport import open_connection

from .keys import Force, Secret, UseKey, key_versions, station_secret

_DONE = Text("Card {serial}: corrected from line {line}.", "Kartu {serial}: diperbaiki dari baris {line}.")
_SAME = Text("Card {serial}: line {line} is on it already.", "Kartu {serial}: baris {line} sudah ada di kartu.")


def correct(
    file: Extract,
    policy: PolicyId,
    journal: JournalPath,
    policies: PolicyFile = None,
    card: CardUrl = DEFAULT_CARD,
    keyring: Keyring = None,
    development: Development = False,
    secret: Secret = None,
    use_key: UseKey = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Put the corrected data of its holder onto the card in the reader. Balance and receipts stay.

    Tulis data pemilik yang sudah diperbaiki ke kartu di pembaca. Sisa dana dan kuitansi tetap.
    """
    versions = key_versions(use_key or [])
    chosen = load_policies(policies).by_id(policy)
    sound = open_extract(file)
    findings = Findings()
    rows = tuple(judge(sound, chosen, findings=findings))
    require_sound(summarize(sound, rows, chosen, findings), force)
    with (
        key_provider(keyring, development) as provider,
        Journal.open(journal, station_secret(journal, keyring, development, secret)) as opened,
        open_connection(card) as connection,
    ):
        done = correct_card(connection, rows, provider, opened, versions)
    serial = done.serial.hex()
    data = {
        "serial": serial,
        "beneficiary_id": done.beneficiary_id.hex(),
        "line": done.line,
        "result": "corrected" if done.changed else "already_correct",
    }
    text = (_DONE if done.changed else _SAME).filled(serial=serial.upper(), line=done.line)
    emit("perso-correct", data, as_json, lambda: say(text))


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
