# SPDX-License-Identifier: Apache-2.0
"""The journal's log, told to the bank: its steps as the facts that the store takes in (``ssn_card.bank.station``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ssn_card.bank.station.facts import (
    BlankGivenBack,
    BlankSpoiled,
    BlankStocked,
    CardLost,
    CardMade,
    StationFact,
)

from .journal import Journal
from .records import REPLACED, CardOutcome, NumberState
from .stock import FOREIGN


def told(journal: Journal) -> Iterator[StationFact]:
    """All that the log says of cards, in its order, within the journal's snapshot. The log was checked before."""
    return _Telling({batch.id: batch.sha256 for batch in journal.batches()}).facts(journal)


class _Telling:
    def __init__(self, batches: dict[int, str]) -> None:
        self._batches = batches
        self._deliveries: dict[int, str] = {}
        self._states: dict[int, str] = {}  #: of numbers, by id
        self._reasons: dict[str, str] = {}  #: why a serial was declared lost

    def facts(self, journal: Journal) -> Iterator[StationFact]:
        for row, at, table, values in journal.steps():
            moment = f"{at[:19]}Z"
            if table == "delivery":
                self._deliveries[values["id"]] = values["name"]
            elif table == "blank":
                serial = values["serial"]
                if values["returned"] is not None:
                    yield BlankGivenBack(row, moment, serial)
                else:
                    yield BlankStocked(row, moment, serial, self._deliveries[values["delivery"]])
            elif table == "event":
                yield from self._event(row, moment, values)
            elif table == "card":
                yield from self._card(row, moment, values)

    def _event(self, row: int, at: str, values: dict[str, Any]) -> Iterator[StationFact]:
        serial, reason = values["serial"], values["reason"] or ""
        if serial is None:
            return
        if values["state"] == CardOutcome.LOST:
            self._reasons[serial] = reason
        elif values["state"] == CardOutcome.FAILED and not reason.startswith(f"{FOREIGN}:"):
            yield BlankSpoiled(row, at, serial)

    def _card(self, row: int, at: str, values: dict[str, Any]) -> Iterator[StationFact]:
        """A number whose state has changed: corrected data of a card that is made are no news to the bank."""
        before, state = self._states.get(values["id"]), values["state"]
        self._states[values["id"]] = state
        if state == before:
            return
        if state == NumberState.DONE:
            yield CardMade(
                row,
                at,
                values["serial"],
                values["beneficiary_id"],
                bytes.fromhex(values["row_key"]),
                self._batches[values["batch"]],
                values["line"],
                values["keys"],
            )
        elif state == NumberState.LOST and self._reasons.get(values["serial"]) != REPLACED:  # its successor tells that
            yield CardLost(row, at, values["serial"], self._reasons.get(values["serial"], ""))
