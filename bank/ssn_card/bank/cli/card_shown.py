# SPDX-License-Identifier: Apache-2.0
"""A card, its life and its money, as data and for people."""

from __future__ import annotations

from typing import Any

from rich.console import Group
from sqlalchemy import select

from ssn_card.cli.output import say
from ssn_card.cli.tables import facts, table
from ssn_card.entitlement import Entitlement
from ssn_card.protocol.errors import Text, rupiah

from ..cards.loads import carried, newest_update
from ..cards.moves import card_of
from ..cards.replacement import overspent
from ..cards.tips import tip_of
from ..life import MOVES, LifePhase
from ..store.tables.cards import CardMoveRow, ReplacementRow
from ..store.tables.people import PersonRow, PersonState
from ..updates.missed import missed_by

_COLUMNS = [
    (Text("when", "kapan"), "whole"),
    (Text("what", "apa"), "left"),
    (Text("by", "oleh"), "left"),
    (Text("why", "sebab"), "left"),
]


def replacement_data(session: Any, row: ReplacementRow) -> dict[str, Any]:
    """Where the money of a replaced card is."""
    return {
        "serial": row.old_serial,
        "successor": row.new_serial,
        "in_hand": row.in_hand,
        "balance": row.balance,
        "held_back": row.held_back,
        "released": row.released,
        "carried": carried(row),
        "overspent": overspent(session, row),
        "due_at": row.due_at,
        "final_at": row.final_at,
    }


def money_facts(data: dict[str, Any]) -> list[tuple[Text, str]]:
    """The same for people."""
    return [
        (Text("card", "kartu"), data["serial"]),
        (Text("its successor", "penggantinya"), data["successor"] or "-"),
        (Text("left, at the most", "sisa, paling banyak"), rupiah(data["balance"])),
        (Text("held back", "ditahan"), rupiah(data["held_back"])),
        (Text("released of it", "dilepaskan darinya"), rupiah(data["released"])),
        (Text("for the next card", "untuk kartu berikutnya"), rupiah(data["carried"])),
        (Text("receipts may come until", "kuitansi dapat menyusul sampai"), data["final_at"] or data["due_at"]),
    ]


def card_data(session: Any, serial: str) -> dict[str, Any]:
    """All that the store knows of a card, but for names. Raises ``NotFound``."""
    card = card_of(session, serial)
    newest, tip = newest_update(session, serial), tip_of(session, serial)
    issued = None if newest is None else Entitlement.decode(newest.body)
    person = None if card.person_id is None else session.get(PersonRow, card.person_id)
    leaving = session.get(ReplacementRow, serial)
    rows = session.scalars(
        select(CardMoveRow).where(CardMoveRow.serial == serial).order_by(CardMoveRow.at, CardMoveRow.id)
    )
    return {
        "serial": serial,
        "state": card.state,
        "since": card.since,
        "replaces": card.replaces,
        "entitled": person is not None and person.state == PersonState.READY,
        "moves": [
            {"at": row.at, "move": row.move, "actor": row.actor, "reason": row.reason, "recorded_at": row.recorded_at}
            for row in rows
        ],
        "update": None
        if issued is None
        else {"update_seq": issued.update_seq, "state": issued.state.name, "loaded_total": issued.loaded_total},
        "newest_receipt": None
        if tip is None
        else {"seq": tip.seq, "update_seq": tip.update_seq, "balance": tip.balance_after},
        "missed": []
        if person is None
        else [
            {"policy": row.policy_id, "tranche": row.tranche, "amount": row.amount, "at": row.at, "reason": row.reason}
            for row in missed_by(session, person.id)
        ],
        "replacement": None if leaving is None else replacement_data(session, leaving),
    }


def card_shown(data: dict[str, Any]) -> Any:
    """The same for people."""
    update, receipt = data["update"], data["newest_receipt"]
    told = [
        (Text("card", "kartu"), data["serial"]),
        (Text("state", "status"), say(LifePhase(data["state"]).text)),
        (Text("since", "sejak"), data["since"]),
        (Text("in place of", "pengganti"), data["replaces"] or "-"),
        (Text("newest update", "pembaruan terbaru"), "-" if update is None else str(update["update_seq"])),
        (Text("loaded in all", "jumlah dimuat"), "-" if update is None else rupiah(update["loaded_total"])),
        (Text("left by its newest receipt", "sisa menurut kuitansi terbaru"),
         "-" if receipt is None else rupiah(receipt["balance"])),
        (Text("loads missed", "dana terlewat"), rupiah(sum(one["amount"] for one in data["missed"]))),
    ]  # fmt: skip
    rows = [[one["at"], say(MOVES[one["move"]].text), one["actor"], one["reason"] or "-"] for one in data["moves"]]
    parts = [facts(None, told), table(None, _COLUMNS, rows)]
    if data["replacement"] is not None:
        parts.append(facts(None, money_facts(data["replacement"])))
    return Group(*parts)
