# SPDX-License-Identifier: Apache-2.0
"""Papers are the same bytes everywhere, and data is never markup."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
import typst

from ssn_card.paper import PaperNotSet, Press
from ssn_card.paper.press import ROOT

MADE = datetime(2026, 12, 31, 23, 59)
TEMPLATE = """#import "/paper/house.typ": *
#let data = json(bytes(sys.inputs.data))
#show: house.with(title: data.title)
= #data.title
#for number in data.numbers [#rupiah(number) \\ ]
"""
#: Whatever marks a shop has in its name: markup, code, a package, a file, a control of JSON, letters of others.
HOSTILE = '#panic("x") $ _*`<a> @b \\u{41} #import "@preview/x:1.0.0" "} ] // /* ﷽ é ẞ \u202e '


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A template of a test's own, below a root with the house's style."""
    (tmp_path / "paper").symlink_to(ROOT / "paper")
    path = tmp_path / "test.typ"
    path.write_text(TEMPLATE, "utf-8")
    monkeypatch.setattr("ssn_card.paper.press.ROOT", tmp_path)
    return path


def test_the_fonts_are_those_in_the_package() -> None:
    fonts = typst.Fonts(include_system_fonts=False)
    assert {"Libertinus Serif", "DejaVu Sans Mono"} <= set(fonts.families())
    assert all(font.path is None for font in fonts.fonts())


def test_the_bytes_are_the_same_in_another_process_folder_clock_and_language(template: Path, tmp_path: Path) -> None:
    data = {"title": "Toko Sumber Rejeki", "numbers": [1, 2]}
    paper = Press(template, MADE).pdf(data)
    assert paper.startswith(b"%PDF-")
    assert b"CreationDate(D:20261231155900Z)" in paper
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "paper").symlink_to(ROOT / "paper")
    (other / "test.typ").write_text(TEMPLATE, "utf-8")
    program = (
        "import sys; from pathlib import Path; from datetime import datetime; from ssn_card.paper import press\n"
        f"press.ROOT = Path({str(other)!r})\n"
        f"sys.stdout.buffer.write(press.Press(press.ROOT / 'test.typ', datetime(2026, 12, 31, 23, 59)).pdf({data!r}))"
    )
    environment = {**os.environ, "TZ": "America/Lima", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1", "HOME": str(other)}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=other, env=environment)
    assert run.stdout == paper


def test_another_moment_makes_another_paper_and_tags_are_optional(template: Path) -> None:
    data = {"title": "T", "numbers": [1]}
    paper = Press(template, MADE).pdf(data)
    assert Press(template, datetime(2027, 1, 1)).pdf(data) != paper
    assert len(Press(template, MADE).pdf(data, tagged=False)) < len(paper)


def test_a_text_is_shown_as_it_is(template: Path) -> None:
    shown = Press(template, MADE).pictures({"title": HOSTILE, "numbers": []}, dots=40)
    plain = Press(template, MADE).pictures({"title": "", "numbers": []}, dots=40)
    assert [one[:8] for one in shown] == [b"\x89PNG\r\n\x1a\n"]
    assert shown != plain


def test_sums_are_exact_beyond_what_a_float_holds(template: Path) -> None:
    numbers = [9_007_199_254_740_993, -1_234, 0, 12, 123, 1_000]
    asked = template.with_name("asked.typ")
    asked.write_text(
        '#import "/paper/house.typ": *\n#let data = json(bytes(sys.inputs.data))\n#metadata(data.map(amount)) <shown>'
    )
    found = typst.query(
        asked,
        "<shown>",
        root=template.parent,
        sys_inputs={"data": str(numbers)},
        field="value",
        one=True,
    )
    assert json.loads(found) == ["9.007.199.254.740.993", "\u22121.234", "0", "12", "123", "1.000"]


def test_data_that_does_not_fit_and_a_letter_without_a_font_are_named(template: Path) -> None:
    with pytest.raises(PaperNotSet, match="title") as raised:
        Press(template, MADE).pdf({})
    assert raised.value.where == str(template)
    template.write_text('#text(font: "No Such Font")[x]', "utf-8")
    with pytest.raises(PaperNotSet, match="font"):
        Press(template, MADE).pdf({"title": "T", "numbers": []})


def test_no_template_asks_for_a_package_of_others() -> None:
    templates = list(ROOT.rglob("*.typ"))
    assert templates
    for path in templates:
        assert not re.search(r'"@\w+/', path.read_text("utf-8")), path


def test_memory_does_not_grow_with_large_papers(template: Path) -> None:
    """Five of them, by a process of its own; without forgetting each adds what it took."""
    program = (
        "import sys; from pathlib import Path; from datetime import datetime; from ssn_card.paper import press\n"
        f"press.ROOT = Path({str(template.parent)!r})\n"
        f"one = press.Press(Path({str(template)!r}), datetime(2026, 12, 31))\n"
        "for paper in range(5):\n"
        "    one.pdf({'title': str(paper), 'numbers': list(range(paper, 100000, 9))}, tagged=False)\n"
        "    press.forget()\n"
        "    print(int(Path('/proc/self/statm').read_text().split()[1]) * 4096)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    first, *_, last = map(int, run.stdout.split())
    assert last < 1.5 * first
