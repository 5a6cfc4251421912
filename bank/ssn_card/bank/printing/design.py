# SPDX-License-Identifier: Apache-2.0
"""How a city's cards and letters look: a TOML file, or the defaults, which are good in black and white.

The chip's place, the QR code, number and name are no matter of design: no file moves them.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ssn_card.programme.reasons import Unfit, reason_of
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from ..canonical import canonical
from .errors import DesignUnusable

#: What nobody shall read on a card or through an envelope's window, in words or parts of them.
STIGMA: Final = re.compile(
    r"miskin|bantu|bansos|sosial|fakir|d[hu]+afa|sejahtera|sembako|kurang mampu|tidak mampu|desil|penerima manfaat"
    r"|\b(?:pkh|kks|bpnt|dtks|poor|poverty|welfare|aid|needy|beneficiary)\b",
    re.IGNORECASE,
)
_LOGO_MAX: Final = 200_000  #: bytes
_CONTRAST_MIN: Final = 4.5  #: WCAG 2.1 level AA, for letters of this size

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
Line = Annotated[str, Field(max_length=60)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class FaceDesign(_Part):
    """Of the card itself. Its texts are read by everyone."""

    city: Annotated[str, Field(min_length=1, max_length=28)] = "Kota Samarinda"
    name: Annotated[str, Field(min_length=1, max_length=20)] = "Kartu SSN"
    issuer: Annotated[str, Field(max_length=40)] = ""
    ink: Colour = "#000000"
    background: Colour = "#ffffff"
    accent: Colour = "#3a3a3a"  #: of the band; no text depends on it
    logo: str = ""  #: SVG
    back: Annotated[tuple[Line, ...], Field(max_length=5)] = (
        "Kartu ini hanya untuk pemegangnya.",
        "Rahasiakan PIN Anda.",
        "Bila menemukan kartu ini, serahkan",
        "ke kantor kelurahan terdekat.",
        "Terima kasih.",
    )

    @field_validator("city", "name", "issuer", "back")
    @classmethod
    def _dignified(cls, value: Any) -> Any:
        for text in (value,) if isinstance(value, str) else value:
            found = STIGMA.search(text)
            if found:
                raise Unfit(
                    f"{found.group()!r} on a card would mark its holder",
                    f"{found.group()!r} pada kartu akan menandai pemegangnya",
                )
        return value

    @model_validator(mode="after")
    def _readable(self) -> FaceDesign:
        if _contrast(self.ink, self.background) < _CONTRAST_MIN:
            raise Unfit("ink and background are too much alike", "tinta dan latar terlalu mirip")
        return self


class LetterDesign(_Part):
    """Of the letter; what is not said is left out of it."""

    sender: tuple[Line, ...] = ()  #: inside, at the top
    phone: Annotated[str, Field(max_length=30)] = ""  #: for a lost card, and for questions
    activation: Annotated[str, Field(max_length=120)] = "loket penyerahan kartu, atau saat petugas berkunjung"
    activation_en: Annotated[str, Field(max_length=120)] = "the desk that hands out cards, or when we visit you"


class CardDesign(_Part):
    """All of it. :meth:`canonical` is what a store keeps."""

    card: FaceDesign = Field(default_factory=FaceDesign)
    letter: LetterDesign = Field(default_factory=LetterDesign)

    def canonical(self) -> str:
        """As JSON, the same for the same design."""
        return canonical(self.model_dump(mode="json"))

    def sha256(self) -> str:
        """Of :meth:`canonical`, hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def load_design(path: Path | None = None) -> CardDesign:
    """The design in a file (default: none, and so the defaults). ``card.logo`` names an SVG file beside it.

    Raises :class:`DesignUnusable`.
    """
    if path is None:
        return CardDesign()
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        logo = said.get("card", {}).get("logo") if isinstance(said.get("card"), dict) else None
        if isinstance(logo, str) and logo:
            said["card"]["logo"] = _logo(path.parent / logo)
        return CardDesign.model_validate(said)
    except (OSError, UnicodeDecodeError) as error:
        raise DesignUnusable(str(path), system_reason(error)) from None
    except tomllib.TOMLDecodeError as error:
        raise DesignUnusable(str(path), Text(f"no TOML: {error}", f"bukan TOML: {error}")) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise DesignUnusable(f"{path} {field}".strip(), reason_of(first)) from None


def stored_design(content: str) -> CardDesign:
    """What :meth:`CardDesign.canonical` gave."""
    return CardDesign.model_validate_json(content)


def _logo(path: Path) -> str:
    """The file's text, if it is a picture that can be set."""
    from ssn_card.paper import PaperNotSet, Press

    text = path.read_text("utf-8")
    if len(text) > _LOGO_MAX:
        raise DesignUnusable(str(path), Text("the logo is larger than 200 kB", "logo lebih dari 200 kB"))
    template = Path(__file__).with_name("logo.typ")
    try:
        Press(template, datetime(2000, 1, 1), root=template.parent).pdf({"logo": text}, tagged=False)
    except PaperNotSet:
        raise DesignUnusable(str(path), Text("the logo is no SVG picture", "logo bukan gambar SVG")) from None
    return text


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2.1 defines it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
