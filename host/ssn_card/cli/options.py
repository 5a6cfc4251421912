# SPDX-License-Identifier: Apache-2.0
"""Options that many commands share: which card, whose keys, which journal, where the trace goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ssn_card.keys import PASSWORD_VARIABLE, CardKeyFile, KeyProvider, SealedToAnother, development_keyring, open_keys
from ssn_card.keys.pem import RECEIVING
from ssn_card.keys.provider import MAX_VERSION, MIN_VERSION
from ssn_card.programme import load_shops, terminal_id_of
from ssn_card.programme.shop import TERMINAL_ID_MAX
from ssn_card.protocol.errors import Text
from ssn_card.tracing import RedactingTracer
from ssn_card.transport import CardConnection, open_connection

from .errors import BadArgument, KeysNotChosen
from .output import warn
from .passwords import password_of, secret_of

DEFAULT_CARD = "pcsc:"
CARD_VARIABLE = "SSN_CARD"
MINIMUM_VERSION_VARIABLE = "SSN_MIN_DEBIT_VERSION"


def _shop_ids(incomplete: str) -> list[str]:
    """For shell completion."""
    return [shop.id for shop in load_shops() if shop.id.startswith(incomplete)]


CardUrl = Annotated[
    str,
    typer.Option(
        "--card",
        envvar=CARD_VARIABLE,
        metavar="URL",
        help="Where the card is: pcsc:READER, sim:, vpcd:HOST:PORT, replay:FILE / "
        "tempat kartu: pcsc:PEMBACA, sim:, vpcd:HOST:PORT, replay:BERKAS.",
    ),
]
Keyring = Annotated[
    str | None,
    typer.Option(
        "--keyring",
        metavar="KEYS",
        help="Masters: a token, pkcs11:token=NAME, or an encrypted key file; PIN from SSN_TOKEN_PIN, password from "
        "SSN_KEYRING_PASSWORD, or asked for / kunci induk: token, pkcs11:token=NAMA, atau berkas kunci tersandi; PIN "
        "dari SSN_TOKEN_PIN, kata sandi dari SSN_KEYRING_PASSWORD, atau ditanyakan.",
    ),
]
Development = Annotated[
    bool,
    typer.Option(
        "--development",
        help="Published development keys, for trials only / kunci percobaan yang diketahui umum, hanya untuk uji coba.",
    ),
]
CardKeys = Annotated[
    Path | None,
    typer.Option(
        "--card-keys", metavar="PATH", help="An auditor's file of receipt keys / berkas kunci kuitansi milik auditor."
    ),
]
PrivateKey = Annotated[
    Path | None,
    typer.Option(
        "--private-key",
        metavar="FILE",
        help="Your private key, for a file that is sealed to its public key / "
        "kunci privat Anda, untuk berkas yang disegel untuk kunci publiknya.",
    ),
]
Trace = Annotated[
    Path | None,
    typer.Option(
        "--trace", metavar="FILE", help="Append a redacted trace, JSON Lines / tambahkan jejak tersamar, JSON Lines."
    ),
]
_JOURNAL = typer.Option(
    "--journal",
    metavar="PATH",
    help="This station's or terminal's own journal, never to be deleted / "
    "jurnal stasiun atau terminal ini, jangan pernah dihapus.",
)
Journal = Annotated[Path, _JOURNAL]
OptionalJournal = Annotated[Path | None, _JOURNAL]
_PUBLIC_KEY = typer.Option(
    "--public-key",
    metavar="FILE",
    help="The signer's public key, from himself, PEM / kunci publik penanda tangan, langsung darinya, PEM.",
)
PublicKey = Annotated[Path, _PUBLIC_KEY]
OptionalPublicKey = Annotated[Path | None, _PUBLIC_KEY]
TerminalId = Annotated[
    int | None,
    typer.Option(
        "--terminal",
        min=1,
        max=TERMINAL_ID_MAX,
        metavar="ID",
        help="Number of the terminal, for a new journal / nomor terminal, untuk jurnal baru.",
    ),
]
MinimumVersion = Annotated[
    int,
    typer.Option(
        "--min-debit-version",
        min=MIN_VERSION,
        max=MAX_VERSION,
        envvar=MINIMUM_VERSION_VARIABLE,
        metavar="N",
        help="Oldest version of the DEBIT key in use; a card of an older one gets its update only / "
        "versi kunci DEBIT tertua yang berlaku; kartu dengan versi lebih lama hanya menerima pembaruan.",
    ),
]
ConfirmClock = Annotated[
    bool,
    typer.Option(
        "--confirm-clock",
        help="The clock is right, though it is behind the journal; the journal keeps it / "
        "jam sudah benar walau tertinggal dari jurnal; dicatat di jurnal.",
    ),
]
ShopId = Annotated[
    str | None,
    typer.Option(
        "--shop",
        metavar="EW-NNN",
        autocompletion=_shop_ids,
        help="The shop, whose number is the terminal's / toko, yang nomornya menjadi nomor terminal.",
    ),
]
_OUT = typer.Option("--out", metavar="FILE", help="File to write / berkas yang ditulis.")
OutFile = Annotated[Path, _OUT]
OptionalOutFile = Annotated[Path | None, _OUT]
_OUT_DIR = typer.Option("--out-dir", metavar="DIR", help="Folder to write to / folder tempat menulis.")
OutFolder = Annotated[Path, _OUT_DIR]
NewFolder = Annotated[Path | None, _OUT_DIR]
Only = Annotated[
    str,
    typer.Option(
        "--only", metavar="TEXT", help="Those alone whose name holds it / hanya yang namanya memuat teks ini."
    ),
]
Seed = Annotated[
    str,
    typer.Option(
        "--seed", metavar="TEXT", help="Repeat that run; a fresh one otherwise / ulangi uji itu; tanpa ini uji baru."
    ),
]
Apdus = Annotated[
    int, typer.Option("--apdus", min=1, metavar="N", help="Commands to send / banyaknya perintah yang dikirim.")
]

_EXTRACT = typer.Argument(metavar="FILE", help="Registry extract, CSV / data penerima, CSV.")
Extract = Annotated[Path, _EXTRACT]
OptionalExtract = Annotated[Path | None, _EXTRACT]
Serial = Annotated[
    str, typer.Argument(metavar="SERIAL", help="The card's serial, 16 digits / nomor seri kartu itu, 16 digit.")
]
Serials = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SERIAL", help="Serials of cards, 16 digits each / nomor seri kartu, masing-masing 16 digit."
    ),
]
_SERIALS = typer.Option(
    "--serials", metavar="FILE", help="Serials of cards, one in each line / nomor seri kartu, satu per baris."
)
SerialFile = Annotated[Path, _SERIALS]
OptionalSerialFile = Annotated[Path | None, _SERIALS]

_KEY_VERSION = typer.Option(
    "--key-version",
    min=MIN_VERSION,
    max=MAX_VERSION,
    metavar="N",
    help="Version of the keys / versi kunci yang dipakai.",
)
KeyVersion = Annotated[int, _KEY_VERSION]
KeyVersions = Annotated[list[int] | None, _KEY_VERSION]
_REGISTER = typer.Option(
    "--register",
    metavar="PATH",
    help="The bank's register of updates, never to be deleted / register pembaruan bank, jangan dihapus.",
)
RegisterPath = Annotated[Path, _REGISTER]
OptionalRegister = Annotated[Path | None, _REGISTER]

Reason = Annotated[
    str,
    typer.Option(
        "--reason", metavar="TEXT", help="For the record; no personal data / untuk catatan; tanpa data pribadi."
    ),
]
MostCards = Annotated[
    int | None,
    typer.Option("--limit", min=0, metavar="N", help="At most so many cards / paling banyak sekian kartu."),
]
_COMPANION = typer.Option(
    "--companion",
    metavar="ID",
    help="The social companion, such as PD-001, up to 8 characters / pendamping sosial, misalnya PD-001, paling banyak "
    "8 karakter.",
)
Companion = Annotated[str, _COMPANION]
Companions = Annotated[list[str] | None, _COMPANION]

AllowExpired = Annotated[
    bool,
    typer.Option(
        "--allow-expired", help="Though policy or last day are over / walau kebijakan atau hari terakhir sudah lewat."
    ),
]
_POLICY = typer.Option("--policy", metavar="ID", help="Number of the policy / nomor kebijakan.")
PolicyId = Annotated[int, _POLICY]
PolicyToday = Annotated[int | None, _POLICY]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        "--policies",
        metavar="FILE",
        help="Policies, TOML; default the shipped ones / kebijakan, TOML; tanpa ini dipakai yang disertakan.",
    ),
]


@dataclass(frozen=True)
class KeyOptions:
    """Whose keys; :func:`~ssn_card.cli.grouped.grouped` makes options of it and of those below."""

    keyring: Keyring = None
    development: Development = False

    def provider(self) -> AbstractContextManager[KeyProvider]:
        """As :func:`key_provider`."""
        return key_provider(self.keyring, self.development)


@dataclass(frozen=True)
class DeskOptions(KeyOptions):
    """Whose keys, and how old a card's may be."""

    min_debit_version: MinimumVersion = MIN_VERSION


