# SPDX-License-Identifier: Apache-2.0
"""How the tables came to be: Alembic's revisions, each of which brings a store of the one before up to date.

A store is made by running all of them, never from the tables' declaration; a test compares the two. The next one is
made by ``tools/bank_revision.py``, read, completed by hand, and told in :data:`NEWEST`; then a backup of the revision
before is kept in tests/bank/store/backups. A revision that is out is never changed.
"""

from __future__ import annotations

from typing import Final

NEWEST: Final = "0001"  #: the revision that this program works with
