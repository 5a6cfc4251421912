# SPDX-License-Identifier: Apache-2.0
"""The module that is missing; the token that goes away at every call: nothing is lost, doubled or half done."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pkcs11
import pytest

from ssn_card.keys import TokenKeyring
from ssn_card.keys.development import development_keyring, development_master
from ssn_card.keys.token import TokenUri
from ssn_card.keys.token.backup import Backup
from ssn_card.keys.token.ceremony import faults, hold, plan, restore
from ssn_card.keys.token.components import Component
from ssn_card.keys.token.errors import TokenGone, TokenModuleUnusable, TokenSupportMissing
from ssn_card.keys.token.module import Module
from ssn_card.keys.token.sessions import Line, TokenSessions
from ssn_card.protocol.labels import KeyLabel

from .tokens import PIN

PLACES = plan((KeyLabel.DEBIT, KeyLabel.UPDATE), (1, 2))


@pytest.mark.parametrize("what", ["none", "missing", "no library", "no PKCS#11 library"])
def test_a_module_that_cannot_be_used(
    uri: TokenUri, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "text.so"
    text.write_text("no library")
    libc = next(Path("/usr/lib").glob("*-linux-gnu/libc.so.6"))
    path = {"missing": tmp_path / "x.so", "no library": text, "no PKCS#11 library": libc}.get(what)
    monkeypatch.delenv("PKCS11_MODULE")
    with pytest.raises(TokenModuleUnusable) as caught:
        TokenKeyring.open(f"{uri}" + (f"?module-path={path}" if path else ""), PIN)
    assert "module-path=" in caught.value.remedy.en
    assert caught.value.where == (str(path) if path else None)


def test_without_the_package(uri: TokenUri, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(TokenSupportMissing) as caught:
        TokenKeyring.open(uri, PIN)
    assert "ssn-card[hsm]" in caught.value.remedy.en


class Thief:
    """Takes the token away at the n-th call of all, and puts it back when asked."""

    def __init__(self, tokens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tokens = tokens
        self.away = tokens.with_name("away")
        self.calls_left = -1
        run = TokenSessions.run

        def robbed(sessions: TokenSessions, action: Callable[[Line], Any]) -> Any:
            self.calls_left -= 1
            if self.calls_left == 0:
                self.tokens.rename(self.away)
            return run(sessions, action)

        monkeypatch.setattr(TokenSessions, "run", robbed)

    def give_back(self) -> None:
        self.away.rename(self.tokens)


@pytest.fixture
def thief(tokens: Path, monkeypatch: pytest.MonkeyPatch) -> Thief:
    return Thief(tokens, monkeypatch)


def test_at_every_call_of_a_ceremony(empty: TokenKeyring, backup: Backup, thief: Thief) -> None:
    robberies = 0
    for call in range(1, 40):
        thief.calls_left = call
        try:
            hold(empty.sessions, backup, PLACES, lambda place: Component(development_master(*place).value()))
            break
        except TokenGone:
            robberies += 1
            thief.give_back()
    assert robberies >= 8  # what was done before a robbery is not done again
    thief.calls_left = -1
    values, wrong = faults(empty.sessions)
    assert wrong == []
    assert set(values) == set(PLACES) == set(backup.masters)
    software = development_keyring((1, 2))
    for label, version in PLACES:
        assert empty.diversify(label, version, bytes(8)).value() == software.diversify(label, version, bytes(8)).value()


def test_at_every_call_of_a_restore(
    empty: TokenKeyring, new_token: Callable[[str], TokenUri], backup: Backup, thief: Thief
) -> None:
    hold(empty.sessions, backup, PLACES)
    with TokenKeyring.open(new_token("reserve"), PIN) as reserve:
        for call in range(1, 40):
            thief.calls_left = call
            try:
                restore(reserve.sessions, backup)
                break
            except TokenGone:
                thief.give_back()
        thief.calls_left = -1
        assert faults(reserve.sessions) == faults(empty.sessions)


def test_another_token_under_its_name(
    empty: TokenKeyring, new_token: Callable[[str], TokenUri], backup: Backup, tokens: Path, tmp_path: Path
) -> None:
    """Its masters would go on cards of the same batch."""
    hold(empty.sessions, backup, PLACES)
    expected = empty.diversify(*PLACES[0], bytes(8)).value()
    away = tokens.rename(tmp_path / "away")
    tokens.mkdir()
    other = new_token("ssn")
    with TokenKeyring.open(other, PIN) as second:
        hold(second.sessions, Backup.create(tmp_path / "other.backup", "ssn", 2, Component(b"k" * 32)), PLACES)
    with pytest.raises(TokenGone):
        empty.diversify(*PLACES[0], bytes(8))
    shutil.rmtree(tokens)
    away.rename(tokens)
    assert empty.diversify(*PLACES[0], bytes(8)).value() == expected


def test_one_library_by_two_names(empty: TokenKeyring, tmp_path: Path) -> None:
    """Else each would start it anew under the other, and numbers of keys would be mixed up."""
    link = tmp_path / "module.so"
    link.symlink_to(Module.at(None).path)
    assert Module.at(link) is Module.at(None)


def test_in_the_middle_of_many_keys(empty: TokenKeyring, backup: Backup, thief: Thief) -> None:
    hold(empty.sessions, backup, PLACES)
    serials = b"".join(number.to_bytes(8, "big") for number in range(3000))
    expected = empty.diversify_many(KeyLabel.DEBIT, 1, serials).value()
    thief.calls_left = 3
    with pytest.raises(TokenGone):
        empty.diversify_many(KeyLabel.DEBIT, 1, serials)
    thief.give_back()
    assert empty.diversify_many(KeyLabel.DEBIT, 1, serials).value() == expected


def test_a_restart_in_the_middle_is_not_even_noticed(empty: TokenKeyring, backup: Backup, monkeypatch: Any) -> None:
    """A token that is back at once: the call is made again, by new sessions."""
    hold(empty.sessions, backup, PLACES)
    expected = [empty.diversify(*place, bytes(8)).value() for place in PLACES]
    run, calls = TokenSessions.run, 0

    def restarting(sessions: TokenSessions, action: Callable[[Line], Any]) -> Any:
        nonlocal calls
        calls += 1

        def interrupted(line: Line) -> Any:
            nonlocal calls
            if calls % 2:
                calls += 1
                raise pkcs11.DeviceRemoved
            return action(line)

        return run(sessions, interrupted)

    monkeypatch.setattr(TokenSessions, "run", restarting)
    starts = Module.at(None).generation
    assert [empty.diversify(*place, bytes(8)).value() for place in PLACES] == expected
    assert Module.at(None).generation > starts
