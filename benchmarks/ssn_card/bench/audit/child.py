# SPDX-License-Identifier: Apache-2.0
"""``python -m ssn_card.bench.audit.child``: one measurement in a process of its own, on the cores that it is given.

The order is one line of JSON on standard input, the result one on standard output. So peak memory is that of what is
measured alone, and no thread runs elsewhere.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from ssn_card.protocol.errors import Text

from ..errors import MeasureFailed

_KIB_PER_MIB = 1024


def measured(name: str, cores: Sequence[int], **arguments: Any) -> dict[str, Any]:
    """What a measure of :mod:`.measures` comes to on these cores; with ``peak_mib``, of the process at its largest.

    Raises :class:`MeasureFailed`.
    """
    order = json.dumps({"name": name, "cores": list(cores), "arguments": arguments})
    command = [sys.executable, "-m", __name__]
    ran = subprocess.run(command, input=order, capture_output=True, text=True, check=False)
    if ran.returncode:
        why = ran.stderr.strip().rpartition("\n")[2]  # of a traceback the error
        raise MeasureFailed(name, Text(why, why))
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def main() -> None:
    """Measure as ordered."""
    order = json.load(sys.stdin)
    os.sched_setaffinity(0, order["cores"])  # before numpy and Arrow count the cores
    from .measures import MEASURES

    result = MEASURES[order["name"]](**order["arguments"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MIB
    json.dump(result | {"peak_mib": round(peak, 1)}, sys.stdout)


if __name__ == "__main__":
    main()
