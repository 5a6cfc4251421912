# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of the tests' own: Debian's programs, data and socket in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

ACCOUNT = "postgres"  #: initdb refuses root
_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "max_connections=40",
    "autovacuum=off",
)


def programs() -> Path | None:
    """The folder of the newest version that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return next((folder for folder in reversed(found) if (folder / "initdb").exists()), None)


class PostgresServer:
    """Made, started and removed; ``url(database)`` is what ``--bank`` takes."""

    def __init__(self, bin: Path) -> None:
        self._bin = bin
        self._account = ACCOUNT if os.geteuid() == 0 else None
        # Not under pytest's own folders: they are root's alone, and a socket's path has at most 107 bytes.
        self._folder = Path(tempfile.mkdtemp(prefix="ssn-pg-"))
        if self._account:
            entry = pwd.getpwnam(self._account)
            os.chown(self._folder, entry.pw_uid, entry.pw_gid)
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        self._process = subprocess.Popen(
            # Whoever kills the tests ends the server too.
            ["setpriv", "--pdeathsig", "INT", self._bin / "postgres", "-D", data, "-k", self._folder, *settings],
            user=self._account,
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "log").open("wb"),
        )
        self._wait()

    def url(self, database: str) -> str:
        return f"postgresql://{ACCOUNT}@/{database}?host={self._folder}"

    def execute(self, statement: str) -> None:
        """A statement of the server's administrator."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def dump(self, database: str, *options: str) -> str:
        """``pg_dump`` as text."""
        return self._run("pg_dump", *options, "-h", str(self._folder), "-U", ACCOUNT, database)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [self._bin / program, *arguments], user=self._account, cwd="/", check=True, capture_output=True, text=True
        )
        return done.stdout

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self.execute("SELECT 1")
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.05)
