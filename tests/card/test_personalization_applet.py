# SPDX-License-Identifier: Apache-2.0
"""STORE DATA on the real applet: complete or nothing, in any order, again after any interruption, and once only."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from tests.card.data_groups import LAST, MORE, STORE, blocks, group, groups, store, wrapped
from tests.card.live_card import LiveCard, Talk
from tests.card.scp03_host import Scp03Host, key
from tests.conftest import BENEFICIARY, IDENTITY
from tests.model import wire

from ssn_card.protocol.groups import PERSONALIZED_SLOTS
from ssn_card.simulator import Simulator, SimulatorRefused, factory_install_data

PIN = wire.pin_block("482917")


@pytest.fixture
def station(blank: LiveCard) -> Iterator[Scp03Host]:
    """A session with the transport keys of a blank card."""
    talk = Talk(blank)
    talk.select()
    host = Scp03Host(talk.raw, blank.serial)
    host.open(0x3F, 0x33)
    host.talk = talk  # type: ignore[attr-defined]
    yield host
    talk.close()


def select(host: Scp03Host) -> bytes:
    talk: Talk = host.talk  # type: ignore[attr-defined]
    return talk.select()


def assert_complete(host: Scp03Host) -> None:
    """Personalized with every key: each is used once."""
    assert select(host)[:14] == host._serial + bytes((1, 1, 1, 1, 1, 1))
    talk: Talk = host.talk  # type: ignore[attr-defined]
    talk.load(wire.entitlement(1, 900_000))
    receipt = talk.debit(1000, txn=1)
    assert receipt[wire.MAC :] == wire.receipt_mac(talk.keys.receipt, receipt[: wire.MAC])
    assert talk.move(wire.OVERRIDE, wire.movement(1, txn=2))[1] == wire.OK
    for kvn in (0x30, 0x31):
        select(host)
        host.open(kvn, 0x33)
        assert host.send(0xCA, 0x01, 0x02) == (BENEFICIARY + IDENTITY, wire.OK)


@pytest.mark.parametrize(("level", "size"), [(0x03, 0), (0x13, 8), (0x33, 8)])
def test_completes(station: Scp03Host, level: int, size: int) -> None:
    """An answer without data is not encrypted (section 6.2.7), and has an R-MAC only where that was agreed."""
    select(station)
    station.open(0x3F, level)
    talk: Talk = station.talk  # type: ignore[attr-defined]
    answer, sw = talk.raw(station.wrap(STORE, MORE, 0, groups(station._serial)[0]))
    assert (len(answer), sw) == (size, wire.OK)
    select(station)
    station.open(0x3F, level)
    assert store(station, groups(station._serial)) == wire.OK
    assert_complete(station)


def test_in_reverse_order_with_a_group_twice(station: Scp03Host) -> None:
    """Of a group that comes twice the later holds."""
    serial = station._serial
    wrong = wrapped(serial, 13, 9, bytes(range(16)))
    assert store(station, [wrong, *reversed(groups(serial))]) == wire.OK
    assert_complete(station)


def test_is_repeatable_after_an_interruption_anywhere(station: Scp03Host) -> None:
    serial = station._serial
    packed = blocks(groups(serial))
    for stop in range(len(packed)):
        select(station)
        station.open(0x3F, 0x33)
        for number, block in enumerate(packed[:stop]):
            assert station.send(STORE, MORE, number, block)[1] == wire.OK
        if stop % 2:
            station.talk.reset()  # type: ignore[attr-defined]
        assert select(station)[9] == 0
    # What an earlier session stored does not complete a later one.
    station.open(0x3F, 0x33)
    assert station.send(STORE, LAST, 0, packed[-1])[1] == 0x9413
    assert select(station)[9] == 0
    station.open(0x3F, 0x33)
    assert store(station, groups(serial)) == wire.OK
    assert_complete(station)


def test_a_session_begins_anew_without_a_select_too(station: Scp03Host) -> None:
    """Nothing but INITIALIZE UPDATE lies between two sessions: the groups of the first count for nothing."""
    packed = blocks(groups(station._serial))
    for number, block in enumerate(packed[:-1]):
        assert station.send(STORE, MORE, number, block)[1] == wire.OK
    station.open(0x3F, 0x33)
    assert station.send(STORE, LAST, 0, packed[-1])[1] == 0x9413
    assert select(station)[9] == 0


def test_every_group_is_needed(station: Scp03Host) -> None:
    parts = groups(station._serial)
    for missing in range(len(parts)):
        select(station)
        station.open(0x3F, 0x33)
        assert store(station, parts[:missing] + parts[missing + 1 :]) == 0x9413, f"without group {missing}"
        assert select(station)[9] == 0


def test_wrong_groups(station: Scp03Host) -> None:
    """Each is refused, ends the session, and leaves the card blank."""
    serial = station._serial
    good = key(PERSONALIZED_SLOTS[0].label, serial)
    wrong = {
        "another serial": group(0x0101, b"OTHER001" + BENEFICIARY),
        "card data too short": group(0x0101, serial + BENEFICIARY[:-1]),
        "card data too long": group(0x0101, serial + BENEFICIARY + b"\x00"),
        "no name": group(0x0102, IDENTITY[:21] + b"\x00"),
        "name length too large": group(0x0102, IDENTITY[:21] + b"\x0a" + IDENTITY[22:]),
        "name of 41 bytes": group(0x0102, IDENTITY[:21] + bytes((41,)) + b"x" * 41),
        "identity too short": group(0x0102, IDENTITY[:20]),
        "unknown group": group(0x0104, bytes(16)),
        "transport slot": wrapped(serial, 0, 1, good),
        "slot behind the last": wrapped(serial, 17, 1, good),
        "wrong KCV": wrapped(serial, 3, 1, good, kcv=bytes(3)),
        "last bit of the KCV": wrapped(serial, 3, 1, good)[:-1] + bytes((wrapped(serial, 3, 1, good)[-1] ^ 1,)),
        "key group too short": wrapped(serial, 3, 1, good)[:2] + b"\x13" + wrapped(serial, 3, 1, good)[3:-1],
        "key group too long": group(0x8103, wrapped(serial, 3, 1, good)[3:] + b"\x00"),
        "PIN block of seven bytes": group(0x0103, bytes.fromhex("241234FFFFFFFF")),
        "PIN of three digits": group(0x0103, bytes.fromhex("23123FFFFFFFFFFF")),
        "PIN block of another format": group(0x0103, bytes.fromhex("141234FFFFFFFFFF")),
        "cut off": group(0x0101, serial + BENEFICIARY)[:-1],
        "header alone": b"\x01\x01",
    }
    for name, data in wrong.items():
        select(station)
        station.open(0x3F, 0x33)
        assert station.send(STORE, MORE, 0, data) == (b"", 0x6A80), name
        assert station.send(STORE, MORE, 0, groups(serial)[0])[1] == 0x6982, name
        assert select(station)[9] == 0


@pytest.mark.parametrize(("p1", "p2"), [(0x08, 1), (0x88, 1), (0x00, 0), (0x80, 0), (0x18, 0), (0x09, 0)])
def test_wrong_block_numbers_and_p1(station: Scp03Host, p1: int, p2: int) -> None:
    assert station.send(STORE, p1, p2, groups(station._serial)[0]) == (b"", 0x6A86)
    assert station.send(STORE, MORE, 0, groups(station._serial)[0])[1] == 0x6982


def test_a_block_is_not_taken_twice(station: Scp03Host) -> None:
    part = groups(station._serial)[0]
    assert station.send(STORE, MORE, 0, part)[1] == wire.OK
    assert station.send(STORE, MORE, 0, part)[1] == 0x6A86


def test_there_is_no_second_personalization(station: Scp03Host) -> None:
    serial = station._serial
    assert store(station, groups(serial)) == wire.OK
    talk: Talk = station.talk  # type: ignore[attr-defined]
    # The session that did it cannot go on.
    assert station.send(STORE, MORE, len(blocks(groups(serial))), groups(serial)[0])[1] in (0x6982, 0x6985)
    select(station)
    assert talk.raw(bytes.fromhex("80503F0008") + bytes(8)) == (b"", 0x6A88)
    for kvn, level in itertools.product((0x30, 0x31), (0x03, 0x33)):
        select(station)
        station.open(kvn, level)
        # The issuer may correct an identity, and nothing else; the registry may write nothing.
        assert station.send(STORE, MORE, 0, groups(serial)[0]) == (b"", 0x6A80 if kvn == 0x30 else 0x6985)
    for part in (group(0x0103, PIN), wrapped(serial, 13, 1, bytes(16)), wrapped(serial, 3, 1, bytes(16))):
        select(station)
        station.open(0x30, 0x33)
        assert station.send(STORE, MORE, 0, part) == (b"", 0x6A80), part.hex()
    select(station)
    assert talk.verify(PIN) == 0x6984
    assert_complete(station)


def test_the_pin_of_an_interrupted_personalization_is_forgotten(station: Scp03Host) -> None:
    """The card that is made after it has none, unless it is given one again."""
    assert station.send(STORE, MORE, 0, group(0x0103, PIN))[1] == wire.OK
    select(station)
    station.open(0x3F, 0x33)
    assert store(station, groups(station._serial)) == wire.OK
    select(station)
    talk: Talk = station.talk  # type: ignore[attr-defined]
    assert talk.verify(PIN) == 0x6984


def test_a_corrected_identity_leaves_the_pin(station: Scp03Host) -> None:
    assert store(station, groups(station._serial, PIN)) == wire.OK
    select(station)
    station.open(0x30, 0x33)
    assert station.send(STORE, LAST, 0, group(0x0102, IDENTITY[:21] + b"\x04Budi"))[1] == wire.OK
    select(station)
    talk: Talk = station.talk  # type: ignore[attr-defined]
    assert talk.verify(PIN) == wire.OK


@pytest.mark.parametrize("size", [0, 1, 55, 57])
def test_installs_with_56_bytes_only(simulator: Simulator, size: int) -> None:
    with pytest.raises(SimulatorRefused, match="6A80"):
        simulator.create_card((factory_install_data(b"TESTSIZE") + b"\0")[:size])


def test_a_last_block_without_groups_commits_nothing(station: Scp03Host) -> None:
    """Neither before a corrected identity nor after it, where it once brought the former one back."""
    serial = station._serial
    assert store(station, groups(serial)) == wire.OK
    select(station)
    station.open(0x30, 0x33)
    assert station.send(STORE, LAST, 0, b"") == (b"", 0x9413)
    corrected = IDENTITY[:21] + b"\x04Budi"
    select(station)
    station.open(0x30, 0x33)
    assert station.send(STORE, LAST, 0, group(0x0102, corrected))[1] == wire.OK
    assert station.send(STORE, LAST, 1, b"") == (b"", 0x9413)
    select(station)
    station.open(0x31, 0x33)
    assert station.send(0xCA, 0x01, 0x02) == (BENEFICIARY + corrected, wire.OK)


@pytest.mark.parametrize("size", [1, 39, 40])
def test_names_of_every_length(station: Scp03Host, size: int) -> None:
    parts = groups(station._serial)
    identity = IDENTITY[:21] + bytes((size,)) + b"N" * size
    parts[1] = group(0x0102, identity)
    assert store(station, parts) == wire.OK
    select(station)
    station.open(0x31, 0x33)
    assert station.send(0xCA, 0x01, 0x02) == (BENEFICIARY + identity, wire.OK)
