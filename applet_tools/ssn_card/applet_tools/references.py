# SPDX-License-Identifier: Apache-2.0
"""Rule ``api``: classes and methods that neither the applet nor Java Card 2.2.2 has."""

from __future__ import annotations

from collections.abc import Iterator

from ssn_card.protocol.errors import Text

from .classfile import ClassRef, MemberRef
from .descriptors import class_of, dotted, types
from .findings import Finding, place
from .program import Method, Program

RULE = "api"
_REMEDY = Text(
    "Use what javacard.* and javacardx.* of version 2.2.2 offer.",
    "Pakailah yang ada di javacard.* dan javacardx.* versi 2.2.2.",
)
#: java.lang.String has a rule of its own, and enum classes another.
_OTHERS = {"java/lang/String", "java/lang/Enum"}


def check_references(program: Program) -> Iterator[Finding]:
    """Every reference to a class or member that a card of version 2.2.2 cannot resolve."""
    for owner in program.classes.values():
        for name in (owner.super_name, *owner.interfaces):
            if name is not None and not _known(program, name):
                yield _unknown_class(name, place(owner))
        for member in (*owner.fields, *owner.methods):
            for name in _unknown_in(program, member.descriptor):
                yield _unknown_class(name, place(owner, member, 0))
    for method in program.methods.values():
        yield from _method(program, method)


def _method(program: Program, method: Method) -> Iterator[Finding]:
    code = method.member.code
    for handler in code.handlers if code is not None else ():
        if handler.catches is not None and not _known(program, handler.catches):
            yield _unknown_class(handler.catches, place(method.owner, method.member, handler.target))
    for instruction in method.body:
        if instruction.mnemonic not in _NAMING:
            continue
        named = method.constant(instruction)
        where = place(method.owner, method.member, instruction.offset)
        if isinstance(named, ClassRef):
            name = class_of(named.name) if named.name.startswith("[") else named.name
            if name is not None and not _known(program, name):
                yield _unknown_class(name, where)
        elif isinstance(named, MemberRef):
            yield from _member(program, named, where)


def _member(program: Program, member: MemberRef, where: str) -> Iterator[Finding]:
    if not _known(program, member.owner):
        yield _unknown_class(member.owner, where)
    elif member.owner in _OTHERS or any(program.declares(name, member) for name in program.above(member.owner)):
        for name in _unknown_in(program, member.descriptor):
            yield _unknown_class(name, where)
    else:
        name = f"{dotted(member.owner)}.{member.name}{member.descriptor}"
        yield Finding(
            RULE, where, Text(f"Java Card 2.2.2 has no {name}.", f"Java Card 2.2.2 tidak memiliki {name}."), _REMEDY
        )


def _known(program: Program, name: str) -> bool:
    return name in program.classes or name in program.api or name in _OTHERS or name.startswith("[")


def _unknown_in(program: Program, descriptor: str) -> Iterator[str]:
    for type_ in types(descriptor):
        name = class_of(type_)
        if name is not None and not _known(program, name):
            yield name


def _unknown_class(name: str, where: str) -> Finding:
    text = Text(f"Java Card 2.2.2 has no {dotted(name)}.", f"Java Card 2.2.2 tidak memiliki {dotted(name)}.")
    return Finding(RULE, where, text, _REMEDY)


_NAMING = {"getstatic", "putstatic", "getfield", "putfield", "invokevirtual", "invokespecial", "invokestatic",
           "invokeinterface", "new", "anewarray", "checkcast", "instanceof"}  # fmt: skip
