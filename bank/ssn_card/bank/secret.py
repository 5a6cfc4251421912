# SPDX-License-Identifier: Apache-2.0
"""The station's secret, under which the journal knows persons, families and identity blocks without keeping them.

Where it is kept: in a file of its own, encrypted with a password (scrypt, AES-256-GCM; the same sealing as a keyring),
by default beside the keyring and opened with the keyring's password, because whoever holds the keyring can read every
card anyway. It never stands in the journal: a journal that is stolen or copied then tells nothing about any NIK. Back
it up with the keyring: without it the journal recognises nobody. Stations that share one register share one secret.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from ssn_card.keys.errors import KeyringNotFound
from ssn_card.keys.files import reading, writing
from ssn_card.keys.passwords import new_password_bytes, password_bytes
from ssn_card.keys.sealing import HEX, FileModel, ScryptParameters, damaged, password_sealer
from ssn_card.protocol.crypto import BLOCK, SecretKey
from ssn_card.protocol.errors import Text

from .errors import SecretMissing

FORMAT: Final = "ssn-card-station-secret"
NAME = "station secret"
_PLACE = f"{FORMAT}/1".encode()  #: associated data
_IDENTITY = b"SSN row key: card\x00"


class _File(FileModel):
    format: Literal["ssn-card-station-secret"]
    version: Literal[1]
    kdf: ScryptParameters
    check: str
    sealed: str = Field(pattern=HEX)


def create_secret(path: Path, password: str | None = None) -> SecretKey:
    """A random secret in a new file; ``password`` falls back to ``SSN_KEYRING_PASSWORD``.

    Raises ``KeyringExists``, ``KeyFileNotWritten``, ``PasswordMissing``, ``PasswordWeak``.
    """
    sealer = password_sealer(new_password_bytes(password, str(path)), ScryptParameters.fresh())
    secret = SecretKey(secrets.token_bytes(BLOCK), NAME)
    sealed = sealer.encrypt(secret, _PLACE)
    content = _File(format=FORMAT, version=1, kdf=sealer.parameters, check=sealer.check_word(), sealed=sealed)
    with writing(path, replace=False) as stream:
        stream.write(content.model_dump_json(indent=2).encode() + b"\n")
    return secret


def open_secret(path: Path, password: str | None = None) -> SecretKey:
    """Raises :class:`SecretMissing`, ``WrongPassword``, ``KeyringDamaged``, ``PasswordMissing``."""
    try:
        with reading(path) as stream:
            raw = stream.read()
    except KeyringNotFound as error:
        raise SecretMissing(
            Text("The station's secret cannot be read.", "Rahasia stasiun tidak dapat dibaca."), where=str(path)
        ) from error
    try:
        file = _File.model_validate_json(raw)
    except ValidationError:
        raise damaged(str(path)) from None
    sealer = password_sealer(password_bytes(password, str(path)), file.kdf)
    sealer.verify_password(file.check, str(path))
    return sealer.decrypt(bytes.fromhex(file.sealed), _PLACE, NAME, str(path))


def development_secret() -> SecretKey:
    """A published secret for journals of invented persons: it hides nothing."""
    phrase = b"SSN Card DEVELOPMENT station secret, published, never for a real register"
    return SecretKey(hashlib.sha256(phrase).digest()[:BLOCK], f"DEVELOPMENT {NAME}")


def identity_tag(identity: bytes, secret: SecretKey) -> bytes:
    """16 bytes that stand for an identity block: a card read back is compared with them, without any extract."""
    return secret.cmac(_IDENTITY + identity)
