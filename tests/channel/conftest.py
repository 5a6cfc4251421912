# SPDX-License-Identifier: Apache-2.0
"""Keys and sessions for the channel tests."""

from __future__ import annotations

import pytest
from tests.channel.scp03_card_model import CardModel
from tests.channel.scp03_session import DEK, ENC, MAC

from ssn_card.channel import StaticKeys
from ssn_card.protocol.crypto import SecretKey


@pytest.fixture
def card() -> CardModel:
    return CardModel(ENC, MAC)


@pytest.fixture
def static() -> StaticKeys:
    return StaticKeys(SecretKey(ENC, "ENC"), SecretKey(MAC, "MAC"), SecretKey(DEK, "DEK"))
