# SPDX-License-Identifier: Apache-2.0
"""What is measured, each in a process of its own: how many, and in how much of the processor's time.

Everything is done once before, so that nothing is compiled or imported while it is measured.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ssn_card.audit import store as packing
from ssn_card.audit.engine import choose
from ssn_card.audit.rows import BATCH
from ssn_card.audit.sources import find_sources
from ssn_card.audit.sources.baskets import Baskets
from ssn_card.audit.team import Team, Threads
from ssn_card.audit.verify import BulkVerifier, Given
from ssn_card.audit.wanted import Wanted
from ssn_card.protocol.labels import KeyLabel
from ssn_card.receipts import Receipt, ReceiptVerifier, Report
from ssn_card.receipts.receipt import MAC_OFFSET

from . import inputs

_SPEED = re.compile(r"^\+F:\d+:cmac\(aes-128-cbc\):([\d.]+)$", re.MULTILINE)
_MAC_BYTES = MAC_OFFSET
_FEW = 60_000  #: receipts, of which some terminal has as many as make it worth to compile something


class Clock:
    """Measures what is done within it."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Time goes on while this is open; of all threads, and of the system for them."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.cpu += time.process_time() - cpu
        self.wall += time.perf_counter() - wall

    def told(self, count: int, **more: Any) -> dict[str, Any]:
        """The measurement."""
        return {"count": count, "cpu": self.cpu, "wall": self.wall, **more}


def one_by_one(path: str) -> dict[str, Any]:
    """The single verifier over a file of JSON Lines."""
    clock = Clock()
    with clock.running():
        report = ReceiptVerifier(inputs.provider()).verify_files([Path(path)], baskets=False)
    return clock.told(report.lines, findings=report.found)


def cmac_one_by_one(receipts: int) -> dict[str, Any]:
    """MACs alone, one after the other, by ``cryptography``."""
    provider, clock, count = inputs.provider(), Clock(), 0
    for piece in inputs.pieces(receipts):
        todo = [Receipt(raw.tobytes()) for raw in piece.rows.raw]
        keys = {
            (one.serial, one.key_version): provider.diversify(KeyLabel.RECEIPT, one.key_version, one.serial)
            for one in todo
        }
        with clock.running():
            right = sum(one.is_genuine(keys[one.serial, one.key_version]) for one in todo)
        count += right
    return clock.told(count)


def openssl_cmac(seconds: int) -> dict[str, Any]:
    """What ``openssl speed`` makes of MACs of this length: under one key, and nothing is compared."""
    command = ["openssl", "speed", "-mr", "-seconds", str(seconds), "-bytes", str(_MAC_BYTES), "-cmac", "aes-128-cbc"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = _SPEED.search(shown)
    if found is None:
        raise ValueError(f"openssl speed has told no rate: {shown}")
    return {"count": round(float(found[1]) / _MAC_BYTES), "cpu": 1.0, "wall": 1.0}


def engine_whole(engine: str, receipts: int, faults: float = 0.0) -> dict[str, Any]:
    """Every rule by an engine, over rows in memory with their keys."""
    judge = choose(Wanted(engine)).judge
    pieces = list(inputs.pieces(receipts, faults))
    judge(*pieces[0])
    clock, marked = Clock(), 0
    with clock.running():
        for piece in pieces:
            marked += int(np.count_nonzero(judge(*piece).flags))
    return clock.told(sum(len(piece.rows.raw) for piece in pieces), marked=marked)


def kernel_mac(receipts: int) -> dict[str, Any]:
    """Key schedules and MACs alone, by the kernel's AES."""
    from ssn_card.audit.kernel import aes

    pieces = [(piece, piece.key_of.astype(np.int64)) for piece in inputs.pieces(receipts)]
    clock = Clock()
    for warm in (True, False):
        clock = Clock()
        with clock.running():
            for piece, numbers in pieces[:1] if warm else pieces:
                aes.macs(piece.rows.raw, aes.expanded(piece.keys), numbers)
    return clock.told(sum(len(piece.rows.raw) for piece, _ in pieces))


def verify(paths: list[str], workers: int, engine: str = Wanted.AUTO) -> dict[str, Any]:
    """Files, folders or a store to findings, by the bulk verifier."""
    clock = Clock()
    report, _ = _verified(paths, clock, Threads(workers), engine)
    return clock.told(report.lines, findings=report.found, genuine=report.genuine)


def pack(paths: list[str], store: str) -> dict[str, Any]:
    """Files into a store."""
    _warm()
    clock = Clock()
    with clock.running():
        result = packing.pack(find_sources([Path(path) for path in paths]), Path(store))
    return clock.told(result.rows)


def dask(paths: list[str]) -> dict[str, Any]:
    """The bulk verifier on a cluster of two processes of this machine, and whether it finds the same to the byte."""
    from distributed import LocalCluster

    from ssn_card.audit.cluster import Cluster

    clock = Clock()
    workers = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)  # type: ignore[no-untyped-call]
    with workers as cluster:
        report, found = _verified(paths, clock, Cluster(cluster.scheduler_address))
    _, due = _verified(paths, Clock(), Threads(1))
    return clock.told(report.lines, findings=report.found, same_findings=found == due)


def _verified(
    paths: list[str], clock: Clock, team: Team, engine: str = Wanted.AUTO
) -> tuple[Report, list[dict[str, Any]]]:
    """The report, and all findings in their order."""
    verifier = BulkVerifier(inputs.provider(), choose(Wanted(engine)), team)
    _warm(verifier)
    found: list[dict[str, Any]] = []
    given = Given(whole=True, baskets=False)
    with clock.running():
        report = verifier.verify(
            [Path(path) for path in paths], given, sink=lambda finding: found.append(finding.as_dict())
        )
    return report, found


def _warm(*verifiers: BulkVerifier) -> None:
    """Have everything compiled and imported: a few exports into a store, and both to findings."""
    with tempfile.TemporaryDirectory() as folder:
        exports, store = Path(folder) / "exports", Path(folder) / "store"
        inputs.write_exports(exports, _FEW, inputs.FAULTS)
        packing.pack(find_sources([exports]), store)
        for verifier, path in product(verifiers, (exports, store)):
            verifier.verify([path], Given(whole=True, baskets=False))


def baskets(receipts: int) -> dict[str, Any]:
    """Texts of baskets read and held against their receipts."""
    world, reader, clock, count = inputs.histories(), Baskets(), Clock(), 0
    texts = pa.array([basket.as_json() for basket in world.assortment.baskets], pa.binary())
    for batch in world.batches(receipts):
        debits = np.flatnonzero(batch.basket >= 0)
        for first in range(0, len(debits), BATCH):
            which = debits[first : first + BATCH]
            raw, handed_in = batch.raw[which], texts.take(pa.array(batch.basket[which]))
            with clock.running():
                reader.begin()
                reader.goods(raw, reader.of_texts(handed_in))
            count += len(which)
    return clock.told(count)


def generate(receipts: int) -> dict[str, Any]:
    """Making receipts, with their MACs."""
    world, clock = inputs.histories(), Clock()
    world.batch(0)
    with clock.running():
        count = sum(len(batch.raw) for batch in world.batches(receipts))
    return clock.told(count)


_ALL = (one_by_one, cmac_one_by_one, openssl_cmac, engine_whole, kernel_mac, verify, pack, dask, baskets, generate)
MEASURES: dict[str, Callable[..., dict[str, Any]]] = {one.__name__: one for one in _ALL}
