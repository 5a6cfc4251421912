# SPDX-License-Identifier: Apache-2.0
"""The encrypted keyring: what it keeps, what it refuses, and what it shows."""

from __future__ import annotations

import json
import os
import pickle
import stat
import traceback
from pathlib import Path

import pytest

from ssn_card.keys import (
    PASSWORD_VARIABLE,
    ExposedKeyFileWarning,
    KeyExists,
    KeyFileNotWritten,
    KeyMissing,
    KeyringChanged,
    KeyringExists,
    KeyringNotFound,
    PasswordMissing,
    PasswordWeak,
    ProviderClosed,
    RoleHoldsNoMasters,
    SoftwareKeyring,
    UnknownKeyFile,
    WrongPassword,
    development_keyring,
    export_receipt_keys,
)
from ssn_card.keys.check_value import check_value
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.labels import ROLES, KeyLabel, Role

PASSWORD = "beras lima kilo"
SERIAL = bytes.fromhex("5353000000000042")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bank.keyring"


@pytest.fixture
def keyring(path: Path) -> SoftwareKeyring:
    return SoftwareKeyring.create(path, PASSWORD)


def test_opens_with_the_same_keys(keyring: SoftwareKeyring, path: Path) -> None:
    with SoftwareKeyring.open(path, PASSWORD) as opened:
        assert opened.holder is Role.BANK
        assert opened.labels() == frozenset(KeyLabel)
        for label in KeyLabel:
            assert opened.versions(label) == (1,)
            assert opened.check_value(label, 1) == keyring.check_value(label, 1)
            assert opened.diversify(label, 1, SERIAL).value() == keyring.diversify(label, 1, SERIAL).value()
    with pytest.raises(ProviderClosed):
        opened.diversify(KeyLabel.DEBIT, 1, SERIAL)
    with pytest.raises(ProviderClosed):
        opened.add_version(KeyLabel.DEBIT)


def test_two_keyrings_never_share_a_key(keyring: SoftwareKeyring, tmp_path: Path) -> None:
    other = SoftwareKeyring.create(tmp_path / "other.keyring", PASSWORD)
    for label in KeyLabel:
        assert other.diversify(label, 1, SERIAL).value() != keyring.diversify(label, 1, SERIAL).value()


def test_added_versions_reach_the_file(keyring: SoftwareKeyring, path: Path) -> None:
    assert keyring.add_version(KeyLabel.DEBIT) == 2
    keyring.generate(KeyLabel.DEBIT, 7)
    assert keyring.add_version(KeyLabel.DEBIT) == 8
    keyring.store(KeyLabel.UPDATE, 2, SecretKey(bytes(range(16)), "ceremony"))
    opened = SoftwareKeyring.open(path, PASSWORD)
    assert opened.versions(KeyLabel.DEBIT) == (1, 2, 7, 8)
    assert opened.check_value(KeyLabel.UPDATE, 2) == check_value(bytes(range(16)))
    assert opened.check_value(KeyLabel.DEBIT, 8) == keyring.check_value(KeyLabel.DEBIT, 8)


def test_a_master_is_never_replaced(keyring: SoftwareKeyring) -> None:
    before = keyring.check_value(KeyLabel.DEBIT, 1)
    with pytest.raises(KeyExists):
        keyring.generate(KeyLabel.DEBIT, 1)
    with pytest.raises(KeyExists):
        keyring.store(KeyLabel.DEBIT, 1, SecretKey(bytes(16)))
    assert keyring.check_value(KeyLabel.DEBIT, 1) == before
    with pytest.raises(InputError):
        keyring.generate(KeyLabel.DEBIT, 256)


def test_a_file_is_never_overwritten(keyring: SoftwareKeyring, path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(KeyringExists):
        SoftwareKeyring.create(path, PASSWORD)
    with pytest.raises(KeyringExists):
        keyring.export_role(Role.TERMINAL, path, PASSWORD)
    assert path.read_bytes() == before


def test_two_writers_do_not_lose_each_others_keys(keyring: SoftwareKeyring, path: Path) -> None:
    other = SoftwareKeyring.open(path, PASSWORD)
    other.add_version(KeyLabel.DEBIT)
    with pytest.raises(KeyringChanged):
        keyring.add_version(KeyLabel.UPDATE)
    assert keyring.versions(KeyLabel.UPDATE) == (1,)
    assert SoftwareKeyring.open(path, PASSWORD).versions(KeyLabel.DEBIT) == (1, 2)


def test_a_key_that_was_not_written_is_not_used(
    keyring: SoftwareKeyring, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeyFileNotWritten):
        keyring.add_version(KeyLabel.DEBIT)
    assert keyring.versions(KeyLabel.DEBIT) == (1,)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_creation_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeyFileNotWritten):
        SoftwareKeyring.create(path, PASSWORD)
    assert list(path.parent.iterdir()) == []
    with pytest.raises(KeyFileNotWritten):
        SoftwareKeyring.create(path.parent / "no-such" / "keyring", PASSWORD)


