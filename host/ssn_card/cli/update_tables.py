# SPDX-License-Identifier: Apache-2.0
"""Entitlement updates for ``--json`` and for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import RenderableType

from ssn_card.entitlement import Entitlement, SignedUpdate
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.values import NEVER

from . import words
from .output import say
from .tables import table


def entitlement_fields(serial: bytes, what: Entitlement) -> dict[str, Any]:
    """An entitlement for ``--json``; a field that a card's status has too is named and written as there."""
    return {
        "serial": serial.hex(),
        "update_seq": what.update_seq,
        "state": what.state.name,
        "loaded_total": what.loaded_total,
        "expired_total": what.expired_total,
        "monthly_limit": what.monthly_limit,
        "override_max": what.override_max,
        "debit_max": what.debit_max,
        "pin_above": None if what.pin_above == NEVER else what.pin_above,
        "allowed_categories": what.allowed_categories,
        "valid_until": what.valid_until.isoformat(),
        "policy_id": what.policy_id,
        "key_selection": int(what.key_selection),
        "pin_count": what.pin_count,
        "mend_count": what.mend_count,
        "mended_to": None if what.mended_to is None else f"{what.mended_to:%y%m}",
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
    """What the card has beside its limits."""
    texts = []
    if what.expired_total:
        texts.append(
            say(Text("expired in all: {sum}", "seluruhnya hangus: {sum}").filled(sum=rupiah(what.expired_total)))
        )
    if what.pin_count:
        texts.append(say(Text("choices of a PIN: {n}", "pemilihan PIN: {n}").filled(n=what.pin_count)))
    if what.mended_to is not None:
        mended = Text("month mended to {month} (no. {n})", "bulan diperbaiki ke {month} (no. {n})")
        texts.append(say(mended.filled(month=f"{what.mended_to:%Y-%m}", n=what.mend_count)))
    if what.key_selection:
        names = words.keys(what.key_selection)
        texts.append(say(Text("next keys: {names}", "kunci berikutnya: {names}").filled(names=names)))
    return "; ".join(texts) or words.NONE
