# SPDX-License-Identifier: Apache-2.0
"""The one exception tree of SSN Card, in Indonesian and English.

Every error carries what went wrong, where (file, line, field) and what to do about it, so that a program can
catch a type and a person can read a sentence. Secrets never go into an error: callers pass names and places only.

An error is declared::

    class UpdateShrinks(InputError):
        \"\"\"A card would refuse the update.\"\"\"

        code = "update-shrinks"
        text = Text("{field} of card {serial} would go back.", "{field} kartu {serial} akan mundur.")
        remedy = Text("Issue it anew.", "Terbitkan ulang.")
        where = "{serial}"
        figures = ("serial", "field")
        serial: bytes
        field: str

What is annotated is an argument, in that order, and an attribute: ``UpdateShrinks(serial, "state")``. In ``text``,
``remedy`` and ``where`` stand places, each an attribute of the error; where a class annotates one of these three, it is
an argument too. A class without a text of its own is given one: ``InputError(Text(...), where="--pin")``.
A class whose words depend on more than that has an ``__init__`` of its own, and sets its attributes there unannotated.
A name is assigned or annotated once in a class: of one twice, mypy dies without saying where.

docs/errors.md lists all errors of all packages.

The tree::

    SsnCardError
      InputError
      ConfigurationError
        NotACheckout
      CryptographyError
      CardStatusError
        UnknownStatus
        DebitRefused
          InsufficientBalance
          MonthlyLimitExceeded
          DebitMaximumExceeded
          CategoryNotAllowed
          Expired
          TimestampBeforeMonth
          ImpossibleTimestamp
          InvalidAmount
          NotActivated
          Blocked
          Terminated
          NotCancellable
          OverrideMaximumExceeded
          PinRequired
        WrongLength
        SecurityStatusNotSatisfied
        ConditionsNotSatisfied
        WrongMac
        CryptogramRejected
        WrongData
        AppletNotFound
        WrongParameters
        KeyNotFound
        InstructionNotSupported
        ClassNotSupported
        CardFailure
        StaleUpdate
        ConflictingUpdate
        InvalidUpdate
        WrongPin
        PinBlocked
        NoPin
        LastTryContacts
        PersonalizationIncomplete
"""

from __future__ import annotations

import copyreg
import os
import string
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple, dataclass_transform


class Text(NamedTuple):
    """One sentence in English and in Indonesian."""

    en: str
    id: str

    def in_language(self, language: str) -> str:
        """The sentence in ``language`` (``"en"`` or ``"id"``)."""
        return self.id if language == "id" else self.en

    def filled(self, **values: object) -> Text:
        """The same text with ``{name}`` places filled in; a :class:`Text` fills each language with its own.

        Bytes are written in hexadecimal, in capitals where the place is ``{name:X}``; ``None`` as nothing; a number as
        each language writes it where the place says how (``{name:.1%}``), else as programs do.
        """
        return Text(_Filler("en").vformat(self.en, (), values), _Filler("id").vformat(self.id, (), values))


