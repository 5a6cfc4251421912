# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with the bank's store, its users and its secret.

The tree::

    SsnCardError
      BankError
        BankStoreError (ConfigurationError)
          BankStoreExists
          BankStoreNotFound
          BankStoreNotOurs
          BankStoreOfAnotherVersion
          BankStoreBusy
          BankStoreUnusable
          SecretMissing
          BankStoreSecretMismatch
          BankStoreDamaged
        BankLogError (CryptographyError)
          BankLogBroken
          CheckpointDiffers
        CheckpointOfAnotherStore (InputError)
        BackupError (InputError)
          BackupUnreadable
          StoreBackupDamaged
          BackupNotWritten
        NotAllowed (InputError)
        NotFound (InputError)
"""

from __future__ import annotations

from ssn_card.protocol.errors import ConfigurationError, CryptographyError, InputError, SsnCardError, Text


class BankError(SsnCardError):
    """Root of the errors of the bank's store."""

    code = "bank"


class BankStoreError(BankError, ConfigurationError):
    """Root of what is wrong with the store as a whole. Nothing was changed."""

    code = "bank-store"


class BankStoreExists(BankStoreError):
    """A new store was asked for where one is."""

    code = "bank-store-exists"
    text = Text("There is a store already.", "Simpanan data sudah ada.")
    remedy = Text("Use it, or name another place.", "Pakai yang ada, atau sebutkan tempat lain.")
    where: str


class BankStoreNotFound(BankStoreError):
    """There is no store at that place."""

    code = "bank-store-not-found"
    text = Text("There is no bank store.", "Simpanan data bank tidak ada.")
    remedy = Text("Check the place, or make one: ssn bank init.", "Periksa tempatnya, atau buat: ssn bank init.")
    where: str


class BankStoreNotOurs(BankStoreError):
    """A database that holds something else."""

    code = "bank-store-not-ours"
    text = Text("This database is no bank store.", "Basis data ini bukan simpanan data bank.")
    remedy = Text("Check the place.", "Periksa tempatnya.")
    where: str


class BankStoreOfAnotherVersion(BankStoreError):
    """The store was made by another version of this program."""

    code = "bank-store-version"
    text = Text(
        "The store has version {found}; this program needs {expected}.",
        "Simpanan data berversi {found}; program ini memerlukan {expected}.",
    )
    remedy = Text(
        "Make a backup, then: ssn bank upgrade. For a newer store, install a newer program.",
        "Buat cadangan, lalu: ssn bank upgrade. Untuk simpanan yang lebih baru, pasang program yang lebih baru.",
    )
    figures = ("found", "expected")
    where: str
    found: str
    expected: str


class BankStoreBusy(BankStoreError):
    """Another command holds the store for longer than we wait."""

    code = "bank-store-busy"
    text = Text("Another command is writing to the store.", "Perintah lain sedang menulis ke simpanan data.")
    remedy = Text("Wait a moment, and do it again.", "Tunggu sebentar, lalu ulangi.")
    where: str


class BankStoreUnusable(BankStoreError):
    """The database cannot be reached, read or written; ``why`` says so without any data."""

    code = "bank-store-unusable"
    text = Text("The store cannot be used: {why}.", "Simpanan data tidak dapat dipakai: {why}.")
    remedy = Text("Check its place, and that its server runs.", "Periksa tempatnya, dan apakah servernya berjalan.")
    where: str
    why: Text


class SecretMissing(BankStoreError):
    """A store or a journal is there, but its secret file is not."""

    code = "station-secret-missing"
    remedy = Text(
        "Give the secret file that belongs to it, from its backup if need be.",
        "Berikan berkas rahasia miliknya, bila perlu dari cadangannya.",
    )


class BankStoreSecretMismatch(BankStoreError):
    """The secret is not the one that the store was made with: it would read nobody's data and find no double."""

    code = "bank-secret-mismatch"
    text = Text("The secret is not that of this store.", "Rahasia ini bukan milik simpanan data ini.")
    remedy = SecretMissing.remedy
    where: str


