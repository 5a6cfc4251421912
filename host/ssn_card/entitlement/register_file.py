# SPDX-License-Identifier: Apache-2.0
"""The register as a file: its tables. How it is made, opened and owned: :mod:`ssn_card.storage`."""

from __future__ import annotations

from ssn_card.protocol.errors import Text
from ssn_card.protocol.layouts import ENTITLEMENT
from ssn_card.storage import Kind, OwnedFile

from . import errors

SCHEMA = f"""
-- A file of updates. What it holds is known from the rows of its updates, so it can be written again.
CREATE TABLE issue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    out TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    issued_at TEXT NOT NULL,
    written INTEGER NOT NULL DEFAULT 0 CHECK (written IN (0, 1))
) STRICT;

-- An entitlement that was issued, or (without issue, version and MAC) one that a card itself has stated.
CREATE TABLE entitlement (
    serial BLOB NOT NULL CHECK (length(serial) = 8),
    update_seq INTEGER NOT NULL CHECK (update_seq BETWEEN 1 AND 2147483647),
    body BLOB NOT NULL CHECK (length(body) = {ENTITLEMENT.size}),
    issue INTEGER REFERENCES issue (id),
    line INTEGER,
    key_version INTEGER,
    mac BLOB CHECK (length(mac) = 8),
    PRIMARY KEY (serial, update_seq),
    CHECK ((issue IS NULL) = (mac IS NULL) AND (issue IS NULL) = (key_version IS NULL)
        AND (issue IS NULL) = (line IS NULL))
) STRICT;

CREATE UNIQUE INDEX lines_of_a_file ON entitlement (issue, line) WHERE issue IS NOT NULL;
CREATE INDEX files_by_name ON issue (out);

-- The newest update that a receipt, or the card itself, has shown to be on the card.
CREATE TABLE confirmed (
    serial BLOB PRIMARY KEY CHECK (length(serial) = 8),
    update_seq INTEGER NOT NULL CHECK (update_seq BETWEEN 1 AND 2147483647)
) STRICT;

-- Cards that a station has declared lost; never forgotten.
CREATE TABLE lost (
    serial BLOB PRIMARY KEY CHECK (length(serial) = 8),
    beneficiary_id BLOB NOT NULL CHECK (length(beneficiary_id) = 8),
    told_at TEXT NOT NULL
) STRICT;
"""


class RegisterFile(OwnedFile):
    """One open register."""

    kind = Kind(
        application=0x53534E52,  # SSNR
        version=1,
        schema=SCHEMA,
        name=Text("register", "register"),
        long_name=Text("register of updates", "register pembaruan"),
        failed=errors.RegisterError,
        missing=errors.RegisterNotFound,
        exists=errors.RegisterExists,
        foreign=errors.RegisterNotOurs,
        another_version=errors.RegisterOfAnotherVersion,
        damaged=errors.RegisterDamaged,
        busy=errors.RegisterBusy,
        conflict=errors.RegisterError,
    )
