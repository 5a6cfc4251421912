# SPDX-License-Identifier: Apache-2.0
"""The layout of the session's RAM as a picture: offsets from the applet's compiled class ``Ram``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ssn_card.applet_tools.build import APPLET_CLASSES
from ssn_card.applet_tools.classfile import read_class
from ssn_card.pictures import INK, LIGHT, PAPER, canvas, render
from ssn_card.protocol.layouts import RECEIPT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CLASS = APPLET_CLASSES / "id" / "ssncard" / "applet" / "Ram.class"

#: Runs of fields, by what uses the array: the constant where each begins, and what it holds. Each ends where the next
#: begins; a constant without text begins nothing.
_LANES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "terminal\nsession": (
        ("TYPE", "state: keys,\nmonths, floor;\nnumber"),
        ("MOVEMENT", "movement, as\nin the command"),
        ("RESULT", "result: balance,\nlink, totals"),
        ("CONSTANTS", "receipt\nconstants"),
        ("ANSWER_BLOCK", "answer's\nlast block"),
        ("COMMAND", "command's header\nand body"),
        ("QUOTE", "quote,\nchallenge,\nzeros"),
        ("COMMAND_BLOCK", "command's\nlast block"),
        ("LIVE", ""),
    ),
    "SCP03\nsession": (
        ("CHAIN", "chaining\nvalue"),
        ("HOST_CHALLENGE", "both\nchallenges"),
        ("COUNTER", "state"),
        ("DERIVATION", "derivation\ndata"),
        ("RESULT_BLOCK", "result"),
        ("VECTOR", "initial\nvector"),
        ("MAC_SUBKEY", "CMAC\nsubkey"),
        ("MAC_BLOCK", "CMAC\nblock"),
    ),
}
_AES_BLOCK = 16  #: bytes of the last run of the SCP03 session

#: Runs that are used as a whole, from one constant to another, or so many bytes.
_SPANS: tuple[tuple[str, str, str | int], ...] = (
    ("log record", "TYPE", "RECORD_SIZE"),
    ("template, copied at SELECT", "CONSTANTS", "TEMPLATE_END"),
    ("receipt, MAC'd", "SEQ", RECEIPT.offset("mac")),
    ("command, MAC'd", "COMMAND", "TEMPLATE_END"),
    ("answer, MAC'd", "MOVEMENT", "COMMAND"),
)
_SPAN_ROWS = (0, 3, 1, 0, 2)


def ram_constants() -> dict[str, int]:
    """The constants of the applet's class ``Ram``, in bytes. Raises ``BadClassFile``: the applet is not compiled."""
    return {field.name: field.value for field in read_class(_CLASS).fields if field.value is not None}


def draw_ram() -> bytes:
    """The layout, as SVG."""
    at = ram_constants()
    size = at["SIZE"]
    with canvas(9.6, 3.9) as figure:
        axes = figure.subplots()
        axes.set_xlim(-14, size + 1)
        axes.set_ylim(0, 7.4)
        axes.set_yticks([])
        axes.set_xticks(range(0, size + 1, 16))
        axes.set_xlabel(
            f"byte of the session's RAM, {size} in all; the last three: challenge live, SCP03 state, PIN given"
        )
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        for (lane, fields), bottom in zip(_LANES.items(), (2.4, 0.4), strict=True):
            axes.text(-1.2, bottom + 0.6, lane, ha="right", va="center", fontsize=9, fontweight="bold")
            starts = [at[name] for name, _ in fields]
            ends = [*starts[1:], starts[-1] + _AES_BLOCK if fields[-1][1] else starts[-1]]
            for (_, text), start, end in zip(fields, starts, ends, strict=True):
                _block(axes, start, end, bottom, text)
        for name in ("LIVE", "CHANNEL", "PIN_GIVEN"):
            axes.broken_barh([(at[name], 1)], (0.4, 3.2), facecolor=INK)
        for (text, first, last), row in zip(_SPANS, _SPAN_ROWS, strict=True):
            end = at[first] + last if isinstance(last, int) else at[last]
            _span(axes, at[first], end, 4.15 + 0.85 * row, text)
        return render(figure, "Layout of the session's RAM")


def _block(axes: Axes, start: int, end: int, bottom: float, text: str) -> None:
    axes.broken_barh([(start, end - start)], (bottom, 1.2), facecolor=LIGHT if text else PAPER, edgecolor=INK, lw=0.8)
    axes.text((start + end) / 2, bottom + 0.6, text, ha="center", va="center", fontsize=7.8, linespacing=1.2)


def _span(axes: Axes, start: int, end: int, height: float, text: str) -> None:
    axes.annotate(
        "", (start, height), (end, height), arrowprops={"arrowstyle": "<->", "color": INK, "shrinkA": 0, "shrinkB": 0}
    )
    axes.text((start + end) / 2, height + 0.12, f"{text}: {end - start}", ha="center", va="bottom", fontsize=8)
