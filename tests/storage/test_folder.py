# SPDX-License-Identifier: Apache-2.0
"""A folder is there whole or not at all, whatever becomes of the process that writes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ssn_card.storage.folder import scratch_folder, whole_folder

KILLED_AT_WORK = """
import os, signal
from ssn_card.storage.folder import scratch_folder
with scratch_folder("of-a-test") as folder:
    (folder / "large").write_text("large")
    os.kill(os.getpid(), signal.SIGKILL)
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from ssn_card.storage.folder import whole_folder
with whole_folder(Path(sys.argv[1])) as draft:
    (draft / "inner").mkdir()
    (draft / "inner/half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def killed(folder: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert ended.returncode == -signal.SIGKILL


def test_all_files_are_there_at_the_end(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "a") as draft:
        (draft / "inner").mkdir()
        (draft / "inner/file").write_text("whole")
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a/inner/file").read_text() == "whole"
    assert names(tmp_path) == ["a"]


def test_what_a_killed_process_left_goes_with_the_next(tmp_path: Path) -> None:
    killed(tmp_path / "a")
    killed(tmp_path / "b")
    (left,) = [name for name in names(tmp_path) if name.startswith(".a.")]
    with whole_folder(tmp_path / "a") as draft:
        assert draft.name != left
        assert not (tmp_path / left).exists()
    assert [name[:3] for name in names(tmp_path)] == [".b.", "a"]


def test_what_another_writes_still_is_let_alone(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "a") as first:
        (first / "file").write_text("first")
        with pytest.raises(FileExistsError), whole_folder(tmp_path / "a") as second:  # noqa: PT012
            assert first.exists()
            assert second != first
            (tmp_path / "a/other").mkdir(parents=True)
        (tmp_path / "a/other").rmdir()
    assert (tmp_path / "a/file").read_text() == "first"


def test_a_file_or_a_link_of_such_a_name_is_no_draft(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/file").touch()
    (tmp_path / ".a.00000000").symlink_to(tmp_path / "elsewhere")
    (tmp_path / ".a.11111111").touch()
    (tmp_path / ".a.note").mkdir()
    with whole_folder(tmp_path / "a"):
        pass
    assert len(names(tmp_path)) == 5
    assert (tmp_path / "elsewhere/file").exists()


def test_temporary_files_go_with_the_block_or_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.run(
        [sys.executable, "-c", KILLED_AT_WORK], check=False, env=os.environ | {"TMPDIR": str(tmp_path)}
    )
    assert ended.returncode == -signal.SIGKILL
    (left,) = names(tmp_path)
    with scratch_folder("of-a-test") as one, scratch_folder("of-a-test") as two:
        assert names(tmp_path) == sorted([one.name, two.name])
        assert left not in names(tmp_path)
        assert one.stat().st_mode & 0o077 == 0
    assert names(tmp_path) == []
