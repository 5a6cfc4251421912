# SPDX-License-Identifier: Apache-2.0
"""The long form of tests/protocol_model: many histories with all repairs in, then each repair taken out again."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.protocol_model.play import EVERY, search
from tests.protocol_model.repairs import ALL, INVARIANTS, NAMES, TEXTS
from tests.protocol_model.world import Tally

CHUNK = 2_500
BOUND = 20_000  #: histories within which the hole of a repair taken out must show


def _all_in(first: int) -> tuple[Tally, str]:
    tally = Tally()
    found = search(ALL, range(first, first + CHUNK), EVERY, tally)
    return tally, "" if found is None else f"history {found[0]}: {found[1]}\n  shortest: {found[2]}"


def _one_out(name: str) -> tuple[str, str]:
    found = search(ALL.without(name), range(BOUND), INVARIANTS[name])
    if found is None:
        return name, ""
    seed, hole, shortest = found
    return name, f"{seed + 1:>6}  {hole}  ({', '.join(event for event, _ in shortest.events) or 'no event'})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=300_000)
    histories = parser.parse_args().histories
    total, faults = Tally(), 0
    with multiprocessing.Pool() as pool:
        for tally, found in pool.imap(_all_in, range(0, histories, CHUNK)):
            total.add(tally)
            if found:
                faults += 1
                print(found)
            if sys.stderr.isatty():
                print(f"\r{total.histories:,} histories", end="", file=sys.stderr)
        print(f"histories                {total.histories:>10,}")
        print(f"conclusions reached      {total.conclusions:>10,}")
        print(f"receipts recomputed      {total.recomputed:>10,}")
        print(f"gaps                     {total.gaps:>10,}")
        print(f"lost receipts restored   {total.restored:>10,}")
        print(f"left open at the bank    {total.open:>10,}")
        for why, times in total.parted.most_common():
            print(f"  {times:>10,}  {why or 'the newest update alone gave what all in order give'}")
        print(f"\nholes with all repairs in: {faults}\nwithout one repair, histories until its hole:")
        for name, found in pool.imap(_one_out, NAMES):
            faults += not found
            print(f"  {name:<26}{found or '  NOT FOUND: ' + TEXTS[name]}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
