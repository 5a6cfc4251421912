# SPDX-License-Identifier: Apache-2.0
"""Files that hold what was written when the power fails: journals and registers that one process owns, and
:func:`whole_file`, what is written for others, whole or not at all.

Owned files are SQLite in WAL mode with ``synchronous=FULL``. One that is not ours is told by its first bytes, before
SQLite opens it, and is left as it is. A kind of file is a :class:`Kind` (tables, version, errors) and its own subclass
of :class:`OwnedFile`.
"""

from .file import MEMORY, OwnedFile
from .kind import Kind
from .syncs import DiskSyncs
from .whole import whole_file

__all__ = ["MEMORY", "DiskSyncs", "Kind", "OwnedFile", "whole_file"]
