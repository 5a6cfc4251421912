# SPDX-License-Identifier: Apache-2.0
"""The three movements: their bytes are those of their own layouts, and a receipt reads them back."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from tests.model import wire
from tests.receipts.made import RICE

from ssn_card.programme.errors import WithdrawnStapleError
from ssn_card.programme.staple import Staple
from ssn_card.protocol.commands import BY_RECEIPT_TYPE
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.values import ReceiptType
from ssn_card.terminal.movements import Cancel, Debit, Movement, Override

MOMENT = dt.datetime(2025, 10, 3, 10, 0, 0)
MAC = bytes(range(8))
CASES: list[tuple[Movement, ReceiptType, dict[str, object]]] = [
    (Debit(162_000, 5, bytes(range(16))), ReceiptType.DEBIT, {"categories": 5, "rest": bytes(range(16))}),
    (Cancel(162_000, 5, MAC), ReceiptType.CANCEL, {"categories": 5, "rest": MAC + bytes(8)}),
    (Override(162_000, 0xFFFF, MAC), ReceiptType.OVERRIDE, {"categories": 0xFFFF, "rest": MAC + bytes(8)}),
]


@pytest.mark.parametrize(("movement", "kind", "fields"), CASES, ids=lambda one: getattr(one, "name", ""))
def test_a_movement_is_encoded_as_the_page_says(
    movement: Movement, kind: ReceiptType, fields: dict[str, object]
) -> None:
    body = movement.encode(MOMENT, 7, 34)
    assert body == wire.movement(162_000, txn=34, when="251003100000", terminal=7, **fields)  # type: ignore[arg-type]
    assert (movement.kind, len(body)) == (kind, 36)
    layout = BY_RECEIPT_TYPE[kind].body
    assert layout is not None
    own = {one.name for one in dataclasses.fields(movement)}
    assert own | {"timestamp", "terminal_id", "terminal_txn"} == {field.name for field in layout.fields}


@pytest.mark.parametrize(
    ("movement", "field"),
    [
        (Debit(2**32, 5, bytes(16)), "amount"),
        (Debit(1, 2**16, bytes(16)), "categories"),
        (Debit(1, 1, bytes(15)), "basket_digest"),
        (Override(1, -1, MAC), "reason"),
        (Override(1, 1, MAC + b"x"), "companion_id"),
    ],
)
def test_what_does_not_fit_is_named(movement: Movement, field: str) -> None:
    with pytest.raises(InputError) as caught:
        movement.encode(MOMENT, 7, 34)
    assert str(caught.value.where).endswith(f".{field}")


def test_a_basket_becomes_its_debit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Debit.of(RICE, MOMENT.date()) == Debit(RICE.total, RICE.categories, RICE.digest())
    monkeypatch.setattr(Staple, "is_sold", lambda _, day: day != MOMENT.date())
    with pytest.raises(WithdrawnStapleError):
        Debit.of(RICE, MOMENT.date())
    assert RICE.categories  # as it was
