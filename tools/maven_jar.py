# SPDX-License-Identifier: Apache-2.0
"""Jars that a tool needs and the build does not, from Maven's own store where they have been before."""

import subprocess
from pathlib import Path

from tracked import ROOT


def fetch(group: str, artifact: str, version: str, classifier: str = "") -> Path:
    """The jar, copied under .build. Raises ``CalledProcessError`` where Maven has not got it and cannot get it."""
    name = "-".join(filter(None, (artifact, version, classifier))) + ".jar"
    place = ROOT / ".build" / "jars" / name
    if not place.is_file():
        coordinates = ":".join(filter(None, (group, artifact, version, "jar", classifier)))
        copy = [
            "mvn", "-B", "-q", "-ntp", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
            f"-Dartifact={coordinates}", f"-DoutputDirectory={place.parent}",
        ]  # fmt: skip
        if subprocess.run([*copy, "-o"], cwd=ROOT, capture_output=True, check=False).returncode:
            subprocess.run(copy, cwd=ROOT, check=True)
    return place
