# SPDX-License-Identifier: Apache-2.0
"""Judged on a cluster: the same findings in the same order, though a worker is killed in the middle."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from random import Random

import dask
import numpy as np
import pytest
from distributed import Client, LocalCluster
from tests.audit.handed_in import handed_in
from tests.audit.spoilt import serial
from tests.receipts.made import PROVIDER

from ssn_card.audit import spill
from ssn_card.audit.cluster import Cluster
from ssn_card.audit.errors import ClusterLost, ClusterOpen
from ssn_card.audit.terms import Terms, cards_of, concerning
from ssn_card.audit.verify import BulkVerifier, Given
from ssn_card.receipts import Finding, Stage, Tip
from ssn_card.receipts.cards import CardLists


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with LocalCluster(**options) as running:  # type: ignore[no-untyped-call]
        yield running


@pytest.mark.timeout(300)
def test_the_findings_are_those_of_threads_though_a_worker_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: LocalCluster
) -> None:
    given = handed_in(tmp_path, Random(21), 60)
    monkeypatch.setattr(spill, "BATCH", 64)  # many batches
    here: list[Finding] = []
    threads = BulkVerifier(PROVIDER).verify(given.files, Given(given.tips), sink=here.append)
    there: list[Finding] = []
    killed: list[int] = []

    def kill_one(stage: Stage, done: int, of: int | None) -> None:
        if stage is Stage.CHAIN and not killed:
            with Client(cluster.scheduler_address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
                killed.extend(client.run(os.getpid).values())
            os.kill(killed[0], signal.SIGKILL)

    team = Cluster(cluster.scheduler_address)
    report = BulkVerifier(PROVIDER, team=team).verify(
        given.files, Given(given.tips), sink=there.append, progress=kill_one
    )
    assert len(killed) == 2
    assert there == here
    assert report.figures == threads.figures


@pytest.mark.parametrize("address", ["tcp://192.0.2.1:8786", "192.0.2.1:8786", "tcp://audit.example:8786", "ws://x:1"])
def test_keys_go_to_nobody_who_could_be_overheard(address: str) -> None:
    with pytest.raises(ClusterOpen) as refused:
        Cluster(address)
    assert refused.value.where == address


def test_tls_without_certificates_is_told_before_anything_is_tried() -> None:
    with pytest.raises(ClusterLost, match="DASK_DISTRIBUTED__COMM__TLS__CA_FILE"):
        Cluster("tls://127.0.0.1:1")


def test_where_nobody_is_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = handed_in(tmp_path, Random(1), 2)
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}), pytest.raises(ClusterLost) as lost:
        BulkVerifier(PROVIDER, team=Cluster("tcp://127.0.0.1:9")).verify(given.files)
    assert lost.value.where == "tcp://127.0.0.1:9"


def test_a_batch_takes_along_what_concerns_its_cards_and_no_more() -> None:
    tips = {serial(number): Tip(1, bytes(8)) for number in range(5)}
    lists = CardLists(frozenset(tips), {serial(1): bytes(6), serial(4): bytes(6)}, frozenset({serial(2), serial(3)}))
    raw = np.zeros((3, 88), np.uint8)
    raw[:, 67:75] = np.frombuffer(serial(1) + serial(2) + serial(2), np.uint8).reshape(3, 8)
    cards = cards_of(raw)
    sent = concerning(Terms(["a"], tips, True, True, lists, 3, 4), cards)
    assert sent.tips == {serial(1): tips[serial(1)], serial(2): tips[serial(2)]}
    assert sent.lists == CardLists(frozenset({serial(1), serial(2)}), {serial(1): bytes(6)}, frozenset({serial(2)}))
    assert (sent.names, sent.whole, sent.baskets, sent.most, sent.searched) == (["a"], True, True, 3, 4)
    nothing_issued = concerning(Terms(["a"], lists=CardLists(frozenset())), cards)
    assert nothing_issued.lists.issued == frozenset()
