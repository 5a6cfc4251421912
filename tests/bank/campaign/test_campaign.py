# SPDX-License-Identifier: Apache-2.0
"""From the extract to activated cards: two operators, ten tablets offline for a week, cards that are replaced.

Some families are doubles, some are not met, tablets overlap, and their files come twice and in any order. Then every
state adds up, no family has two live cards, the money is all there, read from the cards themselves, and nobody's name
or number stands in the store. ``SSN_OUTREACH_FAMILIES=1688`` makes it long (``make outreach``).
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.bank.campaign.city import TRANCHE, City, Plan
from tests.bank.cli.conftest import as_user, ssn
from tests.bank.server import PostgresServer
from tests.cli.conftest import Ran

from ssn_card.bank.life import LIVE
from ssn_card.bank.secret import development_secret
from ssn_card.bank.store import chain
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.cards import ReplacementRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.bank.updates.order import RunKind
from ssn_card.protocol.values import LifeState
from ssn_card.simulator import Simulator
from ssn_card.simulator.state import STATE_VARIABLE, write_state

__all__ = ["as_user", "ssn"]
FAMILIES = int(os.environ.get("SSN_OUTREACH_FAMILIES", "40"))


@pytest.fixture
def city(
    bank_place: str, as_user: Callable[..., Ran], operator: SignedIn, second: SignedIn, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[City]:  # fmt: skip
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "sim.json"))
    with Bank.open(bank_place, development_secret()) as bank, Simulator() as simulator:
        write_state(simulator.state())
        (tmp_path / "work").mkdir()
        made = City(bank, as_user, simulator, tmp_path / "work", Plan(FAMILIES), operator, second)
        yield made
        made.close()


@pytest.mark.sim
@pytest.mark.timeout(3600 if FAMILIES > 100 else 300)
def test_from_the_extract_to_the_hand(city: City, kind: str, bank_place: str, request: pytest.FixtureRequest) -> None:
    plan = city.plan
    assert city.intake() == {
        "rows": plan.families + plan.repeated + plan.near, "accepted": plan.families, "held": plan.near,
        "rejected": plan.repeated, "known": 0,
    }  # fmt: skip
    assert city.batch("october") == plan.families
    city.printed("october")
    made = sorted(city.cards("printed"))
    assert len(made) == plan.families

    assert city.run(RunKind.LOAD, *made, tranche=1) == plan.families
    urls = city.urls()
    missed = set(plan.random.sample(made, plan.missed))
    files = [path for who in city.tablets(made) for path in city.week(who, missed, urls)]
    told = [*files, *plan.random.sample(files, len(files) // 2)]
    plan.random.shuffle(told)
    taken = list(city.results(told))
    assert sum(one.known for one in taken) == len(told) - len(files)
    states = Counter(row.state for row in city.cards().values())
    assert states == {"activated": plan.families - plan.missed, "printed": plan.missed}
    assert set(city.cards("printed")) == missed

    active = sorted(city.cards("activated"))
    for serial in plan.random.sample(active, plan.spending):
        city.at_shop(serial, urls, plan.random.randrange(1_000, TRANCHE, 500))
    old = sorted(plan.random.sample(active, plan.replaced))
    city.stopped(old, urls)
    assert city.batch("replaced", *(word for serial in old for word in ("--reissue", serial))) == plan.replaced
    new = {row.replaces: serial for serial, row in city.cards("produced").items() if row.replaces}
    assert sorted(filter(None, new)) == old
    city.run(RunKind.CARRY, *new.values())
    urls = city.urls()
    for serial in new.values():
        receipt = city.deliver(serial, urls)
        city.move(serial, "deliver")
        city.move(serial, "activate", receipt)

    assert_adds_up(city, missed, old)
    assert_money(city, urls, missed, old)
    assert_nothing_in_clear(city, kind, bank_place, request)


def assert_adds_up(city: City, missed: set[str], old: list[str]) -> None:
    cards = city.cards()
    activated = city.plan.families - len(missed)
    assert Counter(row.state for row in cards.values()) == {
        "activated": activated, "printed": len(missed), "replaced": len(old)
    }  # fmt: skip
    live = Counter(row.family_id for row in cards.values() if row.state in LIVE)
    assert set(live.values()) == {1}
    assert len(live) == city.plan.families
    counts = city.as_user("reader", "bank", "status").json
    assert counts["states"]["cards"] == dict(Counter(row.state for row in cards.values()))
    assert counts["states"]["persons"] == {"ready": city.plan.families, "refused": city.plan.near}
    assert set(counts["states"]["batches"]) == set(counts["states"]["runs"]) == {"done"}
    with city.bank.reading() as session:
        assert chain.check(session).broken is None


def assert_money(city: City, urls: dict[str, str], missed: set[str], old: list[str]) -> None:
    """Of each family that was met: what is on its card, was spent on any of its cards, and is held back."""
    with city.bank.reading() as session:
        held = {row.new_serial: row.held_back - row.released for row in session.query(ReplacementRow)}
    total = 0
    for serial, row in city.cards("activated").items():
        status = city.status(urls[serial])
        assert status.state == LifeState.ACTIVE
        spent = city.spent.get(serial, 0) + city.spent.get(row.replaces or "", 0)
        assert status.balance + spent + held.get(serial, 0) == TRANCHE, serial
        total += status.balance + spent + held.get(serial, 0)
    assert total == TRANCHE * (city.plan.families - len(missed))
    for serial in missed:
        assert city.status(urls[serial]).state == LifeState.ISSUED
    told = [city.status(urls[serial]).state for serial in old]
    assert told[::2] == [LifeState.BLOCKED] * len(told[::2]), "those in hand"
    assert set(told[1::2]) == {LifeState.ACTIVE}, "lost: nobody could tell them, and what they may spend is held back"


def assert_nothing_in_clear(city: City, kind: str, bank_place: str, request: pytest.FixtureRequest) -> None:
    """No NIK, no_kk or name: not in the store with its log of writes, nor in anything else that all this left."""
    city.as_user("custodian", "bank", "backup", "--out", city.folder / "bank.backup")
    if kind == "sqlite":
        files = [Path(f"{bank_place}{ending}") for ending in ("", "-wal") if Path(f"{bank_place}{ending}").exists()]
        contents = {path.name: path.read_bytes() for path in files}
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        contents = {"pg_dump": _with_bytes(server.dump(str(city.bank.url.database)))}
    contents |= {path.name: path.read_bytes() for path in city.folder.rglob("*") if path.is_file()}
    assert len(contents) > 20
    assert {name: found[:3] for name, content in contents.items() if (found := city.leaks(content))} == {}


def _with_bytes(dump: str) -> bytes:
    """``pg_dump`` writes bytes in hexadecimal."""
    return re.sub(rb"\\\\x([0-9a-f]+)", lambda found: bytes.fromhex(found.group(1).decode()), dump.encode())


def test_a_leak_would_be_seen(tmp_path: Path) -> None:
    """In a dump's bytes too."""
    city = City.__new__(City)
    city.private = ["6472017105639001", "Rahmah Pratama", "Bo Li", "Nurhayati", "Siti Nur'aini"]
    assert city.leaks(_with_bytes("1\t\\\\x00" + b"xRahmah Pratamax".hex() + "\n")) == ["rahmah pratama"]
    assert city.leaks(b"..96472017105639001...RAHMAH PRATAMA") == ["rahmah pratama", "6472017105639001"]
    assert city.leaks(b"zNURHAYATI\0Siti Nur'aini") == ["siti nur'aini", "nurhayati"]
    assert city.leaks(b"rahmah pratam, 647201710563900") == []
