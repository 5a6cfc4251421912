# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C: noted over a card, at once while waiting, twice always; the handler before comes back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator

import pytest

from ssn_card.personalization.station.interrupts import Interrupts


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def noted() -> None:
    """Ctrl-C that interrupts nothing; were it to, pytest itself would end, and no test fail."""
    try:
        press()
    except KeyboardInterrupt:
        pytest.fail("interrupted")


@pytest.fixture(autouse=True)
def _same_handler_after() -> Iterator[None]:
    handler = signal.getsignal(signal.SIGINT)
    yield
    assert signal.getsignal(signal.SIGINT) is handler
    signal.signal(signal.SIGINT, handler)


def test_once_over_a_card_is_only_noted() -> None:
    with Interrupts() as interrupts:
        assert interrupts.pressed is False
        noted()
        assert interrupts.pressed
        with pytest.raises(KeyboardInterrupt), interrupts.waiting():
            pytest.fail("nothing is waited for any more")


def test_twice_ends_anything() -> None:
    with Interrupts():
        noted()
        with pytest.raises(KeyboardInterrupt):
            press()


def test_waiting_ends_at_once() -> None:
    with Interrupts() as interrupts:
        assert not interrupts.pressed
        with pytest.raises(KeyboardInterrupt), interrupts.waiting():
            press()
        assert interrupts.pressed


def test_after_waiting_it_is_only_noted_again() -> None:
    with Interrupts() as interrupts:
        assert not interrupts.pressed
        with interrupts.waiting():
            pass
        noted()
        assert interrupts.pressed


def own(number: int, frame: object) -> None:
    """A program's own handler."""


@pytest.mark.parametrize("before", [signal.SIG_IGN, signal.SIG_DFL, own])
def test_whatever_handler_was_there_comes_back(before: signal.Handlers | Callable[[int, object], None]) -> None:
    handler = signal.signal(signal.SIGINT, before)
    try:
        with Interrupts():
            assert signal.getsignal(signal.SIGINT) is not before
        assert signal.getsignal(signal.SIGINT) is before
    finally:
        signal.signal(signal.SIGINT, handler)


def test_an_error_gives_the_handler_back_too() -> None:
    with pytest.raises(ValueError, match="x"), Interrupts():
        raise ValueError("x")


def test_in_another_thread_nothing_is_changed() -> None:
    handlers: list[object] = []

    def enter() -> None:
        with Interrupts() as interrupts, interrupts.waiting():
            handlers.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert handlers == [before]
