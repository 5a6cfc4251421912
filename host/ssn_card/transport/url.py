# SPDX-License-Identifier: Apache-2.0
"""The URL of a card: ``scheme:target?option=value``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote

from ssn_card.protocol.errors import Text

from .errors import BadUrl

_YES, _NO = ("1", "yes", "true"), ("0", "no", "false")


@dataclass(frozen=True)
class CardUrl:
    """``scheme`` (lower case), ``target`` (percent-decoded) and ``options`` of ``text``."""

    text: str
    scheme: str
    target: str
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def parse(cls, text: str) -> CardUrl:
        """Raises :class:`BadUrl` when there is no scheme or an option has no value."""
        scheme, colon, rest = text.partition(":")
        if not colon or not scheme:
            raise BadUrl(
                text, Text("a card URL starts with its scheme and a colon", "URL kartu diawali skema dan titik dua")
            )
        target, _, query = rest.partition("?")
        try:
            options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
        except ValueError:
            raise BadUrl(text, Text("an option has no value", "ada opsi tanpa nilai")) from None
        return cls(text, scheme.lower(), unquote(target), MappingProxyType(options))

    def check_options(self, known: Collection[str]) -> None:
        """Raises :class:`BadUrl` for an option outside ``known``: a misspelt one must not be ignored."""
        for name in self.options:
            if name not in known:
                raise BadUrl(self.text, Text(f"unknown option {name}", f"opsi {name} tidak dikenal"))

    def flag(self, name: str) -> bool:
        """A yes-or-no option, off unless given. Raises :class:`BadUrl`."""
        value = self.options.get(name, "0").lower()
        if value not in _YES + _NO:
            raise BadUrl(self.text, Text(f"{name} is 1 or 0", f"{name} bernilai 1 atau 0"))
        return value in _YES

    def seconds(self, name: str, default: float) -> float:
        """A duration option, above 0 and up to a day. Raises :class:`BadUrl`."""
        try:
            value = float(self.options.get(name, default))
        except ValueError:
            value = 0.0
        if not 0 < value <= 86_400:
            raise BadUrl(self.text, Text(f"{name} is a number of seconds above 0", f"{name} adalah detik di atas 0"))
        return value

    def __str__(self) -> str:
        return self.text
