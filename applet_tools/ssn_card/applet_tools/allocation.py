# SPDX-License-Identifier: Apache-2.0
"""Rules ``allocation`` and ``static-initialiser``: when a card makes objects.

A card has no garbage collector worth relying on: what is made after installation stays for ever, or fails once memory
is full. So everything is made by ``install``, by constructors, and by what they alone call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ssn_card.protocol.errors import Text

from .bytecode import Instruction
from .classfile import Access, ClassRef, MemberRef
from .descriptors import dotted
from .findings import Finding, place
from .program import Method, Program

_INSTALL = "install([BSB)V"
_MAKERS = ("getInstance", "buildKey", "makeTransient")  #: methods of the API that make objects, or their first letters
_ONCE = Text("Make it in a constructor and keep it.", "Buatlah di konstruktor lalu simpan.")
_CONSTANT_ARRAYS = Text(
    "Only constants and arrays of byte, short or boolean constants may be static; make the rest in a constructor.",
    "Hanya konstanta dan larik konstanta byte, short, atau boolean yang boleh static; buat sisanya di konstruktor.",
)
#: What the initialisation of constants and arrays of constants compiles to (section 2.2.4.6 of the VM specification).
_CONSTANT_INITIALISERS = {"aconst_null", "bipush", "sipush", "ldc", "ldc_w", "newarray", "dup", "bastore", "sastore",
                          "putstatic", "return"}  # fmt: skip
_Key = tuple[str, str]


def check_allocation(program: Program) -> Iterator[Finding]:
    """Every allocation that may happen after installation, and every static initialiser that is more than constants."""
    at_install = installation_only(program)
    for method in program.methods.values():
        if method.member.name == "<clinit>":
            yield from _static(method)
        elif method.key not in at_install:
            yield from _late(program, method)


def installation_only(program: Program) -> set[_Key]:
    """Methods that run at installation alone: ``install``, constructors, and what nothing else calls."""
    callers = _callers(program)
    roots = {method.key for method in program.methods.values() if _is_root(program, method)}
    result = roots | {
        key for key, method in program.methods.items() if key in callers and not program.overrides_api(method)
    }
    # Take away what something outside calls, until that takes nothing away any more.
    while True:
        outside = {key for key in result - roots if not callers[key] <= result}
        if not outside:
            return _reached(result, roots, callers)
        result -= outside


def _reached(candidates: set[_Key], roots: set[_Key], callers: dict[_Key, set[_Key]]) -> set[_Key]:
    """Without what only calls itself: that is dead code today, and may be called from anywhere tomorrow."""
    result = set(roots)
    while True:
        more = {key for key in candidates - result if callers[key] & result}
        if not more:
            return result
        result |= more


def _is_root(program: Program, method: Method) -> bool:
    if method.member.name == "<init>":
        return True
    is_applet = "javacard/framework/Applet" in program.above(method.owner.name)
    return is_applet and bool(method.member.access & Access.STATIC) and method.signature == _INSTALL


def _callers(program: Program) -> dict[_Key, set[_Key]]:
    """Who calls each method. A virtual call may reach the method it names, the one inherited, and every override."""
    result: dict[_Key, set[_Key]] = defaultdict(set)
    for method in program.methods.values():
        for instruction in method.body:
            called = _called(method, instruction)
            if called is None:
                continue
            signature = called.name + called.descriptor
            for name in (*program.above(called.owner), *program.below(called.owner)):
                if (name, signature) in program.methods:
                    result[name, signature].add(method.key)
    return result


def _called(method: Method, instruction: Instruction) -> MemberRef | None:
    if not instruction.mnemonic.startswith("invoke"):
        return None
    named = method.constant(instruction)
    return named if isinstance(named, MemberRef) else None


def _late(program: Program, method: Method) -> Iterator[Finding]:
    for instruction in method.body:
        made = _made(program, method, instruction)
        if made is not None:
            where = place(method.owner, method.member, instruction.offset)
            text = Text(f"{made} makes an object after installation.", f"{made} membuat objek setelah instalasi.")
            yield Finding("allocation", where, text, _ONCE)


def _made(program: Program, method: Method, instruction: Instruction) -> str | None:
    name = instruction.mnemonic
    if name in ("newarray", "multianewarray"):
        return "new"
    if name in ("new", "anewarray"):
        named = method.constant(instruction)
        return f"new {dotted(named.name)}" if isinstance(named, ClassRef) else "new"
    called = _called(method, instruction)
    if called is None or not called.name.startswith(_MAKERS):
        return None
    if any(above in program.api and program.declares(above, called) for above in program.above(called.owner)):
        return f"{dotted(called.owner)}.{called.name}"
    return None


def _static(method: Method) -> Iterator[Finding]:
    for instruction in method.body:
        name = instruction.mnemonic
        if name in _CONSTANT_INITIALISERS or name.startswith("iconst"):
            continue
        where = place(method.owner, method.member, instruction.offset)
        text = Text(
            f"The static initialiser does more than set constants ({name}).",
            f"Inisialisasi static tidak hanya berisi konstanta ({name}).",
        )
        yield Finding("static-initialiser", where, text, _CONSTANT_ARRAYS)
        return
