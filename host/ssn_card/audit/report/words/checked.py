# SPDX-License-Identifier: Apache-2.0
"""Words of what was checked and what was not."""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

TITLE: Final = Text("What was checked, and what was not", "Yang diperiksa, dan yang tidak")
CHECKED: Final = Text("What was checked", "Yang diperiksa")
EACH: Final = Text(
    "Each of {lines} receipts was checked by itself and against those before it on its card: {genuine} are genuine, "
    "{repeated} are copies and count once, {rejected} were rejected, {unreadable} lines could not be read.",
    "Masing-masing dari {lines} kuitansi diperiksa sendiri dan terhadap kuitansi sebelumnya di kartunya: {genuine} "
    "asli, {repeated} salinan dan dihitung sekali, {rejected} ditolak, {unreadable} baris tidak terbaca.",
)
KINDS: Final = Text("What verification found or noted", "Yang ditemukan atau dicatat dalam pemeriksaan")
KIND: Final = Text("Finding", "Temuan")
NOTED: Final = Text("noted, no fault by itself", "dicatat, belum tentu kesalahan")
NONE_FOUND: Final = Text("Verification found nothing.", "Pemeriksaan tidak menemukan apa-apa.")
APPLIED: Final = Text(
    "{applied} of {rules} rules were applied to all that they are about.",
    "{applied} dari {rules} aturan diterapkan pada semua yang menjadi cakupannya.",
)

ACCOUNTS: Final = Text("How the accounts stand", "Keadaan pembukuan")
ADDS_UP: Final = Text(
    "{identities} sums were added up on two ways and are one, to the rupiah. Of {cards} cards {whole} have every "
    "receipt up to the newest known in hand.",
    "{identities} jumlah dihitung dengan dua cara dan hasilnya sama, sampai ke rupiah. Dari {cards} kartu, {whole} "
    "punya semua kuitansi sampai yang terbaru diketahui.",
)
CONTRADICTING: Final = Text(
    "Receipts of {cards} cards contradict each other: no account was chosen, and {rupiah} are in doubt.",
    "Kuitansi {cards} kartu saling bertentangan: tidak ada yang dipilih, dan {rupiah} diragukan.",
)
WITHHELD: Final = Text(
    "{count} cancellations were given and not handed in; the debits, {rupiah}, still stand in what shops are owed.",
    "{count} pembatalan diberikan tetapi tidak diserahkan; debitnya, {rupiah}, masih terhitung pada hak toko.",
)
CLAIMS: Final = Text(
    "{count} statements of offices are disproved by receipts; ssn audit reconcile lists them.",
    "{count} keterangan kantor dibantah kuitansi; rinciannya pada ssn audit reconcile.",
)
OVERDRAWN: Final = Text(
    "Policy {policy}, {kecamatan}: {rupiah} more were disbursed than the budget has.",
    "Kebijakan {policy}, {kecamatan}: disalurkan {rupiah} melebihi pagu.",
)

NOT_CHECKED: Final = Text("What was not checked", "Yang tidak diperiksa")
UNJUDGED: Final = Text("{rule}, {title}: {why}", "{rule}, {title}: {why}")
NO_FILE: Final = Text(
    "The file {name} was not there ({text}); what rests on it is not judged.",
    "Berkas {name} tidak ada ({text}); yang bergantung padanya tidak dinilai.",
)
NO_ENDS: Final = Text(
    "Nobody said which receipt of each card is the newest: what was withheld at the end cannot be seen.",
    "Tidak ada keterangan kuitansi terbaru tiap kartu: yang ditahan di ujung tidak terlihat.",
)
SOME_ENDS: Final = Text(
    "Of {ends} of {cards} cards the newest receipt is known; what was withheld at the end of the others cannot be "
    "seen.",
    "Kuitansi terbaru diketahui untuk {ends} dari {cards} kartu; yang ditahan di ujung kartu lain tidak terlihat.",
)
NOT_WHOLE: Final = Text(
    "{receipts} receipts were not handed in; another shop may hold them. What was spent in them is known between "
    "bounds.",
    "{receipts} kuitansi belum diserahkan; mungkin ada di toko lain. Belanja di dalamnya diketahui dalam batas-batas.",
)
NO_BASKETS: Final = Text(
    "Of {count} purchases nobody handed in the goods: rules about goods and prices do not see them.",
    "Barang dari {count} belanja tidak diserahkan: aturan tentang barang dan harga tidak melihatnya.",
)
NOTHING_LEFT: Final = Text("Nothing was left out.", "Tidak ada yang terlewat.")

UNPLACED: Final = Text("Money that cannot be placed", "Dana yang belum jelas tempatnya")
UNPLACED_NONE: Final = Text(
    "All money has its place: what was loaded was spent, given back, has expired or is on the cards, to the rupiah.",
    "Semua dana jelas tempatnya: yang dimuat telah dibelanjakan, dikembalikan, hangus, atau ada di kartu, sampai ke "
    "rupiah.",
)
UNPLACED_TOLD: Final = Text(
    "Of {cards} cards receipts are missing between others. What moved there is at least {least} and at most {most}: "
    "the receipts on both sides bound it, and nothing is estimated.",
    "Pada {cards} kartu ada kuitansi yang hilang di antara yang lain. Yang berpindah di sana paling sedikit {least} "
    "dan paling banyak {most}: kuitansi di kedua sisinya membatasinya, tanpa perkiraan.",
)
UNPLACED_EXACT: Final = Text(
    "Of {cards} cards receipts are missing between others. What moved there is {least}, as the receipts on both sides "
    "say; in which shop and on which day is not known.",
    "Pada {cards} kartu ada kuitansi yang hilang di antara yang lain. Yang berpindah di sana {least}, menurut kuitansi "
    "di kedua sisinya; di toko mana dan hari apa tidak diketahui.",
)
PLACES: Final = Text("Gaps", "Celah")
LEAST: Final = Text("At least", "Paling sedikit")
MOST: Final = Text("At most", "Paling banyak")

UNSEEN: Final = Text("What no card can see", "Yang tidak dapat dilihat kartu mana pun")
UNSEEN_POINTS: Final = (
    Text(
        "A cut taken in cash: the receipt shows the full debit, and what the family paid back at the counter is "
        "nowhere.",
        "Potongan tunai: kuitansi menunjukkan debit penuh, dan uang yang dikembalikan keluarga di toko tidak tercatat.",
    ),
    Text(
        "Goods that were not handed over, or others than those listed, as long as the list fits the amount.",
        "Barang yang tidak diserahkan, atau berbeda dari daftar, selama daftarnya cocok dengan jumlahnya.",
    ),
    Text(
        "Who held the card: a PIN proves that somebody knew it.",
        "Siapa yang memegang kartu: PIN hanya membuktikan ada yang mengetahuinya.",
    ),
    Text(
        "At which minute something was bought: the time is the terminal's own clock.",
        "Pada menit berapa belanja terjadi: waktunya menurut jam terminal sendiri.",
    ),
    Text(
        "What others say beside the receipts (prices, invoices, hours, deliveries) is believed as far as they are.",
        "Keterangan pihak lain di luar kuitansi (harga, faktur, jam buka, penyerahan) hanya sekuat sumbernya.",
    ),
)
UNSEEN_ASK: Final = Text(
    "Only asking families shows these: ask those of the shops named first, apart from the shop.",
    "Hanya bertanya kepada keluarga yang dapat mengungkapnya: tanyai keluarga di toko yang disebut pertama, terpisah "
    "dari tokonya.",
)
