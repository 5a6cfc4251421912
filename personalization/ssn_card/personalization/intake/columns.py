# SPDX-License-Identifier: Apache-2.0
"""Which column of a file is which of ours, by the headers that registries write, or a profile's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ssn_card.bank.sheets.cells import HeaderScore, plain
from ssn_card.bank.sheets.header import FAMILY_NAMES, NIK_NAMES

from .source import COLUMNS

#: As :func:`plain` writes them.
ALIASES: Final[Mapping[str, frozenset[str]]] = {
    "nik": NIK_NAMES,
    "no_kk": FAMILY_NAMES,
} | {
    column: frozenset(names.split())
    for column, names in {
        "nama": "nama namalengkap namapenerima namakpm namakepalakeluarga namaktp namasesuaiktp",
        "tanggal_lahir": "tanggallahir tgllahir tgllhr tanggallhr",
        "jenis_kelamin": "jeniskelamin jeniskel jk kelamin lp gender",
        "kode_kecamatan": "kodekecamatan kodekec kdkec kdkecamatan kodewilayahkecamatan",
        "kecamatan": "kecamatan kec namakecamatan",
        "kelurahan": "kelurahan kel desa desakelurahan kelurahandesa desakel keldesa namakelurahan",
        "desil": "desil desilkesejahteraan desildtsen desilkeluarga",
        "pendamping": "pendamping kodependamping idpendamping nopendamping nomorpendamping",
    }.items()
}
#: Without these no row can be accepted; one of the two names of a kecamatan is enough.
NEEDED: Final = ("nik", "no_kk", "nama", "tanggal_lahir", "jenis_kelamin", "kelurahan")


def column_of(header: str, named: Mapping[str, Sequence[str]]) -> str | None:
    """Which of our columns a header names. ``named``: a profile's; a column that it names is found by no other name."""
    wanted = plain(header)
    for column in COLUMNS:
        names = {plain(name) for name in named[column]} if column in named else ALIASES[column]
        if wanted and wanted in names:
            return column
    return None


def score_by(named: Mapping[str, Sequence[str]]) -> HeaderScore:
    """How many of our columns a row names."""
    return lambda cells: len({column_of(cell, named) for cell in cells} - {None})
