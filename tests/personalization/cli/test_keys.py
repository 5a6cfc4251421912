# SPDX-License-Identifier: Apache-2.0
"""Options that name secrets and versions of keys: which file is opened or made, and what each word means."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssn_card.bank.errors import SecretMissing
from ssn_card.bank.secret import create_secret, development_secret
from ssn_card.keys import PasswordMissing, PasswordWeak, WrongPassword
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.cli.keys import key_versions, open_journal, station_secret
from ssn_card.personalization.journal.errors import SecretMismatch
from ssn_card.personalization.journal.journal import Journal
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.labels import KeyLabel

PASSWORD = "gula satu kilo"


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", PASSWORD)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def keyring(tmp_path: Path) -> Path:
    return tmp_path / "bank.keyring"


def test_the_development_secret_is_asked_for_by_name_or_by_no_keyring(journal: Path, keyring: Path) -> None:
    expected = development_secret().value()
    assert station_secret(journal, str(keyring), True, None).value() == expected
    assert station_secret(journal, None, False, None).value() == expected
    assert list(journal.parent.iterdir()) == []


def test_a_new_journal_gets_a_secret_beside_the_keyring(journal: Path, keyring: Path) -> None:
    made = station_secret(journal, str(keyring), False, None)
    assert [one.name for one in journal.parent.iterdir()] == ["bank.keyring.station"]
    assert made.value() != development_secret().value()
    assert station_secret(journal, str(keyring), False, None).value() == made.value()
    Journal.create(journal, made).close()
    assert station_secret(journal, str(keyring), False, None).value() == made.value()


def test_a_secret_that_is_named_is_the_one(journal: Path, keyring: Path) -> None:
    beside = station_secret(journal, str(keyring), False, None)
    named = journal.with_name("elsewhere")
    made = station_secret(journal, str(keyring), False, named)
    assert named.exists()
    assert made.value() != beside.value()
    assert station_secret(journal, str(keyring), False, named).value() == made.value()


def test_a_journal_without_its_secret_gets_no_new_one(journal: Path, keyring: Path) -> None:
    """A second secret would recognise nobody, and every family would get another card."""
    Journal.create(journal, development_secret()).close()
    with pytest.raises(SecretMissing) as caught:
        station_secret(journal, str(keyring), False, None)
    assert caught.value.where == str(keyring) + ".station"
    assert not keyring.with_name("bank.keyring.station").exists()


def test_the_password_of_the_secret(journal: Path, keyring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = keyring.with_name("bank.keyring.station")
    create_secret(path, PASSWORD)
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "gula dua kilo")
    with pytest.raises(WrongPassword) as wrong:
        station_secret(journal, str(keyring), False, None)
    assert wrong.value.where == str(path)
    path.unlink()
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "a")
    with pytest.raises(PasswordWeak) as weak:
        station_secret(journal, str(keyring), False, None)
    assert weak.value.where == str(path)


def test_the_password_is_asked_for_by_the_secrets_name(
    journal: Path, keyring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = keyring.with_name("bank.keyring.station")
    made = create_secret(path, PASSWORD)
    monkeypatch.delenv("SSN_KEYRING_PASSWORD")
    with pytest.raises(PasswordMissing) as missing:  # nobody is at a terminal
        station_secret(journal, str(keyring), False, None)
    assert missing.value.where == str(path)
    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return PASSWORD

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", typed)
    assert station_secret(journal, str(keyring), False, None).value() == made.value()
    new = journal.with_name("new")
    station_secret(journal, str(keyring), False, new)
    assert [(str(path) in prompt, str(new) in prompt) for prompt in asked] == [
        (True, False),
        (False, True),
        (False,) * 2,
    ]
    assert station_secret(journal, str(keyring), False, new).value() != made.value()


def test_a_journal_is_made_once_and_then_opened(journal: Path, keyring: Path) -> None:
    secret = station_secret(journal, str(keyring), False, None)
    with open_journal(journal, secret, 7) as made:
        name = made.name
        assert made.secret.value() == secret.value()
    with open_journal(journal, secret, 9) as opened:
        assert opened.name == name
        assert opened.secret.value() == secret.value()
    with pytest.raises(SecretMismatch):
        open_journal(journal, development_secret(), 7)


def test_what_is_not_named_is_the_first_version() -> None:
    assert key_versions([]) == KeyVersions()


def test_each_key_by_its_name() -> None:
    versions = key_versions(
        ["issuer=2", "registry=3", "transport=255", "update=4", "override=5:9", "debit=6:8", "receipt=7"]
    )
    assert (versions.issuer, versions.registry, versions.transport) == (2, 3, 255)
    assert dict(versions.current) == {
        KeyLabel.UPDATE: 4,
        KeyLabel.OVERRIDE: 5,
        KeyLabel.DEBIT: 6,
        KeyLabel.RECEIPT: 7,
    }
    assert dict(versions.following) == {KeyLabel.OVERRIDE: 9, KeyLabel.DEBIT: 8}


def test_the_last_word_on_a_key_holds() -> None:
    assert key_versions(["debit=2", "debit=3", "issuer=4", "issuer=5"]) == KeyVersions(
        issuer=5, current={KeyLabel.DEBIT: 3}
    )


@pytest.mark.parametrize(
    "option",
    [
        *("issuer=1:2", "registry=1:2", "transport=1:2", "nik=1", "debit", "debit=", "debit=2:", "debit=1000"),
        *("Debit=2", "debit=2 ", "x=1:debit=2", "", "debit=\u0662"),
    ],
)
def test_words_that_are_no_version(option: str) -> None:
    with pytest.raises(InputError) as caught:
        key_versions(["debit=2", option])
    assert caught.value.where == f"--use-key {option}"
