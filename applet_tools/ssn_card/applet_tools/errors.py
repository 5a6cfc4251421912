# SPDX-License-Identifier: Apache-2.0
"""Errors of checking and building the applet."""

from __future__ import annotations

from pathlib import Path

from ssn_card.cli.errors import FindingsFound
from ssn_card.protocol.checkout import is_checkout
from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text

#: For whatever Maven builds, where there is no Maven.
FROM_A_WHEEL = Text(
    "This copy was packed without its Java parts. Install a wheel that 'make wheel' has made.",
    "Salinan ini dikemas tanpa bagian Java. Pasang wheel yang dibuat dengan 'make wheel'.",
)


class BadClassFile(InputError):
    """A file that is no class file, or one cut short; ``where`` is its path."""

    code = "bad-class-file"
    default_remedy = Text("Compile the applet again: make java.", "Kompilasi ulang applet: make java.")

    def __init__(self, path: str, reason: Text) -> None:
        super().__init__(
            Text(f"The class file cannot be read ({reason.en}).", f"Berkas kelas tidak terbaca ({reason.id})."),
            where=path,
        )


class NoClasses(ConfigurationError):
    """There is nothing to check."""

    code = "no-classes"
    default_remedy = Text(
        "Compile the applet first (make java), or name the directory with --classes.",
        "Kompilasi applet dahulu (make java), atau sebut direktorinya dengan --classes.",
    )

    def __init__(self, directory: Path) -> None:
        super().__init__(
            Text("There are no class files here.", "Tidak ada berkas kelas di sini."),
            where=str(directory),
            remedy=None if is_checkout() else FROM_A_WHEEL,
        )


class AppletFindings(FindingsFound):
    """The classes hold something that a Java Card does not have. Each finding has been printed with its remedy."""

    code = "applet-findings"
    default_remedy = Text("Change the applet as each line says.", "Ubah applet sesuai setiap baris.")


class ToolMissing(ConfigurationError):
    """A tool of the conversion is absent, or its variable names something else; ``where`` is the variable."""

    code = "tool-missing"


class ConversionFailed(SsnCardError):
    """Oracle's converter or verifier, or the compiler before them, refused the applet. Nothing was written."""

    code = "conversion-failed"
    default_remedy = Text(
        "Correct the applet; 'ssn applet check' explains most refusals. -v shows all that the tools said.",
        "Perbaiki applet; 'ssn applet check' menjelaskan sebagian besar penolakan. -v menampilkan seluruh pesan alat.",
    )

    def __init__(self, reason: str) -> None:
        super().__init__(Text(f"The conversion failed: {reason}", f"Konversi gagal: {reason}"))


class BadCap(InputError):
    """A file that is no CAP file, or one that cannot be loaded; ``where`` is its path."""

    code = "bad-cap"

    def __init__(self, path: str, reason: Text) -> None:
        super().__init__(
            Text(f"The CAP file cannot be used ({reason.en}).", f"Berkas CAP tidak dapat dipakai ({reason.id})."),
            where=path,
            remedy=Text("Build it again: ssn applet build.", "Bangun ulang: ssn applet build."),
        )
