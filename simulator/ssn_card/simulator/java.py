# SPDX-License-Identifier: Apache-2.0
"""Where Java and the simulator's jar are, and the command line that starts it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from ssn_card.applet_tools.errors import FROM_A_WHEEL
from ssn_card.protocol.checkout import is_checkout

from .errors import JavaMissing, SimulatorJarMissing

JAR_VARIABLE = "SSN_SIMULATOR_JAR"
JAR_NAME = "ssn-card-simulator.jar"
MAIN_CLASS = "id.ssncard.simulator.Main"

#: The first compiler tier alone reaches its full speed within a second, and a single-threaded collector keeps a
#: process of a few MB from starting threads for each core.
OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xms16m")


def find_java() -> Path:
    """The ``java`` of JAVA_HOME, else of PATH. Raises :class:`JavaMissing`."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else None
    found = found or shutil.which("java")
    if found is None:
        raise JavaMissing
    return Path(found)


def find_jar() -> Path:
    """SSN_SIMULATOR_JAR, else the jar built in this checkout, or packed with the wheel where this is none.

    Raises :class:`SimulatorJarMissing`.
    """
    here = Path(__file__).resolve().parent
    named = os.environ.get(JAR_VARIABLE)
    place = here.parents[1] / "target" / JAR_NAME if is_checkout() else here / JAR_NAME
    jar = Path(named) if named else place
    if not jar.is_file():
        raise SimulatorJarMissing(jar) if is_checkout() else SimulatorJarMissing(jar, FROM_A_WHEEL)
    return jar


def command_line(jar: Path | None = None, classpath: Sequence[Path] = (), options: Sequence[str] = ()) -> list[str]:
    """The simulator's command line. Raises :class:`JavaMissing`, :class:`SimulatorJarMissing`."""
    entries = os.pathsep.join(map(str, (jar or find_jar(), *classpath)))
    return [str(find_java()), *OPTIONS, *options, "-cp", entries, MAIN_CLASS]
