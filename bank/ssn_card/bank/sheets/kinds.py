# SPDX-License-Identifier: Apache-2.0
"""What a file is that was named ``.csv`` and is none: told by its first bytes, with what to do about it."""

from __future__ import annotations

import re
from typing import NamedTuple

from ssn_card.protocol.errors import Text

HEAD = 4096  #: bytes that are looked at

_SAVE = Text(
    "Open it in a spreadsheet program, make nik and no_kk columns of text, and save the sheet as 'CSV UTF-8'.",
    "Buka di program lembar kerja, jadikan nik dan no_kk kolom teks, lalu simpan lembarnya sebagai 'CSV UTF-8'.",
)
_UNPACK = Text("Unpack it, and give the CSV file inside.", "Ekstrak dahulu, lalu berikan berkas CSV di dalamnya.")
_EXPORT = Text(
    "Export the table of beneficiaries from it as CSV, in UTF-8.",
    "Ekspor tabel penerima dari situ sebagai CSV, dalam UTF-8.",
)
_ASK = Text(
    "Ask the registry for the data as CSV; do not copy numbers from a document or a picture.",
    "Mintalah data dalam bentuk CSV dari instansi asal; jangan menyalin angka dari dokumen atau gambar.",
)


class Kind(NamedTuple):
    """A kind of file, and what the person who has one does next."""

    name: Text
    remedy: Text


def _same(name: str, remedy: Text) -> Kind:
    return Kind(Text(name, name), remedy)


XLSX = Kind(Text("an Excel workbook (XLSX)", "buku kerja Excel (XLSX)"), _SAVE)
_XLS = Kind(
    Text("an old Excel workbook (XLS) or another Office file", "buku kerja Excel lama (XLS) atau berkas Office lain"),
    _SAVE,
)
_ODS = Kind(Text("an OpenDocument spreadsheet (ODS)", "lembar kerja OpenDocument (ODS)"), _SAVE)
_WORD = Kind(Text("a Word or other Office document", "dokumen Word atau Office lain"), _ASK)
_ZIP = Kind(Text("a ZIP archive", "arsip ZIP"), _UNPACK)
_HTML = Kind(
    Text("a web page (HTML), as some systems export for Excel", "halaman web (HTML), seperti ekspor ke Excel"), _SAVE
)
_XML = Kind(Text("an XML file", "berkas XML"), _SAVE)
_JSON = Kind(Text("JSON data", "data JSON"), _EXPORT)
_UTF32 = Kind(Text("text in UTF-32", "teks UTF-32"), Text("Save it as 'CSV UTF-8'.", "Simpan sebagai 'CSV UTF-8'."))

#: How kinds begin.
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _XLS),
    (b"\x09\x08\x10\x00", _XLS),  # BIFF 5 and 8 without the container
    (b"\x09\x04\x06\x00", _XLS),
    (b"%PDF-", _same("PDF", _ASK)),
    (b"{\\rtf", _WORD),
    (b"\x1f\x8b", _same("gzip", _UNPACK)),
    (b"BZh", _same("bzip2", _UNPACK)),
    (b"\xfd7zXZ\x00", _same("xz", _UNPACK)),
    (b"\x28\xb5\x2f\xfd", _same("zstd", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", _same("7-Zip", _UNPACK)),
    (b"Rar!\x1a\x07", _same("RAR", _UNPACK)),
    (b"SQLite format 3\x00", Kind(Text("an SQLite database", "basis data SQLite"), _EXPORT)),
    (b"\x00\x01\x00\x00Standard ", Kind(Text("an Access database", "basis data Access"), _EXPORT)),
    (b"PAR1", _same("Parquet", _EXPORT)),
    (b"\x89PNG", Kind(Text("a picture (PNG)", "gambar (PNG)"), _ASK)),
    (b"\xff\xd8\xff", Kind(Text("a picture (JPEG)", "gambar (JPEG)"), _ASK)),
    (b"MIME-Version:", Kind(Text("a web archive (MHTML)", "arsip web (MHTML)"), _SAVE)),
    (b"\xff\xfe\x00\x00", _UTF32),
    (b"\x00\x00\xfe\xff", _UTF32),
)
_ZIPPED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_INSIDE_ZIP = (
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", _ODS),
    (b"mimetypeapplication/vnd.oasis.opendocument", _WORD),
    (b"word/", _WORD),
    (b"ppt/", _WORD),
    (b"xl/", XLSX),
    (b"[Content_Types].xml", XLSX),
)
_TAR_AT = 257
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body|meta|table|div|script|!--)", re.IGNORECASE)
_JSON_BEGINS = re.compile(rb"[\[{]\s*[\[{\"]")


def kind_of(head: bytes) -> Kind | None:
    """The kind of a file that begins so (:data:`HEAD` bytes are enough), or ``None`` where it may be a CSV file."""
    if head.startswith(_ZIPPED):
        return next((kind for name, kind in _INSIDE_ZIP if name in head), _ZIP)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[_TAR_AT : _TAR_AT + 5] == b"ustar":
        return _same("tar", _UNPACK)
    text = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")  # UTF-16 of ASCII
    return _kind_of_text(text.removeprefix(b"\xef\xbb\xbf").lstrip())


def _kind_of_text(text: bytes) -> Kind | None:
    if _MARKUP.match(text):
        return _HTML
    if text.startswith(b"<?xml"):
        return _HTML if _MARKUP.search(text[:512]) else _XML
    return _JSON if _JSON_BEGINS.match(text) else None
