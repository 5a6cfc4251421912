# SPDX-License-Identifier: Apache-2.0
"""Takes the bytecode of a method apart (Java Virtual Machine Specification, chapter 6)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

#: Mnemonics by opcode, in their order from 0.
_TABLE = """
nop aconst_null iconst_m1 iconst_0 iconst_1 iconst_2 iconst_3 iconst_4 iconst_5 lconst_0 lconst_1 fconst_0 fconst_1
fconst_2 dconst_0 dconst_1 bipush sipush ldc ldc_w ldc2_w iload lload fload dload aload iload_0 iload_1 iload_2 iload_3
lload_0 lload_1 lload_2 lload_3 fload_0 fload_1 fload_2 fload_3 dload_0 dload_1 dload_2 dload_3 aload_0 aload_1 aload_2
aload_3 iaload laload faload daload aaload baload caload saload istore lstore fstore dstore astore istore_0 istore_1
istore_2 istore_3 lstore_0 lstore_1 lstore_2 lstore_3 fstore_0 fstore_1 fstore_2 fstore_3 dstore_0 dstore_1 dstore_2
dstore_3 astore_0 astore_1 astore_2 astore_3 iastore lastore fastore dastore aastore bastore castore sastore pop pop2
dup dup_x1 dup_x2 dup2 dup2_x1 dup2_x2 swap iadd ladd fadd dadd isub lsub fsub dsub imul lmul fmul dmul idiv ldiv fdiv
ddiv irem lrem frem drem ineg lneg fneg dneg ishl lshl ishr lshr iushr lushr iand land ior lor ixor lxor iinc i2l i2f
i2d l2i l2f l2d f2i f2l f2d d2i d2l d2f i2b i2c i2s lcmp fcmpl fcmpg dcmpl dcmpg ifeq ifne iflt ifge ifgt ifle if_icmpeq
if_icmpne if_icmplt if_icmpge if_icmpgt if_icmple if_acmpeq if_acmpne goto jsr ret tableswitch lookupswitch ireturn
lreturn freturn dreturn areturn return getstatic putstatic getfield putfield invokevirtual invokespecial invokestatic
invokeinterface invokedynamic new newarray anewarray arraylength athrow checkcast instanceof monitorenter monitorexit
wide multianewarray ifnull ifnonnull goto_w jsr_w
"""
_MNEMONICS = _TABLE.split()

_POOL = ("ldc_w", "ldc2_w", "getstatic", "putstatic", "getfield", "putfield", "invokevirtual", "invokespecial",
         "invokestatic", "new", "anewarray", "checkcast", "instanceof")  # fmt: skip
_SLOT = ("iload", "lload", "fload", "dload", "aload", "istore", "lstore", "fstore", "dstore", "astore", "ret")
#: How the operand behind the opcode is packed, and the length of the whole instruction.
_OPERANDS = {
    **dict.fromkeys(("ldc", "newarray", *_SLOT), (">B", 2)),
    **dict.fromkeys(_POOL, (">H", 3)),
    "bipush": (">b", 2),
    "sipush": (">h", 3),
    "iinc": (">B", 3),
    "multianewarray": (">H", 4),
    "invokeinterface": (">H", 5),
    "invokedynamic": (">H", 5),
}
#: The same of what jumps, where the operand is the way to the target.
_JUMPS = {
    **dict.fromkeys((name for name in _MNEMONICS if name.startswith("if")), (">h", 3)),
    **dict.fromkeys(("goto", "jsr"), (">h", 3)),
    **dict.fromkeys(("goto_w", "jsr_w"), (">i", 5)),
}


@dataclass(frozen=True)
class Instruction:
    """One instruction.

    ``operand`` is the immediate value, the slot of a local or an index into the constant pool; ``targets`` are offsets
    that it may jump to. Short forms such as ``iload_1`` are given as ``iload``.
    """

    offset: int
    mnemonic: str
    operand: int = 0
    targets: tuple[int, ...] = ()
    length: int = 1

    @property
    def next(self) -> int:
        return self.offset + self.length


def decode(bytecode: bytes) -> Iterator[Instruction]:
    """The instructions in their order. Raises ``IndexError`` or ``struct.error`` if they are cut short or unknown."""
    at = 0
    while at < len(bytecode):
        instruction = _decode_one(bytecode, at)
        yield instruction
        at = instruction.next


def _decode_one(code: bytes, at: int) -> Instruction:
    name = _MNEMONICS[code[at]]
    if name in _OPERANDS:
        packed, length = _OPERANDS[name]
        return Instruction(at, name, struct.unpack_from(packed, code, at + 1)[0], length=length)
    if name in _JUMPS:
        packed, length = _JUMPS[name]
        return Instruction(at, name, targets=(at + struct.unpack_from(packed, code, at + 1)[0],), length=length)
    if name in ("tableswitch", "lookupswitch"):
        return _switch(code, at, name)
    if name == "wide":
        widened = _MNEMONICS[code[at + 1]]
        operand = struct.unpack_from(">H", code, at + 2)[0]
        return Instruction(at, widened, operand, length=6 if widened == "iinc" else 4)
    stem, _, slot = name.rpartition("_")
    if stem in _SLOT:
        return Instruction(at, stem, int(slot))
    return Instruction(at, name, -1 if name == "iconst_m1" else int(slot) if stem == "iconst" else 0)


def _switch(code: bytes, at: int, name: str) -> Instruction:
    body = (at + 4) & ~3  # aligned to 4 bytes from the start of the method
    if name == "tableswitch":
        default, low, high = struct.unpack_from(">iii", code, body)
        jumps = struct.unpack_from(f">{high - low + 1}i", code, body + 12)
        end = body + 12 + 4 * len(jumps)
    else:
        default, pairs = struct.unpack_from(">ii", code, body)
        jumps = struct.unpack_from(f">{2 * pairs}i", code, body + 8)[1::2]
        end = body + 8 + 8 * pairs
    return Instruction(at, name, targets=tuple(at + jump for jump in (default, *jumps)), length=end - at)
