# SPDX-License-Identifier: Apache-2.0
"""The station's secret: sealed by a password, never in the journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssn_card.keys import KeyringDamaged, KeyringExists, PasswordMissing, PasswordWeak, WrongPassword
from ssn_card.personalization.journal import Journal
from ssn_card.personalization.journal_errors import SecretMissing
from ssn_card.personalization.journal_secret import create_secret, development_secret, identity_tag, open_secret

PASSWORD = "gula satu kilo"


def test_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    secret = create_secret(path, PASSWORD)
    assert open_secret(path, PASSWORD).value() == secret.value()
    assert path.stat().st_mode & 0o077 == 0
    assert secret.value().hex() not in path.read_text()
    with pytest.raises(WrongPassword):
        open_secret(path, "other")
    with pytest.raises(KeyringExists):
        create_secret(path, PASSWORD)


def test_missing_and_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSN_KEYRING_PASSWORD", raising=False)
    path = tmp_path / "secret"
    with pytest.raises(SecretMissing):
        open_secret(path, PASSWORD)
    with pytest.raises(PasswordMissing):
        create_secret(path)
    create_secret(path, PASSWORD)
    text = path.read_text()
    path.write_text(text.replace('"sealed": "', '"sealed": "00'))
    with pytest.raises(KeyringDamaged):
        open_secret(path, PASSWORD)
    path.write_text("{}")
    with pytest.raises(KeyringDamaged):
        open_secret(path, PASSWORD)


def test_the_journal_holds_neither_secret_nor_what_shows_it(tmp_path: Path) -> None:
    secret = development_secret()
    Journal.create(tmp_path / "journal.db", secret).close()
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert secret.value() not in content
    assert secret.value().hex().encode() not in content
    assert secret.value().hex() not in repr(secret)


def test_tags_depend_on_every_byte_and_on_the_secret(tmp_path: Path) -> None:
    one, two = development_secret(), create_secret(tmp_path / "secret", PASSWORD)
    assert len({identity_tag(block, secret) for block in (b"a", b"b", b"") for secret in (one, two)}) == 6


def test_a_password_that_can_be_guessed(tmp_path: Path) -> None:
    with pytest.raises(PasswordWeak):
        create_secret(tmp_path / "secret", "a")
    assert not (tmp_path / "secret").exists()
