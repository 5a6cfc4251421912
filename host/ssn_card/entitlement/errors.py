# SPDX-License-Identifier: Apache-2.0
"""What can go wrong where the bank issues updates: its register, the files it writes, and cards that must get none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ssn_card.protocol.errors import ConfigurationError, InputError, Text


class RegisterError(ConfigurationError):
    """The register cannot be used. Nothing is issued without it."""

    code = "register"
    default_remedy = Text(
        "Check disk and permissions, keep the file, and repeat the command.",
        "Periksa disk dan izin, simpan berkasnya, lalu ulangi perintah.",
    )


class RegisterNotFound(RegisterError):
    """There is no register of that name; a new one would know of no update that the cards have."""

    code = "register-not-found"
    default_remedy = Text(
        "Check the path. Only for the bank's very first update: add --new-register.",
        "Periksa lokasinya. Hanya untuk pembaruan pertama bank: tambahkan --new-register.",
    )


class RegisterExists(RegisterError):
    """A new register would take the place of a file that is there."""

    code = "register-exists"
    default_remedy = Text(
        "If it is the register, leave out --new-register; else choose another name.",
        "Jika itu memang registernya, hilangkan --new-register; jika bukan, pilih nama lain.",
    )


class RegisterNotOurs(RegisterError):
    """The file is no register of updates, or one of another version."""

    code = "register-not-ours"
    default_remedy = Text("Check the path of the register.", "Periksa lokasi register.")


class RegisterBusy(RegisterError):
    """Another process is issuing from this register."""

    code = "register-busy"
    default_remedy = Text(
        "Wait until the other command has ended, then repeat this one.",
        "Tunggu sampai perintah lain selesai, lalu ulangi.",
    )


class UpdateFileTaken(InputError):
    """The file to write is there already and holds something else, perhaps updates on their way to cards."""

    code = "update-file-taken"
    default_remedy = Text(
        "Nothing is overwritten: choose another --out, or move that file away first.",
        "Tidak ada yang ditimpa: pilih --out lain, atau pindahkan berkas itu dahulu.",
    )

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                "The file exists already and holds something else.",
                "Berkas sudah ada dan isinya lain.",
            ),
            where=str(path),
        )


class UpdateSeqUsed(InputError):
    """That number, or a later one, was issued for this card; a card refuses the second one of a number."""

    code = "update-seq-used"
    default_remedy = Text(
        "Leave out --update-seq: the register knows the next number. To have the issued update in a file once more:"
        " ssn entitlement issued --out FILE.",
        "Hilangkan --update-seq: register mengetahui nomor berikutnya. Untuk menulis ulang pembaruan yang sudah terbit:"
        " ssn entitlement issued --out BERKAS.",
    )

    def __init__(self, serial: bytes, wanted: int, newest: int) -> None:
        super().__init__(
            Text(
                f"Card {serial.hex()} was issued update {newest} already; {wanted} would be refused by the card.",
                f"Kartu {serial.hex()} sudah diberi pembaruan {newest}; {wanted} akan ditolak kartu.",
            ),
            where="--update-seq",
        )
        self.details = {"serial": serial.hex(), "newest_update_seq": newest}


class NotInRegister(InputError):
    """The card has had updates, and the register knows of none."""

    code = "not-in-register"
    default_remedy = Text(
        "Check that this is the right register. If its history is lost, have the card itself tell its state:"
        " ssn entitlement adopt. Blocking and terminating work without, with a high --update-seq.",
        "Pastikan registernya benar. Jika riwayatnya hilang, minta keadaan dari kartunya sendiri:"
        " ssn entitlement adopt. Blokir dan pengakhiran tetap dapat, dengan --update-seq yang tinggi.",
    )

    def __init__(self, serial: bytes, update_seq: int, where: str) -> None:
        super().__init__(
            Text(
                f"The register has no update of card {serial.hex()}, which is at update {update_seq - 1} or later.",
                f"Register tidak memuat pembaruan kartu {serial.hex()}, padahal kartu sudah di pembaruan"
                f" {update_seq - 1} atau lebih.",
            ),
            where=where,
        )


class StatusOutdated(InputError):
    """An update was issued after the status was read; what stays as it is would be taken from before it."""

    code = "status-outdated"
    default_remedy = Text(
        "Deliver that update and read the status again; or name the card by its serial: then what is not named stays"
        " as the register has it.",
        "Antarkan pembaruan itu lalu baca status lagi; atau sebut kartu dengan nomor serinya: yang tidak disebut tetap"
        " seperti di register.",
    )

    def __init__(self, serial: bytes, seen: int, newest: int, where: str) -> None:
        super().__init__(
            Text(
                f"The status of card {serial.hex()} is that of update {seen}; update {newest} was issued since.",
                f"Status kartu {serial.hex()} berasal dari pembaruan {seen}; sesudahnya terbit pembaruan {newest}.",
            ),
            where=where,
        )


class RegisterOutdated(RegisterError):
    """The card has an update that the register never issued: an old copy, or another register is in use."""

    code = "register-outdated"
    default_remedy = Text(
        "Find the register that issued it. If that is lost, have the card itself tell its state: ssn entitlement"
        " adopt.",
        "Cari register yang menerbitkannya. Jika hilang, minta keadaan dari kartunya sendiri: ssn entitlement adopt.",
    )

    def __init__(self, serial: bytes, seen: int, newest: int, where: str) -> None:
        super().__init__(
            Text(
                f"Card {serial.hex()} has update {seen}; the newest in the register is {newest}.",
                f"Kartu {serial.hex()} memuat pembaruan {seen}; yang terbaru di register {newest}.",
            ),
            where=where,
        )


class StatusDiffers(InputError):
    """Register and status tell the same number and not the same entitlement."""

    code = "status-differs"
    default_remedy = Text(
        "Read the status from the card again. If it still differs, two registers have used one number: report it.",
        "Baca status dari kartu sekali lagi. Jika tetap berbeda, dua register memakai satu nomor: laporkan.",
    )

    def __init__(self, serial: bytes, field: str, where: str) -> None:
        super().__init__(
            Text(
                f"{field} in the status of card {serial.hex()} is not what was issued.",
                f"{field} pada status kartu {serial.hex()} bukan yang diterbitkan.",
            ),
            where=where,
        )


class EntitlementExpired(InputError):
    """The last day has passed: the card would take the update and then refuse every purchase."""

    code = "entitlement-expired"
    default_remedy = Text(
        "Give --valid-until with a later day, or --policy with the one in force; --allow-expired issues it all the"
        " same. Blocking, terminating and forfeiting need none of them.",
        "Beri --valid-until dengan hari yang lebih lambat, atau --policy yang berlaku; --allow-expired tetap"
        " menerbitkan. Blokir, pengakhiran, dan penarikan dana tidak memerlukannya.",
    )

    def __init__(self, last_day: dt.date, where: str) -> None:
        super().__init__(
            Text(
                f"The entitlement would have ended on {last_day.isoformat()}.",
                f"Hak ini sudah berakhir pada {last_day.isoformat()}.",
            ),
            where=where,
        )
