# SPDX-License-Identifier: Apache-2.0
"""``protocol/vectors/schema.json``: the form of every vector file, as JSON Schema (draft 2020-12)."""

from __future__ import annotations

NAME = "schema"

#: What each file holds, in words.
ABOUT = {
    "derivation": "card keys of every label, with input and KCV",
    "select": "SELECT answers, and the number under its mask",
    "commands": "authenticated commands: fields, message, MAC, APDU; those of the journey",
    "answers": "their answers: logical answer, message, MAC, what travels; and answers that are not genuine",
    "pin_blocks": "PIN blocks and their masks",
    "baskets": "canonical baskets, and texts that are none",
    "receipts": "a chain of every type, receipts that fail at each check, chains with gaps, forks and copies",
    "conclusions": "what a terminal concludes from answers to READ RECEIPT, and what the bank restores",
    "personalization": "transcripts: from a blank card to a personalized one, and every refusal on the way",
    "journey": "transcript: a card's first weeks",
    "movements": "transcripts: every refusal of the purse, sessions, challenges",
    "pins": "transcripts: VERIFY and CHANGE REFERENCE DATA, the floor, the choice",
    "updates": "transcripts: updates taken, refused, repeated, overtaken; expiry, counts, mending",
    "rotation": "transcripts: every key moves on; an update under the next key, and under the former one",
    "recovery": "transcripts: READ RECEIPT in all outcomes",
    "forms": "transcripts: commands of a wrong form",
    "scp03": "transcripts: secure channels at every level, and every refusal; answers that are not genuine",
}
