# SPDX-License-Identifier: Apache-2.0
"""AES-CMAC of many receipts at once, by the processor's own AES instructions.

Eight messages go in step through the rounds, each under its own key, since one instruction takes several cycles to
end and one can begin in each. Numba compiles it; the instructions are written as LLVM's intrinsics (Intel SDM,
AESENC, AESENCLAST, AESKEYGENASSIST; NIST FIPS 197, SP 800-38B). They take the same time whatever the data.

Where a processor has none of them LLVM ends the process, so nothing here may be called before :func:`available` has
said that it may.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from .compiled import compiled, numbas
from .memory import arrow64

LANES = 8  #: messages in step
BLOCK = 16  #: bytes
SCHEDULE = 12 * BLOCK  #: bytes of an expanded key: eleven round keys, and the subkey K1
MESSAGE = 5 * BLOCK  #: bytes that a receipt's MAC covers

_ROUNDS = 10
_V2I64 = ir.VectorType(ir.IntType(64), 2)
_I8P = ir.IntType(8).as_pointer()
_I64 = ir.IntType(64)
_I32 = ir.IntType(32)
_RCON = (0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1B, 0x36)


def available() -> str | None:
    """Why the AES instructions cannot be used here, or ``None``: they can.

    Numba compiles for this processor unless ``NUMBA_CPU_NAME`` names another, of which ``NUMBA_CPU_FEATURES`` says what
    it has.
    """
    if numbas.DISABLE_JIT:
        return "NUMBA_DISABLE_JIT"
    if llvm.Target.from_default_triple().name not in ("x86-64", "x86_64"):
        return "no x86-64"
    name, features = os.environ.get("NUMBA_CPU_NAME"), os.environ.get("NUMBA_CPU_FEATURES")
    if name not in (None, "", "host"):
        return None if "+aes" in (features or "").split(",") else "NUMBA_CPU_NAME"
    if features is not None and "+aes" not in features.split(","):
        return "NUMBA_CPU_FEATURES"
    return None if llvm.get_host_cpu_features().get("aes") else "no AES instructions"


class _Code:
    """Builds the instructions of one intrinsic."""

    def __init__(self, builder: Any) -> None:
        self._builder = builder
        self._module = builder.module

    def load(self, base: Any, offset: Any) -> Any:
        return self._builder.load(self._at(base, offset), align=1)

    def xor(self, left: Any, right: Any) -> Any:
        return self._builder.xor(left, right)

    def store(self, value: Any, base: Any, offset: Any) -> None:
        self._builder.store(value, self._at(base, offset), align=1)

    def _at(self, base: Any, offset: Any) -> Any:
        if isinstance(offset, int):
            offset = _I64(offset)
        address = self._builder.gep(self._builder.inttoptr(base, _I8P), [offset])
        return self._builder.bitcast(address, _V2I64.as_pointer())

    def aes(self, name: str, state: Any, key: Any) -> Any:
        return self._builder.call(self._intrinsic(f"llvm.x86.aesni.{name}", _V2I64, _V2I64, _V2I64), [state, key])

    def key_assist(self, key: Any, rcon: int) -> Any:
        function = self._intrinsic("llvm.x86.aesni.aeskeygenassist", _V2I64, _V2I64, ir.IntType(8))
        return self._builder.call(function, [key, ir.IntType(8)(rcon)])

    def _intrinsic(self, name: str, result: Any, *arguments: Any) -> Any:
        found = self._module.globals.get(name)
        return found or ir.Function(self._module, ir.FunctionType(result, arguments), name)


@intrinsic
def _expand(typing: Any, key: Any, schedule: Any) -> Any:
    """``(address of 16 bytes, address of SCHEDULE bytes)``: round keys, and K1."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        code = _Code(builder)
        key, schedule = args
        words = ir.VectorType(_I32, 4)
        zero = ir.Constant(words, None)

        def shuffled(left: Any, right: Any, *lanes: int) -> Any:
            mask = ir.Constant(words, [_I32(lane) for lane in lanes])
            return builder.shuffle_vector(left, right, mask)

        current = code.load(key, 0)
        code.store(current, schedule, 0)
        for number, rcon in enumerate(_RCON, start=1):
            assist = shuffled(builder.bitcast(code.key_assist(current, rcon), words), zero, 3, 3, 3, 3)
            value = builder.bitcast(current, words)
            for _ in range(3):  # each word is XORed with all those before it
                value_shifted = shuffled(builder.bitcast(current, words), zero, 4, 0, 1, 2)
                value = builder.xor(value, value_shifted)
                current = builder.bitcast(value_shifted, _V2I64)
            current = builder.bitcast(builder.xor(value, assist), _V2I64)
            code.store(current, schedule, number * BLOCK)
        state = code.load(schedule, 0)  # of a block of zeros, after the first round key
        for number in range(1, _ROUNDS):
            state = code.aes("aesenc", state, code.load(schedule, number * BLOCK))
        state = code.aes("aesenclast", state, code.load(schedule, _ROUNDS * BLOCK))
        whole = ir.IntType(128)
        swap = code._intrinsic("llvm.bswap.i128", whole, whole)
        number = builder.call(swap, [builder.bitcast(state, whole)])
        carry = builder.ashr(number, whole(127))
        doubled = builder.xor(builder.shl(number, whole(1)), builder.and_(carry, whole(0x87)))
        subkey = builder.bitcast(builder.call(swap, [doubled]), _V2I64)
        code.store(subkey, schedule, (_ROUNDS + 1) * BLOCK)
        return context.get_dummy_value()

    return types.void(key, schedule), codegen


