# SPDX-License-Identifier: Apache-2.0
"""Status words with remedies in both languages."""

from __future__ import annotations

from ... import status
from ..markdown import prose, shown_sw, table


def status_words() -> str:
    """The chapter on status words."""
    rows = [("9000", "OK", "Done.", "", "Berhasil.", "")]
    rows += [
        (
            shown_sw(cls),
            cls.constant,
            cls.meaning.en,
            cls.remedy.en,
            cls.meaning.id,
            cls.remedy.id,
        )
        for sw, cls in status.STATUS_WORDS.items()
    ]
    return "\n\n".join(
        (
            "## Status words",
            prose(
                """
                A status word is not authenticated. A terminal may show its text, but only a verified answer, or
                READ RECEIPT, says what happened to the money. A status word other than 9000 from the card itself
                changed nothing but the challenge and, of VERIFY, a try; with one exception: 6F00 may follow anything. A
                word that is not listed is not from this applet.

                63Cx never comes as 63C0: a wrong PIN gives 63C2, then 63C1, and the last one 6983 at once.
                """
            ),
            table(("SW", "name", "meaning", "remedy", "arti", "tindakan"), rows),
        )
    )
