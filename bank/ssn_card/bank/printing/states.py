# SPDX-License-Identifier: Apache-2.0
"""A print job's life, declared: its states, and the moves that lead from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ssn_card.protocol.errors import Text

from ..store.tables.printing import JobState
from .errors import JobMoveRefused

_S = JobState

STATES: Final = {
    _S.QUEUED: Text("queued", "antre"),
    _S.SENT: Text("sent", "terkirim"),
    _S.CONFIRMED: Text("confirmed", "dipastikan"),
    _S.FAILED: Text("failed", "gagal"),
    _S.PAUSED: Text("paused", "ditunda"),
}  #: for people

REPRINTABLE: Final = frozenset({_S.SENT, _S.CONFIRMED, _S.FAILED})  #: jobs whose cards another job may print again


@dataclass(frozen=True, slots=True)
class JobMove:
    """One kind of move."""

    name: str
    text: Text
    before: frozenset[JobState]
    after: JobState
    reason: bool = False  #: words that say why, without personal data


#: All moves, by name. Sent means that a printer has the document and was told to print it; confirmed, that a person has
#: looked at what came out. What failed may be sent again; what was confirmed is printed again by another job, for which
#: somebody gives a reason.
JOB_MOVES: Final = {
    move.name: move
    for move in (
        JobMove("send", Text("sent", "dikirim"), frozenset({_S.QUEUED}), _S.SENT),
        JobMove("confirm", Text("confirmed", "dipastikan"), frozenset({_S.SENT}), _S.CONFIRMED),
        JobMove("fail", Text("given up", "dinyatakan gagal"), frozenset({_S.QUEUED, _S.SENT, _S.PAUSED}), _S.FAILED,
                reason=True),
        JobMove("pause", Text("paused", "ditunda"), frozenset({_S.QUEUED}), _S.PAUSED),
        JobMove("resume", Text("resumed", "dilanjutkan"), frozenset({_S.PAUSED, _S.FAILED}), _S.QUEUED),
    )
}  # fmt: skip


def possible_moves(state: JobState) -> list[str]:
    """Names of the moves that lead on from there."""
    return [move.name for move in JOB_MOVES.values() if state in move.before]


def ways_on(state: JobState) -> list[str]:
    """What can be done with a job in that state: moves, and printing its cards again by another job."""
    return [*possible_moves(state), *(["reprint"] if state in REPRINTABLE else [])]


def require_possible(job: int, state: JobState, move: str) -> JobMove:
    """The move of that name. Raises :class:`JobMoveRefused`."""
    declared = JOB_MOVES[move]
    if state not in declared.before:
        raise refused(job, state, declared.text)
    return declared


def refused(job: int, state: JobState, what: Text) -> JobMoveRefused:
    """That this cannot be done with the job now, and what can."""
    listed = ", ".join(ways_on(state))
    return JobMoveRefused(job, STATES[state], what, Text(listed, listed))
