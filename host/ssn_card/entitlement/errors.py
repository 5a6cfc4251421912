# SPDX-License-Identifier: Apache-2.0
"""What can go wrong where the bank issues updates: its register, the files it writes, and cards that must get none.

The tree::

    InputError
      CardBarred
      UpdatesConflict
      UpdateFileTaken
      UpdateSeqUsed
      PlanRefused
      NotInRegister
      StatusOutdated
      StatusDiffers
      EntitlementExpired
      UpdateShrinks
      ExpiryTooEarly
      ValidBeyondExpiry
      MendingUnconfirmed
    ConfigurationError
      RegisterError
        RegisterNotFound
        RegisterExists
        RegisterNotOurs
        RegisterOfAnotherVersion
        RegisterDamaged
        RegisterBusy
        RegisterOutdated
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ssn_card.protocol.errors import ConfigurationError, InputError, Text


class RegisterError(ConfigurationError):
    """The register cannot be used. Nothing is issued without it."""

    code = "register"
    remedy = Text(
        "Check disk and permissions, keep the file, and repeat the command.",
        "Periksa disk dan izin, simpan berkasnya, lalu ulangi perintah.",
    )


class RegisterNotFound(RegisterError):
    """There is no register of that name; a new one would know of no update that the cards have."""

    code = "register-not-found"
    remedy = Text(
        "Check the path. Only for the bank's very first update: add --new-register.",
        "Periksa lokasinya. Hanya untuk pembaruan pertama bank: tambahkan --new-register.",
    )


class RegisterExists(RegisterError):
    """A new register would take the place of a file that is there."""

    code = "register-exists"
    remedy = Text(
        "If it is the register, leave out --new-register; else choose another name.",
        "Jika itu memang registernya, hilangkan --new-register; jika bukan, pilih nama lain.",
    )


class RegisterNotOurs(RegisterError):
    """The file is no register of updates."""

    code = "register-not-ours"
    remedy = Text("Check the path of the register.", "Periksa lokasi register.")


class RegisterOfAnotherVersion(RegisterError):
    """The register was made by another version of this program."""

    code = "register-version"
    remedy = Text(
        "Use the program that made it, or a newer one.", "Pakai program yang membuatnya, atau yang lebih baru."
    )


class RegisterDamaged(RegisterError):
    """The register is one of ours, and what stands in it cannot be relied on."""

    code = "register-damaged"
    remedy = Text(
        "Keep the file and issue nothing from it. Its newest backup serves where no update was issued since; else have"
        " the cards tell their state: ssn entitlement adopt.",
        "Simpan berkasnya dan jangan terbitkan apa pun darinya. Cadangan terbarunya dapat dipakai bila sesudahnya tidak"
        " ada pembaruan terbit; jika ada, minta keadaan dari kartunya: ssn entitlement adopt.",
    )


class RegisterBusy(RegisterError):
    """Another process is issuing from this register."""

    code = "register-busy"
    remedy = Text(
        "Wait until the other command has ended, then repeat this one.",
        "Tunggu sampai perintah lain selesai, lalu ulangi.",
    )


class UpdateFileTaken(InputError):
    """The file to write is there already and holds something else, perhaps updates on their way to cards."""

    code = "update-file-taken"
    text = Text("The file exists already and holds something else.", "Berkas sudah ada dan isinya lain.")
    remedy = Text(
        "Nothing is overwritten: choose another --out, or move that file away first.",
        "Tidak ada yang ditimpa: pilih --out lain, atau pindahkan berkas itu dahulu.",
    )
    where = "{path}"
    path: Path


class UpdateSeqUsed(InputError):
    """That number, or a later one, was issued for this card; a card refuses the second one of a number."""

    code = "update-seq-used"
    text = Text(
        "Card {serial} was issued update {newest_update_seq} already; {wanted} would be refused by the card.",
        "Kartu {serial} sudah diberi pembaruan {newest_update_seq}; {wanted} akan ditolak kartu.",
    )
    remedy = Text(
        "Leave out --update-seq: the register knows the next number. To have the issued update in a file once more:"
        " ssn entitlement issued --out FILE.",
        "Hilangkan --update-seq: register mengetahui nomor berikutnya. Untuk menulis ulang pembaruan yang sudah terbit:"
        " ssn entitlement issued --out BERKAS.",
    )
    where = "--update-seq"
    figures = ("serial", "newest_update_seq")
    serial: bytes
    wanted: int
    newest_update_seq: int


class PlanRefused(InputError):
    """What is asked for does not fit what the card has; ``where`` names the option or the card."""

    code = "plan-refused"


class NotInRegister(InputError):
    """The card has had updates, and the register knows of none."""

    code = "not-in-register"
    remedy = Text(
        "Check that this is the right register. If its history is lost, have the card itself tell its state:"
        " ssn entitlement adopt. Blocking and terminating mostly work without, by a high --update-seq (docs/bank.md).",
        "Pastikan registernya benar. Jika riwayatnya hilang, minta keadaan dari kartunya sendiri:"
        " ssn entitlement adopt. Blokir dan pengakhiran biasanya tetap dapat, dengan --update-seq yang tinggi"
        " (docs/bank.md).",
    )
    text = Text(
        "The register has no update of card {serial}, which is at update {at} or later.",
        "Register tidak memuat pembaruan kartu {serial}, padahal kartu sudah di pembaruan {at} atau lebih.",
    )
    serial: bytes
    at: int  #: the number of the update that the card has
    where: str


class StatusOutdated(InputError):
    """An update was issued after the status was read; what stays as it is would be taken from before it."""

    code = "status-outdated"
    text = Text(
        "The status of card {serial} is that of update {seen}; update {newest} was issued since.",
        "Status kartu {serial} berasal dari pembaruan {seen}; sesudahnya terbit pembaruan {newest}.",
    )
    remedy = Text(
        "Deliver that update and read the status again; or name the card by its serial: then what is not named stays"
        " as the register has it.",
        "Antarkan pembaruan itu lalu baca status lagi; atau sebut kartu dengan nomor serinya: yang tidak disebut tetap"
        " seperti di register.",
    )
    serial: bytes
    seen: int
    newest: int
    where: str


class RegisterOutdated(RegisterError):
    """The card has an update that the register never issued: an old copy, or another register is in use."""

    code = "register-outdated"
    text = Text(
        "Card {serial} has update {seen}; the newest in the register is {newest}.",
        "Kartu {serial} memuat pembaruan {seen}; yang terbaru di register {newest}.",
    )
    remedy = Text(
        "Find the register that issued it. If that is lost, have the card itself tell its state: ssn entitlement"
        " adopt.",
        "Cari register yang menerbitkannya. Jika hilang, minta keadaan dari kartunya sendiri: ssn entitlement adopt.",
    )
    serial: bytes
    seen: int
    newest: int
    where: str


class StatusDiffers(InputError):
    """Register and status tell the same number and not the same entitlement."""

    code = "status-differs"
    text = Text(
        "{field} in the status of card {serial} is not what was issued.",
        "{field} pada status kartu {serial} bukan yang diterbitkan.",
    )
    remedy = Text(
        "Read the status from the card again. If it still differs, two registers have used one number: report it.",
        "Baca status dari kartu sekali lagi. Jika tetap berbeda, dua register memakai satu nomor: laporkan.",
    )
    serial: bytes
    field: str
    where: str


class EntitlementExpired(InputError):
    """The last day has passed: the card would take the update and then refuse every purchase."""

    code = "entitlement-expired"
    text = Text("The entitlement would have ended on {last_day}.", "Hak ini sudah berakhir pada {last_day}.")
    remedy = Text(
        "Give --valid-until with a later day, or --policy with the one in force; --allow-expired issues it all the"
        " same. Blocking, terminating and expiring need none of them.",
        "Beri --valid-until dengan hari yang lebih lambat, atau --policy yang berlaku; --allow-expired tetap"
        " menerbitkan. Blokir, pengakhiran, dan penghangusan dana tidak memerlukannya.",
    )
    last_day: dt.date
    where: str


class UpdateShrinks(InputError):
    """A card would refuse the update, or lose what an earlier one set, were that missed."""

    code = "update-shrinks"
    text = Text("{field} of card {serial} would go back.", "{field} kartu {serial} akan mundur.")
    remedy = Text(
        "Totals, counts and keys only grow, and a month mended to stays until the next mending. Issue from the register"
        " that issued the update before.",
        "Total, hitungan, dan kunci hanya bertambah, dan bulan perbaikan tetap sampai perbaikan berikutnya. Terbitkan"
        " dari register yang menerbitkan pembaruan sebelumnya.",
    )
    where = "{serial}"
    figures = ("serial", "field")
    serial: bytes
    field: str


class ExpiryTooEarly(InputError):
    """Money would expire that the card can still spend until the update reaches it."""

    code = "expiry-too-early"
    text = Text(
        "Card {serial} can be debited until {valid_until}: what expires before may be spent all the same.",
        "Kartu {serial} dapat didebit sampai {valid_until}: yang hangus sebelum itu masih bisa terpakai.",
    )
    remedy = Text(
        "Expire it after that day; to have it sooner, issue an earlier --valid-until first and expire the day after."
        " With --state blocked or terminated it may expire at once.",
        "Hanguskan sesudah hari itu; bila perlu lebih cepat, terbitkan dahulu --valid-until yang lebih awal dan"
        " hanguskan sehari sesudahnya. Dengan --state blocked atau terminated boleh langsung.",
    )
    where = "{serial}"
    figures = ("serial", "valid_until")
    serial: bytes
    valid_until: dt.date


class ValidBeyondExpiry(InputError):
    """The last day lies behind the day on which money of the card expires."""

    code = "valid-beyond-expiry"
    text = Text(
        "Money of policy {policy_id} on the card expires on {expiry}; the card must not be valid beyond it.",
        "Dana kebijakan {policy_id} di kartu hangus pada {expiry}; kartu tidak boleh berlaku lebih lama.",
    )
    remedy = Text(
        "Give that day or an earlier one, or leave --valid-until out.",
        "Beri hari itu atau yang lebih awal, atau hilangkan --valid-until.",
    )
    where = "--valid-until"
    expiry: dt.date
    policy_id: int


class MendingUnconfirmed(InputError):
    """The last mending of the card's month may be on its way still; a second one could undo a true month."""

    code = "mending-unconfirmed"
    text = Text(
        "No receipt shows yet that card {serial} has had mending {mend_count}.",
        "Belum ada kuitansi bahwa kartu {serial} sudah menerima perbaikan {mend_count}.",
    )
    remedy = Text(
        "Deliver the card's newest update, which carries the mending on, and hand its receipt in: ssn entitlement"
        " confirm RECEIPTS. Then mend again, if the month is still ahead.",
        "Antarkan pembaruan terbaru kartu itu, yang memuat perbaikannya, dan serahkan kuitansinya: ssn entitlement"
        " confirm KUITANSI. Lalu perbaiki lagi, bila bulannya masih mendahului.",
    )
    where = "{serial}"
    figures = ("serial", "mend_count")
    serial: bytes
    mend_count: int
