# SPDX-License-Identifier: Apache-2.0
"""A template, and papers by the dozen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import typst

from ssn_card.programme.zone import WITA

from .errors import PaperNotSet

#: Templates see the files below, ``/paper/house.typ`` among them, and no others.
ROOT: Final = Path(__file__).parents[1]
#: Where typst would look for packages of others: nowhere.
_NOWHERE = ROOT / "paper/no-packages"
_INSIDE = typst.Fonts(include_system_fonts=False)
_REMEMBERED = 10  #: papers for which typst keeps what it has set: of five hundred pages, 300 MB


class Press:
    """Sets papers by one template, a file below :data:`ROOT`, which finds its data by ``json(bytes(sys.inputs.data))``.

    ``made``: the moment that stands in a PDF as that of its making, local (WITA), for the clock would make each
    another. Data is what JSON can say; its texts are shown as they are, whatever marks stand in them. A picture in it
    is its SVG as text: ``image(bytes(data.chart), format: "svg")``, its letters drawn as paths.

    ``root``: for a template that stands elsewhere, the folder of which it sees the files, in place of :data:`ROOT`.
    """

    def __init__(self, template: Path, made: datetime, root: Path | None = None) -> None:
        self._template = template.resolve()
        self._made = made.replace(tzinfo=WITA, microsecond=0)
        self._compiler = typst.Compiler(
            input=self._template,
            root=root or ROOT,
            font_paths=_INSIDE,
            ignore_system_fonts=True,
            package_path=_NOWHERE,
            package_cache_path=_NOWHERE,
        )

    def pdf(self, data: Mapping[str, object], *, tagged: bool = True) -> bytes:
        """The paper. ``tagged``: screen readers are told its structure, at fifteen times the size.

        Raises :class:`PaperNotSet`.
        """
        (paper,) = self._compiled("pdf", data, pdf_tags=tagged)
        return paper

    def pictures(self, data: Mapping[str, object], *, dots: int = 100) -> list[bytes]:
        """The paper's pages as PNG, ``dots`` to the inch. Raises :class:`PaperNotSet`."""
        return self._compiled("png", data, ppi=float(dots))

    def _compiled(self, form: Literal["pdf", "png"], data: Mapping[str, object], **more: Any) -> list[bytes]:
        told = {"data": json.dumps(data, ensure_ascii=False)}
        try:
            result, warnings = self._compiler.compile_with_warnings(
                format=form, sys_inputs=told, timestamp=self._made, **more
            )
        except typst.TypstError as error:
            raise PaperNotSet(error.message, str(self._template)) from None
        if warnings:  # a font or a letter that is not there, and another in its place
            raise PaperNotSet(warnings[0].message, str(self._template))
        if result is None:
            raise PaperNotSet("nothing came out", str(self._template))
        return [result] if isinstance(result, bytes) else list(result)


def forget() -> None:
    """Let typst's memory go after a large paper: it does so only after ten others, which this sets, empty."""
    for _ in range(_REMEMBERED + 1):
        typst.compile(b" ", font_paths=_INSIDE, ignore_system_fonts=True)
