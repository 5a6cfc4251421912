# SPDX-License-Identifier: Apache-2.0
"""Tasks done by several at once, and their results in the order of the tasks: what is found does not depend on who was
quicker. Threads do it, since engine, Parquet and AES let go of Python's lock."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TypeVar

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


def in_order(work: Callable[[_Task], _Result], tasks: Iterable[_Task], workers: int | None = None) -> Iterator[_Result]:
    """Results of ``work`` in the order of ``tasks``, of which never more than two for each worker are under way.

    Raises what ``work`` and ``tasks`` raise; what is under way then is waited for, the rest is not begun.
    """
    count = workers or processors()
    if count == 1:
        yield from map(work, tasks)
        return
    with ThreadPoolExecutor(count) as pool:
        yield from through(pool, work, tasks, 2 * count)


def through(pool: Executor, work: Callable[[_Task], _Result], tasks: Iterable[_Task], most: int) -> Iterator[_Result]:
    """As :func:`in_order`, by a pool that is there: never more than ``most`` tasks are taken and not yet given back."""
    waiting: deque[Future[_Result]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for one in waiting:
            one.cancel()
