# SPDX-License-Identifier: Apache-2.0
"""``ssn bank batches``: who is to get a card, approved by two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from ssn_card.cli.files import serial_of
from ssn_card.cli.grouped import grouped
from ssn_card.cli.options import Companions, MostCards, PolicyFile, PolicyId, Reason
from ssn_card.cli.output import AsJson, emit, say, warn
from ssn_card.cli.tables import table
from ssn_card.programme import load_policies, load_regions
from ssn_card.protocol.errors import Text, numeral

from ..proposals import batches, flow
from ..proposals.batches import BatchChoice
from ..proposals.content import content_hash
from ..proposals.figures import listed
from ..store.tables.batches import ProposalKind, ProposalRow, ProposalStage
from ..store.work import StoreWork
from .batch_shown import batch_data, batch_table
from .options import BankOptions, ManyKecamatan
from .proposal_steps import require_unchanged, step_taken, tell_stage

BatchToChange = Annotated[str, typer.Argument(metavar="NAME", help="The batch's name / nama kelompok.")]
Reissue = Annotated[
    list[str] | None,
    typer.Option(
        "--reissue",
        metavar="SERIAL",
        help="Make another card in place of this one, repeatable / buat kartu pengganti kartu ini, dapat diulang.",
    ),
]
Lines = Annotated[
    list[int],
    typer.Argument(metavar="LINE...", min=1, help="Lines of the batch / baris dalam kelompok."),
]
_LEFT_OUT = Text(
    "{count} persons were left out: no longer ready, or they have a card or another batch by now.",
    "{count} orang tidak diikutkan: tidak lagi siap, atau kini sudah punya kartu atau kelompok lain.",
)
_COLUMNS = [
    (Text("batch", "kelompok"), "whole"),
    (Text("stage", "tahap"), "left"),
    (Text("policy", "kebijakan"), "right"),
    (Text("lines", "baris"), "right"),
    (Text("cards", "kartu"), "right"),
    (Text("by", "oleh"), "left"),
    (Text("on", "pada"), "whole"),
]

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
@grouped
def new(
    *,
    name: BatchToChange,
    bank: BankOptions,
    policy: PolicyId,
    policies: PolicyFile = None,
    kecamatan: ManyKecamatan = None,
    companion: Companions = None,
    limit: MostCards = None,
    reissue: Reissue = None,
    as_json: AsJson = False,
) -> None:
    """Draft a batch: everybody who is ready, has no card, and is in no other open batch; or cards to be replaced.

    Buat rancangan kelompok: semua yang siap, belum punya kartu, dan tidak ada di kelompok lain; atau kartu pengganti.
    """
    chosen = load_policies(policies).by_id(policy)
    regions = load_regions()
    choice = BatchChoice(
        kecamatan=[regions.find(code).code for code in kecamatan or ()],
        companions=companion or (),
        limit=limit,
        reissue=[serial_of(serial, "--reissue").hex() for serial in reissue or ()],
    )
    with bank.signed_in() as (opened, actor), opened.work(actor) as work:
        row = batches.new(work, name, chosen.id, chosen.entitlement_total, choice)
        data = batch_data(work.session, row)
    emit("bank-batches-new", data, as_json, lambda: batch_table(data))


@app.command("list")
@grouped
def list_batches(*, bank: BankOptions, as_json: AsJson = False) -> None:
    """All batches, and how many of their cards were made.

    Semua kelompok, dan berapa kartunya yang sudah dibuat.
    """
    with bank.signed_in() as (opened, _), opened.reading() as session:
        found = [
            {
                "name": row.name,
                "stage": row.stage,
                "policy_id": row.policy_id,
                "items": items,
                "cards": cards,
                "created_by": row.created_by,
                "created_at": row.created_at,
            }
            for row, items, cards in listed(session)
        ]
    emit("bank-batches-list", {"batches": found}, as_json, lambda: _list(found))


@app.command()
@grouped
def show(*, name: BatchToChange, bank: BankOptions, as_json: AsJson = False) -> None:
    """A batch: control totals, counts by kecamatan, who did what, and how far its cards have come. No names.

    Satu kelompok: total kendali, jumlah per kecamatan, siapa berbuat apa, dan sejauh mana kartunya. Tanpa nama.
    """
    with bank.signed_in() as (opened, _), opened.reading() as session:
        row = flow.find(session, ProposalKind.BATCH, name)
        data = batch_data(session, row)
    emit("bank-batches-show", data, as_json, lambda: batch_table(data))
    require_unchanged(data)


@app.command()
@grouped
def submit(*, name: BatchToChange, bank: BankOptions, as_json: AsJson = False) -> None:
    """Fix the content of a draft, and ask for approval.

    Tetapkan isi rancangan, dan mintakan persetujuan.
    """
    left_out = 0

    def submitting(work: StoreWork, row: ProposalRow) -> None:
        nonlocal left_out
        left_out = batches.submit(work, row)

    data = _step(name, bank, submitting) | {"left_out": left_out}
    _told("submit", data, as_json)
    if left_out:
        warn(_LEFT_OUT.filled(count=left_out))


@app.command()
@grouped
def approve(*, name: BatchToChange, bank: BankOptions, as_json: AsJson = False) -> None:
    """Approve what somebody else has submitted.

    Setujui yang diajukan orang lain.
    """
    _told("approve", _step(name, bank, flow.approve), as_json)


@app.command()
@grouped
def refuse(*, name: BatchToChange, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """Send a batch back to its draft.

    Kembalikan kelompok menjadi rancangan.
    """
    _told("refuse", _step(name, bank, lambda work, row: flow.refuse(work, row, reason)), as_json)


@app.command()
@grouped
def cancel(*, name: BatchToChange, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """Give a batch up before it is produced.

    Batalkan kelompok sebelum diproduksi.
    """
    _told("cancel", _step(name, bank, lambda work, row: flow.cancel(work, row, reason)), as_json)


@app.command()
@grouped
def withdraw(*, name: BatchToChange, lines: Lines, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """Take persons without a card out of a batch, by their lines.

    Tarik orang yang belum mendapat kartu dari kelompok, menurut barisnya.
    """
    _told("withdraw", _step(name, bank, lambda work, row: batches.withdraw(work, row, lines, reason)), as_json)


@app.command()
@grouped
def close(*, name: BatchToChange, bank: BankOptions, as_json: AsJson = False) -> None:
    """End a batch in which everybody has a card, or was withdrawn.

    Akhiri kelompok yang semua orangnya sudah mendapat kartu, atau ditarik.
    """
    _told("close", _step(name, bank, batches.close), as_json)


def _step(name: str, bank: BankOptions, step: Callable[[StoreWork, ProposalRow], None]) -> dict[str, Any]:
    return step_taken(bank, ProposalKind.BATCH, name, step, _standing)


def _standing(session: Session, row: ProposalRow) -> dict[str, Any]:
    sha256 = row.sha256 or content_hash(session, row)
    return {"name": row.name, "stage": row.stage, "sha256": sha256, "items": flow.count(session, row)}


def _told(command: str, data: dict[str, Any], as_json: bool) -> None:
    tell_stage(f"bank-batches-{command}", data, as_json)


def _list(found: list[dict[str, Any]]) -> Any:
    rows = [
        [
            one["name"],
            say(flow.STAGES[ProposalStage(one["stage"])]),
            str(one["policy_id"]),
            say(numeral(one["items"])),
            say(numeral(one["cards"])),
            one["created_by"],
            one["created_at"],
        ]
        for one in found
    ]
    return table(None, _COLUMNS, rows)
