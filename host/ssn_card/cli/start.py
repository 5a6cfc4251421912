# SPDX-License-Identifier: Apache-2.0
"""The process ``ssn``: all that must hold before and after the command line itself, which is loaded from here.

Loading takes a moment in which Ctrl-C must not print a traceback, so this module imports nothing that is large.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run ``ssn`` with the process's arguments and exit."""
    try:
        _open_what_is_closed()
        from .main import run
        from .streams import show_any_text

        show_any_text()
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = _interrupted()
    # Nothing is left to be done but Python's own end, which would print a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(code)


def _interrupted() -> int:
    """Ctrl-C before the command line was there, or once more while it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from ssn_card.protocol.errors import default_language

    from .errors import EXIT_INTERRUPTED, INTERRUPTED

    with contextlib.suppress(OSError):  # nobody listens
        sys.stderr.write(f"{INTERRUPTED.in_language(default_language())}\n")
    return EXIT_INTERRUPTED


def _open_what_is_closed() -> None:
    """Fill descriptors 0, 1 and 2 where the caller closed them: the next file opened, a journal, would become stdout.

    Standard output cannot be written to then, which is an error when something is; messages to nowhere are none.
    """
    for descriptor, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  (the process's own)
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
