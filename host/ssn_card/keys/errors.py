# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with keys and key files. Names and places only: never a key, never a password.

The tree::

    SsnCardError
      KeyringError
        WrongPassword (CryptographyError)
        KeyringDamaged (CryptographyError)
        KeyMissing (ConfigurationError)
          CardKeyMissing
        KeyExists (InputError)
        KeyringExists (InputError)
        KeyringNotFound (ConfigurationError)
        KeyringChanged (InputError)
        UnknownKeyFile (InputError)
        KeyFileNotWritten (ConfigurationError)
        PasswordMissing (ConfigurationError)
        PasswordWeak (InputError)
        SealedToAnother (InputError)
        RoleHoldsNoMasters (InputError)
        ProviderClosed
"""

from __future__ import annotations

from ssn_card.protocol.errors import ConfigurationError, CryptographyError, InputError, SsnCardError, Text
from ssn_card.protocol.labels import KeyLabel, Role

_RESTORE = Text(
    "Restore the file from its backup; do not use what is left of it.",
    "Pulihkan berkas dari cadangan; jangan memakai sisanya.",
)


class KeyringError(SsnCardError):
    """Root of the errors of key providers and key files."""

    code = "keyring"


class WrongPassword(KeyringError, CryptographyError):
    """The password does not open the file (or the head of the file was changed, which looks the same)."""

    code = "wrong-password"
    text = Text("The password is wrong.", "Kata sandi salah.")
    remedy = Text(
        "Give the password of this very file. If it is certainly right, restore the file from its backup.",
        "Berikan kata sandi berkas ini. Bila sudah pasti benar, pulihkan berkas dari cadangan.",
    )
    where: str


class KeyringDamaged(KeyringError, CryptographyError):
    """The file was changed after it was written: a damaged, exchanged, removed or added part."""

    code = "keyring-damaged"
    remedy = _RESTORE


class KeyMissing(KeyringError, ConfigurationError):
    """The provider does not hold this key."""

    code = "key-missing"
    remedy = Text(
        "Use the keyring of a holder of this key, or have the bank export one with this version.",
        "Pakai keyring milik pemegang kunci ini, atau minta bank mengekspor keyring dengan versi ini.",
    )
    text = Text(
        "There is no {label} key of version {version} here; it is held by {label.held_by}.",
        "Tidak ada kunci {label} versi {version} di sini; pemegangnya {label.held_by}.",
    )
    label: KeyLabel
    version: int
    where: str | None


class CardKeyMissing(KeyMissing):
    """A file of card keys does not list this card."""

    code = "card-key-missing"
    remedy = Text(
        "Ask the bank for an export that lists this card.", "Mintalah bank mengekspor kunci yang mencakup kartu ini."
    )
    text = Text(
        "There is no {label} key of version {version} for card {serial:X} in this file.",
        "Tidak ada kunci {label} versi {version} untuk kartu {serial:X} dalam berkas ini.",
    )
    serial: bytes


class KeyExists(KeyringError, InputError):
    """A key of this label and version is there already; masters are never replaced."""

    code = "key-exists"
    text = Text("{label} version {version} exists already.", "{label} versi {version} sudah ada.")
    remedy = Text(
        "Add the next version instead: cards in the field still need the old key.",
        "Tambahkan versi berikutnya: kartu di lapangan masih memerlukan kunci lama.",
    )
    label: KeyLabel
    version: int
    where: str | None = None


class KeyringExists(KeyringError, InputError):
    """There is a file at the path already; a key file is never overwritten."""

    code = "keyring-exists"
    text = Text("The file exists already.", "Berkas sudah ada.")
    remedy = Text(
        "Choose another path, or move the old file away once its keys are surely not needed.",
        "Pilih lokasi lain, atau pindahkan berkas lama bila kuncinya pasti tidak diperlukan lagi.",
    )
    where: str


class KeyringNotFound(KeyringError, ConfigurationError):
    """There is no readable file at the path."""

    code = "keyring-not-found"
    text = Text("The key file cannot be read.", "Berkas kunci tidak dapat dibaca.")
    remedy = Text(
        "Check the path and its permissions, or create a keyring first.",
        "Periksa lokasi dan izin berkas, atau buat keyring lebih dahulu.",
    )
    where: str


class KeyringChanged(KeyringError, InputError):
    """The file was changed by someone else since it was opened; nothing was written."""

    code = "keyring-changed"
    text = Text("The key file has changed since it was opened.", "Berkas kunci berubah sejak dibuka.")
    remedy = Text("Open the keyring again and repeat.", "Buka ulang keyring lalu ulangi.")
    where: str


class UnknownKeyFile(KeyringError, InputError):
    """The file is not of the kind asked for, or of a later format than this program knows."""

    code = "unknown-key-file"
    text = Text("This is not a file of the format {expected}.", "Ini bukan berkas berformat {expected}.")
    remedy = Text(
        "Check the path. If the file comes from a newer SSN Card, update this program.",
        "Periksa lokasi berkas. Bila berasal dari SSN Card yang lebih baru, perbarui program ini.",
    )
    expected: str
    where: str


class KeyFileNotWritten(KeyringError, ConfigurationError):
    """The file could not be written; what was there before is unchanged."""

    code = "key-file-not-written"
    text = Text("The key file was not written: {reason}.", "Berkas kunci tidak tertulis: {reason}.")
    remedy = Text(
        "Check that the directory exists, can be written to and has room.",
        "Pastikan direktori ada, dapat ditulisi, dan masih punya ruang.",
    )
    reason: Text
    where: str


class PasswordMissing(KeyringError, ConfigurationError):
    """No password was given, or an empty one."""

    code = "password-missing"
    text = Text("A key file needs a password.", "Berkas kunci memerlukan kata sandi.")
    remedy = Text("Give a password, or set SSN_KEYRING_PASSWORD.", "Berikan kata sandi, atau isi SSN_KEYRING_PASSWORD.")
    where: str


class PasswordWeak(KeyringError, InputError):
    """A password for a new key file that can be guessed."""

    code = "password-weak"
    text = Text(
        "The password needs at least {length} characters, {different} of them different: whoever copies the file can "
        "try passwords for as long as he likes.",
        "Kata sandi perlu sedikitnya {length} karakter, {different} di antaranya berbeda: siapa pun yang menyalin "
        "berkas dapat mencoba kata sandi selama ia mau.",
    )
    remedy = Text(
        "Choose a longer one, such as four or five words by chance, and keep it apart from the file.",
        "Pilih yang lebih panjang, misalnya empat atau lima kata acak, dan simpan terpisah dari berkasnya.",
    )
    length: int
    different: int
    where: str


class SealedToAnother(KeyringError, InputError):
    """A file of keys that is sealed to somebody's public key, and this private key is not its other half, or none."""

    code = "sealed-to-another"
    text = Text(
        "The file is sealed to a public key, and no private key that belongs to it was given.",
        "Berkas disegel untuk sebuah kunci publik, dan kunci privat pasangannya tidak diberikan.",
    )
    remedy = Text(
        "Give the private key whose public key you sent for this file: --private-key FILE.",
        "Berikan kunci privat pasangan kunci publik yang Anda kirim untuk berkas ini: --private-key BERKAS.",
    )
    where: str


class RoleHoldsNoMasters(KeyringError, InputError):
    """The role may not hold any master key."""

    code = "role-holds-no-masters"
    text = Text(
        "The role {role.text} may not hold any master key.",
        "Peran {role.text} tidak boleh memegang kunci induk apa pun.",
    )
    remedy = Text(
        "Export the receipt keys of the cards that are audited instead (export_receipt_keys).",
        "Ekspor kunci resi kartu yang diaudit saja (export_receipt_keys).",
    )
    role: Role


class ProviderClosed(KeyringError):
    """The provider was used after it had been closed; its keys are gone."""

    code = "provider-closed"
    text = Text("The key provider is closed.", "Penyedia kunci sudah ditutup.")
    remedy = Text("Open the keyring again.", "Buka ulang keyring.")
    where: str
