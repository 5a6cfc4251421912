# SPDX-License-Identifier: Apache-2.0
"""``ssn perso stock``: blank cards counted in, what became of them, and those that go back to their maker."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType

from ssn_card.cli.errors import BadArgument, BadFile, KeysNotChosen
from ssn_card.cli.files import SERIAL, serial_of, text_lines
from ssn_card.cli.options import Development, Keyring, OptionalJournal, Reason
from ssn_card.cli.options import Journal as JournalPath
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.tables import sentence, table
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.stock import BlankState, StockDelivery
from ssn_card.protocol.errors import Text, numeral

from .keys import Secret, Station, station_secret

app = typer.Typer()

#: Cards in one range: a digit too many must not fill the disk.
MAX_RANGE = 1_000_000
_COLUMNS = ("serial", "nomor seri", "nomor_seri")
_ORDER = (BlankState.USED, BlankState.SPOILED, BlankState.IN_DOUBT, BlankState.RETURNED, BlankState.LEFT)

Cards = Annotated[
    Path | None,
    typer.Argument(
        metavar="FILE",
        help="The maker's list: a serial or FIRST:LAST in each line, or CSV with a column serial / "
        "daftar pembuat: satu nomor seri atau FIRST:LAST tiap baris, atau CSV dengan kolom serial.",
    ),
]
Ranges = Annotated[
    list[str] | None,
    typer.Option(
        "--range",
        metavar="FIRST:LAST",
        help="Cards from one serial to another, both included, repeatable / "
        "kartu dari satu nomor seri sampai nomor seri lain, keduanya termasuk, dapat diulang.",
    ),
]
_ADDED = Text("Delivery {name}: {count} cards counted in.", "Kiriman {name}: {count} kartu tercatat masuk.")
_RETURNED = Text("{count} cards returned.", "{count} kartu dikembalikan.")
_SPOILED = Text("{count} cards put aside.", "{count} kartu disisihkan.")
_BLANK_STOCK = Text("Blank stock", "Persediaan kartu kosong")
_NONE_KEPT = Text(
    "No stock is kept: no delivery was counted in.", "Persediaan tidak dicatat: belum ada kiriman yang masuk."
)
_UNREAD = Text(
    "{count} times a card was put aside that did not tell its serial: ssn perso stock spoil, if it is not counted yet.",
    "{count} kali kartu disisihkan tanpa menyebut nomor seri: ssn perso stock spoil, bila belum terhitung.",
)
_NO_JOURNAL = Text("Name the station's journal.", "Sebutkan jurnal stasiun.")


@app.callback(invoke_without_command=True)
def stock(context: typer.Context, journal: OptionalJournal = None, as_json: AsJson = False) -> None:
    """Count blank cards by delivery: in, used, spoiled, in doubt, returned, left.

    Hitung kartu kosong per kiriman: masuk, terpakai, rusak, belum pasti, dikembalikan, sisa.

    Where any delivery was counted in, a card of no delivery is refused.

    Bila ada kiriman yang tercatat, kartu di luar kiriman ditolak.
    """
    if context.invoked_subcommand is not None:
        return
    if journal is None:
        raise BadArgument(_NO_JOURNAL, where="--journal")
    with Journal.open(journal, read_only=True) as opened:
        deliveries, unread = opened.stock.deliveries(), opened.stock.unread()
    data = {
        "kept": bool(deliveries),
        "deliveries": [
            {"name": one.name, "at": one.at, "in": one.cards, **_counts(one.states.items())} for one in deliveries
        ],
        "in": sum(one.cards for one in deliveries),
        **_counts((state, sum(one.states[state] for one in deliveries)) for state in BlankState),
        "unread": unread,
    }
    emit("perso-stock", data, as_json, lambda: _shown(deliveries, unread))


@app.command()
def add(
    journal: JournalPath,
    delivery: Annotated[
        str,
        typer.Option(
            "--delivery", metavar="NAME", help="Name of the delivery, once only / nama kiriman, hanya sekali."
        ),
    ],
    file: Cards = None,
    ranges: Ranges = None,
    keyring: Keyring = None,
    development: Development = False,
    secret: Secret = None,
    station: Station = 0,
    as_json: AsJson = False,
) -> None:
    """Count a delivery of blank cards in, by its maker's list.

    Catat masuk satu kiriman kartu kosong, menurut daftar pembuatnya.

    A new journal is made with the keys that ssn perso run will have, or --development.

    Jurnal baru dibuat dengan kunci yang akan dipakai ssn perso run, atau --development.
    """
    serials = _named(file, ranges or ())
    with _opened(journal, keyring, development, secret, station) as opened:
        count = opened.stock.add(delivery.strip(), serials)
    data = {"delivery": delivery.strip(), "cards": count}
    emit("perso-stock-add", data, as_json, lambda: say(_ADDED.filled(name=delivery.strip(), count=count)))


@app.command("return")
def give_back(journal: JournalPath, file: Cards = None, ranges: Ranges = None, as_json: AsJson = False) -> None:
    """Note that blank cards, left or spoiled, went back to their maker.

    Catat kartu kosong, sisa atau rusak, yang dikembalikan ke pembuatnya.
    """
    serials = _named(file, ranges or ())
    with Journal.open(journal) as opened:
        count = opened.stock.give_back(serials)
    emit("perso-stock-return", {"cards": count}, as_json, lambda: say(_RETURNED.filled(count=count)))


@app.command()
def spoil(
    journal: JournalPath, reason: Reason, file: Cards = None, ranges: Ranges = None, as_json: AsJson = False
) -> None:
    """Put blank cards aside that the station cannot, such as those that do not answer.

    Sisihkan kartu kosong yang tidak dapat disisihkan stasiun, misalnya yang tidak menjawab.
    """
    serials = _named(file, ranges or ())
    with Journal.open(journal) as opened:
        count = opened.stock.spoil(serials, reason)
    emit("perso-stock-spoil", {"cards": count}, as_json, lambda: say(_SPOILED.filled(count=count)))


def _opened(
    path: Path, keyring: str | None, development: bool, secret: Path | None, station: int
) -> AbstractContextManager[Journal]:
    if path.exists():
        return Journal.open(path)
    if (keyring is None) != development:
        raise KeysNotChosen(("--keyring KEYS", "--development"))
    return Journal.create(path, station_secret(path, keyring, development, secret), station)


def _named(file: Path | None, ranges: Iterable[str]) -> set[bytes]:
    """All serials that are named, each once. Raises :class:`BadArgument`, :class:`BadFile`."""
    found: set[bytes] = set()
    places = [(f"--range {text}", text) for text in ranges] + list(() if file is None else _listed(file))
    for where, text in places:
        for serial in _range(text, where):
            if serial in found:
                raise BadArgument(
                    Text("A serial is named twice: {serial}.", "Nomor seri disebut dua kali: {serial}.").filled(
                        serial=serial.hex().upper()
                    ),
                    where=where,
                )
            found.add(serial)
    if file is not None and not found:
        raise BadFile(Text("The file names no card.", "Berkas tidak menyebut kartu."), where=str(file))
    return found


def _listed(path: Path) -> Iterator[tuple[str, str]]:
    """``(place, serial or range)`` of each line; of a table, its column of serials."""
    column, at = 0, -1
    for number, line in text_lines(path):
        if not line.strip() or line.startswith("#"):
            continue
        (cells,) = csv.reader([line.strip()], delimiter=";" if ";" in line else ",")
        if at < 0:
            at = number
            heads = [cell.strip().casefold() for cell in cells]
            known = [index for index, head in enumerate(heads) if head in _COLUMNS]
            if known:
                column = known[0]
                continue
        yield f"{path}:{number} serial", cells[column].strip() if column < len(cells) else ""


def _range(text: str, where: str) -> Iterable[bytes]:
    first, colon, last = text.partition(":")
    start = int.from_bytes(serial_of(first.strip(), where), "big")
    end = int.from_bytes(serial_of(last.strip(), where), "big") if colon else start
    if not 0 <= end - start < MAX_RANGE:
        raise BadArgument(
            Text(
                f"A range goes upwards and has at most {numeral(MAX_RANGE).en} cards.",
                f"Rentang harus naik dan paling banyak {numeral(MAX_RANGE).id} kartu.",
            ),
            where=where,
        )
    return (number.to_bytes(SERIAL, "big") for number in range(start, end + 1))


def _counts(states: Iterable[tuple[BlankState, int]]) -> dict[str, int]:
    return {state.value: count for state, count in states}


def _shown(deliveries: tuple[StockDelivery, ...], unread: int) -> RenderableType:
    if not deliveries:
        return sentence(_NONE_KEPT)
    columns = (
        (Text("delivery", "kiriman"), "left"),
        (Text("in", "masuk"), "right"),
        *((state.text, "right") for state in _ORDER),
    )
    rows = [
        (one.name, say(numeral(one.cards)), *(say(numeral(one.states[state])) for state in _ORDER))
        for one in deliveries
    ]
    counted = table(_BLANK_STOCK, columns, rows)
    return Group(counted, sentence(_UNREAD.filled(count=unread))) if unread else counted
