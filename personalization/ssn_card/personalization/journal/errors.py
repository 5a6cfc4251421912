# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with a station's journal and its secret.

The tree::

    PersonalizationError
      StationJournalError (ConfigurationError)
        StationJournalExists
        StationJournalNotFound
        StationJournalNotOurs
        StationJournalOfAnotherVersion
        StationJournalDamaged
        StationJournalBusy
        StationJournalConflict
        StationLogBroken
        SecretMismatch
        StockDiffers
    InputError
      EmptyDelivery
      DeliveryKnown
      SerialsDelivered
      NotBlankStock
      LetterNotDelivered
      FamilyHasCard
      EmptyManifest
      ManifestDiffers
      ManifestOfAnotherJournal
"""

from __future__ import annotations

from ssn_card.personalization.card.errors import PersonalizationError
from ssn_card.protocol.errors import ConfigurationError, InputError, Text


class StationJournalError(PersonalizationError, ConfigurationError):
    """Root of the journal's errors. No card is touched after one."""

    code = "station-journal"
    remedy = Text(
        "Check disk and permissions, keep the file, and repeat the command.",
        "Periksa disk dan izin, simpan berkasnya, lalu ulangi perintah.",
    )


class StationJournalExists(StationJournalError):
    """A new journal would take the place of a file that is there."""

    code = "station-journal-exists"
    remedy = Text("Open it, or choose another name.", "Buka berkas itu, atau pilih nama lain.")


class StationJournalNotFound(StationJournalError):
    """There is no journal of that name."""

    code = "station-journal-not-found"
    remedy = Text("Check the path of the journal.", "Periksa lokasi jurnal.")


class StationJournalNotOurs(StationJournalError):
    """The file is no station's journal."""

    code = "station-journal-not-ours"
    remedy = Text("Check the path of the journal.", "Periksa lokasi jurnal.")


class StationJournalOfAnotherVersion(StationJournalError):
    """The journal was made by another version of this program."""

    code = "station-journal-version"
    remedy = Text(
        "Use the program that made it, or a newer one.", "Pakai program yang membuatnya, atau yang lebih baru."
    )


class StationJournalDamaged(StationJournalError):
    """The journal is one of ours, and what stands in it cannot be relied on."""

    code = "station-journal-damaged"
    remedy = Text(
        "Keep the file and issue no card with it. Its newest backup serves only where no card was made since.",
        "Simpan berkasnya dan jangan terbitkan kartu dengannya. Cadangan terbarunya hanya dapat dipakai bila sesudahnya"
        " tidak ada kartu dibuat.",
    )


class StationJournalBusy(StationJournalError):
    """Another station writes to this journal."""

    code = "station-journal-busy"
    remedy = Text(
        "Wait until the other run has ended; one journal serves one station.",
        "Tunggu sampai proses lain selesai; satu jurnal untuk satu stasiun.",
    )


class StationJournalConflict(StationJournalError):
    """A step that would issue something twice, refused by the journal's own rules."""

    code = "station-journal-conflict"
    remedy = Text(
        "Stop, keep journal and card, and report this: it should be impossible.",
        "Berhenti, simpan jurnal dan kartu, lalu laporkan: ini seharusnya mustahil.",
    )


class StationLogBroken(StationJournalError):
    """The journal's log does not lead to what stands in the journal: somebody has changed one of them."""

    code = "station-log-broken"
    text = Text(
        "The log is not what the journal says, first at its row {row} ({what}).",
        "Log tidak cocok dengan jurnal, mulai baris {row} ({what}).",
    )
    remedy = Text(
        "Issue no card with this journal; compare it with a backup and with the signed manifests.",
        "Jangan terbitkan kartu dengan jurnal ini; bandingkan dengan cadangan dan manifes bertanda tangan.",
    )
    row: int
    what: str
    where: str


class SecretMismatch(StationJournalError):
    """The secret is not the one that the journal was made with: it would recognise nobody and issue all again."""

    code = "station-secret-mismatch"
    remedy = Text(
        "Give the secret file that belongs to this journal, from its backup if need be.",
        "Berikan berkas rahasia milik jurnal ini, bila perlu dari cadangannya.",
    )


class StockDiffers(StationJournalError):
    """The cards of a delivery do not add up to what was counted in: one is missing, or is in two states at once."""

    code = "stock-differs"
    text = Text(
        "Delivery {name}: {cards} cards were counted in, and the journal knows what became of {told}.",
        "Kiriman {name}: {cards} kartu masuk, dan jurnal hanya dapat menjelaskan {told}.",
    )
    remedy = Text(
        "Issue no card with this journal; ssn perso verify-log says whether it was changed.",
        "Jangan terbitkan kartu dengan jurnal ini; ssn perso verify-log memeriksa apakah jurnal diubah.",
    )
    name: str
    cards: int
    told: int
    where: str


class EmptyDelivery(InputError):
    """No card is named."""

    code = "empty-delivery"
    text = Text("No card is named.", "Tidak ada kartu yang disebut.")
    remedy = Text("Give the maker's list, or a range of serials.", "Berikan daftar pembuat, atau rentang nomor seri.")
    where: str | None


class DeliveryKnown(InputError):
    """A delivery of that name was counted in before."""

    code = "delivery-known"
    text = Text("Delivery {name} was counted in before.", "Kiriman {name} sudah tercatat.")
    remedy = Text(
        "Look at ssn perso stock; another delivery needs another name.",
        "Lihat ssn perso stock; kiriman lain perlu nama lain.",
    )
    name: str


class SerialsDelivered(InputError):
    """Cards that are counted in already, with the same or another delivery; nothing was written."""

    code = "serials-delivered"
    text = Text(
        "{count} cards were counted in before: {serials}.", "{count} kartu sudah tercatat sebelumnya: {serials}."
    )
    remedy = Text(
        "Take them out of the list. If the cards themselves are there twice, tell their maker.",
        "Keluarkan dari daftar. Bila kartunya sendiri ada dua, beri tahu pembuatnya.",
    )
    count: int
    serials: str
    where: str


class NotBlankStock(InputError):
    """Cards that cannot be put aside or go back to their maker as blank ones; nothing was written."""

    code = "not-blank-stock"
    text = Text(
        "{count} cards are of no delivery, returned before, or somebody's: {serials}.",
        "{count} kartu tidak ada di kiriman mana pun, sudah dikembalikan, atau milik orang: {serials}.",
    )
    remedy = Text(
        "Name blank cards of a delivery only; a card that is somebody's is declared lost (ssn perso lost).",
        "Sebutkan kartu kosong dari suatu kiriman saja; kartu milik orang dinyatakan hilang (ssn perso lost).",
    )
    count: int
    serials: str


class LetterNotDelivered(InputError):
    """A letter cannot be confirmed: none was printed for the card, or it is void, or was confirmed before."""

    code = "letter-not-delivered"
    text = Text(
        "Card {serial:X} has no printed letter that waits to be confirmed.",
        "Kartu {serial:X} tidak punya surat tercetak yang menunggu konfirmasi.",
    )
    remedy = Text(
        "Check the serial; ssn perso status counts the letters.",
        "Periksa nomor seri; ssn perso status menghitung surat.",
    )
    where = "{serial:X}"
    serial: bytes
