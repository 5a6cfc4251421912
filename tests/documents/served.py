# SPDX-License-Identifier: Apache-2.0
"""``ssn`` out of a process that has imported it already: each command is a fork with its caller's files and folder.

A reader of the documents types more than a hundred commands, and a command mostly imports. ``python served.py SOCKET``
serves until something comes on its standard input, or it ends; with arguments behind it, it is that command of ``ssn``.
"""

from __future__ import annotations

import gc
import marshal
import os
import select
import signal
import socket
import sys

_PACKAGES = (
    "ssn_card.cli", "ssn_card.bank.cli", "ssn_card.personalization", "ssn_card.terminal", "ssn_card.receipts",
    "ssn_card.audit",
)  # fmt: skip
#: What starts threads, which do not survive a fork; a command that wants it imports it.
_LEFT_OUT = ("bench", "pcsc")
_SURVIVES = "jemalloc_bg_thd"  #: pyarrow's, which its allocator stops before a fork and starts behind it


def _import_all() -> None:
    import importlib  # only here: the command itself is to start quickly
    import pkgutil
    from pathlib import Path

    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy's; a command has its caller's environment
    for package in map(importlib.import_module, _PACKAGES):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(word in module.name for word in (*_LEFT_OUT, "__main__")):
                importlib.import_module(module.name)
    threads = [Path(task, "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()][1:]
    if lost := [one for one in threads if one != _SURVIVES]:
        raise RuntimeError(f"threads would be missing in each fork: {lost}")
    _sign_in_cheaply()


def _sign_in_cheaply() -> None:
    """What a password costs a thief is no matter of documents, and is waited for at each command of the bank."""
    import argon2

    from ssn_card.bank.accounts import passwords

    passwords._HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def serve(path: str) -> None:
    """Take commands. Returns in the process of each, which has by then all that its caller has."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        _import_all()  # while callers wait
        gc.freeze()  # or each fork would look through all that is imported
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while 0 not in select.select([0, listening.fileno()], [], [])[0]:
            caller = listening.accept()[0]
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listening.close()
                return _become(caller)
            caller.close()
    sys.exit()


def _become(caller: socket.socket) -> None:
    """Fork once more: the one tells how the other ended, which has the caller's files, folder and environment."""
    head, files, _, _ = socket.recv_fds(caller, 4, 3)
    length, given = int.from_bytes(head, "big"), b""
    while len(given) < length:
        given += caller.recv(length - len(given))
    command = os.fork()
    if command:
        status = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
        caller.sendall(bytes([status if status >= 0 else 128 - status]))
        os._exit(0)
    caller.close()
    for wanted, file in enumerate(files):
        os.dup2(file, wanted)
        os.close(file)
    arguments, folder, environment = marshal.loads(given)  # noqa: S302  (from ourselves)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["ssn", *arguments]
    sys.stdin, sys.stdout = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115


def call(path: str, arguments: list[str]) -> int:
    """The command's exit code."""
    given = marshal.dumps((arguments, os.getcwd(), dict(os.environ)))  # noqa: PTH109  (quick to import)
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        socket.send_fds(server, [len(given).to_bytes(4, "big")], [0, 1, 2])
        server.sendall(given)
        return server.recv(1)[0]


if __name__ == "__main__":
    if sys.argv[2:]:
        sys.exit(call(sys.argv[1], sys.argv[2:]))
    serve(sys.argv[1])
    from ssn_card.cli.start import main

    main()
