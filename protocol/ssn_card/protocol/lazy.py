# SPDX-License-Identifier: Apache-2.0
"""Names of a package whose module is imported when they are first asked for (PEP 562): a sale imports no key files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, modules: Mapping[str, Iterable[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package.

    Args:
        package: its ``__name__``.
        modules: by the name of a module, as ``import`` takes it, the names that it gives to the package. Type checkers
            are told of them by imports under ``TYPE_CHECKING``, of which this is the other branch.
    """
    homes = {name: module for module, names in modules.items() for name in names}

    def found(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(homes[name], package), name)
        setattr(sys.modules[package], name, value)  # asked for once
        return value

    return found
