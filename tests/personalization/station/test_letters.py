# SPDX-License-Identifier: Apache-2.0
"""Printed PINs: what a letter tells is on the card, whatever happened; and nowhere else is it to be found."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from tests.personalization.station.scene import KEYS, Station
from tests.personalization.station.support import CuttingFeeder, Rack, cut_at
from tests.personalization.station.test_crash import run_and_die

from ssn_card.bank.secret import development_secret
from ssn_card.keys.errors import KeyringDamaged, SealedToAnother
from ssn_card.personalization.card.personalize import inspect
from ssn_card.personalization.journal.errors import LetterNotDelivered
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.letters import Letter, Letters, LetterState
from ssn_card.personalization.station import letter_print
from ssn_card.personalization.station.errors import (
    LetterFileStrange,
    LettersNotWritten,
    LettersPrinted,
    LettersToAnother,
    NoLetterToPrint,
)
from ssn_card.personalization.station.feeder import UrlFeeder
from ssn_card.personalization.station.letter_file import LetterFile, SealedLetter, read_letters
from ssn_card.personalization.station.letter_print import PrintedLetters, print_letters
from ssn_card.programme import Policy
from ssn_card.protocol.errors import Text
from ssn_card.terminal import CardSession, SoftwareTerminalKeys
from ssn_card.transport import open_connection

CUSTODIAN = X25519PrivateKey.from_private_bytes(bytes(range(32)))

pytestmark = pytest.mark.sim


@pytest.fixture
def station(tmp_path: Path, policy: Policy, header: str, good_rows: tuple[str, str]) -> Station:
    station = Station(tmp_path, policy, [header, *good_rows])
    station.custodian = CUSTODIAN.public_key()
    return station


def pins(station: Station) -> dict[bytes, str]:
    """The PIN of each card, by the letter that holds."""
    lines = {line.sha256: line for line in read_letters(station.letters, CUSTODIAN)}
    with Journal.open(station.journal_path, read_only=True) as journal:
        journal.check_log()
        held = [letter for letter in journal.letters.all() if letter.state is not LetterState.VOID]
        assert len({letter.serial for letter in held}) == len(held)
        return {letter.serial: lines[letter.sha256].pin(journal.name) for letter in held if letter.done}


def assert_pins_fit(station: Station, urls: list[str], count: int = 2) -> None:
    """Every finished card takes the PIN of its letter."""
    told = pins(station)
    assert sorted(serial.hex() for serial in told) == sorted(line["serial"] for line in station.cards())
    fitting = 0
    for url in urls:
        with open_connection(url) as connection:
            serial = inspect(connection).serial
            if serial in told:
                CardSession(connection, SoftwareTerminalKeys(KEYS)).verify_pin(told[serial])
                fitting += 1
    assert fitting == len(told) == count


def test_each_card_takes_the_pin_of_its_letter_and_nothing_else_tells_it(station: Station, rack: Rack) -> None:
    urls = rack.blanks(2)
    assert station.run(urls).complete
    assert_pins_fit(station, urls)
    for path in (station.letters, station.results, *station.journal_path.parent.glob("journal.db*")):
        content = path.read_bytes()
        assert not any(pin.encode() in content for pin in pins(station).values()), path
    assert station.letters.stat().st_mode & 0o077 == 0


@pytest.mark.timeout(300)
def test_killed_at_every_step_no_card_has_an_unknown_pin(
    rack: Rack, tmp_path: Path, policy: Policy, header: str, good_rows: tuple[str, str]
) -> None:
    kill_at, killed = 1, True
    while killed:
        folder = tmp_path / str(kill_at)
        folder.mkdir()
        station = Station(folder, policy, [header, good_rows[0]])
        station.custodian = CUSTODIAN.public_key()
        urls = rack.blanks(2)
        killed = run_and_die(station, urls, kill_at)
        assert station.run(urls).complete, f"step {kill_at}"
        assert_pins_fit(station, urls, 1)
        kill_at += 1
    assert kill_at > 40  # the steps were there


@pytest.mark.parametrize(("command", "when"), [(4, "before"), (10, "after"), (11, "before"), (11, "after")])
def test_a_card_that_is_made_again_gets_a_new_letter(station: Station, rack: Rack, command: int, when: str) -> None:
    urls = rack.blanks(3)
    station.run(CuttingFeeder(urls, cut_at(command, when), back=True))
    station.run(urls)
    assert_pins_fit(station, urls)


def test_a_letter_that_cannot_be_written_leaves_the_card_blank(
    station: Station, rack: Rack, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = rack.blanks(2)

    def full(self: LetterFile, data: bytes) -> None:
        if b"sealed" in data:
            raise LettersNotWritten(Text("disk full", "disk penuh"), str(self.path))
        inner(self, data)

    inner: Callable[[LetterFile, bytes], None] = LetterFile._append
    with monkeypatch.context() as patched:
        patched.setattr(LetterFile, "_append", full)
        with pytest.raises(LettersNotWritten):
            station.run(urls)
    assert station.run(urls).complete
    assert_pins_fit(station, urls)


def test_half_a_line_is_cut_off_and_a_strange_file_is_left_alone(station: Station, rack: Rack) -> None:
    urls = rack.blanks(2)
    station.run(urls, limit=1)
    with station.letters.open("ab") as file:
        file.write(b'{"serial":"53')
    assert len(list(read_letters(station.letters, CUSTODIAN))) == 1
    station.run(urls)
    assert_pins_fit(station, urls)
    with Journal.open(station.journal_path, development_secret()) as journal:
        with pytest.raises(LettersToAnother):
            LetterFile(station.letters, X25519PrivateKey.generate().public_key(), journal)
        station.results.write_bytes(before := b"something else")
        with pytest.raises(LetterFileStrange):
            LetterFile(station.results, CUSTODIAN.public_key(), journal)
    assert station.results.read_bytes() == before


def printed(station: Station, out: Path) -> PrintedLetters:
    with Journal.open(station.journal_path) as journal:
        return print_letters(station.letters, read_letters(station.letters, CUSTODIAN), journal, out)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What goes on paper."""
    seen: list[dict[str, str]] = []
    inner = letter_print._page

    def noting(*arguments: object) -> dict[str, str]:
        page: dict[str, str] = inner(*arguments)  # type: ignore[arg-type]
        seen.append(page)
        return page

    monkeypatch.setattr(letter_print, "_page", noting)
    return seen


