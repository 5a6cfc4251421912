# SPDX-License-Identifier: Apache-2.0
"""A document as one HTML file that holds all it needs, without a script; every text in it is escaped."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .document import Document

_TEMPLATES: Final = Path(__file__).parent / "templates"


def as_html(document: Document) -> bytes:
    """The file. A chart is a picture of its own in it, so that its marks and styles touch nothing else."""
    template = _environment().get_template("report.html.j2")
    style = Markup((_TEMPLATES / "report.css").read_text("utf-8"))  # noqa: S704 - a file of ours
    return template.render(document=document, style=style).encode("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["picture"] = _picture
    return environment


def _picture(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")
