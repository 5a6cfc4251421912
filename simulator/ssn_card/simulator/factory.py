# SPDX-License-Identifier: Apache-2.0
"""Plays the card maker: blank cards that carry a serial and the published DEVELOPMENT transport keys."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from pathlib import Path

from ssn_card.keys import SERIAL_LENGTH, KeyProvider, development_keyring
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import INSTALL_DATA

from .errors import NoSuchCard
from .simulator import AppletClass, Freedom, SimulatedCard, Simulator

TRANSPORT_KEY_VERSION = 1  #: of the development masters


def new_serial() -> bytes:
    """A random card serial, 8 bytes."""
    return secrets.token_bytes(SERIAL_LENGTH)


def factory_install_data(serial: bytes, keys: KeyProvider | None = None) -> bytes:
    """Install data of a blank card: serial and its three transport keys (layout ``install_data``), 56 bytes.

    The keys are those that ``keys``, by default :func:`ssn_card.keys.development_keyring`, gives for this serial, so
    that it personalizes the card. Raises ``InputError`` unless the serial has 8 bytes, and ``KeyMissing``.
    """
    provider = keys or development_keyring((TRANSPORT_KEY_VERSION,))
    transport = {
        field: provider.diversify(label, TRANSPORT_KEY_VERSION, serial).value()
        for field, label in (
            ("transport_enc", KeyLabel.TRANSPORT_ENC),
            ("transport_mac", KeyLabel.TRANSPORT_MAC),
            ("transport_dek", KeyLabel.TRANSPORT_DEK),
        )
    }
    return INSTALL_DATA.encode({"serial": bytes(serial), **transport})


def blank_card(
    simulator: Simulator,
    serial: bytes | None = None,
    *,
    applet: AppletClass | None = None,
    classes: Path | None = None,
    coverage: bool = False,
    freedoms: Collection[Freedom] | None = None,
    keys: KeyProvider | None = None,
) -> SimulatedCard:
    """A new blank card in ``simulator``, named by its serial in lower-case hexadecimal.

    ``keys``: see :func:`factory_install_data`; ``applet``: another than ours; ``classes``, ``coverage``, ``freedoms``:
    see :meth:`Simulator.create_card`.

    Raises ``InputError``, :class:`NameTaken`, :class:`SimulatorRefused`.
    """
    serial = new_serial() if serial is None else serial
    return simulator.create_card(
        factory_install_data(serial, keys),
        name=serial.hex(),
        applet=applet,
        classes=classes,
        coverage=coverage,
        freedoms=freedoms,
    )


def card_named(simulator: Simulator, name: str) -> SimulatedCard:
    """The card of that name. Raises :class:`NoSuchCard`, which lists the cards there are."""
    cards = simulator.cards()
    for card in cards:
        if card.name == name:
            return card
    there = ", ".join(card.name for card in cards if card.name) or "-"
    raise NoSuchCard("no-such-card", f"no card {name} (cards: {there})")
