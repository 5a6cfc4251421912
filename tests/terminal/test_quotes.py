# SPDX-License-Identifier: Apache-2.0
"""What SELECT says is bound by every command's MAC: a line that alters it sells nothing and settles nothing."""

from __future__ import annotations

import dataclasses

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.conftest import KEYS, PROVIDER, RICE, Shop, audit_is_clean, status
from tests.terminal.line import Line, changed, once
from tests.terminal.test_in_doubt import lose

from ssn_card.protocol import status as sw
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import SELECT_ANSWER
from ssn_card.terminal import CardInfo, CardSession, DebitInDoubt, NotOurCard, select

SELECT, DEBIT, READ = 0xA4, 0x40, 0x44
LIES = [
    ("serial", b"\x01"),
    ("state_class", b"\x02"),
    ("debit_key_version", b"\x03"),
    ("receipt_key_version", b"\x03"),
    ("update_key_version", b"\x03"),
    ("override_key_version", b"\x03"),
    ("masked_seq", b"\x80"),
    ("masked_seq", b"\0\0\0\x01"),
    ("masked_seq", b"\0\0\0\x02"),
    ("masked_seq", b"\0\0\0\x40"),
    ("challenge", b"\x01"),
]


@pytest.mark.parametrize(("field", "change"), LIES)
def test_an_altered_select_sells_nothing(active: LiveCard, shop: Shop, field: str, change: bytes) -> None:
    forge = {SELECT: changed(SELECT_ANSWER.offset(field), change)}
    with Line(active.connect(), forge=forge) as line, pytest.raises(sw.WrongMac):
        shop.terminal.debit(line, RICE)
    assert list(shop.journal.receipts()) == []
    assert status(active, shop).balance == 900_000
    if field != "serial":
        with active.connect() as card:
            found = shop.terminal.recover(card)
            assert (len(found.did_not_happen), found.happened, found.gone) == (1, (), ())
            assert not shop.terminal.debit(card, RICE).recovered


@pytest.mark.parametrize(("field", "change"), LIES)
def test_an_altered_select_settles_nothing(active: LiveCard, shop: Shop, field: str, change: bytes) -> None:
    """The debit happened: no lie makes the terminal believe that it did not."""
    lose(active, shop, done=True)
    forge = {SELECT: changed(SELECT_ANSWER.offset(field), change)}
    with Line(active.connect(), forge=forge) as line:
        if field == "serial":  # it looks like another card, of which nothing is in doubt
            assert shop.terminal.recover(line).happened == ()
        else:
            with pytest.raises(sw.WrongMac):
                shop.terminal.recover(line)
    assert len(shop.journal.in_doubt()) == 1
    with active.connect() as card:
        assert [one.amount for one in shop.terminal.recover(card).happened] == [RICE.total]


@pytest.mark.parametrize(("field", "change"), LIES[1:])
def test_one_lie_is_survived_and_the_receipt_is_the_cards(
    active: LiveCard, shop: Shop, field: str, change: bytes
) -> None:
    """Above all that of the RECEIPT key's version: the receipt is put together with it, and must verify."""
    forge = {SELECT: once(changed(SELECT_ANSWER.offset(field), change))}
    with Line(active.connect(), forge=forge) as line:
        receipt = shop.terminal.debit(line, RICE).receipt
    assert receipt.is_genuine(PROVIDER.diversify(KeyLabel.RECEIPT, 1, active.serial))
    assert (receipt.key_version, receipt.seq) == (1, 2)
    assert shop.journal.in_doubt() == []
    assert status(active, shop).balance == 738_000
    assert audit_is_clean(active, shop)


def test_a_lie_within_a_recovery_leaves_the_doubt(active: LiveCard, shop: Shop) -> None:
    """The first SELECT was true; what is said when the refusal is looked into is not."""

    class Lying(Line):
        def _exchange(self, command: bytes) -> bytes:
            answer = super()._exchange(command)
            if command[1] == SELECT and any(one[1] == DEBIT for one in self.sent):
                return changed(SELECT_ANSWER.offset("masked_seq"), b"\0\0\0\x02")(answer)
            return b"\x94\x01" if command[1] == DEBIT else answer

    with Lying(active.connect()) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE)
    assert len(shop.journal.in_doubt()) == 1
    with active.connect() as card:
        assert len(shop.terminal.recover(card).happened) == 1


def test_a_number_that_no_card_reaches_is_no_cards(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        shop.terminal.debit(card, RICE)
        info, _ = select(card)
    mask = info.masked_seq ^ KEYS.number(info)
    highest = (0xFFFF_FFFF ^ mask).to_bytes(4, "big")
    start = SELECT_ANSWER.offset("masked_seq")
    forge = {SELECT: lambda answer: answer[:start] + highest + answer[start + 4 :]}
    with Line(active.connect(), forge=forge) as line, pytest.raises(NotOurCard):
        shop.terminal.debit(line, RICE)
    assert [command[1] for command in line.sent] == [SELECT]
    assert shop.journal.in_doubt() == []


def test_the_quote_travels_as_the_card_said_it(active: LiveCard) -> None:
    with active.connect() as card:
        answer = card.transmit(bytes.fromhex("00A4040009F053534E434152440100"))
        session = CardSession(card, KEYS)
        again = session.info
        assert session.number() == 1
    # The number stands masked: who does not hold the key learns nothing of it, and the mask stays the same.
    assert again == CardInfo(answer[:8], answer[8:18])
    assert again.masked_seq != 1
    assert dataclasses.replace(again, quote=b"").__repr__() == repr(again)  # no log shows it
