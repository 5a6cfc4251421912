# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with keys and key files. Names and places only: never a key, never a password."""

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
    default_remedy = Text(
        "Give the password of this very file. If it is certainly right, restore the file from its backup.",
        "Berikan kata sandi berkas ini. Bila sudah pasti benar, pulihkan berkas dari cadangan.",
    )

    def __init__(self, where: str) -> None:
        super().__init__(Text("The password is wrong.", "Kata sandi salah."), where=where)


class KeyringDamaged(KeyringError, CryptographyError):
    """The file was changed after it was written: a damaged, exchanged, removed or added part."""

    code = "keyring-damaged"
    default_remedy = _RESTORE


class KeyMissing(KeyringError, ConfigurationError):
    """The provider does not hold this key."""

    code = "key-missing"
    default_remedy = Text(
        "Use the keyring of a holder of this key, or have the bank export one with this version.",
        "Pakai keyring milik pemegang kunci ini, atau minta bank mengekspor keyring dengan versi ini.",
    )

    def __init__(self, label: KeyLabel, version: int, *, where: str | None = None, remedy: Text | None = None) -> None:
        super().__init__(
            Text(
                f"There is no {label} key of version {version} here; it is held by {label.held_by.en}.",
                f"Tidak ada kunci {label} versi {version} di sini; pemegangnya {label.held_by.id}.",
            ),
            where=where,
            remedy=remedy,
        )
        self.label = label
        self.version = version


class CardKeyMissing(KeyMissing):
    """A file of card keys does not list this card."""

    code = "card-key-missing"
    default_remedy = Text(
        "Ask the bank for an export that lists this card.", "Mintalah bank mengekspor kunci yang mencakup kartu ini."
    )

    def __init__(self, label: KeyLabel, version: int, serial: bytes, *, where: str | None = None) -> None:
        super().__init__(label, version, where=where)
        name = serial.hex().upper()
        self.text = Text(
            f"There is no {label} key of version {version} for card {name} in this file.",
            f"Tidak ada kunci {label} versi {version} untuk kartu {name} dalam berkas ini.",
        )
        self.args = (self.text.en,)
        self.serial = serial


class KeyExists(KeyringError, InputError):
    """A key of this label and version is there already; masters are never replaced."""

    code = "key-exists"
    default_remedy = Text(
        "Add the next version instead: cards in the field still need the old key.",
        "Tambahkan versi berikutnya: kartu di lapangan masih memerlukan kunci lama.",
    )

    def __init__(self, label: KeyLabel, version: int, *, where: str | None = None) -> None:
        super().__init__(
            Text(f"{label} version {version} exists already.", f"{label} versi {version} sudah ada."), where=where
        )


class KeyringExists(KeyringError, InputError):
    """There is a file at the path already; a key file is never overwritten."""

    code = "keyring-exists"
    default_remedy = Text(
        "Choose another path, or move the old file away once its keys are surely not needed.",
        "Pilih lokasi lain, atau pindahkan berkas lama bila kuncinya pasti tidak diperlukan lagi.",
    )

    def __init__(self, where: str) -> None:
        super().__init__(Text("The file exists already.", "Berkas sudah ada."), where=where)


class KeyringNotFound(KeyringError, ConfigurationError):
    """There is no readable file at the path."""

    code = "keyring-not-found"
    default_remedy = Text(
        "Check the path and its permissions, or create a keyring first.",
        "Periksa lokasi dan izin berkas, atau buat keyring lebih dahulu.",
    )

    def __init__(self, where: str) -> None:
        super().__init__(Text("The key file cannot be read.", "Berkas kunci tidak dapat dibaca."), where=where)


class KeyringChanged(KeyringError, InputError):
    """The file was changed by someone else since it was opened; nothing was written."""

    code = "keyring-changed"
    default_remedy = Text("Open the keyring again and repeat.", "Buka ulang keyring lalu ulangi.")

    def __init__(self, where: str) -> None:
        super().__init__(
            Text("The key file has changed since it was opened.", "Berkas kunci berubah sejak dibuka."), where=where
        )


class UnknownKeyFile(KeyringError, InputError):
    """The file is not of the kind asked for, or of a later format than this program knows."""

    code = "unknown-key-file"
    default_remedy = Text(
        "Check the path. If the file comes from a newer SSN Card, update this program.",
        "Periksa lokasi berkas. Bila berasal dari SSN Card yang lebih baru, perbarui program ini.",
    )

    def __init__(self, expected: str, where: str) -> None:
        super().__init__(
            Text(f"This is not a file of the format {expected}.", f"Ini bukan berkas berformat {expected}."),
            where=where,
        )


class KeyFileNotWritten(KeyringError, ConfigurationError):
    """The file could not be written; what was there before is unchanged."""

    code = "key-file-not-written"
    default_remedy = Text(
        "Check that the directory exists, can be written to and has room.",
        "Pastikan direktori ada, dapat ditulisi, dan masih punya ruang.",
    )

    def __init__(self, reason: Text, where: str) -> None:
        text = Text("The key file was not written: {reason}.", "Berkas kunci tidak tertulis: {reason}.")
        super().__init__(text.filled(reason=reason), where=where)


class PasswordMissing(KeyringError, ConfigurationError):
    """No password was given, or an empty one."""

    code = "password-missing"
    default_remedy = Text(
        "Give a password, or set SSN_KEYRING_PASSWORD.", "Berikan kata sandi, atau isi SSN_KEYRING_PASSWORD."
    )

    def __init__(self, where: str) -> None:
        super().__init__(Text("A key file needs a password.", "Berkas kunci memerlukan kata sandi."), where=where)


class PasswordWeak(KeyringError, InputError):
    """A password for a new key file that can be guessed."""

    code = "password-weak"
    default_remedy = Text(
        "Choose a longer one, such as four or five words by chance, and keep it apart from the file.",
        "Pilih yang lebih panjang, misalnya empat atau lima kata acak, dan simpan terpisah dari berkasnya.",
    )

    def __init__(self, length: int, different: int, where: str) -> None:
        super().__init__(
            Text(
                f"The password needs at least {length} characters, {different} of them different: whoever copies the "
                "file can try passwords for as long as he likes.",
                f"Kata sandi perlu sedikitnya {length} karakter, {different} di antaranya berbeda: siapa pun yang "
                "menyalin berkas dapat mencoba kata sandi selama ia mau.",
            ),
            where=where,
        )


class RoleHoldsNoMasters(KeyringError, InputError):
    """The role may not hold any master key."""

    code = "role-holds-no-masters"
    default_remedy = Text(
        "Export the receipt keys of the cards that are audited instead (export_receipt_keys).",
        "Ekspor kunci resi kartu yang diaudit saja (export_receipt_keys).",
    )

    def __init__(self, role: Role) -> None:
        super().__init__(
            Text(
                f"The role {role.text.en} may not hold any master key.",
                f"Peran {role.text.id} tidak boleh memegang kunci induk apa pun.",
            )
        )


class ProviderClosed(KeyringError):
    """The provider was used after it had been closed; its keys are gone."""

    code = "provider-closed"
    default_remedy = Text("Open the keyring again.", "Buka ulang keyring.")

    def __init__(self, where: str) -> None:
        super().__init__(Text("The key provider is closed.", "Penyedia kunci sudah ditutup."), where=where)
