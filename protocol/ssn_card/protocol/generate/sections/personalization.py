# SPDX-License-Identifier: Apache-2.0
"""Installation and personalization: data groups, key wrapping, order."""

from __future__ import annotations

from ... import layouts, status
from ...crypto import BLOCK, MAC_LENGTH
from ...groups import DGI_CARD_DATA, DGI_HEADER, DGI_IDENTITY, DGI_KEYS, DGI_PIN, PERSONALIZED_SLOTS
from ...labels import KeyLabel
from ...values import APDU_BUFFER, MAX_NAME, PACKAGE_AID
from .. import sample, secure
from ..markdown import hex_block, layout_table, prose, table


def _room() -> int:
    """Most plain bytes of one STORE DATA: whole cipher blocks and the C-MAC fit the buffer, one byte is padding."""
    return (APDU_BUFFER - 5 - MAC_LENGTH) // BLOCK * BLOCK - 1


def _installation() -> str:
    return prose(
        f"""
        The package `{PACKAGE_AID.hex().upper()}` is loaded by the card maker's GlobalPlatform means. The install
        parameters of INSTALL [for install] carry, in tag C9, exactly {layouts.INSTALL_DATA.size} bytes of
        `install_data`; another length gives {status.WrongData.sw:04X}. The serial is given once and for all, and a
        programme installs each once; the transport keys are card keys under the labels TRANSPORT-ENC, -MAC and -DEK,
        of the master version that card maker and bank agree on.
        """
    )


def _groups() -> str:
    first, last = PERSONALIZED_SLOTS[0], PERSONALIZED_SLOTS[-1]
    return table(
        ("DGI", "length", "contents"),
        (
            (f"{DGI_CARD_DATA:04X}", f"{layouts.CARD_DATA.size:02X}", "card_data"),
            (
                f"{DGI_IDENTITY:04X}",
                f"{layouts.IDENTITY_FIXED.size + 1:02X} to {layouts.MAX_IDENTITY:02X}",
                f"identity_fixed, then the name: 1 to {MAX_NAME} bytes of UTF-8",
            ),
            (f"{DGI_PIN:04X}", f"{layouts.PIN_BLOCK.size:02X}", "pin_block; optional"),
            (
                f"{first.dgi:04X} to {last.dgi:04X}",
                f"{layouts.WRAPPED_KEY.size:02X}",
                f"wrapped_key of slot DGI - {DGI_KEYS:04X}",
            ),
        ),
    )


def personalization() -> str:
    """The chapter on installation and personalization."""
    slot = secure.slot_of("DEBIT")
    key = sample.card_key(slot.label)
    dek = sample.card_key(KeyLabel.TRANSPORT_DEK)
    wrapped = secure.wrapped_key(slot)
    return "\n\n".join(
        (
            "## Installation and personalization",
            _installation(),
            layout_table(layouts.INSTALL_DATA),
            prose(
                f"""
                A blank card is personalized in one SCP03 session with the transport keys, by STORE DATA. Each command
                holds whole data groups (EMV CPS), `DGI (2) | length (1) | data`, {DGI_HEADER} bytes before the data,
                at most {_room()} bytes in all; P2 counts the blocks from 00; P1 is 08, and 88 on the last. The order
                of the groups is free, all {len(PERSONALIZED_SLOTS) + 2} but the PIN are needed, and of one that
                comes twice the later holds.
                """
            ),
            _groups(),
            layout_table(layouts.CARD_DATA),
            layout_table(layouts.IDENTITY_FIXED),
            layout_table(layouts.WRAPPED_KEY),
            prose(
                f"""
                The last block commits. Before it, the card stays blank, nothing of what was stored can be used, and a
                new session begins anew with block 00. A group that is unknown, cut off or of a wrong length, another
                serial, or a check value that does not match gives {status.WrongData.sw:04X}; a wrong P1 or block
                number {status.WrongParameters.sw:04X}; a last block with something missing
                {status.PersonalizationIncomplete.sw:04X}. Each of these ends the session. A personalized card takes
                neither the transport keys ({status.KeyNotFound.sw:04X}) nor STORE DATA in a REGISTRY session
                ({status.ConditionsNotSatisfied.sw:04X}): there is no second personalization. In an ISSUER session it
                takes the identity group alone, which becomes valid with the last block; money, receipts and counters
                are not touched. SELECT afterwards shows
                state class 1 and the key versions; the life state is ISSUED until the first update.

                A key is wrapped by AES-CBC with a zero IV under the static DEK of the session's key set, without
                padding (16 bytes make one block). Its check value (KCV) is the first 3 bytes of the AES, under the
                key itself, of sixteen bytes 01; the card refuses a key that does not match it.
                """
            ),
            f"Slot {slot.index}, {slot.constant}:",
            hex_block(
                ("TRANSPORT-DEK", dek.value()),
                ("key", key.value()),
                ("wrapped", dek.encrypt_cbc(key.value())),
                ("KCV", key.kcv()),
                ("data group", wrapped),
            ),
            "Card data and identity, of a person in a province that does not exist:",
            hex_block(
                ("card data", secure.card_data()),
                ("identity", secure.identity_group()),
            ),
            prose(
                """
                GET DATA answers, encrypted, with `beneficiary_id` and the contents of the identity group as they were
                stored.
                """
            ),
        )
    )
