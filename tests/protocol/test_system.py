# SPDX-License-Identifier: Apache-2.0
"""The system's refusals in both languages."""

from __future__ import annotations

import errno
import os
import socket
import sqlite3
from pathlib import Path

import pytest

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path, indonesian in ((tmp_path / "none", "berkas atau folder tidak ada"), (tmp_path, "ini folder")):
        with pytest.raises(OSError, match=path.name) as refused:
            path.open()
        assert system_reason(refused.value) == Text(refused.value.strerror or "", indonesian)


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_no_english_is_left(number: int) -> None:
    """Also of an errno that we have no words for."""
    reason = system_reason(OSError(number, os.strerror(number)))
    assert reason.en == os.strerror(number)
    assert reason.en not in reason.id
    assert reason.id


def test_errors_without_a_number() -> None:
    assert system_reason(TimeoutError()).id == "tidak ada jawaban pada waktunya"
    assert system_reason(TimeoutError("timed out")) == Text("timed out", "tidak ada jawaban pada waktunya")
    assert system_reason(OSError("no words")) == Text("no words", "sistem menjawab OSError")
    assert system_reason(OSError()) == Text("OSError", "sistem menjawab OSError")
    unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    assert system_reason(unknown) == Text("Name or service not known", "nama komputer tujuan tidak dikenal")


@pytest.mark.parametrize(
    ("number", "told"), [(errno.EXDEV, "EXDEV"), (99_999, "99999"), (1 << 20, "1048576"), (0, "0")]
)
def test_a_number_without_words_of_ours_is_told(number: int, told: str) -> None:
    assert system_reason(OSError(number, "odd")) == Text("odd", f"sistem menjawab {told}")


def test_text_that_is_none() -> None:
    with pytest.raises(UnicodeDecodeError) as refused:
        b"\xff".decode("utf-8")
    assert system_reason(refused.value) == Text("not UTF-8 text", "bukan teks UTF-8")
    assert system_reason(UnicodeError("label too long")) == Text("label too long", "sistem menjawab UnicodeError")


def test_sqlite(tmp_path: Path) -> None:
    def reason(path: Path, *statements: str) -> str:
        database = sqlite3.connect(path)
        try:
            for statement in statements[:-1]:
                database.execute(statement)
            with pytest.raises(sqlite3.Error) as refused:
                database.execute(statements[-1])
        finally:
            database.close()
        assert system_reason(refused.value).en == str(refused.value)
        return system_reason(refused.value).id

    other = tmp_path / "other"
    other.write_text("something else, and long enough to be a database's header" * 20)
    assert reason(other, "CREATE TABLE t (a)") == "bukan basis data"
    assert reason(tmp_path / "rule", "CREATE TABLE t (a NOT NULL)", "INSERT INTO t VALUES (NULL)").startswith("aturan")
    assert reason(tmp_path / "full", "CREATE TABLE t (a)", "PRAGMA max_page_count=2", "CREATE TABLE u (a)") == (
        "ruang disk habis"
    )
    assert system_reason(sqlite3.ProgrammingError("closed")).id == "sistem menjawab ProgrammingError"


def test_a_text_fills_each_language_with_its_own() -> None:
    why = system_reason(OSError(errno.ENOSPC, "No space left on device"))
    filled = Text("{what}: {why}", "{what} gagal: {why}").filled(what="x", why=why)
    assert filled == Text("x: No space left on device", "x gagal: ruang disk habis")
