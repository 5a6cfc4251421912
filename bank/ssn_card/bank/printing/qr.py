# SPDX-License-Identifier: Apache-2.0
"""The card number as a QR code (ISO/IEC 18004)."""

from __future__ import annotations

import io
from typing import Final

import segno

#: Version 1 at level Q: 21 modules square; a quarter of it may be scratched. Capitals
#: and digits take little room: 16 of them fit.
MODULES: Final = 21


def qr_matrix(number: str) -> tuple[tuple[bool, ...], ...]:
    """The modules by rows, ``True`` dark, without the quiet zone of four modules, which is the paper's to keep."""
    return tuple(tuple(bool(module) for module in row) for row in _code(number).matrix)


def qr_svg(number: str) -> str:
    """The code as SVG, a unit a module, without the quiet zone."""
    out = io.BytesIO()
    _code(number).save(out, kind="svg", border=0, omitsize=True, xmldecl=False)
    return out.getvalue().decode("ascii")


def _code(number: str) -> segno.QRCode:
    return segno.make_qr(number.upper(), version=1, error="q", boost_error=False)
