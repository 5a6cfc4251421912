# SPDX-License-Identifier: Apache-2.0
"""Receipts come in any order, twice and altered; bundles carry what has not come."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest
from tests.bank.cards.made import KEYS
from tests.bank.updates.scene import OPERATOR, Scene, wita

from ssn_card.bank.cards.moves import state_of
from ssn_card.bank.life import LifePhase
from ssn_card.bank.store.tables.people import PersonRow
from ssn_card.bank.updates.arrivals import Arrivals, import_receipts
from ssn_card.bank.updates.bundles import BundleBy, write_bundles
from ssn_card.bank.updates.order import RunKind
from ssn_card.entitlement import Register
from ssn_card.entitlement.carried import read_carried
from ssn_card.receipts import Receipt
from ssn_card.receipts.jsonl import line_of


def handed_in(scene: Scene, name: str, *receipts: Receipt) -> Path:
    path = scene.folder / name
    path.write_text("".join(f"{line_of(one)}\n" for one in receipts))
    return path


def taken(scene: Scene, *files: Path) -> Arrivals:
    with Register(scene.register) as register, scene.bank.work(OPERATOR) as work:
        return import_receipts(work, files, KEYS, register)


def state(scene: Scene, serial: str) -> LifePhase:
    with scene.bank.reading() as session:
        return state_of(session, serial)


def test_what_a_receipt_shows_is_known_and_confirmed_once(scene: Scene) -> None:
    one, other = scene.card(), scene.card(state=LifePhase.PRINTED)
    scene.run(RunKind.LOAD, one, other, policy=1, tranche=1)
    update, sale = scene.deliver(one), scene.buy(one, 10_000)
    assert sale is not None
    first = handed_in(scene, "a.jsonl", update, sale)
    result = taken(scene, first)
    assert (result.updates, result.moved, result.needs_a_person) == (1, {one: "activate"}, False)
    again = taken(scene, first, handed_in(scene, "b.jsonl", sale, update))
    assert (again.known_files, again.updates, again.moved) == (1, 0, {})
    assert (state(scene, one), state(scene, other)) == (LifePhase.ACTIVATED, LifePhase.PRINTED)
    with Register(scene.register, read_only=True) as register:
        confirmed = register.confirmed(bytes.fromhex(one))
    assert confirmed == scene.newest(one).entitlement


def test_what_is_not_genuine_is_told_and_not_believed(scene: Scene) -> None:
    one = scene.card()
    scene.run(RunKind.LOAD, one, policy=1, tranche=1)
    receipt = scene.deliver(one)
    stranger = scene.card()
    forged = handed_in(
        scene, "f.jsonl", receipt.altered(loaded_total=b"\x7f\xff\xff\xff"), receipt.altered(mac=bytes(8))
    )
    result = taken(scene, forged)
    assert (result.rejected, result.updates, result.moved) == (["f.jsonl:1", "f.jsonl:2"], 0, {})
    assert result.needs_a_person
    assert state(scene, one) is LifePhase.DELIVERED
    assert stranger


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_files_in_any_order_come_to_the_same(scene: Scene, order: tuple[int, ...]) -> None:
    one = scene.card()
    scene.run(RunKind.LOAD, one, policy=1, tranche=1)
    receipts = [scene.deliver(one)]
    scene.move(one, "activate", receipts[0])
    scene.move(one, "block")
    scene.at(wita(10, 2))
    scene.run(RunKind.BLOCK, one)
    receipts.append(scene.deliver(one))
    scene.at(wita(10, 3))
    scene.run(RunKind.UNBLOCK, one)
    receipts.append(scene.deliver(one))
    files = [handed_in(scene, f"{number}.jsonl", one) for number, one in enumerate(receipts)]
    for number in order:
        taken(scene, files[number])
        # Only the receipt of the unblocking update unblocks; those before it show a card that was stopped since.
        seen = order.index(number) >= order.index(2)
        assert (state(scene, one) is LifePhase.ACTIVATED) == seen
    assert [update.update_seq for update in (scene.newest(one).entitlement,)] == [3]


def test_bundles_are_what_terminals_deliver_and_the_same_bytes_again(scene: Scene) -> None:
    cards = [scene.card() for _ in range(4)]
    scene.run(RunKind.LOAD, *cards, policy=1, tranche=1)
    with scene.bank.work(OPERATOR) as work:
        work.session.get_one(PersonRow, scene.person_of(cards[0])).kode_kecamatan = "64.72.02"
        work.session.get_one(PersonRow, scene.person_of(cards[1])).companion = "Ibu Siti Aminah"
    folder = scene.folder / "bundles"

    def written(by: BundleBy) -> dict[str, bytes]:
        with scene.bank.work(OPERATOR) as work:
            write_bundles(work, folder, by)
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    once = written(BundleBy.KECAMATAN)
    assert sorted(once) == ["64.72.01.jsonl", "64.72.02.jsonl", "manifest.json"]
    assert written(BundleBy.KECAMATAN) == once
    assert {serial.hex() for serial in read_carried([folder])} == set(cards)
    assert not any("Siti" in name for name in written(BundleBy.COMPANION))
    assert all("-01" in name for name in written(BundleBy.KELURAHAN) if name.endswith(".jsonl"))
    for card in cards[:2]:
        taken(scene, handed_in(scene, f"{card}.jsonl", scene.deliver(card)))
    left = written(BundleBy.KECAMATAN)
    assert sorted(left) == ["64.72.01.jsonl", "manifest.json"]
    assert json.loads(left["manifest.json"])["updates"] == 2
