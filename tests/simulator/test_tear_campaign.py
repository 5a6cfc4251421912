# SPDX-License-Identifier: Apache-2.0
"""The short tear campaign over the programme's applet, and that a spoilt applet does not pass it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.simulator.spoilt import compile_spoilt

from ssn_card.protocol.values import APPLET_AID
from ssn_card.simulator import HARSH, AppletClass, Freedom, Simulator
from ssn_card.simulator.campaign import Report, run
from ssn_card.simulator.campaign.scenes import SCENES

PACKAGE = "id.ssncard.spoilt"

pytestmark = pytest.mark.sim


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("freedoms", "sample"), [(frozenset(), 13), (HARSH, 17)], ids=["usual", "harsh"])
def test_no_tear_costs_a_rupiah_or_a_card(freedoms: frozenset[Freedom], sample: int) -> None:
    """Second tears follow other first ones on the one card than on the other: ``make tears`` and ``harsh`` do all."""
    with Simulator(freedoms=freedoms) as simulator:
        report = run(simulator, short=True, sample=sample)
    assert report.failures == []
    figures = report.as_dict()
    assert (figures["rupiah_lost"], figures["rupiah_created"], figures["stuck"]) == (0, 0, 0)
    assert figures["tear_points"] > 300
    assert figures["double_tear_points"] > 1000
    assert set(report.by_command) == {scene.command for scene in SCENES}


_APPEND = "Util.arrayCopy(ram, (short) 0, records, slot(ram[NUMBER]), Ram.RECORD_SIZE);"
_NEW_PIN = "store.pins[free].update("

#: What is spoilt in a copy of the applet: file, what stands there and what instead; and a scene that must show it.
SPOILT = {
    "a record is copied without a transaction": (
        "Ledger.java",
        {_APPEND: _APPEND.replace("arrayCopy", "arrayCopyNonAtomic")},
        "DEBIT: second of the month",
    ),
    "a record is committed in two transactions": (
        "Ledger.java",
        {
            _APPEND: """short half = (short) (Ram.RECORD_SIZE / 2);
        Util.arrayCopy(ram, (short) 0, records, slot(ram[NUMBER]), half);
        Util.arrayCopy(ram, half, records, (short) (slot(ram[NUMBER]) + half), half);"""
        },
        "DEBIT: second of the month",
    ),
    "an update writes into the entitlement in force": (
        "Updates.java",
        {"place = (byte) (1 - inForce);": "place = inForce;"},
        "UPDATE: load",
    ),
    "a card is personalized before its constants are there": (
        "Personalization.java",
        {
            """        terminal.initialise((byte) 0);
        store.prepareTemplate(mac, ram, (byte) 0, (byte) 0);
""": """        store.stateClass = Protocol.CLASS_PERSONALIZED;
        terminal.initialise((byte) 0);
        store.prepareTemplate(mac, ram, (byte) 0, (byte) 0);
"""
        },
        "STORE DATA: block 4 of 4",
    ),
    "an update forgets what it has granted": (
        "Updates.java",
        {"        Amount.add(ram, Ram.GRANTED, ram, Ram.BALANCE);\n": ""},
        "UPDATE: load",
    ),
    "the choice of a PIN is closed before the PIN is there": (
        "Pin.java",
        {_NEW_PIN: f"store.pin[Store.PIN_CHOSEN] = granted();\n        {_NEW_PIN}"},
        "CHANGE REFERENCE DATA: choice",
    ),
    "a chosen PIN has its tries before it is there": (
        "Pin.java",
        {_NEW_PIN: f"store.pin[Store.PIN_TRIES] = Protocol.PIN_TRIES;\n        {_NEW_PIN}"},
        "CHANGE REFERENCE DATA: choice of a blocked PIN",
    ),
    "a new PIN is written over the one in force": (
        "Pin.java",
        {
            "(byte) (store.pin[Store.PIN_IN_FORCE] == 0 ? 1 : 0);": "0;",
            _NEW_PIN: f"store.pin[Store.PIN_IN_FORCE] = Store.NO_PIN;\n        {_NEW_PIN}",
        },
        "CHANGE REFERENCE DATA: right PIN",
    ),
    "a PIN takes more than one try before it is looked at": (
        "Pin.java",
        {"        store.pin[Store.PIN_TRIES]--;\n": "        store.pin[Store.PIN_TRIES] -= 2;\n"},
        "VERIFY: right PIN",
    ),
    "an identity is corrected in place": (
        "Identity.java",
        {
            "return inForce == 0 ? Protocol.MAX_IDENTITY : 0;": "return inForce;",
            "Util.arrayCopy(data, offset, places": "Util.arrayCopyNonAtomic(data, offset, places",
        },
        "STORE DATA: identity correction",
    ),
}

#: A fault that the first tear prepares and only what follows shows: file, replacements, scene.
SPOILT_FOR_THE_SECOND = {
    "every attempt at an update changes places, also a torn one": (
        "Updates.java",
        {
            "    private final byte[] ram;\n": "    private final byte[] ram;\n    private byte free = 1;\n",
            "place = (byte) (1 - inForce);": "place = free;\n            free ^= 1;",
        },
        "UPDATE: load",
    ),
    "every attempt at a correction changes places, also a torn one": (
        "Identity.java",
        {
            "    private short inForce;\n": "    private short inForce, written, next = Protocol.MAX_IDENTITY;\n",
            "        Util.arrayCopy(data, offset, places, free(), length);": (
                "        written = next;\n"
                "        next = next == 0 ? Protocol.MAX_IDENTITY : 0;\n"
                "        Util.arrayCopyNonAtomic(data, offset, places, written, length);"
            ),
            "inForce = free();": "inForce = written;",
        },
        "STORE DATA: identity correction",
    ),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_applet_is_found_out(fault: str) -> None:
    name, changes, shown_by = SPOILT[fault]
    report = campaign_of(compile_spoilt(name, changes, PACKAGE), shown_by, sample=1000)
    assert report.failures, fault


@pytest.mark.parametrize("fault", SPOILT_FOR_THE_SECOND)
def test_only_a_second_tear_finds_some_faults(fault: str) -> None:
    name, changes, shown_by = SPOILT_FOR_THE_SECOND[fault]
    report = campaign_of(compile_spoilt(name, changes, PACKAGE), shown_by, sample=7)
    assert report.failures, fault
    assert all(", then " in failure for failure in report.failures), "a single tear was enough"


def campaign_of(classes: Path, scene_name: str, sample: int) -> Report:
    """The short campaign of one scene on a spoilt applet."""
    scenes = [scene for scene in SCENES if scene.name == scene_name]
    applet = AppletClass(f"{PACKAGE}.SsnCardApplet", APPLET_AID)
    with Simulator(classpath=[classes]) as simulator:
        return run(simulator, scenes, short=True, sample=sample, applet=applet)
