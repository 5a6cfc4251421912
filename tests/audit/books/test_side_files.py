# SPDX-License-Identifier: Apache-2.0
"""Side files are read whole, or refused by file, line and field."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tests.audit.books.sidefiles import CARD, PRICE, SHOP, UPDATE, write, written

from ssn_card.audit.books.errors import (
    SideFileColumns,
    SideFileContradicts,
    SideFileKeyTwice,
    SideFileMissing,
    SideFileStranger,
    SideFileUnusable,
    SideFileValue,
)
from ssn_card.audit.books.programme import take_programme
from ssn_card.audit.books.reading import read_side_files
from ssn_card.audit.books.tables import TABLES
from ssn_card.programme.errors import ProgrammeDataError

ONE, TWO = "5353000000000001", "5353000000000002"


def read(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    take_programme(connection, folder)
    read_side_files(connection, folder)
    return connection


def test_every_kind_is_read_as_it_is(tmp_path: Path) -> None:
    folder = written(tmp_path / "data", [ONE, TWO])
    write(folder, "cards", [CARD | {"serial": ONE}, CARD | {"serial": TWO, "replaces": ONE, "delivered_on": ""}])
    write(
        folder,
        "statuses",
        [{"serial": ONE, "read_at": "2026-02-03T09:30:00", "terminal_id": 1, "seq": 4, "balance": 7}],
    )
    invoice = {"id_ewarong": "EW-001", "invoice": "F/1", "bought_on": "2026-01-05", "code": "BERAS"}
    write(folder, "invoices", [invoice | {"quantity": "12.5", "amount_rp": 200000}])
    write(folder, "prices", [PRICE])
    books = read(folder)
    assert books.sql("SELECT buka FROM shops").fetchall() == [(dt.time(8),)]
    assert books.sql('SELECT "replaces", delivered_on FROM cards ORDER BY serial').fetchall() == [
        (None, dt.date(2026, 1, 2)),
        (ONE, None),
    ]
    assert books.sql("SELECT read_at, balance FROM statuses").fetchall() == [(dt.datetime(2026, 2, 3, 9, 30), 7)]
    assert books.sql("SELECT quantity FROM invoices").fetchall() == [(Decimal("12.500"),)]
    assert books.sql("SELECT kode_kecamatan FROM prices").fetchall() == [(None,)]
    assert books.sql("SELECT pin_above, policy_id FROM updates LIMIT 1").fetchall() == [(None, 2025)]


def test_columns_are_known_by_name_and_a_byte_order_mark_is_none(tmp_path: Path) -> None:
    folder = written(tmp_path / "data")
    (folder / "prices.csv").write_bytes(
        b"\xef\xbb\xbfprice_rp,code,kode_kecamatan,valid_until,valid_from\n16200,BERAS,,2026-01-31,2026-01-01\n"
    )
    assert read(folder).sql("SELECT code, price_rp FROM prices").fetchall() == [("BERAS", 16200)]


@pytest.mark.parametrize("table", [name for name, one in TABLES.items() if one.needed])
def test_a_file_that_is_needed_and_absent_is_named(tmp_path: Path, table: str) -> None:
    folder = written(tmp_path / "data")
    (folder / TABLES[table].file).unlink()
    with pytest.raises(SideFileMissing) as caught:
        read(folder)
    assert caught.value.where == str(folder / TABLES[table].file)


@pytest.mark.parametrize(
    ("table", "rows", "error", "where"),
    [
        ("cards", [CARD | {"serial": ONE}, CARD | {"serial": "12"}], SideFileValue, "cards.csv:3 serial"),
        ("cards", [CARD | {"serial": ONE, "issued_on": "2026-02-30"}], SideFileValue, "cards.csv:2 issued_on"),
        ("cards", [CARD | {"serial": ONE, "family": " "}], SideFileValue, "cards.csv:2 family"),
        ("cards", [CARD | {"serial": ONE, "issued_on": ""}], SideFileValue, "cards.csv:2 issued_on"),
        ("cards", [CARD | {"serial": ONE}, CARD | {"serial": ONE}], SideFileKeyTwice, "cards.csv:3 serial"),
        ("cards", [CARD | {"serial": ONE, "kode_kecamatan": "99.1"}], SideFileStranger, "cards.csv:2 kode_kecamatan"),
        ("cards", [CARD | {"serial": ONE, "replaces": TWO}], SideFileStranger, "cards.csv:2 replaces"),
        ("updates", [UPDATE | {"serial": ONE, "loaded_total": "1.5"}], SideFileValue, "updates.csv:2 loaded_total"),
        ("updates", [UPDATE | {"serial": ONE, "loaded_total": -1}], SideFileValue, "updates.csv:2 loaded_total"),
        ("updates", [UPDATE | {"serial": ONE, "state": "NEW"}], SideFileValue, "updates.csv:2 state"),
        ("updates", [UPDATE | {"serial": TWO}], SideFileStranger, "updates.csv:2 serial"),
        ("updates", [UPDATE | {"serial": ONE, "policy_id": 7}], SideFileStranger, "updates.csv:2 policy_id"),
        ("shops", [SHOP | {"id_ewarong": "7"}], SideFileValue, "shops.csv:2 id_ewarong"),
        ("shops", [SHOP | {"buka": "25:00"}], SideFileValue, "shops.csv:2 buka"),
        ("shops", [SHOP, SHOP | {"id_ewarong": "EW-002", "tutup": "07:00"}], SideFileContradicts, "shops.csv:3 tutup"),
        ("prices", [PRICE | {"code": "EMAS"}], SideFileStranger, "prices.csv:2 code"),
        ("prices", [PRICE, PRICE], SideFileKeyTwice, "prices.csv:3 code"),
        ("prices", [PRICE, PRICE | {"valid_from": "2026-01-31"}], SideFileContradicts, "prices.csv:3 valid_from"),
        ("prices", [PRICE | {"valid_until": "2025-12-01"}], SideFileContradicts, "prices.csv:2 valid_until"),
        (
            "invoices",
            [
                {
                    "id_ewarong": "EW-009",
                    "invoice": "1",
                    "bought_on": "2026-01-01",
                    "code": "BERAS",
                    "quantity": 1,
                    "amount_rp": 1,
                }
            ],
            SideFileStranger,
            "invoices.csv:2 id_ewarong",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_place(
    tmp_path: Path, table: str, rows: list[dict[str, object]], error: type[SideFileUnusable], where: str
) -> None:
    folder = written(tmp_path / "data", [ONE])
    write(folder, table, rows)
    with pytest.raises(SideFileUnusable) as caught:
        read(folder)
    assert type(caught.value) is error
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("text", "error", "where"),
    [
        ("code,valid_from\nBERAS,2026-01-01\n", SideFileColumns, "prices.csv:1 kode_kecamatan"),
        ("code,kode_kecamatan,valid_from,valid_until,price_rp,more\n", SideFileColumns, "prices.csv:1"),
        ("code;kode_kecamatan;valid_from;valid_until;price_rp\n", SideFileColumns, "prices.csv:1 code"),
        ("", SideFileColumns, "prices.csv:1 code"),
        (
            "code,kode_kecamatan,valid_from,valid_until,price_rp\nBERAS,,2026-01-01,2026-01-31,1\nBERAS,1\n",
            SideFileUnusable,
            "prices.csv:3",
        ),
        (
            "code,kode_kecamatan,valid_from,valid_until,price_rp\nBERAS,,2026-01-01,2026-01-31,1\nB\udcff,,,,1\n",
            SideFileUnusable,
            "prices.csv:3",
        ),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path: Path, text: str, error: type[SideFileUnusable], where: str) -> None:
    folder = written(tmp_path / "data")
    (folder / "prices.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SideFileUnusable) as caught:
        read(folder)
    assert type(caught.value) is error
    assert caught.value.where == where


def test_policies_that_overlap_are_named(tmp_path: Path) -> None:
    folder = written(tmp_path / "data")
    path = folder / "policies.toml"
    path.write_text(path.read_text().replace("valid_from = 2025-10-01", "valid_from = 2024-10-01"))
    with pytest.raises(ProgrammeDataError, match="overlap"):
        read(folder)


@pytest.fixture
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssn_card.audit.books.csvfile._BLOCK", 512)
    monkeypatch.setattr("ssn_card.audit.books.csvfile._BLOCKS", 2)


@pytest.mark.usefixtures("in_small_pieces")
def test_a_file_that_is_read_in_pieces_is_read_whole(tmp_path: Path) -> None:
    serials = [f"{number:016d}" for number in range(1, 201)]
    folder = written(tmp_path / "data", serials)
    assert (folder / "cards.csv").stat().st_size > 10 * 1024
    assert [row[0] for row in read(folder).sql("SELECT serial FROM cards ORDER BY serial").fetchall()] == serials


@pytest.mark.usefixtures("in_small_pieces")
@pytest.mark.parametrize(
    ("spoilt", "error"), [("not a serial", SideFileValue), ("a,b", SideFileUnusable), ("\x00\n", SideFileUnusable)]
)
def test_what_is_wrong_in_a_later_piece_is_told_with_its_line(
    tmp_path: Path, spoilt: str, error: type[SideFileUnusable]
) -> None:
    folder = written(tmp_path / "data", [f"{number:016d}" for number in range(1, 201)])
    lines = (folder / "cards.csv").read_text().splitlines()
    lines[150] = lines[150].replace("0000000000000150", spoilt, 1)
    (folder / "cards.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(error) as caught:
        read(folder)
    assert ":151" in str(caught.value.where)


@pytest.mark.usefixtures("in_small_pieces")
def test_a_key_that_is_there_twice_in_different_pieces_is_told(tmp_path: Path) -> None:
    folder = written(tmp_path / "data", [f"{number:016d}" for number in range(1, 201)])
    lines = (folder / "cards.csv").read_text().splitlines()
    (folder / "cards.csv").write_text("\n".join([*lines, lines[1]]) + "\n")
    with pytest.raises(SideFileKeyTwice) as caught:
        read(folder)
    assert ":202" in str(caught.value.where)
