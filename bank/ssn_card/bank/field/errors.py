# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between a tablet and the bank, and at the door.

The tree::

    BankError
      FieldError
        TabletExists (InputError)
        TabletUnknown (InputError)
        TabletRetired (InputError)
        NobodyToVisit (InputError)
        FieldFileRefused (InputError)
        PackageUnknown (InputError)
        ResultContradicts (InputError)
        TabletFolderTaken (InputError)
        TabletFolderMissing (InputError)
        NoPackage (InputError)
        PackageNotToday (InputError)
        VisitIncomplete (InputError)
        VisitTooLate (InputError)
        CardOfAnother (InputError)
        CardNotListed (InputError)
        TabletLocked
        DiaryError
          DiaryMissing
          DiaryNotOurs
          DiaryOfAnotherVersion
          DiaryDamaged
          DiaryBusy
"""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, Text

from ..errors import BankError


class FieldError(BankError):
    """Root of the errors of outreach."""

    code = "field"
    remedy = Text("Repeat it; if it stays, tell the bank.", "Ulangi; jika tetap begitu, beri tahu bank.")


class TabletExists(FieldError, InputError):
    """A tablet of that name, or with that key, is registered already; perhaps it is retired."""

    code = "tablet-exists"
    text = Text("Tablet {name}, or its key, is registered already.", "Tablet {name}, atau kuncinya, sudah terdaftar.")
    remedy = Text("Set it up again under another name.", "Siapkan ulang dengan nama lain.")
    where = "{name}"
    name: str


class TabletUnknown(FieldError, InputError):
    """No tablet with that name or key is registered."""

    code = "tablet-unknown"
    text = Text("This tablet is not registered.", "Tablet ini tidak terdaftar.")
    remedy = Text("Add its registration: ssn bank outreach tablets add.", "Daftarkan: ssn bank outreach tablets add.")
    where: str


class TabletRetired(FieldError, InputError):
    """The tablet was retired: it is given nothing more, and nothing it says is believed."""

    code = "tablet-retired"
    text = Text("Tablet {name} was retired on {day}.", "Tablet {name} dinonaktifkan pada {day}.")
    remedy = Text(
        "Set the tablet up anew; what it has done, its cards can tell.",
        "Siapkan ulang tablet; apa yang dilakukannya dapat dibaca dari kartunya.",
    )
    figures = ("name",)
    name: str
    day: str
    where: str


class NobodyToVisit(FieldError, InputError):
    """Nobody who was asked for has a card that waits to be handed over."""

    code = "nobody-to-visit"
    text = Text("Nobody of these has a card that waits.", "Tidak ada kartu yang menunggu diserahkan.")
    remedy = Text(
        "Check companion, kecamatan or list, and whether their cards were made.",
        "Periksa pendamping, kecamatan, atau daftarnya, dan apakah kartunya sudah dibuat.",
    )


class FieldFileRefused(FieldError, InputError):
    """Sealed for another, or it says another thing than its envelope."""

    code = "field-file-refused"
    text = Text("The file is not for this tablet or bank.", "Berkas ini bukan untuk tablet atau bank ini.")
    remedy = Text("Ask for the file that is.", "Minta berkas yang benar.")
    where: str


class PackageUnknown(FieldError, InputError):
    """A visit belongs to a package that was never made for this tablet, or to a person who is not in it."""

    code = "package-unknown"
    text = Text(
        "Visit {number} belongs to nothing that this tablet was given.",
        "Kunjungan {number} tidak termasuk yang diberikan kepada tablet ini.",
    )
    remedy = Text("Nothing was taken in. Ask the companion.", "Tidak ada yang diambil. Tanyakan pendampingnya.")
    figures = ("number",)
    number: int
    where: str


class ResultContradicts(FieldError, InputError):
    """The tablet tells something else under a number that it has used before."""

    code = "result-contradicts"
    text = Text(
        "Visit {number} of this tablet is known, and was another.",
        "Kunjungan {number} tablet ini sudah ada dan isinya lain.",
    )
    remedy = Text(
        "Nothing was taken in. Retire the tablet: its keys are on two devices, or its diary was set back.",
        "Tidak ada yang diambil. Nonaktifkan tablet: kuncinya ada di dua perangkat, atau catatannya dimundurkan.",
    )
    figures = ("number",)
    number: int
    where: str


class TabletFolderTaken(FieldError, InputError):
    """The folder holds something already."""

    code = "tablet-folder-taken"
    text = Text("The folder is not empty.", "Foldernya tidak kosong.")
    remedy = Text("Name a new folder.", "Sebutkan folder baru.")
    where: str


class TabletFolderMissing(FieldError, InputError):
    """The folder is no tablet's."""

    code = "tablet-folder-missing"
    text = Text("No tablet was set up in this folder.", "Belum ada tablet yang disiapkan di folder ini.")
    remedy = Text("Check the name, or: ssn field setup.", "Periksa namanya, atau: ssn field setup.")
    where: str


