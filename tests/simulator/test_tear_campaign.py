# SPDX-License-Identifier: Apache-2.0
"""The short tear campaign over the programme's applet, and that a spoilt applet does not pass it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ssn_card.protocol.values import APPLET_AID
from ssn_card.simulator import AppletClass, Simulator
from ssn_card.simulator.campaign import run
from ssn_card.simulator.campaign.scenes import SCENES
from ssn_card.simulator.java import find_jar

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "applet/src/main/java/id/ssncard/applet"
PACKAGE = "id.ssncard.spoilt"

pytestmark = pytest.mark.sim


@pytest.mark.timeout(300)
def test_no_tear_costs_a_rupiah_or_a_card() -> None:
    with Simulator() as simulator:
        report = run(simulator, short=True)
    assert report.failures == []
    figures = report.as_dict()
    assert (figures["rupiah_lost"], figures["rupiah_created"], figures["stuck"]) == (0, 0, 0)
    assert figures["tear_points"] > 500
    assert set(report.by_command) == {scene.command for scene in SCENES}


#: What is spoilt in a copy of the applet: file, what stands there, what instead; and a scene that must show it.
SPOILT = {
    "a record is copied without a transaction": (
        "Ledger.java",
        "Util.arrayCopy(ram, (short) 0, records, slot(ram[NUMBER]), Ram.RECORD_SIZE);",
        "Util.arrayCopyNonAtomic(ram, (short) 0, records, slot(ram[NUMBER]), Ram.RECORD_SIZE);",
        "DEBIT: second of the month",
    ),
    "a record is committed in two transactions": (
        "Ledger.java",
        "Util.arrayCopy(ram, (short) 0, records, slot(ram[NUMBER]), Ram.RECORD_SIZE);",
        """short half = (short) (Ram.RECORD_SIZE / 2);
        Util.arrayCopy(ram, half, records, (short) (slot(ram[NUMBER]) + half), half);
        Util.arrayCopy(ram, (short) 0, records, slot(ram[NUMBER]), half);""",
        "DEBIT: second of the month",
    ),
    "an update writes into the entitlement in force": (
        "Updates.java",
        "place = inForce == 0 ? (byte) 1 : (byte) 0;",
        "place = inForce;",
        "UPDATE: load",
    ),
    "a card is personalized before its constants are there": (
        "Personalization.java",
        """        terminal.initialise((byte) 0);
        store.prepareTemplate(mac, ram, (byte) 0, (byte) 0);
""",
        """        store.stateClass = Protocol.CLASS_PERSONALIZED;
        terminal.initialise((byte) 0);
        store.prepareTemplate(mac, ram, (byte) 0, (byte) 0);
""",
        "STORE DATA: block 4 of 4",
    ),
    "an identity is corrected in place": (
        "Identity.java",
        "return inForce == 0 ? Protocol.MAX_IDENTITY : 0;",
        "return inForce;",
        "STORE DATA: identity correction",
    ),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_applet_is_found_out(fault: str, tmp_path: Path) -> None:
    name, right, wrong, shown_by = SPOILT[fault]
    sources = tmp_path / "src" / PACKAGE.replace(".", "/")
    shutil.copytree(SOURCES, sources)
    text = (sources / name).read_text()
    assert text.count(right) == 1
    (sources / name).write_text(text.replace(right, wrong))
    for source in sources.glob("*.java"):
        source.write_text(source.read_text().replace("package id.ssncard.applet;", f"package {PACKAGE};"))
    classes = tmp_path / "classes"
    subprocess.run(
        ["javac", "--release", "8", "-Xlint:-options", "-g", "-cp", str(find_jar()), "-d", str(classes),
         *map(str, sources.glob("*.java"))],
        check=True,
        capture_output=True,
    )  # fmt: skip
    scenes = [scene for scene in SCENES if scene.name == shown_by]
    with Simulator(classpath=[classes]) as simulator:
        report = run(simulator, scenes, short=True, applet=AppletClass(f"{PACKAGE}.SsnCardApplet", APPLET_AID))
    assert report.failures, fault
