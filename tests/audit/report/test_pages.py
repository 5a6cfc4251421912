# SPDX-License-Identifier: Apache-2.0
"""The pages of a report: both languages say the same, findings first; nothing of others acts; nothing is cut."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Tick
from matplotlib.figure import Figure
from matplotlib.text import Text as Label
from tests.audit.report.made import report

from ssn_card.audit.report.charts import programme as programme_charts
from ssn_card.audit.report.charts import shops as shop_charts
from ssn_card.audit.report.charts import subject as subject_charts
from ssn_card.audit.report.compose import LANGUAGES, compose
from ssn_card.audit.report.data import Personal, ReportData
from ssn_card.audit.report.document import Chart, Document, Grid, Section
from ssn_card.audit.report.html import as_html
from ssn_card.audit.report.pages import as_pdf, as_pictures
from ssn_card.audit.rules.outcome import Subject
from ssn_card.paper.foreign import letters, shown

ROOT = Path(__file__).parents[3]
#: What must be shown as it is: markup, templates, formulas, typst, mathtext, and marks that hide or turn what follows.
HOSTILE = (
    "</title></style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% include 'report.css' %}",
    '#panic("typst")',
    '"; #read("/audit/errors.py") //',
    "$ x^2 $ $\\frac{1}{$ *bold* _it_ `raw` <label> @ref \\u{41}",
    "toko\x00\x1b[31m\u202egnorw\u200b",
    "店 مخزن 😀",
    "A" * 300,
    "]]><!--",
)


@pytest.fixture(scope="module")
def made() -> ReportData:
    return report()


@cache
def composed(language: str) -> Document:
    return compose(report(), language)


@pytest.fixture(params=LANGUAGES)
def document(request: pytest.FixtureRequest) -> Document:
    return composed(request.param)


def test_findings_come_first_and_every_part_is_there(document: Document) -> None:
    assert [part.anchor for part in document.parts] == ["visits", "proof", "programme", "checked", "method"]
    first = next(block for block in document.blocks if isinstance(block, Grid))
    assert [row[1].split()[0] for row in first.rows[:2]] == ["EW-007", "EW-023"]
    assert {row[0] for row in first.rows} == {"1", "2", "3"}


def test_both_languages_have_the_same_blocks() -> None:
    one, other = map(composed, LANGUAGES)
    assert [type(block) for block in one.blocks] == [type(block) for block in other.blocks]
    for here, there in zip(one.blocks, other.blocks, strict=True):
        if isinstance(here, Grid) and isinstance(there, Grid):
            assert (here.columns, len(here.rows)) == (there.columns, len(there.rows))
    told = [block.text for block in one.blocks if isinstance(block, Section)]
    assert told != [block.text for block in other.blocks if isinstance(block, Section)]


def test_no_place_is_left_unfilled(document: Document) -> None:
    for text in _texts(document):
        assert not re.search(r"\{\w*\}|None|Text\(", text), text


def test_a_table_has_a_cell_for_each_column(document: Document) -> None:
    for block in document.blocks:
        if isinstance(block, Grid):
            assert {len(row) for row in block.rows} <= {len(block.heads)} == {len(block.columns)}


def test_what_was_not_judged_is_said(document: Document) -> None:
    text = " ".join(_texts(document))
    for told in ("A10", "prices.csv", "EW-099", "61", "14"):
        assert told in text


def test_nobody_to_visit_is_no_page_without_words(made: ReportData) -> None:
    nothing = replace(
        made,
        suspects=(),
        shops=tuple(replace(one, visit=False) for one in made.shops),
        unplaced=(),
        hours=(),
        months=(),
    )
    for language in LANGUAGES:
        document = compose(nothing, language)
        assert not [block for block in document.blocks if isinstance(block, Grid) and not block.rows]
        assert as_html(document)
        assert as_pdf(document, nothing.dated).startswith(b"%PDF")


def test_names_stand_with_their_reason_only(made: ReportData) -> None:
    named = tuple(replace(one, name="Siti Rahmah") if one.subject is Subject.FAMILY else one for one in made.suspects)
    asked = replace(made, suspects=named, personal=Personal("letter 12/2026 of the inspectorate", 1))
    page = as_html(compose(asked, "en")).decode()
    assert "letter 12/2026 of the inspectorate" in page
    assert "Siti Rahmah" in page
    assert "no family&#39;s name" not in page
    assert "no family&#39;s name" in as_html(composed("en")).decode()


class _Page(HTMLParser):
    """Elements, and the text outside of them."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_what_others_write_is_shown_and_does_nothing(made: ReportData) -> None:
    texts = [shown(text) for text in HOSTILE]
    suspects = [replace(one, name=text, place=text) for one, text in zip(made.suspects, texts, strict=False)]
    document = compose(
        replace(
            made,
            suspects=tuple(suspects),
            shops=tuple(replace(one, name=texts[place % len(texts)]) for place, one in enumerate(made.shops)),
            kecamatan=tuple(replace(one, name=text) for one, text in zip(made.kecamatan, texts, strict=True)),
            personal=Personal(" ".join(texts), 1),
        ),
        "id",
    )
    page = _Page(as_html(document))
    assert set(page.tags) <= _ALLOWED
    assert all(link.startswith(("#", "data:image/svg+xml;base64,")) for link in page.links)
    for text in texts:
        assert text in " ".join(page.words)
    assert as_pdf(document, made.dated).startswith(b"%PDF")  # typst: nothing was read as markup
    for chart in (block for block in document.blocks if isinstance(block, Chart)):
        assert ElementTree.fromstring(chart.svg).tag.endswith("svg")  # noqa: S314 - what we have written


