# SPDX-License-Identifier: Apache-2.0
"""Cards for every test that wants one: the real applet in the simulator."""

from __future__ import annotations

import gc
import itertools
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests.card.live_card import LiveCard, Talk
from tests.sharing import Seconds

from ssn_card.keys import development_keyring
from ssn_card.personalization.card.personalize import personalize
from ssn_card.simulator import (
    HARSH,
    Freedom,
    PcscdMissing,
    SimulatedCard,
    Simulator,
    SlotTaken,
    VirtualReaderMissing,
    blank_card,
)
from ssn_card.simulator.pcscd import Pcscd, virtual_reader
from ssn_card.transport import open_connection, wait_for_card

#: Identity block of a person in a province that does not exist: NIK, KK, kecamatan, kelurahan, name.
IDENTITY = bytes.fromhex("9901014101900001" + "9901010101900002" + "990101" + "0001" + "09") + b"Siti Uji."
BENEFICIARY = b"BENEF001"

_serials = itertools.count(1)

# A shared machine may be slow at any moment: an example is judged by what it does, not by when.
settings.register_profile("ssn", deadline=None)
settings.load_profile("ssn")


def pytest_configure(config: pytest.Config) -> None:
    """Bytecode is kept in ``.build`` where nothing else is said: a container often tells Python to keep none.

    Else each worker, and each of the hundred processes that tests start, compiles all of ours anew.
    """
    if sys.dont_write_bytecode and sys.pycache_prefix is None:
        sys.dont_write_bytecode = False
        sys.pycache_prefix = str(Path(__file__).parents[1] / ".build" / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix  # of workers, and of what tests start
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Seconds(config))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Python looks for no garbage among what is collected: that stays, and to look again and again took half the time.

    Thousands of modules and tests are made meanwhile, and nothing goes. Frozen, they cost no later look anything.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever uses the simulator is marked ``sim``; of a test's cases in a reader all but the first are ``slow``.

    A reader takes a second to notice a card, which half of the whole run's time went into. As there is one reader, all
    tests with it are one worker's. Until it is known what each file takes (tests/sharing.py) they begin first, and then
    whatever asks for most patience, so that no worker is left with it at the end.
    """
    if hasattr(config, "workerinput"):  # one of several workers
        patience = {path: max(map(_patience, of)) for path, of in itertools.groupby(items, lambda item: item.path)}
        items.sort(key=lambda item: (not item.get_closest_marker("pcsc"), -patience[item.path]))
    in_reader: set[tuple[Path, str]] = set()
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "simulator" in fixtures:
            item.add_marker("sim")
        if "blank" in fixtures and item.get_closest_marker("pcsc"):
            test = (item.path, getattr(item, "originalname", item.name))
            if test in in_reader:
                item.add_marker("slow")
            in_reader.add(test)
        if item.get_closest_marker("pcsc"):
            item.add_marker(pytest.mark.xdist_group("pcsc"))


def _patience(item: pytest.Item) -> float:
    """Seconds that a test asks for beyond what every test has."""
    own = item.get_closest_marker("timeout")
    return own.args[0] if own else 0


def freedoms_taken() -> frozenset[Freedom]:
    """What every card of the tests takes: labels in ``SSN_FREEDOMS``, or ``harsh`` (all but T=0), or ``all``."""
    named = {"harsh": HARSH, "all": frozenset(Freedom)}
    labels = os.environ.get("SSN_FREEDOMS", "")
    return named[labels] if labels in named else frozenset(map(Freedom, labels.split()))


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator(freedoms=freedoms_taken()) as running:
        yield running


@pytest.fixture(scope="session")
def new_blank(simulator: Simulator) -> Callable[[], LiveCard]:
    """Makes a blank card with a serial of its own."""

    def make() -> LiveCard:
        serial = b"TEST" + next(_serials).to_bytes(4, "big")
        simulated = blank_card(simulator, serial)
        return LiveCard(
            serial,
            simulated.url,
            lambda: open_connection(simulated.url),
            lambda: simulator.remove(simulated),
        )

    return make


@pytest.fixture(scope="session")
def new_card(new_blank: Callable[[], LiveCard]) -> Callable[[], LiveCard]:
    """Makes a personalized card, life state ISSUED, nothing loaded."""
    return lambda: personalized(new_blank())


@pytest.fixture(scope="session")
def _one_worker(request: pytest.FixtureRequest) -> None:
    """There is one reader: two workers with it would take each other's cards."""
    if hasattr(request.config, "workerinput"):
        with_reader = [item for item in request.session.items if item.get_closest_marker("pcsc")]
        assert all(item.nodeid.endswith("@pcsc") for item in with_reader), "pytest-xdist has lost its groups"


