# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn sim fuzz``."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType

from ssn_card.cli.options import Apdus, Only, OutFolder, Seed
from ssn_card.cli.output import AsJson, emit, progress, say, stderr
from ssn_card.cli.tables import facts, sentence, table
from ssn_card.protocol import status
from ssn_card.protocol.errors import Text, numeral

from ..errors import HostNotWithstood
from ..harsh import Harsh
from ..simulator import HARSH, Simulator
from .findings import read
from .run import Report, replay, run

_SEED_BYTES = 8


def fuzz(
    apdus: Apdus = 1_000_000,
    seed: Seed = "",
    only: Only = "",
    folder: OutFolder = Path("fuzz-findings"),
    replayed: Annotated[
        Path | None,
        typer.Option(
            "--replay",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Run a finding again / jalankan ulang sebuah temuan.",
        ),
    ] = None,
    classes: Annotated[
        Path | None,
        typer.Option(
            "--classes", metavar="DIR", exists=True, file_okay=False, help="Compiled classes / kelas hasil kompilasi."
        ),
    ] = None,
    harsh: Harsh = False,
    as_json: AsJson = False,
) -> None:
    """Play a hostile reader: fuzz the applet with commands, guided by its coverage, and judge the card after each.

    Bermain pembaca jahat: serang applet dengan perintah, dipandu cakupannya, lalu nilai kartunya setelah tiap perintah.
    """
    with Simulator(freedoms=HARSH if harsh else ()) as simulator, progress(as_json) as bar:
        if replayed is not None:
            report = replay(simulator, read(replayed), classes=classes)
        else:
            seed = seed or secrets.token_hex(_SEED_BYTES)
            stderr().print(f"--seed {seed}", highlight=False)
            task = bar.add_task(say(Text("Attacking", "Menyerang")), total=apdus)
            report = run(
                simulator, apdus, seed, only=only, classes=classes, progress=lambda done: bar.advance(task, done)
            )
    if replayed is None:
        for number, finding in enumerate(report.findings, start=1):
            stderr().print(str(finding.write(folder, number)), markup=False, soft_wrap=True)
    emit("sim-fuzz", report.as_dict(), as_json, lambda: _tables(report))
    if report.findings:
        raise HostNotWithstood(len(report.findings))


def _tables(report: Report) -> RenderableType:
    rate = round(report.apdus / report.seconds) if report.seconds else 0
    declared = len(status.STATUS_WORDS) - 1
    rows = [
        (Text("commands", "perintah"), f"{say(numeral(report.apdus))} ({say(numeral(rate))}/s)"),
        (Text("visits of the honest terminal", "kunjungan terminal jujur"), say(numeral(report.visits))),
        (Text("edges reached", "sisi kode tercapai"), f"{report.passed()} / {report.known()}"),
        (
            Text("of these branches", "di antaranya cabang"),
            f"{report.passed(branches=True)} / {report.known(branches=True)}",
        ),
        (Text("corpus", "korpus"), say(numeral(report.corpus))),
        (Text("refusals seen", "penolakan terlihat"), f"{declared - len(report.never_seen)} / {declared}"),
        *(
            (Text(f"exception: {name}", f"pengecualian: {name}"), say(numeral(count)))
            for name, count in report.exceptions.items()
        ),
        (Text("findings", "temuan"), str(len(report.findings))),
    ]
    parts: list[RenderableType] = [facts(Text("The hostile host", "Pembaca jahat"), rows)]
    if report.findings:
        columns = (
            (Text("rule", "aturan"), "whole"),
            (Text("where", "di mana"), "left"),
            (Text("seen", "terlihat"), "left"),
        )
        parts.append(
            table(
                Text("Findings", "Temuan"),
                columns,
                ((one.fault.rule, one.fault.where, one.fault.detail) for one in report.findings),
            )
        )
    else:
        parts.append(sentence(Text("The card withstood it.", "Kartu bertahan.")))
    return Group(*parts)
