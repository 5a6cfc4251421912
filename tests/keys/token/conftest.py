# SPDX-License-Identifier: Apache-2.0
"""Real tokens: SoftHSM2 in this process, each test with a folder of tokens of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ssn_card.keys.token import TokenKeyring, TokenUri
from ssn_card.keys.token.backup import Backup
from ssn_card.keys.token.components import BACKUP_LENGTH, Component
from ssn_card.keys.token.module import Module

from .tokens import PIN, SO_PIN, module_path


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of SoftHSM's tokens, empty. Moved away, they are pulled out; moved back, they are there again."""
    module, folder, configuration = module_path(), tmp_path / "tokens", tmp_path / "softhsm2.conf"
    folder.mkdir()
    configuration.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    monkeypatch.setenv("PKCS11_MODULE", str(module))
    for name in ("SSN_TOKEN_PIN", "SSN_KEYRING_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    loaded = Module.at(module)
    loaded.restart(loaded.generation)  # with this configuration
    return folder


@pytest.fixture
def new_token(tokens: Path) -> Callable[[str], TokenUri]:
    """Initialize a token of that label."""

    def initialize(label: str) -> TokenUri:
        words = ("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", SO_PIN, "--pin", PIN)
        subprocess.run(words, check=True, capture_output=True, timeout=30)
        loaded = Module.at(None)
        loaded.restart(loaded.generation)
        return TokenUri.parse(f"pkcs11:token={label}")

    return initialize


@pytest.fixture
def uri(new_token: Callable[[str], TokenUri]) -> TokenUri:
    """A token named ``ssn`` without masters."""
    return new_token("ssn")


@pytest.fixture
def empty(uri: TokenUri) -> Iterator[TokenKeyring]:
    """The same, open."""
    with TokenKeyring.open(uri, PIN) as keyring:
        yield keyring


@pytest.fixture
def key() -> Component:
    """The key of the backup."""
    return Component(bytes(range(BACKUP_LENGTH)))


@pytest.fixture
def backup(tmp_path: Path, key: Component) -> Backup:
    """A backup without masters."""
    return Backup.create(tmp_path / "masters.backup", "ssn", 2, key)
