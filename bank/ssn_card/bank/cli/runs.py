# SPDX-License-Identifier: Apache-2.0
"""``ssn bank runs``: updates for many cards, approved by two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from rich.console import Group
from sqlalchemy import select
from sqlalchemy.orm import Session

from ssn_card.cli.entitlement_register import open_register
from ssn_card.cli.grouped import grouped
from ssn_card.cli.options import Keyring, OutFolder, PolicyFile, Reason, RegisterPath, key_provider
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.tables import facts, table
from ssn_card.programme import WITA, load_policies
from ssn_card.protocol.errors import Text, numeral, rupiah
from ssn_card.terminal.clock import local

from ..proposals import flow
from ..proposals.content import content_hash
from ..store.bank import Bank
from ..store.tables.batches import ProposalKind, ProposalRow, ProposalStage
from ..store.work import StoreWork
from ..updates.order import RunKind, RunOrder
from ..updates.planning import RunPlan
from ..updates.runs import issue_run, new_run, totals
from .options import BankOptions
from .proposal_steps import require_unchanged, step_taken, tell_stage
from .run_options import RunCards, RunChange, RunName

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_BY_KECAMATAN = [
    (Text("kecamatan", "kecamatan"), "whole"),
    (Text("cards", "kartu"), "right"),
    (Text("with a load", "dengan dana"), "right"),
    (Text("rupiah loaded", "rupiah dimuat"), "right"),
]
_LEFT_OUT = [(Text("left out because", "tidak diikutkan karena"), "left"), (Text("cards", "kartu"), "right")]
_LIST = [
    (Text("run", "tindakan"), "whole"),
    (Text("kind", "jenis"), "left"),
    (Text("stage", "tahap"), "left"),
    (Text("cards", "kartu"), "right"),
    (Text("by", "oleh"), "left"),
    (Text("on", "pada"), "whole"),
]


@app.command()
@grouped
def new(
    *,
    name: RunName,
    bank: BankOptions,
    register: RegisterPath,
    change: RunChange,
    cards: RunCards,
    policies: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Draft a run: the next update of each card. What is not named stays as each card has it.

    Buat rancangan tindakan: pembaruan berikutnya tiap kartu. Yang tidak disebut tetap seperti di kartu.
    """
    with bank.signed_in() as (opened, actor), open_register(register, new=False) as book, opened.work(actor) as work:
        moment = local_now(opened)
        order = change.order(moment.date())
        row, plan = new_run(work, name, order, cards.choice(), book, load_policies(policies), moment)
        data = _data(work.session, row) | {
            "left_out": [{"serial": serial, "why": why.en} for serial, why in plan.left_out]
        }
    emit("bank-runs-new", data, as_json, lambda: Group(_shown(data), _left_out(plan)))


@app.command("list")
@grouped
def list_runs(*, bank: BankOptions, as_json: AsJson = False) -> None:
    """All runs, and where they stand.

    Semua tindakan, dan tahapnya.
    """
    with bank.signed_in() as (opened, _), opened.reading() as session:
        wanted = select(ProposalRow).where(ProposalRow.kind == ProposalKind.RUN.value).order_by(ProposalRow.id)
        found: list[dict[str, Any]] = [
            {
                "name": row.name,
                "kind": RunOrder.of(row.options).kind.value,
                "stage": row.stage,
                "cards": flow.count(session, row),
                "created_by": row.created_by,
                "created_at": row.created_at,
            }
            for row in session.scalars(wanted)
        ]
    emit("bank-runs-list", {"runs": found}, as_json, lambda: table(None, _LIST, map(_row, found)))


@app.command()
@grouped
def show(*, name: RunName, bank: BankOptions, as_json: AsJson = False) -> None:
    """What a run would do: rupiah by kecamatan, for who is to approve it. No names.

    Apa yang akan dilakukan: rupiah per kecamatan, bagi yang akan menyetujui. Tanpa nama.
    """
    with bank.signed_in() as (opened, _), opened.reading() as session:
        data = _data(session, flow.find(session, ProposalKind.RUN, name))
    emit("bank-runs-show", data, as_json, lambda: _shown(data))
    require_unchanged(data)


@app.command()
@grouped
def submit(*, name: RunName, bank: BankOptions, as_json: AsJson = False) -> None:
    """Fix the content of a draft run, and ask for approval.

    Tetapkan isi rancangan tindakan, dan mintakan persetujuan.
    """
    _told("submit", _step(name, bank, flow.submit), as_json)


@app.command()
@grouped
def approve(*, name: RunName, bank: BankOptions, as_json: AsJson = False) -> None:
    """Approve a run that somebody else has submitted.

    Setujui tindakan yang diajukan orang lain.
    """
    _told("approve", _step(name, bank, flow.approve), as_json)


