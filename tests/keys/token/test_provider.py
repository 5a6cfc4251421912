# SPDX-License-Identifier: Apache-2.0
"""Card keys out of a token are those of a key file with the same masters, and nothing gets a master out of it."""

from __future__ import annotations

import os
import pickle
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pkcs11
import pytest
from pkcs11 import Attribute, Mechanism

from ssn_card.keys import ExposedKeyFileWarning, KeyMissing, ProviderClosed
from ssn_card.keys.check_value import check_value
from ssn_card.keys.development import development_keyring, development_master
from ssn_card.keys.token import TokenKeyring, TokenPin, TokenUri
from ssn_card.keys.token.backup import Backup
from ssn_card.keys.token.ceremony import hold, plan
from ssn_card.keys.token.components import Component
from ssn_card.keys.token.errors import (
    TokenGone,
    TokenNotFound,
    TokenPinFileUnusable,
    TokenPinMissing,
    TokenPinWrong,
    TokenRefuses,
)
from ssn_card.keys.token.module import Module
from ssn_card.keys.token.objects import Place
from ssn_card.keys.token.sessions import Line, TokenSessions
from ssn_card.protocol.labels import KeyLabel

from .tokens import PIN

SERIALS = [Random(14).randbytes(8) for _ in range(30)]


HELD = (KeyLabel.UPDATE, KeyLabel.DEBIT, KeyLabel.RECEIPT)


def published(place: Place) -> Component:
    return Component(development_master(*place).value())


@pytest.fixture
def bank(empty: TokenKeyring, backup: Backup) -> TokenKeyring:
    """A token with some of the published masters, in versions 1 and 2."""
    hold(empty.sessions, backup, plan(HELD, (1, 2)), published)
    return empty


def test_every_key_is_the_key_files(empty: TokenKeyring, backup: Backup) -> None:
    software = development_keyring((1, 2))
    hold(empty.sessions, backup, plan(KeyLabel, (1, 2)), published)
    assert empty.labels() == software.labels()
    for label in KeyLabel:
        assert empty.versions(label) == (1, 2)
        for version in (1, 2):
            assert empty.check_value(label, version) == software.check_value(label, version)
            for serial in SERIALS[:3]:
                key = empty.diversify(label, version, serial)
                assert key.value() == software.diversify(label, version, serial).value()
                assert key.name == f"{label} v{version} of {serial.hex().upper()}"
                assert repr(key) == f"<SecretKey {key.name}>"


def test_many_keys(bank: TokenKeyring) -> None:
    software, serials = development_keyring((1, 2)), b"".join(SERIALS) * 80  # more than one turn
    block = bank.diversify_many(KeyLabel.RECEIPT, 2, serials)
    assert block.value() == software.diversify_many(KeyLabel.RECEIPT, 2, serials).value()
    assert not any(block.missing)
    assert bank.diversify_many(KeyLabel.RECEIPT, 3, serials[:16]).missing == b"\1\1"
    assert len(bank.diversify_many(KeyLabel.RECEIPT, 1, b"")) == 0


def test_what_is_not_there(bank: TokenKeyring) -> None:
    with pytest.raises(KeyMissing) as caught:
        bank.diversify(KeyLabel.DEBIT, 3, bytes(8))
    assert caught.value.where == "pkcs11:token=ssn;object=ssn"
    with pytest.raises(KeyMissing):
        bank.check_value(KeyLabel.DEBIT, 9)


