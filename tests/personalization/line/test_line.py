# SPDX-License-Identifier: Apache-2.0
"""The production line: keys in a token, several readers, torn cards, strangers, dead lines, and a station that is
killed.

What must hold is read from the files and the cards by this test itself, with SQL and over the cards' own channel: no
row without a card or a doubt, no beneficiary number and no serial twice, no card whose state is not what the journal
says.
``SSN_LINE_FAMILIES`` and ``SSN_LINE_PACE`` make it long: 1,688 and J3R180 (``make line``).
"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from tests.personalization.line.worker import CUSTODIAN, DYING, FIRST, Lot
from tests.personalization.station.scene import KEYS

from ssn_card.bank.secret import development_secret
from ssn_card.bench.perso import PIN, soft_token
from ssn_card.keys.token import TokenPin, TokenUri
from ssn_card.keys.token.signer import TokenSigner
from ssn_card.personalization.card.personalize import inspect, read_content
from ssn_card.personalization.intake.identity import identity_block
from ssn_card.personalization.intake.rows import Beneficiary, read_rows
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.manifest import IssuedManifest, compare, read_manifest, write_manifest
from ssn_card.personalization.journal.stock import BlankState
from ssn_card.personalization.station.letter_file import read_letters
from ssn_card.programme import load_policies
from ssn_card.simulator import Simulator
from ssn_card.simulator.cost.pace import java_options
from ssn_card.simulator.state import STATE_VARIABLE, write_state
from ssn_card.terminal import CardSession, SoftwareTerminalKeys
from ssn_card.transport import open_connection

FAMILIES = int(os.environ.get("SSN_LINE_FAMILIES", "60"))
PACE = os.environ.get("SSN_LINE_PACE", "")
SHARE = 1 if FAMILIES > 1000 else 6  #: a short run has its faults too
KILLS = 3
READERS = 4
EXTRACT = Path(__file__).parents[3] / "examples/data/beneficiaries.csv"


def start(folder: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "tests.personalization.line.worker", str(folder), str(READERS), str(SHARE)]
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(words, stdout=log, stderr=log, cwd=Path(__file__).parents[3])


def done_so_far(folder: Path) -> int:
    results = folder / "results.jsonl"
    return results.read_text().count('"state": "done"') if results.exists() else 0


def killed_at(folder: Path, cards: int) -> None:
    """Run until so many cards are told, then kill -9."""
    process = start(folder)
    while done_so_far(folder) < cards and process.poll() is None:
        time.sleep(0.02)
    assert process.poll() is None, (folder / "worker.log").read_text()[-2000:]
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.sim
@pytest.mark.timeout(3600 if PACE else 400)
def test_every_family_gets_one_card_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = EXTRACT.read_text("utf-8").splitlines()[: FAMILIES + 1]
    (tmp_path / "extract.csv").write_text("\n".join(lines) + "\n", "utf-8")
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "sim.json"))
    with Journal.create(tmp_path / "journal.db", development_secret()) as journal:
        journal.stock.add("A", [number.to_bytes(8, "big") for number in range(FIRST, FIRST + 2 * FAMILIES)])
    with soft_token(tmp_path) as token, Simulator(java_options=java_options(PACE)) as simulator:
        write_state(simulator.state())
        monkeypatch.setenv("LINE_TOKEN", str(token.uri))
        monkeypatch.setenv("PKCS11_MODULE", str(token.uri.module_path))
        monkeypatch.setenv("SSN_TOKEN_PIN", PIN)
        random = Random(FAMILIES)
        for at in sorted(random.sample(range(2, FAMILIES * 9 // 10), KILLS)):
            killed_at(tmp_path, at)
        process = start(tmp_path)
        assert process.wait() == 0, (tmp_path / "worker.log").read_text()[-2000:]
        assert_all_told(tmp_path, simulator)
        assert_manifest(tmp_path, token.uri)
        pins = assert_pins(tmp_path, simulator)
    assert_stock(tmp_path)
    assert_nothing_secret(tmp_path, pins)


def assert_all_told(folder: Path, simulator: Simulator) -> None:
    """Journal, results and cards, each read by itself, say the same."""
    with sqlite3.connect(folder / "journal.db") as database:
        rows = database.execute("SELECT line, beneficiary_id, serial, state FROM card WHERE state <> 'void'").fetchall()
    database.close()
    assert sorted(line for line, *_ in rows) == list(range(2, FAMILIES + 2))  # each row once
    assert len({number for _, number, _, _ in rows}) == FAMILIES
    assert {state for *_, state in rows} <= {"done", "sent"}
    of_serial = {serial: (line, number, state) for line, number, serial, state in rows}
    assert len(of_serial) == FAMILIES
    doubts = [serial for serial, (_, _, state) in of_serial.items() if state == "sent"]
    dead = {path.name for path in (folder / "dead").glob("*")}
    # A stranger's card in hand when the station was killed, and the first one afterwards: nothing tells it from wrong
    # keys of the station, so nothing is concluded, and it stays in doubt.
    assert {serial.hex() for serial in doubts if not Lot(serial, SHARE).strange} <= dead
    people = {
        row.line: identity_block(row)
        for row in read_rows(folder / "extract.csv", load_policies().by_id(2025))
        if isinstance(row, Beneficiary)
    }
    held = 0
    for card in simulator.cards():
        with open_connection(card.url) as connection:
            state = inspect(connection)
            known = of_serial.get(state.serial)
            if state.blank:
                assert known is None or known[2] == "sent"  # put aside, unused, or its line died too early to know
                continue
            assert known is not None, f"{card.name} is personalized, and no row has it"
            content = read_content(connection, KEYS, state.serial)
        assert content.beneficiary_id == known[1]
        assert content.identity == people[known[0]]
        held += known[2] == "done"
    assert held == FAMILIES - len(doubts)
    told = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    done = [line["serial"] for line in told if line.get("state") == "done"]
    assert sorted(done) == sorted(serial.hex() for serial, (*_, state) in of_serial.items() if state == "done")
    events = [line["event"] for line in told if "event" in line]
    assert len(events) == len(set(events))
    assert len(doubts) <= max(3, FAMILIES * DYING * SHARE // 250)


def assert_manifest(folder: Path, uri: TokenUri) -> None:
    """What the bank signs in the token names these cards, and the journal's log leads through it."""
    out = folder / "manifest"
    with (
        TokenSigner.create(uri, TokenPin(PIN)) as signer,
        Journal.open(folder / "journal.db", read_only=True) as journal,
    ):
        write_manifest(out, IssuedManifest.of(journal), signer)
        manifest = read_manifest(out, signer.public_key())
        compare({out: manifest}, journal)
    assert sum(manifest.totals.values()) == FAMILIES


