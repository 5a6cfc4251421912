# SPDX-License-Identifier: Apache-2.0
"""A disk with little room."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes, in this process and in those that it starts.

    They keep no bytecode meanwhile: Python does not notice when half of it is written, and cannot read it afterwards.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept, told = sys.dont_write_bytecode, os.environ.get(_NO_BYTECODE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    sys.dont_write_bytecode, os.environ[_NO_BYTECODE] = True, "1"
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = kept
        if told is None:
            del os.environ[_NO_BYTECODE]
        else:
            os.environ[_NO_BYTECODE] = told
