# SPDX-License-Identifier: Apache-2.0
"""The one exception tree of SSN Card, in Indonesian and English.

Every error carries what went wrong, where (file, line, field) and what to do about it, so that a program can
catch a type and a person can read a sentence. Secrets never go into an error: callers pass names and places only.
"""

from __future__ import annotations

import os
from typing import NamedTuple


class Text(NamedTuple):
    """One sentence in English and in Indonesian."""

    en: str
    id: str

    def in_language(self, language: str) -> str:
        """The sentence in ``language`` (``"en"`` or ``"id"``)."""
        return self.id if language == "id" else self.en

    def filled(self, **values: object) -> Text:
        """The same text with ``{name}`` places filled in; a :class:`Text` fills each language with its own."""
        return Text(self.en.format(**_spoken(values, "en")), self.id.format(**_spoken(values, "id")))


def _spoken(values: dict[str, object], language: str) -> dict[str, object]:
    return {name: one.in_language(language) if isinstance(one, Text) else one for name, one in values.items()}


NO_TEXT = Text("", "")


def rupiah(amount: int) -> str:
    """``Rp1.234.567``, as Indonesians write it."""
    return "Rp" + f"{amount:,}".replace(",", ".")


def default_language() -> str:
    """``"id"`` or ``"en"``, from ``SSN_LANG``, else from the locale (``LC_ALL``, ``LC_MESSAGES``, ``LANG``)."""
    for name in ("SSN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "id" if value.lower().startswith("id") else "en"
    return "en"


class SsnCardError(Exception):
    """Root of every error that SSN Card raises on purpose.

    Args:
        text: what was expected and what came.
        remedy: what the reader can do about it.
        where: the place of the offending value, such as ``"beneficiaries.csv:42 nik"``.
    """

    #: Stable name of the error for ``--json`` output and for integrators' own tables.
    code: str = "error"
    #: Remedy used where the raiser gives none.
    default_remedy: Text = NO_TEXT

    def __init__(self, text: Text, *, remedy: Text | None = None, where: str | None = None) -> None:
        super().__init__(text.en)
        self.text = text
        self.remedy = self.default_remedy if remedy is None else remedy
        self.where = where
        #: Figures for ``--json``, beside the message.
        self.details: dict[str, object] = {}

    def describe(self, language: str | None = None) -> str:
        """One line: place, what happened, remedy; in ``language`` or the user's own."""
        language = language or default_language()
        place = f"{self.where}: " if self.where else ""
        remedy = self.remedy.in_language(language)
        return place + self.text.in_language(language) + (f" {remedy}" if remedy else "")

    def as_dict(self) -> dict[str, object]:
        """The error for ``--json`` output."""
        return {
            "code": self.code,
            "where": self.where,
            "message_en": self.text.en,
            "message_id": self.text.id,
            "remedy_en": self.remedy.en,
            "remedy_id": self.remedy.id,
            **({"details": self.details} if self.details else {}),
        }

    def __str__(self) -> str:
        return self.describe()


class InputError(SsnCardError):
    """A file, row or argument that cannot be used; nothing was done with it."""

    code = "input"


class ConfigurationError(SsnCardError):
    """The machine or the configuration lacks something: Java, a key file, a service."""

    code = "configuration"


class CryptographyError(SsnCardError):
    """A MAC, cryptogram or wrapped key that does not verify. The session that raised it is dead."""

    code = "cryptography"


class SsnCardWarning(UserWarning):
    """What is done all the same but should not stay so; its message is in the reader's language."""
