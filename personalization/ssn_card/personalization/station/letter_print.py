# SPDX-License-Identifier: Apache-2.0
"""PIN letters on paper, each once: a page a card, the PIN where a fold hides it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.letters import Letter, LetterState
from ssn_card.storage import whole_file
from ssn_card.terminal import now

from .errors import LettersPrinted, NoLetterToPrint
from .handover import grouped
from .letter_file import SealedLetter

if TYPE_CHECKING:
    from ssn_card.paper import Press

TEMPLATE: Final = Path(__file__).with_name("letter.typ")


@dataclass(frozen=True, slots=True)
class PrintedLetters:
    """What was printed, and what was not."""

    printed: int
    waiting: int  #: letters of the file whose card is not done yet
    elsewhere: int  #: letters of cards that are done, which are in another file
    void: int  #: lines of the file that no letter stands behind: of cards that turned out blank, or are lost


def print_letters(file: Path, sealed: Iterable[SealedLetter], journal: Journal, out: Path) -> PrintedLetters:
    """Print the letters that were not, of cards that are done; the journal, open for writing, has it before ``out`` is.

    Whatever happens, no letter is printed twice. Where the station dies between the two, ``out`` is not there, and the
    letters are spent: their holders choose a PIN by an update.

    Raises ``LettersPrinted``, ``NoLetterToPrint``, ``KeyringDamaged``, ``PaperNotSet``, ``FileExistsError``,
    ``OSError``: nothing was printed.
    """
    lines = {line.sha256: line for line in sealed}
    known = journal.letters.all()
    here = [letter for letter in known if letter.sha256 in lines]
    fresh = [letter for letter in here if letter.state is LetterState.SEALED and letter.done]
    waiting = sum(letter.state is LetterState.SEALED and not letter.done for letter in here)
    if not fresh:
        if any(letter.state in (LetterState.PRINTED, LetterState.DELIVERED) for letter in here):
            raise LettersPrinted(str(file))
        raise NoLetterToPrint(waiting, str(file))
    if out.exists() or out.is_symlink():
        raise FileExistsError(out)
    paper = _press().pdf({"letters": [_page(letter, lines, journal) for letter in fresh]}, tagged=False)
    with whole_file(out, mode=0o600, new=True) as stream:
        stream.write(paper)
        stream.flush()
        os.fsync(stream.fileno())  # there is room for it; only its name is still missing
        journal.letters.printed(fresh)
    valid = {letter.sha256 for letter in here if letter.state is not LetterState.VOID}
    return PrintedLetters(
        printed=len(fresh),
        waiting=waiting,
        elsewhere=sum(
            letter.state is LetterState.SEALED and letter.done and letter.sha256 not in lines for letter in known
        ),
        void=len(lines.keys() - valid),
    )


def _page(letter: Letter, lines: dict[bytes, SealedLetter], journal: Journal) -> dict[str, str]:
    return {"serial": grouped(letter.serial.hex().upper()), "pin": lines[letter.sha256].pin(journal.name)}


def _press() -> Press:
    from ssn_card.paper import Press  # typst is an extra

    return Press(TEMPLATE, now(), root=TEMPLATE.parent)