def assert_pins(folder: Path, simulator: Simulator) -> list[str]:
    """Every card that is done takes the PIN of the one letter that holds, as the custodian reads it; all PINs."""
    with Journal.open(folder / "journal.db", read_only=True) as journal:
        name = journal.name
    with sqlite3.connect(folder / "journal.db") as database:
        held = dict(
            database.execute(
                "SELECT letter.sha256, letter.serial FROM letter JOIN card ON card.serial = letter.serial"
                " WHERE letter.void IS NULL AND card.state = 'done'"
            ).fetchall()
        )
        done = {serial for (serial,) in database.execute("SELECT serial FROM card WHERE state = 'done'")}
    database.close()
    assert sorted(held.values()) == sorted(done)
    letters = list(read_letters(folder / "letters.jsonl", CUSTODIAN))
    told = {letter.serial: letter.pin(name) for letter in letters if held.get(letter.sha256) == letter.serial}
    for card in simulator.cards():
        pin = told.pop(bytes.fromhex(card.name), None)
        if pin is not None:
            with open_connection(card.url) as connection:
                CardSession(connection, SoftwareTerminalKeys(KEYS)).verify_pin(pin)
    assert told == {}
    return [letter.pin(name) for letter in letters]


def assert_stock(folder: Path) -> None:
    """The delivery adds up, and says of its cards what the journal says of their rows."""
    with sqlite3.connect(folder / "journal.db") as database:
        states = dict(database.execute("SELECT state, count(*) FROM card WHERE serial IS NOT NULL GROUP BY state"))
    database.close()
    with Journal.open(folder / "journal.db", read_only=True) as journal:
        (delivery,) = journal.stock.deliveries()
    assert sum(delivery.states.values()) == delivery.cards == 2 * FAMILIES
    assert delivery.states[BlankState.USED] == states["done"]
    assert delivery.states[BlankState.IN_DOUBT] == states.get("sent", 0)
    assert delivery.states[BlankState.SPOILED] > 0


def assert_nothing_secret(folder: Path, pins: list[str]) -> None:
    """No NIK, no name, no PIN and no key in anything that the run left, but the extract."""
    rows = [line.split(",") for line in (folder / "extract.csv").read_text("utf-8").splitlines()[1:]]
    secrets = [PIN.encode(), *(text.encode() for row in rows[:40] for text in (row[0], row[1], row[2]))]
    told = re.compile(rb"(?<![0-9A-Za-z.])(%s)(?![0-9A-Za-z])" % "|".join(pins).encode())
    left = [path for path in folder.rglob("*") if path.is_file() and path.name not in ("extract.csv", "softhsm2.conf")]
    assert len(left) > FAMILIES
    for path in left:
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret in content], path
        assert not told.search(content), path
