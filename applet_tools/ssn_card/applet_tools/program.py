# SPDX-License-Identifier: Apache-2.0
"""The applet's classes together: their hierarchy, their methods' instructions, and what those refer to."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ssn_card.protocol.checkout import is_checkout
from ssn_card.protocol.errors import Text

from .api import ApiClass
from .bytecode import Instruction, decode
from .classfile import Access, ClassFile, Constant, Member, MemberRef, parse_class, read_class
from .errors import FROM_A_WHEEL, BadClassFile, NoClasses


@dataclass(frozen=True)
class Method:
    """A method with a body, taken apart."""

    owner: ClassFile
    member: Member
    body: tuple[Instruction, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Its class, and its name with its descriptor."""
        return self.owner.name, self.signature

    @property
    def signature(self) -> str:
        return self.member.name + self.member.descriptor

    def constant(self, instruction: Instruction) -> Constant:
        """What an instruction names in the constant pool. Raises :class:`BadClassFile`."""
        try:
            return self.owner.constants[instruction.operand]
        except KeyError as error:
            reason = Text(f"constant {instruction.operand}", f"konstanta {instruction.operand}")
            raise BadClassFile(self.owner.name, reason) from error


class Program:
    """All classes to be checked, against one API."""

    def __init__(self, classes: list[ClassFile], api: dict[str, ApiClass]) -> None:
        self.classes = {owner.name: owner for owner in classes}
        self.api = api

    @classmethod
    def read(cls, directory: Path, api: dict[str, ApiClass]) -> Program:
        """All class files under a directory. Raises :class:`NoClasses`, :class:`BadClassFile`."""
        paths = sorted(directory.rglob("*.class"))
        if not paths:
            raise NoClasses(directory) if is_checkout() else NoClasses(directory, FROM_A_WHEEL)
        return cls([read_class(path) for path in paths], api)

    @classmethod
    def of(cls, files: dict[str, bytes], api: dict[str, ApiClass]) -> Program:
        """Class files by name. Raises :class:`BadClassFile`."""
        return cls([parse_class(data, name) for name, data in files.items()], api)

    @cached_property
    def methods(self) -> dict[tuple[str, str], Method]:
        """Every method with a body, by :attr:`Method.key`."""
        result = {}
        for owner in self.classes.values():
            for member in owner.methods:
                if member.code is None:
                    continue
                try:
                    method = Method(owner, member, tuple(decode(member.code.bytecode)))
                except (IndexError, struct.error) as error:
                    reason = Text(f"bytecode of {member.name}", f"bytecode {member.name}")
                    raise BadClassFile(owner.name, reason) from error
                result[method.key] = method
        return result

    def above(self, name: str) -> Iterator[str]:
        """A class and all that it inherits from, nearest first; the last may be unknown to program and API."""
        pending, seen = [name], set()
        while pending:
            current = pending.pop(0)
            if current in seen:
                continue
            seen.add(current)
            yield current
            if current in self.classes:
                owner = self.classes[current]
                pending += [*([owner.super_name] if owner.super_name else []), *owner.interfaces]
            elif current in self.api:
                pending += self.api[current].above

    def below(self, name: str) -> Iterator[str]:
        """A class of the program and all its subclasses in the program."""
        return (other for other in self.classes if name in self.above(other))

    def declares(self, name: str, member: MemberRef) -> bool:
        """Whether a class itself, of the program or the API, has this member."""
        if name in self.api:
            return member.name + member.descriptor in self.api[name].methods
        owner = self.classes.get(name)
        members = () if owner is None else owner.methods if member.is_method else owner.fields
        return any((found.name, found.descriptor) == (member.name, member.descriptor) for found in members)

    def overrides_api(self, method: Method) -> bool:
        """Whether the card may call a method: it overrides or implements one of the API's."""
        if method.member.access & (Access.STATIC | Access.PRIVATE) or method.member.name == "<init>":
            return False
        above = (name for name in self.above(method.owner.name) if name in self.api)
        return any(method.signature in self.api[name].methods for name in above)
