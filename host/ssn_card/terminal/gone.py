# SPDX-License-Identifier: Apache-2.0
"""What cards have forgotten, for the bank: JSON Lines, one movement a line.

``{"schema": "ssn-card/terminal-gone/1", "terminal_id": 7, "serial": "<16 hex digits>", "seq": 12, "type": 1,
"body": "<72 hex digits>", "terminal_txn": 34}``: the movement of this body would have made receipt ``seq`` of this type
(1 debit, 2 cancel, 3 override) on that card. With the receipts before and behind it the bank finds out whether it did.
"""

from __future__ import annotations

import json
from typing import IO

from ssn_card.receipts.settle import SCHEMA

from .journal import Entry


def write_gone(file: IO[str], terminal_id: int, entry: Entry) -> None:
    """Append the line of a movement that was sent to an open text file."""
    line = {
        "schema": SCHEMA,
        "terminal_id": terminal_id,
        "serial": entry.serial.hex(),
        "seq": entry.seq,
        "type": int(entry.kind),
        "body": entry.body.hex(),
        "terminal_txn": entry.terminal_txn,
    }
    file.write(json.dumps(line, separators=(",", ":")) + "\n")