@dataclass(frozen=True)
class ReceiptKeyOptions:
    """Whose keys, to verify receipts with."""

    keyring: Keyring = None
    card_keys: CardKeys = None
    private_key: PrivateKey = None
    development: Development = False

    @contextmanager
    def provider(self) -> Iterator[KeyProvider]:
        """The bank's masters, an auditor's file or the development keys, closed at the end.

        Raises :class:`KeysNotChosen`, and what opening them raises.
        """
        if (self.keyring is not None) + (self.card_keys is not None) + self.development != 1:
            raise KeysNotChosen(("--keyring KEYS", "--card-keys PATH", "--development"))
        with (
            key_provider(self.keyring, self.development)
            if self.card_keys is None
            else opened_card_keys(self.card_keys, self.private_key) as provider
        ):
            yield provider


@dataclass(frozen=True)
class TerminalOptions:
    """Which terminal, for a new journal."""

    terminal: TerminalId = None
    shop: ShopId = None

    def number(self, journal: Path) -> int | None:
        """As :func:`terminal_number`."""
        return terminal_number(self.terminal, self.shop, journal)


@contextmanager
def key_provider(keyring: str | None, development: bool) -> Iterator[KeyProvider]:
    """The keys that the options name, closed at the end.

    Raises :class:`KeysNotChosen`, and what opening a keyring raises.
    """
    if (keyring is not None) == development:
        raise KeysNotChosen(("--keyring KEYS", "--development"))
    with _development() if keyring is None else opened_keys(keyring) as provider:
        yield provider


