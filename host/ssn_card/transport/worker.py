# SPDX-License-Identifier: Apache-2.0
"""Calls that may block for as long as they like, made by a thread of their own, so that the caller can give up.

A call into a C library cannot be broken off, neither by a time limit nor by Ctrl-C. Waiting for a thread can be.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

_T = TypeVar("_T")
#: A job and the promise of its result; ``None`` ends the thread.
_Jobs = SimpleQueue[tuple[Callable[[], Any], "Future[Any]"] | None]


class TimeLimit(Exception):
    """A call did not come back in time. It goes on by itself, and whatever is asked next waits for it."""


class Worker:
    """One thread that does jobs in their order. It keeps no program from ending, and lives until :meth:`finish`."""

    def __init__(self) -> None:
        self._jobs: _Jobs = SimpleQueue()
        self._given_up: Future[Any] | None = None
        # The thread knows the queue only, so that nobody is kept alive by it.
        Thread(target=_work, args=(self._jobs,), name="ssn-card-worker", daemon=True).start()

    @property
    def stuck(self) -> bool:
        """Whether a job that a caller no longer waits for still goes on."""
        return self._given_up is not None and not self._given_up.done()

    def post(self, job: Callable[[], _T]) -> Future[_T]:
        """Have a job done; nobody waits for it."""
        promise: Future[_T] = Future()
        self._jobs.put((job, promise))
        return promise

    def wait(self, promise: Future[_T], seconds: float) -> _T:
        """The result of a job. Raises :class:`TimeLimit` after ``seconds``, and what the job raised.

        Ctrl-C ends the waiting at once.
        """
        try:
            return promise.result(seconds)
        except TimeoutError:
            if promise.done():  # the job's own
                raise
            raise TimeLimit from None
        finally:
            if not promise.done():
                self._given_up = promise

    def finish(self, job: Callable[[], _T]) -> Future[_T]:
        """Have the last job done, then end. May be called by the garbage collector, at any moment and twice."""
        promise = self.post(job)
        self._jobs.put(None)
        return promise


def _work(jobs: _Jobs) -> None:
    while (given := jobs.get()) is not None:
        job, promise = given
        try:
            promise.set_result(job())
        except BaseException as error:
            promise.set_exception(error)
        del given, job, promise  # while we wait for the next one they would live on
