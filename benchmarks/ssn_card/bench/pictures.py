# SPDX-License-Identifier: Apache-2.0
"""Writes a chart that a measurement has drawn."""

from __future__ import annotations

from pathlib import Path

from ssn_card.pictures import BadPicture
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason


def write_picture(path: Path, drawn: bytes) -> None:
    """Raises ``BadPicture`` where it cannot be written."""
    try:
        path.write_bytes(drawn)
    except OSError as error:
        why = Text("The picture cannot be written: {why}.", "Gambar tidak dapat ditulis: {why}.")
        raise BadPicture(path, why.filled(why=system_reason(error))) from error
