# SPDX-License-Identifier: Apache-2.0
"""Printers: a folder of files, CUPS, and those of other packages."""

from .printer import Printer, TicketState
from .registry import known_printers, open_printer

__all__ = ["Printer", "TicketState", "known_printers", "open_printer"]
