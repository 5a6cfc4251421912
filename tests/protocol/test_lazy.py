# SPDX-License-Identifier: Apache-2.0
"""Names that load their module when they are asked for, and what ``with`` closes."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

import pytest

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.lazy import lazily

PACKAGES = ("applet_tools", "entitlement", "keys", "programme", "receipts", "simulator", "terminal", "transport")


@pytest.mark.parametrize("name", PACKAGES)
def test_every_name_that_a_package_offers_is_there(name: str) -> None:
    package = import_module(f"ssn_card.{name}")
    for offered in package.__all__:
        assert getattr(package, offered) is not None
    with pytest.raises(AttributeError, match=rf"^module 'ssn_card\.{name}' has no attribute 'no_such_name'$"):
        _ = package.no_such_name


def test_a_module_is_imported_when_it_is_asked_for_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    package, asked = ModuleType("lazy_package"), []

    class Home(ModuleType):
        def __getattr__(self, name: str) -> str:
            if name.startswith("__"):
                raise AttributeError(name)
            asked.append(name)
            return f"{self.__name__}:{name}"

    package.__path__ = []
    monkeypatch.setitem(sys.modules, "lazy_package", package)
    monkeypatch.setitem(sys.modules, "lazy_package.near", Home("lazy_package.near"))
    monkeypatch.setitem(sys.modules, "far_module", Home("far_module"))
    monkeypatch.setattr(
        package,
        "__getattr__",
        lazily("lazy_package", {".near": ("one", "two"), "far_module": ("three",)}),
        raising=False,
    )
    assert asked == []
    assert [package.one, package.three, package.one] == [
        "lazy_package.near:one",
        "far_module:three",
        "lazy_package.near:one",
    ]
    assert asked == ["one", "three"]


def test_with_closes_whatever_happens() -> None:
    class Open(Closing):
        closed = 0

        def close(self) -> None:
            self.closed += 1

    with Open() as one:
        assert one.closed == 0
    assert one.closed == 1
    with pytest.raises(ZeroDivisionError), one:
        raise ZeroDivisionError
    assert one.closed == 2
    with pytest.raises(NotImplementedError):
        Closing().close()
