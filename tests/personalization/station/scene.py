# SPDX-License-Identifier: Apache-2.0
"""A station with its files in one folder, and what must hold of it and its cards in the end."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from ssn_card.bank.secret import development_secret
from ssn_card.keys import KeyProvider, development_keyring
from ssn_card.personalization.card.personalize import inspect, read_content
from ssn_card.personalization.intake.identity import identity_block
from ssn_card.personalization.intake.rows import Beneficiary, read_rows
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.feeder import CardFeeder, UrlFeeder
from ssn_card.personalization.station.issuing import extract_rows
from ssn_card.personalization.station.letter_file import LetterFile
from ssn_card.personalization.station.report import BatchReport
from ssn_card.personalization.station.run import run
from ssn_card.programme import Policy
from ssn_card.transport import open_connection

KEYS = development_keyring()
TODAY = dt.datetime(2025, 10, 1, 8, 0)  #: the policy of 2025 is in force


class Station:
    """A journal, a results file and an extract in one folder."""

    def __init__(self, folder: Path, policy: Policy, rows: list[str]) -> None:
        self.extract = folder / "x.csv"
        self.results = folder / "results.jsonl"
        self.journal_path = folder / "journal.db"
        self.letters = folder / "letters.jsonl"
        self.custodian: X25519PublicKey | None = None  #: then each card gets a PIN, told by a letter
        self.policy = policy
        self.write(rows)
        Journal.create(self.journal_path, development_secret()).close()

    def write(self, rows: list[str]) -> None:
        self.extract.write_text("\n".join(rows) + "\n")

    def run(
        self, feeder: CardFeeder | list[str] | tuple[CardFeeder, ...], *, keys: KeyProvider = KEYS, **options: Any
    ) -> BatchReport:
        feeders = feeder if isinstance(feeder, tuple) else (UrlFeeder(feeder) if isinstance(feeder, list) else feeder,)
        options = {"clock": lambda: TODAY} | options
        with ExitStack() as opened:
            journal = opened.enter_context(Journal.open(self.journal_path, development_secret()))
            if self.custodian is not None:
                options["letters"] = opened.enter_context(LetterFile(self.letters, self.custodian, journal))
            rows = extract_rows(self.extract, self.policy, options.pop("regions", None))
            report = run(rows, self.policy, keys, feeders, journal, self.results, **options)
        assert report.balanced
        return report

    def people(self) -> list[Beneficiary]:
        return [row for row in read_rows(self.extract, self.policy) if isinstance(row, Beneficiary)]

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.results.read_text().splitlines()]

    def cards(self, state: str = "done") -> list[dict[str, Any]]:
        return [line for line in self.lines() if line.get("state") == state]


def held_by(url: str) -> tuple[bytes, bytes] | None:
    """Beneficiary number and identity on the card; ``None`` on a blank one."""
    with open_connection(url) as connection:
        state = inspect(connection)
        return None if state.blank else read_content(connection, KEYS, state.serial)


def assert_one_card_each(station: Station, urls: list[str]) -> None:
    """Exactly the accepted rows have a card, each one, with the number that the results tell."""
    held = [content for content in map(held_by, urls) if content is not None]
    assert sorted(content[1] for content in held) == sorted(identity_block(person) for person in station.people())
    assert sorted(content[0].hex() for content in held) == sorted(line["beneficiary_id"] for line in station.cards())
