# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn sim figures``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssn_card.cli.errors import FindingsFound
from ssn_card.cli.output import AsJson, emit, progress, say, warn
from ssn_card.cli.tables import sentence
from ssn_card.protocol.checkout import repository
from ssn_card.protocol.errors import Text

from .document import STEPS, differing, make, write


class FiguresDiffer(FindingsFound):
    """Figures of the documents are not those of this applet, or were altered by hand."""

    code = "figures-differ"
    remedy = Text("Make them anew: make figures.", "Buat ulang: make figures.")
    text = Text("Out of date: {listed}.", "Tidak mutakhir: {listed}.")
    listed: str = ""


def figures(
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; fail if any differs / tidak menulis apa pun; gagal bila ada yang berbeda."
        ),
    ] = False,
    docs: Annotated[
        Path | None, typer.Option("--docs", metavar="DIR", help="Folder of the documents / folder berisi dokumen.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the documents' pictures and figures from the applet; sizes too where JC_HOME and ANT_JAVACARD_JAR are set.

    Buat gambar dan angka dokumen dari applet; juga ukurannya bila JC_HOME dan ANT_JAVACARD_JAR diisi.
    """
    root = repository()  # has the sources that the figures are of
    folder = docs or root / "docs"
    with progress(as_json) as bar:
        task = bar.add_task(say(Text("Measuring", "Mengukur")), total=STEPS)
        made = make(folder, lambda: bar.advance(task))
    changed = differing(folder, made) if check else write(folder, made)
    data = {"files": list(made.files), "changed": changed, "written": not check, "stale_sizes": made.stale}
    count = len(made.files)
    text = Text(
        f"{count} files, {len(changed)} changed: {', '.join(changed) or '-'}",
        f"{count} berkas, {len(changed)} berubah: {', '.join(changed) or '-'}",
    )
    emit("sim-figures", data, as_json, lambda: sentence(text))
    if made.stale:
        warn(
            Text(
                f"CAP sizes are of other sources (JC_HOME and ANT_JAVACARD_JAR are needed): {', '.join(made.stale)}",
                f"Ukuran CAP dari kode sumber lain (perlu JC_HOME dan ANT_JAVACARD_JAR): {', '.join(made.stale)}",
            )
        )
    if check and changed:
        raise FiguresDiffer(len(changed), folder, listed=", ".join(changed))
