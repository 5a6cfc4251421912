# SPDX-License-Identifier: Apache-2.0
"""What all tables share."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import CheckConstraint, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

#: Constraints have names, by which a migration finds them on either database.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Moment = Annotated[str, mapped_column(String(20))]
Day = Annotated[str, mapped_column(String(10))]
Serial = Annotated[str, mapped_column(String(16))]
Hash = Annotated[str, mapped_column(String(64))]  #: SHA-256, hexadecimal
Key = Annotated[bytes, mapped_column(LargeBinary(16))]  #: keyed hash
Sealed = Annotated[bytes, mapped_column(LargeBinary)]
UserName = Annotated[str, mapped_column(String(40))]


class Base(DeclarativeBase):
    """Root of the tables."""

    metadata = MetaData(naming_convention=_NAMES)


def one_of(column: str, values: type, name: str | None = None) -> CheckConstraint:
    """A column of a ``StrEnum``'s values."""
    listed = ", ".join(f"'{one.value}'" for one in values)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({listed})", name=name or column)
