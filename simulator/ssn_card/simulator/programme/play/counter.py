# SPDX-License-Identifier: Apache-2.0
"""A simulated card in a shop's reader, whose power can fail at the debit."""

from __future__ import annotations

from ssn_card.protocol.commands import DEBIT
from ssn_card.simulator.laboratory import LaboratoryConnection
from ssn_card.simulator.simulator import SimulatedCard, Simulator

from ..plan.events import Fault

_INS = 1  #: place of the instruction byte
_WRITE = 1  #: of a debit, before which the power is cut: it has begun, and nothing of it is kept


class CounterConnection(LaboratoryConnection):
    """One visit: powered up at the beginning, and down at the end."""

    def __init__(self, simulator: Simulator, card: SimulatedCard, fault: Fault = Fault.NONE) -> None:
        """``fault``: ``TORN`` and ``ANSWER_LOST`` happen at the next debit, once; others are no card's."""
        super().__init__(simulator, card)
        self._fault = fault

    def _exchange(self, command: bytes) -> bytes:
        if command[_INS] != DEBIT.ins or self._fault not in (Fault.TORN, Fault.ANSWER_LOST):
            return super()._exchange(command)
        if self._fault is Fault.TORN:
            self._simulator.arm_tear(self._card, _WRITE)
        else:
            self._simulator.lose_answer(self._card)
        self._fault = Fault.NONE
        try:
            return super()._exchange(command)
        finally:
            self._simulator.disarm(self._card)
