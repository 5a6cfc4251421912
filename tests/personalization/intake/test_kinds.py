# SPDX-License-Identifier: Apache-2.0
"""Another kind of file under the name of a CSV file: what it is, and what to do, in two languages."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import re
import sqlite3
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ssn_card.bank.sheets.kinds import kind_of
from ssn_card.personalization.intake import errors
from ssn_card.personalization.intake.rows import read_rows, verdict
from ssn_card.programme import Policy

Write = Callable[[bytes | str], Path]
FIELD = Path(__file__).parent / "field"


def zipped(*names: str, first: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def tarred(content: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("x.csv")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def database(folder: Path, good: str) -> bytes:
    path = folder / "made.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE penerima (nik TEXT)")
        made.execute("INSERT INTO penerima VALUES (?)", (good[:16],))
    return path.read_bytes()


HTML = "<html><body><table><tr><td>nik</td></tr></table></body></html>"
SPREADSHEET_XML = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook></Workbook>'
SHEET = "application/vnd.oasis.opendocument.spreadsheet"
SAVE, UNPACK, EXPORT, ASK = "CSV UTF-8", "Unpack", "Export", "Ask the registry"

#: Content of the file, given a folder and a good extract; the words for its kind, and those of the remedy.
KINDS: dict[str, tuple[Callable[[Path, str], bytes], str, str]] = {
    "xlsx": (lambda _, good: zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), "XLSX", SAVE),
    "xlsx, sheet first": (lambda _, good: zipped("xl/worksheets/sheet1.xml"), "XLSX", SAVE),
    "ods": (lambda _, good: zipped("content.xml", first=SHEET), "ODS", SAVE),
    "odt": (lambda _, good: zipped("content.xml", first="application/vnd.oasis.opendocument.text"), "Word", ASK),
    "docx": (lambda _, good: zipped("[Content_Types].xml", "word/document.xml"), "Word", ASK),
    "zip": (lambda _, good: zipped("penerima.csv"), "ZIP", UNPACK),
    "zip, empty": (lambda _, good: zipped(), "ZIP", UNPACK),
    "xls": (lambda _, good: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504), "XLS", SAVE),
    "xls, bare": (lambda _, good: bytes.fromhex("0908100000060500") + bytes(100), "XLS", SAVE),
    "pdf": (lambda _, good: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF", ASK),
    "rtf": (lambda _, good: rb"{\rtf1\ansi nik}", "Word", ASK),
    "gzip": (lambda _, good: gzip.compress(good.encode()), "gzip", UNPACK),
    "bzip2": (lambda _, good: bz2.compress(good.encode()), "bzip2", UNPACK),
    "xz": (lambda _, good: lzma.compress(good.encode()), "xz", UNPACK),
    "7z": (lambda _, good: bytes.fromhex("377abcaf271c0004") + bytes(24), "7-Zip", UNPACK),
    "rar": (lambda _, good: b"Rar!\x1a\x07\x01\x00" + bytes(24), "RAR", UNPACK),
    "zstd": (lambda _, good: bytes.fromhex("28b52ffd0458") + bytes(24), "zstd", UNPACK),
    "tar": (lambda _, good: tarred(good.encode()), "tar", UNPACK),
    "sqlite": (database, "SQLite", EXPORT),
    "access": (lambda _, good: b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(100), "Access", EXPORT),
    "parquet": (lambda _, good: b"PAR1" + bytes(100), "Parquet", EXPORT),
    "png": (lambda _, good: b"\x89PNG\r\n\x1a\n" + bytes(100), "picture", ASK),
    "jpeg": (lambda _, good: b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture", ASK),
    "html": (lambda _, good: HTML.encode(), "HTML", SAVE),
    "html, doctype": (lambda _, good: b"\xef\xbb\xbf\r\n<!DOCTYPE html>" + HTML.encode(), "HTML", SAVE),
    "html, table only": (lambda _, good: b"<table border=1><tr><td>nik</table>", "HTML", SAVE),
    "html, xml": (lambda _, good: b'<?xml version="1.0"?>' + HTML.encode(), "HTML", SAVE),
    "html, utf-16": (lambda _, good: HTML.encode("utf-16"), "HTML", SAVE),
    "html, utf-16 big-endian": (lambda _, good: b"\xfe\xff" + HTML.encode("utf-16-be"), "HTML", SAVE),
    "html, utf-16 without mark": (lambda _, good: HTML.encode("utf-16-be"), "HTML", SAVE),
    "xml": (lambda _, good: SPREADSHEET_XML.encode(), "XML", SAVE),
    "mhtml": (lambda _, good: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "MHTML", SAVE),
    "json": (lambda _, good: json.dumps([{"nik": "1"}], indent=1).encode(), "JSON", EXPORT),
    "json, one": (lambda _, good: b'{"nik": "1"}\n{"nik": "2"}\n', "JSON", EXPORT),
    "utf-32": (lambda _, good: good.encode("utf-32"), "UTF-32", SAVE),
}


@pytest.mark.parametrize(("content", "kind", "remedy"), KINDS.values(), ids=KINDS)
def test_what_it_is_and_what_to_do(
    written: Write,
    tmp_path: Path,
    header: str,
    good_rows: tuple[str, str],
    policy: Policy,
    content: Callable[[Path, str], bytes],
    kind: str,
    remedy: str,
) -> None:
    path = written(content(tmp_path, "\n".join([header, *good_rows, ""])))
    with pytest.raises(errors.ForeignFileError) as caught:
        read_rows(path, policy)
    error = caught.value
    assert (error.where, error.code) == ("x.csv", "extract-not-csv")
    assert re.search(rf"\b{kind}\b", error.text.en)
    assert re.search(rf"\b{kind.replace('picture', 'gambar')}\b", error.text.id)
    assert remedy in error.remedy.en
    assert "NUL" not in error.describe("en")
    assert error.text.en != error.text.id
    assert error.remedy.en != error.remedy.id
    assert "6472017105639001" not in error.describe("en")


def test_the_workbook_from_the_field(policy: Policy) -> None:
    with pytest.raises(errors.ForeignFileError, match="Excel workbook"):
        read_rows(FIELD / "workbook-renamed.csv", policy)


@pytest.mark.parametrize("marks", [b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2])
def test_a_csv_file_is_none_of_these(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy, marks: bytes
) -> None:
    path = written(marks + "\r\n".join([header, *good_rows]).encode())
    assert [verdict(row) for row in read_rows(path, policy)] == ["accept", "accept"]


@pytest.mark.parametrize("head", [b"", b"P", b"PK", b"{", b"[", b"<", b"nik", b'"nik"', b"<nik>", b"\xff", b"BZ"])
def test_too_little_to_tell(head: bytes) -> None:
    assert kind_of(head) is None


@pytest.mark.parametrize(("blanks", "said"), [(502, "HTML"), (503, "XML")])
def test_a_page_is_told_from_other_xml_by_its_first_512_bytes(blanks: int, said: str) -> None:
    kind = kind_of(b"<?xml" + b" " * blanks + b"<html>")
    assert kind is not None
    assert said in kind.name.en


@pytest.mark.parametrize(("encoding", "said"), [("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")])
def test_utf_16_without_its_mark_is_called_so(
    written: Write, header: str, policy: Policy, encoding: str, said: str
) -> None:
    with pytest.raises(errors.NulByteError, match=said):
        read_rows(written(f"{header}\nx\n".encode(encoding)), policy)


def test_one_nul_byte_is_not_called_utf_16(written: Write, header: str, policy: Policy) -> None:
    with pytest.raises(errors.NulByteError, match="holds a NUL byte"):
        read_rows(written(f"{header}\n\0\n\0x\n"), policy)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, policy: Policy) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(errors.UnreadableExtractError, match="pipe") as caught:
        read_rows(tmp_path / "pipe", policy)
    assert "disk" in caught.value.remedy.en


@pytest.mark.parametrize(("line", "said"), [(b"x\0", "holds a NUL byte"), (b"\0x\0", "UTF-16"), (b"x\0y\0", "UTF-16")])
def test_how_much_tells_utf_16(written: Write, header: str, policy: Policy, line: bytes, said: str) -> None:
    with pytest.raises(errors.NulByteError, match=said):
        read_rows(written(header.encode() + b"\n" + line + b"\n"), policy)


def test_a_line_without_end_is_not_read_whole(written: Write, header: str, policy: Policy) -> None:
    path = written(header.encode() + b"\n" + b"x" * 20_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(errors.LineError):
            read_rows(path, policy)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
