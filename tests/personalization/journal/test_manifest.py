# SPDX-License-Identifier: Apache-2.0
"""The manifest: signed, whole, and what the journal is held to afterwards."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ssn_card.bank.secret import development_secret
from ssn_card.cli.main import run
from ssn_card.keys.pem import public_pem
from ssn_card.personalization.journal import errors
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.manifest import (
    EmptyManifest,
    IssuedManifest,
    ManifestDiffers,
    ManifestOfAnotherJournal,
    compare,
    read_manifest,
    write_manifest,
)
from ssn_card.personalization.journal.records import RowKeys
from ssn_card.signing import AttestationRefused, create_signing_key

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TAG = b"t" * 16
PASSWORD = "susu satu kaleng"


def keys(number: int) -> RowKeys:
    return RowKeys(number.to_bytes(16, "big"), (number + 1000).to_bytes(16, "big"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal with two done cards, one in doubt and one lost."""
    path = tmp_path / "journal.db"
    with Journal.create(path, development_secret()) as journal:
        batch = journal.batch("0" * 64, 2025, "x.csv")
        for number in range(4):
            entry = journal.sent(journal.plan(batch, 2 + number, keys(number)), b"serial %d" % number, TAG)
            if number < 2:
                journal.done(entry, 1.5)
            elif number == 3:
                journal.lose(entry, "gone")
        journal.plan(batch, 9, keys(9))
    return path


@pytest.fixture
def signed(path: Path, tmp_path: Path) -> Path:
    out = tmp_path / "manifest.jsonl"
    with Journal.open(path, read_only=True) as journal:
        write_manifest(out, IssuedManifest.of(journal), KEY)
    return out


def compared(signed: Path, journal: Path) -> None:
    with Journal.open(journal, read_only=True) as opened:
        compare({signed: read_manifest(signed, KEY.public_key())}, opened)


def test_it_names_every_card_that_was_sent_anything(signed: Path) -> None:
    manifest = read_manifest(signed, KEY.public_key())
    assert manifest.totals == {"done": 2, "lost": 1, "sent": 1}
    assert [(bytes.fromhex(card.serial), card.state) for card in manifest.cards] == [
        (b"serial 0", "done"), (b"serial 1", "done"), (b"serial 2", "sent"), (b"serial 3", "lost")
    ]  # fmt: skip
    assert manifest.batches[0].numbers == {"done": 2, "lost": 1, "planned": 1, "sent": 1}


def test_every_byte_of_it_is_signed(signed: Path) -> None:
    data = signed.read_bytes()
    for place in range(0, len(data), 7):
        signed.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(AttestationRefused):
            read_manifest(signed, KEY.public_key())


def test_it_is_never_written_over_another(signed: Path, path: Path) -> None:
    with Journal.open(path, read_only=True) as journal, pytest.raises(FileExistsError):
        write_manifest(signed, IssuedManifest.of(journal), KEY)


def test_a_journal_without_cards_has_none(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "new.db", development_secret()) as journal, pytest.raises(EmptyManifest):
        IssuedManifest.of(journal)


def test_what_came_later_is_no_contradiction(signed: Path, path: Path) -> None:
    compared(signed, path)
    with Journal.open(path, development_secret()) as journal:
        batch = journal.batch("1" * 64, 2025, "y.csv")
        journal.done(journal.sent(journal.plan(batch, 2, keys(50)), b"serial 5", TAG))
        journal.lose(journal.cards()[0], "stolen")
        journal.blank_again(journal.in_doubt()[0])
        journal.turn_up(journal.cards()[3])
    compared(signed, path)


def rewritten(path: Path, *statements: str) -> None:
    """As somebody with the file would: the log is made anew too, by the program itself."""
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def test_a_log_made_anew_does_not_lead_through_the_manifest(signed: Path, path: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged.db"
    with Journal.create(forged, development_secret()) as journal:
        batch = journal.batch("0" * 64, 2025, "x.csv")
        for number in range(9):
            journal.done(journal.sent(journal.plan(batch, 2 + number, keys(number)), b"serial %d" % number, TAG), 1.5)
    with sqlite3.connect(path) as database:
        (name,) = database.execute("SELECT name FROM journal").fetchone()
    database.close()
    with pytest.raises(ManifestOfAnotherJournal):
        compared(signed, forged)
    rewritten(forged, f"UPDATE journal SET name = '{name}'")  # noqa: S608
    with pytest.raises(errors.StationLogBroken, match="given away"):
        compared(signed, forged)


def test_a_card_that_is_another_beneficiary_s_now_is_named(path: Path, tmp_path: Path) -> None:
    """The log alone would be enough; the cards are compared too, for a manifest without rows of a log."""
    with Journal.open(path, read_only=True) as journal:
        stated = IssuedManifest.of(journal)
        other = stated.cards[0].model_copy(update={"beneficiary_id": "00000000000000ff"})
        changed = stated.model_copy(update={"cards": [other, *stated.cards[1:]]})
        with pytest.raises(ManifestDiffers) as caught:
            compare({tmp_path: changed}, journal)
    assert caught.value.count == 1
    assert caught.value.serials == b"serial 0".hex()


def output(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_commands(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key, public, out, table = (tmp_path / name for name in ("key.pem", "key.pub", "manifest", "read-back.csv"))
    public.write_bytes(public_pem(create_signing_key(key, PASSWORD)))
    monkeypatch.setenv("SSN_ATTESTATION_PASSWORD", PASSWORD)
    given = ["--journal", str(path)]
    assert run(["perso", "manifest", *given, "--signer", str(key), "--out", str(out), "--json"]) == 0
    made = output(capsys)
    assert run(["perso", "verify-manifest", str(out), "--public-key", str(public), *given, "--json"]) == 0
    found = output(capsys)
    assert found["compared"] is True
    assert found["manifests"][0]["log_chain"] == made["log_chain"]
    assert run(["perso", "verify-log", *given, "--json"]) == 0
    assert output(capsys)["rows"] == made["log_rows"]
    assert run(["perso", "read-back", *given, "--out", str(table), "--json"]) == 0
    assert output(capsys)["read_back"] == 2
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["state"] for row in rows] == ["done", "done", "sent", "lost"]
    assert [bool(row["read_back_at"]) for row in rows] == [True, True, False, False]
    rewritten(path, "UPDATE card SET line = 77 WHERE id = 1")
    assert run(["perso", "verify-log", *given]) != 0
    assert "card 1" in capsys.readouterr().err
    for command in (["perso", "manifest", *given, "--signer", str(key), "--out", str(tmp_path / "no"), "--json"],):
        assert run(command) != 0
        assert not (tmp_path / "no").exists()
