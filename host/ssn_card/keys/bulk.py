# SPDX-License-Identifier: Apache-2.0
"""Keys of many cards at once, for those who judge millions of receipts.

Asked one by one, Python needs longer for a key than for a dozen MACs. All cards of one master run through AES in step:
the same block of every card's KDF input in one call, so that Python's part is a fixed number of steps over one buffer.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

from ssn_card.protocol.crypto import BLOCK, SecretKey, kdf_input
from ssn_card.protocol.errors import InputError, Text

SERIAL_LENGTH = 8  #: card serial, bytes
_STEP = 1 << 14  #: cards in one call: their blocks stay in the processor's cache
_REDUCTION = 0x87  #: of doubling in GF(2^128), SP 800-38B section 5.3
_COMPLETE = 0x80  #: first byte of the padding of a message that ends within a block


class KeyBlock:
    """Keys of one purpose and version, in the order of the serials that were asked for.

    Shows no key: opaque ``repr``, not picklable; as with :class:`SecretKey`, ``value()`` is the only way to the bytes.
    """

    __slots__ = ("_value", "missing", "name")

    def __init__(self, value: bytes, missing: bytes, name: str) -> None:
        """
        Args:
            value: 16 bytes a card, zeros where its key is missing.
            missing: a byte a card: 1 where there is no key, else 0.
            name: for messages, such as ``"RECEIPT v1"``.

        Raises:
            ValueError: the two do not fit each other.
        """
        if len(value) != BLOCK * len(missing):
            raise ValueError(f"{name}: {len(missing)} keys have {BLOCK * len(missing)} bytes, got {len(value)}")
        self._value = value
        self.missing = missing
        self.name = name

    def value(self) -> bytes:
        """The keys: 16 bytes a card; where one is missing, zeros, which are no key."""
        return self._value

    def __len__(self) -> int:
        return len(self.missing)

    def __repr__(self) -> str:
        return f"<KeyBlock {self.name}: {len(self)} cards, {sum(self.missing)} without a key>"

    def __reduce__(self) -> str:
        raise TypeError("a KeyBlock is not serialised; open the keys where they are needed")


def check_serials(serials: bytes) -> None:
    """Raises ``InputError`` unless these are whole serials."""
    if len(serials) % SERIAL_LENGTH:
        raise InputError(
            Text(
                f"Card serials have {SERIAL_LENGTH} bytes each, {len(serials)} are no number of them.",
                f"Nomor seri kartu {SERIAL_LENGTH} byte tiap kartu; {len(serials)} byte bukan kelipatannya.",
            ),
            where="serials",
        )


def derive_many(master: SecretKey, label: bytes, serials: bytes) -> bytes:
    """:meth:`SecretKey.derive` for all these serials, 8 bytes each: 16 bytes a key, in their order."""
    # ECB over the same block of every card is CMAC's own use of the cipher, many messages at a time.
    aes = Cipher(algorithms.AES(master.value()), modes.ECB()).encryptor()  # noqa: S305
    step = _STEP * SERIAL_LENGTH
    return b"".join(_keys(aes, label, serials[at : at + step]) for at in range(0, len(serials), step))


def _keys(aes: CipherContext, label: bytes, serials: bytes) -> bytes:
    """CMAC (SP 800-38B section 6.2) of every card's KDF input, block by block."""
    cards = len(serials) // SERIAL_LENGTH
    message = kdf_input(label, bytes(SERIAL_LENGTH))
    at = message.index(label) + len(label) + 1  # the context's place
    last = -(-len(message) // BLOCK) - 1
    subkey = _doubled(aes.update(bytes(BLOCK)))
    if len(message) % BLOCK:
        subkey = _doubled(subkey)
        message = (message + bytes((_COMPLETE,))).ljust((last + 1) * BLOCK, b"\x00")
    state = bytes(BLOCK * cards)
    for number in range(last + 1):
        start = number * BLOCK
        blocks = bytearray(message[start : start + BLOCK] * cards)
        for place in range(max(at, start), min(at + SERIAL_LENGTH, start + BLOCK)):
            blocks[place - start :: BLOCK] = serials[place - at :: SERIAL_LENGTH]
        mixed = _xor(blocks, state)
        state = aes.update(_xor(mixed, subkey * cards) if number == last else mixed)
    return state


def _doubled(block: bytes) -> bytes:
    value = int.from_bytes(block, "big") << 1
    return ((value & ((1 << 8 * BLOCK) - 1)) ^ (_REDUCTION * (value >> 8 * BLOCK))).to_bytes(BLOCK, "big")


def _xor(left: bytes | bytearray, right: bytes) -> bytes:
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(len(right), "big")
