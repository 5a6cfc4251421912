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
        SecretMissing
    InputError
      FamilyHasCard
      EmptyManifest
      ManifestDiffers
      ManifestOfAnotherJournal
"""

from __future__ import annotations

from ssn_card.personalization.card.errors import PersonalizationError
from ssn_card.protocol.errors import ConfigurationError, Text


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


class SecretMissing(StationJournalError):
    """A journal is there, but its secret file is not."""

    code = "station-secret-missing"
    remedy = SecretMismatch.remedy