class NoPackage(FieldError, InputError):
    """The tablet has nobody to visit."""

    code = "no-package"
    text = Text("There is no package on this tablet.", "Belum ada paket di tablet ini.")
    remedy = Text("Open the bank's package: ssn field open.", "Buka paket dari bank: ssn field open.")


class PackageNotToday(FieldError, InputError):
    """The package's first day has not come, or its last is over."""

    code = "package-not-today"
    text = Text(
        "The package holds from {first} to {last}; this tablet's day is {today}.",
        "Paket berlaku {first} sampai {last}; tanggal tablet ini {today}.",
    )
    remedy = Text(
        "Check the tablet's date, or ask for a new package.", "Periksa tanggal tablet, atau minta paket baru."
    )
    first: str
    last: str
    today: str


class VisitIncomplete(FieldError, InputError):
    """A step must come before this one."""

    code = "visit-incomplete"
    text: Text
    remedy: Text = Text("Do that step first.", "Kerjakan langkah itu dahulu.")


class VisitTooLate(FieldError, InputError):
    """What is on the card, or with the bank, cannot be taken back."""

    code = "visit-too-late"
    text = Text("This step can no longer be taken back.", "Langkah ini tidak dapat dibatalkan lagi.")
    remedy = Text("Note what is right, as a new step.", "Catat yang benar sebagai langkah baru.")


class CardOfAnother(FieldError, InputError):
    """The card is that of another person of the list."""

    code = "card-of-another"
    text = Text("This is another person's card.", "Ini kartu orang lain.")
    remedy = Text(
        "Take it off, and lay on this person's card. Give nobody another's card.",
        "Angkat kartunya, lalu tempelkan kartu milik orang ini. Jangan serahkan kartu orang lain.",
    )
    figures = ("serial",)
    serial: bytes


class CardNotListed(FieldError, InputError):
    """No package of this tablet has the card."""

    code = "card-not-listed"
    text = Text("This card is not in the list.", "Kartu ini tidak ada dalam daftar.")
    remedy = Text(
        "Lay on the card of somebody in the list; bring this one back to the bank.",
        "Tempelkan kartu orang yang ada dalam daftar; kembalikan kartu ini ke bank.",
    )
    figures = ("serial",)
    serial: bytes


class TabletLocked(FieldError):
    """Nobody has unlocked the tablet."""

    code = "tablet-locked"
    text = Text("The tablet is locked.", "Tablet terkunci.")
    remedy = Text("Enter the companion's password.", "Masukkan kata sandi pendamping.")


class DiaryError(FieldError):
    """The tablet's diary cannot be used."""

    code = "diary"
    remedy = Text("Check that the disk is there and not full.", "Periksa apakah disk ada dan tidak penuh.")


class DiaryMissing(DiaryError):
    """There is no diary."""

    code = "diary-missing"
    remedy = Text("Put the folder back from its copy, whole.", "Kembalikan folder utuh dari salinannya.")


class DiaryNotOurs(DiaryError):
    """The file is no tablet's diary, or another tablet's."""

    code = "diary-not-ours"
    remedy = DiaryMissing.remedy


class DiaryOfAnotherVersion(DiaryError):
    """Another version of the program has made it."""

    code = "diary-version"
    remedy = Text("Install the version that made it.", "Pasang versi yang membuatnya.")


class DiaryDamaged(DiaryError):
    """The diary is damaged or was changed."""

    code = "diary-damaged"
    remedy = Text(
        "Bring the tablet to the bank; what was exported stands.",
        "Bawa tablet ke bank; yang sudah diekspor tetap berlaku.",
    )


class DiaryBusy(DiaryError):
    """Another process has it open, such as the page itself."""

    code = "diary-busy"
    remedy = Text("Close the page (ssn field serve) first.", "Tutup halaman (ssn field serve) dahulu.")
