# SPDX-License-Identifier: Apache-2.0
"""Whether this code lies in its repository, which has documents and sources that no wheel has."""

from __future__ import annotations

from pathlib import Path

from .errors import ConfigurationError, Text

_LEVELS = 3  #: protocol/ssn_card/protocol/checkout.py, from the root
_LANDMARKS = ("pyproject.toml", "applet", "protocol")


class NotACheckout(ConfigurationError):
    """The package is installed somewhere else than in the repository, and what was asked for is made there only."""

    code = "not-a-checkout"
    text = Text("This is no checkout of SSN Card.", "Ini bukan salinan repositori SSN Card.")
    remedy = Text(
        "Run it in a checkout of the repository, with an editable install: make setup.",
        "Jalankan di dalam salinan repositori, dengan pemasangan editable: make setup.",
    )
    where = "{place}"
    place: Path


def repository(start: Path = Path(__file__)) -> Path:
    """Root of the repository that holds this file, ``start``. Raises :class:`NotACheckout`."""
    here = start.resolve()
    if len(here.parents) <= _LEVELS:
        raise NotACheckout(here)
    root = here.parents[_LEVELS]
    if not all((root / name).exists() for name in _LANDMARKS):
        raise NotACheckout(root)
    return root


def is_checkout() -> bool:
    """Whether there is a repository around this code."""
    try:
        repository()
    except NotACheckout:
        return False
    return True
