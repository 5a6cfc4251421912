# SPDX-License-Identifier: Apache-2.0
"""PKCS#11 URIs (RFC 7512): which token, which set of masters in it, by which module, and where its PIN stands.

``pkcs11:token=ssn;object=bank?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/pin``. What a URI may
say and we do not follow is refused, never left out: it would be another token's key. So is a PIN in the URI itself
(``pin-value``), since the list of processes and the shell's history would show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from ssn_card.protocol.errors import Text

from .errors import BadTokenUri

SCHEME = "pkcs11:"
DEFAULT_SET = "ssn"  #: name of the masters where the URI names none
_PATH = ("token", "serial", "manufacturer", "model", "object", "type")
_QUERY = ("module-path", "pin-source")
#: Characters of a value (RFC 7512 section 2.3), beside octets in percents: in the path, and in the query.
_UNSAID = "-._~:[]@!$'()*+,="
_VALUE = {
    between: re.compile(rf"(?:[A-Za-z0-9{re.escape(_UNSAID + more)}]|%[0-9A-Fa-f]{{2}})*")
    for between, more in ((";", "&"), ("&", "/?|"))
}
_SET = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]*")


@dataclass(frozen=True)
class TokenUri:
    """What a URI says. ``None``: it does not say."""

    token: str | None = None  #: label of the token
    serial: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    object: str = DEFAULT_SET  #: name of the set of masters
    module_path: Path | None = None
    pin_source: Path | None = None

    @classmethod
    def parse(cls, text: str) -> TokenUri:
        """What a URI says. Raises :class:`BadTokenUri` with the place, counted in characters from 1."""
        if not is_token_uri(text):
            raise _bad(0, "it does not begin with pkcs11:", "tidak diawali pkcs11:")
        path, mark, query = text[len(SCHEME) :].partition("?")
        said = dict(_attributes(path, ";", len(SCHEME), _PATH))
        asked = dict(_attributes(query, "&", len(SCHEME) + len(path) + 1, _QUERY)) if mark else {}
        _check(said, text)
        source = asked.get("pin-source")
        module = asked.get("module-path")
        return cls(
            said.get("token"),
            said.get("serial"),
            said.get("manufacturer"),
            said.get("model"),
            said.get("object", DEFAULT_SET),
            None if module is None else Path(module),
            None if source is None else Path(source.removeprefix("file://").removeprefix("file:")),
        )

    def __str__(self) -> str:
        """The URI of the token and of its masters, for messages; neither module nor PIN."""
        parts = {name: getattr(self, name) for name in _PATH[:-1]}
        return SCHEME + ";".join(f"{name}={quote(value, _UNSAID)}" for name, value in parts.items() if value)


def is_token_uri(text: str) -> bool:
    """Whether this names a token, and no file."""
    return text[: len(SCHEME)].lower() == SCHEME


def _attributes(text: str, between: str, start: int, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for part in text.split(between) if text else ():
        name, equals, value = part.partition("=")
        if name == "pin-value":
            raise _bad(start, "a PIN is never an argument", "PIN tidak pernah menjadi argumen")
        if name not in known or not equals:
            raise _bad(start, f"{name[:40]!r} is none of {', '.join(known)}", f"{name[:40]!r} bukan {', '.join(known)}")
        if name in seen:
            raise _bad(start, f"{name} stands there twice", f"{name} tercantum dua kali")
        if not value:
            raise _bad(start, f"{name} is empty", f"{name} kosong")
        seen.add(name)
        yield name, _decoded(value, between, start + len(name) + 1)
        start += len(part) + 1


def _decoded(value: str, between: str, start: int) -> str:
    good = _VALUE[between].match(value)
    end = len(good[0]) if good else 0
    if end < len(value):
        raise _bad(
            start + end, "this character must be written in percents", "karakter ini harus ditulis dengan persen"
        )
    try:
        return unquote_to_bytes(value).decode()
    except UnicodeDecodeError:
        raise _bad(start, "the value is no UTF-8", "nilainya bukan UTF-8") from None


def _check(said: dict[str, str], text: str) -> None:
    if not said.keys() & {"token", "serial"}:
        raise _bad(len(SCHEME), "it names no token", "tidak menyebut token")
    if said.get("type", "secret-key") != "secret-key":
        raise _bad(text.index("type="), "masters are of the type secret-key", "kunci induk bertipe secret-key")
    name = said.get("object")
    if name is not None and not _SET.fullmatch(name):
        raise _bad(
            text.index("object="),
            "a set of masters has a name of letters, digits, blanks, and . _ -",
            "nama himpunan kunci induk terdiri atas huruf, angka, spasi, dan . _ -",
        )


def _bad(at: int, en: str, id: str) -> BadTokenUri:
    place = Text("PKCS#11 URI, character {at}", "").filled(at=at + 1).en
    return BadTokenUri(Text(en, id), place)
