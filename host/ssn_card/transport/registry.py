# SPDX-License-Identifier: Apache-2.0
"""Which transport opens which scheme.

``vpcd:``, ``pcsc:`` and ``replay:`` are built in. A package adds its own scheme by an entry point::

    [project.entry-points."ssn_card.transports"]
    mine = "my_package.transport:open_mine"

or at run time by ``register("mine", open_mine)``. Either names a :data:`TransportFactory`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING

from .base import CardConnection, Tracer
from .errors import UnknownScheme
from .url import CardUrl

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

#: Opens a URL of its scheme; gives the tracer (or ``None``) to the connection that it makes.
TransportFactory = Callable[[CardUrl, Tracer | None], CardConnection]

ENTRY_POINTS = "ssn_card.transports"  #: entry-point group

#: Factories in this package, by scheme; their modules are loaded when a card is reached in that way.
_BUILT_IN = {
    "pcsc": ("ssn_card.transport.pcsc", "open_pcsc"),
    "replay": ("ssn_card.transport.replay", "open_replay"),
    "vpcd": ("ssn_card.transport.vpcd", "open_vpcd"),
}
_registered: dict[str, TransportFactory] = {}
_lock = Lock()


def register(scheme: str, factory: TransportFactory) -> None:
    """Let ``factory`` open the URLs of ``scheme``, in place of any other factory."""
    with _lock:
        _registered[scheme.lower()] = factory


def open_connection(url: str, tracer: Tracer | None = None) -> CardConnection:
    """Connect to the card at ``url`` and power it up.

    ``vpcd:HOST:PORT`` a card that speaks the vpcd protocol on a TCP port; ``pcsc:READER`` the card in a PC/SC reader;
    ``replay:FILE`` a recording; ``sim:`` a new card in a simulator of its own. ``tracer`` sees every exchange.

    Raises:
        UnknownScheme, BadUrl: the URL cannot be used.
        TransportError: the card cannot be had; the subclass says why.
    """
    parsed = CardUrl.parse(url)
    return _factory(parsed)(parsed, tracer)


def known_schemes() -> tuple[str, ...]:
    """Every scheme that can be opened, in alphabetical order."""
    with _lock:
        here = set(_registered)
    return tuple(sorted(here | {*_BUILT_IN} | {point.name for point in _installed()}))


def _factory(url: CardUrl) -> TransportFactory:
    with _lock:
        factory = _registered.get(url.scheme)
    if factory is not None:
        return factory
    if url.scheme in _BUILT_IN:
        module, name = _BUILT_IN[url.scheme]
        built_in: TransportFactory = getattr(import_module(module), name)
        return built_in
    for point in _installed().select(name=url.scheme):
        loaded: TransportFactory = point.load()
        register(url.scheme, loaded)
        return loaded
    raise UnknownScheme(url.text, known_schemes())


def _installed() -> EntryPoints:
    from importlib.metadata import entry_points  # only now: it takes longer than the rest of this package

    return entry_points(group=ENTRY_POINTS)
