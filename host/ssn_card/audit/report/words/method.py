# SPDX-License-Identifier: Apache-2.0
"""Words of the method, parameters and hashes."""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

TITLE: Final = Text("Method, parameters and hashes", "Metode, parameter, dan hash")
HOW: Final = (
    Text(
        "Receipts are 88 bytes that only the card could have made. First all were verified; what is not genuine was "
        "left out, and a copy counts once.",
        "Kuitansi adalah 88 bita yang hanya dapat dibuat kartu. Mula-mula semuanya diperiksa; yang tidak asli "
        "disisihkan, dan salinan dihitung sekali.",
    ),
    Text(
        "Then the money was accounted for, by card, shop, kecamatan and policy; nothing was rounded or estimated.",
        "Lalu dananya dihitung, per kartu, toko, kecamatan, dan kebijakan; tanpa pembulatan atau perkiraan.",
    ),
    Text(
        "Then each rule held every shop, companion, family or card against its peers. A flag has a weight between 0 "
        "and 1, the further from what is usual, the more; weights of several rules together decide on a visit.",
        "Lalu tiap aturan membandingkan setiap toko, pendamping, keluarga, atau kartu dengan yang sebanding. Tanda "
        "berbobot 0 sampai 1, makin jauh dari yang biasa makin besar; gabungan bobot menentukan kunjungan.",
    ),
    Text(
        "The same inputs, parameters and program give this report again, byte for byte. Time stands still in it: its "
        "day is that of the newest receipt unless another was given.",
        "Masukan, parameter, dan program yang sama menghasilkan laporan ini lagi, bita demi bita. Waktu tidak ikut "
        "berjalan: tanggalnya adalah tanggal kuitansi terbaru, kecuali diberikan tanggal lain.",
    ),
)
RULES: Final = Text("Rules, and what they found", "Aturan, dan yang ditemukannya")
SOURCE: Final = Text("Source", "Sumber")
FLAGS: Final = Text("Flags", "Tanda")
LOOKS_FOR: Final = Text("Looks for", "Mencari")
OF_VISITS: Final = Text("of them visits", "di antaranya kunjungan")
SHA256: Final = Text("SHA-256", "SHA-256")
PARAMETERS: Final = Text("Parameters as they were applied", "Parameter yang dipakai")
PARAMETER: Final = Text("Values", "Nilai")
VISITING: Final = Text("visits", "kunjungan")
KEYS: Final = Text(
    "Verified with keys of {keys}, receipt key versions {versions}.",
    "Diperiksa dengan kunci dari {keys}, versi kunci kuitansi {versions}.",
)
INPUTS: Final = Text("Inputs, by the SHA-256 of their bytes", "Masukan, menurut SHA-256 isinya")
FILE: Final = Text("File", "Berkas")
SIZE: Final = Text("Bytes", "Bita")
CHECK: Final = Text(
    "manifest.jsonl names the hash of every input and of every file of this report. Whoever has the auditor's public "
    "key checks both: ssn audit check-report DIR --public-key FILE.",
    "manifest.jsonl memuat hash setiap masukan dan setiap berkas laporan ini. Siapa pun yang memiliki kunci publik "
    "auditor dapat memeriksanya: ssn audit check-report DIR --public-key FILE.",
)