@app.command()
@grouped
def refuse(*, name: RunName, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """Send a run back to its draft.

    Kembalikan tindakan menjadi rancangan.
    """
    _told("refuse", _step(name, bank, lambda work, row: flow.refuse(work, row, reason)), as_json)


@app.command()
@grouped
def cancel(*, name: RunName, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """Give a run up before it is issued.

    Batalkan tindakan sebelum diterbitkan.
    """
    _told("cancel", _step(name, bank, lambda work, row: flow.cancel(work, row, reason)), as_json)


@app.command()
@grouped
def issue(
    *,
    name: RunName,
    bank: BankOptions,
    register: RegisterPath,
    out_dir: OutFolder,
    keyring: Keyring = None,
    policies: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Sign what was approved, exactly (keys: UPDATE); a command that was broken off goes on.

    Tanda tangani yang disetujui, persis (kunci: UPDATE); perintah yang terputus dilanjutkan.
    """
    out = run_file(out_dir, name)
    with (
        bank.signed_in() as (opened, actor),
        open_register(register, new=False) as book,
        key_provider(keyring, bank.development and keyring is None) as provider,
    ):
        count = issue_run(opened, actor, name, book, provider, load_policies(policies), out, local_now(opened))
        with opened.reading() as session:
            stage = flow.find(session, ProposalKind.RUN, name).stage
    data = {"name": name, "stage": stage, "updates": count, "out": str(out)}
    text = Text(f"{count} updates: {out}", f"{count} pembaruan: {out}")
    emit("bank-runs-issue", data, as_json, lambda: say(text))


def _row(run: dict[str, Any]) -> list[str]:
    kind, stage = RunKind(run["kind"]).text, flow.STAGES[ProposalStage(run["stage"])]
    return [run["name"], say(kind), say(stage), say(numeral(run["cards"])), run["created_by"], run["created_at"]]


def local_now(bank: Bank) -> Any:
    """The bank's local time, as cards keep it."""
    return local(bank.now().astimezone(WITA))


def run_file(out_dir: Path, name: str) -> Path:
    """Where the updates of a run go."""
    out_dir.mkdir(parents=True, exist_ok=True)
    return out_dir / f"{name}.jsonl"


def _step(name: str, bank: BankOptions, step: Callable[[StoreWork, ProposalRow], None]) -> dict[str, Any]:
    return step_taken(bank, ProposalKind.RUN, name, step, _standing)


def _standing(session: Session, row: ProposalRow) -> dict[str, Any]:
    return {"name": row.name, "stage": row.stage, "sha256": row.sha256, "cards": flow.count(session, row)}


def _told(command: str, data: dict[str, Any], as_json: bool) -> None:
    tell_stage(f"bank-runs-{command}", data, as_json)


def _data(session: Session, row: ProposalRow) -> dict[str, Any]:
    found = content_hash(session, row)
    by = [
        {"kecamatan": code, "cards": cards, "loads": loads, "rupiah": amount}
        for code, cards, loads, amount in totals(session, row)
    ]
    return {
        "name": row.name,
        "stage": row.stage,
        "order": RunOrder.of(row.options).options(),
        "created_by": row.created_by,
        "sha256": row.sha256,
        "unchanged": row.sha256 in (None, found) or row.stage == ProposalStage.DRAFT,
        "cards": sum(one["cards"] for one in by),
        "rupiah": sum(one["rupiah"] for one in by),
        "kecamatan": by,
    }


def _shown(data: dict[str, Any]) -> Any:
    kind = RunKind(data["order"]["kind"]).text
    told = [
        (Text("run", "tindakan"), data["name"]),
        (Text("kind", "jenis"), say(kind)),
        (Text("stage", "tahap"), say(flow.STAGES[ProposalStage(data["stage"])])),
        (Text("made by", "dibuat oleh"), data["created_by"]),
        (Text("cards", "kartu"), say(numeral(data["cards"]))),
        (Text("loaded in all", "jumlah dimuat"), rupiah(data["rupiah"])),
        (Text("content, SHA-256", "isi, SHA-256"), data["sha256"] or "-"),
    ]
    rows = [
        [one["kecamatan"], say(numeral(one["cards"])), say(numeral(one["loads"])), rupiah(one["rupiah"])]
        for one in data["kecamatan"]
    ]
    return Group(facts(None, told), table(None, _BY_KECAMATAN, rows))


def _left_out(plan: RunPlan) -> Any:
    counted = Counter(why for _, why in plan.left_out)
    if not counted:
        return ""
    return table(None, _LEFT_OUT, [[say(why), say(numeral(count))] for why, count in counted.most_common()])
