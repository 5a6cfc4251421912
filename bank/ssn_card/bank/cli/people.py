# SPDX-License-Identifier: Apache-2.0
"""``ssn bank doubles``, ``programmes``, ``corrections``: what imports leave to a person to decide or to do.

Names are shown on a screen only, never written to a file or a pipe.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType

from ssn_card.cli.errors import EXIT_FINDINGS, BadArgument
from ssn_card.cli.grouped import grouped
from ssn_card.cli.output import AsJson, emit, say, warn
from ssn_card.cli.tables import facts, sentence, table
from ssn_card.protocol.errors import Text

from ..people.corrections import CardToCorrect, cards_to_correct
from ..people.doubles import NearDouble, decide, open_doubles
from ..people.persons import StoredPerson
from ..people.programmes import ListAdded, OtherProgramme, add_list, other_programmes
from ..store.tables.people import Alike, PersonState
from .options import BankOptions

doubles = typer.Typer(no_args_is_help=True)
programmes = typer.Typer(no_args_is_help=True)

_HIDDEN = Text(
    "Names and numbers are shown on a screen only: run this in a terminal window.",
    "Nama dan nomor hanya tampil di layar: jalankan di jendela terminal.",
)
_NO_DOUBLES = Text("No question is open.", "Tidak ada pertanyaan terbuka.")
_QUESTION = Text("question {number}", "pertanyaan {number}")
_EARLIER, _LATER = Text("earlier", "lebih dulu"), Text("later, held", "kemudian, ditahan")
_FIELDS = (
    (Text("NIK", "NIK"), "nik"),
    (Text("no_kk", "no_kk"), "no_kk"),
    (Text("name", "nama"), "name"),
    (Text("born", "lahir"), "birth_date"),
    (Text("kecamatan", "kecamatan"), "kode_kecamatan"),
    (Text("companion", "pendamping"), "companion"),
)
_PERSON = Text("person", "orang")
_STATES = {
    PersonState.READY: Text("ready", "siap"),
    PersonState.HELD: Text("still held", "masih ditahan"),
    PersonState.REFUSED: Text("gets no card", "tidak mendapat kartu"),
    PersonState.DEACTIVATED: Text("deactivated", "nonaktif"),
}
_DECIDED = Text("question {number}: the later person is {state}", "pertanyaan {number}: orang yang kemudian {state}")
_ALREADY = Text(
    "This list was taken in before; nothing was done.", "Daftar ini sudah pernah diambil; tidak ada yang dilakukan."
)
_ROWS, _ADDED = Text("rows", "baris"), Text("new on the list", "baru di daftar")
_UNUSABLE = Text("rows without a whole number", "baris tanpa nomor utuh")
_GUESSED = Text("guessed: {what}", "diperkirakan: {what}")
_NAME, _ENTRIES = Text("programme", "program"), Text("numbers", "nomor")
_PERSONS = Text("persons of the store on it", "orang di simpanan yang terdaftar")
_SERIAL, _DIFFERS = Text("card", "kartu"), Text("what changed", "yang berubah")
_NONE_TO_CORRECT = Text("Every card holds its person's data.", "Semua kartu memuat data orangnya.")
_HOW = Text(
    "Put each card into a reader: ssn perso correct --bank PLACE --journal PATH",
    "Pasang tiap kartu di pembaca: ssn perso correct --bank TEMPAT --journal BERKAS",
)

Question = Annotated[int, typer.Argument(metavar="N", min=1, help="Number of the question / nomor pertanyaan.")]
Same = Annotated[
    bool, typer.Option("--same", help="One person: the later one gets no card / satu orang: yang kemudian tanpa kartu.")
]
Different = Annotated[
    bool, typer.Option("--different", help="Two persons: the later one is ready / dua orang: yang kemudian siap.")
]
Because = Annotated[
    str,
    typer.Option(
        "--reason", metavar="TEXT", help="For the record; no personal data / untuk catatan; tanpa data pribadi."
    ),
]
ListFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="List of NIK, no_kk or both, CSV or XLSX / daftar NIK, no_kk, atau keduanya, CSV atau XLSX.",
    ),
]
Programme = Annotated[
    str,
    typer.Option("--name", metavar="PROGRAMME", help="Which programme, such as PKH / program apa, misalnya PKH."),
]


@doubles.command("list")
@grouped
def list_doubles(bank: BankOptions, as_json: AsJson = False) -> None:
    """Persons of one name and birth date with two NIK, beside each other; names on a screen only.

    Orang senama dan setanggal lahir dengan dua NIK, berdampingan; nama hanya tampil di layar.
    """
    with bank.signed_in() as (store, _), store.reading() as session:
        found = list(open_doubles(session, store.sealer))
    data = [{"question": one.number, "later": _plain(one.later), "earlier": _plain(one.earlier)} for one in found]
    screen = sys.stdout.isatty()
    if found and not screen and not as_json:
        warn(_HIDDEN)
    emit("bank-doubles-list", {"questions": data}, as_json, lambda: _doubles_shown(found, screen))
    if found:
        raise typer.Exit(EXIT_FINDINGS)


@doubles.command("decide")
@grouped
def decide_double(
    number: Question,
    reason: Because,
    bank: BankOptions,
    same: Same = False,
    different: Different = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question: one person, or two.

    Jawab satu pertanyaan: satu orang, atau dua.
    """
    if same is different:
        raise BadArgument(
            Text("Say whether they are the same.", "Sebutkan apakah keduanya orang yang sama."),
            where="--same",
            remedy=Text("Give --same or --different.", "Berikan --same atau --different."),
        )
    with bank.signed_in() as (store, actor), store.work(actor) as work:
        state = decide(work, number, Alike.SAME if same else Alike.DIFFERENT, reason)
    data = {"question": number, "answer": "same" if same else "different", "state": state.value}
    emit("bank-doubles-decide", data, as_json, lambda: say(_DECIDED.filled(number=number, state=_STATES[state])))


