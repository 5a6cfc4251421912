# SPDX-License-Identifier: Apache-2.0
"""Follows the widths of integers through a method, as Oracle's converter does.

A card computes with 16 bits what javac computes with 32. The results agree as long as only the lower half counts, and
the program casts to ``short`` before anything asks for the upper one: a comparison, a division, a shift right, an
array index, a switch (Java Card VM specification 2.2.2, section 2.2.3). The widths here were tried against the
converter, which ``tests/applet/test_converter.py`` does again wherever it is installed. They are stricter in one point:
the converter trusts a wide value once it is masked with a short, though the mask may be negative.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from .bytecode import Instruction
from .classfile import ClassFile, Code, MemberRef
from .descriptors import parameters, result


class Width(IntEnum):
    """What is known of a value, from narrow to wide; where two paths meet the wider one holds."""

    BYTE = 0
    SHORT = 1
    INT = 2  #: more than 16 bits on a computer, so possibly another value on the card
    REFERENCE = 3


@dataclass(frozen=True)
class WideUse:
    """An instruction that would see the upper half of an intermediate result."""

    instruction: Instruction
    stored: bool  #: into a local variable, that is held across statements


class NotFollowed(Exception):
    """The method has instructions that no Java Card has, or is damaged."""


_Stack = tuple[Width, ...]
_Locals = tuple[Width | None, ...]

_FIELD_WIDTHS = {"B": Width.BYTE, "Z": Width.BYTE, "S": Width.SHORT, "C": Width.INT, "I": Width.INT}
#: Opcodes that take the value on top and need all of it.
_NEED_ONE = {"ifeq", "ifne", "iflt", "ifge", "ifgt", "ifle", "tableswitch", "lookupswitch", "newarray", "anewarray"}
_NEED_TWO = {"if_icmpeq", "if_icmpne", "if_icmplt", "if_icmpge", "if_icmpgt", "if_icmple", "idiv", "irem", "ishr"}
_ARITHMETIC = {"iadd", "isub", "imul", "idiv", "irem", "ishl", "ishr", "iushr", "iand", "ior", "ixor"}
_CONSTANTS = {"bipush", "sipush", "ldc", "ldc_w"}
_INDEXED = {"aaload": 0, "baload": 0, "saload": 0, "aastore": 1, "bastore": 1, "sastore": 1}  #: index's depth
_ENDS = {"goto", "tableswitch", "lookupswitch", "ireturn", "areturn", "return", "athrow"}
#: How the duplicating opcodes rearrange the stack: (words taken, their new order, bottom first).
_SHUFFLES = {
    "dup": (1, (0, 0)),
    "dup_x1": (2, (1, 0, 1)),
    "dup_x2": (3, (2, 0, 1, 2)),
    "dup2": (2, (0, 1, 0, 1)),
    "dup2_x1": (3, (1, 2, 0, 1, 2)),
    "dup2_x2": (4, (2, 3, 0, 1, 2, 3)),
    "swap": (2, (1, 0)),
}
_POPS = {"pop": 1, "pop2": 2, "ifnull": 1, "ifnonnull": 1, "if_acmpeq": 2, "if_acmpne": 2, "putstatic": 1,
         "putfield": 2, "aastore": 3, "bastore": 3, "sastore": 3, "ireturn": 1, "areturn": 1, "athrow": 1,
         "return": 0, "goto": 0, "nop": 0, "iinc": 0, "monitorenter": 1, "monitorexit": 1}  # fmt: skip


def wide_uses(owner: ClassFile, descriptor: str, static: bool, code: Code, body: list[Instruction]) -> list[WideUse]:
    """Where a method needs more than 16 bits of an intermediate result. Raises :class:`NotFollowed`."""
    try:
        return _Flow(owner, code, body).run(descriptor, static)
    except (IndexError, KeyError, ValueError) as error:  # a stack that runs empty: no compiler made this
        raise NotFollowed(descriptor) from error


class _Flow:
    """A worklist over the method's instructions; ``states`` holds what is known before each of them."""

    def __init__(self, owner: ClassFile, code: Code, body: list[Instruction]) -> None:
        self.owner = owner
        self.code = code
        self.body = {instruction.offset: instruction for instruction in body}
        self.states: dict[int, tuple[_Stack, _Locals]] = {}
        self.pending: list[int] = []

    def run(self, descriptor: str, static: bool) -> list[WideUse]:
        arguments = [_width(type_) for type_ in parameters(descriptor)]
        self._reach(0, (), tuple(arguments if static else [Width.REFERENCE, *arguments]))
        while self.pending:
            at = self.pending.pop()
            stack, variables = self.states[at]
            for handler in self.code.handlers:
                if handler.start <= at < handler.end:
                    self._reach(handler.target, (Width.REFERENCE,), variables)
            instruction = self.body[at]
            after, variables = self._step(instruction, stack, variables)
            for target in instruction.targets:
                self._reach(target, after, variables)
            if instruction.mnemonic not in _ENDS:
                self._reach(instruction.next, after, variables)
        found: list[WideUse] = []
        for at in sorted(self.states):
            found += self._needs(self.body[at], self.states[at][0])
        return found

    def _reach(self, at: int, stack: _Stack, variables: _Locals) -> None:
        if at not in self.body:
            raise NotFollowed(at)
        before = self.states.get(at)
        if before is not None:
            if len(before[0]) != len(stack):
                raise NotFollowed(at)
            stack = tuple(max(pair) for pair in zip(before[0], stack, strict=True))
            variables = tuple(_join(*pair) for pair in zip(before[1], variables, strict=False))
        if before != (stack, variables):
            self.states[at] = stack, variables
            self.pending.append(at)

    def _needs(self, instruction: Instruction, stack: _Stack) -> Iterator[WideUse]:
        name = instruction.mnemonic
        seen: tuple[Width, ...] = ()
        if name in _NEED_ONE:
            seen = stack[-1:]
        elif name in _NEED_TWO:
            seen = stack[-2:]
        elif name in _INDEXED:
            depth = _INDEXED[name]
            seen = stack[-1 - depth : len(stack) - depth]
        elif name == "iushr":
            seen = stack[-1:]
        if Width.INT in seen:
            yield WideUse(instruction, stored=False)
        elif name == "istore" and stack[-1] == Width.INT:
            yield WideUse(instruction, stored=True)

    def _step(self, instruction: Instruction, stack: _Stack, variables: _Locals) -> tuple[_Stack, _Locals]:
        name = instruction.mnemonic
        if name in ("istore", "astore"):
            # Once reported, a wide value counts as narrow: one mistake, one finding.
            kept = min(stack[-1], Width.SHORT) if name == "istore" else Width.REFERENCE
            padded = list(variables) + [None] * (instruction.operand + 1 - len(variables))
            padded[instruction.operand] = kept
            return stack[:-1], tuple(padded)
        if name in ("iload", "aload"):
            known = variables[instruction.operand] if instruction.operand < len(variables) else None
            if known is None:
                raise NotFollowed(instruction.offset)
            return (*stack, known), variables
        return self._values(instruction, stack), variables

    def _values(self, instruction: Instruction, stack: _Stack) -> _Stack:
        name = instruction.mnemonic
        if name in _SHUFFLES:
            count, order = _SHUFFLES[name]
            words = stack[-count:]
            return (*stack[:-count], *(words[index] for index in order))
        if name in _ARITHMETIC:
            return (*stack[:-2], _arithmetic(name, stack[-2], stack[-1]))
        if name in _POPS:
            return stack[: len(stack) - _POPS[name]]
        if name in _NEED_TWO:
            return stack[:-2]
        if name in _CONSTANTS or name.startswith("iconst"):
            return (*stack, self._constant(instruction))
        if name.startswith("invoke") or name in ("getstatic", "getfield"):
            return self._member(instruction, stack)
        simple = _SIMPLE.get(name)
        if simple is not None:
            count, pushed = simple
            return (*stack[: len(stack) - count], *pushed)
        if name in _NEED_ONE:
            return stack[:-1]
        if name == "ineg":
            return (*stack[:-1], Width.SHORT if stack[-1] == Width.BYTE else Width.INT)
        raise NotFollowed(name)

    def _constant(self, instruction: Instruction) -> Width:
        if not instruction.mnemonic.startswith("ldc"):
            return _of_constant(instruction.operand)
        constant = self.owner.constants[instruction.operand]
        return _of_constant(constant) if isinstance(constant, int) else Width.REFERENCE

    def _member(self, instruction: Instruction, stack: _Stack) -> _Stack:
        member = self.owner.constants[instruction.operand]
        if not isinstance(member, MemberRef):
            raise NotFollowed(instruction.mnemonic)
        count = int(instruction.mnemonic in ("getfield", "invokevirtual", "invokespecial", "invokeinterface"))
        type_ = member.descriptor
        if member.is_method:
            count += len(parameters(type_))
            type_ = result(type_)
        return (*stack[: len(stack) - count], *(() if type_ == "V" else (_width(type_),)))


