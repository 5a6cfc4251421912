# SPDX-License-Identifier: Apache-2.0
"""``ssn keys``."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest
from tests.cli.conftest import Ssn

from ssn_card.keys import CardKeyFile, SoftwareKeyring
from ssn_card.keys.pem import RECEIVING
from ssn_card.protocol.labels import KeyLabel

PASSWORD, OTHER = "first password", "second password"


@pytest.fixture
def bank(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bank's keyring under :data:`PASSWORD`; new files get :data:`OTHER`."""
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", PASSWORD)
    monkeypatch.setenv("SSN_NEW_KEYRING_PASSWORD", OTHER)
    path = tmp_path / "bank.json"
    assert ssn("keys", "create", path).code == 0
    return path


def test_create_and_list(ssn: Ssn, bank: Path) -> None:
    shown = ssn("keys", "list", bank, "--json").json
    assert shown["schema"] == "ssn-card/keys-list/1"
    assert shown["holder"] == "bank"
    assert {(key["label"], key["version"]) for key in shown["keys"]} == {
        (str(label), version) for label in KeyLabel for version in (1, 2)
    }
    with SoftwareKeyring.open(bank, PASSWORD) as keyring:
        assert shown["keys"][0]["kcv"] == keyring.check_value(KeyLabel.named(shown["keys"][0]["label"]), 1).hex()
    assert stat.S_IMODE(bank.stat().st_mode) == 0o600
    assert "OVERRIDE" in ssn("keys", "list", bank).out