@programmes.command("add")
@grouped
def add_programme(file: ListFile, name: Programme, bank: BankOptions, as_json: AsJson = False) -> None:
    """Take in the list of another programme, for imports to be compared with; kept as keyed hashes.

    Ambil daftar penerima program lain sebagai pembanding impor; disimpan sebagai sidik berkunci.
    """
    with bank.signed_in() as (store, actor), store.work(actor) as work:
        added = add_list(work, file, name)
    for text in added.told if not as_json else ():
        warn(_GUESSED.filled(what=text))
    data = {
        "import": added.import_id,
        "programme": name,
        "already": added.already,
        "rows": added.rows,
        "added": added.added,
        "unusable_rows": added.unusable,
        "guessed": [{"en": text.en, "id": text.id} for text in added.told],
    }
    emit("bank-programmes-add", data, as_json, lambda: _added_shown(added, name))
    if added.unusable:
        raise typer.Exit(EXIT_FINDINGS)


@programmes.command("list")
@grouped
def list_programmes(bank: BankOptions, as_json: AsJson = False) -> None:
    """Lists of other programmes, and how many of the store's persons are on each.

    Daftar program lain, dan berapa orang di simpanan yang ada di masing-masing.
    """
    with bank.signed_in() as (store, _), store.reading() as session:
        found = other_programmes(session)
    data = [{"programme": one.name, "numbers": one.entries, "persons": one.persons} for one in found]
    emit("bank-programmes-list", {"programmes": data}, as_json, lambda: _programmes_shown(found))


@grouped
def corrections(bank: BankOptions, as_json: AsJson = False) -> None:
    """Cards that hold older data of their person than the store has.

    Kartu yang memuat data orangnya yang lebih lama daripada di simpanan.
    """
    with bank.signed_in() as (store, _), store.reading() as session:
        found = list(cards_to_correct(session, store.sealer))
    data = [
        {"serial": one.serial, "person": one.person_id, "on_card": one.on_card, "version": one.version,
         "fields": list(one.fields)}
        for one in found
    ]  # fmt: skip
    emit("bank-corrections", {"cards": data}, as_json, lambda: _corrections_shown(found))
    if found:
        raise typer.Exit(EXIT_FINDINGS)


def _plain(person: StoredPerson) -> dict[str, Any]:
    """What of a person may stand in a file."""
    return {
        "person": person.id,
        "state": person.state.value,
        "kode_kecamatan": person.kode_kecamatan,
        "companion": person.companion,
    }


def _doubles_shown(found: list[NearDouble], screen: bool) -> RenderableType:
    if not found:
        return sentence(_NO_DOUBLES)
    fields = _FIELDS if screen else _FIELDS[-2:]
    return Group(
        *(
            table(
                _QUESTION.filled(number=one.number),
                ((_PERSON, "whole"), (_EARLIER, "left"), (_LATER, "left")),
                [
                    (say(name), str(getattr(one.earlier, field) or ""), str(getattr(one.later, field) or ""))
                    for name, field in fields
                ],
            )
            for one in found
        )
    )


def _added_shown(added: ListAdded, name: str) -> RenderableType:
    if added.already:
        return sentence(_ALREADY)
    rows = ((_ROWS, str(added.rows)), (_ADDED, str(added.added)), (_UNUSABLE, str(len(added.unusable))))
    return facts(Text(name, name), rows)


def _programmes_shown(found: list[OtherProgramme]) -> RenderableType:
    rows = [(one.name, str(one.entries), str(one.persons)) for one in found]
    return table(None, ((_NAME, "left"), (_ENTRIES, "right"), (_PERSONS, "right")), rows)


def _corrections_shown(found: list[CardToCorrect]) -> RenderableType:
    if not found:
        return sentence(_NONE_TO_CORRECT)
    rows = [(one.serial.upper(), ", ".join(one.fields)) for one in found]
    return Group(table(None, ((_SERIAL, "whole"), (_DIFFERS, "left")), rows), sentence(_HOW))
