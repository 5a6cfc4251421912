# SPDX-License-Identifier: Apache-2.0
"""Regions, staples and shops: the shipped tables and their refusals."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.programme import (
    ProgrammeDataError,
    UnknownRegionError,
    UnknownShopError,
    UnknownStapleError,
    WithdrawnStapleError,
    codes,
    load_regions,
    load_shops,
    load_staples,
    mask,
    terminal_id_of,
)

STAPLES = load_staples()
SHOP_HEAD = "id_ewarong,nama,kode_kecamatan,kecamatan,kelurahan,buka,tutup\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_regions_in_both_code_systems() -> None:
    regions = load_regions()
    assert len(regions) == 10
    ulu = regions.by_code["64.72.03"]
    assert regions.by_bps["6472050"] is ulu
    assert regions.find("647203") is ulu
    assert ulu.ordinal(" jawa ") == 6
    assert ulu.kelurahan_at(6) == "Jawa"
    for ordinal in (0, 9):
        with pytest.raises(UnknownRegionError):
            ulu.kelurahan_at(ordinal)
    with pytest.raises(UnknownRegionError):
        ulu.ordinal("Bantuas")
    with pytest.raises(UnknownRegionError):
        regions.find("64.71.05")


def test_staples_and_prices() -> None:
    assert [staple.code for staple in STAPLES][:2] == ["BERAS", "TELUR"]
    assert STAPLES.by_code["AYAM"].reference_price == 35_000
    assert STAPLES.by_code["AYAM"].name == ("chicken", "Daging ayam")
    assert mask(["SUSU", "BERAS"]) == 0b100_0001


@given(st.sets(st.sampled_from(sorted(STAPLES.by_code))))
def test_masks_go_there_and_back(chosen: set[str]) -> None:
    assert set(codes(mask(chosen))) == chosen


@given(st.integers(0, 127))
def test_every_mask_of_known_bits_comes_back(bits: int) -> None:
    assert STAPLES.mask(STAPLES.codes(bits)) == bits


@pytest.mark.parametrize("bits", [0x80, 0x8000, 0x10000, -1])
def test_bits_without_a_staple(bits: int) -> None:
    with pytest.raises(UnknownStapleError):
        codes(bits)


def test_a_staple_that_was_withdrawn_keeps_its_bit(tmp_path: Path) -> None:
    """Receipts and past policies name it for ever; only a new sale behind its last day is refused."""
    head = "bit,code,name_id,name_en,unit,reference_price_rp,sold_until\n"
    staples = load_staples(written(tmp_path, head + "0,A,a,a,kg,1,\n1,B,b,b,kg,1,2025-12-31\n"))
    last = date(2025, 12, 31)
    assert staples.by_code["B"].sold_until == last
    assert staples.codes(0b11) == ("A", "B")
    assert staples.mask(["A", "B"]) == staples.mask(["A", "B"], sold_on=last) == 0b11
    with pytest.raises(WithdrawnStapleError, match="B has been sold until 2025-12-31"):
        staples.mask(["A", "B"], sold_on=date(2026, 1, 1))
    with pytest.raises(UnknownStapleError):
        staples.mask(["C"], sold_on=last)


def test_code_without_a_staple() -> None:
    with pytest.raises(UnknownStapleError, match="ROKOK"):
        mask(["BERAS", "ROKOK"])


def test_shops() -> None:
    shops = load_shops()
    assert len(shops) == 51
    shop = shops.by_terminal(7)
    assert (shop.id, shop.terminal_id, shop.kecamatan) == ("EW-007", 7, "Samarinda Seberang")
    assert shops.by_id("EW-007") is shop
    with pytest.raises(UnknownShopError):
        shops.by_terminal(52)
    with pytest.raises(UnknownShopError):
        shops.by_id("EW-999")


def test_opening_hours_are_in_wita() -> None:
    shop = load_shops().by_id("EW-001")
    assert shop.is_open(time(8, 0))
    assert not shop.is_open(time(17, 0))
    assert shop.is_open(datetime(2025, 11, 3, 0, 30, tzinfo=UTC))  # 08:30 WITA
    assert not shop.is_open(datetime(2025, 11, 3, 9, 30, tzinfo=UTC))  # 17:30 WITA
    assert shop.is_open(datetime(2025, 11, 3, 9, 30))


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("EW-0,X,64.72.01,Palaran,Bantuas,08:00,17:00", "t.csv:3 id_ewarong"),
        ("EW-000,X,64.72.01,Palaran,Bantuas,08:00,17:00", "t.csv:3 id_ewarong"),
        ("EW-4294967296,X,64.72.01,Palaran,Bantuas,08:00,17:00", "t.csv:3 id_ewarong"),
        ("EW-001,X,64.72.01,Palaran,Bantuas,08:00,17:00", "t.csv:3 id_ewarong"),
        ("EW-0001,X,64.72.01,Palaran,Bantuas,08:00,17:00", "t.csv:3 id_ewarong"),  # same terminal id
        ("EW-002,X,64.72.01,Palaran,Bantuas,17:00,08:00", "t.csv:3"),
        ("EW-002,X,64.72.01,Palaran,Bantuas,25:00,26:00", "t.csv:3 buka"),
        ("EW-002,X,64.72.01,Palaran,Baqa,08:00,17:00", "t.csv:3 kelurahan"),
        ("EW-002,X,64.72.99,Palaran,Bantuas,08:00,17:00", "t.csv:3 kelurahan"),
        ("EW-002,X,64.72.01,Palaran,Bantuas,08:00", "t.csv:3"),
        ('EW-002,"X,64.72.01,Palaran,Bantuas,08:00,17:00', "t.csv:3"),
    ],
)
def test_shop_errors_name_line_and_column(tmp_path: Path, row: str, where: str) -> None:
    good = "EW-001,A,64.72.01,Palaran,Bantuas,08:00,17:00\n"
    with pytest.raises(ProgrammeDataError) as caught:
        load_shops(written(tmp_path, SHOP_HEAD + good + row + "\n"))
    assert caught.value.where == where


@pytest.mark.parametrize("text", ["", SHOP_HEAD, SHOP_HEAD.replace("nama", "name"), SHOP_HEAD + "\n\n"])
def test_tables_without_the_right_head_or_rows(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProgrammeDataError):
        load_shops(written(tmp_path, text))


@pytest.mark.parametrize(
    "rows",
    [
        "64.72.01,6472010,A,X;X\n",
        "64.72.01,6472010,A,X;;Y\n",
        "647201,6472010,A,X\n",
        "64.72.01,647201,A,X\n",
        "64.72.01,6472010,A,X\n64.72.01,6472020,B,Y\n",
        "64.72.01,6472010,A,X\n64.72.02,6472010,B,Y\n",
    ],
)
def test_region_errors(tmp_path: Path, rows: str) -> None:
    with pytest.raises(ProgrammeDataError):
        load_regions(written(tmp_path, "kode_kemendagri,kode_bps,kecamatan,kelurahan\n" + rows))


@pytest.mark.parametrize(
    "rows",
    [
        "16,A,a,a,kg,1,\n",
        "0,a,a,a,kg,1,\n",
        "0,A,a,a,kg,0,\n",
        "0,A,a,a,kg,1,yesterday\n",
        "0,A,a,a,kg,1,\n0,B,b,b,kg,1,\n",
        "0,A,a,a,kg,1,\n1,A,b,b,kg,1,\n",
    ],
)
def test_staple_errors(tmp_path: Path, rows: str) -> None:
    with pytest.raises(ProgrammeDataError):
        load_staples(written(tmp_path, "bit,code,name_id,name_en,unit,reference_price_rp,sold_until\n" + rows))


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    head = "\ufeffbit,code,name_id,name_en,unit,reference_price_rp,sold_until\r\n"
    assert len(load_staples(written(tmp_path, head + "3,A,a,a,kg,1,2025-12-31\r\n"))) == 1


@pytest.mark.parametrize(("shop_id", "number"), [("EW-007", 7), ("EW-4294967295", 2**32 - 1)])
def test_a_shops_terminal_needs_no_list(shop_id: str, number: int) -> None:
    assert terminal_id_of(shop_id) == number


@pytest.mark.parametrize("shop_id", ["EW-000", "EW-4294967296", "EW-07", "7", "", "EW-007 ", "EW-٠٠٧"])
def test_what_is_no_shops_id(shop_id: str) -> None:
    with pytest.raises(UnknownShopError):
        terminal_id_of(shop_id)
