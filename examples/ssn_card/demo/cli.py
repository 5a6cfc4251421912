# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn demo``."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from ssn_card.cli.options import Extract, OutFolder
from ssn_card.cli.output import AsJson, emit, progress, say, stderr
from ssn_card.cli.tables import sentence
from ssn_card.keys import development_keyring
from ssn_card.personalization.intake.rows import Beneficiary, read_rows
from ssn_card.programme import load_policies, load_shops
from ssn_card.protocol.errors import InputError, Text
from ssn_card.receipts import append_tip, write_line
from ssn_card.simulator import Simulator
from ssn_card.simulator.pcscd import Pcscd, virtual_reader

from .audit import audit
from .cards import Cards, PcscCards, SocketCards
from .journey import DemoFailed, Journey, JourneyOutcome
from .scenario import FAMILIES, Scenario
from .summary import summary, tables

POLICY = 2025
SEED = 2025
_MARK = "summary.json"
EXTRACT = Path(__file__).with_name("beneficiaries.csv")

_STEPS = {
    "personalize": Text("Personalizing cards", "Personalisasi kartu"),
    "shop": Text("Two months at the shops", "Dua bulan di toko"),
    "read": Text("Reading the cards", "Membaca kartu"),
}


class Transport(StrEnum):
    """How the cards are reached."""

    SIM = "sim"
    PCSC = "pcsc"


def demo(
    transport: Annotated[
        Transport,
        typer.Option("--transport", help="Plain sockets, or a real pcscd / soket biasa, atau pcscd sungguhan."),
    ] = Transport.SIM,
    folder: OutFolder = Path("build/demo"),
    beneficiaries: Extract = EXTRACT,
    as_json: AsJson = False,
) -> None:
    """What its :class:`~ssn_card.cli.groups.Command` says."""
    start = time.monotonic()
    _clear(folder)
    provider = development_keyring()
    policy = load_policies().by_id(POLICY)
    families = islice((row for row in read_rows(beneficiaries, policy) if isinstance(row, Beneficiary)), FAMILIES)
    scenario = Scenario(policy, load_shops(), [family.region_code for family in families], SEED)
    with _cards(transport) as cards, progress(as_json) as bar:
        journey = Journey(folder, cards, provider, _Steps(bar).update)
        try:
            journey.personalize(beneficiaries, policy)
            journey.play(scenario.events())
        finally:
            journey.close()
    outcome = journey.outcome
    _write(folder, outcome)
    tips = {serial: card.tip for serial, card in outcome.statuses.items()}
    clean, found = audit(folder / "receipts.jsonl", tips, provider, SEED)
    figures = summary(outcome, clean, found, time.monotonic() - start)
    (folder / _MARK).write_text(json.dumps(figures, indent=2) + "\n", "ascii")
    emit("demo", figures, as_json, lambda: tables(figures, outcome, found))
    if not as_json:
        stderr().print(sentence(Text(f"Written to {folder}/.", f"Ditulis ke {folder}/.")), crop=False)
    if not figures["conserved"] or figures["tampered"] != figures["tampered_found"]:
        raise DemoFailed(Text("The figures do not agree.", "Angka tidak cocok."), where=str(folder / _MARK))


class _Steps:
    """A bar for each step."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def update(self, step: str, done: int, of: int) -> None:
        """Show how far a step is."""
        if step not in self._tasks:
            self._tasks[step] = self._bar.add_task(say(_STEPS[step]), total=of)
        self._bar.update(self._tasks[step], completed=done)


@contextmanager
def _cards(transport: Transport) -> Iterator[Cards]:
    """Simulated cards on the way asked for; everything started is stopped at the end."""
    with Simulator() as simulator:
        if transport is Transport.SIM:
            yield SocketCards(simulator, FAMILIES)
        else:
            with Pcscd():
                yield PcscCards(simulator, FAMILIES, virtual_reader())


def _clear(folder: Path) -> None:
    """Make the folder anew; refuse to remove one that is not an earlier demo's."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists() and not (folder / "station.sqlite").exists():
            raise InputError(
                Text("The folder holds something else.", "Folder berisi hal lain."),
                where=str(folder),
                remedy=Text("Name another with --out-dir.", "Pilih folder lain dengan --out-dir."),
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def _write(folder: Path, outcome: JourneyOutcome) -> None:
    with (folder / "receipts.jsonl").open("w", encoding="ascii") as file:
        for receipt, basket in outcome.receipts:
            write_line(file, receipt, basket)
    for serial, card in outcome.statuses.items():
        append_tip(folder / "tips.jsonl", serial, card.tip)
