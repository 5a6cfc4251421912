# SPDX-License-Identifier: Apache-2.0
"""The bulk verifier's answers, by every engine that can run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ssn_card.audit.engine import Chosen, choose
from ssn_card.audit.errors import EngineMissing
from ssn_card.audit.verify import BulkVerifier, Given
from ssn_card.audit.wanted import Wanted
from ssn_card.keys import KeyProvider
from ssn_card.receipts import Report

from .campaign import Bulk
from .world import World


def bulk_judges(provider: KeyProvider) -> Mapping[str, Bulk]:
    """By name of the engine."""
    return {one.name: _judge(provider, one) for one in _engines()}


def _engines() -> list[Chosen]:
    engines = []
    for wanted in (Wanted.KERNEL, Wanted.LOCKSTEP):
        try:
            engines.append(choose(wanted))
        except EngineMissing:
            continue
    return engines


def _judge(provider: KeyProvider, engine: Chosen) -> Bulk:
    def verify(paths: Sequence[Path], name: str, world: World) -> Report:
        given = Given(world.tips, world.lists, whole=True, baskets=True, first=None, searched=None)
        return BulkVerifier(provider, engine).verify(paths, given)

    return verify