_ALLOWED = frozenset(
    {"html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "nav", "ol", "ul", "li"}
    | {"main", "figure", "figcaption", "img", "div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
)


def test_a_picture_names_others_by_number_only_where_its_font_has_no_letter() -> None:
    assert letters("Toko ĝ 店") == "Toko ĝ [U+5E97]"
    assert shown("a\x00b\u202ec\n d") == "a\ufffdb\ufffdc d"


def test_the_page_needs_nothing_else(document: Document) -> None:
    page = as_html(document).decode()
    for outside in ("http:", "https:", "url(", "@import", "<script", "<link"):
        assert outside not in page.replace('xmlns="http:', "")
    assert f'<html lang="{document.language}">' in page
    assert page.count("<img ") == page.count('alt="') == len([one for one in document.blocks if isinstance(one, Chart)])


def test_charts_are_grey_and_told(document: Document) -> None:
    charts = [block for block in document.blocks if isinstance(block, Chart)]
    assert len(charts) == 8
    for chart in charts:
        for red, green, blue in re.findall(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\b", chart.svg):
            assert red == green == blue
        assert chart.title
        assert chart.told


def test_no_word_of_a_chart_is_cut(monkeypatch: pytest.MonkeyPatch, made: ReportData) -> None:
    seen = 0

    def measured(figure: Figure) -> str:
        nonlocal seen
        figure.draw_without_rendering()
        whole = figure.bbox
        for text in _texts_of(figure):
            box = text.get_window_extent()
            assert box.x0 >= whole.x0 - 1, text
            assert box.x1 <= whole.x1 + 1, text
            assert box.y0 >= whole.y0 - 1, text
            assert box.y1 <= whole.y1 + 1, text
            seen += 1
        for axes in figure.axes:
            low, high = sorted(axes.get_ylim())
            assert low <= axes.dataLim.y0 + 1e-9, axes.get_title(loc="left")
            assert axes.dataLim.y1 <= high + 1e-9, axes.get_title(loc="left")
        return "<svg/>"

    def _texts_of(figure: Figure) -> Iterator[Label]:
        beyond = {id(tick.label1) for axes in figure.axes for tick in _ticks_beyond(axes)}
        for artist in figure.findobj(Label):
            panel = artist.axes
            shown = artist.get_visible() and (panel is None or panel.get_visible())
            if shown and id(artist) not in beyond and artist.get_text():
                yield artist

    def _ticks_beyond(axes: Axes) -> Iterator[Tick]:
        """Of an axis that is longer than what is seen of it, or turned off: they are never drawn."""
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            yield from (tick for tick in axis.get_major_ticks() if not (axes.axison and low <= tick.get_loc() <= high))

    monkeypatch.setattr(programme_charts, "finished", measured)
    monkeypatch.setattr(shop_charts, "finished", measured)
    monkeypatch.setattr(subject_charts, "finished", measured)
    for language in LANGUAGES:
        compose(made, language)
    assert seen > 300


def test_the_same_bytes_in_every_process(made: ReportData) -> None:
    program = (
        "import hashlib, sys; sys.path.insert(0, '.')\n"
        "from tests.audit.report.made import report\n"
        "from ssn_card.audit.report.compose import compose\n"
        "from ssn_card.audit.report.html import as_html\n"
        "from ssn_card.audit.report.pages import as_pdf\n"
        "data = report(); document = compose(data, 'id')\n"
        "print(hashlib.sha256(as_html(document) + as_pdf(document, data.dated)).hexdigest())"
    )
    other = {"PYTHONHASHSEED": "1", "TZ": "America/Lima", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1", "SSN_LANG": "en"}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **other},
        capture_output=True,
        text=True,
        check=True,
    )
    here = as_html(composed("id")) + as_pdf(composed("id"), made.dated)
    assert ran.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_pages_are_pictures_too(made: ReportData) -> None:
    pictures = as_pictures(composed("en"), made.dated, dots=30)
    assert len(pictures) > 4
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert len({hashlib.sha256(picture).digest() for picture in pictures}) == len(pictures)


def test_a_picture_in_the_page_is_whole(document: Document) -> None:
    page = as_html(document).decode()
    for data in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page):
        svg = base64.b64decode(data).decode()
        assert svg.startswith("<?xml")
        assert svg.rstrip().endswith("</svg>")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Document):
        for block in value.blocks:
            yield from _texts(vars(block) if not isinstance(block, Chart) else (block.title, block.told))
    elif isinstance(value, dict):
        yield from _texts(tuple(value.values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


def test_json_is_read_back(made: ReportData) -> None:
    from ssn_card.audit.report.data import report_from_json, report_json, report_schema

    text = report_json(made)
    assert report_from_json(text) == made
    schema = report_schema()
    assert set(json.loads(text)) == set(schema["properties"])
    assert json.loads(text)["rules"][0]["title"] == {"en": "rule number A1", "id": "aturan nomor A1"}
