# SPDX-License-Identifier: Apache-2.0
"""Every word of the page, in both languages; Indonesian is what a companion sees first."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

WORDS = {
    "title": Text("Visits", "Kunjungan"),
    "lock": Text("Lock", "Kunci"),
    "other_language": Text("Bahasa Indonesia", "English"),
    "unlock_title": Text("Unlock the tablet", "Buka tablet"),
    "password": Text("Companion's password", "Kata sandi pendamping"),
    "unlock": Text("Unlock", "Buka"),
    "unlock_why": Text(
        "Names and keys are readable only while the tablet is unlocked. It locks itself.",
        "Nama dan kunci hanya terbaca selama tablet terbuka. Tablet mengunci sendiri.",
    ),
    "wait": Text("Too many wrong passwords: wait {seconds} seconds.", "Terlalu sering salah: tunggu {seconds} detik."),
    "working": Text("Working; leave the card where it is", "Sedang bekerja; jangan angkat kartunya"),
    "list": Text("List", "Daftar"),
    "search": Text("Name or card number", "Nama atau nomor kartu"),
    "find": Text("Search", "Cari"),
    "all": Text("all", "semua"),
    "everywhere": Text("All kelurahan", "Semua kelurahan"),
    "find_by_card": Text("Find by the card in the reader", "Cari lewat kartu di pembaca"),
    "nobody": Text("Nobody is like that.", "Tidak ada yang cocok."),
    "no_package": Text(
        "There is no package on this tablet yet. Take in the file from the bank:",
        "Belum ada paket di tablet ini. Masukkan berkas dari bank:",
    ),
    "open_package": Text("Take in a package", "Masukkan paket"),
    "package_came": Text("A package came: {count} persons.", "Paket masuk: {count} orang."),
    "end_of_day": Text("End of day", "Akhir hari"),
    "until": Text("holds until {day}", "berlaku sampai {day}"),
    "born": Text("born {year}", "lahir {year}"),
    "card_number": Text("card number", "nomor kartu"),
    "family_number": Text("family number", "nomor KK"),
    "back": Text("Back to the list", "Kembali ke daftar"),
    "step_card": Text("1. Card", "1. Kartu"),
    "step_verify": Text("2. Who is this?", "2. Siapa ini?"),
    "step_give": Text("3. Hand over", "3. Serahkan"),
    "step_pin": Text("4. PIN", "4. PIN"),
    "read_card": Text("Read the card", "Baca kartu"),
    "read_again": Text("Read again", "Baca lagi"),
    "read_why": Text("Lay the card on the reader, or insert it.", "Tempelkan kartu di pembaca, atau masukkan."),
    "card_right": Text("Genuine, and this person's.", "Asli, dan milik orang ini."),
    "card_waiting": Text("It waits for its activation.", "Menunggu diaktifkan."),
    "card_active": Text("It is active: {money}.", "Sudah aktif: {money}."),
    "card_stopped": Text(
        "The card is blocked or ended. Do not hand it over; ask the bank.",
        "Kartu diblokir atau diakhiri. Jangan serahkan; hubungi bank.",
    ),
    "card_issued": Text(
        "Not active yet, and nothing is prepared for it.", "Belum aktif, dan tidak ada yang disiapkan."
    ),
    "verify": Text("Sign on the screen", "Tanda tangan di layar"),
    "verify_title": Text("Who is this?", "Siapa ini?"),
    "sign_here": Text("Sign here, with a finger", "Tanda tangan di sini, dengan jari"),
    "clear": Text("Clear", "Hapus"),
    "save": Text("Save", "Simpan"),
    "or_number": Text("Or by another means", "Atau dengan cara lain"),
    "reference": Text("Number of the verification, such as biometric", "Nomor verifikasi, misalnya biometrik"),
    "on_it": Text("{what}. On the card: {money}.", "{what}. Di kartu: {money}."),
    "signed": Text("Signed", "Ditandatangani"),
    "by_number": Text("Verified: {number}", "Diperiksa: {number}"),
    "empty_signature": Text("Nobody has signed yet.", "Belum ada tanda tangan."),
    "activate": Text("Hand over and activate", "Serahkan dan aktifkan"),
    "activate_why": Text(
        "Leave the card in the reader until the tablet says that it is done.",
        "Biarkan kartu di pembaca sampai tablet menyatakan selesai.",
    ),
    "half_done": Text(
        "The card has its update, and the hand-over is not noted. Press once more: nothing happens twice.",
        "Kartu sudah menerima pembaruan, tetapi penyerahan belum tercatat. Tekan sekali lagi: tidak akan ganda.",
    ),
    "deliver": Text("Hand over without activating", "Serahkan tanpa mengaktifkan"),
    "given_active": Text("Handed over, and active", "Sudah diserahkan, dan aktif"),
    "given": Text("Handed over", "Sudah diserahkan"),
    "first": Text("first: {step}", "dahulukan: {step}"),
    "choose_pin": Text("Let the holder choose a PIN", "Pemegang memilih PIN"),
    "pin_title": Text("Choose a PIN", "Pilih PIN"),
    "pin_turn": Text(
        "Give the tablet to the holder, and look away.", "Berikan tablet kepada pemegang kartu, dan palingkan muka."
    ),
    "pin_first": Text("New PIN, 4 to 12 digits", "PIN baru, 4 sampai 12 angka"),
    "pin_again": Text("The same once more", "Sekali lagi yang sama"),
    "pin_next": Text("Next", "Lanjut"),
    "pin_differs": Text("The two PINs differ. Nothing was changed.", "Kedua PIN berbeda. Tidak ada yang berubah."),
    "pin_done": Text("The holder has chosen a PIN.", "Pemegang sudah memilih PIN."),
    "cancel": Text("Cancel", "Batal"),
    "not_possible": Text("Card not handed over?", "Kartu tidak diserahkan?"),
    "note_title": Text("What happened?", "Apa yang terjadi?"),
    "note": Text("Note", "Catatan"),
    "note_why": Text("short; sealed for the bank", "singkat; tersegel untuk bank"),
    "appointment": Text("Visit again on", "Kunjungi lagi tanggal"),
    "noted": Text("Noted: {what}.", "Dicatat: {what}."),
    "correct": Text("Correct the data", "Perbaiki data"),
    "correct_why": Text(
        "The bank decides on it; the card can be handed over all the same.",
        "Bank yang memutuskan; kartu tetap dapat diserahkan.",
    ),
    "name": Text("Name", "Nama"),
    "kelurahan": Text("Kelurahan", "Kelurahan"),
    "correction_noted": Text("The correction is noted for the bank.", "Koreksi dicatat untuk bank."),
    "undo": Text("Take back: {what}", "Batalkan: {what}"),
    "undone": Text("Taken back: {what}.", "Dibatalkan: {what}."),
    "export": Text("Write the result for the bank", "Tulis hasil untuk bank"),
    "export_why": Text(
        "Sealed for the bank alone. To write it again, or twice, does no harm.",
        "Tersegel hanya untuk bank. Menulis ulang atau dua kali tidak apa-apa.",
    ),
    "export_to": Text("Where to", "Ke mana"),
    "this_tablet": Text("this tablet, to be downloaded", "tablet ini, untuk diunduh"),
    "exported": Text("Written: {count} records.", "Ditulis: {count} catatan."),
    "download": Text("Download", "Unduh"),
    "not_exported": Text("{count} records are not written yet.", "{count} catatan belum ditulis."),
    "all_exported": Text("Everything is written.", "Semua sudah ditulis."),
    "whose": Text("It is the card of", "Ini kartu milik"),
    "gone": Text("This person is not on the list.", "Orang ini tidak ada dalam daftar."),
    "unknown_page": Text("There is no such page.", "Halaman itu tidak ada."),
}


class PageWords:
    """The words in one language, by name: ``words.lock``; places are filled by calling :meth:`fill`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __getattr__(self, name: str) -> str:
        try:
            return WORDS[name].in_language(self.language)
        except KeyError:
            raise AttributeError(name) from None

    def fill(self, name: str, **values: object) -> str:
        """A sentence with its places filled in."""
        return WORDS[name].filled(**values).in_language(self.language)

    def say(self, text: Text) -> str:
        """A text of another room."""
        return text.in_language(self.language)
