# SPDX-License-Identifier: Apache-2.0
"""The short form of the fuzzer over the programme's applet, and that it finds the faults of spoilt ones."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path

import pytest
from tests.simulator.spoilt import compile_spoilt
from typer.testing import CliRunner

from ssn_card.protocol import status
from ssn_card.protocol.commands import COMMANDS
from ssn_card.simulator import HARSH, Simulator
from ssn_card.simulator.cli import app
from ssn_card.simulator.fuzz import Report, read, replay, run
from ssn_card.simulator.fuzz.compose import good_value
from ssn_card.simulator.fuzz.rules import CIPHERS, FORGOTTEN, TRY_TAKEN
from ssn_card.simulator.fuzz.states import STATES
from ssn_card.simulator.fuzz.steps import Change, Edit, Kind, Step

PAST = Path(__file__).parent / "fuzz_findings"
SHORT = 8_000  #: commands: a few seconds

pytestmark = pytest.mark.sim


def test_the_card_withstands_a_hostile_host_at_its_harshest() -> None:
    with Simulator(freedoms=HARSH) as harsh:
        report = run(harsh, SHORT, "fixed")
    assert [finding.as_dict() for finding in report.findings] == []
    assert report.exceptions[FORGOTTEN], "it was not harsh"


@pytest.mark.parametrize("seed", ["fixed", pytest.param("", id="fresh")])
def test_the_card_withstands_a_hostile_host(seed: str, simulator: Simulator) -> None:
    seed = seed or secrets.token_hex(8)
    sys.stdout.write(f"ssn sim fuzz --apdus {SHORT} --seed {seed}\n")  # pytest shows it where the test fails
    report = run(simulator, SHORT, seed)
    assert [finding.as_dict() for finding in report.findings] == []
    # It must have come somewhere, or it proves nothing.
    assert report.apdus >= SHORT
    assert report.passed() > 0.8 * report.known()
    assert len(report.never_seen) < 0.25 * len(status.STATUS_WORDS)
    assert report.exceptions[TRY_TAKEN]


def test_a_seed_is_a_run(simulator: Simulator) -> None:
    one, other = (run(simulator, 1_500, "same").as_dict() for _ in range(2))
    for varying in ("seconds", "apdus_per_second"):
        del one[varying], other[varying]
    assert one == other


def test_every_field_of_the_table_has_a_good_value() -> None:
    for command in COMMANDS:
        for field in command.body.fields if command.body else ():
            assert good_value(command.body, field.name), f"{command.name}.{field.name}"  # type: ignore[arg-type]


def test_steps_survive_a_file() -> None:
    step = Step(
        command="STORE_DATA",
        p1=8,
        groups=("pin", "0102:00"),
        body=(Change(Edit.XOR, 3, "80"),),
        flips=True,
        in_clear=True,
    )
    for one in (step, Step(kind=Kind.TEAR, number=4, inside=2, rest="erased"), Step(kind=Kind.RAW, raw="00a4")):
        assert Step.from_dict(json.loads(json.dumps(one.as_dict()))) == one


#: What is spoilt in a copy of the applet: file, what stands there, what instead; and the rule that it breaks.
SPOILT = {
    "a MAC compare ends at the first difference": (
        "Mac.java",
        "difference |= (short) (left[(short) (l + i)] ^ right[(short) (r + i)]);",
        """if (left[(short) (l + i)] != right[(short) (r + i)]) {
                return false;
            }""",
        "time class",
    ),
    "a terminal's MAC is compared until the first difference": (
        "Terminal.java",
        "if ((short) (buffer[COMPUTED] ^ buffer[RECEIVED]\n",
        """for (short i = 0; i < 8; i++) {
            if (buffer[(short) (COMPUTED + i)] != buffer[(short) (RECEIVED + i)]) {
                ISOException.throwIt(Protocol.SW_WRONG_MAC);
            }
        }
        if ((short) (buffer[COMPUTED] ^ buffer[RECEIVED]
""",
        "time class",
    ),
    "seven bytes of a MAC are enough": (
        "Mac.java",
        "i < 8; i++) {\n            difference |=",
        "i < 7; i++) {\n            difference |=",
        "accepted without authentication",
    ),
    "no length of a secured command is too short": (
        "SecureChannel.java",
        "if (length < 8) {",
        "if (length < 0) {",
        "6F00",
    ),
    "a try is counted before the MAC is checked": (
        "Updates.java",
        "boolean formerKey = authenticate(buffer);",
        "store.keyVersions[0]++;\n        boolean formerKey = authenticate(buffer);",
        "change without authentication",
    ),
    "the same value is written before the MAC is checked": (
        "Updates.java",
        "boolean formerKey = authenticate(buffer);",
        "store.stateClass = store.stateClass;\n        boolean formerKey = authenticate(buffer);",
        "change without authentication",
    ),
    "a command allocates": (
        "Pin.java",
        "        requirePin(buffer);\n        byte free",
        "        byte[] copy = new byte[8];\n        requirePin(buffer);\n        byte free",
        "allocation",
    ),
    "a wrong PIN gives the tries back": (
        "Pin.java",
        "            ISOException.throwIt(store.pin[Store.PIN_TRIES] == 0",
        "            store.pin[Store.PIN_TRIES]++;\n            ISOException.throwIt(store.pin[Store.PIN_TRIES] == 0",
        "PIN tries",
    ),
    "the last try is taken over any reader": (
        "Pin.java",
        "store.pin[Store.PIN_TRIES] == 1 && !contacts()",
        "false",
        "PIN tries",
    ),
    "anybody changes the PIN": (
        "Pin.java",
        "ram[Ram.PIN_GIVEN] == 0 && choice() == 0",
        "false",
        "accepted without authentication",
    ),
    "a choice stays open": (
        "Pin.java",
        "buffer[(short) (NEW + Store.PIN_CHOSEN)] = granted();",
        "buffer[(short) (NEW + Store.PIN_CHOSEN)] = store.pin[Store.PIN_CHOSEN];",
        "accepted without authentication",
    ),
    "a cancel leaves the PIN's floor where it was": (
        "Purse.java",
        "        pin.raiseFloor(entitlements.places, Entitlements.offset(ram[Ram.ENTITLEMENT]), buffer);\n",
        "",
        "honest terminal",
    ),
    "the low half of the PIN's floor is not looked at": (
        "Purse.java",
        "|| (short) (balanceLow ^ SIGN) < (short) (Util.getShort(ram, (short) (Ram.FLOOR + 2)) ^ SIGN))) {",
        "|| false)) {",
        "PIN rule",
    ),
    "a receipt is told longer than it is promised": (
        "Ledger.java",
        ">= Protocol.LOG_ENTRIES) {",
        "> Protocol.LOG_ENTRIES) {",
        "honest terminal",
    ),
    "the number is told as it is": (
        "Terminal.java",
        "        ram[(short) (NUMBER + 3)] ^= ram[(short) (Ram.SEQ + 3)];\n",
        "        ram[(short) (NUMBER + 3)] = ram[(short) (Ram.SEQ + 3)];\n",
        "SELECT",
    ),
    "a mending moves the month forward": (
        "Updates.java",
        "Util.getShort(ram, Ram.MONTH) > Util.getShort(buffer, MENDED_TO)",
        "Util.getShort(ram, Ram.MONTH) != Util.getShort(buffer, MENDED_TO)",
        "money",
    ),
    "a refusal has a status word of its own": (
        "Pin.java",
        "ISOException.throwIt(Protocol.SW_NO_PIN);",
        "ISOException.throwIt((short) 0x6A81);",
        "undeclared status word",
    ),
    "what has expired stays": (
        "Updates.java",
        "if (Amount.compare(ram, Ram.BALANCE, ram, Ram.COMMAND) > 0) {",
        "if (false) {",
        "money",
    ),
}


def spoilt(fault: str) -> Path:
    """Classes of an applet with that fault."""
    name, right, wrong, _ = SPOILT[fault]
    return compile_spoilt(name, {right: wrong})


def rules(report: Report) -> set[str]:
    return {finding.fault.rule for finding in report.findings}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_applet_is_found_out(fault: str, simulator: Simulator, tmp_path: Path) -> None:
    classes = spoilt(fault)
    report = run(simulator, SHORT, "spoilt", classes=classes, most_findings=3)
    assert SPOILT[fault][3] in rules(report)
    for number, finding in enumerate(report.findings):
        assert len(finding.sequence.steps) <= 8, "not shrunk"  # of a channel the blocks before cannot go
        again = read(finding.write(tmp_path, number))
        assert finding.fault.rule in rules(replay(simulator, again, classes=classes))
        assert replay(simulator, again).findings == [], "the good applet shows it too"


@pytest.mark.parametrize("path", sorted(PAST.glob("*.json")), ids=lambda path: path.stem)
def test_what_was_found_once_is_mended(path: Path, simulator: Simulator) -> None:
    assert replay(simulator, read(path)).findings == []


def test_the_command(tmp_path: Path) -> None:
    classes = spoilt("a refusal has a status word of its own")
    folder = tmp_path / "findings"
    arguments = ["fuzz", "--apdus", "3000", "--seed", "x", "--only", "without PIN", "--out-dir", str(folder)]
    bad = CliRunner().invoke(app, [*arguments, "--json", "--classes", str(classes)])
    assert bad.exit_code != 0
    figures = json.loads(bad.stdout)
    assert figures["schema"] == "ssn-card/sim-fuzz/1"
    assert figures["findings"][0]["rule"] == "undeclared status word"
    path = min(folder.iterdir())
    assert CliRunner().invoke(app, ["fuzz", "--replay", str(path), "--classes", str(classes)]).exit_code != 0
    assert CliRunner().invoke(app, ["fuzz", "--replay", str(path)]).exit_code == 0
    path.write_text("{}")
    assert CliRunner().invoke(app, ["fuzz", "--replay", str(path)]).exit_code != 0
    assert STATES[0].name == "blank"
    assert CIPHERS in figures["exceptions"]
