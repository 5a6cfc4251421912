# SPDX-License-Identifier: Apache-2.0
"""What the tests of tokens share: where SoftHSM is, and PINs."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from ssn_card.keys.token.components import BACKUP_LENGTH, MASTER_LENGTH, Component, combined

PIN, SO_PIN = "5173-pin-of-user", "8264-pin-of-officer"
_PLACES = ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm")


def module_path() -> Path:
    """SoftHSM's module; ``make test`` installs it."""
    for place in _PLACES:
        path = Path(place) / "libsofthsm2.so"
        if path.exists():
            return path
    pytest.skip("SoftHSM2 is not installed: apt-get install softhsm2")


class Custodians:
    """Who sits at the prompts: each types a component and its check value, and the operator the PIN."""

    def __init__(self, count: int = 2, seed: int = 1) -> None:
        random = Random(seed)
        self.backup = [Component(random.randbytes(BACKUP_LENGTH)) for _ in range(count)]
        self.masters: list[Component] = []  #: of all masters that were typed, in the order of the prompts
        self.prompts: list[str] = []
        self.slips = 0  #: how many check values are mistyped before the right one
        self._random = random
        self._last: Component | None = None

    def answer(self, prompt: str) -> str:
        """For ``getpass.getpass``."""
        self.prompts.append(prompt)
        if prompt.startswith("PIN "):
            return PIN
        if "check value" in prompt:
            assert self._last is not None
            if self.slips:
                self.slips -= 1
                return "000000"
            return self._last.kcv.hex()
        if "backup key" in prompt:
            self._last = self.backup[int(prompt.split()[1]) - 1]
        else:
            self._last = Component(self._random.randbytes(MASTER_LENGTH))
            self.masters.append(self._last)
        return self._last.value().hex()

    def answer_in_indonesian(self, prompt: str) -> str:
        """The same, to the same questions."""
        for indonesian, english in (
            ("Pemegang", "Custodian"), ("nilai periksa", "check value"), ("kunci cadangan", "backup key"),
        ):  # fmt: skip
            prompt = prompt.replace(indonesian, english)
        return self.answer(prompt)

    @property
    def secrets(self) -> list[str]:
        """Whatever they typed that nobody else may see, in hexadecimal."""
        combined_key = combined(self.backup, "test")
        return [one.value().hex() for one in (*self.backup, *self.masters, combined_key)]
