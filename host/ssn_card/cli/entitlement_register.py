# SPDX-License-Identifier: Apache-2.0
"""The register of updates on the command line: opening it, taking cards over into it, showing what was issued."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType

from ssn_card.entitlement import Entitlement, Register, SignedUpdate, write_updates
from ssn_card.entitlement.errors import StatusDiffers, UpdateFileTaken
from ssn_card.entitlement.files import content_of, holds
from ssn_card.entitlement.plan import Planner, Target
from ssn_card.entitlement.register import Issue, Recorded
from ssn_card.protocol.bcd import to_date
from ssn_card.protocol.errors import InputError, SsnCardError, Text
from ssn_card.protocol.values import KeySelection
from ssn_card.terminal import CardStatus, Reader, SoftwareTerminalKeys

from . import words
from .errors import BadArgument
from .files import serial_of
from .grouped import grouped
from .options import DEFAULT_CARD, CardUrl, KeyOptions, OptionalOutFile, RegisterPath, Serials, Trace, connection
from .output import AsJson, emit, say, warn
from .tables import table
from .update_tables import entitlement_fields, entitlements_table

NewRegister = Annotated[
    bool,
    typer.Option(
        "--new-register", help="Make it: the bank's very first update / buat register: pembaruan pertama bank."
    ),
]
_FIRST_DAY = b"\x01"


@dataclass(frozen=True)
class RegisterOptions:
    """The bank's register, or a new one."""

    register: RegisterPath
    new_register: NewRegister = False

    def opened(self) -> AbstractContextManager[Register]:
        """As :func:`open_register`."""
        return open_register(self.register, self.new_register)


@contextmanager
def open_register(path: Path, new: bool) -> Iterator[Register]:
    """The register, open for writing; what an interrupted command has left is finished first, and told.

    Raises ``RegisterError`` and its kinds.
    """
    with Register.create(path) if new else Register(path) as register:
        done, failed = register.complete()
        for issue in done:
            warn(
                Text(
                    f"An interrupted command had issued {issue.out}: it is complete now.",
                    f"Perintah yang terputus telah menerbitkan {issue.out}: kini sudah lengkap.",
                )
            )
        for issue, error in failed:
            warn(
                Text(
                    f"An interrupted command had issued {issue.out}, which cannot be written: {error.text.en}"
                    " Its updates: ssn entitlement issued --out FILE.",
                    f"Perintah yang terputus telah menerbitkan {issue.out}, tetapi tidak dapat ditulis: {error.text.id}"
                    " Pembaruannya: ssn entitlement issued --out BERKAS.",
                )
            )
        yield register


def issued_before(
    register: Register, out: Path, cards: Sequence[Target], planner: Planner
) -> list[SignedUpdate] | None:
    """The updates in ``out``, if they are just what is asked for now and the newest of their cards; else ``None``.

    So a command may be repeated, above all one that was interrupted. Raises ``UpdateFileTaken`` where the file holds
    something else.
    """
    issue = register.last_issue_to(out)
    updates = [] if issue is None else register.updates_of(issue)
    if not updates:
        holds(out, b"")
        return None
    if not holds(out, content_of(updates)):
        return None
    newest = [register.newest(target.serial) for target in cards]
    if [None if one is None else one.signed for one in newest] != updates:
        raise UpdateFileTaken(out)
    if not all(_again(planner, target, one) for target, one in zip(cards, newest, strict=True)):
        raise UpdateFileTaken(out)
    return updates


def _again(planner: Planner, target: Target, issued: Recorded | None) -> bool:
    try:
        return issued is not None and planner.again(target, issued)
    except SsnCardError:  # what is asked for now could not be issued at all
        return False


