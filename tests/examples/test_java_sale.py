# SPDX-License-Identifier: Apache-2.0
"""The second implementation sells, cancels and recovers with a card, as a user starts it: each command a process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.card.live_card import LiveCard
from tests.conftest import personalized
from tests.examples.conftest import Java

#: The first of a worker compiles everything.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def shop(java: Java, card: LiveCard) -> Java:
    """The demo program with the card in its reader."""
    kind, _, where = card.url.partition(":")
    reader = ("--port", where.rpartition(":")[2]) if kind == "vpcd" else ("--reader", where)

    def run(*arguments: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        return java("edge.Demo", *reader, *arguments, typed=typed)

    return run


def test_the_whole_demo(shop: Java) -> None:
    done = shop("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    words = ["loaded", "sold", "limit raised", "In doubt", "It had been made", "given back", "In doubt", "not charged"]
    places = [done.stdout.find(word) for word in words]
    assert -1 not in places, done.stdout
    assert "refused (9403): " in done.stdout
    assert "5 receipts verified, 0 findings" in done.stdout


def test_a_sale_whose_answer_is_lost_is_found_by_the_next_process(shop: Java) -> None:
    assert shop("load", 400_000).returncode == 0
    lost = shop("sell", "BERAS", 5, 72_500, "lose-answer")
    assert (lost.returncode, lost.stderr.partition(":")[0]) == (1, "in-doubt")
    found = shop("sell", "BERAS", 5, 72_500)
    assert (found.returncode, found.stderr.partition(":")[0]) == (1, "earlier-movement-found")
    assert '"balance":327500' in shop("status").stdout
    cancelled = shop("cancel")
    assert "balance Rp400000" in cancelled.stdout, cancelled.stderr
    never = shop("sell", "TELUR", 10, 18_500, "lose-command")
    assert (never.returncode, never.stderr.partition(":")[0]) == (1, "in-doubt")
    assert "not charged" in shop("recover").stdout
    assert '"balance":400000' in shop("status").stdout
    verified = shop("verify")
    assert verified.returncode == 0
    assert "3 receipts verified, 0 findings" in verified.stdout


def test_two_counters_lying_lines_and_one_card(java: Java, new_blank: Callable[[], LiveCard], tmp_path: Path) -> None:
    """Refusals, the PIN, doubts, a receipt gone and restored, lies, clocks, key versions: examples/java/test."""
    card = personalized(new_blank(), pin="482917")
    done = java("trial.TerminalTrial", card.url.rpartition(":")[2], "482917", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "all trials passed\n"
    assert "482917" not in "".join(file.read_text("utf-8") for file in tmp_path.glob("*.jsonl"))
    card.discard()


def test_both_implementations_audit_its_receipts(java: Java, new_card: Callable[[], LiveCard], tmp_path: Path) -> None:
    """Whole they are in order; with one left out both name it, and what was spent in it."""
    card = new_card()
    port = ("--port", card.url.rpartition(":")[2])
    for command in (("load", 400_000), ("sell", "BERAS", 5, 72_500), ("sell", "TELUR", 10, 18_500), ("cancel",)):
        assert java("edge.Demo", *port, *command).returncode == 0
    lines = java("edge.Demo", "receipts").stdout.splitlines()
    status = json.loads(java("edge.Demo", *port, "status").stdout)
    tip = {
        "schema": "ssn-card/tip/1",
        "serial": card.serial.hex(),
        "seq": status["seq"],
        "last_mac": status["last_mac"],
    }
    (tmp_path / "tips.jsonl").write_text(json.dumps(tip) + "\n")
    card.discard()

    def audited(*kept: str) -> tuple[subprocess.CompletedProcess[str], subprocess.CompletedProcess[str]]:
        (tmp_path / "receipts.jsonl").write_text("".join(f"{line}\n" for line in kept))
        ssn = [sys.executable, "-m", "ssn_card.cli", "receipts", "verify", "receipts.jsonl"]
        theirs = subprocess.run(
            [*ssn, "--tips", "tips.jsonl", "--whole", "--development"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return java("edge.Demo", "audit", "receipts.jsonl", "tips.jsonl"), theirs

    ours, theirs = audited(*lines)
    assert (ours.returncode, theirs.returncode) == (0, 0), ours.stdout + theirs.stdout + theirs.stderr
    ours, theirs = audited(lines[0], *lines[2:])
    assert (ours.returncode, theirs.returncode) == (3, 3)
    assert f"MISSING {card.serial.hex()} 2 seq: receipt 2, in which Rp72500 were spent" in ours.stdout
    ours, theirs = audited(*lines[:-1])
    assert (ours.returncode, theirs.returncode) == (3, 3)
    assert f"MISSING {card.serial.hex()} 4 seq: receipt 4" in ours.stdout
    ours, theirs = audited(*lines[:2], lines[2].replace("TELUR", "BERAS"), lines[3])
    assert (ours.returncode, theirs.returncode) == (3, 3)
    assert "line 3: the basket is another: basket_digest" in ours.stdout
