# SPDX-License-Identifier: Apache-2.0
"""A store's folder while it is being written: one process at a time, and nothing left behind."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage.whole import sync_folder

from ..errors import NotAStore, StoreBusy, StoreUnwritable
from ..sources.packed import MANIFEST, is_store
from .form import draft_of, folder_of_rows, our_files
from .manifest import Manifest, read_manifest, write_manifest

_LOCK = ".lock"


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """The store is ours until the block ends; where there was none, an empty one, which goes again if the block fails.

    Raises:
        NotAStore: the folder holds something else.
        StoreBusy: another process owns it.
        StoreUnwritable: it cannot be written, or a write in the block fails.
    """
    with ExitStack() as held:
        with _writable(folder):
            created = not folder.exists()
            _lock(folder, held)
        began = not is_store(folder)
        try:
            with _writable(folder):
                if began:
                    write_manifest(folder, Manifest())
                yield
        except BaseException:
            with suppress(OSError):
                _undo(folder, began, created)
            raise


def publish(folder: Path, manifest: Manifest) -> None:
    """Give the drafts of new files their names. Raises ``OSError``."""
    folders = set()
    for part in manifest.files():
        path = folder / part.path
        draft = draft_of(path)
        if draft.exists():
            draft.replace(path)
            folders |= {path.parent, path.parent.parent}
    for one in folders:
        sync_folder(one)


def tidy(folder: Path, manifest: Manifest) -> None:
    """Remove files of ours that the manifest does not name: drafts, and what it once named. Raises ``OSError``."""
    named = {folder / part.path for part in manifest.files()}
    for path in our_files(folder):
        if path not in named:
            path.unlink()
            if path.parent != folder:
                with suppress(OSError):  # other files are in it
                    path.parent.rmdir()


def _lock(folder: Path, held: ExitStack) -> None:
    """Own the folder, which is a store or empty."""
    if folder.exists() and not folder.is_dir():
        raise NotAStore(str(folder), Text("it is a file", "ini berkas"))
    folder.mkdir(parents=True, exist_ok=True)
    if not is_store(folder) and not all(_is_ours(path.name) for path in folder.iterdir()):
        raise NotAStore(str(folder), Text("the folder holds something else", "foldernya berisi hal lain"))
    lock = held.enter_context((folder / _LOCK).open("ab"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StoreBusy(str(folder)) from None
    if not _has_its_name(lock.fileno(), folder / _LOCK):  # who owned it has failed, and undone the store it began
        raise StoreBusy(str(folder))


def _has_its_name(descriptor: int, path: Path) -> bool:
    """Whether the file is still to be found there, so that others ask for the same lock."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _is_ours(name: str) -> bool:
    """Whether it may be the lock or the draft of a manifest, all there is before there is a store."""
    return name == _LOCK or name.startswith(f".{MANIFEST}.")


def _undo(folder: Path, began: bool, created: bool) -> None:
    """Leave the store as it was, which may be none."""
    if not began or (is_store(folder) and read_manifest(folder).sources):
        tidy(folder, read_manifest(folder))
        return
    tidy(folder, Manifest())
    for name in (MANIFEST, _LOCK):
        (folder / name).unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        folder_of_rows(folder).rmdir()
    if created:
        folder.rmdir()


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnwritable(str(folder), system_reason(error)) from None
