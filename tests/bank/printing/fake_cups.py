# SPDX-License-Identifier: Apache-2.0
"""CUPS as far as we use it, for a machine without: ``lp``, ``lpstat`` and ``cancel`` that answer as CUPS 2.4 does.

A job is a folder of the spool named by ``FAKE_CUPS``; a printer that ``prints`` takes jobs as they are released.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

_PROGRAM = """#!{python}
import sys
sys.argv[0] = {name!r}
exec(open({source!r}, encoding="utf-8").read())
"""
_ALERTS = {
    "held": "job-hold-until-specified",
    "waiting": "job-incoming",
    "done": "job-completed-successfully",
    "cancelled": "job-canceled-by-user",
    "aborted": "aborted-by-system",
}


class FakeCups:
    """The spool, and programs that stand for CUPS's in a folder for ``PATH``."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.spool = folder / "spool"
        self.programs.mkdir(parents=True)
        self.spool.mkdir()
        for name in ("lp", "lpstat", "cancel"):
            program = self.programs / name
            program.write_text(_PROGRAM.format(python=sys.executable, name=name, source=__file__), "utf-8")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def jobs(self) -> dict[str, str]:
        """State by ticket, in order."""
        return {job.name: (job / "state").read_text() for job in sorted(self.spool.iterdir())}

    def document(self, ticket: str) -> bytes:
        return (self.spool / ticket / "document").read_bytes()

    def arguments(self, ticket: str) -> list[str]:
        return (self.spool / ticket / "arguments").read_text("utf-8").split("\n")

    def becomes(self, ticket: str, state: str) -> None:
        (self.spool / ticket / "state").write_text(state)

    def forget(self, ticket: str) -> None:
        for file in (self.spool / ticket).iterdir():
            file.unlink()
        (self.spool / ticket).rmdir()


def _lp(spool: Path, arguments: list[str]) -> str:
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    if "-i" in given:
        job = spool / given["-i"]
        if not job.exists():
            sys.exit(f"lp: Unable to find job {given['-i']}")
        if given["-H"] == "resume":
            (job / "state").write_text("waiting")
        return ""
    if given["-d"] == "broken":
        sys.exit("lp: The printer or class does not exist.")
    job = spool / f"{given['-d']}-{len(list(spool.iterdir())) + 1}"
    job.mkdir()
    (job / "document").write_bytes(sys.stdin.buffer.read())
    (job / "arguments").write_text("\n".join(arguments), "utf-8")
    (job / "state").write_text("held" if given.get("-H") == "hold" else "waiting")
    return f"request id is {job.name} (0 file(s))\n"


def _lpstat(spool: Path, arguments: list[str]) -> str:
    assert arguments[:2] == ["-l", "-W"]
    assert arguments[3] == "-o"
    open_states = ("held", "waiting")
    said = ""
    for job in sorted(spool.glob(f"{arguments[4]}-*")):
        state = (job / "state").read_text()
        if (state in open_states) is (arguments[2] == "not-completed"):
            said += f"{job.name:<23} bank              1024   Fri Nov 28 02:00:00 2025\n"
            said += f"\tStatus: \n\tAlerts: {_ALERTS[state]}\n\tqueued for {arguments[4]}\n"
    return said


def _cancel(spool: Path, arguments: list[str]) -> str:
    (spool / arguments[0] / "state").write_text("cancelled")
    return ""


if __name__ == "__main__":
    _spool = Path(os.environ["FAKE_CUPS"])
    _program = {"lp": _lp, "lpstat": _lpstat, "cancel": _cancel}[sys.argv[0]]
    sys.stdout.write(_program(_spool, sys.argv[1:]))
