# SPDX-License-Identifier: Apache-2.0
"""The commands ``ssn applet …``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text as Styled

from ssn_card.cli.options import OutFolder
from ssn_card.cli.output import AsJson, emit, say, stderr, warn
from ssn_card.cli.tables import facts, sentence, table
from ssn_card.protocol.checkout import is_checkout, repository
from ssn_card.protocol.errors import Text, default_language, numeral

from .build import APPLET_CLASSES, LOAD_SIZE_GOAL, BuiltCap, build_cap
from .capfile import NOT_LOADED
from .check import check_directory
from .errors import AppletFindings
from .findings import Finding
from .tools import find_tools

app = typer.Typer(no_args_is_help=True)

_BYTES = (Text("Bytes", "Byte"), "right")


@app.command()
def check(
    classes: Annotated[
        Path, typer.Option("--classes", metavar="DIR", help="Compiled classes / kelas hasil kompilasi.")
    ] = APPLET_CLASSES,
    as_json: AsJson = False,
) -> None:
    """Check compiled classes for what Java Card 2.2.2 cannot run. Needs no kit.

    Periksa kelas terhadap kemampuan Java Card 2.2.2. Tanpa kit.
    """
    found = check_directory(classes)
    count = sum(1 for _ in classes.rglob("*.class"))
    data = {"classes": count, "findings": [finding.as_dict() for finding in found]}
    emit("applet-check", data, as_json, lambda: _findings(found, count))
    if found:
        raise AppletFindings(len(found), classes)


@app.command(hidden=not is_checkout())
def build(
    folder: OutFolder = Path("dist"),
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="VERSION",
            help="Java Card version that the kit knows, default 3.0.4, or a kit's directory / "
            "versi Java Card yang dikenal kit, bawaan 3.0.4, atau folder sebuah kit.",
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show all that the tools say / tampilkan semua pesan alat.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Convert the applet to a CAP file and verify it, with the kit in JC_HOME and ANT_JAVACARD_JAR.

    Ubah applet menjadi berkas CAP dan verifikasi, dengan kit di JC_HOME dan ANT_JAVACARD_JAR.
    """

    def log(said: str) -> None:
        if verbose:
            stderr().print(said, markup=False, soft_wrap=True)

    repository()  # has the sources; said before anybody looks for a kit in vain
    built = build_cap(folder, find_tools(target), log)
    if built.cap.load_size > LOAD_SIZE_GOAL:
        warn(
            Text(
                f"The load size is above the goal of {LOAD_SIZE_GOAL} bytes.",
                f"Ukuran muat di atas sasaran {LOAD_SIZE_GOAL} byte.",
            )
        )
    emit("applet-build", _as_dict(built), as_json, lambda: _built(built))


def _findings(found: list[Finding], count: int) -> RenderableType:
    if not found:
        return sentence(Text(f"No findings; classes: {count}.", f"Tanpa temuan; kelas: {count}."))
    return Group(*(Styled(finding.describe(default_language()), no_wrap=True, overflow="ignore") for finding in found))


def _as_dict(built: BuiltCap) -> dict[str, Any]:
    cap = built.cap
    return {
        "cap": str(built.path),
        "sha256": built.sha256,
        "bytes": built.size,
        "target": built.target,
        "load_size": cap.load_size,
        "load_size_goal": LOAD_SIZE_GOAL,
        "components": cap.components,
        "package": {"aid": cap.package_aid.hex().upper(), "version": cap.package_version},
        "applets": [aid.hex().upper() for aid in cap.applets],
        "imports": [{"aid": wanted.aid.hex().upper(), "version": wanted.version} for wanted in cap.imports],
    }


def _built(built: BuiltCap) -> RenderableType:
    cap = built.cap
    rows = [
        (Text("CAP file", "Berkas CAP"), f"{built.path} ({say(numeral(built.size))} B)"),
        (Text("SHA-256", "SHA-256"), built.sha256),
        (Text("Load size", "Ukuran muat"), f"{say(numeral(cap.load_size))} / {say(numeral(LOAD_SIZE_GOAL))} B"),
        (Text("Package", "Paket"), f"{cap.package_aid.hex().upper()} {cap.package_version}"),
        *((Text("Applet", "Applet"), aid.hex().upper()) for aid in cap.applets),
        (Text("Target", "Sasaran"), built.target),
    ]
    sizes = table(
        Text("Components", "Komponen"),
        [(Text("Name", "Nama"), "left"), _BYTES, (Text("Loaded", "Dimuat"), "left")],
        [(name, str(size), "-" if name in NOT_LOADED else "+") for name, size in cap.components.items()],
    )
    title = Text("The applet was converted and verified.", "Applet telah dikonversi dan diverifikasi.")
    return Group(facts(title, rows), Styled(""), sizes)
