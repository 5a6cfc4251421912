# SPDX-License-Identifier: Apache-2.0
"""The station's secret: sealed by a password, never in the journal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ssn_card.bank.errors import SecretMissing
from ssn_card.bank.secret import create_secret, development_secret, identity_tag, open_secret
from ssn_card.keys import KeyringDamaged, KeyringExists, PasswordMissing, PasswordWeak, WrongPassword
from ssn_card.personalization.journal.journal import Journal

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


#: Made once by create_secret.
SEALED = """{
  "format": "ssn-card-station-secret",
  "version": 1,
  "kdf": {
    "name": "scrypt",
    "salt": "09da6fa5214ef050ec575ac68ea33f7a",
    "n": 32768,
    "r": 8,
    "p": 1
  },
  "check": "1a7297905458ed5ccd229a5933eb77f6125b1d1e935cf12e66f6eb3bdfc08dcf",
  "sealed": "819b0f553e061e731d693b0f166e8c6b648d22d623c468edd261b28b1ef35e5b9905070f9b9f44c16a7eacda"
}"""


def test_a_secret_that_was_sealed_before_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(SEALED)
    path.chmod(0o600)
    assert open_secret(path, PASSWORD).value().hex() == "b8628d9c83559c1ede145cacbcb660d8"
    assert "station secret" in repr(open_secret(path, PASSWORD))


def test_the_file_can_be_read_by_a_person(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    assert "station secret" in repr(create_secret(path, PASSWORD))
    content = json.loads(path.read_text())
    assert path.read_text() == json.dumps(content, indent=2) + "\n"
    assert (content["format"], content["version"]) == ("ssn-card-station-secret", 1)


def test_errors_name_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSN_KEYRING_PASSWORD", raising=False)
    path = tmp_path / "secret"
    with pytest.raises(PasswordMissing) as missing:
        create_secret(path)
    assert missing.value.where == str(path)
    with pytest.raises(SecretMissing) as gone:
        open_secret(path, PASSWORD)
    assert gone.value.where == str(path)
    create_secret(path, PASSWORD)
    with pytest.raises(PasswordMissing) as unasked:
        open_secret(path)
    with pytest.raises(WrongPassword) as wrong:
        open_secret(path, "other")
    assert unasked.value.where == wrong.value.where == str(path)
    content = json.loads(path.read_text())
    for damage in ({"sealed": "00" + content["sealed"]}, {"version": 2}, {"format": "ssn-card-keyring"}):
        path.write_text(json.dumps(content | damage))
        with pytest.raises(KeyringDamaged) as damaged:
            open_secret(path, PASSWORD)
        assert damaged.value.where == str(path)


def test_the_development_secret_never_changes() -> None:
    """Journals that were made with it are opened with it."""
    assert development_secret().value().hex() == "336b9169db85734e71646d0ac0dfd5cc"
    assert "DEVELOPMENT station secret" in repr(development_secret())
