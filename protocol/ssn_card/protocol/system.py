# SPDX-License-Identifier: Apache-2.0
"""Why the operating system, or SQLite, refused something, in both languages: their own words are English alone."""

from __future__ import annotations

import errno
import os

from .errors import Text

_UNKNOWN = "sistem menjawab"
_REASONS = {
    errno.ENOENT: "berkas atau folder tidak ada",
    errno.ENOTDIR: "bagian dari lokasi bukan folder",
    errno.EISDIR: "ini folder",
    errno.EEXIST: "sudah ada",
    errno.EACCES: "tidak ada izin",
    errno.EPERM: "tidak diizinkan",
    errno.EROFS: "sistem berkas hanya dapat dibaca",
    errno.ENOSPC: "ruang disk habis",
    errno.EDQUOT: "kuota disk habis",
    errno.EFBIG: "berkas terlalu besar",
    errno.EIO: "disk bermasalah",
    errno.EBUSY: "sedang dipakai",
    errno.ENOLCK: "sistem berkas tidak mengenal penguncian",
    errno.ENOTSUP: "sistem berkas tidak mendukungnya",
    errno.EAGAIN: "sedang dipegang program lain",
    errno.EMFILE: "terlalu banyak berkas terbuka",
    errno.ENFILE: "terlalu banyak berkas terbuka di mesin ini",
    errno.ENAMETOOLONG: "nama terlalu panjang",
    errno.ELOOP: "tautan simbolis berputar-putar",
    errno.EINVAL: "tidak dapat dipakai untuk ini",
    errno.ENXIO: "perangkat tidak ada",
    errno.ENODEV: "perangkat tidak ada",
    errno.ENOMEM: "memori habis",
    errno.EPIPE: "penerimanya sudah tidak ada",
    errno.ECONNREFUSED: "sambungan ditolak",
    errno.ECONNRESET: "sambungan diputus pihak lain",
    errno.ECONNABORTED: "sambungan dibatalkan",
    errno.ETIMEDOUT: "tidak ada jawaban pada waktunya",
    errno.EHOSTUNREACH: "komputer tujuan tidak terjangkau",
    errno.ENETUNREACH: "jaringan tidak terjangkau",
    errno.EADDRINUSE: "alamat sedang dipakai",
    errno.EADDRNOTAVAIL: "alamat bukan milik mesin ini",
}
#: By SQLite's primary result code, https://sqlite.org/rescode.html.
_SQLITE = {
    "SQLITE_BUSY": "sedang dipegang program lain",
    "SQLITE_LOCKED": "sedang dipegang program lain",
    "SQLITE_READONLY": "hanya dapat dibaca",
    "SQLITE_IOERR": "disk bermasalah",
    "SQLITE_FULL": "ruang disk habis",
    "SQLITE_CANTOPEN": "tidak dapat dibuka",
    "SQLITE_CORRUPT": "rusak",
    "SQLITE_NOTADB": "bukan basis data",
    "SQLITE_CONSTRAINT": "aturan jurnal akan dilanggar",
    "SQLITE_NOMEM": "memori habis",
    "SQLITE_PERM": "tidak ada izin",
    "SQLITE_TOOBIG": "nilai terlalu besar",
    "SQLITE_INTERRUPT": "dihentikan",
}


def system_reason(error: BaseException) -> Text:
    """The reason in a few words, without a full stop; for ``OSError``, ``sqlite3.Error`` and ``UnicodeError``."""
    if isinstance(error, UnicodeDecodeError | UnicodeEncodeError):
        return Text("not {encoding} text", "bukan teks {encoding}").filled(encoding=error.encoding.upper())
    if isinstance(error, OSError):
        return _of_system(error)
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    # SQLITE_IOERR_WRITE is of the kind SQLITE_IOERR
    known = (text for kind, text in _SQLITE.items() if name.startswith(kind))
    return Text(str(error) or name, next(known, None) or f"{_UNKNOWN} {name}")


def system_error(number: int) -> OSError:
    """What the operating system would raise, such as ``system_error(errno.EISDIR)``, where we see it coming."""
    return OSError(number, os.strerror(number))


def _of_system(error: OSError) -> Text:
    number = errno.ETIMEDOUT if isinstance(error, TimeoutError) else error.errno
    english = error.strerror or str(error) or type(error).__name__
    if number is None:
        return Text(english, f"{_UNKNOWN} {type(error).__name__}")
    if number < 0:  # of getaddrinfo
        return Text(english, "nama komputer tujuan tidak dikenal")
    return Text(english, _REASONS.get(number) or f"{_UNKNOWN} {errno.errorcode.get(number, number)}")
