# SPDX-License-Identifier: Apache-2.0
"""Entitlement updates for ``--json`` and for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import RenderableType

from ssn_card.entitlement import Entitlement, SignedUpdate
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.values import NEVER, KeySelection, UpdateFlag

from . import words
from .output import say, table


def entitlement_fields(serial: bytes, what: Entitlement) -> dict[str, Any]:
    """An entitlement for ``--json``; a field that a card's status has too is named and written as there."""
    return {
        "serial": serial.hex(),
        "update_seq": what.update_seq,
        "state": what.state.name,
        "loaded_total": what.loaded_total,
        "monthly_limit": what.monthly_limit,
        "override_max": what.override_max,
        "debit_max": what.debit_max,
        "pin_above": None if what.pin_above == NEVER else what.pin_above,
        "allowed_categories": what.allowed_categories,
        "valid_until": what.valid_until.isoformat(),
        "policy_id": what.policy_id,
        "key_selection": int(what.key_selection),
        "forfeit": bool(what.flags & UpdateFlag.FORFEIT),
        "unblock_pin": bool(what.flags & UpdateFlag.UNBLOCK_PIN),
        "issued_at": what.issued_at.isoformat(),
        "reference": what.reference.hex(),
    }


def update_fields(update: SignedUpdate) -> dict[str, Any]:
    """An update for ``--json``."""
    return entitlement_fields(update.serial, update.entitlement) | {"key_version": update.key_version}


def entitlements_table(title: Text, entitlements: Iterable[tuple[bytes, Entitlement]]) -> RenderableType:
    """Entitlements of cards, each in one line."""
    columns = (
        (Text("card", "kartu"), "whole"),
        (Text("no.", "no."), "right"),
        (Text("state", "status"), "left"),
        (Text("loaded in all", "seluruh dana"), "right"),
        (Text("monthly limit", "batas bulanan"), "right"),
        (Text("valid until", "berlaku sampai"), "whole"),
        (Text("policy", "kebijakan"), "right"),
        (Text("besides", "selain itu"), "left"),
    )
    rows = (
        (
            serial.hex(),
            str(what.update_seq),
            say(words.STATES[what.state]),
            rupiah(what.loaded_total),
            rupiah(what.monthly_limit),
            words.date(what.valid_until),
            str(what.policy_id),
            _besides(what),
        )
        for serial, what in entitlements
    )
    return table(title, columns, rows)


def _besides(what: Entitlement) -> str:
    """What happens to the card beside its new limits."""
    texts = []
    if what.flags & UpdateFlag.FORFEIT:
        texts.append(say(Text("rest withdrawn", "sisa dana ditarik")))
    if what.flags & UpdateFlag.UNBLOCK_PIN:
        texts.append(say(Text("PIN unblocked", "blokir PIN dibuka")))
    if what.key_selection:
        names = ", ".join(key.name or "" for key in KeySelection if key and key in what.key_selection)
        texts.append(say(Text("next keys: {names}", "kunci berikutnya: {names}").filled(names=names)))
    return "; ".join(texts) or words.NONE
