# SPDX-License-Identifier: Apache-2.0
"""The applet's constants, as one Java class of compile-time constants (no cost on the card)."""

from __future__ import annotations

from collections.abc import Iterator

from .. import layouts, status, values
from ..commands import COMMANDS
from ..groups import DGI_CARD_DATA, DGI_HEADER, DGI_IDENTITY, DGI_KEYS, DGI_PIN, KEY_SLOTS, PERSONALIZED_SLOTS
from ..layout import Layout

PATH = "applet/src/main/java/id/ssncard/applet/Protocol.java"

_HEAD = """\
// SPDX-License-Identifier: Apache-2.0
// Generated from protocol/ by "make generate". Do not edit.
package id.ssncard.applet;

/** Every number of the card's interface: instructions, status words, offsets in bytes, slots, states. */
final class Protocol {

    private Protocol() {
    }
"""


def _signed(value: int, bits: int) -> str:
    """A literal that Java Card's converter takes: values above the signed range by a cast."""
    limit = 1 << (bits - 1)
    width = bits // 4
    if value < limit:
        return f"0x{value:0{width}X}" if value > 9 else str(value)
    return f"({'byte' if bits == 8 else 'short'}) 0x{value:0{width}X}"


def _byte(name: str, value: int) -> str:
    return f"    static final byte {name} = {_signed(value, 8)};"


def _short(name: str, value: int) -> str:
    return f"    static final short {name} = {_signed(value, 16)};"


def _layout(layout: Layout) -> Iterator[str]:
    yield f"\n    // {layout.name}, {layout.size} bytes"
    prefix = layout.name.upper()
    position = 0
    for field in layout.fields:
        yield _short(f"{prefix}_{field.name.upper()}", position)
        position += field.size
    yield _short(f"{prefix}_SIZE", layout.size)


def render() -> str:
    """The text of ``Protocol.java``."""
    lines = [_HEAD, "    // Instructions"]
    lines += [_byte(f"INS_{command.name}", command.ins) for command in COMMANDS]
    lines.append("\n    // Status words")
    lines += [_short(f"SW_{cls.constant}", sw) for sw, cls in status.STATUS_WORDS.items()]
    lines.append("\n    // First byte of the constant last block of a MAC'd message")
    lines += [_byte(f"TAG_{tag.name}", tag) for tag in values.Tag]
    lines.append("\n    // Life states, state classes, receipt types, flags")
    lines += [_byte(f"STATE_{state.name}", state) for state in values.LifeState]
    lines += [_byte(f"CLASS_{state.name}", state) for state in values.StateClass]
    lines += [_byte(f"TYPE_{kind.name}", kind) for kind in values.ReceiptType]
    lines += [_byte(f"PIN_{state.name}", state) for state in values.PinState]
    lines += [_byte(f"NEXT_{key.name}", key) for key in values.KeySelection if key.name]
    lines.append("\n    // Versions and sizes")
    lines.append(_byte("PROTOCOL_VERSION", values.PROTOCOL_VERSION))
    lines.append(_byte("RECEIPT_VERSION", values.RECEIPT_LAYOUT_VERSION))
    lines.append(_byte("LOG_ENTRIES", values.LOG_ENTRIES))
    lines.append(_short("MAX_NAME", values.MAX_NAME))
    lines += [_byte(name, getattr(values, name)) for name in ("PIN_TRIES", "WITHOUT_PIN", "MIN_PIN", "MAX_PIN")]
    lines.append(_short("MAX_IDENTITY", layouts.MAX_IDENTITY))
    lines.append("\n    // SCP03")
    lines += [_byte(f"KVN_{kvn.name}", kvn) for kvn in values.KeyVersionNumber]
    lines.append(_byte("SCP_IDENTIFIER", values.SCP_IDENTIFIER))
    lines.append(_byte("SCP03_I", values.SCP03_I_PARAMETER))
    lines.append("\n    // Personalization data groups")
    lines.append(_short("DGI_CARD_DATA", DGI_CARD_DATA))
    lines.append(_short("DGI_IDENTITY", DGI_IDENTITY))
    lines.append(_short("DGI_PIN", DGI_PIN))
    lines.append(_short("DGI_KEYS", DGI_KEYS))
    lines.append(_short("DGI_HEADER", DGI_HEADER))
    lines.append("\n    // Key slots")
    lines += [_byte(f"SLOT_{slot.constant}", slot.index) for slot in KEY_SLOTS]
    lines.append(_byte("FIRST_PERSONALIZED_SLOT", PERSONALIZED_SLOTS[0].index))
    lines.append(_byte("SLOTS", len(KEY_SLOTS)))
    for layout in (
        layouts.INSTALL_DATA, layouts.SELECT_ANSWER, layouts.MOVEMENT, layouts.CANCELLATION, layouts.UPDATE_RECEIPT,
        layouts.RESULT, layouts.RECEIPT_CONSTANTS, layouts.RECEIPT_TAIL, layouts.RECEIPT, layouts.MOVEMENT_ANSWER,
        layouts.QUERY, layouts.RECEIPT_QUERY, layouts.PIN_QUERY, layouts.NO_RECEIPT_ANSWER, layouts.ENTITLEMENT,
        layouts.STATUS_ANSWER, layouts.CARD_DATA, layouts.IDENTITY_FIXED, layouts.PIN_BLOCK, layouts.WRAPPED_KEY,
    ):  # fmt: skip
        lines += _layout(layout)
    return "\n".join(lines) + "\n}\n"
