# SPDX-License-Identifier: Apache-2.0
"""Files that programs of several hands exchange: receipts, tips, updates, keys."""

from __future__ import annotations

from ... import layouts
from ..markdown import prose, table

_MEMBER = ("member", "type", "meaning")


def files() -> str:
    """The chapter on files."""
    receipt, entitlement = 2 * layouts.RECEIPT.size, 2 * layouts.ENTITLEMENT.size
    return "\n\n".join(
        (
            "## Files",
            prose(
                """
                Receipts, tips, updates and what is gone travel as JSON Lines: UTF-8 (all that we write is ASCII), one
                JSON object a line, lines ended by `0A`; blank lines are skipped. Members may come in any order;
                members that are not named here are ignored. Hexadecimal is read in either case and written in lower
                case. Nothing in these is secret, and none is authenticated but by the MACs inside.
                """
            ),
            "### Receipts",
            "As terminals hand them in, in the order of their journals:",
            table(
                _MEMBER,
                (
                    ("`schema`", "string", "`ssn-card/receipt/1`; else the line is unreadable"),
                    ("`receipt`", f"hexadecimal, {receipt} digits", "the receipt"),
                    (
                        "`basket`",
                        "array, or null, or absent",
                        "`[[staple, quantity, rupiah], ...]` of a debit, in the order of the canonical text",
                    ),
                ),
            ),
            "### Tips",
            prose(
                """
                Where a card's receipts end, as the card itself stated it (GET STATUS, or READ RECEIPT of number 0 for
                the number alone): a line for each reading; of several of one card the one with the highest `seq`
                counts; two of the same `seq` with different `last_mac` are an error.
                """
            ),
            table(
                _MEMBER,
                (
                    ("`schema`", "string", "`ssn-card/tip/1`; not looked at when read"),
                    ("`serial`", "hexadecimal, 16 digits", "the card"),
                    ("`seq`", "integer, 0 to 2^32 - 1", "number of its newest receipt, 0 if none"),
                    ("`last_mac`", "hexadecimal, 16 digits", "MAC of that receipt, zeros if none"),
                ),
            ),
            "### Updates",
            "What the bank issues, for any terminal to deliver:",
            table(
                _MEMBER,
                (
                    ("`schema`", "string", "`ssn-card/update/1`"),
                    ("`serial`", "hexadecimal, 16 digits", "the card that it works on"),
                    (
                        "`key_version`",
                        "integer, 1 to 255",
                        "version of the UPDATE key; for the bank, the card does not ask",
                    ),
                    ("`body`", f"hexadecimal, {entitlement} digits", "the entitlement"),
                    ("`mac`", "hexadecimal, 16 digits", "its MAC under UPDATE"),
                ),
            ),
            prose(
                """
                The command is `80 4C 00 00 3F | body | mac | 00`. The answer's receipt goes back to the bank in a file
                of receipts.
                """
            ),
            "### What cards have forgotten",
            "From terminals to the bank: movements that are *gone*, which it settles as said above.",
            table(
                _MEMBER,
                (
                    ("`schema`", "string", "`ssn-card/terminal-gone/1`"),
                    ("`terminal_id`, `terminal_txn`", "integer", "as in the body"),
                    ("`serial`", "hexadecimal, 16 digits", "the card"),
                    ("`seq`", "integer, 1 to 2^31 - 1", "number of the receipt that it would have made"),
                    ("`type`", "integer", "1 debit, 2 cancel, 3 override"),
                    ("`body`", f"hexadecimal, {2 * layouts.MOVEMENT.size} digits", "the movement's bytes"),
                ),
            ),
            "### Keyring",
            prose(
                """
                Master keys of a role, under a password: one JSON object. All members are required, no other is allowed.
                """
            ),
            table(
                _MEMBER,
                (
                    ("`format`, `version`", "`ssn-card-keyring`, 1", ""),
                    ("`holder`", "string", "`bank`, `terminal`, `companion` or `registry`"),
                    (
                        "`kdf`",
                        "object",
                        "`name` `scrypt` (RFC 7914), `salt` hexadecimal of 16 to 64 bytes, `n` a power of two from "
                        "2^14 to 2^20, `r` 8 to 16, `p` 1 to 8",
                    ),
                    ("`check`", "hexadecimal", "HMAC-SHA-256(seal key, `ssn-card password check`)"),
                    (
                        "`keys`",
                        "array of objects",
                        "`label`, `version` (1 to 255), `kcv` (6 digits), `sealed`: nonce (12), ciphertext (16), "
                        "tag (16)",
                    ),
                    ("`seal`", "hexadecimal", "HMAC-SHA-256(seal key, the object without `seal`)"),
                ),
            ),
            prose(
                """
                scrypt over the password (UTF-8, as typed) with these parameters gives 64 bytes: the first 32 are an
                AES-256-GCM key, the last 32 the seal key. The associated data of a key are
                `ssn-card-keyring/1|LABEL|VERSION` in ASCII. The KCV of a master is the first three bytes of AES-CMAC
                over sixteen bytes 00, unlike that of a card's key in STORE DATA. The seal covers the object without
                `seal`, as JSON with sorted members, at every depth, no white space, ASCII escapes as in the canonical
                basket. Check `check` (else: wrong password), then every tag and KCV, then `seal`; on any failure use
                nothing.
                """
            ),
            "### Keys of single cards",
            prose(
                """
                Receipt keys for an auditor, transport keys for the maker of a batch: JSON Lines, no blank line. First
                a head: `format` `ssn-card-keys-of-cards`, `version` 1, `kdf` and `check` as above, `since` and
                `until`: first and last day that the keys are given for, `YYYY-MM-DD` or null, which limit nothing. Then
                one line a key: `serial` (16 digits), `label`, `version` of the master, `sealed` as above, with the
                associated data `ssn-card-keys-of-cards/1|LABEL|VERSION|SERIAL`, serial in lower case. Last a tail:
                `count` of the keys and `seal`, HMAC-SHA-256(seal key, all bytes before that line, line ends included).
                A serial, label and version stand together once.

                A file that is sealed to somebody's public key has another `kdf`: `name` `x25519`, `recipient` and
                `ephemeral`, public keys of 32 bytes in hexadecimal: his, and one of the file's own. HKDF-SHA-256 over
                X25519 of the two (salt `ephemeral | recipient`, info `ssn-card keys for a recipient/1`) gives the 64
                bytes. Whoever has the public key can make such a file: compare its SHA-256 with the sender.
                """
            ),
            "### PIN letters",
            prose(
                """
                What `ssn perso run --pin printed` appends to, and `ssn perso pin-letters` prints: JSON Lines, no blank
                line, in parts, one a run. A part begins with a head: `format` `ssn-card-pin-letters`, `version` 1, and
                `kdf` `x25519` as above. Then one line a letter: `serial` (16 digits) and `sealed`: nonce (12), then the
                PIN's six digits in ASCII with ten bytes 00 behind them, under AES-256-GCM, with its tag (16); the
                associated data is `ssn-card-pin-letters/1|JOURNAL|SERIAL`, the journal's name and the serial in lower
                case. There is no seal: the station's journal names each letter by the SHA-256 of its line, line end
                included, and of a card the last one that is not void holds.
                """
            ),
            "### Backup of masters in a token",
            prose(
                """
                What `ssn keys ceremony` writes, and `ssn keys restore` reads: one JSON object, all members required,
                no other allowed.
                """
            ),
            table(
                _MEMBER,
                (
                    ("`format`, `version`", "`ssn-card-token-backup`, 1", ""),
                    ("`set`", "string", "name of the masters in the token"),
                    ("`custodians`", "integer, 2 or 3", "how many components the backup key has"),
                    ("`salt`", "hexadecimal, 32 digits", "of the two keys below"),
                    ("`kcv`", "hexadecimal, 6 digits", "of the backup key, as of a master"),
                    (
                        "`keys`",
                        "array of objects",
                        "`label`, `version` (1 to 255), `kcv` (6 digits), `imported` (true: out of components), "
                        "`wrapped`: AES key wrap (RFC 3394) of the master, 24 bytes",
                    ),
                    ("`seal`", "hexadecimal", "HMAC-SHA-256(seal key, the object without `seal`, as of a keyring)"),
                ),
            ),
            prose(
                """
                The backup key, 32 bytes, is the exclusive or of the custodians' components. HKDF-SHA-256 over it (salt
                `salt`, 32 bytes each) gives the wrapping key under the info `ssn-card-token-backup/1 wrap` and the seal
                key under `ssn-card-token-backup/1 seal`.
                """
            ),
        )
    )
