# SPDX-License-Identifier: Apache-2.0
"""Converts the applet to a CAP file: Ant compiles, converts and verifies with Oracle's tools, we take the times out."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ssn_card.cli.errors import BadFile
from ssn_card.protocol.checkout import is_checkout
from ssn_card.protocol.errors import SsnCardError, Text

from .capfile import Cap, normalised, read_cap
from .errors import ConversionFailed, ToolMissing
from .tools import Tools

#: What a card's memory for code is hoped to hold the applet in, bytes: 10 KiB, and one for what closing holes costs.
LOAD_SIZE_GOAL = 11 * 1024
CAP_NAME = "ssn-card-applet.cap"
#: The applet's sources; only a checkout has them.
APPLET_DIRECTORY = Path(__file__).resolve().parents[3] / "applet"
#: The applet's compiled classes: as Maven built them here, else those in the wheel.
APPLET_CLASSES = APPLET_DIRECTORY / "target" / "classes" if is_checkout() else Path(__file__).parent / "classes"

_TIME_LIMIT = 300  #: seconds; a conversion takes about ten
#: What the tools complain with: the converter (its line of the source apart), javac, ant-javacard and Ant, Java.
_COMPLAINTS = (
    re.compile(r"SEVERE: (?:error: line (?P<line>\d+):\s+.*\s+.*SEVERE: )?(?P<what>.+)"),
    re.compile(r"(?P<what>\w+\.java:\d+: error: .+)"),
    re.compile(r"(?P<what>Verification of .* failed: .+)"),
    re.compile(r"^BUILD FAILED\s+(?:\S+:\d+: )?(?P<what>.+)", re.MULTILINE),
    re.compile(r"(?P<what>\S*(?:Error|Exception): .+)"),
)
#: ant-javacard knows which JDK runs which kit.
_WRONG_JDK = re.compile(r"\bJDK\b")
_OTHER_JDK = Text("Set JAVA_HOME to such a JDK.", "Isi JAVA_HOME dengan JDK tersebut.")


@dataclass(frozen=True)
class BuiltCap:
    """A CAP file that was written: where, its hash, and what it says of itself."""

    path: Path
    sha256: str
    size: int
    cap: Cap
    target: str


def build_cap(out: Path, tools: Tools, log: Callable[[str], None], source: Path = APPLET_DIRECTORY) -> BuiltCap:
    """Writes ``out/ssn-card-applet.cap``; an earlier one stays as it is unless all went well.

    Args:
        log: gets all that the tools said, also if they fail.
        source: the directory with ``build.xml``.

    Raises :class:`ConversionFailed`, :class:`ToolMissing`, :class:`BadCap`, :class:`BadFile`.
    """
    build_file = source / "build.xml"
    if not build_file.is_file():
        raise ToolMissing(
            Text("The applet's sources are not installed.", "Kode sumber applet tidak terpasang."),
            where=str(source),
            remedy=Text("Run this in a checkout of the project.", "Jalankan dalam checkout proyek."),
        )
    with tempfile.TemporaryDirectory(prefix="ssn-applet-") as work:
        converted = Path(work) / "applet.cap"
        said, code = _run(tools, build_file, Path(work))
        log(said)
        if code != 0 or not converted.is_file():
            raise _refusal(said)
        raw = converted.read_bytes()
    path = out / CAP_NAME
    data = normalised(raw, str(path))
    cap = read_cap(data, str(path))
    _replace(path, data)
    return BuiltCap(path, hashlib.sha256(data).hexdigest(), len(data), cap, tools.target)


def _run(tools: Tools, build_file: Path, work: Path) -> tuple[str, int]:
    properties = {
        "ant.javacard.jar": tools.task,
        "jc.kit": tools.kit,
        "jc.target": tools.target,
        "work.dir": work,
    }
    command = [
        str(tools.ant),
        "-noinput",
        "-f",
        str(build_file),
        *(f"-D{name}={value}" for name, value in properties.items()),
    ]
    # The classes' directory must exist before the task writes there.
    (work / "classes").mkdir()
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ConversionFailed(f"no end after {_TIME_LIMIT} s.") from error
    except OSError as error:
        raise ToolMissing(
            Text("Ant cannot be started.", "Ant tidak dapat dijalankan."),
            where=str(tools.ant),
            remedy=Text("Install it: apt install ant.", "Pasang: apt install ant."),
        ) from error
    return done.stdout.decode("utf-8", "replace"), done.returncode


def _refusal(said: str) -> SsnCardError:
    """The error for what a tool complained of first, in one line."""
    for pattern in _COMPLAINTS:
        found = pattern.search(said)
        if found is None:
            continue
        groups = found.groupdict()
        what = " ".join(groups["what"].split()).rstrip(".")
        if _WRONG_JDK.search(what):
            return ToolMissing(Text(f"{what}.", f"{what}."), where="JAVA_HOME", remedy=_OTHER_JDK)
        line = groups.get("line")
        return ConversionFailed(f"{what} (line {line})." if line else f"{what}.")
    return ConversionFailed("Ant ended without a CAP file.")


def _replace(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise BadFile.unusable(path, error) from error
