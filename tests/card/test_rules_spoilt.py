# SPDX-License-Identifier: Apache-2.0
"""Whether the machine of test_rules_stateful.py would find a fault: it must find each of these, soon."""

from __future__ import annotations

import pytest
from hypothesis import Phase
from tests.card.test_rules_stateful import machine, run
from tests.simulator.spoilt import compile_spoilt

from ssn_card.simulator import Simulator

#: File of the applet, and what stands there for what.
SPOILT = {
    "a PIN may be changed without the old one": (
        "Pin.java",
        {"if (ram[Ram.PIN_GIVEN] == 0 && choice() == 0) {": "if (!has()) {"},
    ),
    "a movement leaves the choice open": ("Pin.java", {"        ram[Ram.CHOICE] = 0;\n": ""}),
    "an update lowers pin_above and not the floor": (
        "Updates.java",
        {"        Amount.subtract(ram, Ram.FLOOR, buffer, (short) (BODY + Protocol.ENTITLEMENT_PIN_ABOVE));\n": ""},
    ),
    "a cancellation gives more than was taken": (
        "Pin.java",
        {"        if (Amount.compare(scratch, NEW, ram, Ram.FLOOR) > 0) {": "        if (true) {"},
    ),
    "the UPDATE key before signs new updates": (
        "Updates.java",
        {"if (formerKey && order != 0) {": "if (formerKey && order < 0) {"},
    ),
    "the next UPDATE key signs any update": (
        "Updates.java",
        {"if ((buffer[KEYS] & Protocol.NEXT_UPDATE) == 0\n                    || ": "if ("},
    ),
    "a mending sets the month forward": (
        "Updates.java",
        {"\n                && Util.getShort(ram, Ram.MONTH) > Util.getShort(buffer, MENDED_TO)": ""},
    ),
    "torn, a correction leaves neither identity": (
        "Identity.java",
        {"return inForce == 0 ? Protocol.MAX_IDENTITY : 0;": "return inForce;"},
    ),
}
ROUNDS = 30


@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_applet_is_found_out(fault: str, simulator: Simulator) -> None:
    cards = machine(simulator, compile_spoilt(*SPOILT[fault]))
    for number in range(ROUNDS):
        try:
            run(cards, number, examples=30, steps=50, phases=(Phase.generate,), database=None)
        except AssertionError:
            return
    pytest.fail(f"not found in {ROUNDS} rounds")
