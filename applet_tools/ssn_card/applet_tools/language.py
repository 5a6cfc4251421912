# SPDX-License-Identifier: Apache-2.0
"""Rules about the language: types, instructions and modifiers that the Java Card VM does not have.

Java Card VM specification 2.2.2, section 2.2. The converter lets ``finalize`` pass, but a card never calls it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssn_card.protocol.errors import Text

from .classfile import Access, ClassFile, Local, Member, OtherConstant, StringConstant
from .descriptors import parameters, result, unsupported
from .findings import Finding, place
from .program import Method, Program

_USE_SHORT = Text("Use byte, short or boolean.", "Pakailah byte, short, atau boolean.")
_LEAVE_OUT = Text("Do without it.", "Jangan dipakai.")

#: Instructions without an equivalent, by what the source calls them.
_INSTRUCTIONS = {
    "invokedynamic": Text("lambda or invokedynamic", "lambda atau invokedynamic"),
    "multianewarray": Text("multidimensional array", "larik multidimensi"),
    "monitorenter": Text("synchronized block", "blok synchronized"),
    "i2c": Text("char", "char"),
    "caload": Text("char[]", "char[]"),
    "castore": Text("char[]", "char[]"),
    "iaload": Text("int[]", "int[]"),
    "iastore": Text("int[]", "int[]"),
    "ldc2_w": Text("long or double constant", "konstanta long atau double"),
    "jsr": Text("class file of an old compiler", "berkas kelas kompilator lama"),
}
_PRIMITIVES = {5: "char", 6: "float", 7: "double", 10: "int", 11: "long"}  #: operands of newarray, table 6.5
_MAX_SLOTS = 255  #: local variables of a method, section 2.2.4.4
_WIDE_TYPES = {"l": "long", "f": "float", "d": "double"}


def check_language(program: Program) -> Iterator[Finding]:
    """Everything that Oracle's converter refuses for its type, its instruction or its modifier."""
    for owner in program.classes.values():
        yield from _declarations(owner)
    for method in program.methods.values():
        yield from _locals(method)
        yield from _instructions(method)


def _declarations(owner: ClassFile) -> Iterator[Finding]:
    if owner.access & Access.ENUM or owner.super_name == "java/lang/Enum":
        yield _unsupported(
            "enum", place(owner), Text("enum", "enum"), Text("Use byte constants.", "Pakailah konstanta byte.")
        )
        return
    for field in owner.fields:
        yield from _types("field", place(owner, field), [field.descriptor])
    for method in owner.methods:
        where = place(owner, method, 0)
        yield from _types("signature", where, [*parameters(method.descriptor), result(method.descriptor)])
        yield from _modifiers(owner, method, where)


def _modifiers(owner: ClassFile, method: Member, where: str) -> Iterator[Finding]:
    for flag, name in ((Access.NATIVE, "native"), (Access.SYNCHRONIZED, "synchronized"), (Access.VARARGS, "varargs")):
        if method.access & flag:
            yield _unsupported("modifier", where, Text(name, name), _LEAVE_OUT)
    if method.name == "finalize" and method.descriptor == "()V":
        yield _unsupported("finalize", where, Text("finalize()", "finalize()"), _LEAVE_OUT)
    if owner.access & Access.INTERFACE and method.code is not None and method.name != "<clinit>":
        text = Text("interface method with a body", "metode interface yang berisi")
        yield _unsupported("modifier", where, text, Text("Move it into a class.", "Pindahkan ke kelas."))


def _types(rule: str, where: str, names: list[str]) -> Iterator[Finding]:
    for type_ in names:
        name = unsupported(type_)
        if name is not None:
            yield _unsupported(rule, where, Text(name, name), _USE_SHORT)
        elif "java/lang/String" in type_:
            yield _string(where)