class BankStoreDamaged(BankStoreError):
    """Sealed data cannot be opened: it was changed, or moved to another row."""

    code = "bank-store-damaged"
    text = Text("Sealed data of {what} was changed.", "Data tersegel milik {what} telah diubah.")
    remedy = Text("Restore the newest backup: ssn bank restore.", "Pulihkan cadangan terbaru: ssn bank restore.")
    where = "{what}"
    what: str


class BankLogError(BankError, CryptographyError):
    """Root of what shows that the log is not what was written."""

    code = "bank-log"
    remedy = Text(
        "Keep the store as it is, and a copy of it. Compare it with the backups and the checkpoints.",
        "Biarkan simpanan data apa adanya, dan salin. Bandingkan dengan cadangan dan titik periksa.",
    )
    where = "log"


class BankLogBroken(BankLogError):
    """A row does not follow from the one before: it was changed, dropped or put between."""

    code = "bank-log-broken"
    text = Text(
        "Row {row} of the log does not follow from the rows before.",
        "Baris {row} pada log tidak bersambung dengan baris sebelumnya.",
    )
    figures = ("row",)
    row: int


class CheckpointDiffers(BankLogError):
    """The chain is whole, and does not lead through a checkpoint: the log was written anew, or its end was dropped."""

    code = "checkpoint-differs"
    text = Text(
        "The log of {rows} rows does not lead through the checkpoint at row {row}.",
        "Log berisi {rows} baris tidak melewati titik periksa pada baris {row}.",
    )
    figures = ("row", "rows")
    row: int
    rows: int
    where: str


class CheckpointOfAnotherStore(BankError, InputError):
    """A checkpoint speaks of another store."""

    code = "checkpoint-of-another-store"
    text = Text("The checkpoint is of store {named}, not {here}.", "Titik periksa ini milik {named}, bukan {here}.")
    remedy = Text("Name the store that it is of.", "Sebutkan simpanan data miliknya.")
    named: str
    here: str
    where: str


class BackupError(BankError, InputError):
    """Root of what is wrong with a backup's file. Nothing was restored."""

    code = "store-backup"
    remedy = Text("Take another backup of the same store.", "Pakai cadangan lain dari simpanan data yang sama.")


class BackupUnreadable(BackupError):
    """The file cannot be read, or is no backup."""

    code = "store-backup-unreadable"
    text = Text("The backup cannot be read: {why}.", "Cadangan tidak dapat dibaca: {why}.")
    where: str
    why: Text


class StoreBackupDamaged(BackupError):
    """The file was changed or cut off, or its rows contradict each other."""

    code = "store-backup-damaged"
    text = Text("The backup was changed, or is not complete.", "Cadangan telah diubah, atau tidak lengkap.")
    where: str


class BackupNotWritten(BackupError):
    """The file cannot be written, or there is one already; no backup takes the place of another."""

    code = "store-backup-not-written"
    text = Text("The backup cannot be written: {why}.", "Cadangan tidak dapat ditulis: {why}.")
    remedy = Text("Name another file, in a folder with room.", "Sebutkan berkas lain, di folder yang cukup ruangnya.")
    where: str
    why: Text


class NotAllowed(BankError, InputError):
    """The user's roles do not allow it. Nothing was done."""

    code = "not-allowed"
    text = Text("{user} may not do this: it takes {needed}.", "{user} tidak berhak: perlu peran {needed}.")
    remedy = Text("Ask somebody who has that role.", "Mintalah kepada orang yang memegang peran itu.")
    figures = ("user",)
    where = "--user"
    user: str
    needed: Text


class NotFound(BankError, InputError):
    """The store has nothing by that name."""

    code = "not-found"
    text = Text("The store has no {what} {name}.", "Simpanan data tidak memuat {what} {name}.")
    remedy = Text("Check the name.", "Periksa namanya.")
    where = "{name}"
    what: Text
    name: str