#: Words taken and widths pushed, where neither depends on anything.
_SIMPLE: dict[str, tuple[int, _Stack]] = {
    "aconst_null": (0, (Width.REFERENCE,)),
    "new": (0, (Width.REFERENCE,)),
    "newarray": (1, (Width.REFERENCE,)),
    "anewarray": (1, (Width.REFERENCE,)),
    "arraylength": (1, (Width.SHORT,)),
    "checkcast": (1, (Width.REFERENCE,)),
    "instanceof": (1, (Width.BYTE,)),
    "aaload": (2, (Width.REFERENCE,)),
    "baload": (2, (Width.BYTE,)),
    "saload": (2, (Width.SHORT,)),
    "i2b": (1, (Width.BYTE,)),
    "i2s": (1, (Width.SHORT,)),
}


def _arithmetic(name: str, left: Width, right: Width) -> Width:
    if name in ("iand", "ior", "ixor"):
        return max(left, right)
    if name in ("iadd", "isub", "imul", "idiv"):
        return Width.SHORT if left == right == Width.BYTE else Width.INT
    if name in ("irem", "ishr"):
        return max(min(left, Width.SHORT), Width.BYTE)
    return Width.INT  # shifts that fill or lose the upper half


def _of_constant(value: int) -> Width:
    return Width.BYTE if -0x80 <= value < 0x80 else Width.SHORT if -0x8000 <= value < 0x8000 else Width.INT


def _width(type_: str) -> Width:
    if type_ in ("J", "D", "F"):
        raise NotFollowed(type_)
    return _FIELD_WIDTHS.get(type_, Width.REFERENCE)


def _join(left: Width | None, right: Width | None) -> Width | None:
    return None if left is None or right is None else max(left, right)