def _locals(method: Method) -> Iterator[Finding]:
    code = method.member.code
    if code is None:
        return
    if code.slots > _MAX_SLOTS:
        where = place(method.owner, method.member, 0)
        text = Text(f"{code.slots} local variables", f"{code.slots} variabel lokal")
        remedy = Text(f"At most {_MAX_SLOTS}, parameters included.", f"Paling banyak {_MAX_SLOTS}, termasuk parameter.")
        yield _unsupported("local", where, text, remedy)
    for local in code.locals:
        where = place(method.owner, method.member, max(local.start - 1, 0))
        is_parameter = local.start == 0 and local.end == len(code.bytecode)
        name = unsupported(local.descriptor)
        if name is not None and not is_parameter:  # parameters are part of the signature
            text = Text(f"local variable {local.name} of type {name}", f"variabel lokal {local.name} bertipe {name}")
            yield _unsupported("local", where, text, _USE_SHORT)
    for instruction in method.body:
        # For a variable of type short javac adds and casts; it increments in place only what is an int.
        if instruction.mnemonic == "iinc" and not _named(code.locals, instruction.operand, instruction.next):
            where = place(method.owner, method.member, instruction.offset)
            text = Text("int variable made by the compiler, as for-each over an array has",
                        "variabel int buatan kompilator, misalnya dari for-each atas larik")  # fmt: skip
            remedy = Text("Count with a short.", "Hitunglah dengan short.")
            yield _unsupported("local", where, text, remedy)


def _named(variables: tuple[Local, ...], slot: int, offset: int) -> bool:
    return any(local.slot == slot and local.start <= offset <= local.end for local in variables)


def _instructions(method: Method) -> Iterator[Finding]:
    for instruction in method.body:
        where = place(method.owner, method.member, instruction.offset)
        name = instruction.mnemonic
        if name in _INSTRUCTIONS:
            yield _unsupported("instruction", where, _INSTRUCTIONS[name], _LEAVE_OUT)
        elif name == "newarray" and instruction.operand in _PRIMITIVES:
            type_ = _PRIMITIVES[instruction.operand] + "[]"
            yield _unsupported("instruction", where, Text(type_, type_), _USE_SHORT)
        elif name in ("ldc", "ldc_w"):
            yield from _constant(method, method.constant(instruction), where)
        elif (wide := _wide_type(name)) is not None:
            yield _unsupported("instruction", where, Text(wide, wide), _USE_SHORT)


def _constant(method: Method, constant: object, where: str) -> Iterator[Finding]:
    if isinstance(constant, StringConstant):
        yield _string(where)
    elif isinstance(constant, int):
        text = Text(f"constant {constant} beyond short", f"konstanta {constant} di luar short")
        remedy = Text("Write it with a cast: (short) 0x8000.", "Tulislah dengan konversi: (short) 0x8000.")
        yield _unsupported("constant", where, text, remedy)
    else:
        kind = constant.kind if isinstance(constant, OtherConstant) else "class"
        yield _unsupported("constant", where, Text(f"{kind} constant", f"konstanta {kind}"), _LEAVE_OUT)


def _wide_type(name: str) -> str | None:
    """The type that an instruction works on, if it is long, float or double: ``ladd``, ``i2d``, ``fcmpl``."""
    if name in _NOT_WIDE:
        return None
    if name[1:2] == "2":
        return _WIDE_TYPES.get(name[2]) or _WIDE_TYPES.get(name[0])
    return _WIDE_TYPES.get(name[0])


_NOT_WIDE = {"ldc", "ldc_w", "dup", "dup_x1", "dup_x2", "dup2", "dup2_x1", "dup2_x2", "lookupswitch"}


def _string(where: str) -> Finding:
    remedy = Text("Use an array of bytes.", "Pakailah larik byte.")
    return _unsupported("string", where, Text("String", "String"), remedy)


def _unsupported(rule: str, where: str, what: Text, remedy: Text) -> Finding:
    text = Text(f"A Java Card has no such thing: {what.en}.", f"Java Card tidak memilikinya: {what.id}.")
    return Finding(rule, where, text, remedy)
