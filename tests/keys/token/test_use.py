# SPDX-License-Identifier: Apache-2.0
"""Wherever a command takes a key file it takes a token: cards are made, loaded, debited and audited with one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from tests.cli.conftest import Ran
from tests.personalization.station.support import Rack

from ssn_card.cli import main
from ssn_card.keys import TokenKeyring
from ssn_card.keys.development import development_master
from ssn_card.keys.token.backup import Backup
from ssn_card.keys.token.ceremony import hold, plan
from ssn_card.keys.token.components import Component
from ssn_card.keys.token.errors import TokenGone
from ssn_card.personalization.cli import main as perso
from ssn_card.protocol.labels import KeyLabel
from ssn_card.terminal import open_keyring

from .tokens import PIN

EXTRACT = Path(__file__).parents[3] / "examples" / "data" / "beneficiaries.csv"
KEYS = ("--keyring", "pkcs11:token=ssn")
PLAN = ("--policy", 2025, "--allow-expired")


@pytest.fixture
def run(
    empty: TokenKeyring, backup: Backup, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Callable[..., Ran]:  # fmt: skip
    """Runs ``ssn`` with the published masters in a token, in a folder of its own."""
    places = plan(KeyLabel, (1, 2))
    hold(empty.sessions, backup, places, lambda place: Component(development_master(*place).value()))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SSN_LANG", "en")
    monkeypatch.setenv("SSN_TOKEN_PIN", PIN)
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    monkeypatch.setattr(perso, "now", lambda: dt.datetime(2025, 10, 3, 10))

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture
def rack() -> Iterator[Rack]:
    rack = Rack()
    yield rack
    rack.close()


@pytest.mark.sim
def test_from_the_station_to_the_auditor(run: Callable[..., Ran], rack: Rack, tmp_path: Path) -> None:
    cards = [part for url in rack.blanks(2) for part in ("--cards", url)]
    station = ("--journal", "station.sqlite", "--results", "results.jsonl")
    made = run("perso", "run", EXTRACT, *PLAN, *station, *cards, *KEYS, "--limit", 2, "--json")
    *_, last = made.out.splitlines()  # the events come before it
    assert (made.code, json.loads(last)["issued"]) == (0, 2), made.err
    assert Path("station.sqlite.station").exists()
    serials = [json.loads(line)["serial"] for line in Path("results.jsonl").read_text().splitlines()[:2]]
    url = next(url for url in cards[1::2] if run("card", "info", "--card", url, "--json").json["serial"] == serials[0])
    register = ("--register", "register.sqlite")
    issue = ("entitlement", "issue", serials[0], *register, "--new-register", *PLAN, "--tranche", 1)
    assert run(*issue, "--valid-until", "2079-12-31", "--out", "updates.jsonl", *KEYS).code == 0
    terminal = ("--card", url, "--journal", "terminal.sqlite", "--shop", "EW-007", *KEYS)
    assert run("entitlement", "deliver", "updates.jsonl", *terminal).code == 0
    assert run("terminal", "sell", "--item", "BERAS=10@162000", *terminal).code == 0
    assert run("card", "status", "--card", url, *KEYS, "--json").code == 0
    assert run("terminal", "receipts", "--journal", "terminal.sqlite", "--out", "day.jsonl").code == 0
    verified = run("receipts", "verify", "day.jsonl", *KEYS, "--json")
    assert (verified.code, verified.json["genuine"] > 0) == (0, True)
    audited = run("audit", "verify", "day.jsonl", *KEYS, "--json")
    assert audited.json["genuine"] == verified.json["genuine"]
    # An auditor has no token, but the keys of this card.
    assert run("keys", "recipient-key", "--out", "auditor.key").code == 0
    Path("cards.txt").write_text(serials[0] + "\n")
    given = ("--serials", "cards.txt", "--to", "auditor.key.pub", "--out", "given.jsonl")
    assert run("keys", "receipts", KEYS[1], *given).code == 0
    own = ("--card-keys", "given.jsonl", "--private-key", "auditor.key")
    for command in ("receipts", "audit"):
        assert run(command, "verify", "day.jsonl", *own, "--json").json["genuine"] == verified.json["genuine"]
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and "softhsm" not in path.name)
    for label in KeyLabel:
        for version in (1, 2):
            master = development_master(label, version).value()
            assert master not in left
            assert master.hex().encode() not in left.lower()
    assert PIN.encode() not in left
    rotated = run("keys", "rotate", KEYS[1], "--backup", "masters.backup", "--purpose", "debit", *register, "--json")
    assert rotated.code == 1  # nobody is there to type components


def test_a_terminal_of_a_vendor(run: Callable[..., Ran], tokens: Path) -> None:
    with open_keyring("pkcs11:token=ssn") as keys:
        assert KeyLabel.DEBIT in keys._provider.labels()
        tokens.rename(tokens.with_name("away"))
        with pytest.raises(TokenGone):
            keys._provider.diversify(KeyLabel.DEBIT, 1, bytes(8))


def test_no_master_is_exported(run: Callable[..., Ran]) -> None:
    ran = run("keys", "export", KEYS[1], "--role", "terminal", "--out", "terminal.keys", "--json")
    assert (ran.code, ran.error["code"]) == (1, "bad-argument")
    assert not Path("terminal.keys").exists()


def test_a_backup_is_opened_by_a_program_that_is_not_ours(
    run: Callable[..., Ran], backup: Backup, key: Component
) -> None:
    """As docs/protocol.md says it: should this program be gone, the masters are not."""
    document = json.loads(backup.path.read_text())
    salt = bytes.fromhex(document["salt"])
    wrapping = HKDF(hashes.SHA256(), 32, salt, b"ssn-card-token-backup/1 wrap").derive(key.value())
    assert len(document["keys"]) == 26
    for one in document["keys"]:
        master = aes_key_unwrap(wrapping, bytes.fromhex(one["wrapped"]))
        assert master == development_master(KeyLabel.named(one["label"]), one["version"]).value()
