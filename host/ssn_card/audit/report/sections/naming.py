# SPDX-License-Identifier: Apache-2.0
"""How a report calls those whom it tells of, and counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ...rules.outcome import Subject
from ..data import ReportData, Suspect
from ..speech import Speech
from ..words.common import COUNTED, FAMILY_OF, FAMILY_OF_CARDS, SUBJECTS

_GROUP = 4  #: digits of a serial that stand together


def serial(digits: str) -> str:
    """``5353 4e20 2600 0001``: sixteen digits in one piece nobody compares."""
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def called(one: Suspect, speech: Speech) -> str:
    """A shop by its number and name, a companion by the office's number, a family by the serial of its newest card."""
    if one.subject is Subject.SHOP:
        return f"{one.who} {one.name}".strip()
    kind = speech.say(SUBJECTS[one.subject])
    if one.subject is Subject.COMPANION:
        return f"{kind} {one.name or serial(one.who)}"
    if one.subject is Subject.FAMILY and one.cards:
        count = speech.number(len(one.cards))
        text = FAMILY_OF if len(one.cards) == 1 else FAMILY_OF_CARDS
        return speech.say(text, card=serial(one.cards[-1]), count=count)
    return f"{kind} {serial(one.who)}"


def short(one: Suspect) -> str:
    """The same for a chart's label."""
    if one.subject is Subject.SHOP:
        return one.who
    return (
        one.name if one.subject is Subject.COMPANION and one.name else serial(one.cards[-1] if one.cards else one.who)
    )


def whom(suspects: Iterable[Suspect], shops: int, speech: Speech) -> str:
    """``6 of 51 shops and one companion``; with a capital, for it begins a sentence."""
    counts = Counter(one.subject for one in suspects)
    words = []
    for kind, (one, many) in COUNTED.items():
        if counts[kind]:
            text = one if counts[kind] == 1 else many
            words.append(speech.say(text, count=speech.number(counts[kind]), shops=speech.number(shops)))
    whole = speech.listed(words)
    return whole[:1].upper() + whole[1:]


def rule_titles(data: ReportData, speech: Speech) -> dict[str, str]:
    """Of each rule."""
    return {rule.code: speech.say(rule.title) for rule in data.rules}
