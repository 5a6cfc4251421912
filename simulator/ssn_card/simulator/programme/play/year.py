# SPDX-License-Identifier: Apache-2.0
"""A whole year on disk: a script played, and all files written of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from ssn_card.keys import SERIAL_LENGTH, KeyProvider
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.system import system_reason

from ..errors import YearNotWritten
from ..plan import plan
from ..plan.events import Step
from ..plan.scheme import PETTY
from ..sets import schemes_of
from . import by_deck, side_files, truth, uploads
from .folder import DATA, EXPORTS, TRUTH, About, YearFolder
from .played import Played
from .script import YearScript, script_of

PASSES = 2  #: of :func:`.by_deck.play` over the events


@dataclass(frozen=True)
class YearSummary:
    """What a year holds. ``uploaded``: lines that reach the auditor; ``refused``: by cards; rupiah of all receipts."""

    cards: int
    families: int
    shops: int
    companions: int
    receipts: int
    uploaded: int
    refused: int
    debited: int
    actors: int
    lookalikes: int


def planned_and_made(
    about: About,
    path: Path,
    provider: KeyProvider,
    *,
    begins: Callable[[int], None] = lambda steps: None,
    progress: Callable[[int], None] = lambda done: None,
) -> YearSummary:
    """What a folder holds, planned and made unless it is whole; ``begins`` is told how much progress there will be.

    Raises as :class:`.folder.YearFolder` and :func:`make`; ``YearNotWritten`` where that cannot write.
    """
    folder = YearFolder(path, about)
    if folder.holds is not None:
        return YearSummary(**folder.holds)
    script = script_of(plan(about.seed, about.families, schemes_of(about.schemes)))
    begins(len(script.events) * (PASSES if about.fast else 1))
    try:
        return make(script, provider, folder, fast=about.fast, progress=progress)
    except OSError as error:
        raise YearNotWritten(path, system_reason(error)) from None


def make(
    script: YearScript, provider: KeyProvider, folder: YearFolder, *, fast: bool, progress: Callable[[int], None]
) -> YearSummary:
    """Play a script and write the year; ``fast``: by the card's rules in numpy instead of the applet.

    Raises as :func:`.by_deck.play` or :func:`.by_applet.play`; ``OSError`` where it cannot be written.
    """
    if fast:
        played = by_deck.play(script, provider, progress)
    else:
        from . import by_applet  # only here: terminals, cards and Java

        with folder.journals() as journals:
            played = by_applet.play(script, provider, folder.checkpoint, journals, progress)
    uploaded = uploads.write(script, played, folder.fresh(EXPORTS))
    side_files.write(script, played, folder.fresh(DATA))
    truth.write(script, played, folder.fresh(TRUTH))
    summary = _summary(script, played, uploaded)
    folder.finish(asdict(summary))
    return summary


def keys_of(provider: KeyProvider) -> str:
    """By what keys are known: the check value, in digits, of the RECEIPT key of a card that there is not."""
    return provider.diversify(KeyLabel.RECEIPT, 1, bytes(SERIAL_LENGTH)).kcv().hex()


def _summary(script: YearScript, played: Played, uploaded: int) -> YearSummary:
    made = played.receipted(script)
    asked = script.events["step"] <= Step.UPDATE
    debits = made & (script.events["step"] == Step.DEBIT)
    totals = np.array([*(basket.total for basket in script.baskets), 0], np.int64)
    return YearSummary(
        cards=len(script.serials),
        families=_distinct(script, "cards", "family"),
        shops=_distinct(script, "shops", "id_ewarong"),
        companions=len(script.companions),
        receipts=int(made.sum()),
        uploaded=uploaded,
        refused=int((asked & ~made).sum()),
        debited=int(totals[script.events["basket"][debits]].sum()),
        actors=sum(not (actor.honest or actor.scheme.startswith(PETTY)) for actor in script.actors),
        lookalikes=sum(actor.honest for actor in script.actors),
    )


def _distinct(script: YearScript, table: str, column: str) -> int:
    return len(script.tables[table][column].unique()) if table in script.tables else 0
