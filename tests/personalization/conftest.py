# SPDX-License-Identifier: Apache-2.0
"""Registry extracts for the tests: the example files, and a writer for broken ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.personalization.station.support import Rack

from ssn_card.programme import Policy, load_policies

HEADER = "nik,no_kk,nama,tanggal_lahir,jenis_kelamin,kode_kecamatan,kecamatan,kelurahan,desil,pendamping"
FIRST = "6472017105639001,6472012802109001,Rahmah Pratama,1963-05-31,P,64.72.01,Palaran,Handil Bakti,1,PD-001"
SECOND = "6472015809729002,6472010108149002,Wati Lambang,1972-09-18,P,64.72.01,Palaran,Rawa Makmur,2,PD-001"


@pytest.fixture(scope="session")
def rack() -> Iterator[Rack]:
    """Blank cards. One simulator for all tests: mutants are judged by tests in any order."""
    rack = Rack()
    yield rack
    rack.close()


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The policy of 2025: deciles 1-5, companions needed."""
    return load_policies().by_id(2025)


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder of the example extracts."""
    return Path(__file__).parents[2] / "examples" / "data"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes | str], Path]:
    """Writes an extract and gives its path; text as UTF-8."""

    def write(content: bytes | str) -> Path:
        path = tmp_path / "x.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture(scope="session")
def header() -> str:
    """The header line, without line end."""
    return HEADER


@pytest.fixture(scope="session")
def good_rows() -> tuple[str, str]:
    """Two acceptable lines, without line ends."""
    return FIRST, SECOND
