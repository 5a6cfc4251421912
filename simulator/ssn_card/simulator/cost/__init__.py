# SPDX-License-Identifier: Apache-2.0
"""What a command would cost on real cards: counts of the instrumented simulator times measured operations.

``card_timings.csv`` holds milliseconds measured on 13 cards by JCAlgTest (crocs-muni/jcalgtest_results, MIT,
Copyright (c) 2021 CRoCS). A blank is unknown and is never guessed: the projection names the term it leaves out.
"""

from .commands import measured
from .project import Projection, project
from .timings import CardTimings, load_timings

__all__ = ["CardTimings", "Projection", "load_timings", "measured", "project"]
