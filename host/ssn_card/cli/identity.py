# SPDX-License-Identifier: Apache-2.0
"""Whose card it is, read over SCP03 and shown on a screen, nowhere else.

The beneficiary's number is shown in hexadecimal as everywhere. No error here ever holds a byte of it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rich.console import RenderableType

from ssn_card.channel import KeySet, Scp03Session, SecurityLevel, keys_from
from ssn_card.identity import CardContent, IdentityBlock, IdentityError, content_of, get_content
from ssn_card.keys import KeyProvider
from ssn_card.programme import UnknownRegionError, load_regions
from ssn_card.protocol.errors import SsnCardError, Text
from ssn_card.protocol.values import KeyVersionNumber
from ssn_card.terminal import select
from ssn_card.transport import CardConnection

from .errors import NotATerminal
from .output import say
from .tables import facts

#: C-MAC, C-DECRYPTION, R-MAC, R-ENCRYPTION: the card gives the block at no lower level.
LEVEL = SecurityLevel(0x33)
_NO_NUMBER = Text("none", "tidak ada")


class KeyHolder(Enum):
    """Key set and key version number that open the block."""

    REGISTRY = (KeySet.REGISTRY, KeyVersionNumber.REGISTRY)
    ISSUER = (KeySet.ISSUER, KeyVersionNumber.ISSUER)


class IdentityUnreadable(SsnCardError):
    """The card's answer is no identity block; the text says nothing of its content."""

    code = "identity-unreadable"
    text = Text("The card's identity block cannot be read.", "Blok identitas kartu tidak dapat dibaca.")
    remedy = Text("Report the card to the bank.", "Laporkan kartu ke bank.")
    where = "GET DATA"


@dataclass(frozen=True)
class Person:
    """The identity block; ``repr`` shows nothing of it."""

    nik: str = field(repr=False)
    no_kk: str = field(repr=False)
    name: str = field(repr=False)
    kecamatan: str = field(repr=False)  #: Kemendagri code with dots
    kelurahan: int = field(repr=False)  #: 1-based place in the kecamatan's list
    beneficiary_id: str | None = field(repr=False)  #: 16 hexadecimal digits; ``None``: the card has no number

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``, on a screen like everything here."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def table(self) -> RenderableType:
        """For people."""
        kecamatan, kelurahan = self.kecamatan, str(self.kelurahan)
        try:
            region = load_regions().find(self.kecamatan)
            kecamatan, kelurahan = region.kecamatan, region.kelurahan_at(self.kelurahan)
        except UnknownRegionError:
            pass  # the codes are shown as they are
        return facts(
            Text("Holder of the card (private: keep it to yourself)", "Pemilik kartu (rahasia: jangan disebarkan)"),
            (
                (Text("name", "nama"), self.name),
                (Text("NIK", "NIK"), self.nik),
                (Text("family card no.", "no. KK"), self.no_kk),
                (Text("kecamatan", "kecamatan"), kecamatan),
                (Text("kelurahan", "kelurahan"), kelurahan),
                (Text("programme's number", "nomor program"), self.beneficiary_id or say(_NO_NUMBER)),
            ),
        )


def require_screen() -> None:
    """Refuse a pipe or a file before anything is read. Raises :class:`NotATerminal`."""
    if not sys.stdout.isatty():
        raise NotATerminal


def read_identity(card: CardConnection, provider: KeyProvider, holder: KeyHolder, version: int) -> Person:
    """Open a channel at level 33 and read the block.

    Args:
        version: version of the masters in ``provider``, 1 to 255.

    Raises:
        NotOurCard, KeyMissing, transport and channel errors, ``CardStatusError``, :class:`IdentityUnreadable`.
    """
    key_set, kvn = holder.value
    select(card)
    keys = keys_from(provider, {kvn: (key_set, version)})
    with Scp03Session.open(card.transmit, keys, kvn=kvn, level=LEVEL, minimum=LEVEL) as channel:
        content = get_content(channel)
    return _person(content)


def parse_identity(answer: bytes) -> Person:
    """The answer of GET DATA, whole or not at all. Raises :class:`IdentityUnreadable`."""
    return _person(content_of(answer))


def _person(content: CardContent) -> Person:
    try:
        read = IdentityBlock.decode(content.identity)
    except IdentityError:
        raise IdentityUnreadable from None
    number = content.beneficiary_id
    return Person(
        read.nik, read.no_kk, read.name, read.kecamatan, read.kelurahan, number.hex() if any(number) else None
    )
