# SPDX-License-Identifier: Apache-2.0
"""What Alembic runs: the revisions, in the caller's own connection and transaction."""

from __future__ import annotations

from alembic import context

from ssn_card.bank.store.tables import Base


def _run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=context.config.attributes.get("batch", True),  # SQLite changes a table by making another
        transactional_ddl=True,  # on SQLite too: our own BEGIN is around all of it
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # as Alembic names it
    _run()
