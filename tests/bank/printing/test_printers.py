# SPDX-License-Identifier: Apache-2.0
"""Printers: two steps each, and whatever dies between them, nothing comes out twice, or not at all, in silence."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.bank.printing.fake_cups import FakeCups
from tests.bank.printing.scene import PrintScene

from ssn_card.bank.printing import jobs, sending
from ssn_card.bank.printing.errors import JobMoveRefused, PrinterFailed, PrinterUnknown, PrintNotDone
from ssn_card.bank.printing.jobs import CardChoice, PaperOptions
from ssn_card.bank.printing.printers import TicketState, known_printers, open_printer, registry
from ssn_card.bank.printing.printers.cups import CupsPrinter
from ssn_card.bank.printing.printers.folder import FolderPrinter
from ssn_card.bank.store.tables.printing import JobState, PrintItemRow, PrintJobRow, PrintKind
from ssn_card.bank.store.work import StoreWork

PAPER = b"%PDF-1.7 of a test"


class Died(BaseException):
    """The program ends here."""


def _queued(scene: PrintScene, printer: str) -> int:
    scene.prepare()
    with scene.bank.work(scene.operator) as work:
        (number,) = jobs.queue(work, PrintKind.FACE, CardChoice(batch="first"), PaperOptions(printer)).jobs
    return number


def _state(scene: PrintScene, number: int) -> str:
    with scene.bank.reading() as session:
        return jobs.job_of(session, number).state


def test_a_folder_holds_and_releases(tmp_path: Path) -> None:
    printer = open_printer(f"file:{tmp_path / 'out'}")
    ticket = printer.send(PAPER, "ssn-face-1-1")
    assert (ticket, printer.state(ticket)) == ("ssn-face-1-1.pdf", TicketState.HELD)
    assert not (tmp_path / "out" / ticket).exists()
    printer.release(ticket)
    printer.release(ticket)
    assert printer.state(ticket) is TicketState.DONE
    assert [path.name for path in (tmp_path / "out").iterdir()] == [ticket]
    assert (tmp_path / "out" / ticket).read_bytes() == PAPER
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    with pytest.raises(PrinterFailed):
        printer.send(PAPER, "ssn-face-1-1")  # nothing that is there is written over
    printer.cancel(ticket)
    assert printer.state(ticket) is TicketState.DONE
    other = printer.send(PAPER, "ssn-face-2-1")
    printer.cancel(other)
    assert printer.state(other) is TicketState.UNKNOWN
    with pytest.raises(PrinterFailed):
        printer.release(other)


def test_cups_holds_and_releases(cups: FakeCups) -> None:
    printer = open_printer("cups:front-desk?media=ID1&sides=two-sided-long-edge")
    ticket = printer.send(PAPER, "ssn-face-1-1")
    assert (ticket, printer.state(ticket), cups.document(ticket)) == ("front-desk-1", TicketState.HELD, PAPER)
    assert cups.arguments(ticket) == [
        *("-d", "front-desk", "-t", "ssn-face-1-1", "-H", "hold"),
        *("-o", "media=ID1", "-o", "sides=two-sided-long-edge"),
    ]
    printer.release(ticket)
    printer.release(ticket)
    assert printer.state(ticket) is TicketState.PRINTING
    for said, meant in (
        ("done", TicketState.DONE),
        ("aborted", TicketState.FAILED),
        ("cancelled", TicketState.FAILED),
    ):
        cups.becomes(ticket, said)
        assert printer.state(ticket) is meant
    cups.forget(ticket)
    assert printer.state(ticket) is TicketState.UNKNOWN
    printer.cancel(ticket)
    other = printer.send(PAPER, "ssn-face-2-1")
    printer.cancel(other)
    assert cups.jobs() == {other: "cancelled"}


def test_cups_says_why_it_cannot(cups: FakeCups, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PrinterFailed, match=r"cups:broken: lp: The printer or class does not exist\."):
        open_printer("cups:broken").send(PAPER, "x")
    for name in ("cups:", "cups:a b", "cups:-o", "cups:q?-x=1"):
        with pytest.raises(PrinterUnknown):
            open_printer(name)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(PrinterFailed, match="lp: No such file"):
        open_printer("cups:front-desk").send(PAPER, "x")


def test_a_job_by_cups_is_confirmed_when_it_is_out(scene: PrintScene, cups: FakeCups) -> None:
    number = _queued(scene, "cups:front-desk")
    sent = sending.send(scene.bank, scene.operator, number)
    assert sent.said is TicketState.PRINTING
    with pytest.raises(PrintNotDone, match="printing"):
        sending.confirm(scene.bank, scene.operator, number)
    cups.becomes(sent.ticket, "aborted")
    with pytest.raises(PrintNotDone, match="failed"):
        sending.confirm(scene.bank, scene.operator, number)
    cups.forget(sent.ticket)  # CUPS forgets by and by; a person has seen the cards
    sending.confirm(scene.bank, scene.operator, number)
    assert _state(scene, number) == JobState.CONFIRMED


def test_what_is_given_up_is_not_printed_later(
    scene: PrintScene, cups: FakeCups, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _queued(scene, "cups:front-desk")
    sent = sending.send(scene.bank, scene.operator, number)
    assert sending.fail(scene.bank, scene.operator, number, "wrong tray") is None
    assert cups.jobs() == {sent.ticket: "cancelled"}
    with scene.bank.work(scene.operator) as work:
        sending.resume(work, number)
    sending.send(scene.bank, scene.operator, number)
    monkeypatch.setenv("PATH", "/nowhere")
    assert "No such file" in str(sending.fail(scene.bank, scene.operator, number, "wrong tray"))
    assert _state(scene, number) == JobState.FAILED


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("at", ["before the note", "after the note"])
def test_dead_between_printer_and_store(
    scene: PrintScene, cups: FakeCups, monkeypatch: pytest.MonkeyPatch, at: str, kind: str
) -> None:
    number = _queued(scene, "cups:front-desk")
    where, step = (StoreWork, "note") if at == "before the note" else (CupsPrinter, "release")
    with monkeypatch.context() as patched:
        patched.setattr(where, step, _die)
        with pytest.raises(Died):
            sending.send(scene.bank, scene.operator, number)
    assert list(cups.jobs().values()) == ["held"]  # nothing has come out
    before = _state(scene, number)
    assert before == (JobState.QUEUED if at == "before the note" else JobState.SENT)
    sent = sending.send(scene.bank, scene.operator, number)
    assert sent.again is (before == JobState.SENT)
    assert list(cups.jobs().values()).count("waiting") == 1  # and now it has, once
    assert sending.send(scene.bank, scene.operator, number).again
    assert list(cups.jobs().values()).count("waiting") == 1
    assert cups.jobs()[sent.ticket] == "waiting"


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("at", ["before the note", "after the note"])
def test_dead_between_folder_and_store(
    scene: PrintScene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, kind: str
) -> None:
    folder = tmp_path / "out"
    number = _queued(scene, f"file:{folder}")
    where, step = (StoreWork, "note") if at == "before the note" else (FolderPrinter, "release")
    with monkeypatch.context() as patched:
        patched.setattr(where, step, _die)
        with pytest.raises(Died):
            sending.send(scene.bank, scene.operator, number)
    assert [path.name[:6] for path in folder.iterdir()] == [".held-"]
    sending.send(scene.bank, scene.operator, number)
    assert [path.name for path in folder.iterdir()] == [f"ssn-face-{number:06}-1.pdf"]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_two_who_send_the_same_job_print_it_once(
    scene: PrintScene, cups: FakeCups, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    number = _queued(scene, "cups:front-desk")
    send = CupsPrinter.send

    def slow(printer: CupsPrinter, document: bytes, title: str) -> str:
        monkeypatch.setattr(CupsPrinter, "send", send)
        sending.send(scene.bank, scene.operator, number)  # somebody else is quicker
        return send(printer, document, title)

    monkeypatch.setattr(CupsPrinter, "send", slow)
    with pytest.raises(JobMoveRefused):
        sending.send(scene.bank, scene.operator, number)
    assert sorted(cups.jobs().values()) == ["cancelled", "waiting"]


def _die(*_: object, **__: object) -> None:
    raise Died


class Drawer:
    """A printer of another package: it keeps its documents in memory."""

    taken: dict[str, tuple[bytes, TicketState]] = {}  # noqa: RUF012

    def __init__(self, place: str, options: Mapping[str, str]) -> None:
        self.name = f"{place}:{options.get('tray', 'any')}"

    def send(self, document: bytes, title: str, /) -> str:
        ticket = f"{self.name}:{title}"
        self.taken[ticket] = document, TicketState.HELD
        return ticket

    def release(self, ticket: str, /) -> None:
        self.taken[ticket] = self.taken[ticket][0], TicketState.DONE

    def state(self, ticket: str, /) -> TicketState:
        return self.taken.get(ticket, (b"", TicketState.UNKNOWN))[1]

    def cancel(self, ticket: str, /) -> None:
        self.taken.pop(ticket, None)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_printer_of_another_package(scene: PrintScene, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    points = {
        "drawer": EntryPoint("drawer", f"{__name__}:Drawer", registry.ENTRY_POINTS),
        "broken": EntryPoint("broken", "no_such_package:Printer", registry.ENTRY_POINTS),
    }

    def entry_points(group: str, name: str | None = None) -> list[EntryPoint]:
        assert group == "ssn_card.printers"
        return [point for point in points.values() if name in (None, point.name)]

    monkeypatch.setattr(registry, "entry_points", entry_points)
    monkeypatch.setattr(EntryPoint, "load", lambda point: {"Drawer": Drawer}[point.attr])
    assert known_printers() == ("broken", "cups", "drawer", "file")
    number = _queued(scene, "drawer:left?tray=2")
    sent = sending.send(scene.bank, scene.operator, number)
    assert sent.ticket == f"left:2:ssn-face-{number:06}-1"
    assert Drawer.taken[sent.ticket][0].startswith(b"%PDF")
    sending.confirm(scene.bank, scene.operator, number)
    with pytest.raises(PrinterUnknown, match="broken"):
        open_printer("broken:x")
    with scene.bank.reading() as session:
        assert session.scalar(select(func.count()).select_from(PrintItemRow).join(PrintJobRow)) == 6
