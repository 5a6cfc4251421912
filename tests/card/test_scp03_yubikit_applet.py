# SPDX-License-Identifier: Apache-2.0
"""A host that is not ours, yubikit, opens a session with the real applet and sends a command with data."""

from __future__ import annotations

import pytest

pytest.importorskip("yubikit.core.smartcard")

from tests.card.data_groups import LAST, MORE, blocks, groups
from tests.card.live_card import LiveCard, Talk
from tests.card.scp03_host import key_set
from tests.conftest import freedoms_taken
from tests.model import wire
from yubikit.core import TRANSPORT
from yubikit.core.smartcard import ApduError, SmartCardConnection, SmartCardProtocol
from yubikit.core.smartcard.scp import KeyRef, Scp03KeyParams, ScpKid, StaticKeys

from ssn_card.simulator import Freedom


class AppletConnection(SmartCardConnection):
    """yubikit's line to a card of ours."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    @property
    def transport(self) -> TRANSPORT:
        return TRANSPORT.NFC

    def send_and_receive(self, apdu: bytes) -> tuple[bytes, int]:
        # yubikit leaves Le out where an answer comes; a strict card over T=1 then does not answer.
        without_le = len(apdu) == 5 + apdu[4]
        return self._talk.raw(apdu + b"\x00" if without_le and Freedom.STRICT_SENDING in freedoms_taken() else apdu)

    def close(self) -> None:
        pass


def protocol(talk: Talk, kvn: int, keys: tuple[bytes, bytes, bytes]) -> SmartCardProtocol:
    host = SmartCardProtocol(AppletConnection(talk))
    host.select(wire.AID)
    host.init_scp(Scp03KeyParams(KeyRef(ScpKid.SCP03, kvn), StaticKeys(*keys)))
    return host


def test_yubikit_personalizes_a_card(blank: LiveCard) -> None:
    talk = Talk(blank)
    host = protocol(talk, 0x3F, key_set(0x3F, blank.serial))
    packed = blocks(groups(blank.serial))
    for number, block in enumerate(packed):
        last = number == len(packed) - 1
        assert host.send_apdu(0x80, 0xE2, LAST if last else MORE, number, block) == b""
    assert talk.select()[9] == 1
    talk.load(wire.entitlement(1, 900_000))
    talk.debit(1000, txn=1)
    talk.close()


def test_the_card_refuses_yubikit_with_other_keys(card: LiveCard) -> None:
    talk = Talk(card)
    enc, _, dek = key_set(0x30, card.serial)
    with pytest.raises((ValueError, ApduError)):
        protocol(talk, 0x30, (enc, bytes(16), dek))
    talk.close()
