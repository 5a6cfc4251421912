# SPDX-License-Identifier: Apache-2.0
"""``ssn keys signing-key``, and whose signature other commands put under what they state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ssn_card.keys.pem import public_pem
from ssn_card.keys.token import TokenUri, is_token_uri
from ssn_card.keys.token.signer import TokenSigner
from ssn_card.protocol.errors import Text
from ssn_card.signing import Signer, read_signing_key
from ssn_card.storage import whole_file

from .keys_options import Token
from .options import OutFile
from .output import AsJson, emit
from .passwords import ATTESTATION_PASSWORD_VARIABLE, password_of, token_pin_of
from .tables import facts

SignerKey = Annotated[
    str,
    typer.Option(
        "--signer",
        metavar="KEY",
        help="Whose signing key: pkcs11:token=NAME, or a key file, password from SSN_ATTESTATION_PASSWORD or asked for "
        "/ kunci tanda tangan: pkcs11:token=NAMA, atau berkas kunci, kata sandi dari SSN_ATTESTATION_PASSWORD atau "
        "ditanyakan.",
    ),
]


def signing_key(*, token: Token, out: OutFile, json: AsJson = False) -> None:
    """Make the key in a token that signs what the bank states, if there is none, and write its public part.

    Buat kunci di token untuk menandatangani pernyataan bank, bila belum ada, dan tulis bagian publiknya.
    """
    uri = TokenUri.parse(token)
    with whole_file(out, new=True) as file, TokenSigner.create(uri, token_pin_of(uri)) as signer:
        public = signer.public_key()
        file.write(public_pem(public))
    data = {"token": str(uri), "public_key": str(out), "signer": public.public_bytes_raw().hex()}
    rows = (
        (Text("token", "perangkat token"), str(uri)),
        (Text("public key, to be given", "kunci publik, dibagikan"), str(out)),
        (Text("number of the key", "nomor kunci"), public.public_bytes_raw().hex()),
    )
    emit("keys-signing-key", data, json, lambda: facts(Text("Signing key", "Kunci tanda tangan"), rows))


@contextmanager
def signer_of(key: str) -> Iterator[Signer]:
    """The key that ``--signer`` names. Raises ``TokenError``, or what reading a key file raises."""
    if is_token_uri(key):
        uri = TokenUri.parse(key)
        with TokenSigner.open(uri, token_pin_of(uri)) as signer:
            yield signer
    else:
        path = Path(key)
        yield read_signing_key(path, password_of(path, ATTESTATION_PASSWORD_VARIABLE))
