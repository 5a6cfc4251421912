# SPDX-License-Identifier: Apache-2.0
"""What the tests of tokens share: where SoftHSM is, and PINs."""

from __future__ import annotations

from pathlib import Path

import pytest

PIN, SO_PIN = "5173-pin-of-user", "8264-pin-of-officer"
_PLACES = ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm")


def module_path() -> Path:
    """SoftHSM's module; ``make test`` installs it."""
    for place in _PLACES:
        path = Path(place) / "libsofthsm2.so"
        if path.exists():
            return path
    pytest.skip("SoftHSM2 is not installed: apt-get install softhsm2")
