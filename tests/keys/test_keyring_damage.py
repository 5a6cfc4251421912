# SPDX-License-Identifier: Apache-2.0
"""A keyring that was changed after it was written never opens, and says where."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssn_card.keys import KeyringDamaged, KeyringError, SoftwareKeyring, WrongPassword
from ssn_card.protocol.labels import KeyLabel

PASSWORD = "minyak dua liter"

Document = dict[str, Any]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("keyring") / "keyring"
    SoftwareKeyring.create(path, PASSWORD, labels=[KeyLabel.DEBIT, KeyLabel.UPDATE], versions=[1, 2]).close()
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keyring"
    path.touch(mode=0o600)
    return path


def remove_key(document: Document) -> None:
    del document["keys"][0]


def swap_sealed(document: Document) -> None:
    first, second = document["keys"][0], document["keys"][1]
    first["sealed"], second["sealed"] = second["sealed"], first["sealed"]


def swap_order(document: Document) -> None:
    document["keys"].reverse()


def rename_version(document: Document) -> None:
    document["keys"][1]["version"] = 3


def rename_label(document: Document) -> None:
    document["keys"][0]["label"] = "RECEIPT"


def unknown_label(document: Document) -> None:
    document["keys"][0]["label"] = "CASH"


def repeat_key(document: Document) -> None:
    document["keys"].append(document["keys"][0])


def change_kcv(document: Document) -> None:
    document["keys"][0]["kcv"] = "000000"


def change_holder(document: Document) -> None:
    document["holder"] = "terminal"


def shorten_sealed(document: Document) -> None:
    document["keys"][0]["sealed"] = "00"


def add_field(document: Document) -> None:
    document["note"] = "x"


def drop_seal(document: Document) -> None:
    del document["seal"]


def huge_cost(document: Document) -> None:
    document["kdf"]["n"] = 1 << 30


def odd_cost(document: Document) -> None:
    document["kdf"]["n"] = (1 << 15) + 1


def version_as_text(document: Document) -> None:
    document["keys"][0]["version"] = "1"


CHANGES: list[tuple[Callable[[Document], None], str]] = [
    (remove_key, "seal"),
    (swap_sealed, "keys[0] DEBIT v1"),
    (swap_order, "seal"),
    (rename_version, "keys[1] DEBIT v3"),
    (rename_label, "keys[0] RECEIPT v1"),
    (unknown_label, "keys[0] CASH v1"),
    (repeat_key, "keys[4] DEBIT v1"),
    (change_kcv, "keys[0] DEBIT v1"),
    (change_holder, "seal"),
    (shorten_sealed, "keys[0] DEBIT v1"),
    (add_field, "note"),
    (drop_seal, "seal"),
    (huge_cost, "kdf.n"),
    (odd_cost, "kdf.n"),
    (version_as_text, "keys.0.version"),
]


@pytest.mark.parametrize(("change", "where"), CHANGES)
def test_changes_are_placed(original: bytes, path: Path, change: Callable[[Document], None], where: str) -> None:
    document = json.loads(original)
    change(document)
    path.write_text(json.dumps(document))
    with pytest.raises(KeyringDamaged) as caught:
        SoftwareKeyring.open(path, PASSWORD)
    assert caught.value.where == f"{path}: {where}"


def test_other_spacing_is_no_damage(original: bytes, path: Path) -> None:
    path.write_text(json.dumps(json.loads(original)))
    assert SoftwareKeyring.open(path, PASSWORD).versions(KeyLabel.DEBIT) == (1, 2)


@pytest.mark.parametrize("keep", [0, 1, 100, -2])
def test_half_a_file(original: bytes, path: Path, keep: int) -> None:
    path.write_bytes(original[:keep] if keep >= 0 else original[: len(original) + keep])
    with pytest.raises(KeyringDamaged):
        SoftwareKeyring.open(path, PASSWORD)


def test_a_changed_salt_looks_like_a_wrong_password(original: bytes, path: Path) -> None:
    document = json.loads(original)
    document["kdf"]["salt"] = "00" * 16
    path.write_text(json.dumps(document))
    with pytest.raises(WrongPassword):
        SoftwareKeyring.open(path, PASSWORD)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_changed_bit_never_changes_a_key(original: bytes, path: Path, position: int, bit: int) -> None:
    """A bit in the spacing may be harmless; then every key is as it was."""
    position %= len(original)
    changed = bytearray(original)
    changed[position] ^= 1 << bit
    path.write_bytes(bytes(changed))
    try:
        opened = SoftwareKeyring.open(path, PASSWORD)
    except KeyringError:
        return
    assert json.loads(changed) == json.loads(original)
    assert opened.versions(KeyLabel.DEBIT) == (1, 2)
