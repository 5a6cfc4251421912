# SPDX-License-Identifier: Apache-2.0
"""The token's own signing key: made once, inside; what it signs others check by its public part."""

from __future__ import annotations

from pathlib import Path

import pkcs11
import pytest
from cryptography.exceptions import InvalidSignature

from ssn_card.cli.main import run
from ssn_card.keys.token import TokenUri
from ssn_card.keys.token.errors import SigningKeyMissing, TokenGone
from ssn_card.keys.token.pins import TokenPin
from ssn_card.keys.token.signer import TokenSigner
from ssn_card.signing import read_public_key

from .tokens import PIN

PIN_ = TokenPin(PIN)


def test_made_once_and_the_same_ever_after(uri: TokenUri) -> None:
    with pytest.raises(SigningKeyMissing, match="0 signing keys"):
        TokenSigner.open(uri, PIN_)
    with TokenSigner.create(uri, PIN_) as signer:
        public = signer.public_key()
        signature = signer.sign(b"stated")
    public.verify(signature, b"stated")
    with pytest.raises(InvalidSignature):
        public.verify(signature, b"states")
    for make in (TokenSigner.create, TokenSigner.open):
        with make(uri, PIN_) as signer:
            assert signer.public_key() == public
            assert signer.sign(b"stated") == signature  # Ed25519 has no randomness


def test_its_private_part_does_nothing_else_and_never_leaves(uri: TokenUri) -> None:
    with TokenSigner.create(uri, PIN_) as signer:
        keys = signer._sessions.run(
            lambda line: [
                [key[one] for one in (pkcs11.Attribute.EXTRACTABLE, pkcs11.Attribute.SENSITIVE)]
                for key in line.session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})
            ]
        )
        assert keys == [[False, True]]
        assert PIN not in repr(signer)


def test_another_set_has_a_key_of_its_own(uri: TokenUri) -> None:
    other = TokenUri.parse("pkcs11:token=ssn;object=trial")
    with TokenSigner.create(uri, PIN_) as one, TokenSigner.create(other, PIN_) as two:
        assert one.public_key() != two.public_key()


def test_a_token_that_comes_back_signs_again(uri: TokenUri, tokens: Path) -> None:
    away = tokens.with_name("away")
    with TokenSigner.create(uri, PIN_) as signer:
        public = signer.public_key()
        tokens.rename(away)
        with pytest.raises(TokenGone):
            signer.sign(b"stated")
        away.rename(tokens)
        public.verify(signer.sign(b"stated"), b"stated")


def test_the_command_gives_the_public_part_again(
    uri: TokenUri, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SSN_TOKEN_PIN", PIN)
    first, again = tmp_path / "first.pem", tmp_path / "again.pem"
    assert run(["keys", "signing-key", str(uri), "--out", str(first)]) == 0
    assert run(["keys", "signing-key", str(uri), "--out", str(again)]) == 0
    assert read_public_key(first) == read_public_key(again)
    assert run(["keys", "signing-key", str(uri), "--out", str(again)]) != 0
    assert PIN not in capsys.readouterr().out
