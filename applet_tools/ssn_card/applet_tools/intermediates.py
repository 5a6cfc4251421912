# SPDX-License-Identifier: Apache-2.0
"""Rule ``intermediate``: results wider than 16 bits that are compared, divided, shifted, used as an index or kept."""

from __future__ import annotations

from collections.abc import Iterator

from ssn_card.protocol.errors import Text

from .classfile import Access
from .findings import Finding, place
from .program import Method, Program
from .widths import NotFollowed, WideUse, wide_uses

RULE = "intermediate"
_REMEDY = Text("Cast the intermediate result to short first.", "Ubah dahulu hasil antara menjadi short.")
_STORED = Text(
    "A result that may have more than 16 bits is kept in a variable.",
    "Hasil yang mungkin lebih dari 16 bit disimpan dalam variabel.",
)
_USED = Text("A result that may have more than 16 bits is {use}.", "Hasil yang mungkin lebih dari 16 bit {use}.")
_NOT_FOLLOWED = Text("Its numbers could not be followed.", "Bilangan di dalamnya tidak dapat ditelusuri.")
_OTHERS_FIRST = Text("Mend its other findings first.", "Perbaiki dahulu temuan lainnya.")
_USES = {
    "idiv": Text("divided", "dibagi"),
    "irem": Text("divided", "dibagi"),
    "ishr": Text("shifted to the right", "digeser ke kanan"),
    "iushr": Text("the count of a shift", "menjadi jumlah geseran"),
    "newarray": Text("the length of an array", "menjadi panjang larik"),
    "anewarray": Text("the length of an array", "menjadi panjang larik"),
    "tableswitch": Text("switched on", "dipakai dalam switch"),
    "lookupswitch": Text("switched on", "dipakai dalam switch"),
}
_INDEX = Text("an array's index", "menjadi indeks larik")
_COMPARED = Text("compared", "dibandingkan")


def check_intermediates(program: Program) -> Iterator[Finding]:
    """Where the upper half of an intermediate result would count, and methods that could not be followed."""
    for method in program.methods.values():
        try:
            uses = _uses(method)
        except NotFollowed:
            yield Finding(RULE, place(method.owner, method.member, 0), _NOT_FOLLOWED, _OTHERS_FIRST)
            continue
        for use in uses:
            where = place(method.owner, method.member, use.instruction.offset)
            yield Finding(RULE, where, _text(use), _REMEDY)


def _uses(method: Method) -> list[WideUse]:
    member = method.member
    if member.code is None:
        return []
    static = bool(member.access & Access.STATIC)
    return wide_uses(method.owner, member.descriptor, static, member.code, list(method.body))


def _text(use: WideUse) -> Text:
    if use.stored:
        return _STORED
    name = use.instruction.mnemonic
    default = _INDEX if name.endswith(("load", "store")) else _COMPARED
    what = _USES.get(name, default)
    return Text(_USED.en.format(use=what.en), _USED.id.format(use=what.id))
