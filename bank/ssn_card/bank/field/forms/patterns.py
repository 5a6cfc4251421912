# SPDX-License-Identifier: Apache-2.0
"""Forms of the values in these files."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

SerialText = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
PublicKeyText = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
CardKeyText = Annotated[str, Field(pattern="^[0-9a-f]{32}$", repr=False)]
ReceiptText = Annotated[str, Field(pattern="^[0-9a-f]{176}$")]
MacText = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
BodyText = Annotated[str, Field(pattern="^[0-9a-f]{110}$")]
DayText = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
MomentText = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
UidText = Annotated[str, Field(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
#: Names of tablets and companions: they stand in file names and on the screen.
_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
NameText = Annotated[str, Field(pattern=_NAME)]
NAME_MOST = 200  #: characters
WordsText = Annotated[str, Field(max_length=NAME_MOST)]  #: of a person, within a union: hide the field itself
Personal = Annotated[str, Field(max_length=NAME_MOST, repr=False)]


def is_name(text: str) -> bool:
    """Whether a tablet or companion can be called so."""
    return re.fullmatch(_NAME, text) is not None