def test_letters_are_printed_once(station: Station, rack: Rack, tmp_path: Path, pages: list[dict[str, str]]) -> None:
    urls = rack.blanks(2)
    station.run(urls, limit=1)
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    assert printed(station, first) == PrintedLetters(printed=1, waiting=0, elsewhere=0, void=0)
    assert first.read_bytes().startswith(b"%PDF-")
    assert first.stat().st_mode & 0o077 == 0
    with pytest.raises(LettersPrinted):
        printed(station, second)
    station.run(urls)
    with pytest.raises(FileExistsError):
        printed(station, first)
    assert printed(station, second).printed == 1
    with pytest.raises(LettersPrinted):
        printed(station, tmp_path / "3.pdf")
    told = {serial.hex().upper(): pin for serial, pin in pins(station).items()}
    assert {page["serial"].replace("-", ""): page["pin"] for page in pages} == told
    assert all(set(page) == {"serial", "pin"} for page in pages)


def test_nothing_is_spent_where_the_paper_cannot_be_written(station: Station, rack: Rack, tmp_path: Path) -> None:
    station.run(rack.blanks(2))
    with pytest.raises(OSError, match="No such file"):
        printed(station, tmp_path / "no folder" / "letters.pdf")
    assert printed(station, tmp_path / "letters.pdf").printed == 2


