# SPDX-License-Identifier: Apache-2.0
"""Updates in JSON Lines, to be carried to terminals and cards on any medium.

A line is ``{"schema": "ssn-card/update/1", "serial": hex, "key_version": n, "body": hex, "mac": hex}``. Nothing in it
is secret; it works on the one card it names.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.system import system_error, system_reason
from ssn_card.storage import whole_file

from .errors import UpdateFileTaken
from .update import Entitlement, SignedUpdate

SCHEMA = "ssn-card/update/1"


def as_dict(update: SignedUpdate) -> dict[str, Any]:
    """One update as a JSON object."""
    return {
        "schema": SCHEMA,
        "serial": update.serial.hex(),
        "key_version": update.key_version,
        "body": update.entitlement.encode().hex(),
        "mac": update.mac.hex(),
    }


def content_of(updates: Iterable[SignedUpdate]) -> bytes:
    """What a file of these updates holds."""
    return b"".join(f"{json.dumps(as_dict(update))}\n".encode() for update in updates)


def write_updates(path: Path, updates: Iterable[SignedUpdate]) -> None:
    """Write updates to a new file, whole or not at all, and never over anything else.

    A file that holds these very updates already is left as it is. Raises :class:`UpdateFileTaken`, ``InputError``.
    """
    content = content_of(updates)
    if not content:
        raise no_updates(path)
    if holds(path, content):
        return
    try:
        with whole_file(path, new=True) as file:
            file.write(content)
    except FileExistsError:
        raise UpdateFileTaken(path) from None
    except OSError as error:
        raise _unusable(path, error) from None


def holds(path: Path, content: bytes) -> bool:
    """Whether the file is there with this content. Raises :class:`UpdateFileTaken` where it holds something else."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # reading a device may never end
            raise system_error(errno.EINVAL)
        if path.read_bytes() == content:
            return True
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _unusable(path, error) from None
    raise UpdateFileTaken(path)


def read_updates(path: Path) -> Iterator[SignedUpdate]:
    """The updates of a file, in order; at least one. Raises :class:`InputError` naming line and field."""
    try:
        lines = path.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, error) from None
    if not any(line.strip() for line in lines):
        raise no_updates(path)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _parse(f"{path}:{number}", line)


def _parse(place: str, line: str) -> SignedUpdate:
    field = "json"
    try:
        data = json.loads(line)
        field = "schema"
        if data["schema"] != SCHEMA:
            raise ValueError
        field = "serial"
        serial = _exactly(bytes.fromhex(data["serial"]), 8)
        field = "key_version"
        version = int(data["key_version"])
        field = "body"
        entitlement = Entitlement.decode(bytes.fromhex(data["body"]))
        field = "mac"
        mac = _exactly(bytes.fromhex(data["mac"]), 8)
    except (ValueError, KeyError, TypeError, InputError):
        raise InputError(
            Text("This is no entitlement update.", "Ini bukan pembaruan hak."),
            where=f"{place} {field}",
            remedy=Text("Fetch the file again from the bank.", "Ambil ulang berkas dari bank."),
        ) from None
    return SignedUpdate(serial, entitlement, version, mac)


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise ValueError
    return data


def no_updates(path: Path) -> InputError:
    """For a file that holds, or would hold, nothing."""
    return InputError(
        Text("There is no update in the file.", "Tidak ada pembaruan dalam berkas."),
        where=str(path),
        remedy=Text("Fetch the file again from the bank.", "Ambil ulang berkas dari bank."),
    )


def _unusable(path: Path, error: Exception) -> InputError:
    text = Text("The file of updates cannot be used: {why}.", "Berkas pembaruan tidak dapat dipakai: {why}.")
    return InputError(
        text.filled(why=system_reason(error)),
        where=str(path),
        remedy=Text("Check the path and its permissions.", "Periksa nama dan izin berkas."),
    )