def _in_step(code: _Code, messages: Sequence[Any], schedules: Sequence[Any], out: Any) -> None:
    """The MACs of messages at these addresses, each under the schedule at its own, or all under the only one."""
    states: list[Any] = [None] * len(messages)

    def keys(offset: int) -> Sequence[Any]:
        loaded = [code.load(schedule, offset) for schedule in schedules]
        return loaded * (len(messages) // len(loaded))

    for block in range(MESSAGE // BLOCK):
        last = block == MESSAGE // BLOCK - 1
        subkeys = keys((_ROUNDS + 1) * BLOCK) if last else []
        first = keys(0)
        for lane, message in enumerate(messages):
            data = code.load(message, block * BLOCK)
            if last:
                data = code.xor(data, subkeys[lane])
            states[lane] = code.xor(data if block == 0 else code.xor(states[lane], data), first[lane])
        for number in range(1, _ROUNDS + 1):
            name = "aesenclast" if number == _ROUNDS else "aesenc"
            states = [code.aes(name, state, key) for state, key in zip(states, keys(number * BLOCK), strict=True)]
    for lane, state in enumerate(states):
        code.store(state, out, lane * BLOCK)


def _macs(lanes: int) -> Any:
    @intrinsic
    def macs(typing: Any, messages: Any, stride: Any, schedules: Any, keys: Any, out: Any) -> Any:
        """``(address of the first message, bytes between two, address of the schedules, address of each lane's int64
        number of a schedule, address of 16 bytes a lane)``."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            messages, stride, schedules, keys, out = args
            numbers = builder.inttoptr(keys, _I64.as_pointer())
            keyed = []
            for lane in range(lanes):
                number = builder.load(builder.gep(numbers, [_I64(lane)]))
                keyed.append(builder.add(schedules, builder.mul(number, _I64(SCHEDULE))))
            _in_step(_Code(builder), _addresses(builder, messages, stride, lanes), keyed, out)
            return context.get_dummy_value()

        return types.void(messages, stride, schedules, keys, out), codegen

    return macs


@intrinsic
def macs_of_one(typing: Any, messages: Any, stride: Any, schedule: Any, out: Any) -> Any:
    """``(address of the first of LANES messages, bytes between two, address of the schedule of all, address of 16 bytes
    a lane)``: its round keys are read once."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        messages, stride, schedule, out = args
        _in_step(_Code(builder), _addresses(builder, messages, stride, LANES), [schedule], out)
        return context.get_dummy_value()

    return types.void(messages, stride, schedule, out), codegen


def _addresses(builder: Any, first: Any, stride: Any, count: int) -> list[Any]:
    return [builder.add(first, builder.mul(stride, _I64(place))) for place in range(count)]


macs_in_step = _macs(LANES)
mac_alone = _macs(1)


@compiled
def macs_of_lanes(messages, stride, schedules, keys, out):
    """:data:`LANES` MACs, as ``macs_in_step`` takes them: nearly all rows are of the card of those beside them."""
    first = np.int64(arrow64(keys, 0))
    other = np.int64(0)
    for lane in range(1, LANES):
        other |= np.int64(arrow64(keys, 8 * lane)) ^ first
    if other == 0:
        macs_of_one(messages, stride, schedules + first * SCHEDULE, out)
    else:
        macs_in_step(messages, stride, schedules, keys, out)


@compiled
def expanded(keys: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Schedules, uint8 (k, 192), of keys, uint8 (k, 16)."""
    schedules = np.empty((keys.shape[0], SCHEDULE), np.uint8)
    for number in range(keys.shape[0]):
        _expand(keys.ctypes.data + number * BLOCK, schedules.ctypes.data + number * SCHEDULE)  # type: ignore[call-arg]
    return schedules


@compiled
def macs(messages: NDArray[np.uint8], schedules: NDArray[np.uint8], key_of: NDArray[np.int64]) -> NDArray[np.uint8]:
    """AES-CMACs, uint8 (n, 16), of the first 80 bytes of each row of ``messages``, each under the schedule named."""
    count, stride = messages.shape
    out = np.empty((count, BLOCK), np.uint8)
    whole = count - count % LANES
    for row in range(0, whole, LANES):
        macs_of_lanes(
            messages.ctypes.data + row * stride,
            stride,
            schedules.ctypes.data,
            key_of.ctypes.data + row * 8,
            out.ctypes.data + row * BLOCK,
        )
    for row in range(whole, count):
        mac_alone(
            messages.ctypes.data + row * stride,
            stride,
            schedules.ctypes.data,
            key_of.ctypes.data + row * 8,
            out.ctypes.data + row * BLOCK,
        )
    return out
