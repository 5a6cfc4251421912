# SPDX-License-Identifier: Apache-2.0
"""What offices hand the auditor beside the receipts: one table a file, declared once.

Files are CSV in UTF-8 with exactly these columns in this order; an empty field is null. Amounts are whole rupiah, days
ISO 8601, moments local (WITA) without zone, serials and companions hexadecimal digits as in the store of receipts.
docs/data.md is generated from here; the simulated year writes these files, and the books read them.

None of it is authenticated: it says what somebody claims, and never changes what receipts prove.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ssn_card.protocol.errors import Text


class DataKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    RUPIAH = "rupiah"
    QUANTITY = "quantity"  #: three decimals
    DAY = "day"
    MOMENT = "moment"
    HOUR = "hour"


@dataclass(frozen=True)
class DataColumn:
    """One column.

    Args:
        nullable: an empty field has a meaning, told in ``text``.
        pattern: regular expression that the whole of a text fits; empty: any text.
        of: where the value must stand too, as ``"shops.id_ewarong"``; empty: nowhere.
    """

    name: str
    kind: DataKind
    text: Text
    nullable: bool = False
    pattern: str = ""
    of: str = ""


@dataclass(frozen=True)
class DataTable:
    """One file. ``key``: the columns that no two rows share. ``needed``: without it the books cannot be opened.
    ``personal``: it names people, and is read only where somebody says why."""

    name: str
    text: Text
    columns: tuple[DataColumn, ...]
    key: tuple[str, ...]
    needed: bool = False
    personal: bool = False

    @property
    def file(self) -> str:
        """Its name in the folder of data."""
        return f"{self.name}.csv"


def _text(name: str, en: str, indonesian: str, pattern: str = "", of: str = "") -> DataColumn:
    return DataColumn(name, DataKind.TEXT, Text(en, indonesian), pattern=pattern, of=of)


def _maybe(column: DataColumn) -> DataColumn:
    return replace(column, nullable=True)


def _of(column: DataColumn, place: str) -> DataColumn:
    """The same column where its values are those of another table."""
    return replace(column, of=place)


def _number(name: str, en: str, indonesian: str) -> DataColumn:
    return DataColumn(name, DataKind.NUMBER, Text(en, indonesian))


def _rupiah(name: str, en: str, indonesian: str) -> DataColumn:
    return DataColumn(name, DataKind.RUPIAH, Text(en, indonesian))


def _day(name: str, en: str, indonesian: str) -> DataColumn:
    return DataColumn(name, DataKind.DAY, Text(en, indonesian))


_HEX = "[0-9a-f]{16}"
_SERIAL = _text("serial", "card, 16 digits", "kartu, 16 digit", _HEX)
_KECAMATAN = _text(
    "kode_kecamatan", "Kemendagri's code, 64.72.01", "kode Kemendagri, 64.72.01", of="regions.kode_kemendagri"
)
_KELURAHAN = _text("kelurahan", "kelurahan", "kelurahan")
_COMPANION = _text("companion_id", "companion as override receipts name them, 16 digits", "pendamping, 16 digit", _HEX)
_SHOP = _text("id_ewarong", "shop, EW-007; its terminal is 7", "toko, EW-007; terminalnya 7", "EW-[0-9]{3,10}")
_POLICY = DataColumn("policy_id", DataKind.NUMBER, Text("policy", "kebijakan"), of="policies.policy_id")
_CODE = _text("code", "staple, BERAS", "bahan pokok, BERAS", of="staples.code")

_TABLES: Final = (
    DataTable(
        "cards",
        Text("Every card made, with its family and where it lives", "Semua kartu, keluarganya, dan tempat tinggalnya"),
        (
            _SERIAL,
            _text("family", "family, without a name; the same on every card it has had", "keluarga, tanpa nama"),
            _KECAMATAN,
            _KELURAHAN,
            _of(_COMPANION, "companions.companion_id"),
            _maybe(_text("replaces", "the card before", "kartu sebelumnya", _HEX, "cards.serial")),
            _maybe(_text("reason", "why replaced: lost, damaged, correction", "alasan diganti")),
            _day("issued_on", "made", "dibuat"),
            _maybe(_day("delivered_on", "handed over; empty: not yet", "diserahkan; kosong: belum")),
            _maybe(_day("blocked_on", "reported or replaced: no sale may follow", "diblokir sejak")),
        ),
        ("serial",),
        needed=True,
    ),
    DataTable(
        "updates",
        Text("Every entitlement issued, as the bank's register has it", "Semua pemutakhiran yang diterbitkan bank"),
        (
            _of(_SERIAL, "cards.serial"),
            _number("update_seq", "number of the update", "nomor pemutakhiran"),
            _day("issued_on", "issued", "diterbitkan"),
            _rupiah("loaded_total", "loaded since the beginning", "dimuat sejak awal"),
            _rupiah("expired_total", "of it expired", "kedaluwarsa dari itu"),
            _rupiah("monthly_limit", "limit a month", "batas bulanan"),
            _rupiah("override_max", "most that a companion may add in a month", "tambahan pendamping paling banyak"),
            _rupiah("debit_max", "most a purchase", "satu belanja paling banyak"),
            _maybe(_rupiah("pin_above", "PIN above it; empty: never", "PIN di atasnya; kosong: tidak pernah")),
            _number("allowed_categories", "mask of staples", "topeng bahan pokok"),
            _day("valid_until", "last day", "hari terakhir"),
            _text(
                "state",
                "ISSUED, ACTIVE, BLOCKED, TERMINATED",
                "ISSUED, ACTIVE, BLOCKED, TERMINATED",
                "ISSUED|ACTIVE|BLOCKED|TERMINATED",
            ),
            _POLICY,
        ),
        ("serial", "update_seq"),
        needed=True,
    ),
    DataTable(
        "statuses",
        Text("Cards read at a terminal or a desk", "Kartu yang dibaca di terminal atau loket"),
        (
            _of(_SERIAL, "cards.serial"),
            DataColumn("read_at", DataKind.MOMENT, Text("when", "kapan")),
            _number("terminal_id", "where", "di mana"),
            _number("seq", "number of its newest receipt", "nomor bukti terbarunya"),
            _rupiah("balance", "balance", "saldo"),
        ),
        ("serial", "read_at"),
    ),
    DataTable(
        "shops",
        Text("The E-Warong, where they are and when they are open", "E-Warong, tempat dan jam bukanya"),
        (
            _SHOP,
            _text("nama", "name", "nama"),
            _KECAMATAN,
            _text("kecamatan", "kecamatan", "kecamatan"),
            _KELURAHAN,
            DataColumn("buka", DataKind.HOUR, Text("opens", "buka")),
            DataColumn("tutup", DataKind.HOUR, Text("closes", "tutup")),
        ),
        ("id_ewarong",),
        needed=True,
    ),
    DataTable(
        "prices",
        Text("Reference prices; a kecamatan's own before the city's", "Harga acuan; per kecamatan atau seluruh kota"),
        (
            _CODE,
            _maybe(_text("kode_kecamatan", "where; empty: the whole city", "tempat; kosong: seluruh kota")),
            _day("valid_from", "first day", "hari pertama"),
            _day("valid_until", "last day", "hari terakhir"),
            _rupiah("price_rp", "one unit of the goods", "harga satu satuan"),
        ),
        ("code", "kode_kecamatan", "valid_from"),
    ),
    DataTable(
        "invoices",
        Text("What shops bought of their suppliers, a line each", "Faktur pembelian toko, per baris"),
        (
            _of(_SHOP, "shops.id_ewarong"),
            _text("invoice", "number of the invoice", "nomor faktur"),
            _day("bought_on", "delivered to the shop", "diterima toko"),
            _CODE,
            DataColumn("quantity", DataKind.QUANTITY, Text("in the goods' unit", "dalam satuan barang")),
            _rupiah("amount_rp", "paid", "dibayar"),
        ),
        ("id_ewarong", "invoice", "code"),
    ),
    DataTable(
        "companions",
        Text("The social companions", "Para pendamping sosial"),
        (_COMPANION, _text("pendamping", "PD-001", "PD-001"), _KECAMATAN),
        ("companion_id",),
    ),
    DataTable(
        "budget",
        Text("What the programme may spend", "Pagu program"),
        (
            _POLICY,
            _KECAMATAN,
            _number("families", "families meant", "keluarga sasaran"),
            _rupiah("budget_rp", "for them, for the whole policy", "untuk mereka, seluruh masa kebijakan"),
        ),
        ("policy_id", "kode_kecamatan"),
    ),
    DataTable(
        "people",
        Text("Names, read only where they are asked for with a reason", "Nama, hanya bila diminta dengan alasan"),
        (
            _text("family", "as in cards", "seperti pada cards"),
            _text("no_kk", "number of the family card", "nomor kartu keluarga"),
            _text("nama", "name on the card", "nama pada kartu"),
        ),
        ("family",),
        personal=True,
    ),
)

TABLES: Final[Mapping[str, DataTable]] = MappingProxyType({table.name: table for table in _TABLES})
