# SPDX-License-Identifier: Apache-2.0
"""The page as an application: plain forms that work without scripts; what a finger draws and types needs one.

Every form is answered by a redirect, so that a page that is loaded again does nothing again. What goes wrong is told on
the next page, in plain words, with what helps.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException

from ssn_card.protocol.errors import InputError, SsnCardError, Text, rupiah
from ssn_card.protocol.values import LifeState
from ssn_card.receipts import Receipt
from ssn_card.storage import whole_file

from ..errors import TabletLocked, VisitIncomplete
from ..forms.outcomes import NOTED, VisitOutcome
from ..tablet.export import RESULT_SUFFIX, export
from ..tablet.packages import take_in
from ..tablet.visitees import Visitee, VisitStanding
from ..tablet.work import FieldWork
from .guard import PageGuard
from .listed import Filter, listed
from .places import places
from .session import TabletSession
from .words import WORDS, PageWords

COOKIE = "ssn_field"
_HERE = Path(__file__).parent
_PNG = "data:image/png;base64,"
_SEE_OTHER = 303
_STOPPED = (LifeState.BLOCKED, LifeState.TERMINATED)

Csrf = Annotated[str, Form()]
Answer = Response


class _Gone(Exception):
    """The person is not on the list."""


def create_app(session: TabletSession, hosts: tuple[str, ...]) -> FastAPI:
    """The page over a tablet; ``hosts``: how this tablet's browser may call it, with the port."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(PageGuard(hosts))
    app.mount("/static", StaticFiles(directory=_HERE / "static"))
    pages = _Pages(session)
    app.add_exception_handler(TabletLocked, pages.locked)
    app.add_exception_handler(_Gone, pages.gone)
    app.add_exception_handler(HTTPException, pages.unknown)
    for method, path, act in pages.routes():
        app.add_api_route(path, act, methods=[method], response_class=HTMLResponse)
    return app


