# SPDX-License-Identifier: Apache-2.0
"""Measures the commands: one run of each on the instrumented simulator, in an ordinary state."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ssn_card.keys import development_keyring

from ..campaign.bench import Bench
from ..campaign.scenes import SCENES
from ..campaign.talk import Talk
from ..factory import blank_card
from ..laboratory import LaboratoryConnection
from ..simulator import SimulatedCard, Simulator
from .project import Measured

#: Scene of the campaign that stands for each command.
_ORDINARY = {
    "DEBIT": "DEBIT: second of the month",
    "CANCEL": "CANCEL: of the newest debit",
    "OVERRIDE": "OVERRIDE: second of the month",
    "UPDATE": "UPDATE: load",
    "VERIFY": "VERIFY: right PIN",
    "CHANGE_REFERENCE_DATA": "CHANGE REFERENCE DATA: right PIN",
}
_QUERIES: Mapping[str, Callable[[Talk], object]] = {
    "GET_STATUS": lambda session: session.status(),
    "READ_RECEIPT": lambda session: session.receipt(session.newest),
}


_SEED = b"ssn card cost"


class _Metered(LaboratoryConnection):
    """Keeps what each command cost."""

    def __init__(self, simulator: Simulator, card: SimulatedCard) -> None:
        self._meter, self._metered = simulator, card
        self.last: Measured | None = None
        super().__init__(simulator, card)

    def _exchange(self, command: bytes) -> bytes:
        answer = super()._exchange(command)
        counters = self._meter.counters(self._metered, events=True)
        self.last = Measured("", len(command) + len(answer), counters)
        return answer

    def taken(self, command: str) -> Measured:
        """The last exchange under a name."""
        if self.last is None:
            raise LookupError(command)
        return Measured(command, self.last.line_bytes, self.last.counters)


def measured(simulator: Simulator) -> list[Measured]:
    """SELECT, the queries, the ordinary movements and update: the same counts at every run."""
    found: dict[str, Measured] = {}
    for number, (name, scene_name) in enumerate(_ORDINARY.items()):
        # Always the same serial and random numbers: whatever came to depend on them would still count the same.
        card = blank_card(simulator, b"COST" + number.to_bytes(4, "big"))
        simulator.seed_random(card, _SEED)
        with _Metered(simulator, card) as connection:
            bench = Bench(connection, development_keyring())
            prepared = next(scene for scene in SCENES if scene.name == scene_name).prepare(bench)
            if name == "DEBIT":
                found["SELECT"] = connection.taken("SELECT")
            connection.transmit(prepared.apdu)
            found[name] = connection.taken(name)
            if name == "DEBIT":
                session = bench.select()
                for query, ask in _QUERIES.items():
                    ask(session)
                    found[query] = connection.taken(query)
        simulator.remove(card)
    return list(found.values())
