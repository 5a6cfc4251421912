# SPDX-License-Identifier: Apache-2.0
"""Files that one process owns, and that hold what was written when the power fails: journals and registers.

SQLite in WAL mode with ``synchronous=FULL``. A file that is not ours is told by its first bytes, before SQLite opens
it, and is left as it is. A kind of file is a :class:`Kind` (tables, version, errors) and its own subclass of
:class:`OwnedFile`.
"""

from .file import MEMORY, OwnedFile
from .kind import Kind

__all__ = ["MEMORY", "Kind", "OwnedFile"]
