# SPDX-License-Identifier: Apache-2.0
"""Writes the next revision of the bank's store: what the tables' declaration has and the revisions have not yet.

    tools/bank_revision.py 0002 "A card's colour"

Read and complete it: data that have to be moved, triggers (migrations/append_only.py). ``--first`` makes the first one
anew, which is allowed as long as nobody has a store.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from ssn_card.bank.store import migrations, schema

FOLDER = Path(migrations.__file__).parent / "versions"
_RUFF = (sys.executable, "-m", "ruff")
_IMPORT = "from ssn_card.bank.store.migrations.append_only import first_triggers\n"
_TRIGGERS = """    for statement in first_triggers(op.get_bind().dialect.name, {tables}):
        op.execute(statement)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", help="such as 0002")
    parser.add_argument("message")
    parser.add_argument("--first", action="store_true")
    given = parser.parse_args()
    if given.first:
        for old in FOLDER.glob("r*.py"):
            old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/store.db")
        with engine.begin() as connection:
            config = schema.config_of(connection)
            config.attributes["batch"] = not given.first  # a table that is new is not changed
            if not given.first:
                command.upgrade(config, "head")
            script = command.revision(config, given.message, autogenerate=True, rev_id=given.number)
    path = Path(script.path)  # type: ignore[union-attr]
    text = path.read_text()
    if given.first:
        text = re.sub(
            r"\n    # ### end Alembic commands ###\n", "\n" + _TRIGGERS.format(tables=schema.APPEND_ONLY), text
        )
        text = text.replace("import op\n", "import op\n\n" + _IMPORT)
    path.write_text(re.sub(r"\n    # ###.*?###", "", text))
    subprocess.run([*_RUFF, "check", "--fix", "-q", path], check=True)
    subprocess.run([*_RUFF, "format", "-q", path], check=True)
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