def test_versions_are_chosen(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", PASSWORD)
    ran = ssn("keys", "create", tmp_path / "one.json", "--key-version", 5, "--json")
    assert {key["version"] for key in ran.json["keys"]} == {5}


def test_a_key_file_is_never_overwritten(ssn: Ssn, bank: Path) -> None:
    before = bank.read_bytes()
    assert ssn("keys", "create", bank, "--json").error["code"] == "keyring-exists"
    assert bank.read_bytes() == before


def test_export_for_a_terminal(ssn: Ssn, bank: Path, tmp_path: Path) -> None:
    out = tmp_path / "terminal.json"
    ran = ssn("keys", "export", bank, "--role", "terminal", "--out", out, "--json")
    assert ran.code == 0
    with SoftwareKeyring.open(out, OTHER) as keyring:
        assert keyring.labels() == {KeyLabel.DEBIT}


def test_an_auditor_gets_no_master(ssn: Ssn, bank: Path, tmp_path: Path) -> None:
    ran = ssn("keys", "export", bank, "--role", "auditor", "--out", tmp_path / "no.json")
    assert ran.code == 1
    assert "ssn keys receipts" in ran.err
    assert not (tmp_path / "no.json").exists()


def test_an_auditors_card_keys(ssn: Ssn, bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serials, out = tmp_path / "serials.txt", tmp_path / "audit.jsonl"
    serials.write_text("# cards\n0102030405060708\n\n1112131415161718  # second\n")
    ran = ssn("keys", "receipts", bank, "--serials", serials, "--out", out, "--json")
    assert (ran.json["cards"], ran.json["keys"], ran.json["versions"]) == (2, 4, [1, 2])
    with CardKeyFile.open(out, OTHER) as opened:
        assert [serial.hex() for serial in opened.serials()] == ["0102030405060708", "1112131415161718"]
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", OTHER)
    listed = ssn("keys", "list", out, "--json").json
    assert listed["keys"] == [{"label": "RECEIPT", "version": 1}, {"label": "RECEIPT", "version": 2}]


@pytest.mark.parametrize(
    ("content", "line"),
    [("0102\n", 1), ("0102030405060708\nxx02030405060708\n", 2), ("0102030405060708\n" * 2, 2)],
)
def test_a_bad_serial_file_names_its_line(ssn: Ssn, bank: Path, tmp_path: Path, content: str, line: int) -> None:
    serials, out = tmp_path / "serials.txt", tmp_path / "audit.jsonl"
    serials.write_text(content)
    ran = ssn("keys", "receipts", bank, "--serials", serials, "--out", out, "--json")
    assert ran.error["where"] == f"{serials}:{line} serial"
    assert not out.exists()


def test_wrong_password_and_no_password(ssn: Ssn, bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "wrong")
    assert ssn("keys", "list", bank, "--json").error["code"] == "wrong-password"
    monkeypatch.delenv("SSN_KEYRING_PASSWORD")
    ran = ssn("keys", "list", bank)
    assert ran.code == 1
    assert "Set SSN_KEYRING_PASSWORD" in ran.err


def test_an_exposed_file_is_one_line_of_warning(ssn: Ssn, bank: Path) -> None:
    bank.chmod(0o644)
    ran = ssn("keys", "list", bank)
    assert ran.code == 0
    assert ran.err == f"ssn: {bank} can be read by other users of this machine; set its mode to 0600.\n"


def test_a_damaged_file_and_a_missing_one(ssn: Ssn, bank: Path, tmp_path: Path) -> None:
    bank.write_text(bank.read_text().replace('"version": 2', '"version": 3', 1))
    assert ssn("keys", "list", bank, "--json").error["code"] == "keyring-damaged"
    assert ssn("keys", "list", tmp_path / "none.json", "--json").error["code"] == "keyring-not-found"
    other = tmp_path / "other.json"
    other.write_text("{}")
    assert ssn("keys", "list", other, "--json").error["code"] == "unknown-key-file"


def test_a_weak_password_is_refused_before_it_is_typed_twice(
    ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "a")
    ran = ssn("keys", "create", tmp_path / "bank.keys", "--json")
    assert (ran.code, ran.error["code"]) == (1, "password-weak")
    monkeypatch.delenv("SSN_KEYRING_PASSWORD")
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return "a"

    monkeypatch.setattr("getpass.getpass", ask)
    assert ssn("keys", "create", tmp_path / "bank.keys", "--json").error["code"] == "password-weak"
    assert len(asked) == 1
    assert not list(tmp_path.iterdir())


@pytest.fixture
def auditor(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody's private key; his public key is beside it."""
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "kopi tiga kilo")
    path = tmp_path / "auditor.key"
    made = ssn("keys", "recipient-key", "--out", path, "--json").json
    assert (made["public_key"], len(made["number"])) == (f"{path}.pub", 64)
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", PASSWORD)
    return path


def test_keys_for_an_auditor_alone(
    ssn: Ssn, auditor: Path, bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serials, out = tmp_path / "serials.txt", tmp_path / "audit.jsonl"
    serials.write_text("0102030405060708\n")
    words = ("keys", "receipts", bank, "--serials", serials, "--out", out, "--to", f"{auditor}.pub")
    ran = ssn(*words, "--since", "2025-01-01", "--until", "2025-03-31", "--json")
    assert ran.json["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert ssn(*words, "--json").error["code"] == "keyring-exists"
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "kopi tiga kilo")
    assert ssn("keys", "list", out, "--json").error["code"] == "sealed-to-another"
    listed = ssn("keys", "list", out, "--private-key", auditor, "--json").json
    assert (listed["since"], listed["until"], listed["cards"]) == ("2025-01-01", "2025-03-31", ["0102030405060708"])
    assert "2025-03-31" in ssn("keys", "list", out, "--private-key", auditor).out
    assert ssn("keys", "recipient-key", "--out", tmp_path / "other.key").code == 0
    ran = ssn("keys", "list", out, "--private-key", tmp_path / "other.key", "--json")
    assert ran.error["code"] == "sealed-to-another"
    ran = ssn("keys", "list", out, "--private-key", f"{auditor}.pub", "--json")
    assert ran.error["code"] == "unknown-key-file"


@pytest.mark.parametrize(("option", "value"), [("--since", "2025-13-01"), ("--until", "tomorrow")])
def test_a_period_is_of_days(ssn: Ssn, bank: Path, tmp_path: Path, option: str, value: str) -> None:
    serials = tmp_path / "serials.txt"
    serials.write_text("0102030405060708\n")
    ran = ssn("keys", "receipts", bank, "--serials", serials, "--out", tmp_path / "x", option, value, "--json")
    assert (ran.error["code"], ran.error["where"]) == ("bad-argument", option)


def test_transport_keys_for_the_maker_of_a_batch(
    ssn: Ssn, auditor: Path, bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serials, out = tmp_path / "serials.txt", tmp_path / "batch.jsonl"
    serials.write_text("0102030405060708\n1112131415161718\n")
    words = ("keys", "transport", bank, "--serials", serials, "--out", out)
    assert ssn(*words).code == 2  # to nobody
    ran = ssn(*words, "--to", f"{auditor}.pub", "--json")
    assert (ran.json["cards"], ran.json["keys"], ran.json["versions"]) == (2, 6, [1])
    private = RECEIVING.read_private(auditor, "kopi tiga kilo")
    with CardKeyFile.open(out, private) as batch, SoftwareKeyring.open(bank, PASSWORD) as masters:
        for label in (KeyLabel.TRANSPORT_ENC, KeyLabel.TRANSPORT_MAC, KeyLabel.TRANSPORT_DEK):
            for serial in batch.serials():
                assert batch.diversify(label, 1, serial).value() == masters.diversify(label, 1, serial).value()
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "kopi tiga kilo")
    assert "TRANSPORT-DEK" in ssn("keys", "list", out, "--private-key", auditor).out


def test_a_version_that_is_not_there_makes_no_file(ssn: Ssn, auditor: Path, bank: Path, tmp_path: Path) -> None:
    serials, out = tmp_path / "serials.txt", tmp_path / "batch.jsonl"
    serials.write_text("0102030405060708\n")
    words = ("keys", "transport", bank, "--serials", serials, "--out", out, "--to", f"{auditor}.pub")
    assert ssn(*words, "--key-version", 7, "--json").error["code"] == "key-missing"
    assert not out.exists()
