# SPDX-License-Identifier: Apache-2.0
"""Simulated cards: starts and steers the Java simulator, and opens ``sim:`` URLs.

``with Simulator() as simulator: card = blank_card(simulator)``, then ``open_connection(card.url)``.
"""

from __future__ import annotations

from ssn_card.transport import register

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
from .simulator import HARSH, Allocations, AppletClass, Freedom, Medium, Rest, SimulatedCard, Simulator
from .state import SimulatorState, read_state, remove_state, state_path, write_state
from .transport import SimConnection, open_sim

register("sim", open_sim)

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
