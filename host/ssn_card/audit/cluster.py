# SPDX-License-Identifier: Apache-2.0
"""Judging on a Dask cluster (extra ``[cluster]``): the same verdicts in the same order, by machines that may fail.

Each batch goes out whole: its rows, the keys of its cards, and what is known of them. So a worker needs no file and no
key of its own, a batch may be judged twice, and a worker that dies costs its batches' time and nothing else. RECEIPT
keys of single cards travel with them, never a master: only to workers on this machine, or over TLS.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import dask.config
import numpy as np
from distributed import Client
from numpy.typing import NDArray

from ssn_card.protocol.errors import Text
from ssn_card.receipts import Finding

from .cards import Giant
from .engine import Chosen, choose
from .errors import ClusterLost, ClusterOpen
from .partition import judge_partition
from .rows import Rows
from .sources import Batch
from .team import SomeCards, Work
from .terms import Terms, Verdict, cards_of, concerning

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_CERTIFICATES = tuple(f"distributed.comm.tls.{name}" for name in ("ca-file", "client.cert", "client.key"))
_NO_CERTIFICATES = Text(
    "no certificates are named (DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT, …__CLIENT__KEY)",
    "sertifikat belum disebut (DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT, …__CLIENT__KEY)",
)
_AHEAD = 2  #: batches under way for each worker


@dataclass(frozen=True, slots=True)
class Cluster:
    """A team of the workers of one scheduler.

    Args:
        address: such as ``tls://audit.example:8786``, or ``tcp://127.0.0.1:8786`` on this machine.

    Raises:
        ClusterOpen: another machine's address without TLS.
        ClusterLost: TLS, and Dask is told of no certificates.
    """

    address: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme not in ("tls", "inproc") and parts.hostname not in _HERE:
            raise ClusterOpen(self.address)
        if parts.scheme == "tls" and not all(map(dask.config.get, _CERTIFICATES)):
            raise ClusterLost(_NO_CERTIFICATES, self.address)

    def verdicts(self, work: Work, parts: Iterable[SomeCards]) -> Iterator[Verdict]:
        """See :class:`.team.Team`. Raises :class:`ClusterLost`."""
        with self._client() as client:
            waiting: deque[Any] = deque()
            for part in parts:
                for batch in part.cards():
                    waiting.append(work.verdict(batch) if isinstance(batch, Giant) else _sent(client, work, batch))
                    while len(waiting) > _AHEAD * max(1, len(client.nthreads())):
                        yield self._result(waiting.popleft())
            while waiting:
                yield self._result(waiting.popleft())

    def _client(self) -> Client:
        try:
            return Client(self.address, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterLost(_reason(error), self.address) from None

    def _result(self, one: Any) -> Verdict:
        if isinstance(one, Verdict):
            return one
        try:
            verdict: Verdict = one.result()
        except Exception as error:  # whatever a worker's machine raises
            raise ClusterLost(_reason(error), self.address) from error
        return verdict


def _sent(client: Client, work: Work, batch: Batch) -> Any:
    """A batch on its way, with what concerns it and no more."""
    rows, others = batch.rows, list(batch.others)
    return client.submit(
        judged, rows, *work.keys.of(rows.raw), concerning(work.terms, cards_of(rows.raw)), others, pure=False
    )


def judged(
    rows: Rows, keys: NDArray[np.uint8], key_of: NDArray[np.int32], terms: Terms, others: list[Finding]
) -> Verdict:
    """The verdict over a batch, by the fastest engine of the machine that this runs on."""
    verdict = judge_partition(rows, keys, key_of, terms, _engine().judge)
    verdict.findings += others
    return verdict


@cache
def _engine() -> Chosen:
    return choose()


def _reason(error: BaseException) -> Text:
    return Text(f"{type(error).__name__}: {error}", f"{type(error).__name__}: {error}")
