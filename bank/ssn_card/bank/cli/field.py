# SPDX-License-Identifier: Apache-2.0
"""``ssn field``: a companion's tablet. Nothing here needs a network, nor the bank's store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssn_card.cli.errors import BadArgument, ExtraMissing
from ssn_card.cli.options import DEFAULT_CARD, CardUrl, Companion, NewFolder, OutFolder, PublicKey
from ssn_card.cli.output import AsJson, emit, warn
from ssn_card.cli.passwords import new_password_of, password_of
from ssn_card.cli.tables import facts
from ssn_card.protocol.errors import Text
from ssn_card.signing import read_public_key
from ssn_card.terminal import now

if TYPE_CHECKING:
    from rich.console import RenderableType

from ..field.forms.patterns import is_name
from ..field.forms.registration import TabletRegistration
from ..field.tablet.diary import VisitDiary
from ..field.tablet.export import export as write_result
from ..field.tablet.folder import TabletFolder, TabletIdentity
from ..field.tablet.packages import packages_of, take_in
from ..field.tablet.visitees import VisitStanding, visitees
from ..field.tablet.work import FieldWork
from .outreach_options import Tablet

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Folder = Annotated[
    Path,
    typer.Option(
        "--folder",
        metavar="DIR",
        envvar="SSN_FIELD",
        help="The tablet's own folder, as setup has made it / folder milik tablet, buatan setup.",
    ),
]
Package = Annotated[Path, typer.Argument(metavar="PACKAGE", help="A package from the bank / paket dari bank.")]
Port = Annotated[
    int,
    typer.Option(
        "--port",
        min=1024,
        max=65535,
        metavar="N",
        help="Of the page, on this tablet alone / untuk halaman, di tablet ini.",
    ),
]

_NO_NAME = Text(
    "A name has letters, digits, and . _ - between them.", "Nama berisi huruf, angka, dan . _ - di antaranya."
)
_A_NAME = Text("Give one such as T-01.", "Berikan misalnya T-01.")


@app.command()
def setup(
    tablet: Tablet, companion: Companion, public_key: PublicKey, out_dir: OutFolder, json: AsJson = False
) -> None:
    """Set a tablet up: keys of its own under the companion's password, and a registration for the bank.

    Siapkan tablet: kunci sendiri dengan kata sandi pendamping, dan pendaftaran untuk bank.

    The bank's public key is the one that packages are checked by: take it from the bank itself.

    Kunci publik bank dipakai memeriksa paket: ambil langsung dari bank.
    """
    for option, name in (("--tablet", tablet), ("--companion", companion)):
        if not is_name(name):
            raise BadArgument(_NO_NAME, where=option, remedy=_A_NAME)
    folder = TabletFolder(out_dir)
    found, told = folder.create(tablet, companion, read_public_key(public_key), new_password_of(folder.settings))
    emit("field-setup", _setup_dict(found, told), json, lambda: _setup_facts(found, told))


@app.command("open")
def open_package(package: Package, folder: Folder, json: AsJson = False) -> None:
    """Take a package into the tablet; again does no harm.

    Masukkan paket ke tablet; boleh diulang.
    """
    with _unlocked(folder) as who:
        found = take_in(who, package)
    data = {
        "package": found.id,
        "persons": len(found.persons),
        "first_day": found.first_day,
        "last_day": found.last_day,
    }
    rows = (
        (Text("persons to visit", "orang yang dikunjungi"), str(len(found.persons))),
        (Text("from", "mulai"), found.first_day),
        (Text("holds until", "berlaku sampai"), found.last_day),
    )
    emit("field-open", data, json, lambda: facts(Text("A package came", "Paket masuk"), rows))


@app.command()
def status(folder: Folder, json: AsJson = False) -> None:
    """Show how many were visited, while the page is open too. No names.

    Tampilkan berapa yang sudah dikunjungi, juga saat halaman terbuka. Tanpa nama.
    """
    with _unlocked(folder) as who, VisitDiary(who, read_only=who.folder.diary.exists()) as diary:
        listed = visitees(packages_of(who), diary.records(), ())
        newest, told = diary.newest, diary.told
    counts = Counter(one.standing for one in listed.values())
    data = {
        "tablet": who.tablet,
        "persons": len(listed),
        "records": newest,
        "not_exported": newest - told,
        **{standing.value: counts[standing] for standing in VisitStanding},
    }
    rows = (
        (Text("persons", "orang"), str(len(listed))),
        *((standing.text, str(counts[standing])) for standing in VisitStanding),
        (Text("records", "catatan"), str(newest)),
        (Text("not exported yet", "belum diekspor"), str(newest - told)),
    )
    emit(
        "field-status", data, json, lambda: facts(Text("Tablet {name}", "Tablet {name}").filled(name=who.tablet), rows)
    )


@app.command()
def export(folder: Folder, out_dir: NewFolder = None, json: AsJson = False) -> None:
    """Write what was done, for the bank alone; all since the oldest package that is still here.

    Tulis semua hasil, hanya untuk bank; sejak paket terlama yang masih ada.
    """
    with _unlocked(folder) as who, FieldWork(who, DEFAULT_CARD) as work:
        written = write_result(work, out_dir)
    data = {
        "file": str(written.path),
        "first": written.first,
        "newest": written.newest,
        "records": written.records,
        "receipts": written.receipts,
    }
    rows = (
        (Text("file, to the bank", "berkas, ke bank"), str(written.path)),
        (Text("records", "catatan"), str(written.records)),
        (Text("receipts of cards", "kuitansi kartu"), str(written.receipts)),
    )
    emit("field-export", data, json, lambda: facts(Text("Result written", "Hasil ditulis"), rows))


@app.command()
def serve(folder: Folder, card: CardUrl = DEFAULT_CARD, port: Port = 8100, json: AsJson = False) -> None:
    """Show the page for the companion, on this tablet alone: http://127.0.0.1:8100. Ctrl-C ends it.

    Tampilkan halaman untuk pendamping, hanya di tablet ini: http://127.0.0.1:8100. Ctrl-C mengakhiri.
    """
    home = TabletFolder(folder)
    home.require()
    try:
        from ..field.page.serving import serve as serve_page
    except ModuleNotFoundError as missing:
        raise ExtraMissing("field", str(missing.name)) from None
    url = f"http://127.0.0.1:{port}"
    if json:
        emit("field-serve", {"url": url}, json, lambda: "")
    else:
        warn(Text("The page is at {url}; Ctrl-C ends it.", "Halaman ada di {url}; Ctrl-C mengakhiri.").filled(url=url))
    serve_page(home, card, port)


@contextmanager
def _unlocked(path: Path) -> Iterator[TabletIdentity]:
    folder = TabletFolder(path)
    folder.require()
    yield folder.unlock(password_of(folder.settings))


def _setup_dict(found: TabletRegistration, told: Path) -> dict[str, str]:
    return {
        "tablet": found.tablet,
        "companion": found.companion,
        "registration": str(told),
        "fingerprint": found.fingerprint(),
        "set_up_on": now().date().isoformat(),
    }


def _setup_facts(found: TabletRegistration, told: Path) -> RenderableType:
    rows = (
        (Text("companion", "pendamping"), found.companion),
        (Text("registration, to the bank", "pendaftaran, ke bank"), str(told)),
        (Text("fingerprint, to be compared", "sidik, untuk dicocokkan"), found.fingerprint()),
    )
    return facts(Text("Tablet {name} is set up", "Tablet {name} siap").filled(name=found.tablet), rows)
