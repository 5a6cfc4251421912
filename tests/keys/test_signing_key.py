# SPDX-License-Identifier: Apache-2.0
"""The auditor's key: made under a password, read by other programs, and nothing else taken for one."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from ssn_card.keys import (
    ExposedKeyFileWarning,
    KeyFileNotWritten,
    KeyringExists,
    KeyringNotFound,
    PasswordMissing,
    PasswordWeak,
    UnknownKeyFile,
    WrongPassword,
)
from ssn_card.signing import create_signing_key, public_pem, read_public_key, read_signing_key

PASSWORD = "gula satu kilo"


@pytest.fixture(autouse=True)
def _no_password_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSN_KEYRING_PASSWORD", raising=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "auditor.key"
    create_signing_key(path, PASSWORD)
    return path


def test_what_is_made_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "auditor.key"
    public = create_signing_key(path, PASSWORD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = read_signing_key(path, PASSWORD)
    public.verify(key.sign(b"message"), b"message")
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", PASSWORD)
    assert read_signing_key(path).private_bytes_raw() == key.private_bytes_raw()
    assert key.private_bytes_raw() not in path.read_bytes()
    (tmp_path / "auditor.pem").write_bytes(public_pem(public))
    assert read_public_key(tmp_path / "auditor.pem").public_bytes_raw() == public.public_bytes_raw()


def test_no_two_keys_are_alike(tmp_path: Path) -> None:
    made = {create_signing_key(tmp_path / str(number), PASSWORD).public_bytes_raw() for number in range(3)}
    assert len(made) == 3


def test_openssl_knows_both_parts(path: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        ["openssl", "pkey", "-in", path, "-passin", f"pass:{PASSWORD}", "-pubout"], capture_output=True, check=True
    )
    assert ran.stdout == public_pem(read_signing_key(path, PASSWORD).public_key())


def test_a_key_that_openssl_has_put_under_scrypt(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "scrypt.key"
    command = ["openssl", "pkcs8", "-topk8", "-scrypt", "-in", str(path), "-passin", f"pass:{PASSWORD}"]
    subprocess.run([*command, "-out", str(other), "-passout", f"pass:{PASSWORD}"], check=True, capture_output=True)
    other.chmod(0o600)
    assert read_signing_key(other, PASSWORD).private_bytes_raw() == read_signing_key(path, PASSWORD).private_bytes_raw()


@pytest.mark.parametrize("password", ["gula satu kilO", "x"])
def test_another_password(path: Path, password: str) -> None:
    with pytest.raises(WrongPassword) as caught:
        read_signing_key(path, password)
    assert caught.value.where == str(path)


def test_a_password_is_needed_and_a_good_one(tmp_path: Path, path: Path) -> None:
    with pytest.raises(PasswordMissing):
        read_signing_key(path)
    for password in (None, ""):
        with pytest.raises(PasswordMissing):
            create_signing_key(tmp_path / "new", password)
    with pytest.raises(PasswordWeak):
        create_signing_key(tmp_path / "new", "short")
    assert not (tmp_path / "new").exists()


def test_a_key_is_never_overwritten(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(KeyringExists):
        create_signing_key(path, PASSWORD)
    assert path.read_bytes() == before
    with pytest.raises(KeyFileNotWritten):
        create_signing_key(path / "below", PASSWORD)


def test_a_file_that_others_may_read_is_warned_of_as_every_key_file_is(path: Path) -> None:
    path.chmod(0o644)
    with pytest.warns(ExposedKeyFileWarning):
        read_signing_key(path, PASSWORD)


def pkcs8(key: PrivateKeyTypes, *, secret: bool) -> bytes:
    under = serialization.BestAvailableEncryption(PASSWORD.encode()) if secret else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, under)


def test_nothing_else_is_a_signing_key(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    contents = [
        pkcs8(ec.generate_private_key(ec.SECP256R1()), secret=True),
        pkcs8(x25519.X25519PrivateKey.generate(), secret=True),
        pkcs8(ed25519.Ed25519PrivateKey.generate(), secret=False),
        public_pem(ed25519.Ed25519PrivateKey.generate().public_key()),
        b"",
        b"\xff" * 100,
        path.read_bytes() + b"\n" * (1 << 14),
    ]
    for content in contents:
        other.write_bytes(content)
        other.chmod(0o600)
        with pytest.raises(UnknownKeyFile) as caught:
            read_signing_key(other, PASSWORD)
        assert caught.value.where == str(other)
        assert "PEM PKCS#8, Ed25519, encrypted" in str(caught.value)
    with pytest.raises(KeyringNotFound):
        read_signing_key(tmp_path / "none", PASSWORD)


def test_a_key_file_that_was_changed_opens_with_no_password(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][::-1].strip() + b"\n" + b"".join(lines[2:]))
    with pytest.raises((WrongPassword, UnknownKeyFile)):
        read_signing_key(path, PASSWORD)


def test_nothing_else_is_a_public_key(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = curve.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    good = public_pem(ed25519.Ed25519PrivateKey.generate().public_key())
    for content in (pem, path.read_bytes(), b"", b"\xff" * 100, good + b"\n" * (1 << 14), good[:-40]):
        other.write_bytes(content)
        with pytest.raises(UnknownKeyFile) as caught:
            read_public_key(other)
        assert "PEM public key, Ed25519" in str(caught.value)
    for path_ in (tmp_path / "none", tmp_path):
        with pytest.raises(KeyringNotFound):
            read_public_key(path_)
