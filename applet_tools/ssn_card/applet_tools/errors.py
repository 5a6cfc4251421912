# SPDX-License-Identifier: Apache-2.0
"""Errors of checking and building the applet.

The tree::

    InputError
      BadClassFile
      BadCap
    ConfigurationError
      NoClasses
      ToolMissing
    FindingsFound
      AppletFindings
    SsnCardError
      ConversionFailed
"""

from __future__ import annotations

from pathlib import Path

from ssn_card.cli.errors import FindingsFound
from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text

#: For whatever Maven builds, where there is no Maven.
FROM_A_WHEEL = Text(
    "This copy was packed without its Java parts. Install a wheel that 'make wheel' has made.",
    "Salinan ini dikemas tanpa bagian Java. Pasang wheel yang dibuat dengan 'make wheel'.",
)


class BadClassFile(InputError):
    """A file that is no class file, or one cut short; ``where`` is its path."""

    code = "bad-class-file"
    text = Text("The class file cannot be read ({reason}).", "Berkas kelas tidak terbaca ({reason}).")
    remedy = Text("Compile the applet again: make java.", "Kompilasi ulang applet: make java.")
    where = "{path}"
    path: str
    reason: Text


class NoClasses(ConfigurationError):
    """There is nothing to check."""

    code = "no-classes"
    text = Text("There are no class files here.", "Tidak ada berkas kelas di sini.")
    where = "{directory}"
    directory: Path
    remedy: Text = Text(
        "Compile the applet first (make java), or name the directory with --classes.",
        "Kompilasi applet dahulu (make java), atau sebut direktorinya dengan --classes.",
    )


class AppletFindings(FindingsFound):
    """The classes hold something that a Java Card does not have. Each finding has been printed with its remedy."""

    code = "applet-findings"
    remedy = Text("Change the applet as each line says.", "Ubah applet sesuai setiap baris.")


class ToolMissing(ConfigurationError):
    """A tool of the conversion is absent, or its variable names something else; ``where`` is the variable."""

    code = "tool-missing"


class ConversionFailed(SsnCardError):
    """Oracle's converter or verifier, or the compiler before them, refused the applet. Nothing was written."""

    code = "conversion-failed"
    text = Text("The conversion failed: {reason}", "Konversi gagal: {reason}")
    remedy = Text(
        "Correct the applet; 'ssn applet check' explains most refusals. -v shows all that the tools said.",
        "Perbaiki applet; 'ssn applet check' menjelaskan sebagian besar penolakan. -v menampilkan seluruh pesan alat.",
    )
    reason: str


class BadCap(InputError):
    """A file that is no CAP file, or one that cannot be loaded; ``where`` is its path."""

    code = "bad-cap"
    text = Text("The CAP file cannot be used ({reason}).", "Berkas CAP tidak dapat dipakai ({reason}).")
    remedy = Text("Build it again: ssn applet build.", "Bangun ulang: ssn applet build.")
    where = "{path}"
    path: str
    reason: Text
