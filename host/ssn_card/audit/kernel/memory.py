# SPDX-License-Identifier: Apache-2.0
"""Big-endian numbers read at an address, for the compiled engine: one instruction or two, no index to check.

The caller sees to it that the bytes are there. An octet string is good for comparing only: its order is the bytes'.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from .compiled import compiled

_WIDE = ir.IntType(64)


def _loading(size: int, result: Any) -> Any:
    @intrinsic
    def load(typing: Any, address: Any, offset: Any) -> Any:
        """``(address, offset)``: the number in these bytes."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            address, offset = (
                context.cast(builder, value, kind, types.int64)
                for value, kind in zip(args, signature.args, strict=True)
            )
            narrow = ir.IntType(8 * size)
            where = builder.inttoptr(builder.add(address, offset), narrow.as_pointer())
            value = builder.load(where, align=1)
            if size > 1:
                value = builder.bswap(value)
            return builder.zext(value, _WIDE) if size < 8 else value

        return result(address, offset), codegen

    return load


u8 = _loading(1, types.int64)
u16 = _loading(2, types.int64)
u32 = _loading(4, types.int64)
octets = _loading(8, types.uint64)


@compiled
def u24(r, at):
    """Three bytes."""
    return (u16(r, at) << 8) | u8(r, at + 2)
