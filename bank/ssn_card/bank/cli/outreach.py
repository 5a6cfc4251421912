# SPDX-License-Identifier: Apache-2.0
"""``ssn bank outreach``: tablets, packages for them, results from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import typer

from ssn_card.cli.errors import FindingsFound
from ssn_card.cli.files import read_serials
from ssn_card.cli.grouped import grouped
from ssn_card.cli.keys_signing import SignerKey, signer_of
from ssn_card.cli.options import Companions, Keyring, OptionalSerialFile, OutFile, key_provider
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.passwords import password_of
from ssn_card.cli.tables import facts, table
from ssn_card.keys.pem import RECEIVING
from ssn_card.programme.region import load_regions
from ssn_card.protocol.errors import Text
from ssn_card.storage import whole_file
from ssn_card.terminal import now

from ..field.forms.outcomes import OUTCOMES, VisitOutcome
from ..field.forms.registration import TabletRegistration
from ..field.office.findings import TakenResult
from ..field.office.packages import VisitSelection, make_package
from ..field.office.results import take_in_result
from ..field.office.standing import OutreachStanding, standing
from ..field.office.tablets import add_tablet, retire_tablet
from .options import BankOptions, ManyKecamatan
from .outreach_options import (
    BankKey,
    Days,
    Registration,
    Results,
    ResultsTo,
    Tablet,
    TabletName,
)

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
tablets = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(tablets, name="tablets", help="Which tablets there are.\n\nTablet yang ada.")


@tablets.command("add")
@grouped
def tablets_add(*, registration: Registration, bank: BankOptions, as_json: AsJson = False) -> None:
    """Register a tablet. Compare its fingerprint with the one that the tablet shows, first.

    Daftarkan tablet. Cocokkan dahulu sidiknya dengan yang tampil di tablet.
    """
    found = TabletRegistration.read(registration)
    with bank.signed_in() as (store, actor), store.work(actor) as work:
        row = add_tablet(work, found)
    data = {
        "tablet": row.name,
        "companion": row.companion,
        "terminal": row.terminal_id,
        "fingerprint": found.fingerprint(),
    }
    rows = (
        (Text("companion", "pendamping"), row.companion),
        (Text("terminal no.", "terminal no."), str(row.terminal_id)),
        (Text("fingerprint", "sidik"), found.fingerprint()),
    )
    title = Text("Tablet {name} is registered", "Tablet {name} terdaftar").filled(name=row.name)
    emit("bank-outreach-tablets-add", data, as_json, lambda: facts(title, rows))


@tablets.command("retire")
@grouped
def tablets_retire(*, name: TabletName, bank: BankOptions, as_json: AsJson = False) -> None:
    """Give a tablet nothing more and believe it nothing more, as when it was lost. Not to be undone.

    Hentikan tablet: tidak diberi apa pun dan tidak dipercaya lagi, misalnya karena hilang. Tidak dapat dibatalkan.
    """
    with bank.signed_in() as (store, actor), store.work(actor) as work:
        row = retire_tablet(work, name)
    title = Text("Tablet {name} is retired", "Tablet {name} dihentikan").filled(name=name)
    rows = ((Text("since", "sejak"), str(row.retired_at)),)
    data = {"tablet": name, "retired_at": row.retired_at}
    emit("bank-outreach-tablets-retire", data, as_json, lambda: facts(title, rows))


@app.command()
@grouped
def new(
    *,
    tablet: Tablet,
    companion: Companions = None,
    kecamatan: ManyKecamatan = None,
    serials: OptionalSerialFile = None,
    days: Days = 7,
    signer: SignerKey,
    results_to: ResultsTo,
    keyring: Keyring = None,
    out: OutFile,
    bank: BankOptions,
    as_json: AsJson = False,
) -> None:
    """Make a package for a tablet: whose cards wait, by companion, kecamatan or list.

    Buat paket untuk tablet: yang kartunya menunggu, menurut pendamping, kecamatan, atau daftar.
    """
    listed = None if serials is None else [serial.hex() for serial in read_serials(serials)]
    codes = None if kecamatan is None else [load_regions().find(one).code for one in kecamatan]
    selection = VisitSelection(companion, codes, listed)
    first = now().date()
    recipient = RECEIVING.read_public(results_to)
    with (
        key_provider(keyring, bank.development) as provider,
        signer_of(signer) as key,
        bank.signed_in() as (store, actor),
        store.work(actor) as work,
        whole_file(out, new=True, mode=0o600) as file,
    ):
        last = first + dt.timedelta(days - 1)
        made = make_package(work, tablet, selection, (first, last), provider, recipient, key)
        file.write(made.content)
    data = {
        "package": made.row.id,
        "tablet": tablet,
        "persons": made.persons,
        "without_update": made.without_update,
        "elsewhere": made.elsewhere,
        "first_day": made.row.first_day,
        "last_day": made.row.last_day,
        "sha256": made.row.sha256,
        "out": str(out),
    }
    rows = (
        (Text("persons to visit", "orang yang dikunjungi"), str(made.persons)),
        (Text("of them without an update", "di antaranya tanpa pembaruan"), str(made.without_update)),
        (Text("also on another tablet", "juga di tablet lain"), str(made.elsewhere)),
        (Text("holds until", "berlaku sampai"), made.row.last_day),
        (Text("file", "berkas"), str(out)),
    )
    title = Text("Package for {name}", "Paket untuk {name}").filled(name=tablet)
    emit("bank-outreach-new", data, as_json, lambda: facts(title, rows))


@app.command("import")
@grouped
def import_results(
    *, files: Results, private_key: BankKey, keyring: Keyring = None, bank: BankOptions, as_json: AsJson = False
) -> None:
    """Take in results of tablets, in any order, again too; each file whole or not at all.

    Ambil hasil dari tablet, dalam urutan apa pun, boleh berulang; setiap berkas utuh atau tidak sama sekali.
    """
    key = RECEIVING.read_private(private_key, password_of(private_key))
    taken: list[TakenResult] = []
    with key_provider(keyring, bank.development) as provider, bank.signed_in() as (store, actor):
        for path in files:
            with store.work(actor) as work:
                taken.append(take_in_result(work, path, key, provider))
    findings = [(one, finding, subject) for one in taken for finding, subject in one.findings]
    emit("bank-outreach-import", {"files": [_taken_dict(one) for one in taken]}, as_json, lambda: _taken_table(taken))
    if findings:
        raise FindingsFound(len(findings))


@app.command()
@grouped
def status(*, bank: BankOptions, as_json: AsJson = False) -> None:
    """Show how outreach stands, per companion, and what tablets still owe.

    Tampilkan keadaan kunjungan per pendamping, dan apa yang belum dikirim tablet.
    """
    with bank.signed_in() as (store, _), store.reading() as session:
        found = standing(session)
    emit("bank-outreach-status", _standing_dict(found), as_json, lambda: _standing_tables(found))


def _taken_dict(one: TakenResult) -> dict[str, Any]:
    return {
        "file": one.file,
        "tablet": one.tablet,
        "known": one.known,
        "records": one.records,
        "moved": one.moved,
        "delivered": one.delivered,
        "missing": one.missing,
        "findings": [{"code": finding.value, "about": about} for finding, about in one.findings],
    }


def _taken_table(taken: list[TakenResult]) -> Any:
    from rich.console import Group

    columns = (
        (Text("file", "berkas"), "whole"),
        (Text("tablet", "tablet"), "whole"),
        (Text("new records", "catatan baru"), "right"),
        (Text("cards moved", "kartu berpindah"), "right"),
        (Text("updates on cards", "pembaruan di kartu"), "right"),
        (Text("missing", "hilang"), "right"),
    )
    rows = (
        (one.file, one.tablet, str(one.records), str(one.moved), str(one.delivered), str(len(one.missing)))
        for one in taken
    )
    parts = [table(Text("Results taken in", "Hasil diambil"), columns, rows)]
    findings = [(about, say(finding.text)) for one in taken for finding, about in one.findings]
    if findings:
        heads = ((Text("about", "mengenai"), "whole"), (Text("what to look at", "yang perlu dilihat"), "left"))
        parts.append(table(Text("Findings", "Temuan"), heads, findings))
    return Group(*parts)


_SHOWN = tuple(outcome for outcome, kind in OUTCOMES.items() if kind.ends)


def _standing_dict(found: OutreachStanding) -> dict[str, Any]:
    return {
        "companions": [
            {"companion": one.companion, "persons": one.persons, "waiting": one.waiting}
            | {outcome.value: one.outcomes[outcome] for outcome in _SHOWN}
            for one in found.companions
        ],
        "tablets": [
            {
                "tablet": one.name,
                "companion": one.companion,
                "retired": one.retired,
                "newest": one.newest,
                "missing": list(one.missing),
                "outstanding": one.outstanding,
            }
            for one in found.tablets
        ],
        "cards": found.states,
    }


def _standing_tables(found: OutreachStanding) -> Any:
    from rich.console import Group

    columns = [
        (Text("companion", "pendamping"), "whole"),
        (Text("persons", "orang"), "right"),
        (Text("no news", "belum ada kabar"), "right"),
        *((VisitOutcome(outcome).told.text, "right") for outcome in _SHOWN),
    ]
    rows = [
        (one.companion, str(one.persons), str(one.waiting), *(str(one.outcomes[outcome]) for outcome in _SHOWN))
        for one in found.companions
    ]
    heads = (
        (Text("tablet", "tablet"), "whole"),
        (Text("companion", "pendamping"), "whole"),
        (Text("records", "catatan"), "right"),
        (Text("missing", "hilang"), "left"),
        (Text("packages not done", "paket belum selesai"), "right"),
        (Text("state", "status"), "left"),
    )
    retired, living = Text("retired", "dihentikan"), Text("in use", "dipakai")
    told = [
        (
            one.name,
            one.companion,
            str(one.newest),
            ", ".join(map(str, one.missing)) or "-",
            str(one.outstanding),
            say(retired if one.retired else living),
        )
        for one in found.tablets
    ]
    return Group(
        table(Text("Visits", "Kunjungan"), columns, rows), table(Text("Tablets", "Daftar tablet"), heads, told)
    )