def test_a_station_that_dies_while_it_prints_prints_nothing_twice(
    station: Station, rack: Rack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.run(rack.blanks(2))
    inner = Letters.printed

    def dying(self: Letters, letters: Collection[Letter]) -> None:
        inner(self, letters)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Letters, "printed", dying)
        with pytest.raises(KeyboardInterrupt):
            printed(station, tmp_path / "letters.pdf")
    assert not list(tmp_path.glob("*letters.pdf*"))
    with pytest.raises(LettersPrinted):
        printed(station, tmp_path / "letters.pdf")


def test_several_readers_write_into_one_file(
    tmp_path: Path, policy: Policy, rack: Rack, header: str, good_rows: tuple[str, str]
) -> None:
    station = Station(tmp_path, policy, [header, *good_rows])
    station.custodian = CUSTODIAN.public_key()
    urls = rack.blanks(4)
    assert station.run((UrlFeeder(urls[:2]), UrlFeeder(urls[2:]))).complete
    assert_pins_fit(station, urls)


def test_only_letters_of_the_station_for_cards_that_are_done_are_printed(
    station: Station, rack: Rack, tmp_path: Path, pages: list[dict[str, str]]
) -> None:
    urls = rack.blanks(2)
    station.run(urls)
    serials = [bytes.fromhex(line["serial"]) for line in station.cards()]
    with Journal.open(station.journal_path, development_secret()) as journal:
        entry = journal.by_serial(serials[0])
        assert entry is not None
        # Whoever has the public key can seal a letter for a card; the journal has its SHA-256 not.
        forged = Forger(journal)
        with LetterFile(station.letters, CUSTODIAN.public_key(), forged) as letters:  # type: ignore[arg-type]
            letters.seal(entry)
        journal.lose(entry, "declared: gone")
    found = printed(station, tmp_path / "letters.pdf")
    assert (found.printed, found.void) == (1, 2)
    assert [page["serial"].replace("-", "") for page in pages] == [serials[1].hex().upper()]


class Forger:
    """A journal's name, and nobody who notes what is sealed."""

    def __init__(self, journal: Journal) -> None:
        self.name = journal.name
        self.letters = self

    def sealed(self, entry: object, sha256: bytes) -> None:
        pass


def test_another_custodian_another_journal_and_a_changed_line_open_nothing(station: Station, rack: Rack) -> None:
    station.run(rack.blanks(2))
    with pytest.raises(SealedToAnother):
        list(read_letters(station.letters, X25519PrivateKey.generate()))
    first, second = read_letters(station.letters, CUSTODIAN)
    with pytest.raises(KeyringDamaged):
        first.pin("0" * 16)
    with Journal.open(station.journal_path, read_only=True) as journal:
        exchanged = SealedLetter(second.serial, first.sha256, first._sealed, first._sealer, "x")
        with pytest.raises(KeyringDamaged):
            exchanged.pin(journal.name)


def test_a_letter_waits_for_its_card(station: Station, rack: Rack, tmp_path: Path) -> None:
    station.run(CuttingFeeder(rack.blanks(1), cut_at(11, "before"), back=False))
    with pytest.raises(NoLetterToPrint) as caught:
        printed(station, tmp_path / "letters.pdf")
    assert caught.value.waiting == 1
    assert not (tmp_path / "letters.pdf").exists()


def test_delivery_is_confirmed_once_and_after_the_printing(station: Station, rack: Rack, tmp_path: Path) -> None:
    station.run(rack.blanks(2))
    serials = [bytes.fromhex(line["serial"]) for line in station.cards()]
    with Journal.open(station.journal_path) as journal, pytest.raises(LetterNotDelivered):
        journal.letters.delivered(serials)
    printed(station, tmp_path / "letters.pdf")
    with Journal.open(station.journal_path) as journal:
        with pytest.raises(LetterNotDelivered):
            journal.letters.delivered([serials[0], os.urandom(8)])
        journal.letters.delivered(serials[:1])
        with pytest.raises(LetterNotDelivered):
            journal.letters.delivered(serials[:1])
        assert [letter.state for letter in journal.letters.all()] == [LetterState.DELIVERED, LetterState.PRINTED]
        journal.check_log()
