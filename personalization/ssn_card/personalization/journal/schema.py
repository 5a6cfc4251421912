# SPDX-License-Identifier: Apache-2.0
"""Tables of the journal. The rules against issuing twice are the database's own, not only the program's.

A card row is one beneficiary number and what became of it. Nothing is ever deleted.

``planned``  no card has this number: none was tried, or what was tried is certainly blank
``sent``     in doubt: the card with ``serial`` is being personalized, or was when the line or the station died. Only
             proof by the card, or a person's word that it is lost, ends this state
``done``     read back and right
``lost``     a person has declared the card with ``serial`` lost: the number is burnt, the person may get another, and
             this card must never be activated. ``turned_up``: when it was seen after all, personalized
``void``     never met a card, and is no longer needed

An event row is what the results file has to say, written in the same transaction as the change that it tells of.

A delivery row is a parcel of blank cards from their maker, a blank row one card of it. What became of that card is not
written there but follows from the rows above: :mod:`.stock`.

A letter row is the letter that tells a card's PIN: sealed, printed, delivered or void. The PIN is not in it, but the
SHA-256 of the letter as it was sealed: :mod:`.letters`.

A log row is what one of these rows became, in the same transaction again, chained to the row before: :mod:`.log`.
"""

from __future__ import annotations

SCHEMA = """
CREATE TABLE journal (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL,
    station INTEGER NOT NULL CHECK (station BETWEEN 0 AND 65535),
    last_number INTEGER NOT NULL CHECK (last_number >= 0 AND last_number < 281474976710656),
    secret_check BLOB NOT NULL
) STRICT;

CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    policy INTEGER NOT NULL,
    file TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    UNIQUE (sha256, policy)
) STRICT;

CREATE TABLE card (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch INTEGER NOT NULL REFERENCES batch (id),
    line INTEGER NOT NULL,
    row_key BLOB NOT NULL CHECK (length(row_key) = 16),
    family_key BLOB NOT NULL CHECK (length(family_key) = 16),
    identity_tag BLOB CHECK (length(identity_tag) = 16),
    beneficiary_id BLOB NOT NULL UNIQUE CHECK (length(beneficiary_id) = 8),
    serial BLOB UNIQUE CHECK (length(serial) = 8),
    state TEXT NOT NULL CHECK (state IN ('planned', 'sent', 'done', 'lost', 'void')),
    keys TEXT NOT NULL DEFAULT '',  -- versions that the card with this serial was sent, as --use-key writes them
    attempts INTEGER NOT NULL DEFAULT 0,
    planned_at TEXT NOT NULL,
    sent_at TEXT,
    ended_at TEXT,
    turned_up TEXT CHECK (turned_up IS NULL OR state = 'lost'),
    CHECK ((state IN ('planned', 'void')) = (serial IS NULL)),
    CHECK (state IN ('planned', 'void') OR identity_tag IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX one_card_for_a_person ON card (row_key) WHERE state IN ('planned', 'sent', 'done');
CREATE UNIQUE INDEX one_card_for_a_family ON card (family_key) WHERE state IN ('planned', 'sent', 'done');
CREATE INDEX cards_by_state ON card (state);
CREATE INDEX cards_by_batch ON card (batch);

CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    card INTEGER REFERENCES card (id),
    serial BLOB,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed', 'in_doubt', 'lost')),
    reason TEXT,
    seconds REAL,
    at TEXT NOT NULL,
    reported INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    cards INTEGER NOT NULL CHECK (cards > 0),
    at TEXT NOT NULL
) STRICT;

CREATE TABLE blank (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery INTEGER NOT NULL REFERENCES delivery (id),
    serial BLOB NOT NULL UNIQUE CHECK (length(serial) = 8),
    returned TEXT
) STRICT;

CREATE TABLE letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    card INTEGER NOT NULL REFERENCES card (id),
    serial BLOB NOT NULL CHECK (length(serial) = 8),
    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    sealed TEXT NOT NULL,
    printed TEXT,
    delivered TEXT CHECK (delivered IS NULL OR printed IS NOT NULL),
    void TEXT CHECK (void IS NULL OR delivered IS NULL)
) STRICT;

CREATE UNIQUE INDEX one_letter_for_a_card ON letter (card) WHERE void IS NULL;

CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    content TEXT NOT NULL,
    chain BLOB NOT NULL CHECK (length(chain) = 32)
) STRICT;

CREATE TRIGGER log_is_not_changed BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_is_not_shortened BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE INDEX events_by_serial ON event (serial) WHERE state = 'failed';
CREATE INDEX events_to_report ON event (id) WHERE reported = 0;
"""
