# SPDX-License-Identifier: Apache-2.0
"""Spoilt cards handed in by several shops, in files as terminals and hostile hands write them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.audit.spoilt import Spoiler, honest, serial

from ssn_card.receipts import Receipt, Tip
from ssn_card.receipts.jsonl import line_of

_NO_RECEIPTS = ("{}", "x", '{"schema":"ssn-card/receipt/1","receipt":"00"}', "", " ", "[]")
_GOODS = ('[["BERAS",1,5000]]', "null", "7", '[["EMAS",1,5000]]')


@dataclass(frozen=True)
class HandedIn:
    """Files, and what the cards have stated."""

    files: list[Path]
    tips: dict[bytes, Tip]


def handed_in(folder: Path, random: Random, cards: int) -> HandedIn:
    """A set of cards out of a seed."""
    spoiler, shops = Spoiler(random), random.choice((1, 3))
    lines: list[list[str]] = [[] for _ in range(shops)]
    tips = {serial(999_999): Tip(3, bytes(8))}
    first = random.randrange(100_000)
    for number in range(first, first + cards):
        if random.random() < 0.5:
            tips[serial(number)] = _tip(honest(number), random)
        for raw in spoiler.card(number):
            for shop in random.sample(range(shops), random.choice((1, 1, 1, shops))):
                lines[shop] += _written(raw, random)
    files = []
    for shop, written in enumerate(lines):
        if random.random() < 0.5:
            random.shuffle(written)
        files.append(folder / f"shop-{shop}.jsonl")
        files[-1].write_text("\n".join(written) + random.choice(("", "\n")))
    return HandedIn(files, tips)


def _tip(receipts: list[bytes], random: Random) -> Tip:
    number = len(receipts) + random.choice((0, 0, 0, -1, 1))
    return Tip(number, random.choice((receipts[-1][80:], receipts[-1][80:], receipts[0][80:], bytes(8))))


def _written(raw: bytes, random: Random) -> list[str]:
    line = line_of(Receipt(raw))
    if random.random() < 0.05:
        line = line[:-1] + f',"basket":{random.choice(_GOODS)}}}'
    return [line, random.choice(_NO_RECEIPTS)] if random.random() < 0.02 else [line]
