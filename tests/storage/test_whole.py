# SPDX-License-Identifier: Apache-2.0
"""A file for others is whole or is not there, and what is no file is never replaced by one."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from ssn_card.storage import whole_file


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk has no room for what was written."""

    def refused(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refused)


def write(path: Path, content: bytes = b"new") -> None:
    with whole_file(path) as file:
        file.write(content)


def test_it_has_no_name_before_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"old")
    with whole_file(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("there", [True, False])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "out.jsonl"
    if there:
        path.write_bytes(b"old")
    with pytest.raises(OSError, match="No space"):
        write(path)
    assert {one: one.read_bytes() for one in tmp_path.iterdir()} == ({path: b"old"} if there else {})


def test_an_error_of_the_writer_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"old")

    def fail() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert {one: one.read_bytes() for one in tmp_path.iterdir()} == {path: b"old"}


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write(pipe)
    reader.join(10)
    assert read == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_what_is_open_already_is_written_to() -> None:
    """As ``/dev/stdout`` behind a pipe."""
    reading, writing = os.pipe()
    write(Path(f"/dev/fd/{writing}"))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b"new"


def test_a_link_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "real", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write(link)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_new_file_has_the_mode_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    with whole_file(path, mode=0o600):
        pass
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("there", ["file", "link", "nothing"])
def test_a_new_file_takes_no_name_that_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str, links: bool
) -> None:
    """On a memory stick's FAT too, which knows no links."""
    path, target = tmp_path / "out.jsonl", tmp_path / "real"
    if there != "nothing":
        target.write_bytes(b"old")
    if there == "file":
        target.rename(path)
    elif there == "link":
        path.symlink_to(target)
    if not links:

        def refused(*_: object) -> None:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "link", refused)
    if there == "nothing":
        write_new(path)
        assert path.read_bytes() == b"new"
    else:
        with pytest.raises(FileExistsError):
            write_new(path)
        assert path.read_bytes() == b"old"
    assert not [one for one in tmp_path.iterdir() if one not in (path, target)]


def write_new(path: Path) -> None:
    with whole_file(path, new=True) as file:
        file.write(b"new")


def test_what_others_put_in_the_place_of_the_draft_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever guesses its name could have a file of ours written over, or look at secrets while they are written."""
    path, ours = tmp_path / "out.jsonl", tmp_path / "ours"
    monkeypatch.setattr(os, "urandom", bytes)
    ours.write_bytes(b"old")
    (tmp_path / f".{path.name}.00000000").symlink_to(ours)
    with pytest.raises(FileExistsError):
        write(path)
    assert ours.read_bytes() == b"old"
    assert not path.exists()


def test_a_file_system_that_cannot_sync_a_folder_holds_the_file_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def of_files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", of_files_only)
    write(tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == b"new"