@pytest.mark.parametrize("role", [role for role in Role if ROLES[role].masters])
def test_a_role_gets_its_labels_and_no_other(keyring: SoftwareKeyring, tmp_path: Path, role: Role) -> None:
    keyring.add_version(KeyLabel.DEBIT)
    path = tmp_path / "role.keyring"
    keyring.export_role(role, path, "another password")
    exported = SoftwareKeyring.open(path, "another password")
    assert exported.holder is role
    assert exported.labels() == ROLES[role].masters
    for label in KeyLabel:
        if label in ROLES[role].masters:
            assert exported.versions(label) == keyring.versions(label)
            assert exported.diversify(label, 1, SERIAL).value() == keyring.diversify(label, 1, SERIAL).value()
        else:
            with pytest.raises(KeyMissing, match=r"bank|companion|terminal|Dinas"):
                exported.diversify(label, 1, SERIAL)
            assert str(label) not in {entry["label"] for entry in json.loads(path.read_bytes())["keys"]}


def test_an_auditor_gets_no_masters(keyring: SoftwareKeyring, tmp_path: Path) -> None:
    with pytest.raises(RoleHoldsNoMasters):
        keyring.export_role(Role.AUDITOR, tmp_path / "auditor.keyring", PASSWORD)
    assert not (tmp_path / "auditor.keyring").exists()


def test_a_role_whose_keys_are_not_held_cannot_be_exported(keyring: SoftwareKeyring, tmp_path: Path) -> None:
    terminal = keyring.export_role(Role.TERMINAL, tmp_path / "terminal.keyring", PASSWORD)
    with pytest.raises(KeyMissing):
        terminal.export_role(Role.REGISTRY, tmp_path / "registry.keyring", PASSWORD)
    assert not (tmp_path / "registry.keyring").exists()


def test_passwords(keyring: SoftwareKeyring, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongPassword):
        SoftwareKeyring.open(path, PASSWORD + " ")
    for missing in (None, ""):
        with pytest.raises(PasswordMissing):
            SoftwareKeyring.open(path, missing)
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    assert SoftwareKeyring.open(path).labels() == frozenset(KeyLabel)
    with pytest.raises(WrongPassword):  # the argument counts before the environment
        SoftwareKeyring.open(path, "other")


def test_one_password_in_two_unicode_forms(path: Path) -> None:
    SoftwareKeyring.create(path, "caf\u00e9 dan gula", labels=[KeyLabel.DEBIT])
    assert SoftwareKeyring.open(path, "cafe\u0301 dan gula").labels() == {KeyLabel.DEBIT}


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_only_the_owner_may_read(keyring: SoftwareKeyring, path: Path, recwarn: pytest.WarningsRecorder) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keyring.add_version(KeyLabel.DEBIT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    SoftwareKeyring.open(path, PASSWORD)
    assert not recwarn
    path.chmod(0o640)
    with pytest.warns(ExposedKeyFileWarning, match="0600"):
        SoftwareKeyring.open(path, PASSWORD)


def test_files_of_another_kind(path: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyringNotFound):
        SoftwareKeyring.open(path, PASSWORD)
    with pytest.raises(KeyringNotFound):
        SoftwareKeyring.open(tmp_path, PASSWORD)
    for text in ("[]", "{}", '{"format": "ssn-card-keyring", "version": 2}', '{"format": "other", "version": 1}'):
        path.write_text(text)
        path.chmod(0o600)
        with pytest.raises(UnknownKeyFile):
            SoftwareKeyring.open(path, PASSWORD)


def test_nothing_shows_a_secret(keyring: SoftwareKeyring, path: Path, tmp_path: Path) -> None:
    derived = keyring.diversify(KeyLabel.DEBIT, 1, SERIAL)
    masters = [key.value() for key in keyring._open_masters().values()]
    shown = repr(keyring) + repr(derived) + repr(vars(keyring)) + path.read_text()
    try:
        SoftwareKeyring.open(path, "wrong sandi")
    except WrongPassword as error:
        shown += "".join(traceback.format_exception(error)) + str(error.as_dict())
    keyring.export_role(Role.TERMINAL, tmp_path / "terminal.keyring", PASSWORD)
    shown += (tmp_path / "terminal.keyring").read_text()
    for secret in [*masters, derived.value(), PASSWORD.encode()]:
        assert secret.hex() not in shown.lower()
        assert repr(secret)[2:-1] not in shown
    assert PASSWORD not in shown
    with pytest.raises(TypeError):
        pickle.dumps(keyring)


@pytest.mark.parametrize("weak", ["a", "eleven char", "aaaaaaaaaaaaaaaa", "abababababababab"])
def test_a_password_that_can_be_guessed_makes_no_file(path: Path, tmp_path: Path, weak: str) -> None:
    with pytest.raises(PasswordWeak) as refused:
        SoftwareKeyring.create(path, weak)
    assert "12" in refused.value.text.en
    assert "12" in refused.value.text.id
    with pytest.raises(PasswordWeak):
        SoftwareKeyring.create(path, PASSWORD).export_role(Role.TERMINAL, tmp_path / "terminal.keyring", weak)
    with pytest.raises(PasswordWeak):
        export_receipt_keys(development_keyring(), [bytes(8)], [1], tmp_path / "auditor.jsonl", weak)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    shown = f"{refused.value!r} {refused.value.as_dict()}"
    assert weak == "a" or weak not in shown
