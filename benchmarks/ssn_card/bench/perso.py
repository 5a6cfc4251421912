# SPDX-License-Identifier: Apache-2.0
"""How many cards a station makes in a second, with readers side by side on cards as slow as real ones; and how much of
a card is the station's own work, with keys in a token and out of a file."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from ssn_card.bank.secret import development_secret
from ssn_card.keys import KeyProvider, TokenKeyring, development_keyring
from ssn_card.keys.development import development_master
from ssn_card.keys.token import TokenPin, TokenUri
from ssn_card.keys.token.backup import Backup
from ssn_card.keys.token.ceremony import hold, plan
from ssn_card.keys.token.components import BACKUP_LENGTH, Component
from ssn_card.keys.token.module import Module
from ssn_card.keys.token.sessions import TokenSessions
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.feeder import UrlFeeder
from ssn_card.personalization.station.issuing import extract_rows
from ssn_card.personalization.station.report import BatchReport
from ssn_card.personalization.station.run import run
from ssn_card.programme import load_policies
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import ConfigurationError, Text
from ssn_card.protocol.labels import KeyLabel
from ssn_card.simulator import Simulator, blank_card
from ssn_card.simulator.cost.pace import java_options

READERS = (1, 2, 4)
PIN = "bench only: 5173"
_MODULES = ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm")
_TODAY = dt.datetime(2025, 10, 1, 8, 0)  #: the policy of 2025 is in force


class SoftTokenMissing(ConfigurationError):
    """SoftHSM, in which the keys of this measurement lie, is not there."""

    code = "soft-token-missing"
    text = Text("SoftHSM2 is not installed.", "SoftHSM2 belum terpasang.")
    remedy = Text("Install it: apt-get install softhsm2.", "Pasang: apt-get install softhsm2.")


@dataclass(frozen=True)
class PacedRate:
    """Cards a second with so many readers."""

    readers: int
    cards_per_s: float


@dataclass(frozen=True)
class PersoFigures:
    """What was measured. ``..._host_ms``: CPU time of the station's process for a card, without what the system does to
    sync the disk; ``hsm_calls``: key derivations in the token for a card; ``disk_syncs`` and ``disk_ms``: how often the
    station waited for the disk for a card, and how long on the clock, with keys in the token."""

    pace: str
    cards: int
    paced: tuple[PacedRate, ...]
    token_host_ms: float
    keyring_host_ms: float
    hsm_calls: float
    disk_syncs: float
    disk_ms: float

    @property
    def gain(self) -> float:
        """How many times as fast all readers are as one."""
        return self.paced[-1].cards_per_s / self.paced[0].cards_per_s

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)


class _CountedToken(TokenKeyring):
    calls = 0

    def _diversify_card(
        self, places: Collection[tuple[KeyLabel, int]], serial: bytes
    ) -> dict[tuple[KeyLabel, int], SecretKey]:
        self.calls += len(places)
        return super()._diversify_card(places, serial)

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        self.calls += 1
        return super()._diversify(label, version, serial)


def measure(cards: int, pace: str, progress: Callable[[int], None]) -> PersoFigures:
    """Make ``cards`` cards five times. Raises :class:`SoftTokenMissing`, ``NoSuchPace``, and what a station raises."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as held:
        folder = Path(name)
        extract = _extract(folder, cards)
        paced = []
        for readers in READERS:
            with _station(folder / f"paced-{readers}", extract, cards, java_options(pace)) as work:
                report, _ = work(development_keyring(), readers)
            paced.append(PacedRate(readers, round(cards / report.seconds, 3)))
            progress(cards)
        token = held.enter_context(soft_token(folder))
        costs: list[float] = []
        disks: list[tuple[float, float]] = []
        for number, provider in enumerate((token, development_keyring())):
            with _station(folder / f"unpaced-{number}", extract, cards, ()) as work:
                report, cpu = work(provider, 1)
            costs.append((cpu - sum(one.cpu_seconds for one in report.syncs)) * 1000 / cards)
            disks.append(
                (
                    sum(one.count for one in report.syncs) / cards,
                    sum(one.seconds for one in report.syncs) * 1000 / cards,
                )
            )
            progress(cards)
        in_token, out_of_file = (round(one, 2) for one in costs)
        syncs, waited = (round(one, 2) for one in disks[0])
        calls = round(token.calls / cards, 2)
        return PersoFigures(pace, cards, tuple(paced), in_token, out_of_file, calls, syncs, waited)


@contextmanager
def _station(
    folder: Path, extract: Path, cards: int, java: tuple[str, ...]
) -> Iterator[Callable[[KeyProvider, int], tuple[BatchReport, float]]]:
    folder.mkdir()
    with Simulator(java_options=java) as simulator, Journal.create(folder / "j.db", development_secret()) as journal:
        urls = [blank_card(simulator).url for _ in range(cards)]

        def work(provider: KeyProvider, readers: int) -> tuple[BatchReport, float]:
            feeders = [UrlFeeder(urls[number::readers]) for number in range(readers)]
            policy, results = load_policies().by_id(2025), folder / "r.jsonl"
            rows = extract_rows(extract, policy)
            began = time.process_time()
            report = run(rows, policy, provider, feeders, journal, results, clock=lambda: _TODAY, force=True)
            return report, time.process_time() - began

        yield work


def _extract(folder: Path, cards: int) -> Path:
    lines = files("ssn_card.simulator.programme.plan").joinpath("beneficiaries.csv").read_text("utf-8").splitlines()
    path = folder / "extract.csv"
    path.write_text("\n".join(lines[: cards + 1]) + "\n", "utf-8")
    return path


@contextmanager
def soft_token(folder: Path) -> Iterator[_CountedToken]:
    """A token of SoftHSM with the development masters, in a folder of its own."""
    module = next((path for place in _MODULES if (path := Path(place) / "libsofthsm2.so").exists()), None)
    if module is None:
        raise SoftTokenMissing
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    try:
        words = ("softhsm2-util", "--init-token", "--free", "--label", "bench", "--so-pin", PIN, "--pin", PIN)
        subprocess.run(words, check=True, capture_output=True, timeout=60)
        loaded = Module.at(module)
        loaded.restart(loaded.generation)
        sessions = TokenSessions(TokenUri.parse(f"pkcs11:token=bench?module-path={module}"), TokenPin(PIN))
        with _CountedToken(sessions) as token:
            backup = Backup.create(folder / "backup", "bench", 2, Component.random(BACKUP_LENGTH))
            hold(sessions, backup, plan(KeyLabel, (1, 2)), lambda place: Component(development_master(*place).value()))
            yield token
    finally:
        if before is None:
            del os.environ["SOFTHSM2_CONF"]
        else:
            os.environ["SOFTHSM2_CONF"] = before
