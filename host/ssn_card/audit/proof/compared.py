# SPDX-License-Identifier: Apache-2.0
"""Files at hand held against those that somebody stated, by the hashes of their bytes, whatever they are called now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ssn_card.protocol.errors import Text

from .errors import AttestedFilesDiffer
from .inputs import Advance, Input
from .statement import StatedInput

#: What is wrong with a file, by its name.
Differences = dict[str, Text]

_OTHER_BYTES = Text("other bytes than those judged", "isinya bukan yang diperiksa")
_NOT_JUDGED = Text("not among those judged", "tidak termasuk yang diperiksa")


def compare_inputs(
    given: Iterable[Path], stated: Sequence[StatedInput], advance: Advance | None = None
) -> tuple[list[Input], Differences]:
    """The files given, measured, and what is wrong with them. Raises ``NotAttestable``, ``InputChanged``."""
    hashes, names = {one.sha256 for one in stated}, {one.name for one in stated}
    measured = [Input.measured("given", one, advance) for one in given]
    differences = {
        str(one.path): _OTHER_BYTES if str(one.path) in names else _NOT_JUDGED
        for one in measured
        if one.sha256 not in hashes
    }
    return measured, differences


def not_given(measured: Iterable[Input], stated: Sequence[StatedInput]) -> tuple[StatedInput, ...]:
    """Inputs that are stated and of which no file was at hand."""
    given = {one.sha256 for one in measured}
    return tuple(one for one in stated if one.sha256 not in given)


def require_no_difference(differences: Differences, path: Path) -> None:
    """Raises :class:`AttestedFilesDiffer`, which names each; ``path``: of what states otherwise."""
    if not differences:
        return
    told = [Text("{name} ({why})", "{name} ({why})").filled(name=name, why=why) for name, why in differences.items()]
    names = Text("; ".join(one.en for one in told), "; ".join(one.id for one in told))
    raise AttestedFilesDiffer(len(differences), names, differences, str(path))
