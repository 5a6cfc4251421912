# SPDX-License-Identifier: Apache-2.0
"""What a check found: a rule that the applet breaks, where, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass

from ssn_card.protocol.errors import Text

from .classfile import ClassFile, Member
from .descriptors import dotted


@dataclass(frozen=True)
class Finding:
    """One place that breaks a rule; ``place`` is ``class``, ``class.member`` or ``class.method:line``."""

    rule: str
    place: str
    what: Text
    remedy: Text

    def describe(self, language: str) -> str:
        """One line."""
        return f"{self.place}: {self.what.in_language(language)} {self.remedy.in_language(language)}"

    def as_dict(self) -> dict[str, str]:
        """For ``--json``."""
        return {
            "rule": self.rule,
            "place": self.place,
            "what_en": self.what.en,
            "what_id": self.what.id,
            "remedy_en": self.remedy.en,
            "remedy_id": self.remedy.id,
        }


def place(owner: ClassFile, member: Member | None = None, offset: int | None = None) -> str:
    """The name of a place, with the source's line where the class file tells it."""
    result = dotted(owner.name)
    if member is not None:
        result += f".{member.name}"
        line = member.code.line(offset) if member.code is not None and offset is not None else None
        result += "" if line is None else f":{line}"
    return result
