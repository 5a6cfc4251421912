# SPDX-License-Identifier: Apache-2.0
"""Pictures of pages of a report for docs/auditor.md: ``report_pages.py REPORT``, a folder of ``ssn audit report``.

Made of the year ``ssn sim year --seed 7 --fast``. In grey, as they print.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

from ssn_card.audit.report.compose import compose
from ssn_card.audit.report.data import report_from_json
from ssn_card.audit.report.pages import as_pictures

FOLDER = Path(__file__).parents[1] / "docs/figures/report"
PAGES = {"en": (1, 3), "id": (1,)}
_DOTS = 80  #: to the inch
_GREYS = 12


def main(report: Path) -> None:
    """Write the pictures."""
    data = report_from_json((report / "report.json").read_bytes())
    FOLDER.mkdir(exist_ok=True)
    for language, pages in PAGES.items():
        pictures = as_pictures(compose(data, language), data.dated, dots=_DOTS)
        for page in pages:
            picture = Image.open(io.BytesIO(pictures[page - 1])).convert("L").quantize(_GREYS)
            picture.save(FOLDER / f"{language}-{page}.png", optimize=True)
            print("wrote:", f"docs/figures/report/{language}-{page}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
