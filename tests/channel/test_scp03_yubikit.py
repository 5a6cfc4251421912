# SPDX-License-Identifier: Apache-2.0
"""A host that is not ours, yubikit, against the card model: agreement of the model with a third implementation.

yubikit encrypts a padding block for a command without data, which section 6.2.6 forbids, so only commands with data
are sent.
"""

from __future__ import annotations

import pytest

pytest.importorskip("yubikit.core.smartcard")

from tests.channel.scp03_card_model import CardModel
from tests.channel.scp03_session import DEK, ENC, MAC
from yubikit.core import TRANSPORT
from yubikit.core.smartcard import SmartCardConnection, SmartCardProtocol
from yubikit.core.smartcard.scp import KeyRef, Scp03KeyParams, ScpKid, StaticKeys


class ModelConnection(SmartCardConnection):
    def __init__(self, card: CardModel) -> None:
        self._card = card

    @property
    def transport(self) -> TRANSPORT:
        return TRANSPORT.NFC

    def send_and_receive(self, apdu: bytes) -> tuple[bytes, int]:
        answer = self._card.transmit(apdu)
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    def close(self) -> None:
        pass


def protocol(card: CardModel, enc: bytes = ENC, mac: bytes = MAC) -> SmartCardProtocol:
    host = SmartCardProtocol(ModelConnection(card))
    host.init_scp(Scp03KeyParams(KeyRef(ScpKid.SCP03, card.kvn), StaticKeys(enc, mac, DEK)))
    return host


def test_yubikit_opens_a_session_and_exchanges_data(card: CardModel) -> None:
    host = protocol(card)
    assert card.level == 0x33
    for data in (b"\x01", b"\x02" * 15, b"\x03" * 16, b"\x04" * 111):
        assert host.send_apdu(0x80, 0xE2, 0x00, 0x00, data) == data
    assert [data for _, data in card.executed] == [b"\x01", b"\x02" * 15, b"\x03" * 16, b"\x04" * 111]


def test_yubikit_with_other_keys_is_refused(card: CardModel) -> None:
    with pytest.raises(ValueError, match="SCP"):
        protocol(card, mac=bytes(16))
    assert card.level is None
