# SPDX-License-Identifier: Apache-2.0
"""Saved cards as bytes: JSON with a name and a version. They hold the card's keys in clear."""

from __future__ import annotations

import json
from typing import Any

from .errors import BadSavedCard

FORMAT, VERSION = "ssn-saved-card", 1


def pack(saved: dict[str, Any], name: str) -> bytes:
    """What the simulator's ``save`` request answered, with the card's name."""
    content = {"format": FORMAT, "version": VERSION, "name": name, "card": saved}
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def unpack(data: bytes) -> tuple[dict[str, Any], str]:
    """For the simulator's ``restore`` request, and the card's name. Raises :class:`BadSavedCard`."""
    try:
        content = json.loads(data)
        if content["format"] != FORMAT or content["version"] != VERSION or not isinstance(content["card"], dict):
            raise BadSavedCard
        return content["card"], str(content["name"])
    except (ValueError, KeyError, TypeError):
        raise BadSavedCard from None
