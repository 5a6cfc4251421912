# SPDX-License-Identifier: Apache-2.0
"""Every command: header, body, answer, security, callers, status words."""

from __future__ import annotations

from ... import layouts, status
from ...commands import COMMANDS, COMMON_STATUSES, Command, Security
from ...crypto import MAC_LENGTH
from ..markdown import code, layout_table, prose, shown_sw, table

_MACED = (Security.DEBIT_MAC, Security.OVERRIDE_MAC, Security.UPDATE_MAC)


def _parameter(value: int | str) -> str:
    return f"{value:02X}" if isinstance(value, int) else "*"


def _statuses(command: Command) -> str:
    own = ", ".join(f"{shown_sw(cls)} {cls.constant}" for cls in command.statuses)
    return f"9000; {own}; and those common to all" if own else "9000, and those common to all"


#: Answers without a chapter of their own.
_ANSWERS_HERE = (layouts.MOVEMENT_ANSWER, layouts.STATUS_ANSWER)


def _section(command: Command) -> str:
    mac = f", then {MAC_LENGTH} bytes of MAC" if command.security in _MACED else ""
    lc = f"{command.body.size + MAC_LENGTH:02X}" if command.body and mac else "Lc"
    rows = [
        ("header", code(f"{command.cla:02X} {command.ins:02X} {_parameter(command.p1)} {_parameter(command.p2)} {lc}")),
        *((name, value) for name, value in (("P1", command.p1), ("P2", command.p2)) if isinstance(value, str)),
        ("body", f"{command.body.name}, {command.body.size} bytes{mac}" if command.body else "see text"),
        ("answer", f"{command.answer.name}, {command.answer.size} bytes{mac}" if command.answer else f"see text{mac}"),
        ("security", command.security.value),
        ("who may", command.callers.en),
        ("status words", _statuses(command)),
    ]
    parts = [f"### {command.name.replace('_', ' ')}", command.doc, table(("", ""), rows)]
    if command.body is not None:
        parts.append(layout_table(command.body))
    if command.answer is not None and command.answer in _ANSWERS_HERE:
        parts.append(layout_table(command.answer))
    return "\n\n".join(parts)


def commands() -> str:
    """The chapter: overview, then a section for each command."""
    overview = table(
        ("command", "CLA INS", "P1 P2", "security", "who may"),
        (
            (
                command.name,
                f"{command.cla:02X} {command.ins:02X}",
                f"{_parameter(command.p1)} {_parameter(command.p2)}",
                command.security.value,
                command.callers.en,
            )
            for command in COMMANDS
        ),
    )
    common = ", ".join(f"{cls.sw:04X} {cls.constant}" for cls in COMMON_STATUSES)
    return "\n\n".join(
        (
            "## Commands",
            overview,
            prose(
                f"""
                Any command may also give: {common}. `*` stands for a value that the command's own table explains. Lc
                counts the MAC. A failure inside the card ({status.CardFailure.sw:04X}) says nothing about whether a
                movement happened: READ RECEIPT.
                """
            ),
            *(_section(command) for command in COMMANDS),
        )
    )
