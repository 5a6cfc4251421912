# SPDX-License-Identifier: Apache-2.0
"""A checkpoint: where a store's log stood, signed and kept elsewhere. No other past of the store leads through it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from ssn_card.signing import SHA256_FORM, STRICT, Signer, canonical_json, read_signed, signed_text, stated
from ssn_card.storage import whole_file

from ..errors import BankLogBroken, CheckpointDiffers, CheckpointOfAnotherStore
from .chain import BankLogHead, check
from .tables.accounts import StoreRow


class LogCheckpoint(BaseModel):
    """What is signed.

    Args:
        store: UUID of the store.
        bank_clock: UTC, ISO 8601; what the bank's clock said, and no proof of when.
        log_rows, log_chain: where the log stood.
    """

    model_config = STRICT

    schema_: Literal["ssn-card/log-checkpoint/1"] = Field(
        default="ssn-card/log-checkpoint/1", validation_alias="schema", serialization_alias="schema"
    )
    store: str
    bank_clock: str
    log_rows: int = Field(ge=1)
    log_chain: str = Field(pattern=SHA256_FORM)

    def canonical(self) -> bytes:
        """The one text."""
        return canonical_json(self)


def checkpoint_of(session: Session, now: dt.datetime) -> LogCheckpoint:
    """Where the log stands, checked first. Raises ``BankLogBroken``."""
    found = check(session)
    if found.broken is not None:
        raise BankLogBroken(found.broken)
    return LogCheckpoint(
        store=session.scalars(select(StoreRow.id)).one(),
        bank_clock=now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        log_rows=found.head.rows,
        log_chain=found.head.chain.hex(),
    )


def write_checkpoint(path: Path, checkpoint: LogCheckpoint, signer: Signer) -> None:
    """Sign and write, whole or not at all, never over another file. Raises ``OSError`` and what the signer raises."""
    text = signed_text(checkpoint.canonical(), signer)
    with whole_file(path, new=True) as file:
        file.write(text)


def read_checkpoint(path: Path, public_key: Ed25519PublicKey) -> LogCheckpoint:
    """The checkpoint, if the holder of the key has signed it.

    Raises ``AttestationRefused``, ``AttestationUnreadable``, ``UnknownAttestation``.
    """
    return stated(LogCheckpoint, read_signed(path, public_key), path)


def check_log(session: Session, checkpoints: Mapping[Path, LogCheckpoint]) -> BankLogHead:
    """The log's head, if its chain is whole and leads through every checkpoint.

    Raises ``BankLogBroken``, ``CheckpointDiffers``, ``CheckpointOfAnotherStore``.
    """
    store = session.scalars(select(StoreRow.id)).one()
    for path, one in checkpoints.items():
        if one.store != store:
            raise CheckpointOfAnotherStore(one.store, store, str(path))
    found = check(session, tuple(one.log_rows for one in checkpoints.values()))
    if found.broken is not None:
        raise BankLogBroken(found.broken)
    for path, one in checkpoints.items():
        if found.passed.get(one.log_rows, b"").hex() != one.log_chain:
            raise CheckpointDiffers(one.log_rows, found.head.rows, str(path))
    return found.head
