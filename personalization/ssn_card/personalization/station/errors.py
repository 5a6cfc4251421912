# SPDX-License-Identifier: Apache-2.0
"""Why the station puts a card aside although the card is sound, or stops. None of these holds a person's data.

The tree::

    PersonalizationError
      CardNotCorrected (InputError)
      TooManyBadCards
      StationKeysRefused
      BatchRefused (InputError)
      LetterFileStrange (InputError)
      LettersToAnother (InputError)
      LettersNotWritten (ConfigurationError)
      LettersPrinted (InputError)
      NoLetterToPrint (InputError)
      OutOfCards
      NothingToHandOver (InputError)
      ResultsError
    CardRejected
      SerialTaken
      LostCardFound
      ForeignCard
      ReturnedCardFound
    ConfigurationError
      RobotFailed
"""

from __future__ import annotations

from ssn_card.personalization.card.errors import CardRejected, PersonalizationError
from ssn_card.personalization.journal.stock import FOREIGN
from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text


class SerialTaken(CardRejected):
    """A card with the serial of a card that was declared lost, or a blank one with a serial that is in use."""

    code = "serial-taken"
    text = Text(
        "Serial {serial:X} is in the journal as '{state}'.",
        "Nomor seri {serial:X} ada di jurnal sebagai '{state}'.",
    )
    remedy = Text(
        "Keep the card under lock and tell the card maker if it is new.",
        "Simpan kartu itu terkunci dan beri tahu pembuat kartu bila kartu itu baru.",
    )
    where = "{serial:X}"
    serial: bytes
    state: Text


class LostCardFound(CardRejected):
    """A card that was declared lost has turned up, and it is personalized: its family has, or gets, another one."""

    code = "lost-card-found"
    text = Text(
        "Card {serial:X} was declared lost, and it is personalized.",
        "Kartu {serial:X} sudah dinyatakan hilang, dan ternyata sudah dipersonalisasi.",
    )
    remedy = Text(
        "Keep it under lock and destroy it by the rules of the house; it must never be activated.",
        "Simpan terkunci lalu musnahkan menurut aturan; kartu ini tidak boleh diaktifkan.",
    )
    where = "{serial:X}"
    serial: bytes


class ForeignCard(CardRejected):
    """The station keeps stock, and the card is of no delivery: another issuer's, or nobody has counted it in."""

    code = FOREIGN
    text = Text("Card {serial:X} is of no delivery.", "Kartu {serial:X} tidak ada di kiriman mana pun.")
    remedy = Text(
        "Put it aside. If its delivery has only just come, count it in (ssn perso stock add) and show the card again.",
        "Sisihkan. Bila kirimannya baru datang, catat dahulu (ssn perso stock add) lalu tunjukkan kartu itu lagi.",
    )
    where = "{serial:X}"
    serial: bytes


class ReturnedCardFound(CardRejected):
    """A card that went back to its maker is here."""

    code = "returned-card-found"
    text = Text(
        "Card {serial:X} was returned to its maker.", "Kartu {serial:X} tercatat sudah dikembalikan ke pembuatnya."
    )
    remedy = Text(
        "Put it aside and find out how it came back; it is not used.",
        "Sisihkan dan cari tahu mengapa ada di sini; kartu ini tidak dipakai.",
    )
    where = "{serial:X}"
    serial: bytes


class TooManyBadCards(PersonalizationError):
    """Card after card fails: the reader or the whole stock is wrong, not the cards one by one."""

    code = "too-many-bad-cards"
    text = Text("Too many cards in a row have failed.", "Terlalu banyak kartu berturut-turut gagal.")
    remedy = Text(
        "Check the reader and the stock before more cards are put aside.",
        "Periksa pembaca dan persediaan sebelum lebih banyak kartu disisihkan.",
    )


class StationKeysRefused(PersonalizationError):
    """Cards refuse the station's keys: the keyring or its version is wrong, or the stock is another issuer's."""

    code = "station-keys-refused"
    text = Text(
        "The station's keys do not fit the cards: {last.text}",
        "Kunci stasiun tidak cocok dengan kartu: {last.text}",
    )
    remedy = Text(
        "The cards are not at fault and no number was used. Check --keyring and the versions of its keys, such as that "
        "of the transport keys of this stock (--use-key transport=N), then run the same command again.",
        "Kartu tidak bersalah dan tidak ada nomor terpakai. Periksa --keyring dan versi kuncinya, misalnya versi kunci "
        "transport persediaan ini (--use-key transport=N), lalu jalankan perintah yang sama lagi.",
    )
    last: SsnCardError


class BatchRefused(PersonalizationError, InputError):
    """A batch that is not started: a finding about the file as a whole, or a file that is another policy's."""

    code = "batch-refused"
    remedy = Text(
        "Clear the finding with the registry; only if it is harmless, force the batch.",
        "Selesaikan temuan itu dengan instansi asal; hanya bila tidak berbahaya, paksa batch ini.",
    )


class LetterFileStrange(PersonalizationError, InputError):
    """The file holds something else than PIN letters, or was damaged."""

    code = "letter-file"
    text = Text("This is no file of PIN letters.", "Ini bukan berkas surat PIN.")
    remedy = Text(
        "Name a new file, or one that this station has written; keep the damaged one.",
        "Sebutkan berkas baru atau berkas buatan stasiun ini; simpan berkas yang rusak.",
    )
    where: str


class LettersToAnother(PersonalizationError, InputError):
    """The file has letters that are sealed to another custodian."""

    code = "letters-to-another"
    text = Text(
        "The letters in this file are sealed to another public key.",
        "Surat dalam berkas ini disegel untuk kunci publik lain.",
    )
    remedy = Text("A file a custodian: name another one.", "Satu berkas untuk satu petugas: sebutkan berkas lain.")
    where: str


class LettersNotWritten(PersonalizationError, ConfigurationError):
    """A letter could not be written. The card in hand did not get its PIN, and the next run looks at it again."""

    code = "letters-not-written"
    text = Text("The PIN letters cannot be written: {why}.", "Surat PIN tidak dapat ditulis: {why}.")
    remedy = Text(
        "Check disk and permissions, then run the same command again.",
        "Periksa disk dan izin, lalu jalankan perintah yang sama lagi.",
    )
    why: Text
    where: str


class LettersPrinted(PersonalizationError, InputError):
    """Every letter of the file was printed before."""

    code = "letters-printed"
    text = Text("The letters of this file were printed before.", "Surat dalam berkas ini sudah dicetak.")
    remedy = Text(
        "A letter is printed once. Whose letter is lost gets a new PIN: ssn entitlement issue --let-choose-pin.",
        "Surat dicetak satu kali. Yang suratnya hilang mendapat PIN baru: ssn entitlement issue --let-choose-pin.",
    )
    where: str


class NoLetterToPrint(PersonalizationError, InputError):
    """No letter of the file is of a card that is done."""

    code = "no-letter-to-print"
    text = Text(
        "No letter of this file can be printed; {waiting} wait for their card.",
        "Tidak ada surat yang dapat dicetak; {waiting} menunggu kartunya.",
    )
    remedy = Text(
        "Finish the cards first (ssn perso run), or name the journal that belongs to the file.",
        "Selesaikan kartunya dahulu (ssn perso run), atau sebutkan jurnal milik berkas ini.",
    )
    waiting: int
    where: str