@pytest.fixture(scope="session")
def pcscd(_one_worker: None) -> Iterator[Pcscd]:
    """The PC/SC daemon with its virtual reader."""
    daemon = Pcscd()
    # The reader's TCP ports lie in Linux's ephemeral range: a connection of ours that ended there keeps one for 60 s.
    deadline = time.monotonic() + 70
    while True:
        try:
            daemon.start()
            break
        except PcscdMissing as missing:
            pytest.skip(missing.describe("en"))
        except VirtualReaderMissing:
            if time.monotonic() > deadline:
                raise
    yield daemon
    daemon.stop()


@pytest.fixture(params=["vpcd", pytest.param("pcsc", marks=pytest.mark.pcsc)])
def blank(
    request: pytest.FixtureRequest, simulator: Simulator, new_blank: Callable[[], LiveCard]
) -> Iterator[LiveCard]:
    """A blank card, once over its own port and once in a PC/SC reader."""
    card = new_blank()
    if request.param == "vpcd":
        yield card
        card.discard()
        return
    request.getfixturevalue("pcscd").start()  # again, where it was somebody else's and has ended
    simulated = card_at(simulator, card.url)
    reader = inserted(simulator, simulated)
    try:
        wait_for_card(reader)
        yield LiveCard(card.serial, f"pcsc:{reader}", lambda: open_connection(f"pcsc:{reader}"), card.discard)
    finally:
        simulator.eject(simulated)
        card.discard()


def card_at(simulator: Simulator, url: str) -> SimulatedCard:
    """The simulator's own view of the card at this URL."""
    return next(one for one in simulator.cards() if one.url == url)


def inserted(simulator: Simulator, card: SimulatedCard) -> str:
    """Puts the card into the first slot of the virtual reader that is free; the reader's name."""
    try:
        simulator.insert(card, 0)
        return virtual_reader(0)
    except (VirtualReaderMissing, SlotTaken):
        simulator.insert(card, 1)
        return virtual_reader(1)


@pytest.fixture
def card(blank: LiveCard) -> LiveCard:
    """The same, personalized."""
    return personalized(blank)


@pytest.fixture
def sim_talk(new_card: Callable[[], LiveCard]) -> Iterator[Talk]:
    """Raw conversation with a personalized card over its own port only, where PC/SC would add time and no question."""
    talk = Talk(new_card())
    yield talk
    talk.close()


@pytest.fixture
def pin_talk(new_blank: Callable[[], LiveCard]) -> Iterator[Talk]:
    """As ``sim_talk``, with a card that has the PIN 482917."""
    talk = Talk(personalized(new_blank(), pin="482917"))
    yield talk
    talk.close()


@pytest.fixture
def blank_talk(new_blank: Callable[[], LiveCard]) -> Iterator[Talk]:
    """As ``sim_talk``, with a blank card."""
    talk = Talk(new_blank())
    yield talk
    talk.close()


@pytest.fixture
def talk(card: LiveCard) -> Iterator[Talk]:
    """Raw conversation with a personalized card."""
    talk = Talk(card)
    yield talk
    talk.close()


def personalized(card: LiveCard, identity: bytes = IDENTITY, pin: str | None = None) -> LiveCard:
    """The card, made a person's by the station's own code."""
    with card.connect() as connection:
        personalize(connection, development_keyring(), BENEFICIARY, identity, pin=pin)
    return card
