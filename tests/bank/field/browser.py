# SPDX-License-Identifier: Apache-2.0
"""The page in a real browser: a tablet's size, touch, and no network but the tablet's own.

Pages come in two parts: a click waits for the first bytes of the next page only, so a test that looks at it at once,
instead of expecting what is to come (``playwright.sync_api.expect``), sees nothing of it, and fails each time rather
than once in a hundred.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Page
from tests.bank.field.made import PASSWORD, at_noon

from ssn_card.bank.field.page.app import create_app
from ssn_card.bank.field.page.session import TabletSession
from ssn_card.bank.field.tablet.folder import TabletFolder
from ssn_card.bank.field.tablet.work import FieldWork
from ssn_card.transport import CardConnection, NoCard

#: Bytes of a page that come at once, and seconds until the rest does: some times what Chromium needs from a click to
#: the next question of a test.
AT_ONCE, REST_AFTER = 100, 0.1
#: Where screenshots go, if anybody wants to look at them.
SCREENSHOTS = "SSN_SCREENSHOTS"


class CardReader:
    """A reader: what lies in it is the test's to say."""

    def __init__(self) -> None:
        self.card: Callable[[], CardConnection] | None = None

    def connect(self, url: str) -> CardConnection:
        if self.card is None:
            raise NoCard(url)
        return self.card()


class Served:
    """A page that is served, and its reader."""

    def __init__(self, session: TabletSession, reader: CardReader, url: str) -> None:
        self.session = session
        self.reader = reader
        self.url = url


def halting(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """An ASGI application whose pages come in two parts."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        async def in_parts(message: Any) -> None:
            body = message.get("body", b"")
            if len(body) > AT_ONCE:
                await send({**message, "body": body[:AT_ONCE], "more_body": True})
                await asyncio.sleep(REST_AFTER)
                message = {**message, "body": body[AT_ONCE:]}
            await send(message)

        await app(scope, receive, in_parts)

    return answer


@contextmanager
def served(folder: TabletFolder, idle_seconds: float = 300) -> Iterator[Served]:
    """On a port of its own, until the block ends."""
    reader = CardReader()
    session = TabletSession(
        folder, lambda who: FieldWork(who, "pcsc:", clock=at_noon, connect=reader.connect), idle_seconds=idle_seconds
    )
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(halting(create_app(session, (host,))), log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Served(session, reader, f"http://{host}")
    server.should_exit = True
    thread.join(5)
    session.lock()


@contextmanager
def tablet_page(browser: Browser, where: Served, **options: Any) -> Iterator[Page]:
    """A page at the size of a tablet; a request to anywhere else fails the test, and so does an error of a script."""
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 800, "height": 1180}, has_touch=True, **options)
    context.set_default_timeout(30_000)

    def only_here(route: Any) -> None:
        if route.request.url.startswith((where.url, "data:")):
            route.continue_()
        else:
            wrong.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert wrong == []


def unlock(page: Page, where: Served) -> None:
    """As a companion does in the morning."""
    page.goto(where.url)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_selector(".counts, input[type=file]")


def shot(page: Page, name: str) -> None:
    """Keep a picture, if anybody wants to look at it."""
    if folder := os.environ.get(SCREENSHOTS):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def sign(page: Page) -> None:
    """A finger's stroke on the pad."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    x, y = box["x"] + 60, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 30):
        page.mouse.move(x + 18 * step, y + (45 if step % 4 < 2 else -40))
    page.mouse.up()
