# SPDX-License-Identifier: Apache-2.0
"""``python -m ssn_card.bench.growth.stages``: from exports to a report, stage by stage, in a process of its own.

The order is one line of JSON on standard input, the figures one on standard output.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from ssn_card.protocol.errors import Text

from ..errors import MeasureFailed

#: In this order: the names of what is measured.
STAGES: Final = ("pack", "verify", "books", "reconcile", "rules", "report")
_KIB_PER_MIB = 1024
_STATUS, _REFERENCES = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_RESET_PEAK = "5"  #: proc(5): the highest resident size begins anew


class Cost(NamedTuple):
    """Of a stage: seconds of the processors, processes that it began among them; seconds that passed; and resident
    memory of the first process at its largest."""

    cpu: float
    clock: float
    peak_mib: float


def measured(exports: Path, data: Path, room: Path) -> dict[str, Any]:
    """``receipts``, ``shops``, ``findings``, and ``stages``: a :class:`Cost` by name. Raises :class:`MeasureFailed`."""
    order = json.dumps({"exports": str(exports), "data": str(data), "room": str(room)})
    ran = subprocess.run([sys.executable, "-m", __name__], input=order, capture_output=True, text=True, check=False)
    if ran.returncode:
        why = ran.stderr.strip().rpartition("\n")[2]  # of a traceback the error
        raise MeasureFailed("growth", Text(why, why))
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


class _Meter:
    def __init__(self) -> None:
        self.costs: dict[str, Cost] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        _REFERENCES.write_text(_RESET_PEAK)
        cpu, clock = _cpu(), time.perf_counter()
        yield
        self.costs[name] = Cost(round(_cpu() - cpu, 2), round(time.perf_counter() - clock, 2), round(_peak_mib(), 1))


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_mib() -> float:
    return int(_STATUS.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]) / _KIB_PER_MIB


def staged(exports: Path, data: Path, room: Path) -> dict[str, Any]:
    """See :func:`measured`; in this process, so that imports are no part of it."""
    from ssn_card.audit.books import judge, open_books
    from ssn_card.audit.proof import Keys
    from ssn_card.audit.reconcile import reconcile
    from ssn_card.audit.report.gather import Audited, gather
    from ssn_card.audit.report.write import Signing, write_report
    from ssn_card.audit.rules import apply_rules, find_rules
    from ssn_card.audit.sources import find_sources
    from ssn_card.audit.store import pack
    from ssn_card.keys import development_keyring

    meter, store, rules = _Meter(), room / "store", find_rules()
    with development_keyring() as provider:
        keys = Keys.of(provider)
        with meter.stage("pack"):
            pack(find_sources([exports]), store)
        if room in exports.parents:  # of copies, which are large and not needed any more
            shutil.rmtree(exports)
        with meter.stage("verify"):
            judged = judge(store, provider)
        opening = open_books(store, data, judged)
        with meter.stage("books"):
            books = opening.__enter__()
        try:
            with meter.stage("reconcile"):
                accounts = reconcile(books.connection, books.tables)
            with meter.stage("rules"):
                outcome = apply_rules(books, rules=rules)
            with meter.stage("report"):
                made = gather(Audited(books, judged.report, False, accounts, rules, outcome, keys, ()))
                write_report(room / "report", made, Signing((), keys, {}))
        finally:
            opening.__exit__(*sys.exc_info())
    return {
        "receipts": judged.report.genuine,
        "shops": accounts.shops,
        "findings": len(judged.findings),
        "visits": len(made.visits),
        "stages": {name: cost._asdict() for name, cost in meter.costs.items()},
    }


def main() -> None:
    """Measure as ordered."""
    order = {name: Path(path) for name, path in json.load(sys.stdin).items()}
    json.dump(staged(**order), sys.stdout)


if __name__ == "__main__":
    main()
