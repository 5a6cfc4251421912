# SPDX-License-Identifier: Apache-2.0
"""Files of card keys that one private key alone opens."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ssn_card.keys import (
    CardKeyFile,
    CardKeyMissing,
    KeyMissing,
    KeyringDamaged,
    PasswordMissing,
    SealedToAnother,
    UnknownKeyFile,
    development_keyring,
    export_card_keys,
    export_receipt_keys,
)
from ssn_card.protocol.labels import KeyLabel

SERIALS = [number.to_bytes(8, "big") for number in (3, 1, 2)]
LABELS = (KeyLabel.TRANSPORT_ENC, KeyLabel.TRANSPORT_MAC, KeyLabel.TRANSPORT_DEK)
PERIOD = (dt.date(2025, 1, 1), None)


@pytest.fixture
def private() -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def path(tmp_path: Path, private: X25519PrivateKey) -> Path:
    path = tmp_path / "batch.jsonl"
    bank = development_keyring()
    assert export_card_keys(bank, LABELS, SERIALS, (1, 2), path, private.public_key(), PERIOD) == 18
    return path


def test_keys_of_several_purposes(path: Path, private: X25519PrivateKey) -> None:
    bank = development_keyring()
    with CardKeyFile.open(path, private) as keys:
        assert keys.labels() == set(LABELS)
        assert (keys.since, keys.until) == PERIOD
        for label in LABELS:
            assert keys.versions(label) == (1, 2)
            for serial in SERIALS:
                assert keys.diversify(label, 2, serial).value() == bank.diversify(label, 2, serial).value()
        block = keys.diversify_many(LABELS[0], 1, SERIALS[0] + bytes(8))
        assert block.missing == b"\0\1"
        with pytest.raises(KeyMissing):
            keys.diversify(KeyLabel.RECEIPT, 1, SERIALS[0])
        with pytest.raises(CardKeyMissing):
            keys.diversify(LABELS[0], 1, bytes(8))


def test_opened_by_a_program_that_is_not_ours(path: Path, private: X25519PrivateKey) -> None:
    """As docs/protocol.md says it, with nothing but X25519, HKDF, AES-GCM and HMAC."""
    lines = path.read_bytes().splitlines(keepends=True)
    head, tail = json.loads(lines[0]), json.loads(lines[-1])
    ephemeral, recipient = (bytes.fromhex(head["kdf"][name]) for name in ("ephemeral", "recipient"))
    secret = private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    info = b"ssn-card keys for a recipient/1"
    both = HKDF(hashes.SHA256(), 64, ephemeral + recipient, info).derive(secret)
    seal = hmac.HMAC(both[32:], hashes.SHA256())
    seal.update(b"".join(lines[:-1]))
    assert seal.finalize().hex() == tail["seal"]
    for line in map(json.loads, lines[1:-1]):
        sealed = bytes.fromhex(line["sealed"])
        place = f"ssn-card-keys-of-cards/1|{line['label']}|{line['version']}|{line['serial']}".encode()
        key = AESGCM(both[:32]).decrypt(sealed[:12], sealed[12:], place)
        label, serial = KeyLabel.named(line["label"]), bytes.fromhex(line["serial"])
        assert key == development_keyring().diversify(label, line["version"], serial).value()


def test_by_nobody_else(path: Path, private: X25519PrivateKey, tmp_path: Path) -> None:
    assert CardKeyFile.is_sealed_to_a_key(path)
    for secret in (X25519PrivateKey.generate(), "gula satu kilo", None):
        with pytest.raises(SealedToAnother):
            CardKeyFile.open(path, secret)
    sealed = tmp_path / "by-password.jsonl"
    export_receipt_keys(development_keyring(), SERIALS, (1,), sealed, "gula satu kilo")
    assert not CardKeyFile.is_sealed_to_a_key(sealed)
    with pytest.raises(PasswordMissing):
        CardKeyFile.open(sealed, private)


def test_a_public_key_that_is_none_makes_no_file(tmp_path: Path) -> None:
    """A point of small order, with which every secret would be the same."""
    public = X25519PublicKey.from_public_bytes(bytes(32))
    with pytest.raises(UnknownKeyFile):
        export_receipt_keys(development_keyring(), SERIALS, (1,), tmp_path / "x", public)
    assert list(tmp_path.iterdir()) == []


def changed_head(name: str, value: object) -> Callable[[list[dict[str, Any]]], None]:
    def change(lines: list[dict[str, Any]]) -> None:
        part = lines[0]["kdf"] if name in lines[0]["kdf"] else lines[0]
        part[name] = value

    return change


def changed_line(name: str, value: object) -> Callable[[list[dict[str, Any]]], None]:
    return lambda lines: lines[2].__setitem__(name, value)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (changed_head("since", "2024-01-01"), 20),
        (changed_head("since", None), 20),
        (changed_head("until", "2025-01-01"), 20),
        (changed_head("ephemeral", X25519PrivateKey.generate().public_key().public_bytes_raw().hex()), 2),
        (changed_head("ephemeral", "00" * 32), 1),
        (changed_line("label", "TRANSPORT-MAC"), 5),  # where it stands already
        (changed_line("label", "RECEIPT"), 3),
        (changed_line("label", "NOTHING"), 3),
        (changed_line("version", 3), 3),
    ],
)
def test_what_was_changed_is_refused(
    path: Path, private: X25519PrivateKey, change: Callable[[list[dict[str, Any]]], None], line: int
) -> None:
    lines = [json.loads(one) for one in path.read_text().splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(one, separators=(",", ":")) + "\n" for one in lines))
    with pytest.raises(KeyringDamaged) as caught:
        CardKeyFile.open(path, private)
    assert caught.value.where is not None
    assert caught.value.where.removeprefix(f"{path}:") == str(line) or caught.value.where == str(path)
