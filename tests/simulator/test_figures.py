# SPDX-License-Identifier: Apache-2.0
"""The documents' figures are the applet's, an altered one is found out, and what is drawn is what was measured."""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from ssn_card.applet_tools.tools import KIT_VARIABLE, TASK_VARIABLE
from ssn_card.cli.main import run
from ssn_card.protocol.checkout import repository
from ssn_card.protocol.life import CARD_STATES, LIFE, MOVEMENT_REFUSED, SESSION, CommandOutcome, Session
from ssn_card.simulator import Simulator, blank_card
from ssn_card.simulator.figures import sizes, states
from ssn_card.simulator.figures.document import same_picture
from ssn_card.simulator.figures.memory import holdings
from ssn_card.simulator.figures.ram import draw_ram, ram_constants
from ssn_card.simulator.figures.regions import BadRegions, filled, markdown_table
from ssn_card.simulator.figures.states import draw_life, draw_session
from ssn_card.simulator.figures.writes import DRAWN, draw_writes, order_of_writes

PICTURES = ("life", "session", "ram", "writes", "cost", "cost-cards")


def texts(drawn: bytes) -> str:
    """All texts of a picture: matplotlib turns letters into paths and leaves each text as a comment."""
    return html.unescape("\n".join(re.findall("<!-- (.*?) -->", drawn.decode(), re.DOTALL)))


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the documents, on a machine without a kit."""
    monkeypatch.delenv(KIT_VARIABLE, raising=False)
    return Path(shutil.copytree(repository() / "docs", tmp_path / "docs"))


def check(docs: Path) -> int:
    return run(["--lang", "en", "sim", "figures", "--check", "--docs", str(docs)])


@pytest.mark.sim
def test_the_documents_are_current(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever changes the applet or the drawing runs `make figures`."""
    assert check(docs) == 0, capsys.readouterr().err
    card = (docs / "card.md").read_text("utf-8")
    for name in PICTURES:
        assert f"(figures/{name}.svg)" in card


