# SPDX-License-Identifier: Apache-2.0
"""The judge of a card's log finds whatever is wrong with it, and nothing wrong with an honest one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from ssn_card.keys import development_keyring
from ssn_card.protocol.commands import CANCEL, DEBIT, OVERRIDE
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import RECEIPT
from ssn_card.protocol.values import LOG_ENTRIES, KeySelection
from ssn_card.simulator import LaboratoryConnection, Simulator, blank_card
from ssn_card.simulator.campaign.bench import Bench, Observed
from ssn_card.simulator.campaign.chain import chain_fault
from ssn_card.simulator.campaign.talk import CardReceipt, NoReceipt

pytestmark = pytest.mark.sim


@pytest.fixture(scope="module")
def observed() -> Observed:
    """A card with every kind of receipt, under rotated keys too, that has been spent from and has expired in part."""
    with Simulator() as simulator, LaboratoryConnection(simulator, blank_card(simulator, b"CHAINED!")) as connection:
        bench = Bench(connection, development_keyring())
        bench.personalize()
        bench.deliver(bench.update(900_000))
        for amount in (10_000, 20_000):
            receipt = bench.move(DEBIT, bench.body(amount))
        bench.move(CANCEL, bench.body(20_000, receipt.mac))
        bench.move(OVERRIDE, bench.body(5_000))
        bench.deliver(bench.update(1_000, expired_total=500_000, key_selection=KeySelection.RECEIPT))
        bench.move(DEBIT, bench.body(1_000))
        return bench.observe()


def fault(observed: Observed) -> str:
    return chain_fault(development_keyring(), observed)


def test_nothing_is_wrong_with_an_honest_log(observed: Observed) -> None:
    assert fault(observed) == ""
    assert observed.balance == 400_000
    assert [one.command.name for one in observed.log] == [
        "DEBIT", "UPDATE", "OVERRIDE", "CANCEL", "DEBIT", "DEBIT", "UPDATE"
    ]  # fmt: skip


def resigned(receipt: CardReceipt, field: str, change: int) -> CardReceipt:
    """The receipt with another number in a field, by somebody who holds the key."""
    at = RECEIPT.offset(field)
    number = int.from_bytes(receipt.raw[at : at + 4]) + change
    signed = receipt.raw[:at] + number.to_bytes(4) + receipt.raw[at + 4 : -len(receipt.mac)]
    values = receipt.values
    key = development_keyring().diversify(KeyLabel.RECEIPT, values["key_version"], values["serial"])
    return CardReceipt(signed + key.mac8(signed))


def with_newest(observed: Observed, receipt: CardReceipt) -> Observed:
    """As if the card had made this receipt last."""
    told = {"last_mac": receipt.mac, "seq": receipt.seq, "balance": receipt.balance_after}
    told |= {name: receipt.values[name] for name in ("update_seq", "granted_total")}
    return dataclasses.replace(
        observed, log=(receipt, *observed.log[1:]), status=observed.status | told, newest=receipt.seq
    )


ALTERED: dict[str, Callable[[Observed], Observed]] = {
    "SELECT tells another number": lambda one: dataclasses.replace(one, newest=one.newest + 1),
    "receipts of": lambda one: dataclasses.replace(one, log=one.log[:-1]),
    "not genuine": lambda one: dataclasses.replace(
        one, log=(CardReceipt(bytes((one.log[0].raw[0] ^ 1,)) + one.log[0].raw[1:]), *one.log[1:])
    ),
    "does not follow": lambda one: dataclasses.replace(one, log=(*one.log[:2], *one.log[3:], one.log[2])),
    "does not add up": lambda one: with_newest(one, resigned(one.log[0], "balance_after", 1)),
    "changed what was granted": lambda one: with_newest(
        one, resigned(resigned(one.log[0], "balance_after", 7), "granted_total", 7)
    ),
    "differ in balance": lambda one: dataclasses.replace(one, status=one.status | {"balance": one.balance + 1}),
    "differ in last_mac": lambda one: dataclasses.replace(one, status=one.status | {"last_mac": bytes(8)}),
}


@pytest.mark.parametrize("what", ALTERED)
def test_whatever_is_wrong_is_found(observed: Observed, what: str) -> None:
    assert what in fault(ALTERED[what](observed))


def test_a_receipt_that_is_gone_or_not_made_is_no_receipt(simulator: Simulator) -> None:
    card = blank_card(simulator)
    with LaboratoryConnection(simulator, card) as connection:
        bench = Bench(connection, development_keyring())
        bench.personalize(pin=None)
        bench.deliver(bench.update(900_000))
        for _ in range(LOG_ENTRIES):
            bench.move(DEBIT, bench.body(1))
        session = bench.select()
        newest = LOG_ENTRIES + 1
        assert session.newest == newest
        assert session.receipt(newest + 1) == session.receipt(1) == session.receipt(0) == NoReceipt(newest)
        oldest, latest = session.receipt(2), session.receipt(newest)
        assert isinstance(oldest, CardReceipt)
        assert isinstance(latest, CardReceipt)
        assert (oldest.seq, latest.seq) == (2, newest)
    simulator.remove(card)
