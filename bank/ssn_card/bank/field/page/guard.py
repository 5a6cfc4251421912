# SPDX-License-Identifier: Apache-2.0
"""What stands before every page: only this tablet's own browser, by this tablet's own name; nothing from elsewhere.

- A request whose ``Host`` is not this machine's comes from a page that made its own name point here (DNS rebinding).
- A form from another origin is refused, as one without the session's token is (:mod:`.session`).
- The Content-Security-Policy lets nothing in but the page's own files; nothing is stored by the browser.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_LONGEST = 1 << 25  #: bytes of a request; a package of a thousand families has one million


class PageGuard:
    """A middleware; ``hosts``: names with port that are this tablet's."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = frozenset(hosts)
        self._origins = frozenset(f"http://{host}" for host in hosts)

    async def __call__(self, request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        """Refuse what is not ours, and put the headers on what is."""
        refused = self._refused(request)
        response = PlainTextResponse(refused, status_code=400) if refused else await go_on(request)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response

    def _refused(self, request: Request) -> str | None:
        if request.headers.get("host", "") not in self._hosts:
            return "another host"
        if request.method == "GET":
            return None
        origin = request.headers.get("origin")
        if origin is not None and origin not in self._origins:
            return "another origin"
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > _LONGEST:
            return "too long"
        return None
