# SPDX-License-Identifier: Apache-2.0
"""Errors of pictures.

The tree::

    ConfigurationError
      PlotsMissing
    InputError
      BadPicture
"""

from __future__ import annotations

from pathlib import Path

from ssn_card.protocol.errors import ConfigurationError, InputError, Text

FORMATS = ("svg", "png")


class PlotsMissing(ConfigurationError):
    """matplotlib is not installed."""

    code = "plots-missing"
    text = Text("Drawing needs matplotlib.", "Menggambar memerlukan matplotlib.")
    remedy = Text("Install it: pip install 'ssn-card[plots]'.", "Pasang: pip install 'ssn-card[plots]'.")


class BadPicture(InputError):
    """A picture cannot be written under this name."""

    code = "bad-picture"
    remedy = Text(
        "Give a name that ends with one of {endings}, in a folder that exists.",
        "Beri nama yang berakhir dengan salah satu dari {endings}, dalam folder yang ada.",
    )
    where = "{path}"
    endings = ", ".join(f".{one}" for one in FORMATS)
    path: Path
    text: Text = Text("The picture cannot be written.", "Gambar tidak dapat ditulis.")
