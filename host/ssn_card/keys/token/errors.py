# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with keys in a token. Names and places only: never a key, a component or a PIN.

The tree::

    KeyringError
      TokenError
        BadTokenUri (InputError)
        TokenSupportMissing (ConfigurationError)
        TokenModuleUnusable (ConfigurationError)
        TokenNotFound (ConfigurationError)
        TokenGone (ConfigurationError)
        TokenRefuses
        TokenPinMissing (ConfigurationError)
        TokenPinFileUnusable (ConfigurationError)
        TokenPinWrong (CryptographyError)
        TokenPinLocked (ConfigurationError)
        MasterDamaged (CryptographyError)
        BadComponent (InputError)
        WrongBackupKey (CryptographyError)
        BackupDamaged (CryptographyError)
        MasterNotInBackup (InputError)
        TokenHoldsNoMasters (ConfigurationError)
        SigningKeyMissing (ConfigurationError)

"""

from __future__ import annotations

from ssn_card.keys.errors import KeyringError
from ssn_card.protocol.errors import ConfigurationError, CryptographyError, InputError, Text


class TokenError(KeyringError):
    """Root of the errors of tokens, of key ceremonies and of their backups."""

    code = "token"


class BadTokenUri(TokenError, InputError):
    """A PKCS#11 URI (RFC 7512) that cannot be read, or that asks for what is not done here."""

    code = "bad-token-uri"
    text = Text("The PKCS#11 URI cannot be used: {why}.", "URI PKCS#11 tidak dapat dipakai: {why}.")
    remedy = Text(
        "Write it as pkcs11:token=NAME?module-path=/PATH/OF/MODULE.so.",
        "Tulis sebagai pkcs11:token=NAMA?module-path=/LOKASI/MODUL.so.",
    )
    where = "{place}"
    why: Text
    place: str


class TokenSupportMissing(TokenError, ConfigurationError):
    """The Python package that speaks PKCS#11 is not installed."""

    code = "token-support-missing"
    text = Text("Keys in a token need the package python-pkcs11.", "Kunci di token memerlukan paket python-pkcs11.")
    remedy = Text(
        'Install the extra that has it: pip install "ssn-card[hsm]".',
        'Pasang ekstra yang memuatnya: pip install "ssn-card[hsm]".',
    )


class TokenModuleUnusable(TokenError, ConfigurationError):
    """No PKCS#11 module was named, or the one that was cannot be loaded or started."""

    code = "token-module-unusable"
    text = Text("The PKCS#11 module cannot be used: {why}.", "Modul PKCS#11 tidak dapat dipakai: {why}.")
    remedy = Text(
        "Name the token maker's module by ?module-path= in the URI, or in the variable PKCS11_MODULE, and check that "
        "its own configuration can be read.",
        "Sebut modul dari pembuat token dengan ?module-path= di URI, atau di variabel PKCS11_MODULE, dan pastikan "
        "konfigurasinya dapat dibaca.",
    )
    why: Text
    where: str | None


class TokenNotFound(TokenError, ConfigurationError):
    """The module knows no token that fits the URI, or more than one."""

    code = "token-not-found"
    text = Text("{found} tokens fit the URI; exactly one must.", "{found} token cocok dengan URI; harus tepat satu.")
    remedy = Text(
        "Check that the token is plugged in and switched on, and its name in the URI; tell tokens of one name apart by "
        "serial=.",
        "Pastikan token terpasang dan menyala, juga namanya di URI; bedakan token bernama sama dengan serial=.",
    )
    found: int
    where: str


class TokenGone(TokenError, ConfigurationError):
    """The token was pulled out, switched off or restarted, and is not back."""

    code = "token-gone"
    text = Text("The token does not answer: {reason}.", "Token tidak menjawab: {reason}.")
    remedy = Text(
        "Nothing was done with the key. Put the token back or start it again, and go on: it is logged in to by itself.",
        "Kunci tidak terpakai. Pasang kembali atau nyalakan token, lalu lanjutkan: login berjalan sendiri.",
    )
    reason: Text
    where: str


class TokenRefuses(TokenError):
    """The token answers, and does not do what it was asked for."""

    code = "token-refuses"
    text = Text("The token refuses: {reason}.", "Token menolak: {reason}.")
    remedy = Text(
        "Look the name up in the manual of the token's maker; `ssn keys verify` shows which keys are not as they "
        "should be.",
        "Cari nama itu di buku panduan pembuat token; `ssn keys verify` menunjukkan kunci yang tidak semestinya.",
    )
    reason: str
    where: str


class TokenPinMissing(TokenError, ConfigurationError):
    """No PIN was given, and there is nobody to ask."""

    code = "token-pin-missing"
    text = Text("The token needs its PIN.", "Token memerlukan PIN.")
    remedy = Text(
        "Set SSN_TOKEN_PIN, name a file that only you can read by ?pin-source=file:/PATH in the URI, or run the "
        "command in a terminal.",
        "Isi SSN_TOKEN_PIN, sebut berkas yang hanya dapat Anda baca dengan ?pin-source=file:/LOKASI di URI, atau "
        "jalankan di terminal.",
    )
    where: str


