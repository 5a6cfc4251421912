# SPDX-License-Identifier: Apache-2.0
"""``python -m ssn_card.protocol.generate [--check]``: write the generated files, or say which ones are out of date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..checkout import repository
from ..errors import SsnCardError
from . import files


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done or up to date, 1 something differs (``--check``), 2 no checkout."""
    parser = argparse.ArgumentParser(prog="python -m ssn_card.protocol.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a generated file differs")
    options = parser.parse_args(arguments)
    try:
        root = repository()
    except SsnCardError as error:
        sys.stderr.write(f"{error.describe()}\n")
        return 2
    texts = files.generated()
    if options.check:
        wrong = files.differing(root, texts)
        sys.stdout.writelines(f"differs: {path}\n" for path in wrong)
        return 1 if wrong else 0
    sys.stdout.writelines(f"wrote {path}\n" for path in files.write(root, texts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
