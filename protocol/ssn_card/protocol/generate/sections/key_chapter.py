# SPDX-License-Identifier: Apache-2.0
"""Key derivation, labels, holders, slots."""

from __future__ import annotations

from ...crypto import kdf_input
from ...groups import KEY_SLOTS, PERSONALIZED_SLOTS
from ...labels import ROLES, KeyLabel
from .. import sample
from ..markdown import code, hex_block, prose, table


def _names(labels: frozenset[KeyLabel]) -> str:
    if labels == frozenset(KeyLabel):
        return "all"
    return ", ".join(str(label) for label in KeyLabel if label in labels) or "none"


def keys() -> str:
    """The chapter on keys."""
    example = KeyLabel.DEBIT
    master, key = sample.master(example, sample.VERSION), sample.card_key(example)
    versioned = [slot for slot in KEY_SLOTS if slot.following]
    return "\n\n".join(
        (
            "## Keys",
            prose(
                """
                All keys are AES-128. A master key has a label (its purpose) and a version from 1 to 255. The key of a
                card is derived from it by NIST SP 800-108r1 counter mode with AES-CMAC, a 32-bit counter and the
                card's serial (8 bytes) as context. 128 bits take one CMAC call, so it runs inside an HSM:

                ```text
                card key = CMAC(master, 00000001 | label | 00 | serial | 00000080)
                ```

                The label is ASCII. The version is not part of the input: each version has a master of its own.
                """
            ),
            hex_block(
                (f"master {example} v{sample.VERSION}", master.value()),
                ("label", example.value),
                ("serial", sample.SERIAL),
                ("input", kdf_input(example.value, sample.SERIAL)),
                ("card key", key.value()),
                ("KCV", key.kcv()),
            ),
            "### Labels, and who holds the master",
            table(
                ("label", "input label", "master held by", "dipegang oleh"),
                ((str(x), code(x.value.hex().upper()), x.held_by.en, x.held_by.id) for x in KeyLabel),
            ),
            table(
                ("role", "masters", "keys of single cards"),
                ((role.value, _names(held.masters), _names(held.per_card)) for role, held in ROLES.items()),
            ),
            prose(
                """
                The card holds only its own keys, so a card taken apart gives nothing about another. DEBIT lets a
                terminal debit and recognise a genuine card (by the answer's MAC); it makes no receipt. RECEIPT is
                known to the card and the bank alone; an auditor is given the RECEIPT keys of single cards.
                """
            ),
            "### Key slots on the card",
            table(
                ("slot", "key", "DGI"),
                (
                    (slot.index, slot.constant, f"{slot.dgi:04X}" if slot in PERSONALIZED_SLOTS else "at installation")
                    for slot in KEY_SLOTS
                ),
            ),
            prose(
                f"""
                {", ".join(slot.constant for slot in versioned)} hold the next version of their keys, so keys rotate
                in the field and none is ever sent. Personalization requires them. The field `key_selection` of an
                entitlement moves each key on by its bit; a bit once set must stay set. The version that a key moves on
                to is the one that personalization put into its _NEXT slot; the programme puts version + 1 there, but
                the card does not ask for that: read the version, never compute it. SELECT names the versions in force.
                The update that moves a key on is itself receipted and answered under the keys that it found; the keys
                that it chooses hold from the next command on. It may be authorised under the next UPDATE key where it
                sets that bit (see updates, which also say when a version may be retired). Terminals have a minimum
                version of DEBIT: below it a card is given updates, and nothing that it says is believed.
                """  # noqa: S608  (prose, no SQL)
            ),
        )
    )
