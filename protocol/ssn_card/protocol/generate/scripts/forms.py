# SPDX-License-Identifier: Apache-2.0
"""Commands of a wrong form: they are refused before any MAC is looked at, and leave the challenge as it is."""

from __future__ import annotations

from ... import commands, status
from ...commands import Command
from ...values import APPLET_AID
from .. import sample
from ..playing import Script
from ..sample import movement, overriding
from ..signing import Signed
from .journey import moment
from .movements import active

_DAY = moment("2026-01-07T10:15:30")


def _requests(script: Script) -> list[Signed]:
    """One of every authenticated command, good but for its form."""
    debit = movement(1_000, _DAY, script.txn())
    back = sample.cancellation(debit, _DAY, script.txn(), bytes(8))
    query = script.query(reserved=bytes(8))
    asked: list[tuple[Command, sample.Values]] = [
        (commands.DEBIT, debit),
        (commands.CANCEL, back),
        (commands.OVERRIDE, overriding(1_000, _DAY, script.txn())),
        (commands.READ_RECEIPT, script.query(seq=1, reserved=bytes(4))),
        (commands.GET_STATUS, query),
        (commands.VERIFY, script.masked(bytes(8))),
        (commands.CHANGE_REFERENCE_DATA, script.masked(bytes(8))),
        (commands.UPDATE, script.card.entitlement),
    ]
    return [script.sign(command, values) for command, values in asked]


def _form() -> Script:
    script = Script("wrong forms", "Length, P1 and P2 of every command with a MAC; the challenge stays.", active())
    script.select()
    for request in _requests(script):
        name, apdu = request.command.name, request.apdu
        short = apdu[:4] + bytes((apdu[4] - 1,)) + apdu[6:]
        long = apdu[:4] + bytes((apdu[4] + 1,)) + b"\x00" + apdu[5:]
        script.send(f"{name}: a byte too short", request, status.WrongLength, short)
        script.send(f"{name}: a byte too long", request, status.WrongLength, long)
        script.send(f"{name}: no data", request, status.WrongLength, apdu[:4] + b"\x00")
        for place, at in (("P1", 2), ("P2", 3)):
            wrong = bytearray(apdu)
            wrong[at] = 1
            script.send(f"{name}: {place} = 01", request, status.WrongParameters, bytes(wrong))
    script.status("the challenge is still good")
    return script


def _unknown() -> Script:
    script = Script("unknown commands", "Classes, instructions and applets that there are not.", active()).select()
    for cla in (0x81, 0x90, 0xC0):
        command = bytes((cla,)) + commands.GET_STATUS.header()[1:] + b"\x00"
        script.raw(f"class {cla:02X}", command, status.ClassNotSupported)
    for ins in (0x00, 0x48, 0x82, 0xE2, 0xFE):
        script.raw(f"80 {ins:02X}", bytes((0x80, ins, 0, 0, 0)), status.InstructionNotSupported)
    script.raw("00 B0", bytes.fromhex("00b0000000"), status.InstructionNotSupported)
    other = bytes.fromhex("00a40400 07 a0000000031010 00".replace(" ", ""))
    script.raw("SELECT of another applet: ours stays selected", other, status.AppletNotFound)
    script.status("the challenge is still good")
    longer = APPLET_AID + b"\x01"
    script.raw(
        "SELECT of a longer AID",
        commands.SELECT.header() + bytes((len(longer),)) + longer + b"\x00",
        status.AppletNotFound,
    )
    return script


def _classes() -> Script:
    script = Script("wrong classes", "Every command under a class that is not its own.", active()).select()
    for request in _requests(script):
        name, rest = request.command.name, request.apdu[1:]
        script.raw(f"{name} under 81", b"\x81" + rest, status.ClassNotSupported)
        script.raw(f"{name} under 00", b"\x00" + rest, status.InstructionNotSupported)
    for command in (commands.INITIALIZE_UPDATE, commands.EXTERNAL_AUTHENTICATE, commands.STORE_DATA, commands.GET_DATA):
        rest = bytes((command.ins, 0, 0, 8)) + bytes(8) + b"\x00"
        script.raw(f"{command.name} under 81", b"\x81" + rest, status.ClassNotSupported)
        script.raw(f"{command.name} under 00", b"\x00" + rest, status.InstructionNotSupported)
    script.status("the challenge is still good")
    return script


def _unauthenticated() -> Script:
    script = Script(
        "no challenge, no MAC", "Every command without a challenge, and with a wrong MAC.", active()
    ).select()
    requests = _requests(script)
    for request in requests:
        script.select()
        spoilt = request.apdu[:-2] + bytes((request.apdu[-2] ^ 1,)) + request.apdu[-1:]
        script.raw(f"{request.command.name} with a wrong MAC: the challenge is gone", spoilt, status.WrongMac)
        if request.command is not commands.UPDATE:  # which needs none
            script.raw(f"{request.command.name} without a challenge", request.apdu, status.ConditionsNotSatisfied)
        script.status("nor for a query", status.ConditionsNotSatisfied)
    return script


def scripts() -> list[Script]:
    """For ``forms.json``."""
    return [_form(), _unknown(), _classes(), _unauthenticated()]
