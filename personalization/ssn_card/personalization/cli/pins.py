# SPDX-License-Identifier: Apache-2.0
"""PINs: what ``ssn perso run`` does about them, and ``ssn perso pin-letters`` and ``pin-delivered``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ssn_card.cli.errors import BadArgument, BadFile, ExtraMissing
from ssn_card.cli.files import serial_of
from ssn_card.cli.options import Journal as JournalPath
from ssn_card.cli.options import OutFile, PrivateKey, Serials
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.passwords import password_of
from ssn_card.cli.tables import facts
from ssn_card.keys.pem import RECEIVING
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.letters import LetterState
from ssn_card.personalization.station.letter_file import LetterFile, read_letters
from ssn_card.personalization.station.letter_print import PrintedLetters, print_letters
from ssn_card.protocol.errors import Text, numeral


class PinPolicy(StrEnum):
    """What PIN the cards of a run get."""

    NONE = "none"
    CHOSEN = "chosen"  #: by the holder, at hand-over
    PRINTED = "printed"  #: by chance, told by a letter


Pin = Annotated[
    PinPolicy,
    typer.Option(
        "--pin",
        metavar="none|chosen|printed",
        help="No PIN, one that the holder chooses at hand-over, or one that a letter tells / "
        "tanpa PIN, PIN pilihan pemegang saat penyerahan, atau PIN dalam surat.",
    ),
]
LettersPath = Annotated[
    Path | None,
    typer.Option(
        "--pin-letters",
        metavar="FILE",
        help="Sealed PIN letters, appended / surat PIN tersegel, ditambahkan di akhir.",
    ),
]
Custodian = Annotated[
    Path | None,
    typer.Option(
        "--pin-custodian",
        metavar="FILE",
        help="Public key of whoever prints the PIN letters, PEM / kunci publik pencetak surat PIN, PEM.",
    ),
]
Letters = Annotated[
    Path,
    typer.Argument(
        metavar="LETTERS", help="What ssn perso run --pin printed has sealed / hasil ssn perso run --pin printed."
    ),
]
CHOOSE = Text(
    "These cards have no PIN. At hand-over: ssn entitlement issue --let-choose-pin, then ssn card pin --choose.",
    "Kartu ini tanpa PIN. Saat penyerahan: ssn entitlement issue --let-choose-pin, lalu ssn card pin --choose.",
)
_BOTH = Text(
    "Printed PINs need --pin-letters and --pin-custodian.", "PIN dalam surat perlu --pin-letters dan --pin-custodian."
)
_NEITHER = Text(
    "--pin-letters and --pin-custodian go with --pin printed.",
    "--pin-letters dan --pin-custodian hanya untuk --pin printed.",
)
_NO_CARD = Text("Name the cards.", "Sebutkan kartunya.")
_NO_KEY = Text("Give your private key.", "Berikan kunci privat Anda.")
_DELIVERED = Text("{count} PIN letters confirmed.", "{count} surat PIN dikonfirmasi.")
_PRINTED = Text("PIN letters: {out}", "Surat PIN: {out}")


@contextmanager
def letters_of(
    pin: PinPolicy, path: Path | None, custodian: Path | None, journal: Journal
) -> Iterator[LetterFile | None]:
    """The file of letters that a run writes, if it writes any.

    Raises :class:`BadArgument`, ``UnknownKeyFile``, ``KeyringNotFound``, and what :class:`LetterFile` raises.
    """
    if pin is not PinPolicy.PRINTED:
        if path is not None or custodian is not None:
            raise BadArgument(_NEITHER, where="--pin")
        yield None
        return
    if path is None or custodian is None:
        raise BadArgument(_BOTH, where="--pin")
    with LetterFile(path, RECEIVING.read_public(custodian), journal) as letters:
        yield letters


def pin_letters(
    letters: Letters, private_key: PrivateKey, journal: JournalPath, out: OutFile, as_json: AsJson = False
) -> None:
    """Print PIN letters, each once: a page a card, to be folded. For the PIN custodian, who never has the cards.

    Cetak surat PIN, masing-masing sekali: satu halaman per kartu, untuk dilipat. Untuk petugas PIN, yang tidak memegang
    kartu.

    A letter is printed when its card is done. Whose letter is lost gets a new PIN by an update.

    Surat dicetak setelah kartunya selesai. Yang suratnya hilang mendapat PIN baru melalui pembaruan.
    """
    if private_key is None:
        raise BadArgument(_NO_KEY, where="--private-key")
    key = RECEIVING.read_private(private_key, password_of(private_key))
    with Journal.open(journal) as opened:
        try:
            printed = print_letters(letters, read_letters(letters, key), opened, out)
        except ModuleNotFoundError as error:
            raise ExtraMissing("paper", error.name or "") from None
        except FileExistsError:
            raise BadFile(Text("The file exists already.", "Berkas sudah ada."), where=str(out)) from None
        except OSError as error:
            raise BadFile.unusable(out, error) from None
    data = {
        "out": str(out),
        "printed": printed.printed,
        "waiting": printed.waiting,
        "elsewhere": printed.elsewhere,
        "void": printed.void,
    }
    emit("perso-pin-letters", data, as_json, lambda: facts(_PRINTED.filled(out=out), _rows(printed)))


def pin_delivered(journal: JournalPath, serials: Serials = None, as_json: AsJson = False) -> None:
    """Note that holders have confirmed their PIN letters; the hand-over of the card is another matter.

    Catat bahwa pemegang sudah menerima surat PIN-nya; penyerahan kartu adalah urusan lain.
    """
    cards = [serial_of(text, text) for text in serials or ()]
    if not cards:
        raise BadArgument(_NO_CARD, where="SERIAL")
    with Journal.open(journal) as opened:
        opened.letters.delivered(cards)
    data = {"serials": [serial.hex() for serial in cards]}
    emit("perso-pin-delivered", data, as_json, lambda: say(_DELIVERED.filled(count=len(cards))))


def letter_counts(journal: Journal) -> dict[str, int]:
    """How many letters are in which state, for ``ssn perso status``."""
    counts = Counter(letter.state for letter in journal.letters.all())
    return {state.value: counts[state] for state in LetterState}


def _rows(printed: PrintedLetters) -> list[tuple[Text, str]]:
    rows = [
        (Text("printed", "dicetak"), printed.printed),
        (Text("wait for their card", "menunggu kartunya"), printed.waiting),
        (Text("in another file", "di berkas lain"), printed.elsewhere),
        (Text("void", "batal"), printed.void),
    ]
    return [(name, say(numeral(count))) for name, count in rows]