def test_no_session_is_left_over(bank: TokenKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever comes of a call: a token has few sessions, and work goes on for days."""
    opened, closed = 0, 0
    open_one = TokenSessions._opened

    class Counted:
        def __init__(self, session: Any) -> None:
            self._session = session

        def close(self) -> None:
            nonlocal closed
            closed += 1
            self._session.close()

        def __getattr__(self, name: str) -> Any:
            return getattr(self._session, name)

    def counting(sessions: TokenSessions, pin: TokenPin) -> Line:
        nonlocal opened
        opened += 1
        line = open_one(sessions, pin)
        line.session = Counted(line.session)  # type: ignore[assignment]
        return line

    monkeypatch.setattr(TokenSessions, "_opened", counting)
    bank.sessions._idle.clear()

    def refused(line: Line) -> None:
        raise pkcs11.ArgumentsBad

    def interrupted(line: Line) -> None:
        raise KeyboardInterrupt

    for _ in range(20):
        with pytest.raises(KeyMissing):
            bank.diversify(KeyLabel.DEBIT, 9, bytes(8))
    assert (opened, closed) == (1, 0)
    for action, error in ((refused, TokenRefuses), (interrupted, KeyboardInterrupt)):
        for _ in range(5):
            with pytest.raises(error):
                bank.sessions.run(action)
    assert opened - closed == 0
    assert bank.diversify(KeyLabel.DEBIT, 1, bytes(8)).name


def test_two_sets_in_one_token(bank: TokenKeyring) -> None:
    with TokenKeyring.open(TokenUri(token="ssn", object="other"), PIN) as other:
        assert other.labels() == frozenset()
    assert bank.labels() == frozenset(HELD)


def attempts(line: Line) -> dict[str, Callable[[], Any]]:
    """What somebody with the PIN may try with a master."""
    master: Any = line.masters.key((KeyLabel.DEBIT, 1))
    wrapper: Any = line.session.generate_key(
        pkcs11.KeyType.AES, 256, capabilities=pkcs11.MechanismFlag.WRAP, template={Attribute.EXTRACTABLE: False}
    )
    return {
        "read": lambda: master[Attribute.VALUE],
        "make extractable": lambda: master.__setitem__(Attribute.EXTRACTABLE, True),
        "make readable": lambda: master.__setitem__(Attribute.SENSITIVE, False),
        "let it encrypt": lambda: master.__setitem__(Attribute.ENCRYPT, True),
        "let it derive": lambda: master.__setitem__(Attribute.DERIVE, True),
        "allow more": lambda: master.__setitem__(Attribute.ALLOWED_MECHANISMS, [int(Mechanism.AES_ECB)]),
        "rename": lambda: master.__setitem__(Attribute.LABEL, "ssn DEBIT v2"),
        "another check value": lambda: master.__setitem__(Attribute.ID, b"123"),
        "copy": lambda: master.copy({Attribute.TOKEN: False}),
        "copy extractable": lambda: master.copy({Attribute.TOKEN: False, Attribute.EXTRACTABLE: True}),
        "copy to encrypt": lambda: master.copy({Attribute.TOKEN: False, Attribute.ENCRYPT: True}),
        "destroy": lambda: master.destroy(),
        "wrap": lambda: wrapper.wrap_key(master, mechanism=Mechanism.AES_KEY_WRAP),
        "another mechanism": lambda: master.sign(bytes(16), mechanism=Mechanism.AES_ECB),
    }


def test_a_master_does_not_come_out(bank: TokenKeyring) -> None:
    """Not a promise of ours: SoftHSM itself refuses."""

    def attempt(line: Line) -> None:
        for what, tried in attempts(line).items():
            with pytest.raises(pkcs11.PKCS11Error):
                pytest.fail(f"{what}: {tried()}")

    bank.sessions.run(attempt)
    assert bank.check_value(KeyLabel.DEBIT, 1) == check_value(development_master(KeyLabel.DEBIT, 1).value())


def test_pulled_out_and_put_back(bank: TokenKeyring, tokens: Path) -> None:
    before = bank.diversify(KeyLabel.DEBIT, 1, SERIALS[0]).value()
    away = tokens.rename(tokens.with_name("away"))
    for ask in (
        lambda: bank.diversify(KeyLabel.DEBIT, 1, SERIALS[0]),
        lambda: bank.diversify_many(KeyLabel.DEBIT, 1, SERIALS[0]),
        lambda: bank.versions(KeyLabel.DEBIT),
        lambda: bank.check_value(KeyLabel.DEBIT, 1),
    ):
        with pytest.raises(TokenGone) as caught:
            ask()
        assert "Put the token back" in caught.value.remedy.en
    away.rename(tokens)
    assert bank.diversify(KeyLabel.DEBIT, 1, SERIALS[0]).value() == before
    assert bank.versions(KeyLabel.DEBIT) == (1, 2)


def test_restarted_under_everybody(bank: TokenKeyring) -> None:
    """Its numbers for sessions and keys are given out anew: nobody goes on with the old ones."""
    expected = {label: bank.diversify(label, 1, SERIALS[0]).value() for label in HELD}
    with TokenKeyring.open(bank.uri, PIN) as other:
        for _ in range(3):
            module = Module.at(None)
            module.restart(module.generation)
            for label in reversed(HELD):
                assert other.diversify(label, 1, SERIALS[0]).value() == expected[label]
            assert {label: bank.diversify(label, 1, SERIALS[0]).value() for label in HELD} == expected


def test_restarted_while_others_are_at_it(bank: TokenKeyring) -> None:
    """Numbers of sessions and keys begin anew each time: an old one is another key's by then."""
    expected = {label: bank.diversify(label, 1, SERIALS[0]).value() for label in HELD}
    module, wrong, rounds, stop = Module.at(None), [], [0] * len(HELD), threading.Event()

    def ask(number: int, label: KeyLabel) -> None:
        while not stop.is_set():
            block = bank.diversify_many(label, 1, SERIALS[0] * 20).value()
            if block != expected[label] * 20:
                wrong.append(label)
            rounds[number] += 1

    threads = [threading.Thread(target=ask, args=each) for each in enumerate(HELD)]
    for thread in threads:
        thread.start()
    for _ in range(15):
        module.restart(module.generation)
        time.sleep(0.02)
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert all(rounds)


def test_in_a_child_process(bank: TokenKeyring) -> None:
    expected = bank.diversify(KeyLabel.DEBIT, 1, SERIALS[0]).value()
    child = os.fork()
    if child == 0:  # nothing of pytest's runs here
        os._exit(0 if bank.diversify(KeyLabel.DEBIT, 1, SERIALS[0]).value() == expected else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert bank.diversify(KeyLabel.DEBIT, 1, SERIALS[0]).value() == expected


def test_several_threads(bank: TokenKeyring) -> None:
    software = development_keyring((1,))
    wrong: list[bytes] = []

    def ask() -> None:
        for serial in SERIALS * 10:
            if (
                bank.diversify(KeyLabel.UPDATE, 1, serial).value()
                != software.diversify(KeyLabel.UPDATE, 1, serial).value()
            ):
                wrong.append(serial)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_pin(uri: TokenUri, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TokenPinMissing):
        TokenKeyring.open(uri)
    with pytest.raises(TokenPinWrong) as caught:
        TokenKeyring.open(uri, "0000")
    assert "once" in caught.value.remedy.en
    monkeypatch.setenv("SSN_TOKEN_PIN", PIN)
    TokenKeyring.open(uri).close()
    monkeypatch.setenv("SSN_TOKEN_PIN", "0000")
    path = tmp_path / "pin"
    path.write_text(PIN + "\n")
    path.chmod(0o600)
    path.chmod(0o644)
    with pytest.warns(ExposedKeyFileWarning):
        TokenKeyring.open(f"{uri}?pin-source={path}").close()
    path.chmod(0o600)
    with TokenKeyring.open(f"{uri}?pin-source=file:{path}") as keyring:
        with pytest.raises(TokenPinWrong):  # though this process is logged in
            TokenKeyring.open(uri)
        assert PIN not in repr(keyring) + repr(vars(keyring.sessions)) + str(keyring.uri)
    for content in (b"", b"\n", b"\xff\xfe"):
        path.write_bytes(content)
        with pytest.raises(TokenPinFileUnusable) as unusable:
            TokenKeyring.open(f"{uri}?pin-source=file:{path}")
        assert unusable.value.where == str(path)
    with pytest.raises(TokenPinFileUnusable):
        TokenKeyring.open(f"{uri}?pin-source=file:{path}.none")
    with pytest.raises(TypeError):
        pickle.dumps(TokenPin(PIN))


def test_a_pin_that_was_changed_is_shown_once(bank: TokenKeyring) -> None:
    """Where the token comes back with another PIN: asked for once, not until it locks."""
    module = Module.at(None)
    module.restart(module.generation)
    bank.sessions._pin = TokenPin("0000")
    with pytest.raises(TokenPinWrong):
        bank.diversify(KeyLabel.DEBIT, 1, SERIALS[0])
    bank.sessions._pin = TokenPin(PIN)
    with pytest.raises(TokenPinWrong):
        bank.diversify(KeyLabel.DEBIT, 1, SERIALS[0])


def test_closed(bank: TokenKeyring) -> None:
    bank.close()
    bank.close()
    for ask in (lambda: bank.diversify(KeyLabel.DEBIT, 1, bytes(8)), bank.labels):
        with pytest.raises(ProviderClosed):
            ask()
    with TokenKeyring.open(bank.uri, PIN) as again:
        assert again.labels()


@pytest.mark.parametrize("said", ["pkcs11:token=other", "pkcs11:token=ssn;serial=00", "pkcs11:token=ssn;model=x"])
def test_another_token(uri: TokenUri, said: str) -> None:
    with pytest.raises(TokenNotFound) as caught:
        TokenKeyring.open(said, PIN)
    assert caught.value.found == 0


def test_two_tokens_of_one_name(new_token: Callable[[str], TokenUri]) -> None:
    new_token("ssn")
    uri = new_token("ssn")
    with pytest.raises(TokenNotFound) as caught:
        TokenKeyring.open(uri, PIN)
    assert caught.value.found == 2
    serials = {slot.get_token().serial.decode() for slot in Module.at(None).library().get_slots()} - {""}
    for serial in serials:
        TokenKeyring.open(f"pkcs11:token=ssn;serial={serial}", PIN).close()
