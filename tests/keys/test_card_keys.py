# SPDX-License-Identifier: Apache-2.0
"""Receipt keys for auditors: of listed cards, of RECEIPT, and of nothing else."""

from __future__ import annotations

import os
import pickle
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ssn_card.keys import (
    CardKeyFile,
    CardKeyMissing,
    KeyMissing,
    KeyringDamaged,
    KeyringExists,
    KeyringNotFound,
    PasswordMissing,
    ProviderClosed,
    SoftwareKeyring,
    UnknownKeyFile,
    WrongPassword,
    development_keyring,
    export_receipt_keys,
)
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.labels import KeyLabel

PASSWORD = "gula satu kilo"
SERIALS = [number.to_bytes(8, "big") for number in (3, 1, 2)]
OTHER = (9).to_bytes(8, "big")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "receipt-keys.jsonl"
    assert export_receipt_keys(development_keyring(), SERIALS + SERIALS[:1], [2, 1], path, PASSWORD) == 6
    return path


def rewritten(path: Path, change: Callable[[list[str]], None]) -> None:
    lines = path.read_text().splitlines(keepends=True)
    change(lines)
    path.write_text("".join(lines))


def test_gives_the_keys_of_listed_cards_only(path: Path) -> None:
    bank = development_keyring()
    with CardKeyFile.open(path, PASSWORD) as keys:
        assert list(keys.serials()) == sorted(SERIALS)
        assert keys.labels() == {KeyLabel.RECEIPT}
        assert keys.versions(KeyLabel.RECEIPT) == (1, 2)
        assert keys.versions(KeyLabel.DEBIT) == ()
        for serial in SERIALS:
            for version in (1, 2):
                expected = bank.diversify(KeyLabel.RECEIPT, version, serial).value()
                assert keys.diversify(KeyLabel.RECEIPT, version, serial).value() == expected
        with pytest.raises(CardKeyMissing) as caught:
            keys.diversify(KeyLabel.RECEIPT, 1, OTHER)
        assert OTHER.hex() in caught.value.describe("id")
        with pytest.raises(CardKeyMissing):
            keys.diversify(KeyLabel.RECEIPT, 3, SERIALS[0])
        for label in set(KeyLabel) - {KeyLabel.RECEIPT}:
            with pytest.raises(KeyMissing):
                keys.diversify(label, 1, SERIALS[0])
        with pytest.raises(InputError):
            keys.diversify(KeyLabel.RECEIPT, 1, b"short")
    with pytest.raises(ProviderClosed):
        keys.diversify(KeyLabel.RECEIPT, 1, SERIALS[0])
    assert "closed" in repr(keys)


def test_passwords_and_files(path: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongPassword):
        CardKeyFile.open(path, "other")
    with pytest.raises(PasswordMissing):
        CardKeyFile.open(path)
    with pytest.raises(KeyringNotFound):
        CardKeyFile.open(tmp_path / "none", PASSWORD)
    with pytest.raises(KeyringExists):
        export_receipt_keys(development_keyring(), SERIALS, [1], path, PASSWORD)
    keyring = tmp_path / "bank.keyring"
    SoftwareKeyring.create(keyring, PASSWORD, labels=[KeyLabel.RECEIPT])
    with pytest.raises(UnknownKeyFile):
        CardKeyFile.open(keyring, PASSWORD)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_empty_list_is_a_file_without_keys(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    assert export_receipt_keys(development_keyring(), [], [1], path, PASSWORD) == 0
    keys = CardKeyFile.open(path, PASSWORD)
    assert keys.labels() == frozenset()
    assert list(keys.serials()) == []


def test_a_failed_export_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "keys.jsonl"
    with pytest.raises(InputError):
        export_receipt_keys(development_keyring(), [SERIALS[0], b"short"], [1], path, PASSWORD)
    with pytest.raises(KeyMissing):
        export_receipt_keys(development_keyring((1,)), SERIALS, [1, 2], path, PASSWORD)
    assert list(tmp_path.iterdir()) == []


def swap_lines(lines: list[str]) -> None:
    lines[1], lines[2] = lines[2], lines[1]


def remove_line(lines: list[str]) -> None:
    del lines[3]


def cut_tail(lines: list[str]) -> None:
    del lines[-1]


def change_serial(lines: list[str]) -> None:
    lines[2] = lines[2].replace(SERIALS[0].hex(), OTHER.hex())


def repeat_line(lines: list[str]) -> None:
    lines.insert(2, lines[1])


def garble_line(lines: list[str]) -> None:
    lines[4] = "{}\n"


def change_count(lines: list[str]) -> None:
    lines[-1] = lines[-1].replace('"count":6', '"count":7')


def append_line(lines: list[str]) -> None:
    lines.append(lines[1])


def only_head(lines: list[str]) -> None:
    del lines[1:]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (swap_lines, 8),
        (remove_line, 7),
        (cut_tail, 7),
        (change_serial, 3),
        (repeat_line, 3),
        (garble_line, 5),
        (change_count, 8),
        (append_line, 8),
        (only_head, 2),
    ],
)
def test_a_changed_file_is_refused_with_the_line(path: Path, change: Callable[[list[str]], None], line: int) -> None:
    rewritten(path, change)
    with pytest.raises(KeyringDamaged) as caught:
        CardKeyFile.open(path, PASSWORD)
    assert caught.value.where == f"{path}:{line}"


def test_nothing_shows_a_secret(path: Path) -> None:
    keys = CardKeyFile.open(path, PASSWORD)
    key = keys.diversify(KeyLabel.RECEIPT, 1, SERIALS[0])
    shown = repr(keys) + repr(vars(keys)) + repr(key) + path.read_text()
    assert key.value().hex() not in shown
    assert repr(key.value())[2:-1] not in shown
    assert PASSWORD not in shown
    with pytest.raises(TypeError):
        pickle.dumps(keys)