class TokenPinFileUnusable(TokenError, ConfigurationError):
    """The file that the URI names for the PIN cannot be read, or is empty."""

    code = "token-pin-file-unusable"
    text = Text("The file of the PIN cannot be used: {why}.", "Berkas PIN tidak dapat dipakai: {why}.")
    remedy = Text(
        "Check its path and permissions; the PIN is its first line.",
        "Periksa lokasi dan izinnya; PIN ada di baris pertama.",
    )
    why: Text
    where: str


class TokenPinWrong(TokenError, CryptographyError):
    """The token does not take the PIN. It was shown once: tokens count wrong ones, and lock."""

    code = "token-pin-wrong"
    text = Text("The token does not take the PIN.", "Token tidak menerima PIN.")
    remedy = Text(
        "It was tried once only. Find the right one before you try again: after a few wrong ones the token locks.",
        "PIN hanya dicoba sekali. Pastikan benar sebelum mencoba lagi: setelah beberapa kali salah token terkunci.",
    )
    where: str


class TokenPinLocked(TokenError, ConfigurationError):
    """The token takes no PIN any more until its security officer unlocks it."""

    code = "token-pin-locked"
    text = Text("The token's PIN is locked.", "PIN token terkunci.")
    remedy = Text(
        "Its security officer can set a new one; the keys in it are unharmed.",
        "Petugas keamanan token dapat mengisi PIN baru; kunci di dalamnya tidak rusak.",
    )
    where: str


class MasterDamaged(TokenError, CryptographyError):
    """A master in the token is not the key that its check value tells of, or stands there twice."""

    code = "master-damaged"
    text = Text(
        "{name} in the token is not as it was made: {why}.", "{name} di token tidak seperti saat dibuat: {why}."
    )
    remedy = Text(
        "Make no card with it. Restore the masters into an empty token from the backup, and find out who had the PIN.",
        "Jangan membuat kartu dengannya. Pulihkan dari cadangan ke token kosong, dan telusuri pemegang PIN.",
    )
    name: str
    why: Text
    where: str


class BadComponent(TokenError, InputError):
    """What a custodian has typed is no component of a key, or not the one that its check value tells of."""

    code = "bad-component"
    text = Text("The component cannot be used: {why}.", "Komponen tidak dapat dipakai: {why}.")
    remedy = Text(
        "Nothing was done with it. Type it again from the custodian's own letter.",
        "Komponen tidak terpakai. Ketik ulang dari surat pemegangnya sendiri.",
    )
    why: Text
    where: str


class WrongBackupKey(TokenError, CryptographyError):
    """The components together are not the key of this backup, or its head was changed, which looks the same."""

    code = "wrong-backup-key"
    text = Text(
        "The components together are not the key of this backup.",
        "Gabungan komponen bukan kunci cadangan ini.",
    )
    remedy = Text(
        "Let every custodian of this very backup type the component from the day that it was made.",
        "Minta semua pemegang komponen cadangan ini mengetik komponen dari hari pembuatannya.",
    )
    where: str


class BackupDamaged(TokenError, CryptographyError):
    """A backup of masters that is not as it was written."""

    code = "backup-damaged"
    text = Text("The backup is damaged or was changed.", "Cadangan rusak atau telah diubah.")
    remedy = Text(
        "Use another copy of it. Nothing was put into the token.", "Pakai salinan lain. Tidak ada yang masuk ke token."
    )
    where: str


class MasterNotInBackup(TokenError, InputError):
    """The token holds a master of which the backup knows nothing, or holds another under its name."""

    code = "master-not-in-backup"
    text = Text(
        "{name} is in the token, and not, or not as the same key, in this backup.",
        "{name} ada di token, dan tidak ada, atau bukan kunci yang sama, di cadangan ini.",
    )
    remedy = Text(
        "Nothing was changed: masters are never replaced. Take the backup that belongs to it, or an empty token.",
        "Tidak ada yang diubah: kunci induk tidak pernah diganti. Pakai cadangan milik token itu, atau token kosong.",
    )
    name: str
    where: str


class TokenHoldsNoMasters(TokenError, ConfigurationError):
    """There is no master of this set in the token."""

    code = "token-holds-no-masters"
    text = Text("The token holds no masters named {name}.", "Token tidak menyimpan kunci induk bernama {name}.")
    remedy = Text(
        "Hold the key ceremony first (ssn keys ceremony), restore a backup (ssn keys restore), or name the set by "
        "object= in the URI.",
        "Adakan upacara kunci dahulu (ssn keys ceremony), pulihkan cadangan (ssn keys restore), atau sebut himpunannya "
        "dengan object= di URI.",
    )
    name: str
    where: str


class SigningKeyMissing(TokenError, ConfigurationError):
    """The token has no signing key, or more than one of the name."""

    code = "signing-key-missing"
    text = Text("The token has {count} signing keys.", "Token memuat {count} kunci tanda tangan.")
    remedy = Text(
        "Make it once, by ssn keys signing-key; name the set by object= in the URI.",
        "Buat sekali dengan ssn keys signing-key; sebut perangkat kuncinya dengan object= di URI.",
    )
    count: int
    where: str
