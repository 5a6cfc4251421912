# SPDX-License-Identifier: Apache-2.0
"""Cards move as their life declares, whoever tells it, however late, however often."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from tests.bank.cards.made import FIRST, KEYS, card, family, printed, proof, receipt_of, serial

from ssn_card.bank.cards.errors import MoveIncomplete, MoveRefused, MoveUidTaken, ReceiptNotBelieved
from ssn_card.bank.cards.moves import News, history, move, move_all, state_of
from ssn_card.bank.cards.proof import require_genuine
from ssn_card.bank.errors import NotAllowed, NotFound
from ssn_card.bank.life import LIVE, MOVES, LifePhase, Needs
from ssn_card.bank.roles import BankRole
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.chain import check
from ssn_card.bank.store.tables.cards import CardMoveRow, CardRow
from ssn_card.bank.store.tables.people import ImportRow
from ssn_card.bank.store.tables.updates import UpdateRow
from ssn_card.bank.store.work import SignedIn, StoreWork
from ssn_card.protocol.values import LifeState

BOTH = SignedIn("operator", frozenset({BankRole.OPERATOR, BankRole.APPROVER}))


def at(hour: int, day: int = 1) -> str:
    return f"2025-10-{day:02}T{hour:02}:00:00Z"


def taken_in(work: StoreWork) -> int:
    """A file that tells of cards."""
    row = ImportRow(
        kind="station", sha256=f"{work.session.scalar(select(func.count(ImportRow.id))):064}", file="j", at=work.at,
        actor=work.actor.name, control="{}",
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    return row.id


def test_the_whole_way_to_the_family_and_the_same_news_twice(bank: Bank) -> None:
    with bank.work(BOTH) as work:
        card(work, 1, person=family(work, 1))
        told = taken_in(work)
        assert move(work, serial(1), "produce", uid="a", at=at(1), import_id=told)
        printed(work, [serial(1)])
        assert move(work, serial(1), "print", uid="b", at=at(1))
        assert move(work, serial(1), "deliver", uid="c", at=at(1))
        assert move(work, serial(1), "activate", uid="d", at=at(1), receipt=proof(1))
        for uid, name in (("a", "produce"), ("d", "activate")):
            assert not move(work, serial(1), name, uid=uid, at=at(1))
        assert state_of(work.session, serial(1)) is LifePhase.ACTIVATED
        assert [one.move for one in history(work.session, serial(1))] == ["produce", "print", "deliver", "activate"]
        with pytest.raises(MoveUidTaken):
            move(work, serial(1), "report-lost", uid="d", at=at(1), reason="x")
    with bank.reading() as session:
        assert check(session).broken is None
        evidence = session.scalars(select(CardMoveRow.evidence).where(CardMoveRow.uid == "d")).one()
    assert evidence == receipt_of(FIRST, 1).raw


def test_what_a_move_needs_is_asked_for(bank: Bank, second: SignedIn) -> None:
    with bank.work(BOTH) as work:
        card(work, 1)
        for name, named in (("produce", "journal"), ("terminate", "reason")):
            with pytest.raises(MoveIncomplete) as refused:
                move(work, serial(1), name, uid="a", at=at(1), reason=" ")
            assert named in refused.value.text.en
        move(work, serial(1), "produce", uid="a", at=at(1), import_id=taken_in(work))
        for name in ("print", "activate"):
            with pytest.raises(MoveIncomplete):
                move(work, serial(1), name, uid="b", at=at(1))
        with pytest.raises(NotFound):
            move(work, serial(9), "deliver", uid="b", at=at(1))
    with bank.work(second) as work, pytest.raises(NotAllowed):
        move(work, serial(1), "deliver", uid="b", at=at(1))


def test_only_a_genuine_receipt_of_the_card_itself_activates_it(bank: Bank) -> None:
    right = receipt_of(FIRST, 1)
    with pytest.raises(ReceiptNotBelieved):
        require_genuine(KEYS, serial(1), right.altered(balance_after=bytes(4)).raw)
    with pytest.raises(ReceiptNotBelieved):
        require_genuine(KEYS, serial(1), receipt_of(FIRST, 2).raw)
    with pytest.raises(ReceiptNotBelieved):
        require_genuine(KEYS, serial(1), right.raw[:-1])
    with bank.work(BOTH) as work:
        card(work, 1, LifePhase.DELIVERED)
        for wrong in (proof(2), proof(1, state=LifeState.ISSUED), proof(1, state=LifeState.BLOCKED)):
            with pytest.raises(ReceiptNotBelieved):
                move(work, serial(1), "activate", uid="a", at=at(1), receipt=wrong)


def test_a_card_that_was_told_to_stop_since_is_not_activated_by_an_older_receipt(bank: Bank) -> None:
    with bank.work(BOTH) as work:
        card(work, 1, LifePhase.FOUND)
        stop = proof(1, update_seq=2, state=LifeState.BLOCKED).receipt
        body = FIRST.__class__(**FIRST.__dict__ | {"update_seq": 2, "state": LifeState.BLOCKED}).encode()
        work.session.add(UpdateRow(serial=serial(1), update_seq=2, body=body, issued_at=work.at))
        work.session.flush()
        assert stop.update_seq == 2
        with pytest.raises(ReceiptNotBelieved):
            move(work, serial(1), "activate", uid="a", at=at(1), receipt=proof(1))
        assert move(work, serial(1), "activate", uid="a", at=at(1), receipt=proof(1, update_seq=3))


def test_late_news_is_put_where_it_belongs(bank: Bank) -> None:
    with bank.work(BOTH) as work:
        card(work, 1, LifePhase.PRINTED)
        move(work, serial(1), "report-lost", uid="desk", at=at(1), reason="told by telephone")
        # The desk knew less than the tablet, which handed the card over, was offline, and reports a day later.
    with bank.work(BOTH) as work:
        assert move(work, serial(1), "deliver", uid="tablet", at="2025-10-01T00:30:00Z")
        assert state_of(work.session, serial(1)) is LifePhase.TEMPORARILY_LOST
        rows = work.session.execute(select(CardMoveRow.before, CardMoveRow.after).order_by(CardMoveRow.at)).all()
        # What is recorded stays as it was told: the desk's move began, for all that was known, from a printed card.
        assert [tuple(row) for row in rows] == [("printed", "delivered"), ("printed", "temporarily-lost")]
        with pytest.raises(MoveRefused) as refused:  # a damaged card cannot be lost later
            move(work, serial(1), "damage", uid="late", at="2025-10-01T00:40:00Z", reason="torn")
        assert refused.value.as_dict()["code"] == "move-refused"


def test_a_loss_that_is_told_late_still_stops_the_card(bank: Bank) -> None:
    with bank.work(BOTH) as work:
        card(work, 1, LifePhase.PRINTED)
        card(work, 2, LifePhase.TEMPORARILY_LOST)
        move(work, serial(1), "deliver", uid="a", at="2025-10-01T00:10:00Z")
        move(work, serial(1), "activate", uid="b", at="2025-10-01T00:20:00Z", receipt=proof(1))
        assert move(work, serial(1), "report-lost", uid="c", at="2025-10-01T00:15:00Z", reason="stolen")
        assert state_of(work.session, serial(1)) is LifePhase.TEMPORARILY_LOST
        # Found since: what was told of before must not stop it again.
        move(work, serial(1), "find", uid="d", at=work.at)
        move(work, serial(1), "activate", uid="e", at=work.at, receipt=proof(1))
        with pytest.raises(MoveRefused):
            move(work, serial(1), "report-lost", uid="f", at="2025-10-01T00:16:00Z", reason="stolen")


def test_a_clock_that_is_ahead_does_not_make_the_banks_own_moves_old(bank: Bank) -> None:
    with bank.work(BOTH) as work:
        card(work, 1, LifePhase.PRINTED)
        move(work, serial(1), "deliver", uid="a", at="2031-01-01T00:00:00Z")
        move(work, serial(1), "block", uid="b", at=work.at, reason="office")
        assert state_of(work.session, serial(1)) is LifePhase.BLOCKED


def test_a_family_never_has_two_cards_that_live(bank: Bank) -> None:
    with bank.work(BOTH) as work:
        home = family(work, 1)
        card(work, 1, LifePhase.ACTIVATED, home)
        card(work, 2, LifePhase.IN_STOCK, home)
        told = taken_in(work)
        with pytest.raises(IntegrityError), work.session.begin_nested():
            move(work, serial(2), "produce", uid="a", at=at(1), import_id=told)
        work.session.expire_all()
        for successor in (None, serial(1), serial(9)):
            with pytest.raises(MoveIncomplete):
                move(work, serial(1), "replace", uid="b", at=at(1), reason="unreadable", successor=successor)
        move(work, serial(1), "replace", uid="b", at=at(1), reason="unreadable", successor=serial(2))
        move(work, serial(2), "produce", uid="a", at=at(1), import_id=told)
        assert work.session.get_one(CardRow, serial(2)).replaces == serial(1)


def test_many_at_once_are_moved_as_one_by_one(bank: Bank) -> None:
    with bank.work(BOTH) as work:
        for number in range(1, 7):
            card(work, number, LifePhase.PRINTED)
        move(work, serial(6), "deliver", uid="6", at=at(1))
        move(work, serial(6), "report-lost", uid="lost", at=work.at, reason="x")
        news = [News(serial(number), str(number), at(1)) for number in (1, 2, 2, 3, 6)]
        assert move_all(work, "deliver", news) == 3
        assert move_all(work, "deliver", news) == 0
        with pytest.raises(MoveRefused):
            move_all(work, "deliver", [News(serial(4), "4", at(1)), News(serial(3), "again", at(1))])


class Lives(RuleBasedStateMachine):
    """Any news of any time about a few cards, against the declaration."""

    bank: Bank
    names = itertools.count(1)

    def __init__(self) -> None:
        super().__init__()
        self.numbers = [next(self.names) for _ in range(2)]
        self.told: list[tuple[int, str, str, str]] = []
        with self.bank.work(BOTH) as work:
            self.import_id = work.session.scalar(select(func.min(ImportRow.id))) or taken_in(work)
            for number in self.numbers:
                card(work, number, person=family(work, number))
                work.session.get_one(CardRow, serial(number)).since = "2025-09-01T00:00:00Z"
            printed(work, map(serial, self.numbers))

    def tell(self, number: int, name: str, uid: str, when: str) -> bool | None:
        needs = MOVES[name].needs
        with self.bank.work(BOTH) as work:
            before = state_of(work.session, serial(number))
            rows = len(history(work.session, serial(number)))
            try:
                moved = move(
                    work,
                    serial(number),
                    name,
                    uid=uid,
                    at=when,
                    reason="r" if Needs.REASON in needs else None,
                    receipt=proof(number) if Needs.RECEIPT in needs else None,
                    import_id=self.import_id if Needs.JOURNAL in needs else None,
                    successor=serial(self.numbers[1] if number == self.numbers[0] else number),
                )
            except (MoveRefused, MoveIncomplete):
                assert len(history(work.session, serial(number))) == rows
                assert state_of(work.session, serial(number)) is before
                return None
            assert len(history(work.session, serial(number))) == rows + moved
            return moved

    @rule(which=st.integers(0, 1), name=st.sampled_from(sorted(MOVES)), hour=st.integers(0, 23), day=st.integers(1, 28))
    def news(self, which: int, name: str, hour: int, day: int) -> None:
        number, uid, when = (
            self.numbers[which],
            f"{self.numbers[which]}-{len(self.told)}",
            f"2025-09-{day:02}T{hour:02}:00:00Z",
        )
        if self.tell(number, name, uid, when):
            self.told.append((number, name, uid, when))
            if MOVES[name].stops:
                with self.bank.reading() as session:
                    found = {one.move for one in history(session, serial(number)) if one.at > when}
                    stopped = state_of(session, serial(number)) not in (LifePhase.ACTIVATED, LifePhase.DELIVERED)
                    assert stopped or found & {"find", "unblock", "activate"}

    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        if self.told:
            assert self.tell(*data.draw(st.sampled_from(self.told))) is False

    @invariant()
    def lives_are_as_declared(self) -> None:
        with self.bank.reading() as session:
            for number in self.numbers:
                state = LifePhase.IN_STOCK
                rows = session.scalars(
                    select(CardMoveRow)
                    .where(CardMoveRow.serial == serial(number))
                    .order_by(CardMoveRow.at, CardMoveRow.id)
                )
                for row in rows:
                    assert state in MOVES[row.move].before
                    assert row.after == MOVES[row.move].after
                    state = MOVES[row.move].after
                assert state_of(session, serial(number)) is state
            assert check(session).broken is None


@pytest.mark.parametrize("kind", ["sqlite"])
def test_any_history_in_any_order_is_one_that_the_life_declares(
    bank: Bank, place_on: Callable[[str], str], tmp_path: Path
) -> None:
    with bank.work(BOTH) as work:
        taken_in(work)
    Lives.bank = bank
    run_state_machine_as_test(
        Lives, settings=settings(max_examples=40, stateful_step_count=25, suppress_health_check=list(HealthCheck))
    )


def test_the_declaration_itself() -> None:
    reached = {LifePhase.IN_STOCK}
    for _ in MOVES:
        reached |= {one.after for one in MOVES.values() if one.before & reached}
    assert reached == set(LifePhase)
    assert not [one.name for one in MOVES.values() if LifePhase.TERMINATED in one.before]
    # Out of the states in which a card is no family's any more, no move leads back to one.
    over = {LifePhase.REPLACED, LifePhase.TERMINATED}
    assert not [one.name for one in MOVES.values() if one.before & over and one.after in LIVE]
