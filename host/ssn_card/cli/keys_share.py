# SPDX-License-Identifier: Apache-2.0
"""``ssn keys receipts, transport, recipient-key``: keys of named cards for an auditor or for the maker of a batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from ssn_card.keys import KeyMissing, export_card_keys, export_receipt_keys
from ssn_card.keys.pem import RECEIVING, public_pem
from ssn_card.protocol.errors import Text
from ssn_card.protocol.labels import KeyLabel
from ssn_card.storage import whole_file

from .errors import BadFile
from .files import date_given, read_serials
from .keys_options import PURPOSES, KeySource
from .options import KeyVersion, KeyVersions, OutFile, SerialFile, opened_keys
from .output import AsJson, emit, progress, say
from .passwords import NEW_PASSWORD_VARIABLE, new_password_of
from .tables import facts

PUBLIC = ".pub"  #: behind the name of a private key's file
_TO = typer.Option(
    "--to",
    metavar="FILE",
    help="Public key of whoever is to open the file, from himself, PEM / "
    "kunci publik penerima berkas, langsung darinya, PEM.",
)
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="First day that the keys are given for / hari pertama pemakaian."),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="Last day that the keys are given for / hari terakhir pemakaian."),
]


def receipts(
    *,
    keys: KeySource,
    serials: SerialFile,
    out: OutFile,
    to: Annotated[Path | None, _TO] = None,
    since: Since = None,
    until: Until = None,
    key_version: KeyVersions = None,
    json: AsJson = False,
) -> None:
    """Write an auditor's file: the RECEIPT keys of the listed cards and no master; in all versions held by default.

    Tulis berkas auditor: kunci RECEIPT kartu yang didaftar saja, tanpa kunci induk; biasanya semua versi yang ada.

    With --to only the auditor's private key opens it (ssn keys recipient-key). Otherwise it is sealed with a password,
    from SSN_NEW_KEYRING_PASSWORD or asked for. --since and --until are stated in it, and are no limit.

    Dengan --to hanya kunci privat auditor yang membukanya (ssn keys recipient-key). Tanpa itu berkas disegel dengan
    kata sandi, dari SSN_NEW_KEYRING_PASSWORD atau ditanyakan. --since dan --until dicatat di dalamnya, bukan pembatas.
    """
    cards = read_serials(serials)
    first = None if since is None else date_given(since, "--since")
    last = None if until is None else date_given(until, "--until")
    recipient = None if to is None else RECEIVING.read_public(to)
    with opened_keys(keys) as provider, _counted(cards, json) as counted:
        versions = tuple(key_version or provider.versions(KeyLabel.RECEIPT))
        if not versions:
            raise KeyMissing(KeyLabel.RECEIPT, 1, keys)
        seal = new_password_of(out, NEW_PASSWORD_VARIABLE) if recipient is None else recipient
        count = export_receipt_keys(provider, counted, versions, out, seal, (first, last))
    _emit("keys-receipts", out, cards, versions, count, recipient, json)


def transport(
    *,
    keys: KeySource,
    serials: SerialFile,
    out: OutFile,
    to: Annotated[Path, _TO],
    key_version: KeyVersion = 1,
    json: AsJson = False,
) -> None:
    """Write the transport keys of a batch of blank cards for their maker, whose private key alone opens the file.

    Tulis kunci transport satu kelompok kartu kosong untuk pembuatnya; hanya kunci privatnya yang membuka berkas itu.

    Each card gets three: TRANSPORT-ENC, TRANSPORT-MAC and TRANSPORT-DEK. With them a card can be personalized once.

    Tiap kartu mendapat tiga: TRANSPORT-ENC, TRANSPORT-MAC, dan TRANSPORT-DEK, untuk personalisasi satu kali.
    """
    cards, recipient = read_serials(serials), RECEIVING.read_public(to)
    with opened_keys(keys) as provider, _counted(cards, json) as counted:
        count = export_card_keys(provider, PURPOSES["transport"], counted, (key_version,), out, recipient)
    _emit("keys-transport", out, cards, (key_version,), count, recipient, json)


def recipient_key(*, out: OutFile, json: AsJson = False) -> None:
    """Make a key pair to receive keys with: the public part, FILE.pub, goes to the bank.

    Buat pasangan kunci untuk menerima kunci kartu: bagian publiknya, FILE.pub, diberikan ke bank.

    The password of the private part comes from SSN_KEYRING_PASSWORD or is asked for.

    Kata sandi bagian privat dari SSN_KEYRING_PASSWORD atau ditanyakan.
    """
    public = out.with_name(out.name + PUBLIC)
    if public.exists() or public.is_symlink():
        raise BadFile(Text("The file exists already.", "Berkas sudah ada."), where=str(public))
    key = RECEIVING.create(out, new_password_of(out)).public_key()
    with whole_file(public, new=True) as file:
        file.write(public_pem(key))
    data = {"key": str(out), "public_key": str(public), "number": _number(key)}
    rows = (
        (Text("private key, to be kept", "kunci privat, disimpan"), str(out)),
        (Text("public key, to be given", "kunci publik, dibagikan"), str(public)),
        (Text("number of the key", "nomor kunci"), _number(key)),
    )
    emit("keys-recipient-key", data, json, lambda: facts(Text("Key to receive with", "Kunci penerima"), rows))


@contextmanager
def _counted(cards: Sequence[bytes], json: bool) -> Iterator[Iterable[bytes]]:
    """The cards, with a bar that follows them."""
    with progress(json) as bar:
        yield bar.track(cards, description=say(Text("Keys of cards", "Kunci kartu")))


def _emit(
    command: str,
    out: Path,
    cards: Sequence[bytes],
    versions: Sequence[int],
    count: int,
    recipient: X25519PublicKey | None,
    json: bool,
) -> None:
    number = None if recipient is None else _number(recipient)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    data = {
        "out": str(out), "cards": len(cards), "versions": list(versions), "keys": count, "recipient": number,
        "sha256": digest,
    }  # fmt: skip
    rows = (
        (Text("cards", "kartu"), str(len(cards))),
        (Text("versions", "versi"), ", ".join(map(str, versions))),
        (Text("keys", "kunci"), str(count)),
        *(() if number is None else ((Text("number of the recipient's key", "nomor kunci penerima"), number),)),
        (Text("SHA-256, to be told apart from the file", "SHA-256, disampaikan terpisah dari berkas"), digest),
    )
    emit(command, data, json, lambda: facts(Text("{out}", "{out}").filled(out=out), rows))


def _number(key: X25519PublicKey) -> str:
    return key.public_bytes_raw().hex()