def opened_keys(source: str, variable: str = PASSWORD_VARIABLE) -> KeyProvider:
    """A token or a key file, its PIN or password asked for. Raises ``KeyringError``: a class for each reason."""
    return open_keys(source, secret_of(source, variable))


def opened_card_keys(path: Path, private_key: Path | None) -> CardKeyFile:
    """A file of card keys, by its password or by the private key that it is sealed to. Raises ``KeyringError``."""
    if private_key is not None:
        return CardKeyFile.open(path, RECEIVING.read_private(private_key, password_of(private_key)))
    if CardKeyFile.is_sealed_to_a_key(path):
        raise SealedToAnother(str(path))
    return CardKeyFile.open(path, password_of(path))


def _development() -> KeyProvider:
    warn(
        Text(
            "DEVELOPMENT keys: everyone has them. Never use them with a card that holds money.",
            "Kunci DEVELOPMENT: semua orang memilikinya. Jangan dipakai untuk kartu yang berisi uang.",
        )
    )
    return development_keyring()


@contextmanager
def connection(url: str, trace: Path | None = None) -> Iterator[CardConnection]:
    """The card at ``url``, let go at the end; its exchanges go redacted to ``trace``. Raises transport errors."""
    if trace is None:
        with open_connection(url) as card:
            yield card
        return
    with RedactingTracer.to_file(trace) as tracer:
        try:
            with open_connection(url, tracer) as card:
                yield card
        finally:
            if tracer.failure is not None:
                warn(
                    Text("The trace {trace} is incomplete: {why}.", "Jejak {trace} tidak lengkap: {why}.").filled(
                        trace=trace, why=tracer.failure
                    )
                )


def terminal_number(terminal: int | None, shop: str | None, journal: Path) -> int | None:
    """The terminal's number, given itself or by its shop; ``None`` where the journal is there and says it.

    Raises :class:`BadArgument`, ``UnknownShopError``.
    """
    if shop is None:
        if terminal is None and not journal.exists():
            raise BadArgument(
                Text("The terminal's number is missing.", "Nomor terminal belum diberikan."),
                where="--terminal",
                remedy=Text("Give --terminal ID or --shop EW-NNN.", "Berikan --terminal ID atau --shop EW-NNN."),
            )
        return terminal
    # The list says who may begin; a shop that has left it still has its journal, and sales in doubt to settle.
    number = terminal_id_of(shop) if journal.exists() else load_shops().by_id(shop).terminal_id
    if terminal not in (None, number):
        raise BadArgument(
            Text(
                f"Terminal {terminal} is not that of {shop}, which is {number}.",
                f"Terminal {terminal} bukan milik {shop}, yang bernomor {number}.",
            ),
            where="--terminal",
            remedy=Text("Leave one of the two out.", "Hilangkan salah satu."),
        )
    return number
