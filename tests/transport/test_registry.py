# SPDX-License-Identifier: Apache-2.0
"""Schemes: which are known, and how one adds one's own."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from ssn_card.transport import (
    BadUrl,
    CardConnection,
    CardUrl,
    RawRecorder,
    Tracer,
    UnknownScheme,
    known_schemes,
    open_connection,
    register,
    registry,
)


class Parrot(CardConnection):
    """Says 9000 to everything."""

    def __init__(self, url: CardUrl, tracer: Tracer | None) -> None:
        super().__init__(url.text, tracer)
        self.target = url.target
        self._opened(b"\x3b\x00")

    def _exchange(self, command: bytes) -> bytes:
        return b"\x90\x00"

    def _reset(self) -> bytes:
        return self.atr

    def _close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))


def test_a_registered_scheme_opens() -> None:
    register("Parrot", Parrot)
    with open_connection("PARROT:green%20one") as card:
        assert card.transmit(bytes(4)) == b"\x90\x00"
        assert isinstance(card, Parrot)
        assert card.target == "green one"
        assert card._tracer is None
        assert repr(card) == "<Parrot PARROT:green%20one>"
    assert "parrot" in known_schemes()
    assert "sim" in known_schemes()  # the simulator's entry point


def test_an_entry_point_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("parrot", f"{__name__}:Parrot", registry.ENTRY_POINTS)
    monkeypatch.setattr(EntryPoint, "load", lambda self: Parrot)

    def entry_points(*, group: str) -> EntryPoints:
        assert group == registry.ENTRY_POINTS
        return EntryPoints([point])

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    assert "parrot" in known_schemes()
    with pytest.raises(UnknownScheme):
        open_connection("cuckoo:")
    with open_connection("parrot:") as card:
        assert isinstance(card, Parrot)
    assert registry._registered["parrot"] is Parrot  # loaded once


def test_an_unknown_scheme_lists_the_known() -> None:
    with pytest.raises(UnknownScheme) as caught:
        open_connection("carrier-pigeon:home")
    assert "'carrier-pigeon:home'" in caught.value.describe("id")
    for scheme in ("vpcd:", "pcsc:", "replay:"):
        assert scheme in caught.value.describe("en")
        assert scheme in caught.value.describe("id")


@pytest.mark.parametrize("url", ["", "reader", ":x", "replay:x?novalue", "replay:x?odd=1"])
def test_bad_urls(url: str) -> None:
    with pytest.raises(BadUrl) as caught:
        open_connection(url)
    assert "\n" not in caught.value.describe("id")


def test_the_tracer_reaches_the_connection(tmp_path: Path) -> None:
    register("parrot", Parrot)
    with RawRecorder(tmp_path / "wire") as recorder, open_connection("parrot:", recorder) as card:
        assert card._tracer is recorder