class _Filler(string.Formatter):
    """Fills places in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, Any]:
        value, first = super().get_field(field_name, args, kwargs)
        if isinstance(value, Text):
            value = value.in_language(self._language)
        return "" if value is None else value, first

    def format_field(self, value: Any, format_spec: str) -> Any:
        if isinstance(value, bytes):
            return value.hex().upper() if format_spec == "X" else value.hex()
        written = super().format_field(value, format_spec)
        return _separated(written, self._language) if format_spec and isinstance(value, int | float) else written


def places(*texts: str) -> Iterator[str]:
    """The names of the places in texts: of ``"{label.held_by} has it"``, ``label``."""
    for text in texts:
        for _, place, _, _ in string.Formatter().parse(text):
            if place is not None:
                yield place.partition(".")[0]


NO_TEXT = Text("", "")
_SEPARATORS = str.maketrans(",.", ".,")


def numeral(number: float, digits: int = 0) -> Text:
    """A number with so many digits behind the point, as each language writes it: ``1,234.5`` and ``1.234,5``."""
    written = f"{number:,.{digits}f}"
    return Text(written, _separated(written, "id"))


def _separated(written: str, language: str) -> str:
    return written.translate(_SEPARATORS) if language == "id" else written


def rupiah(amount: int) -> str:
    """``Rp1.234.567``, as Indonesians write it."""
    return "Rp" + numeral(amount).id


def default_language() -> str:
    """``"id"`` or ``"en"``, from ``SSN_LANG``, else from the locale (``LC_ALL``, ``LC_MESSAGES``, ``LANG``)."""
    for name in ("SSN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "id" if value.lower().startswith("id") else "en"
    return "en"


@dataclass_transform(eq_default=False)
class SsnCardError(Exception):
    """Root of every error that SSN Card raises on purpose."""

    #: Stable name of the error for ``--json`` output and for integrators' own tables.
    code: ClassVar[str] = "error"
    #: What was expected and what came.
    text: Text = NO_TEXT
    #: What the reader can do about it.
    remedy: Text = NO_TEXT
    #: The place of the offending value, such as ``"beneficiaries.csv:42 nik"``.
    where: str | None = None
    #: Attributes that ``--json`` gives as ``details``, beside the message.
    figures: ClassVar[tuple[str, ...]] = ()
    #: Names of the arguments: what the class and its parents annotate.
    arguments: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = [name for name, kind in cls.__annotations__.items() if not str(kind).startswith("ClassVar")]
        inherited = [name for base in reversed(cls.__mro__[1:]) for name in getattr(base, "arguments", ())]
        cls.arguments = tuple(dict.fromkeys(inherited + own))
        if own and "__init__" not in vars(cls):
            cls.__init__ = SsnCardError._from_arguments  # type: ignore[method-assign]
        where = () if cls.where is None else (cls.where,)
        for name in (*places(*cls.text, *cls.remedy, *where), *cls.figures):
            if name not in cls.arguments and not hasattr(cls, name):
                raise TypeError(f"{cls.__name__} tells of {name!r}, which it does not have")

    def __init__(self, text: Text | None = None, *, remedy: Text | None = None, where: str | None = None) -> None:
        """For a class that annotates no arguments: what is given stands in the place of the class's own."""
        given = {"text": text, "remedy": remedy, "where": where}
        self._tell({name: value for name, value in given.items() if value is not None})

    def _from_arguments(self, *given: object, **named: object) -> None:
        """The constructor of a class with arguments; mypy knows each by its name and type."""
        values = dict(zip(self.arguments, given, strict=False))
        lacking = [name for name in self.arguments if name not in values | named and not hasattr(self, name)]
        if lacking or len(given) > len(self.arguments) or values.keys() & named or named.keys() - set(self.arguments):
            raise TypeError(f"{type(self).__name__} takes ({', '.join(self.arguments)})")
        self._tell(values | named)

    def _tell(self, given: dict[str, object]) -> None:
        vars(self).update(given)
        if not any(self.text):
            raise TypeError(f"{type(self).__name__} has no text of its own: give it one")
        if "text" not in given:
            self.text = self._filled(self.text)
        if "remedy" not in given:
            self.remedy = self._filled(self.remedy)
        if "where" not in given and self.where is not None:
            self.where = self._filled(Text(self.where, "")).en or None
        #: Figures for ``--json``, beside the message.
        self.details: dict[str, object] = {name: _plain(getattr(self, name)) for name in self.figures}
        super().__init__(self.text.en)

    def _filled(self, text: Text) -> Text:
        return text.filled(**{name: getattr(self, name) for name in places(*text)})

    def __reduce__(self) -> tuple[object, ...]:
        """For :mod:`pickle`, such as out of a pool of processes: as it is, not made anew from its arguments."""
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]

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


def _plain(value: object) -> object:
    """As JSON has it."""
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value


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
