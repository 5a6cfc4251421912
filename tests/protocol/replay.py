# SPDX-License-Identifier: Apache-2.0
"""Plays transcripts of the vectors to the applet: each command as it stands, each answer byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ssn_card.simulator import Medium, SimulatedCard, Simulator
from ssn_card.simulator.laboratory import LaboratoryConnection

MEDIA = {"contacts": Medium.CONTACT, "contactless": Medium.TYPE_A}

Transcript = Mapping[str, Any]


class Stage:
    """One simulated card that is taken to the end of any transcript, and remembers it there."""

    def __init__(self, simulator: Simulator, install_data: str, transcripts: Mapping[str, Transcript]) -> None:
        self._simulator, self._transcripts = simulator, transcripts
        self.card: SimulatedCard = simulator.create_card(bytes.fromhex(install_data), name=f"vectors {id(self)}")
        self._reached: set[str | None] = {None}
        simulator.checkpoint(self.card, "blank")

    def play(self, name: str) -> list[tuple[str, str, str]]:
        """Play a transcript from what it is given; what differed: the step, what was expected, what came."""
        transcript = self._transcripts[name]
        self._bring_to(transcript["given"])
        self._simulator.set_medium(self.card, MEDIA[transcript["medium"]])
        self._simulator.seed_random(self.card, name.encode("ascii"))
        wrong = []
        with LaboratoryConnection(self._simulator, self.card) as connection:
            for exchange in transcript["exchanges"]:
                if "event" in exchange:
                    connection.reset()
                    continue
                came = connection.transmit(bytes.fromhex(exchange["command"])).hex()
                if came != exchange["answer"] + exchange["sw"]:
                    wrong.append((exchange["step"], exchange["answer"] + exchange["sw"], came))
        if not wrong and name not in self._reached:
            self._simulator.checkpoint(self.card, name)
            self._reached.add(name)
        return wrong

    def asked_at_the_beginning(self, name: str) -> Callable[[bytes], bytes]:
        """The card with power where the transcript begins: gives a command's answer, whose status word must be 9000."""
        self._bring_to(self._transcripts[name]["given"])
        self._simulator.set_medium(self.card, Medium.CONTACT)
        connection = LaboratoryConnection(self._simulator, self.card)

        def asked(command: bytes) -> bytes:
            answer = connection.transmit(command)
            assert answer[-2:] == b"\x90\x00", answer[-2:].hex()
            return answer[:-2]

        return asked

    def close(self) -> None:
        """Destroy the card."""
        self._simulator.remove(self.card)

    def _bring_to(self, given: str | None) -> None:
        if given not in self._reached:
            assert self.play(str(given)) == []
        self._simulator.power(self.card, on=False)
        self._simulator.rewind(self.card, "blank" if given is None else given)
