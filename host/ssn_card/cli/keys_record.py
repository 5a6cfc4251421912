# SPDX-License-Identifier: Apache-2.0
"""The file of a ceremony's record: text, or PDF where its name says so; never over another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ssn_card.protocol.errors import Text
from ssn_card.storage import whole_file

from .errors import BadFile, ExtraMissing

#: The text as it is, in typst's own typewriter letters; it goes there as data, and is never read as markup.
_TEMPLATE = b"""#set page(paper: "a4", margin: (x: 1.7cm, y: 2cm))
#show raw: set text(font: "DejaVu Sans Mono", size: 8pt)
#raw(sys.inputs.text, block: true)
"""


def require_room(path: Path) -> None:
    """Before anything is done: nothing has the name, and what makes a PDF is there.

    Raises :class:`BadFile`, :class:`ExtraMissing`.
    """
    if path.exists():
        raise BadFile(Text("The file exists already.", "Berkas sudah ada."), where=str(path))
    if _is_pdf(path):
        _typst()


def write_record(path: Path, text: str) -> None:
    """Write it, whole. Raises :class:`BadFile`."""
    content: bytes = text.encode()
    if _is_pdf(path):
        content = _typst().compile(_TEMPLATE, format="pdf", sys_inputs={"text": text})
    try:
        with whole_file(path, new=True) as file:
            file.write(content)
    except OSError as error:
        raise BadFile.unusable(path, error) from None


def _is_pdf(path: Path) -> bool:
    return path.suffix.lower() == ".pdf"


def _typst() -> Any:
    try:
        import typst
    except ModuleNotFoundError:
        raise ExtraMissing("paper", "typst") from None
    return typst
