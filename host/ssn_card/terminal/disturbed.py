# SPDX-License-Identifier: Apache-2.0
"""A card out of place: it lost our selection to a power cycle or a loose contact, or our challenge to another program.

Its status word tells, unauthenticated as it is. What changes nothing is then begun again from SELECT; a movement only
once the card has proved that it did not happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ssn_card.protocol import commands, status
from ssn_card.protocol.commands import Command, Security
from ssn_card.protocol.errors import SsnCardError

from .errors import CardDisturbed

TRIES = 5  #: how often a command is begun from SELECT before we say that somebody else uses the card


def out_of_place(command: Command, refusal: status.CardStatusError) -> bool:
    """Whether a refusal says that our selection or challenge is gone, rather than anything of the command itself.

    A command made from the table gets no other word than the table's from our applet. UPDATE needs no challenge.
    """
    if command.security in (Security.DEBIT_MAC, Security.OVERRIDE_MAC) and isinstance(
        refusal, status.ConditionsNotSatisfied | status.WrongMac
    ):
        return True
    return not isinstance(refusal, (status.CardFailure, *command.statuses))


class Undone(Exception):
    """Nothing was done, for certain, because selection or challenge was gone: begin again from SELECT."""

    def __init__(self, refusal: status.CardStatusError) -> None:
        self.refusal = refusal

    @property
    def verdict(self) -> SsnCardError:
        """What to say when it goes on like that. A query has shown our own key to be right, not the companion's."""
        if isinstance(self.refusal, status.WrongMac) and self.refusal.where == commands.OVERRIDE.name:
            return self.refusal
        return CardDisturbed(self.refusal)


@contextmanager
def repeatable(command: Command) -> Iterator[None]:
    """A command that may be sent again where the card was out of place: it was not done, or does no harm twice."""
    try:
        yield
    except status.CardStatusError as refusal:
        if out_of_place(command, refusal):
            raise Undone(refusal) from None
        raise
