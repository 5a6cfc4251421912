# SPDX-License-Identifier: Apache-2.0
"""Every error code of PC/SC, in words, with its remedy.

Sources: pcsclite.h of pcsc-lite and Microsoft's "Smart Card Return Values", which agree on the numbers; but for
8010001F, which pcsc-lite also names SCARD_E_UNSUPPORTED_FEATURE. Many of them no card reader ever gives; whoever meets
one still gets a sentence.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .errors import Words

_RESTART = Text(
    "Restart the PC/SC service (systemctl restart pcscd) and look at what it says (journalctl -u pcscd).",
    "Mulai ulang layanan PC/SC (systemctl restart pcscd) dan lihat pesannya (journalctl -u pcscd).",
)
_REPORT = Text(
    "This is a fault of this program or of the PC/SC library: report it, with the number.",
    "Ini kesalahan program ini atau pustaka PC/SC: laporkan, dengan nomornya.",
)
_AGAIN = Text("Try again.", "Coba lagi.")
_READER = Text(
    "Plug the reader out and in again; if it happens again, try another cable or reader.",
    "Cabut dan pasang lagi pembaca; bila terulang, coba kabel atau pembaca lain.",
)
_CONTACT = Text(
    "Take the card out, wipe its contacts, put it in again and leave it until the command is done.",
    "Keluarkan kartu, bersihkan kontaknya, masukkan lagi dan biarkan sampai perintah selesai.",
)
_OTHER_CARD = Text(
    "Put an SSN card in; if it is one, try another reader.",
    "Masukkan kartu SSN; bila memang kartu SSN, coba pembaca lain.",
)
_NOT_OURS = Text(
    "No command of this program asks for that: another program does, or the reader's driver is at fault; update it.",
    "Program ini tidak pernah memintanya: program lain yang meminta, atau driver pembaca bermasalah; perbarui.",
)

#: By number, unsigned.
CODES: dict[int, Words] = {
    0x80100001: Words(  # SCARD_F_INTERNAL_ERROR
        Text("the PC/SC service found a fault in itself", "layanan PC/SC menemukan kesalahan pada dirinya"), _RESTART
    ),
    0x80100002: Words(  # SCARD_E_CANCELLED
        Text("the call was cancelled by a program", "panggilan dibatalkan oleh sebuah program"), _AGAIN
    ),
    0x80100003: Words(  # SCARD_E_INVALID_HANDLE
        Text(
            "the PC/SC service no longer knows this connection, as after its restart",
            "layanan PC/SC tidak lagi mengenal koneksi ini, seperti setelah dimulai ulang",
        ),
        Text(
            "Open a new connection; if that fails, restart the service (systemctl restart pcscd).",
            "Buka koneksi baru; bila gagal, mulai ulang layanan (systemctl restart pcscd).",
        ),
    ),
    0x80100004: Words(  # SCARD_E_INVALID_PARAMETER
        Text(
            "the PC/SC service was given a parameter that it does not take",
            "layanan PC/SC menerima parameter yang tidak diterimanya",
        ),
        _REPORT,
    ),
    0x80100005: Words(  # SCARD_E_INVALID_TARGET
        Text(
            "the PC/SC service lacks start-up information, or has it damaged",
            "informasi awal layanan PC/SC tidak ada atau rusak",
        ),
        Text(
            "Install the PC/SC service anew: apt install --reinstall pcscd.",
            "Pasang ulang layanan PC/SC: apt install --reinstall pcscd.",
        ),
    ),
    0x80100006: Words(  # SCARD_E_NO_MEMORY
        Text(
            "the PC/SC service has no memory, or no place for one more connection to this reader",
            "layanan PC/SC kehabisan memori, atau tempat untuk satu koneksi lagi ke pembaca ini",
        ),
        Text(
            "Close other programs that use the reader, then try again.",
            "Tutup program lain yang memakai pembaca, lalu coba lagi.",
        ),
    ),
    0x80100007: Words(  # SCARD_F_WAITED_TOO_LONG
        Text("a clock inside the PC/SC service ran out", "penghitung waktu di dalam layanan PC/SC habis"), _RESTART
    ),
    0x80100008: Words(  # SCARD_E_INSUFFICIENT_BUFFER
        Text("the answer is longer than the place for it", "jawaban lebih panjang daripada tempatnya"), _REPORT
    ),
    0x80100009: Words(  # SCARD_E_UNKNOWN_READER
        Text("there is no reader of this name any more", "pembaca bernama ini sudah tidak ada"),
        Text("Plug the reader in again, or name another one.", "Pasang lagi pembaca itu, atau sebut yang lain."),
    ),
    0x8010000A: Words(  # SCARD_E_TIMEOUT
        Text("the PC/SC service's time limit has passed", "batas waktu layanan PC/SC terlampaui"), _AGAIN
    ),
    0x8010000B: Words(  # SCARD_E_SHARING_VIOLATION
        Text("another program holds the card", "kartu sedang dipakai program lain"),
        Text(
            "Close the other program that uses this card, then try again.",
            "Tutup program lain yang memakai kartu ini, lalu coba lagi.",
        ),
    ),
    0x8010000C: Words(  # SCARD_E_NO_SMARTCARD
        Text("there is no card in the reader", "tidak ada kartu di pembaca"),
        Text("Put the card into the reader.", "Masukkan atau tempelkan kartu pada pembaca."),
    ),
    0x8010000D: Words(  # SCARD_E_UNKNOWN_CARD
        Text("the PC/SC service does not know this kind of card", "layanan PC/SC tidak mengenal jenis kartu ini"),
        _OTHER_CARD,
    ),
    0x8010000E: Words(  # SCARD_E_CANT_DISPOSE
        Text(
            "the PC/SC service cannot let go of the card as asked",
            "layanan PC/SC tidak dapat melepas kartu seperti diminta",
        ),
        Text("Take the card out and put it in again.", "Keluarkan kartu dan masukkan lagi."),
    ),
    0x8010000F: Words(  # SCARD_E_PROTO_MISMATCH
        Text(
            "card and reader have no protocol in common (T=0 or T=1)",
            "kartu dan pembaca tidak punya protokol yang sama (T=0 atau T=1)",
        ),
        Text(
            "Put an SSN card in. If it is one, a program has set another protocol: close that, or try another reader.",
            "Masukkan kartu SSN. Bila memang kartu SSN, program lain memakai protokol lain: tutup, atau ganti pembaca.",
        ),
    ),
    0x80100010: Words(  # SCARD_E_NOT_READY
        Text("the reader or the PC/SC service is not ready yet", "pembaca atau layanan PC/SC belum siap"),
        Text("Wait a few seconds and try again.", "Tunggu beberapa detik lalu coba lagi."),
    ),
    0x80100011: Words(  # SCARD_E_INVALID_VALUE
        Text(
            "the PC/SC service was given a value that makes no sense to it",
            "layanan PC/SC menerima nilai yang tidak masuk akal baginya",
        ),
        _REPORT,
    ),
    0x80100012: Words(  # SCARD_E_SYSTEM_CANCELLED
        Text(
            "the system cancelled the call, as when it shuts down",
            "sistem membatalkan panggilan, seperti saat dimatikan",
        ),
        Text(
            "Wait until the system has started again, then try again.",
            "Tunggu sampai sistem menyala kembali, lalu coba lagi.",
        ),
    ),
    0x80100013: Words(  # SCARD_F_COMM_ERROR
        Text(
            "the connection to the PC/SC service broke: it was stopped, was restarted or crashed",
            "koneksi ke layanan PC/SC putus: layanan dihentikan, dimulai ulang atau mogok",
        ),
        Text(
            "Check that it runs (systemctl status pcscd.socket); if it crashed, see journalctl -u pcscd.",
            "Periksa apakah layanan berjalan (systemctl status pcscd.socket); bila mogok, lihat journalctl -u pcscd.",
        ),
    ),
    0x80100014: Words(  # SCARD_F_UNKNOWN_ERROR
        Text(
            "the PC/SC service met an error that it does not know",
            "layanan PC/SC menemui kesalahan yang tidak dikenalnya",
        ),
        _RESTART,
    ),
    0x80100015: Words(  # SCARD_E_INVALID_ATR
        Text("the card's answer to reset makes no sense", "jawaban reset (ATR) kartu tidak masuk akal"), _OTHER_CARD
    ),
    0x80100016: Words(  # SCARD_E_NOT_TRANSACTED
        Text(
            "the exchange with the card failed: it was moved or pulled out, or its contact is bad",
            "pertukaran dengan kartu gagal: kartu bergeser atau tercabut, atau kontaknya buruk",
        ),
        _CONTACT,
    ),
    0x80100017: Words(  # SCARD_E_READER_UNAVAILABLE
        Text("the reader was unplugged or switched off", "pembaca tercabut atau dimatikan"), _READER
    ),
    0x80100018: Words(  # SCARD_P_SHUTDOWN
        Text("the PC/SC service is shutting down", "layanan PC/SC sedang berhenti"),
        Text("Start it again: systemctl start pcscd.socket.", "Jalankan lagi: systemctl start pcscd.socket."),
    ),
    0x80100019: Words(  # SCARD_E_PCI_TOO_SMALL
        Text(
            "the protocol block given to the PC/SC service is too small",
            "blok protokol untuk layanan PC/SC terlalu kecil",
        ),
        _REPORT,
    ),
    0x8010001A: Words(  # SCARD_E_READER_UNSUPPORTED
        Text("the reader's driver does not fit the PC/SC service", "driver pembaca tidak cocok dengan layanan PC/SC"),
        Text(
            "Install the newest driver of the reader (libccid), or use another reader.",
            "Pasang driver terbaru pembaca (libccid), atau pakai pembaca lain.",
        ),
    ),
    0x8010001B: Words(  # SCARD_E_DUPLICATE_READER
        Text("two readers of the same name are configured", "dua pembaca bernama sama dalam konfigurasi"),
        Text(
            "Give each its own FRIENDLYNAME in /etc/reader.conf.d and restart the service.",
            "Beri FRIENDLYNAME yang berbeda di /etc/reader.conf.d dan mulai ulang layanan.",
        ),
    ),
    0x8010001C: Words(  # SCARD_E_CARD_UNSUPPORTED
        Text("the PC/SC service's driver does not support this card", "driver layanan PC/SC tidak mendukung kartu ini"),
        _OTHER_CARD,
    ),
    0x8010001D: Words(  # SCARD_E_NO_SERVICE
        Text(
            "the PC/SC service does not answer to its name: it does not run, or has just ended",
            "layanan PC/SC tidak ada: tidak berjalan, atau baru saja berhenti",
        ),
        Text(
            "Start it: systemctl start pcscd.socket (in a container: pcscd); then open a new connection.",
            "Jalankan: systemctl start pcscd.socket (dalam kontainer: pcscd); lalu buka koneksi baru.",
        ),
    ),
    0x8010001E: Words(  # SCARD_E_SERVICE_STOPPED
        Text("the PC/SC service was stopped", "layanan PC/SC dihentikan"),
        Text(
            "Start it again: systemctl start pcscd.socket; then open a new connection.",
            "Jalankan lagi: systemctl start pcscd.socket; lalu buka koneksi baru.",
        ),
    ),
    0x8010001F: Words(  # SCARD_E_UNEXPECTED
        Text(
            "the PC/SC service or the reader cannot do what was asked",
            "layanan PC/SC atau pembaca tidak mampu melakukan yang diminta",
        ),
        Text(
            "Update the reader's driver (libccid), or use another reader.",
            "Perbarui driver pembaca (libccid), atau pakai pembaca lain.",
        ),
    ),
    0x80100020: Words(  # SCARD_E_ICC_INSTALLATION
        Text("no primary provider is found for the card", "penyedia utama kartu tidak ditemukan"), _NOT_OURS
    ),
    0x80100021: Words(  # SCARD_E_ICC_CREATEORDER
        Text(
            "the order of making files on the card is not supported",
            "urutan pembuatan berkas pada kartu tidak didukung",
        ),
        _NOT_OURS,
    ),
    0x80100022: Words(  # SCARD_E_UNSUPPORTED_FEATURE
        Text("the PC/SC service does not support this feature", "layanan PC/SC tidak mendukung fitur ini"),
        Text("Update the PC/SC service and the reader's driver.", "Perbarui layanan PC/SC dan driver pembaca."),
    ),
    0x80100023: Words(  # SCARD_E_DIR_NOT_FOUND
        Text("a directory that was asked for is not on the card", "direktori yang diminta tidak ada pada kartu"),
        _NOT_OURS,
    ),
    0x80100024: Words(  # SCARD_E_FILE_NOT_FOUND
        Text("a file that was asked for is not on the card", "berkas yang diminta tidak ada pada kartu"), _NOT_OURS
    ),
    0x80100025: Words(  # SCARD_E_NO_DIR
        Text("the path that was asked for is no directory of the card", "jalur yang diminta bukan direktori kartu"),
        _NOT_OURS,
    ),
    0x80100026: Words(  # SCARD_E_NO_FILE
        Text("the path that was asked for is no file of the card", "jalur yang diminta bukan berkas kartu"), _NOT_OURS
    ),
    0x80100027: Words(  # SCARD_E_NO_ACCESS
        Text("access to a file of the card was denied", "akses ke berkas kartu ditolak"), _NOT_OURS
    ),
    0x80100028: Words(  # SCARD_E_WRITE_TOO_MANY
        Text(
            "the card has too little room for what was to be written",
            "tempat pada kartu kurang untuk data yang akan ditulis",
        ),
        _NOT_OURS,
    ),
    0x80100029: Words(  # SCARD_E_BAD_SEEK
        Text("a place in a file of the card cannot be reached", "posisi dalam berkas kartu tidak dapat dicapai"),
        _NOT_OURS,
    ),
    0x8010002A: Words(  # SCARD_E_INVALID_CHV
        Text(
            "a PIN of the wrong form was given to the PC/SC service",
            "PIN yang bentuknya salah diberikan kepada layanan PC/SC",
        ),
        _NOT_OURS,
    ),
    0x8010002B: Words(  # SCARD_E_UNKNOWN_RES_MNG
        Text(
            "a layer below the PC/SC service gave an error that it does not know",
            "lapisan di bawah layanan PC/SC memberi kesalahan yang tidak dikenal",
        ),
        _RESTART,
    ),
    0x8010002C: Words(  # SCARD_E_NO_SUCH_CERTIFICATE
        Text("the certificate that was asked for does not exist", "sertifikat yang diminta tidak ada"), _NOT_OURS
    ),
    0x8010002D: Words(  # SCARD_E_CERTIFICATE_UNAVAILABLE
        Text("the certificate that was asked for cannot be had", "sertifikat yang diminta tidak dapat diambil"),
        _NOT_OURS,
    ),
    0x8010002E: Words(  # SCARD_E_NO_READERS_AVAILABLE
        Text("no card reader is connected", "tidak ada pembaca kartu yang terhubung"),
        Text("Plug a reader in and try again.", "Pasang pembaca lalu coba lagi."),
    ),
    0x8010002F: Words(  # SCARD_E_COMM_DATA_LOST
        Text("data was lost between reader and card", "data hilang antara pembaca dan kartu"), _CONTACT
    ),
    0x80100030: Words(  # SCARD_E_NO_KEY_CONTAINER
        Text("the key container that was asked for does not exist", "wadah kunci yang diminta tidak ada"), _NOT_OURS
    ),
    0x80100031: Words(  # SCARD_E_SERVER_TOO_BUSY
        Text("the PC/SC service has too much to do", "layanan PC/SC terlalu sibuk"),
        Text(
            "Close other programs that use readers, wait a few seconds and try again.",
            "Tutup program lain yang memakai pembaca, tunggu beberapa detik lalu coba lagi.",
        ),
    ),
    0x80100065: Words(  # SCARD_W_UNSUPPORTED_CARD
        Text(
            "the reader cannot talk to this card: its settings conflict",
            "pembaca tidak dapat berbicara dengan kartu ini: pengaturannya bertentangan",
        ),
        _OTHER_CARD,
    ),
    0x80100066: Words(  # SCARD_W_UNRESPONSIVE_CARD
        Text("the card does not answer to a reset", "kartu tidak menjawab reset"),
        Text(
            "Take the card out, wipe its contacts, put it in the right way up.",
            "Keluarkan kartu, bersihkan kontaknya, masukkan lagi dengan arah yang benar.",
        ),
    ),
    0x80100067: Words(  # SCARD_W_UNPOWERED_CARD
        Text(
            "the card has no power: it was moved, or its contact is bad",
            "kartu tidak mendapat daya: kartu bergeser, atau kontaknya buruk",
        ),
        _CONTACT,
    ),
    0x80100068: Words(  # SCARD_W_RESET_CARD
        Text("another program reset the card", "program lain mereset kartu"),
        Text(
            "Close the other program that uses this card if it happens again.",
            "Tutup program lain yang memakai kartu ini bila terulang.",
        ),
    ),
    0x80100069: Words(  # SCARD_W_REMOVED_CARD
        Text("the card was taken out of the reader", "kartu dikeluarkan dari pembaca"),
        Text(
            "Put the card in again and leave it until the command is done.",
            "Masukkan lagi kartu dan biarkan sampai perintah selesai.",
        ),
    ),
    0x8010006A: Words(  # SCARD_W_SECURITY_VIOLATION
        Text(
            "the PC/SC service broke the connection off, or does not allow this user at it",
            "layanan PC/SC memutus koneksi, atau tidak mengizinkan pengguna ini",
        ),
        Text(
            "Check the user's rights (README.polkit of pcscd); if they are right, the service has ended or is full.",
            "Periksa hak pengguna (README.polkit milik pcscd); bila benar, layanan baru saja berhenti atau penuh.",
        ),
    ),
    0x8010006B: Words(  # SCARD_W_WRONG_CHV
        Text("the PC/SC service was given a wrong PIN", "layanan PC/SC menerima PIN yang salah"), _NOT_OURS
    ),
    0x8010006C: Words(  # SCARD_W_CHV_BLOCKED
        Text("a PIN of the card is blocked, says the PC/SC service", "PIN kartu terblokir, menurut layanan PC/SC"),
        _NOT_OURS,
    ),
    0x8010006D: Words(  # SCARD_W_EOF
        Text("the end of a file of the card was reached", "akhir berkas kartu tercapai"), _NOT_OURS
    ),
    0x8010006E: Words(  # SCARD_W_CANCELLED_BY_USER
        Text(
            "somebody cancelled the action at the reader or on the screen",
            "tindakan dibatalkan seseorang pada pembaca atau layar",
        ),
        _AGAIN,
    ),
    0x8010006F: Words(  # SCARD_W_CARD_NOT_AUTHENTICATED
        Text("no PIN was given to the card", "PIN belum diberikan kepada kartu"), _NOT_OURS
    ),
}
