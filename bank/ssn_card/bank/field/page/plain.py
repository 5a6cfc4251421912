# SPDX-License-Identifier: Apache-2.0
"""What goes wrong at the door, in a companion's words: no names of programs, no status words, and what to do next."""

from __future__ import annotations

from typing import NamedTuple

from ssn_card.protocol.errors import SsnCardError, Text


class PlainWords(NamedTuple):
    """What happened, and what helps."""

    text: Text
    remedy: Text


_TO_THE_BANK = Text(
    "Do not hand the card over. Note it as going back to the bank.",
    "Jangan serahkan kartunya. Catat sebagai dikembalikan ke bank.",
)
_LOST = PlainWords(
    Text("The card was taken away too soon.", "Kartu terlepas sebelum selesai."),
    Text(
        "Lay on the same card again and repeat: nothing is done twice.",
        "Tempelkan lagi kartu yang sama, lalu ulangi: tidak akan terjadi dua kali.",
    ),
)
_NO_READER = PlainWords(
    Text("There is no card reader.", "Pembaca kartu tidak ditemukan."),
    Text(
        "Plug the reader in, wait a moment, and repeat. If it stays, restart the tablet.",
        "Pasang pembacanya, tunggu sebentar, lalu ulangi. Jika tetap begitu, nyalakan ulang tablet.",
    ),
)
_UNREADABLE = PlainWords(
    Text("The card does not answer.", "Kartu tidak menjawab."),
    Text(
        "Turn it round, or wipe its contacts, and repeat. If it stays silent, note it as going back to the bank.",
        "Balik kartunya, atau bersihkan kontaknya, lalu ulangi. Jika tetap diam, catat sebagai dikembalikan ke bank.",
    ),
)
_UPDATE_REFUSED = PlainWords(
    Text("The card refuses what the bank has prepared.", "Kartu menolak pembaruan yang disiapkan bank."), _TO_THE_BANK
)
_FALSE = PlainWords(
    Text("This is no genuine card.", "Ini bukan kartu asli."),
    Text("Do not hand it over. Keep it, and tell the bank.", "Jangan diserahkan. Simpan kartunya, dan beri tahu bank."),
)
_PLAIN = {
    "no-card": PlainWords(
        Text("There is no card in the reader.", "Tidak ada kartu di pembaca."),
        Text("Lay the card on the reader, or insert it, and repeat.", "Tempelkan atau masukkan kartu, lalu ulangi."),
    ),
    "card-removed": _LOST,
    "card-was-reset": _LOST,
    "connection-lost": _LOST,
    "exchange-broken": _LOST,
    "short-answer": _LOST,
    "card-disturbed": _LOST,
    "card-mute": _UNREADABLE,
    "card-not-supported": _UNREADABLE,
    "card-failure": _UNREADABLE,
    "reader-not-found": _NO_READER,
    "card-not-reachable": _NO_READER,
    "pcsc-not-running": _NO_READER,
    "pcsc-not-answering": _NO_READER,
    "pcsc-lost": _NO_READER,
    "pcsc-failure": _NO_READER,
    "card-in-use": PlainWords(
        Text("Another program uses the card.", "Program lain memakai kartu."),
        Text("Close that program, and repeat.", "Tutup program itu, lalu ulangi."),
    ),
    "stale-update": PlainWords(
        Text("The card has newer data than this package.", "Data kartu lebih baru daripada paket ini."),
        Text(
            "Read the card. If it is active, note it as handed over without activating.",
            "Baca kartunya. Jika sudah aktif, catat sebagai diserahkan tanpa mengaktifkan.",
        ),
    ),
    "conflicting-update": _UPDATE_REFUSED,
    "invalid-update": _UPDATE_REFUSED,
    "wrong-mac": _UPDATE_REFUSED,
    "terminated": PlainWords(Text("The card is ended for good.", "Kartu sudah diakhiri."), _TO_THE_BANK),
    "blocked": PlainWords(Text("The card is blocked.", "Kartu diblokir."), _TO_THE_BANK),
    "answer-not-genuine": _FALSE,
    "not-our-card": PlainWords(
        Text("This is no card of the programme, or an empty one.", "Ini bukan kartu program ini, atau masih kosong."),
        Text("Take it off, and lay on this person's card.", "Angkat, lalu tempelkan kartu milik orang ini."),
    ),
    "pin-choice-closed": PlainWords(
        Text("No PIN can be chosen on this card now.", "PIN kartu ini sedang tidak dapat dipilih."),
        Text(
            "If one was chosen just now, the card has it. Else ask the bank; the card can be used all the same.",
            "Jika baru saja dipilih, kartu sudah memakainya. Jika belum, minta bank; kartu tetap dapat dipakai.",
        ),
    ),
    "pin-in-doubt": PlainWords(
        Text("The card was taken away too soon: it has the new PIN or not.",
             "Kartu terlepas terlalu cepat: PIN baru mungkin sudah ada, mungkin belum."),
        Text(
            "Choose the same PIN once more. If the choice is closed then, the card has it.",
            "Pilih lagi PIN yang sama. Jika pemilihan sudah tertutup, kartu sudah memakainya.",
        ),
    ),
    "wrong-password": PlainWords(
        Text("The password is wrong.", "Kata sandi salah."),
        Text(
            "Try again. Who has forgotten it has the tablet set up anew at the bank.",
            "Coba lagi. Jika lupa, tablet disiapkan ulang di bank.",
        ),
    ),
}  # fmt: skip


def plain(error: SsnCardError) -> PlainWords:
    """An error in a companion's words, or in its own where it speaks so already."""
    return _PLAIN.get(error.code) or PlainWords(error.text, error.remedy)
