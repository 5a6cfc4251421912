# SPDX-License-Identifier: Apache-2.0
"""Simulated cards: starts and steers the Java simulator, and opens ``sim:`` URLs.

``with Simulator() as simulator: card = blank_card(simulator)``, then ``open_connection(card.url)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssn_card.protocol.lazy import lazily

if TYPE_CHECKING:
    from .counters import CommandCounters, MemoryPart, Violation, WriteEvent
    from .errors import (
        AlreadyRunning,
        BadSavedCard,
        BadState,
        CannotSave,
        CardBusy,
        CardUnpowered,
        JavaMissing,
        NameTaken,
        NoRunningSimulator,
        NoSuchCard,
        NotARealCard,
        NotJavaCard,
        PcscdFailed,
        PcscdMissing,
        SimulatorDied,
        SimulatorError,
        SimulatorJarMissing,
        SimulatorRefused,
        SimulatorStopped,
        SlotTaken,
        StaleState,
        VirtualReaderMissing,
    )
    from .factory import blank_card, factory_install_data, new_serial
    from .laboratory import LaboratoryConnection
    from .simulator import (
        HARSH,
        Allocations,
        AppletClass,
        Freedom,
        Medium,
        Rest,
        SimulatedCard,
        Simulator,
    )
    from .state import SimulatorState, read_state, remove_state, state_path, write_state
    from .transport import SimConnection, open_sim
else:  # the command line asks for its group's help, and seldom for more
    __getattr__ = lazily(
        __name__,
        {
            ".counters": (
                "CommandCounters",
                "MemoryPart",
                "Violation",
                "WriteEvent",
            ),
            ".errors": (
                "AlreadyRunning",
                "BadSavedCard",
                "BadState",
                "CannotSave",
                "CardBusy",
                "CardUnpowered",
                "JavaMissing",
                "NameTaken",
                "NoRunningSimulator",
                "NoSuchCard",
                "NotARealCard",
                "NotJavaCard",
                "PcscdFailed",
                "PcscdMissing",
                "SimulatorDied",
                "SimulatorError",
                "SimulatorJarMissing",
                "SimulatorRefused",
                "SimulatorStopped",
                "SlotTaken",
                "StaleState",
                "VirtualReaderMissing",
            ),
            ".factory": (
                "blank_card",
                "factory_install_data",
                "new_serial",
            ),
            ".laboratory": ("LaboratoryConnection",),
            ".simulator": (
                "HARSH",
                "Allocations",
                "AppletClass",
                "Freedom",
                "Medium",
                "Rest",
                "SimulatedCard",
                "Simulator",
            ),
            ".state": (
                "SimulatorState",
                "read_state",
                "remove_state",
                "state_path",
                "write_state",
            ),
            ".transport": (
                "SimConnection",
                "open_sim",
            ),
        },
    )

__all__ = [
    "HARSH",
    "Allocations",
    "AlreadyRunning",
    "AppletClass",
    "BadSavedCard",
    "BadState",
    "CannotSave",
    "CardBusy",
    "CardUnpowered",
    "CommandCounters",
    "Freedom",
    "JavaMissing",
    "LaboratoryConnection",
    "Medium",
    "MemoryPart",
    "NameTaken",
    "NoRunningSimulator",
    "NoSuchCard",
    "NotARealCard",
    "NotJavaCard",
    "PcscdFailed",
    "PcscdMissing",
    "Rest",
    "SimConnection",
    "SimulatedCard",
    "Simulator",
    "SimulatorDied",
    "SimulatorError",
    "SimulatorJarMissing",
    "SimulatorRefused",
    "SimulatorState",
    "SimulatorStopped",
    "SlotTaken",
    "StaleState",
    "Violation",
    "VirtualReaderMissing",
    "WriteEvent",
    "blank_card",
    "factory_install_data",
    "new_serial",
    "open_sim",
    "read_state",
    "remove_state",
    "state_path",
    "write_state",
]
