# SPDX-License-Identifier: Apache-2.0
"""Finds what a conversion needs: Ant, the task ant-javacard and a Java Card kit. This project brings none of them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from ssn_card.cli.errors import BadArgument
from ssn_card.protocol.errors import Text

from .errors import ToolMissing

KIT_VARIABLE = "JC_HOME"
TASK_VARIABLE = "ANT_JAVACARD_JAR"
DEFAULT_TARGET = "3.0.4"

_TASK_SOURCE = "github.com/martinpaljak/ant-javacard"
_KIT_SOURCE = "github.com/martinpaljak/oracle_javacard_sdks"
_KIT_REMEDY = Text(
    f"Get a kit from {_KIT_SOURCE} (jc320v25.1_kit for cards from 3.0.4 on) and set {KIT_VARIABLE} to its directory.",
    f"Ambil kit dari {_KIT_SOURCE} (jc320v25.1_kit untuk kartu mulai 3.0.4), isikan ke {KIT_VARIABLE}.",
)
_TASK_REMEDY = Text(
    f"Get ant-javacard.jar from the releases of {_TASK_SOURCE} and set {TASK_VARIABLE} to it.",
    f"Ambil ant-javacard.jar dari rilis {_TASK_SOURCE}, lalu isi {TASK_VARIABLE}.",
)
_ANT_REMEDY = Text("Install it: apt install ant.", "Pasang: apt install ant.")
#: Files by which a kit is known, the second those of version 2.2.
_KIT_FILES = ("lib/tools.jar", "lib/converter.jar")


@dataclass(frozen=True)
class Tools:
    """What was found; ``target`` is a version that the kit knows, or the directory of the target's own kit."""

    ant: Path
    task: Path
    kit: Path
    target: str


def find_tools(target: str | None) -> Tools:
    """Everything that a conversion needs.

    Args:
        target: a Java Card version, or the directory of its kit; ``None`` for 3.0.4, or the kit's own version if it
            has but one.

    Raises :class:`ToolMissing`; :class:`BadArgument` if the kit cannot convert for ``target``.
    """
    kit = _named(KIT_VARIABLE, Text("The Java Card kit is missing.", "Kit Java Card tidak ada."), _KIT_REMEDY)
    if not any((kit / name).is_file() for name in _KIT_FILES):
        text = Text(f"{kit} is no Java Card kit.", f"{kit} bukan kit Java Card.")
        raise ToolMissing(text, where=KIT_VARIABLE, remedy=_KIT_REMEDY)
    task = _named(TASK_VARIABLE, Text("ant-javacard is missing.", "ant-javacard tidak ada."), _TASK_REMEDY)
    if not task.is_file():
        raise ToolMissing(
            Text(f"{task} is no file.", f"{task} bukan berkas."), where=TASK_VARIABLE, remedy=_TASK_REMEDY
        )
    ant = shutil.which("ant")
    if ant is None:
        raise ToolMissing(Text("Ant is missing.", "Ant tidak ada."), where="PATH", remedy=_ANT_REMEDY)
    return Tools(Path(ant), task.resolve(), kit.resolve(), _target(kit, target))


def _named(variable: str, missing: Text, remedy: Text) -> Path:
    value = os.environ.get(variable)
    if not value or not Path(value).exists():
        raise ToolMissing(missing, where=variable, remedy=remedy)
    return Path(value)


def _target(kit: Path, target: str | None) -> str:
    known = sorted(path.stem.removeprefix("api_classic-") for path in (kit / "lib").glob("api_classic-*.jar"))
    if target is None:
        # A kit of one version is told to target itself: without a target it would be asked for a newer one.
        return DEFAULT_TARGET if DEFAULT_TARGET in known else str(kit.resolve())
    if target in known:
        return target
    if any((Path(target) / name).is_file() for name in _KIT_FILES):
        return str(Path(target).resolve())
    choices = ", ".join(known) or "-"
    raise BadArgument(
        Text(f"This kit cannot convert for {target}.", f"Kit ini tidak dapat mengonversi untuk {target}."),
        where="--target",
        remedy=Text(
            f"Give one of its versions ({choices}) or the directory of another kit.",
            f"Berikan salah satu versinya ({choices}) atau direktori kit lain.",
        ),
    )
