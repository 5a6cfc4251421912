# SPDX-License-Identifier: Apache-2.0
"""``ssn card pin``: the holder changes the PIN, or chooses one where the bank has opened the choice."""

from __future__ import annotations

from typing import Annotated

import typer

from ssn_card.protocol.errors import Text
from ssn_card.terminal import Reader, SoftwareTerminalKeys

from .grouped import grouped
from .options import DEFAULT_CARD, CardUrl, DeskOptions, Trace, connection
from .output import AsJson, emit
from .passwords import chosen_pin, entered_pin
from .tables import sentence


@grouped
def pin(
    *,
    choose: Annotated[
        bool,
        typer.Option(
            "--choose",
            help="Without the old one, where an update has opened the choice / "
            "tanpa PIN lama, bila sebuah pembaruan membuka pemilihannya.",
        ),
    ] = False,
    card: CardUrl = DEFAULT_CARD,
    keys: DeskOptions,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Set another PIN, typed by the holder: by who knows the old one, or with --choose.

    Ganti PIN, diketik oleh pemegang: dengan PIN lama, atau dengan --choose.
    """
    with keys.provider() as provider, connection(card, trace) as line:
        desk = Reader(SoftwareTerminalKeys(provider), minimum_version=keys.min_debit_version)
        if choose:
            desk.choose_pin(line, chosen_pin())
        else:
            old = entered_pin()
            desk.change_pin(line, old, chosen_pin())
        serial = desk.status(line).serial
    done = Text("The card has the new PIN.", "Kartu sudah memakai PIN baru.")
    emit("card-pin", {"serial": serial.hex(), "chosen": choose}, json, lambda: sentence(done))