@pytest.mark.sim
def test_whatever_was_altered_is_named_and_made_anew(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card, life, ram = docs / "card.md", docs / "figures/life.svg", docs / "figures/ram.svg"
    good = {path: path.read_bytes() for path in (card, life, ram)}
    altered = re.sub(r"(\| SELECT \+ DEBIT \| )\d+", r"\g<1>99", card.read_text("utf-8"), count=1)
    card.write_text(altered, "utf-8")
    life.write_bytes(good[life].replace(b"<!-- ACTIVE -->", b"<!-- IDLE -->"))
    ram.unlink()
    assert check(docs) != 0
    said = capsys.readouterr().err
    assert "Out of date: figures/life.svg, figures/ram.svg, card.md" in said
    assert card.read_text("utf-8") == altered
    assert run(["sim", "figures", "--docs", str(docs), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == "ssn-card/sim-figures/1"
    assert answer["changed"] == ["figures/life.svg", "figures/ram.svg", "card.md"]
    assert {path: path.read_bytes() for path in good} == good


def test_pictures_may_differ_in_the_last_digits_only() -> None:
    drawn = b'<path id="m0123456789" d="M 10.123456 7"/><!-- ACTIVE -->'
    assert same_picture(drawn, drawn.replace(b"10.123456", b"10.123457").replace(b"m0123456789", b"mabcdef0123"))
    assert not same_picture(drawn, drawn.replace(b"10.123456", b"10.223456"))
    assert not same_picture(drawn, drawn.replace(b"ACTIVE", b"BLOCKED"))
    assert not same_picture(drawn, drawn.replace(b"M 10", b"L 10"))


@pytest.mark.parametrize(
    "text",
    [
        "no region",
        "<!-- figures:cost -->\nnever ends",
        "<!-- figures:other -->\n<!-- /figures -->",
        "<!-- figures:cost -->\n<!-- /figures -->" * 2,
    ],
)
def test_a_document_must_have_its_regions_once(text: str) -> None:
    with pytest.raises(BadRegions):
        filled(Path("card.md"), text, {"cost": "table"})


def test_a_region_is_replaced_and_the_rest_stays() -> None:
    text = "one\n<!-- figures:a -->\nold\n<!-- /figures -->\ntwo\n<!-- figures:b -->\nkept\n<!-- /figures -->\nthree"
    assert filled(Path("card.md"), text, {"a": "new\n", "b": None}) == text.replace("old", "new")
    assert markdown_table(("what", "bytes"), [("log", 2432)]) == "| what | bytes |\n|---|---:|\n| log | 2,432 |"


# ---------------------------------------------------------------- what is drawn


def test_every_declared_state_and_step_is_drawn() -> None:
    drawn = texts(draw_life())
    for state in CARD_STATES:
        assert state.name in drawn
    for refused in MOVEMENT_REFUSED.values():
        assert f"{refused.sw:04X}" in drawn
    for step in LIFE:
        assert step.name in drawn
    arrows = {(step.before, step.after) for step in LIFE if step.before != step.after}
    assert set(states._LIFE_ARROWS) == arrows
    drawn = texts(draw_session())
    for session in Session:
        assert str(session) in drawn
    for moves in SESSION:
        expected = [command.name.replace("_", " ") for command in moves.commands]
        assert all(
            name in drawn for name in (expected if moves.outcome is CommandOutcome.DONE else [str(moves.outcome)])
        )


def test_a_step_that_nobody_placed_is_no_missing_arrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "_LIFE_ARROWS", {})
    with pytest.raises(KeyError):
        draw_life()


@pytest.mark.sim
def test_the_commit_is_where_a_tear_makes_the_difference(simulator: Simulator) -> None:
    orders = tuple(order_of_writes(simulator, name) for name in DRAWN)
    for order in orders:
        assert order.events[order.commit].place.startswith("store.ledger")
    drawn = texts(draw_writes(orders))
    assert drawn.count("COMMITS") == 2
    for event in orders[1].events:
        assert re.sub(r"\[\d+\]$", "", event.place) in drawn


@pytest.mark.sim
def test_a_command_that_commits_nothing_is_refused(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="no single write commits"):
        order_of_writes(simulator, "VERIFY: right PIN")


@pytest.mark.sim
def test_the_memory_map_is_complete(simulator: Simulator) -> None:
    card = blank_card(simulator)
    parts = simulator.memory(card)
    simulator.power(card, on=True)
    simulator.transmit(card, bytes.fromhex("00A40400"))
    counters = simulator.counters(card)
    simulator.remove(card)
    assert sum(part.size for part in parts if part.persistent and part.kind != "pin") == counters.persistent_array_bytes
    assert sum(part.size for part in parts if part.cleared == "deselect") == counters.ram_deselect_bytes
    assert sum(holding.size for holding in holdings(simulator)) == sum(part.size for part in parts)
    (ram,) = (part for part in parts if part.place == "ram")
    assert ram.size == ram_constants()["SIZE"]
    assert f"{ram.size} in all" in texts(draw_ram())


@pytest.mark.sim
def test_the_writers_are_those_that_wrote(simulator: Simulator) -> None:
    writers = {holding.name: holding.writers for holding in holdings(simulator)}
    assert writers["log of receipts, the newest of which is the state"] == ("DEBIT", "CANCEL", "OVERRIDE", "UPDATE")
    assert writers["two identity blocks"] == writers["AES keys"] == ("STORE DATA",)


# ---------------------------------------------------------------- sizes


def test_without_a_kit_sizes_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TASK_VARIABLE, raising=False)
    assert sizes.cap_regions() == {"size": None, "cap": None}


def test_with_a_kit_sizes_are_measured_and_stamped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cap = SimpleNamespace(load_size=9_123, components={"Method": 7_000, "Debug": 11})
    monkeypatch.setattr(sizes, "build_cap", lambda *_: SimpleNamespace(cap=cap, target="3.0.4"))
    monkeypatch.setattr(sizes, "find_tools", lambda _target: None)
    for name in (KIT_VARIABLE, TASK_VARIABLE):
        monkeypatch.setenv(name, str(tmp_path / "kit"))
    regions = sizes.cap_regions()
    size, table = regions["size"], regions["cap"]
    assert size is not None
    assert size.startswith("The CAP file loads 9,123 bytes")
    assert table is not None
    assert "| Method | yes | 7,000 |\n| Debug | no | 11 |\n| **load size** |  | **9,123** |" in table
    assert sizes.is_of_these_sources(size)
    assert sizes.is_of_these_sources(table)
    monkeypatch.setattr(sizes, "APPLET_DIRECTORY", tmp_path)
    assert not sizes.is_of_these_sources(table)
