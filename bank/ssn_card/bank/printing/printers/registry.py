# SPDX-License-Identifier: Apache-2.0
"""Which printer opens which name: ``file:FOLDER``, ``cups:QUEUE``, and the entry points ``ssn_card.printers``."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from ..errors import PrinterUnknown
from .printer import Printer, PrinterFactory, PrinterName

ENTRY_POINTS: Final = "ssn_card.printers"  #: entry-point group
#: Those in this package, by kind.
_BUILT_IN: Final = {"cups": "open_cups", "file": "open_folder"}
_MODULES: Final = {"cups": "cups", "file": "folder"}


def known_printers() -> tuple[str, ...]:
    """Kinds of printers that can be opened, in alphabetical order."""
    return tuple(sorted({*_BUILT_IN, *(point.name for point in entry_points(group=ENTRY_POINTS))}))


def parsed(name: str) -> PrinterName:
    """The parts of a printer's name. Raises :class:`PrinterUnknown`."""
    head, _, query = name.partition("?")
    kind, colon, place = head.partition(":")
    if not colon or not kind:
        raise _unknown(name, Text("its form is KIND:PLACE", "bentuknya JENIS:TEMPAT"))
    try:
        options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    except ValueError:
        raise _unknown(
            name, Text("options are NAME=VALUE&NAME=VALUE", "opsi berbentuk NAMA=NILAI&NAMA=NILAI")
        ) from None
    return PrinterName(kind.lower(), place, options)


def lasting(name: str) -> str:
    """The name as a job keeps it: a folder with its whole path, since a job is sent from anywhere.

    Raises :class:`PrinterUnknown`.
    """
    known = parsed(name)
    if known.kind not in known_printers():
        raise _unknown(name, Text("no such kind is installed", "jenis itu tidak terpasang"))
    if known.kind != "file":
        return name
    if not known.place:
        raise _unknown(name, Text("it needs a folder", "perlu nama folder"))
    return f"file:{Path(known.place).resolve()}"


def open_printer(name: str) -> Printer:
    """The printer of that name. Raises :class:`PrinterUnknown`, ``PrinterFailed``."""
    known = parsed(name)
    return _factory(known, name)(known.place, known.options)


def _factory(known: PrinterName, name: str) -> PrinterFactory:
    if known.kind in _BUILT_IN:
        module = import_module(f"{__package__}.{_MODULES[known.kind]}")
        built_in: PrinterFactory = getattr(module, _BUILT_IN[known.kind])
        return built_in
    for point in entry_points(group=ENTRY_POINTS, name=known.kind):
        try:
            loaded: PrinterFactory = point.load()
        except Exception as error:  # whatever a stranger's module raises
            raise _unknown(name, system_reason(error)) from error
        return loaded
    raise _unknown(name, Text("no such kind is installed", "jenis itu tidak terpasang"))


def _unknown(name: str, why: Text) -> PrinterUnknown:
    return PrinterUnknown(name, why, ", ".join(f"{kind}:" for kind in known_printers()))
