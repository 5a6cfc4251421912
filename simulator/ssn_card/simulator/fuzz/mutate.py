# SPDX-License-Identifier: Apache-2.0
"""Makes new sequences of those that found something: another field, byte, step or order, or two sequences in one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence as Listed

from ssn_card.protocol import commands
from ssn_card.protocol.commands import COMMANDS

from .compose import BY_NAME, GROUPS
from .grammar import Grammar
from .states import STATES
from .steps import Kind, Sequence, Step

LONGEST = 60  #: steps of a sequence


def mutated(grammar: Grammar, parent: Sequence, corpus: Listed[Sequence]) -> Sequence:
    """One to four mutations of ``parent``; ``corpus``: what it may be spliced with."""
    r = grammar.random
    steps = list(parent.steps)
    for _ in range(r.choice((1, 1, 2, 4))):
        operation = r.choice((_step, _step, _step, _insert, _drop, _swap, _copy))
        operation(grammar, steps)
    if corpus and r.random() < 0.2:
        other = r.choice(corpus).steps
        steps[r.randrange(len(steps) + 1) :] = other[r.randrange(len(other) + 1) :]
    state = parent.state if r.random() < 0.9 else r.choice(STATES).name
    return Sequence(state, tuple(steps[:LONGEST]))


def _step(grammar: Grammar, steps: list[Step]) -> None:
    if steps:
        at = grammar.random.randrange(len(steps))
        steps[at] = _changed(grammar, steps[at])


def _changed(grammar: Grammar, step: Step) -> Step:
    r = grammar.random
    if step.kind is Kind.RAW:
        return dataclasses.replace(step, raw=grammar.change().apply(bytes.fromhex(step.raw)).hex())
    if step.kind is not Kind.SEND:
        return dataclasses.replace(step, number=r.randrange(1, 20))
    body = BY_NAME[step.command].body
    choice = r.randrange(9)
    if choice < 3 and step.command == commands.STORE_DATA.name:
        return dataclasses.replace(step, groups=_groups(grammar, step.groups))
    if choice < 3 and body is not None:
        field = r.choice(body.fields)
        return dataclasses.replace(step, fields={**step.fields, field.name: grammar.value(field)})
    if choice == 3:
        return dataclasses.replace(step, apdu=(*step.apdu, grammar.change())[-3:])
    if choice == 4:
        return dataclasses.replace(step, body=(*step.body, grammar.change())[-3:])
    if choice == 5:
        return dataclasses.replace(
            step, p1=r.choice((None, r.randrange(256))), p2=r.choice((None, None, r.randrange(256)))
        )
    if choice == 6:
        return dataclasses.replace(step, apdu=(), body=(), key="", p2=None)
    if choice == 7:
        return dataclasses.replace(step, flips=True)
    return grammar.send(r.choice(COMMANDS), 0.3)


def _groups(grammar: Grammar, groups: tuple[str, ...]) -> tuple[str, ...]:
    """One data group more, less or another."""
    at = grammar.random.randrange(len(groups) + 1)
    fresh = grammar.random.choice(((), (grammar.random.choice(GROUPS),), (grammar.group(),), (grammar.group(),)))
    return groups[:at] + fresh + groups[at + grammar.random.randrange(2) :]


def _insert(grammar: Grammar, steps: list[Step]) -> None:
    at = grammar.random.randrange(len(steps) + 1)
    steps[at:at] = grammar.sequence().steps[:6]


def _drop(grammar: Grammar, steps: list[Step]) -> None:
    if len(steps) > 1:
        at = grammar.random.randrange(len(steps))
        del steps[at : at + grammar.random.choice((1, 1, 3))]


def _swap(grammar: Grammar, steps: list[Step]) -> None:
    if len(steps) > 1:
        one, other = grammar.random.sample(range(len(steps)), 2)
        steps[one], steps[other] = steps[other], steps[one]


def _copy(grammar: Grammar, steps: list[Step]) -> None:
    if steps:
        at = grammar.random.randrange(len(steps))
        steps.insert(grammar.random.randrange(len(steps) + 1), steps[at])
