# SPDX-License-Identifier: Apache-2.0
"""``cups:QUEUE?media=…``: CUPS by its own programs, ``lp``, ``lpstat`` and ``cancel``; options become ``lp -o``.

A document goes in held (``lp -H hold``) on its standard input, so that no file is left behind; releasing it is
``lp -i TICKET -H resume``. CUPS keeps it in its spool as long as its ``PreserveJobFiles`` says: set that to No for
papers with names.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from ..errors import PrinterFailed, PrinterUnknown
from .printer import TicketState

_SECONDS: Final = 60  #: that a program may take
_QUEUE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]*")
_OPTION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_ACCEPTED: Final = re.compile(rb"request id is (\S+-\d+)")
_FAILED: Final = re.compile(r"cancell?ed|aborted|with-errors")


class CupsPrinter:
    """A queue of CUPS. A ticket is CUPS's request id, ``QUEUE-12``."""

    def __init__(self, queue: str, options: Mapping[str, str]) -> None:
        self._queue = queue
        self._options = options

    def send(self, document: bytes, title: str, /) -> str:
        options = [part for name, value in self._options.items() for part in ("-o", f"{name}={value}")]
        said = self._run(["lp", "-d", self._queue, "-t", title, "-H", "hold", *options], document)
        found = _ACCEPTED.search(said)
        if found is None:
            raise self._failed(Text("lp gave no request id", "lp tidak memberi nomor permintaan"))
        return found[1].decode("ascii", "replace")

    def release(self, ticket: str, /) -> None:
        if self.state(ticket) is TicketState.HELD:
            self._run(["lp", "-i", ticket, "-H", "resume"])

    def state(self, ticket: str, /) -> TicketState:
        """CUPS says which requests are not completed and which are, and of each its reason, in the lines below it."""
        waiting = self._request(ticket, "not-completed")
        if waiting is not None:
            return TicketState.HELD if "job-hold" in waiting else TicketState.PRINTING
        done = self._request(ticket, "completed")
        if done is None:
            return TicketState.UNKNOWN
        return TicketState.FAILED if _FAILED.search(done) else TicketState.DONE

    def cancel(self, ticket: str, /) -> None:
        if self.state(ticket) in (TicketState.HELD, TicketState.PRINTING):
            self._run(["cancel", ticket])

    def _request(self, ticket: str, which: str) -> str | None:
        """What ``lpstat -l`` says below the line of a request."""
        said = self._run(["lpstat", "-l", "-W", which, "-o", self._queue]).decode("utf-8", "replace")
        found: list[str] | None = None
        for line in said.splitlines():
            if not line[:1].isspace():
                if found is not None:
                    break
                if line.split(maxsplit=1)[:1] == [ticket]:
                    found = []
            elif found is not None:
                found.append(line.strip())
        return None if found is None else "\n".join(found)

    def _run(self, command: Sequence[str], document: bytes = b"") -> bytes:
        try:
            done = subprocess.run(
                command, input=document, capture_output=True, timeout=_SECONDS, env={**os.environ, "LC_ALL": "C"}
            )
        except subprocess.TimeoutExpired:
            raise self._failed(Text(f"{command[0]} does not answer", f"{command[0]} tidak menjawab")) from None
        except OSError as error:
            why = Text("{program}: {why}", "{program}: {why}").filled(program=command[0], why=system_reason(error))
            raise self._failed(why) from None
        if done.returncode != 0:
            said = " ".join(done.stderr.decode("utf-8", "replace").split()) or f"exit code {done.returncode}"
            raise self._failed(Text(said, said))
        return done.stdout

    def _failed(self, why: Text) -> PrinterFailed:
        return PrinterFailed(f"cups:{self._queue}", why)


def open_cups(place: str, options: Mapping[str, str]) -> CupsPrinter:
    """``cups:QUEUE?option=value``. Raises ``PrinterUnknown``."""
    if not _QUEUE.fullmatch(place) or not all(map(_OPTION.fullmatch, options)):
        why = Text("no name of a queue, or of an option, is like this", "bukan nama antrean atau opsi")
        raise PrinterUnknown(f"cups:{place}", why, "cups:QUEUE?media=NAME")
    return CupsPrinter(place, options)
