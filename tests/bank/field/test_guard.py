# SPDX-License-Identifier: Apache-2.0
"""What stands before the page: another host, another origin, a form of nobody's, a guesser of passwords."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from tests.bank.field.made import PASSWORD, City, at_noon, serials

from error_page import every_error
from ssn_card.bank.field.page.app import COOKIE, create_app
from ssn_card.bank.field.page.plain import _PLAIN
from ssn_card.bank.field.page.session import TabletSession
from ssn_card.bank.field.page.words import WORDS
from ssn_card.bank.field.tablet.work import FieldWork

HOST = "127.0.0.1:8100"


class Hours:
    """Seconds that pass when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def session(town: City, hours: Hours) -> Iterator[TabletSession]:
    town.waiting(serials(1))
    who = town.equipped()
    session = TabletSession(who.folder, lambda who: FieldWork(who, "pcsc:", clock=at_noon), timer=hours)
    yield session
    session.lock()


@pytest.fixture
def client(session: TabletSession) -> TestClient:
    return TestClient(create_app(session, (HOST,)), base_url=f"http://{HOST}", follow_redirects=False)


@pytest.fixture
def inside(client: TestClient, session: TabletSession) -> TestClient:
    answer = client.post("/unlock", data={"password": PASSWORD})
    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert "Siti" in client.get("/").text
    return client


@pytest.mark.parametrize("host", ["evil.example:8100", "127.0.0.1", "127.0.0.1:81", ""])
def test_another_host(inside: TestClient, host: str) -> None:
    answer = inside.get("/", headers={"host": host})
    assert (answer.status_code, "Siti" in answer.text) == (400, False)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:81"])
def test_another_origin(inside: TestClient, session: TabletSession, origin: str) -> None:
    form = {"csrf": session.csrf, "outcome": "moved"}
    assert inside.post("/person/1/note", data=form, headers={"origin": origin}).status_code == 400
    assert session.work(session.token).diary.newest == 0
    assert inside.post("/person/1/note", data=form, headers={"origin": f"http://{HOST}"}).status_code == 303
    assert session.work(session.token).diary.newest == 1


def test_every_form_needs_the_sessions_token(inside: TestClient, session: TabletSession) -> None:
    routes = [one for one in create_app(session, (HOST,)).routes if "POST" in getattr(one, "methods", ())]
    assert len(routes) > 10
    for route in routes:
        path = route.path.replace("{person}", "1")  # type: ignore[attr-defined]
        if path in ("/unlock", "/language"):
            continue
        for csrf in ("", "x" * 43):
            form = {
                "csrf": csrf, "outcome": "moved", "pin": "1234", "again": "1234", "reference": "B", "name": "Lain",
            }  # fmt: skip
            answer = inside.post(path, data=form, files={"file": b"x"} if path == "/package" else None)
            assert answer.status_code in (303, 422), path
    assert session.work(session.token).diary.newest == 0


def test_headers(client: TestClient) -> None:
    for path in ("/", "/static/field.js", "/nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
    page = client.get("/").text
    assert not re.search(r"(src|href)=\"(?!/|data:)|style=|onclick=|<script>", page)


def test_the_cookie_of_a_session_that_is_over(inside: TestClient, session: TabletSession) -> None:
    old = inside.cookies[COOKIE]
    inside.post("/lock", data={"csrf": session.csrf})
    inside.post("/unlock", data={"password": PASSWORD})
    inside.cookies.set(COOKIE, old)
    assert inside.get("/person/1").status_code == 303


def test_guessing_takes_long(client: TestClient, session: TabletSession, hours: Hours) -> None:
    for _ in range(3):
        client.post("/unlock", data={"password": "salah sekali ini"})
    assert session.waiting == 8
    client.post("/unlock", data={"password": PASSWORD})
    assert "tunggu 8 detik" in client.get("/").text
    hours.now += 9
    client.post("/unlock", data={"password": PASSWORD})
    assert "Siti" in client.get("/").text


def test_idle_minutes_lock(inside: TestClient, session: TabletSession, hours: Hours) -> None:
    hours.now += 299
    assert "Siti" in inside.get("/").text
    hours.now += 301
    assert "Siti" not in inside.get("/").text
    assert session._work is None


@pytest.mark.parametrize("path", ["/person/999", "/person/abc", "/result/..%2Ftablet.json", "/result/none", "/docs"])
def test_pages_that_are_not_there(inside: TestClient, path: str) -> None:
    answer = inside.get(path)
    assert answer.status_code in (303, 404, 422)
    assert "scrypt" not in answer.text


def test_a_picture_that_is_none(inside: TestClient, session: TabletSession) -> None:
    for signature in ("data:image/png;base64,AAAA", "data:image/svg+xml;base64,AAAA", "javascript:x", "%%%"):
        inside.post("/person/1/verify", data={"csrf": session.csrf, "signature": signature})
    assert session.work(session.token).diary.newest == 0


@pytest.mark.parametrize(
    "form", [{"outcome": "ill", "appointment": "tomorrow"}, {"outcome": "flown"}, {"outcome": "activated"}]
)
def test_a_note_that_cannot_be(inside: TestClient, session: TabletSession, form: dict[str, str]) -> None:
    inside.post("/person/1/note", data={"csrf": session.csrf, **form})
    assert session.work(session.token).diary.newest == 0
    assert 'role="alert"' in inside.get("/person/1").text


def test_plain_words_are_of_errors_that_there_are() -> None:
    codes = {kind.code for kind in every_error()}
    assert set(_PLAIN) <= codes
    for words in _PLAIN.values():
        for text in words:
            assert text.en != text.id
            assert not re.search("SW|SELECT|APDU|PC/SC|systemctl|update_seq", text.en + text.id)


def test_words_stand_in_both_languages() -> None:
    same = {name for name, text in WORDS.items() if text.en == text.id}
    assert same == {"step_pin", "kelurahan"}
    for text in WORDS.values():
        assert set(re.findall(r"{(\w+)}", text.en)) == set(re.findall(r"{(\w+)}", text.id))