@grouped
def adopt(
    *,
    into: RegisterOptions,
    card: CardUrl = DEFAULT_CARD,
    keys: KeyOptions,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Take the card in the reader over into the register, as it states itself (keys: DEBIT).

    Masukkan kartu di pembaca ke register, menurut pernyataan kartu itu sendiri (kunci: DEBIT).

    For cards whose updates were issued from a register that is lost. A card whose number the register knows is only
    compared.

    Untuk kartu yang pembaruannya terbit dari register yang hilang. Kartu yang nomornya dikenal register hanya
    dibandingkan.
    """
    with keys.provider() as provider, connection(card, trace) as line:
        status = Reader(SoftwareTerminalKeys(provider)).status(line)
    stated = _stated(status)
    with into.opened() as book:
        newest = book.newest(status.serial)
        known = newest is not None and newest.entitlement.update_seq >= stated.update_seq
        if newest is not None and known:
            _compare(status.serial, newest.entitlement, stated)
        else:
            book.adopt(status.serial, stated)
        book.confirm({status.serial: stated.update_seq})
        now_newest = stated if newest is None or not known else newest.entitlement
    data = {"adopted": not known, "card": entitlement_fields(status.serial, stated), "newest": now_newest.update_seq}
    title = (
        Text("The register knows this card already", "Register sudah memuat kartu ini")
        if known
        else Text("The card is in the register now", "Kartu kini ada di register")
    )
    emit("entitlement-adopt", data, json, lambda: entitlements_table(title, [(status.serial, now_newest)]))


def issued(
    register: RegisterPath,
    serial: Serials = None,
    out: OptionalOutFile = None,
    json: AsJson = False,
) -> None:
    """Show what was issued: the newest of each card, and the files; with --out have it in a file once more.

    Tampilkan yang sudah terbit: pembaruan terbaru tiap kartu, dan berkasnya; dengan --out tulis ulang ke berkas.
    """
    with Register(register, read_only=True) as book:
        cards, issues = book.cards(), {issue.id: issue for issue in book.issues()}
    if serial:
        wanted = {serial_of(text, text) for text in serial}
        cards = [one for one in cards if one.serial in wanted]
    if not cards:
        raise InputError(
            Text("The register has no update of these cards.", "Register tidak memuat pembaruan kartu itu."),
            where=str(register),
        )
    updates = [one.signed for one in cards if one.signed is not None]
    if out is not None:
        if not updates:
            raise BadArgument(Text("There is no update to write.", "Tidak ada pembaruan untuk ditulis."), where="--out")
        write_updates(out, updates)
    data = {
        "register": str(register),
        "cards": [
            entitlement_fields(one.serial, one.entitlement) | {"file": _name(issues, one.issue)} for one in cards
        ],
        "files": [
            {
                "out": str(one.out),
                "sha256": one.digest.hex(),
                "issued_at": one.issued_at,
                "written": one.written,
            }
            for one in issues.values()
        ],
        "out": None if out is None else str(out),
        "written": 0 if out is None else len(updates),
    }
    emit("entitlement-issued", data, json, lambda: _issued_tables(cards, list(issues.values())))


def _stated(status: CardStatus) -> Entitlement:
    if status.valid_until is None or status.issued_at is None:  # number 0: nothing was ever issued
        raise InputError(
            Text(
                f"Card {status.serial.hex()} has had no update yet.",
                f"Kartu {status.serial.hex()} belum pernah menerima pembaruan.",
            ),
            remedy=Text("Issue its first one.", "Terbitkan pembaruan pertamanya."),
        )
    fields = {field.name for field in dataclasses.fields(Entitlement)} - {"reference"}
    values = {name: getattr(status, name) for name in fields}
    month = to_date(status.mended_to + _FIRST_DAY) if status.mend_count else None
    values |= {"mended_to": month, "key_selection": KeySelection(status.key_selection)}
    return Entitlement(**values)


def _compare(serial: bytes, known: Entitlement, stated: Entitlement) -> None:
    """One number is one entitlement; only the reference is nothing that a card states."""
    if known.update_seq != stated.update_seq:
        return
    for field in dataclasses.fields(Entitlement):
        if field.name != "reference" and getattr(known, field.name) != getattr(stated, field.name):
            raise StatusDiffers(serial, field.name, "GET STATUS")


def _name(issues: dict[int, Issue], issue: int | None) -> str | None:
    return None if issue is None else str(issues[issue].out)


def _issued_tables(cards: Sequence[Recorded], issues: Sequence[Issue]) -> RenderableType:
    title = Text("Newest entitlement of each card", "Hak terbaru tiap kartu")
    columns = (
        (Text("file", "berkas"), "left"),
        (Text("issued", "terbit"), "left"),
        (Text("written", "ditulis"), "left"),
        (Text("SHA-256", "SHA-256"), "left"),
    )
    yes, no = Text("yes", "ya"), Text("no", "belum")
    rows = (
        (str(one.out), one.issued_at, say(yes if one.written else no), one.digest.hex()[:16] or words.NONE)
        for one in issues
    )
    return Group(
        entitlements_table(title, [(one.serial, one.entitlement) for one in cards]),
        table(Text("Files", "Berkas"), columns, rows),
    )
