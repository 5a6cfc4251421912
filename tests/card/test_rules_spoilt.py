# SPDX-License-Identifier: Apache-2.0
"""Whether the machine of test_rules_stateful.py would find a fault: it must find each of these, soon."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import Phase
from tests.card.test_rules_stateful import machine, run
from tests.simulator.spoilt import compile_spoilt

from ssn_card.simulator import Simulator

#: File of the applet, and what stands there for what.
SPOILT = {
    "a PIN may be changed without the old one": (
        "Pin.java",
        {"        check(buffer);\n        byte free": "        byte free"},
    ),
    "the UPDATE key before signs new updates": (
        "Updates.java",
        {"if (formerKey && order != 0) {": "if (formerKey && order < 0) {"},
    ),
    "torn, an update unblocks the PIN and is not there": (
        "Updates.java",
        {
            "        store.ledger.append(ram);\n": "",
            "            pin.unblock();\n        }": (
                "            pin.unblock();\n        }\n        store.ledger.append(ram);"
            ),
        },
    ),
    "torn, a correction leaves neither identity": (
        "Identity.java",
        {"return inForce == 0 ? Protocol.MAX_IDENTITY : 0;": "return inForce;"},
    ),
}
ROUNDS = 30


@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_applet_is_found_out(fault: str, simulator: Simulator, tmp_path: Path) -> None:
    cards = machine(simulator, compile_spoilt(tmp_path, *SPOILT[fault]))
    for number in range(ROUNDS):
        try:
            run(cards, number, examples=30, steps=50, phases=(Phase.generate,), database=None)
        except AssertionError:
            return
    pytest.fail(f"not found in {ROUNDS} rounds")
