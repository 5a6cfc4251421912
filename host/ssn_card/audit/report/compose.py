# SPDX-License-Identifier: Apache-2.0
"""From the data of a report to the document in one language: findings, proof, programme, what was checked, method."""

from __future__ import annotations

from collections.abc import Iterator

from .data import ReportData
from .document import Document
from .sections.checked import checked
from .sections.method import method
from .sections.programme import programme
from .sections.proof import proof
from .sections.visits import visits
from .speech import Speech
from .words import common

_PARTS = (visits, proof, programme, checked, method)
LANGUAGES = ("id", "en")


def compose(data: ReportData, language: str) -> Document:
    """``language``: one of :data:`LANGUAGES`."""
    speech = Speech(language)
    blocks = tuple(block for part in _PARTS for block in part(data, speech))
    return Document(
        language,
        speech.say(common.TITLE),
        tuple(_lead(data, speech)),
        speech.say(common.CONTENTS),
        speech.say(common.SKIP),
        blocks,
    )


def _lead(data: ReportData, speech: Speech) -> Iterator[str]:
    yield speech.say(common.PERIOD, first=speech.day(data.first_on), last=speech.day(data.last_on))
    yield speech.say(common.DATED, day=speech.day(data.dated), software=data.software)
    if data.personal is None:
        yield speech.say(common.SERIALS_ONLY)
    elif data.personal.people:
        people = speech.number(data.personal.people)
        yield speech.say(common.PERSONAL, people=people, reason=data.personal.reason)
    else:
        yield speech.say(common.NO_PEOPLE, reason=data.personal.reason)