class _Pages:
    """The pages and forms."""

    def __init__(self, session: TabletSession) -> None:
        self.session = session
        environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        environment.globals.update(Outcome=VisitOutcome, Standing=VisitStanding, rupiah=rupiah, stopped=_STOPPED)
        self._templates = environment

    def routes(self) -> tuple[tuple[str, str, Callable[..., Any]], ...]:
        """Method, path and what serves it."""
        return (
            ("GET", "/", self.list),
            ("POST", "/unlock", self.unlock),
            ("POST", "/lock", self.lock),
            ("POST", "/language", self.language),
            ("POST", "/package", self.package),
            ("POST", "/find", self.find),
            ("GET", "/person/{person}", self.person),
            ("POST", "/person/{person}/read", self.read),
            ("GET", "/person/{person}/verify", self.verify_page),
            ("POST", "/person/{person}/verify", self.verify),
            ("POST", "/person/{person}/activate", self.activate),
            ("POST", "/person/{person}/deliver", self.deliver),
            ("GET", "/person/{person}/pin", self.pin_page),
            ("POST", "/person/{person}/pin", self.pin),
            ("GET", "/person/{person}/note", self.note_page),
            ("POST", "/person/{person}/note", self.note),
            ("GET", "/person/{person}/correct", self.correct_page),
            ("POST", "/person/{person}/correct", self.correct),
            ("POST", "/person/{person}/undo", self.undo),
            ("GET", "/end", self.end),
            ("POST", "/export", self.export),
            ("GET", "/result/{name}", self.result),
        )

    # ------------------------------------------------------------ locked

    def locked(self, request: Request, _: Exception) -> Answer:
        """In place of any page, while nobody has unlocked."""
        if request.method == "POST" or request.url.path != "/":
            return RedirectResponse("/", _SEE_OTHER)
        return self._page("unlock.html", waiting=self.session.waiting)

    def gone(self, _: Request, __: Exception) -> Answer:
        """In place of a person who is not on the list."""
        self.session.tell(WORDS["gone"], good=False)
        return RedirectResponse("/", _SEE_OTHER)

    def unknown(self, _: Request, error: Exception) -> Answer:
        """In place of a page that is not there."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self._page("unknown.html", status=status)

    def unlock(self, password: Annotated[str, Form()]) -> Answer:
        """The companion's password."""
        waiting = self.session.waiting
        if waiting:
            self.session.tell(WORDS["wait"].filled(seconds=waiting), good=False)
            return RedirectResponse("/", _SEE_OTHER)
        answer = RedirectResponse("/", _SEE_OTHER)
        try:
            self.session.unlock(password)
        except SsnCardError as error:
            self.session.tell_error(error)
            return answer
        answer.set_cookie(COOKIE, self.session.token, httponly=True, samesite="strict", path="/")
        return answer

    def lock(self, request: Request, csrf: Csrf) -> Answer:
        """At once."""
        self._work(request, csrf)
        self.session.lock()
        answer = RedirectResponse("/", _SEE_OTHER)
        answer.delete_cookie(COOKIE)
        return answer

    def language(self, request: Request, back: Annotated[str, Form()] = "/") -> Answer:
        """The other one; also while locked."""
        self.session.language = "en" if self.session.language == "id" else "id"
        return RedirectResponse(back if back.startswith("/") and not back.startswith("//") else "/", _SEE_OTHER)

    # ------------------------------------------------------------ the list

    def list(self, request: Request, q: str = "", kelurahan: str = "", standing: str = "") -> Answer:
        """Today's list."""
        work = self._work(request)
        work.look_again()
        everybody = work.everybody()
        shown = listed(everybody.values(), Filter(q, kelurahan, standing))
        return self._page(
            "list.html", work=work, everybody=everybody, shown=shown, q=q, chosen=kelurahan, standing=standing
        )

    def package(self, request: Request, csrf: Csrf, file: UploadFile) -> Answer:
        """A package from the bank."""
        work = self._work(request, csrf)
        draft = work.who.folder.packages / "arriving"
        try:
            with whole_file(draft, mode=0o600) as stream:
                stream.write(file.file.read())
            package = take_in(work.who, draft)
            work.look_again()
            self.session.tell(WORDS["package_came"].filled(count=len(package.persons)))
        except SsnCardError as error:
            self.session.tell_error(error)
        finally:
            draft.unlink(missing_ok=True)
        return RedirectResponse("/", _SEE_OTHER)

    def find(self, request: Request, csrf: Csrf) -> Answer:
        """Whose card is in the reader?"""
        work = self._work(request, csrf)
        try:
            found = work.read_any()
        except SsnCardError as error:
            self.session.tell_error(error)
            return RedirectResponse("/", _SEE_OTHER)
        return self._to(found)

    # ------------------------------------------------------------ a person

    def person(self, request: Request, person: int) -> Answer:
        """One visit, step by step."""
        work, one = self._one(request, person)
        seen = self.session.seen(person)
        return self._page("person.html", work=work, one=one, seen=seen, undoable=work.undoable(one), day=work.today)

    def read(self, request: Request, person: int, csrf: Csrf) -> Answer:
        """The card of this person."""
        work, one = self._one(request, person, csrf)

        def act() -> None:
            self.session.saw(person, None)
            self.session.saw(person, work.read(one))

        return self._acted(one, act)

    def verify_page(self, request: Request, person: int) -> Answer:
        """Signature or number."""
        work, one = self._one(request, person)
        return self._page("verify.html", work=work, one=one)

    def verify(
        self, request: Request, person: int, csrf: Csrf, signature: Annotated[str, Form()] = "",
        reference: Annotated[str, Form()] = "",
    ) -> Answer:  # fmt: skip
        """Note who this is."""
        work, one = self._one(request, person, csrf)

        def act() -> None:
            picture = _picture(signature)
            work.verify(one, signature=picture, reference=reference)

        return self._acted(one, act, back=f"/person/{person}/verify")

    def activate(self, request: Request, person: int, csrf: Csrf) -> Answer:
        """Hand over and activate."""
        work, one = self._one(request, person, csrf)

        def act() -> None:
            record = work.activate(one)
            self.session.saw(person, None)
            what = WORDS["given_active" if record.outcome is VisitOutcome.ACTIVATED else "given"]
            money = rupiah(Receipt(bytes.fromhex(str(record.receipt))).balance_after)
            self.session.tell(WORDS["on_it"].filled(what=what, money=money))

        return self._acted(one, act)

    def deliver(self, request: Request, person: int, csrf: Csrf) -> Answer:
        """Hand over without activating."""
        work, one = self._one(request, person, csrf)

        def act() -> None:
            work.deliver(one)
            self.session.tell(WORDS["given"])

        return self._acted(one, act)

    def pin_page(self, request: Request, person: int) -> Answer:
        """For the holder's own eyes."""
        work, one = self._one(request, person)
        return self._page("pin.html", work=work, one=one)

    def pin(
        self, request: Request, person: int, csrf: Csrf, pin: Annotated[str, Form()], again: Annotated[str, Form()]
    ) -> Answer:
        """The holder's choice; kept nowhere."""
        work, one = self._one(request, person, csrf)

        def act() -> None:
            if pin != again:
                raise VisitIncomplete(WORDS["pin_differs"], remedy=WORDS["pin_title"])
            work.choose_pin(one, pin)
            self.session.tell(WORDS["pin_done"])

        return self._acted(one, act)

    def note_page(self, request: Request, person: int) -> Answer:
        """Why no card was handed over."""
        work, one = self._one(request, person)
        return self._page("note.html", work=work, one=one, outcomes=NOTED, tomorrow=work.today + dt.timedelta(1))

    def note(
        self, request: Request, person: int, csrf: Csrf, outcome: Annotated[str, Form()],
        note: Annotated[str, Form()] = "", appointment: Annotated[str, Form()] = "",
    ) -> Answer:  # fmt: skip
        """Note it."""
        work, one = self._one(request, person, csrf)

        def act() -> None:
            kind = _outcome(outcome)
            day = _day(appointment) if appointment and kind is VisitOutcome.ILL else None
            work.note(one, kind, note, day)
            self.session.tell(WORDS["noted"].filled(what=kind.told.text))

        return self._acted(one, act, to="/")

    def correct_page(self, request: Request, person: int) -> Answer:
        """What is right instead of what the list says."""
        work, one = self._one(request, person)
        return self._page("correct.html", work=work, one=one)

    def correct(
        self, request: Request, person: int, csrf: Csrf, name: Annotated[str, Form()] = "",
        kelurahan: Annotated[str, Form()] = "",
    ) -> Answer:  # fmt: skip
        """A request to the bank."""
        work, one = self._one(request, person, csrf)

        def act() -> None:
            work.correct(one, name=name, kelurahan=kelurahan)
            self.session.tell(WORDS["correction_noted"])

        return self._acted(one, act)

    def undo(self, request: Request, person: int, csrf: Csrf) -> Answer:
        """Take the newest step back."""
        work, one = self._one(request, person, csrf)

        def act() -> None:
            newest = work.undoable(one)
            work.undo(one)
            if newest is not None:
                self.session.tell(WORDS["undone"].filled(what=newest.outcome.told.text))

        return self._acted(one, act)

    # ------------------------------------------------------------ the end of a day

    def end(self, request: Request) -> Answer:
        """What is to be written."""
        work = self._work(request)
        written = sorted(work.who.folder.results.glob(f"*{RESULT_SUFFIX}"))
        return self._page(
            "end.html", work=work, everybody=work.everybody(), places=places(),
            left=work.diary.newest - work.diary.told, written=written[-1].name if written else None,
        )  # fmt: skip

    def export(self, request: Request, csrf: Csrf, place: Annotated[str, Form()] = "") -> Answer:
        """Write it, here or on a memory stick."""
        work = self._work(request, csrf)
        try:
            to = Path(place) if place in map(str, places()) else None
            written = export(work, to)
            self.session.tell(WORDS["exported"].filled(count=written.records))
        except SsnCardError as error:
            self.session.tell_error(error)
        return RedirectResponse("/end", _SEE_OTHER)

    def result(self, request: Request, name: str) -> Answer:
        """A result, to be downloaded: sealed for the bank."""
        work = self._work(request)
        for path in work.who.folder.results.glob(f"*{RESULT_SUFFIX}"):
            if path.name == name:
                return FileResponse(path, media_type="application/octet-stream", filename=name)
        raise HTTPException(404)

    # ------------------------------------------------------------ what they share

    def _work(self, request: Request, csrf: str | None = None) -> FieldWork:
        """Raises ``TabletLocked``, also for a form that no page of this session has made."""
        work = self.session.work(request.cookies.get(COOKIE))
        if csrf is not None and not self.session.is_own_form(csrf):
            raise TabletLocked
        return work

    def _one(self, request: Request, person: int, csrf: str | None = None) -> tuple[FieldWork, Visitee]:
        work = self._work(request, csrf)
        one = work.visitee(person)
        if one is None:
            raise _Gone
        return work, one

    def _acted(self, one: Visitee, act: Callable[[], None], to: str | None = None, back: str | None = None) -> Answer:
        """Do it, and lead on; what goes wrong is told, with the person whose card it is where that is another's."""
        here = f"/person/{one.person.person}"
        try:
            act()
        except SsnCardError as error:
            self.session.saw(one.person.person, None)
            self.session.tell_error(error, self._owner_of(error))
            return RedirectResponse(back or here, _SEE_OTHER)
        return RedirectResponse(to or here, _SEE_OTHER)

    def _owner_of(self, error: SsnCardError) -> int | None:
        serial = error.details.get("serial") if error.code == "card-of-another" else None
        work = self.session.work(self.session.token)
        owner = work.owner(bytes.fromhex(str(serial))) if serial else None
        return None if owner is None else owner.person.person

    def _to(self, one: Visitee) -> Answer:
        return RedirectResponse(f"/person/{one.person.person}", _SEE_OTHER)

    def _page(self, template: str, status: int = 200, **values: Any) -> Answer:
        words = PageWords(self.session.language)
        flash = self.session.taken_flash()
        work: FieldWork | None = values.get("work")
        owner = None if work is None or flash is None or flash.person is None else work.visitee(flash.person)
        page = self._templates.get_template(template).render(
            w=words, say=words.say, flash=flash, owner=owner, csrf=self.session.csrf,
            idle=round(self.session.idle_seconds), **values,
        )  # fmt: skip
        return HTMLResponse(page, status)


def _picture(data: str) -> bytes | None:
    """A PNG out of a data URL. Raises ``VisitIncomplete``."""
    if not data:
        return None
    try:
        picture = base64.b64decode(data.removeprefix(_PNG), validate=True)
    except (binascii.Error, ValueError):
        picture = b""
    if not data.startswith(_PNG) or not picture.startswith(b"\x89PNG"):
        raise VisitIncomplete(WORDS["empty_signature"], remedy=WORDS["sign_here"])
    return picture


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(Text("This is no date.", "Ini bukan tanggal."), where="appointment") from None


def _outcome(name: str) -> VisitOutcome:
    try:
        return VisitOutcome(name)
    except ValueError:
        raise InputError(Text("There is no such outcome.", "Tidak ada hasil seperti itu."), where="outcome") from None
