# SPDX-License-Identifier: Apache-2.0
"""SCP03 parameters, key sets, an example."""

from __future__ import annotations

from ...groups import KEY_SLOTS
from ...labels import KeyLabel
from ...values import SCP03_I_PARAMETER, SCP_IDENTIFIER, KeyVersionNumber
from .. import secure
from ..markdown import hex_block, prose, table
from ..scripts import channels, personalizing

_LEVELS = {
    0x03: "C-MAC, C-DECRYPTION",
    0x13: "C-MAC, C-DECRYPTION, R-MAC",
    0x33: "C-MAC, C-DECRYPTION, R-MAC, R-ENCRYPTION",
}

_SETS = {
    KeyVersionNumber.TRANSPORT: "blank card: STORE DATA",
    KeyVersionNumber.ISSUER: "personalized card: GET DATA; STORE DATA of a corrected identity",
    KeyVersionNumber.REGISTRY: "personalized card: GET DATA",
}


def _key_sets() -> str:
    rows = []
    for kvn, use in _SETS.items():
        labels = [label for label in KeyLabel if label.name.startswith(kvn.name)]
        slots = ", ".join(str(slot.index) for slot in KEY_SLOTS if slot.label in labels)
        rows.append((f"{kvn:02X}", ", ".join(map(str, labels)), slots, use))
    return table(("key version number", "keys: ENC, MAC, DEK", "slots", "taken by, and good for"), rows)


def scp03() -> str:
    """The chapter on SCP03."""
    script, reading = personalizing.fresh(), channels.reading()
    session, reader = script.channels[0], reading.channels[0]
    stored, read = (next(one for one in given.exchanges if one.secure) for given in (script, reading))
    store, got = stored.secure, read.secure
    assert store is not None  # noqa: S101  (for the type checker: chosen so)
    assert got is not None  # noqa: S101
    constants = table(
        ("what", "constant", "L (bits)", "derived with"),
        (
            (name, f"{constant:02X}", bits, "Key-ENC" if name == "S-ENC" else "Key-MAC" if bits == 128 else "S-MAC")
            for name, (constant, bits) in secure.CONSTANTS.items()
        ),
    )
    return "\n\n".join(
        (
            "## Secure channel (SCP03)",
            prose(
                f"""
                GlobalPlatform Card Specification 2.2 Amendment D version 1.1.1, AES-128, S8 mode (challenges,
                cryptograms and MACs of 8 bytes), i = {SCP03_I_PARAMETER:02X}: random card challenge, R-MAC and
                R-ENCRYPTION. The applet speaks it itself; the card's own security domain has no part in it. The key
                version number in SCP03 names a set of keys, not the version of a master. Static keys are card keys as
                above, derived with the serial, which the answer to INITIALIZE UPDATE gives as its key diversification
                data: serial | 0000.
                """
            ),
            _key_sets(),
            table(("level", "protects"), ((f"{level:02X}", _LEVELS[level]) for level in secure.LEVELS)),
            prose(
                f"""
                Any other level, 00, 01, 11 and 43 included, gives 6A86 and ends what INITIALIZE UPDATE began: begin
                with that again. 6985 means that no INITIALIZE UPDATE went before; 6982, for a command of class 84, that
                no session is open. GET DATA wants level 33: below it it gives 6982, and the session stays.

                INITIALIZE UPDATE answers with key diversification data (10), key version number,
                {SCP_IDENTIFIER:02X}, {SCP03_I_PARAMETER:02X}, card challenge (8), card cryptogram (8). Derivation
                (section 4.1.5), context = host challenge | card challenge:

                ```text
                CMAC(key, 00 * 11 | constant | 00 | L (2) | 01 | context), first L bits
                ```
                """
            ),
            constants,
            prose(
                """
                - C-MAC (6.2.4): the first 8 bytes of CMAC(S-MAC, chaining value | CLA INS P1 P2 Lc | data), CLA 84,
                  Lc with the MAC counted. The chaining value is zero for EXTERNAL AUTHENTICATE, afterwards the whole
                  16 bytes of the last C-MAC.
                - Command data (6.2.6) are padded with 80 00... and encrypted by AES-CBC under S-ENC. The IV is the
                  AES, under S-ENC, of the command counter in 16 bytes: 1 for the first command after EXTERNAL
                  AUTHENTICATE, one more with every command.
                - **A command without data is not encrypted**: no padding block is sent, and Lc counts the C-MAC only.
                  The counter moves on all the same.
                - Answer data (6.2.7), where there are any: as command data, with the first byte of the counter block
                  80. An empty answer is not encrypted.
                - R-MAC (6.2.5): the first 8 bytes of CMAC(S-RMAC, chaining value | answer data | 9000), the chaining
                  value being the command's C-MAC. An answer with another status word carries none.
                - A wrong cryptogram, C-MAC or padding ends the session, as do SELECT and any UPDATE; so does a
                  mistake in personalization data. The host ends it on a wrong R-MAC.
                """
            ),
            "### Example: the first block of a personalization, level 13",
            hex_block(
                ("Key-ENC", session.static_enc.value()),
                ("Key-MAC", session.static_mac.value()),
                ("INITIALIZE UPDATE", session.initialize),
                ("answer", session.initialize_answer),
                ("S-ENC", session.enc.value()),
                ("S-MAC", session.mac.value()),
                ("S-RMAC", session.rmac.value()),
                ("EXTERNAL AUTH.", session.authenticate),
                ("STORE DATA, plain", store.plain_command),
                ("STORE DATA", store.command),
                ("answer", store.answer),
            ),
            "### Example: a field device reads the identity block, level 33",
            hex_block(
                ("Key-ENC", reader.static_enc.value()),
                ("Key-MAC", reader.static_mac.value()),
                ("EXTERNAL AUTH.", reader.authenticate),
                ("GET DATA", got.command),
                ("answer, plain", got.plain_answer),
                ("answer", got.answer),
            ),
            "`scp03.json` has sessions at every level, and all refusals; `personalization.json` has whole ones.",
        )
    )
