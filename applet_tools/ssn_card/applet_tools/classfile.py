# SPDX-License-Identifier: Apache-2.0
"""Reads compiled Java classes, as far as the checks need them (Java Virtual Machine Specification, chapter 4).

No kept-up Python library reads class files on its own, and the format is small.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path
from typing import Any

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .descriptors import is_descriptor
from .errors import BadClassFile

_MAGIC = 0xCAFEBABE
_NO_CLASS_FILE = Text("no Java class file", "bukan berkas kelas Java")
_CUT_SHORT = Text("cut short or damaged", "terpotong atau rusak")


class Access(IntFlag):
    """Access flags of classes, fields and methods (tables 4.1-B, 4.5-A, 4.6-A)."""

    PUBLIC = 0x0001
    PRIVATE = 0x0002
    PROTECTED = 0x0004
    STATIC = 0x0008
    SYNCHRONIZED = 0x0020  #: of a method; ACC_SUPER of a class
    VARARGS = 0x0080  #: of a method
    NATIVE = 0x0100
    INTERFACE = 0x0200
    ABSTRACT = 0x0400
    SYNTHETIC = 0x1000
    ENUM = 0x4000


@dataclass(frozen=True)
class ClassRef:
    """A class by its internal name, such as ``javacard/framework/Util`` or ``[B``."""

    name: str


@dataclass(frozen=True)
class MemberRef:
    """A field or method of a class, by name and descriptor."""

    owner: str
    name: str
    descriptor: str

    @property
    def is_method(self) -> bool:
        return self.descriptor.startswith("(")


@dataclass(frozen=True)
class StringConstant:
    """A string literal."""

    value: str


@dataclass(frozen=True)
class OtherConstant:
    """A constant that no Java Card has: float, double, long, method handle, dynamic call site; ``kind`` names it."""

    kind: str


#: What an instruction may name in the constant pool.
Constant = ClassRef | MemberRef | StringConstant | OtherConstant | int


@dataclass(frozen=True)
class Local:
    """A row of LocalVariableTable: a variable of the source, its slot and where in the code it is alive."""

    start: int
    end: int
    name: str
    descriptor: str
    slot: int


@dataclass(frozen=True)
class Handler:
    """A row of the exception table; ``catches`` is ``None`` for finally blocks."""

    start: int
    end: int
    target: int
    catches: str | None


@dataclass(frozen=True)
class Code:
    """The body of a method."""

    bytecode: bytes
    slots: int  #: for parameters and local variables
    handlers: tuple[Handler, ...]
    lines: tuple[tuple[int, int], ...]  #: (offset, line of the source), ascending
    locals: tuple[Local, ...]

    def line(self, offset: int) -> int | None:
        """The source's line of an instruction, if the compiler left the table."""
        found = None
        for start, line in self.lines:
            if start > offset:
                break
            found = line
        return found


@dataclass(frozen=True)
class Member:
    """A field or a method; ``value``: of a constant that is a number."""

    access: Access
    name: str
    descriptor: str
    code: Code | None = None
    value: int | None = None


@dataclass(frozen=True)
class ClassFile:
    """One class: its place in the hierarchy, its members, and the constants that its instructions name."""

    name: str
    access: Access
    super_name: str | None
    interfaces: tuple[str, ...]
    fields: tuple[Member, ...]
    methods: tuple[Member, ...]
    constants: dict[int, Constant]


def read_class(path: Path) -> ClassFile:
    """The class in a file. Raises :class:`BadClassFile`."""
    try:
        return parse_class(path.read_bytes(), str(path))
    except OSError as error:
        raise BadClassFile(str(path), system_reason(error)) from error


def parse_class(data: bytes, where: str) -> ClassFile:
    """The class in ``data``. Raises :class:`BadClassFile` with ``where``."""
    if data[:4] != _MAGIC.to_bytes(4, "big"):
        raise BadClassFile(where, _NO_CLASS_FILE)
    try:
        return _Parser(data).parse()
    except (struct.error, IndexError, KeyError, TypeError, ValueError) as error:
        raise BadClassFile(where, _CUT_SHORT) from error


class _Reader:
    """Big-endian numbers, one after the other."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(">" + layout, self.data, self.at)
        self.at += struct.calcsize(">" + layout)
        return values

    def u1(self) -> int:
        return int(self.take("B")[0])

    def u2(self) -> int:
        return int(self.take("H")[0])

    def u4(self) -> int:
        return int(self.take("I")[0])

    def bytes(self, length: int) -> bytes:
        if self.at + length > len(self.data):
            raise IndexError(length)
        self.at += length
        return self.data[self.at - length : self.at]


#: Constant pool tags that no instruction of a Java Card may name: bytes after the tag, and a name (table 4.4-A).
_OTHER = {4: (4, "float"), 5: (8, "long"), 6: (8, "double"), 15: (3, "method handle"), 16: (2, "method type"),
          17: (4, "dynamic constant"), 18: (4, "dynamic call site"), 19: (2, "module"), 20: (2, "package")}  # fmt: skip
_UTF8, _INTEGER, _CLASS, _STRING, _NAME_AND_TYPE = 1, 3, 7, 8, 12
_FIELD = 9
_MEMBERS = (_FIELD, 10, 11)


class _Parser:
    """One pass over a class file; the constant pool is resolved once all of it has been read."""

    def __init__(self, data: bytes) -> None:
        self.reader = _Reader(data, 8)
        self.utf8: dict[int, str] = {}
        self.constants: dict[int, Constant] = {}

    def parse(self) -> ClassFile:
        self._pool()
        reader = self.reader
        access, this, above = Access(reader.u2()), reader.u2(), reader.u2()
        interfaces = tuple(self._class_name(reader.u2()) for _ in range(reader.u2()))
        return ClassFile(
            name=self._class_name(this),
            access=access,
            super_name=self._class_name(above) if above else None,
            interfaces=interfaces,
            fields=tuple(self._member(method=False) for _ in range(reader.u2())),
            methods=tuple(self._member(method=True) for _ in range(reader.u2())),
            constants=self.constants,
        )

    def _pool(self) -> None:
        reader = self.reader
        raw: dict[int, tuple[int, tuple[int, ...]]] = {}
        index, count = 1, reader.u2()
        while index < count:
            tag = reader.u1()
            step = 1
            if tag == _UTF8:
                # Modified UTF-8 differs from UTF-8 only for NUL and supplementary characters.
                self.utf8[index] = reader.bytes(reader.u2()).decode("utf-8", "surrogatepass")
            elif tag == _INTEGER:
                self.constants[index] = int(reader.take("i")[0])
            elif tag in (_CLASS, _STRING):
                raw[index] = tag, (reader.u2(),)
            elif tag in _MEMBERS or tag == _NAME_AND_TYPE:
                raw[index] = tag, (reader.u2(), reader.u2())
            else:
                length, kind = _OTHER[tag]
                reader.bytes(length)
                self.constants[index] = OtherConstant(kind)
                step = 2 if kind in ("long", "double") else 1  # these take two entries (section 4.4.5)
            index += step
        for index, (tag, values) in raw.items():
            if tag == _CLASS:
                self.constants[index] = ClassRef(self.utf8[values[0]])
            elif tag == _STRING:
                self.constants[index] = StringConstant(self.utf8[values[0]])
            elif tag in _MEMBERS:
                owner = self.utf8[raw[values[0]][1][0]]
                name, descriptor = raw[values[1]][1]
                self.constants[index] = MemberRef(owner, self.utf8[name], self._descriptor(descriptor, tag != _FIELD))

    def _class_name(self, index: int) -> str:
        constant = self.constants[index]
        if not isinstance(constant, ClassRef):
            raise TypeError(index)
        return constant.name

    def _descriptor(self, index: int, method: bool) -> str:
        descriptor = self.utf8[index]
        if not is_descriptor(descriptor, method=method):
            raise ValueError(descriptor)
        return descriptor

    def _member(self, method: bool) -> Member:
        reader = self.reader
        access, name = Access(reader.u2()), self.utf8[reader.u2()]
        descriptor = self._descriptor(reader.u2(), method)
        code = value = None
        for attribute, body in self._attributes(reader):
            if attribute == "Code":
                code = self._code(_Reader(body))
            elif attribute == "ConstantValue":
                constant = self.constants[_Reader(body).u2()]
                value = constant if isinstance(constant, int) else None
        return Member(access, name, descriptor, code, value)

    def _attributes(self, reader: _Reader) -> list[tuple[str, bytes]]:
        return [(self.utf8[reader.u2()], reader.bytes(reader.u4())) for _ in range(reader.u2())]

    def _code(self, reader: _Reader) -> Code:
        _, slots = reader.take("HH")  # max_stack, max_locals
        bytecode = reader.bytes(reader.u4())
        handlers = []
        for _ in range(reader.u2()):
            start, end, target, kind = reader.take("HHHH")
            handlers.append(Handler(start, end, target, self._class_name(kind) if kind else None))
        lines: list[tuple[int, int]] = []
        variables: list[Local] = []
        for attribute, body in self._attributes(reader):
            rows = _Reader(body)
            if attribute == "LineNumberTable":
                lines += [(rows.u2(), rows.u2()) for _ in range(rows.u2())]
            elif attribute == "LocalVariableTable":
                for _ in range(rows.u2()):
                    start, length, name, descriptor, slot = rows.take("HHHHH")
                    variables.append(Local(start, start + length, self.utf8[name], self.utf8[descriptor], slot))
        return Code(bytecode, slots, tuple(handlers), tuple(sorted(lines)), tuple(variables))
