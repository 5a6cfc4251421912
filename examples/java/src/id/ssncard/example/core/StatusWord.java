// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

/** The status words that a terminal meets (page: Status words). A hint, never a proof: none carries a MAC. */
public enum StatusWord {
    /** Done. */
    OK(0x9000, "Done.", "Berhasil."),
    /** See {@link #tries}. */
    WRONG_PIN(0x63C0, "The PIN is wrong.", "PIN salah."),
    /** 6700. */
    WRONG_LENGTH(0x6700, "Wrong length.", "Panjang data salah."),
    /** 6982. */
    SECURITY_STATUS_NOT_SATISFIED(0x6982, "A secure channel is required.", "Perlu kanal aman."),
    /** 6983. */
    PIN_BLOCKED(0x6983, "The PIN is blocked after too many wrong tries.", "PIN diblokir karena terlalu banyak salah."),
    /** 6984. */
    NO_PIN(0x6984, "The card has no PIN.", "Kartu tidak memiliki PIN."),
    /** 6985. */
    CONDITIONS_NOT_SATISFIED(0x6985, "The command does not fit the card's state or has no fresh challenge.",
            "Perintah tidak cocok dengan keadaan kartu atau tidak ada tantangan baru."),
    /** 6988. */
    WRONG_MAC(0x6988, "The card rejects the MAC.", "Kartu menolak MAC perintah."),
    /** 6A80. */
    WRONG_DATA(0x6A80, "The data is not what the card expects.", "Data tidak sesuai dengan yang diharapkan kartu."),
    /** 6A82. */
    FILE_NOT_FOUND(0x6A82, "The SSN applet is not on this card.", "Applet SSN tidak ada di kartu ini."),
    /** 6A86. */
    WRONG_P1P2(0x6A86, "Wrong P1 or P2.", "P1 atau P2 salah."),
    /** 6D00. */
    INS_NOT_SUPPORTED(0x6D00, "The card does not know this command.", "Kartu tidak mengenal perintah ini."),
    /** 6E00. */
    CLA_NOT_SUPPORTED(0x6E00, "The card does not know this class of command.",
            "Kartu tidak mengenal kelas perintah ini."),
    /** 6F00: says nothing about whether a movement happened. */
    FAILURE(0x6F00, "The card failed inside.", "Kartu mengalami kegagalan."),
    /** 9401. */
    INSUFFICIENT_BALANCE(0x9401, "The balance is too low.", "Saldo tidak cukup."),
    /** 9402. */
    MONTHLY_LIMIT_EXCEEDED(0x9402, "The monthly limit would be exceeded.", "Batas bulanan akan terlampaui."),
    /** 9403. */
    DEBIT_MAXIMUM_EXCEEDED(0x9403, "The amount is above the maximum of one debit.",
            "Jumlah melebihi batas satu transaksi."),
    /** 9404. */
    CATEGORY_NOT_ALLOWED(0x9404, "The basket holds goods the card may not buy.",
            "Ada barang yang tidak boleh dibeli dengan kartu."),
    /** 9405. */
    EXPIRED(0x9405, "The entitlement has expired.", "Masa berlaku bantuan sudah habis."),
    /** 9406. */
    TIMESTAMP_BEFORE_MONTH(0x9406, "The time lies before the card's month.", "Waktu lebih awal dari bulan pada kartu."),
    /** 9407. */
    IMPOSSIBLE_TIMESTAMP(0x9407, "The time is not a possible date.", "Waktu bukan tanggal yang mungkin."),
    /** 9408. */
    INVALID_AMOUNT(0x9408, "The amount must be 1 to 2,147,483,647 rupiah.",
            "Jumlah harus 1 sampai 2.147.483.647 rupiah."),
    /** 940A. */
    NOT_ACTIVATED(0x940A, "The card has not been activated.", "Kartu belum diaktifkan."),
    /** 940B. */
    BLOCKED(0x940B, "The card is blocked.", "Kartu diblokir."),
    /** 940C. */
    TERMINATED(0x940C, "The card is out of use for good.", "Kartu tidak berlaku lagi."),
    /** 940D. */
    STALE_UPDATE(0x940D, "The card already has a newer entitlement.", "Kartu sudah memiliki hak yang lebih baru."),
    /** 940E. */
    CONFLICTING_UPDATE(0x940E, "Another update with the same number is on the card.",
            "Pembaruan lain bernomor sama ada di kartu."),
    /** 940F. */
    INVALID_UPDATE(0x940F, "The update would shrink a total or a count, overflow one, or leave a terminated card.",
            "Pembaruan mengurangi total atau hitungan, melampaui batas, atau menghidupkan kartu yang sudah diakhiri."),
    /** 9410. */
    NOT_CANCELLABLE(0x9410,
            "Only the card's newest receipt, a debit of this terminal in this month, can be cancelled.",
            "Hanya kuitansi terbaru, debit dari terminal ini di bulan ini, yang dapat dibatalkan."),
    /** 9411. */
    OVERRIDE_MAXIMUM_EXCEEDED(0x9411, "Companions may not raise the limit that far.",
            "Pendamping tidak boleh menaikkan batas sejauh itu."),
    /** 9412. */
    PIN_REQUIRED(0x9412, "So much has been spent without the PIN that this debit needs it.",
            "Belanja tanpa PIN sudah mencapai batas; transaksi ini memerlukan PIN."),
    /** 9414. */
    LAST_TRY_CONTACTS(0x9414, "The last try for the PIN is taken over contacts only.",
            "Percobaan PIN terakhir hanya lewat kontak."),
    /** Any other. */
    UNKNOWN(0, "Not a status word of this applet.", "Bukan kata status applet ini.");

    private final int value;
    private final String english;
    private final String indonesian;

    StatusWord(int value, String english, String indonesian) {
        this.value = value;
        this.english = english;
        this.indonesian = indonesian;
    }

    /** The status word that it is, of 63C1 and 63C2 {@link #WRONG_PIN}, of strange ones {@link #UNKNOWN}. */
    public static StatusWord of(int sw) {
        if ((sw & 0xFFF0) == WRONG_PIN.value) {
            return WRONG_PIN;
        }
        for (StatusWord word : values()) {
            if (word.value == sw) {
                return word;
            }
        }
        return UNKNOWN;
    }

    /** Tries left for the PIN: of 63Cx the last digit. */
    public static int tries(int sw) {
        return sw & 0xF;
    }

    /** Sentence in English. */
    public String english() {
        return english;
    }

    /** Sentence in Indonesian. */
    public String indonesian() {
        return indonesian;
    }
}
