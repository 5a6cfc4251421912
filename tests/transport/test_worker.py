# SPDX-License-Identifier: Apache-2.0
"""A thread that does what may block, for callers who may give up."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from functools import partial

import pytest

from ssn_card.transport.worker import TimeLimit, Worker


def test_jobs_are_done_in_their_order_and_results_come_back() -> None:
    worker = Worker()
    order: list[int] = []

    def do(number: int) -> int:
        order.append(number)
        return number

    promises = [worker.post(partial(do, number)) for number in range(5)]
    assert [worker.wait(promise, 5) for promise in promises] == [0, 1, 2, 3, 4]
    assert order == [0, 1, 2, 3, 4]
    assert not worker.stuck
    worker.wait(worker.finish(lambda: order.append(5)), 5)
    assert order[-1] == 5


def test_it_runs_in_one_thread_of_its_name_that_keeps_no_program_alive() -> None:
    worker = Worker()
    thread = worker.wait(worker.post(threading.current_thread), 5)
    assert thread.name == "ssn-card-worker"
    assert thread.daemon
    assert thread is worker.wait(worker.post(threading.current_thread), 5)
    worker.finish(lambda: None)
    thread.join(5)
    assert not thread.is_alive()


def test_what_a_job_raises_is_raised_and_the_next_is_done() -> None:
    worker = Worker()

    def fail() -> None:
        raise KeyError("mine")

    def late() -> None:
        raise TimeoutError("mine")

    with pytest.raises(KeyError, match="mine"):
        worker.wait(worker.post(fail), 5)
    with pytest.raises(TimeoutError, match="mine"):
        worker.wait(worker.post(late), 5)
    assert worker.wait(worker.post(lambda: 1), 5) == 1
    assert not worker.stuck
    worker.finish(lambda: None)


def test_a_job_that_was_given_up_goes_on_and_the_next_waits_for_it() -> None:
    worker = Worker()
    go_on, done = threading.Event(), list[str]()

    def slow() -> None:
        go_on.wait(10)
        done.append("first")

    promise = worker.post(slow)
    start = time.monotonic()
    with pytest.raises(TimeLimit):
        worker.wait(promise, 0.1)
    assert 0.09 < time.monotonic() - start < 2
    assert worker.stuck
    last = worker.finish(lambda: done.append("last"))
    assert done == []
    go_on.set()
    worker.wait(last, 5)
    assert done == ["first", "last"]
    assert not worker.stuck


def test_a_job_that_nobody_waits_for_is_no_stuck_one() -> None:
    worker = Worker()
    go_on = threading.Event()
    worker.post(lambda: go_on.wait(10))
    assert not worker.stuck
    go_on.set()
    worker.finish(lambda: None)


def test_it_keeps_nothing_alive_that_a_job_knew() -> None:
    class Known:
        pass

    worker, known = Worker(), Known()
    gone = weakref.ref(known)
    worker.wait(worker.post(partial(str, known)), 5)
    worker.wait(worker.post(lambda: None), 5)
    del known
    deadline = time.monotonic() + 5
    while gone() is not None and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.01)
    assert gone() is None
    worker.finish(lambda: None)
