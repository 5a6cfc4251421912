# SPDX-License-Identifier: Apache-2.0
"""Verdicts on rows: the example files word for word, and each reason on its own."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from ssn_card.personalization.intake.identity import identity_block, parse_identity_block
from ssn_card.personalization.intake.nik import FamilyNumber
from ssn_card.personalization.intake.reasons import RULES, label
from ssn_card.personalization.intake.row_keys import family_key, row_key
from ssn_card.personalization.intake.rows import Beneficiary, RowRejected, read_rows, verdict
from ssn_card.personalization.intake.source import COLUMNS
from ssn_card.personalization.intake.summary import validate
from ssn_card.programme import Policy, load_policies, load_regions
from ssn_card.protocol.crypto import SecretKey

Write = Callable[[bytes | str], Path]


def test_every_verdict_on_the_dirty_file_word_for_word(examples: Path, policy: Policy) -> None:
    with (examples / "beneficiaries-dirty.expected.csv").open(newline="") as file:
        expected = [(int(row["line"]), row["expect"]) for row in csv.DictReader(file)]
    rows = list(read_rows(examples / "beneficiaries-dirty.csv", policy))
    assert [(row.line, verdict(row)) for row in rows] == expected
    assert len(expected) == 56


def test_all_families_of_the_clean_file_are_accepted(examples: Path, policy: Policy) -> None:
    rows = list(read_rows(examples / "beneficiaries.csv", policy))
    assert len(rows) == 1_688
    regions = load_regions()
    for row in rows:
        assert isinstance(row, Beneficiary)
        assert not row.notes
        identity = parse_identity_block(identity_block(row))
        assert (identity.nik, identity.kk, identity.name) == (row.nik, row.kk, row.name)
        assert regions.by_code[identity.region_code].kelurahan_at(identity.kelurahan_ordinal) == row.kelurahan


def changed(row: str, **cells: str) -> str:
    values = dict(zip(COLUMNS, row.split(","), strict=True)) | cells
    return ",".join(values.values())


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("nik", "", "reject: NIK is empty"),
        ("nik", "6472017105639001.0", "reject: NIK was damaged by a spreadsheet (decimal point)"),
        ("nik", "\t6472017105639001", "reject: NIK must be digits only"),
        ("no_kk", "647201280210900", "reject: no_kk must be 16 digits, got 15"),
        ("no_kk", "6.47201E+15", "reject: no_kk was damaged by a spreadsheet (scientific notation)"),
        ("nama", "   ", "reject: nama is empty"),
        ("nama", "-", "reject: nama starts with a formula character"),
        ("nama", "@SUM(A1)", "reject: nama starts with a formula character"),
        ("nama", "+62", "reject: nama starts with a formula character"),
        ("nama", "\uff1dA1", "reject: nama starts with a formula character"),
        ("nama", "'=A1", "reject: nama starts with a formula character"),
        ("nama", "'\u00a0=A1", "reject: nama starts with a formula character"),
        ("nama", "\t=A1", "reject: nama contains an invisible control character"),
        ("nama", "Rah\u202emah", "reject: nama contains an invisible control character"),
        ("nama", "Rah\u200bmah", "reject: nama contains an invisible control character"),
        ("nama", "Rah\u2028mah", "reject: nama contains an invisible control character"),
        ("nama", "Rahm\ufffdh", "reject: nama has lost characters in a conversion"),
        ("nama", "Zo\u00c3\u00a9", "reject: nama has lost characters in a conversion"),
        ("nama", "Zo\u00e9 Ng\u00c3\u00a9lo", "reject: nama has lost characters in a conversion"),
        ("nama", "ANI \u00c3\u00c2", "reject: nama has lost characters in a conversion"),
        ("nama", "JO\u00c3O", "accept: non-ASCII name kept"),
        ("nama", "12", "reject: nama has no letter"),
        ("nama", "Rahmah 1963", "reject: nama contains a digit"),
        ("nama", "5iti", "reject: nama contains a digit"),
        ("nama", "Siti\u00b2", "reject: nama contains a digit"),
        ("nama", "<b>Ani</b>", "reject: nama contains a sign that no name has"),
        ("nama", "\U0001f642 Ani", "reject: nama contains a sign that no name has"),
        ("no_kk", "6472017105639001", "reject: no_kk repeats the NIK, it names no family"),
        ("no_kk", "9999999999999999", "reject: no_kk is a placeholder, no number"),
        ("no_kk", "1234567890123456", "reject: no_kk is a placeholder, no number"),
        ("no_kk", "0000000000000000", "reject: no_kk is a placeholder, no number"),
        ("nik", "1111111111111111", "reject: NIK is a placeholder, no number"),
        ("nama", "'Rahmah", "accept: spreadsheet apostrophe removed"),
        ("nama", "Rahmah  Pratama", "accept: spaces trimmed"),
        ("nama", "\u00a0Rahmah", "accept: spaces trimmed"),
        (
            "nama",
            " Zo\u00e9 " + "a" * 50,
            "accept: spaces trimmed; non-ASCII name kept; name shortened on the card, kept whole in the register",
        ),
        ("nama", "Rahmah = Pratama", "accept"),
        ("tanggal_lahir", "31/05/1963", "reject: tanggal_lahir must be written YYYY-MM-DD"),
        ("tanggal_lahir", "19630531", "reject: tanggal_lahir must be written YYYY-MM-DD"),
        ("tanggal_lahir", "", "reject: tanggal_lahir must be written YYYY-MM-DD"),
        ("tanggal_lahir", "1963-13-01", "reject: tanggal_lahir is not a date"),
        ("tanggal_lahir", "2063-05-31", "reject: tanggal_lahir is before 1900 or after the policy's last day"),
        ("tanggal_lahir", "1863-05-31", "reject: tanggal_lahir is before 1900 or after the policy's last day"),
        ("tanggal_lahir", "1963-05-30", "reject: NIK and tanggal_lahir disagree"),
        ("jenis_kelamin", "W", "reject: jenis_kelamin must be L or P"),
        ("jenis_kelamin", "L", "reject: NIK and jenis_kelamin disagree"),
        ("jenis_kelamin", "p", "accept"),
        ("kode_kecamatan", "6472010", "reject: kode_kecamatan is a BPS code, the Kemendagri code is needed"),
        ("kode_kecamatan", "", "reject: kode_kecamatan is not in Samarinda"),
        ("kode_kecamatan", "647201", "accept"),
        ("kode_kecamatan", "'64.72.01", "accept: spreadsheet apostrophe removed"),
        ("kecamatan", "Sambutan", "reject: kecamatan and kode_kecamatan disagree"),
        ("kecamatan", "PALARAN", "accept"),
        ("kelurahan", "Baqa", "reject: kelurahan is not in this kecamatan"),
        ("kelurahan", "HANDIL BAKTI", "accept"),
        ("desil", "6", "reject: desil must be 1-5 for this policy"),
        ("desil", "", "reject: desil must be 1-5 for this policy"),
        ("desil", "0", "reject: desil must be 1-5 for this policy"),
        ("desil", "1.0", "reject: desil must be 1-5 for this policy"),
        ("desil", "²", "reject: desil must be 1-5 for this policy"),
        ("pendamping", "", "reject: pendamping must be a companion's number such as PD-001"),
        ("pendamping", "PD-0", "reject: pendamping must be a companion's number such as PD-001"),
    ],
)
def test_verdicts(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy, column: str, value: str, said: str
) -> None:
    path = written(f"{header}\n{changed(good_rows[0], **{column: value})}\n{good_rows[1]}\n")
    rows = list(read_rows(path, policy))
    assert [verdict(row) for row in rows] == [said, "accept"]
    assert isinstance(rows[0], Beneficiary) or rows[0].field == column


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [("nik", "6472", "nik_length"), ("no_kk", "", "no_kk_empty"), ("nik", "6472017105639001.0", "nik_decimal")],
)
def test_the_code_of_a_bad_number(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy, column: str, value: str, code: str
) -> None:
    (row,) = read_rows(written(f"{header}\n{changed(good_rows[0], **{column: value})}\n"), policy)
    assert isinstance(row, RowRejected)
    assert row.code == code
    assert label(row.code).en.startswith("NIK" if column == "nik" else column)


PLACEHOLDERS = (
    r"N/A|n/a|N.A.|N\A|NA|na|NaN|nan|NAN|null|NULL|(null)|None|NIL|#N/A|#REF!|#VALUE!|#NAME?|#DIV/0!|#NULL!",
    "xxx|XXX|x x x|xx|XX|X.X|aaa|ZZZZZZ|Test|TES|coba|contoh|asdf|qwerty|dummy",
    "TIDAK TAHU|tidak tahu|Tidak diketahui|(tidak ada)|TDK ADA|tdk tahu|tak diketahui|belum ada|Belum bernama",
    "belum diketahui|Tanpa Nama|nama tidak ada|Nama belum diketahui|TIDAK ADA NAMA|KOSONG|[kosong]|anonim|nihil",
    "unknown|no name|No_Name|not available|anonymous|undefined|TBA|tbd|n.n.|NN|name|NAMA|nama lengkap|?null?",
)
ONLY_LIKE_THEM = (
    "M|Na|Nan|Nil|Nama|Nana|Nona|Nanna|Xena|Ada|Tessa|Testa|Noname Sari|Nullah|Anna|Annna|Tahu|Kosongan|Nur Tidak",
    "Nur'aini|H. Abdul Rahman|ANI/BUDI|Ani & Budi|Rahmah (Ani)|Nur+Aini|Ng|Bo|Ha Na",
)


@pytest.mark.parametrize("name", "|".join(PLACEHOLDERS).split("|"))
def test_what_stands_for_a_missing_name(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy, name: str
) -> None:
    (row,) = read_rows(written(f"{header}\n{changed(good_rows[0], nama=name)}\n"), policy)
    assert verdict(row) == "reject: nama says that there is no name"


@pytest.mark.parametrize("name", "|".join(ONLY_LIKE_THEM).split("|"))
def test_names_that_only_look_like_it(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy, name: str
) -> None:
    (row,) = read_rows(written(f"{header}\n{changed(good_rows[0], nama=name)}\n"), policy)
    assert verdict(row) == "accept"


def test_names_from_the_field(policy: Policy) -> None:
    """Every script and length of real names, and what was typed where there was none."""
    path = Path(__file__).parent / "field" / "names.csv"
    rejected = {row.line: row.code for row in read_rows(path, policy) if isinstance(row, RowRejected)}
    assert rejected == {
        11: "name_placeholder",  # AAA...
        15: "name_control",
        16: "name_formula",  # -
        17: "name_letters",  # .
        18: "name_empty",
        19: "name_placeholder",  # N/A
        20: "name_placeholder",  # TIDAK TAHU
        22: "name_formula",
        23: "name_formula",
        24: "name_control",
        25: "name_symbol",
        28: "name_symbol",
        29: "name_symbol",
        30: "name_placeholder",  # null
        31: "name_lost",
        32: "name_lost",
    }


def test_policy_decides_on_deciles_and_companions(written: Write, header: str, good_rows: tuple[str, str]) -> None:
    policy = load_policies().by_id(2022)
    path = written(f"{header}\n{changed(good_rows[0], desil='', pendamping='', tanggal_lahir='1963-05-31')}\n")
    (row,) = read_rows(path, policy)
    assert isinstance(row, Beneficiary)
    assert row.decile is None
    assert row.companion is None
    (row,) = read_rows(written(f"{header}\n{changed(good_rows[0], desil='11')}\n"), policy)
    assert verdict(row) == "reject: desil must be 1-10 for this policy"
    odd = policy.model_copy(update={"deciles": (1, 3, 5)})
    (row,) = read_rows(written(f"{header}\n{changed(good_rows[0], desil='2')}\n"), odd)
    assert verdict(row, "id") == "reject: desil harus 1, 3, 5 untuk kebijakan ini"


def test_a_rejected_line_does_not_stand_in_the_way_of_its_correction(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy
) -> None:
    first = good_rows[0]
    path = written("\n".join([header, changed(first, desil="9"), first, first, ""]))
    assert [verdict(row) for row in read_rows(path, policy)] == [
        "reject: desil must be 1-5 for this policy",
        "accept",
        "reject: NIK already in this file (row 3)",
    ]


def test_every_physical_line_has_a_verdict(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy
) -> None:
    first, second = good_rows
    path = written("\n".join([header, first, "", ",,,,,,,,,", "x", second + ",more", second]))
    assert [(row.line, verdict(row)) for row in read_rows(path, policy)] == [
        (2, "accept"),
        (3, "reject: line is blank"),
        (4, "reject: line is blank"),
        (5, "reject: 1 of 10 fields"),
        (6, "reject: 11 of 10 fields"),
        (7, "accept"),
    ]


def test_nothing_private_is_shown(examples: Path, policy: Policy) -> None:
    with (examples / "beneficiaries-dirty.csv").open(newline="") as file:
        private = [cell for row in csv.reader(file) for cell in row[:4] if len(cell) > 5][4:]
    shown = " ".join(repr(row) + verdict(row) for row in read_rows(examples / "beneficiaries-dirty.csv", policy))
    assert [cell for cell in private if cell in shown] == []


def test_all_reasons_are_in_two_languages() -> None:
    assert all(rule.text.en and rule.text.id and rule.text.en != rule.text.id for rule in RULES)
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_row_keys_are_stable_and_depend_on_the_number_and_the_station(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy
) -> None:
    def read(row: str) -> Beneficiary:
        (accepted,) = read_rows(written(f"{header}\n{row}\n"), policy)
        assert not isinstance(accepted, RowRejected)
        return accepted

    station, other = SecretKey(bytes(16)), SecretKey(bytes(15) + b"\x01")
    first, corrected, second = (
        read(good_rows[0]),
        read(changed(good_rows[0], nama="Rahmah P", desil="2")),
        read(good_rows[1]),
    )
    assert row_key(first, station) == row_key(corrected, station)
    assert family_key(first, station) == family_key(corrected, station)
    keys = {
        function(row, key) for function in (row_key, family_key) for row in (first, second) for key in (station, other)
    }
    assert len(keys) == 8
    assert {len(key) for key in keys} == {16}


def test_person_and_family_with_one_number_have_different_keys(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy
) -> None:
    (accepted,) = read_rows(written(f"{header}\n{good_rows[0]}\n"), policy)
    assert isinstance(accepted, Beneficiary)
    row = dataclasses.replace(accepted, kk=FamilyNumber(accepted.nik.digits))
    assert row_key(row, SecretKey(bytes(16))) != family_key(row, SecretKey(bytes(16)))


@pytest.mark.parametrize(
    ("born", "nik", "said"),
    [
        ("1900-01-01", "6472014101009001", "accept"),
        ("2025-12-31", "6472017112259001", "accept"),  # the last day of the policy
        ("2026-01-01", "6472014101269001", "reject: tanggal_lahir is before 1900 or after the policy's last day"),
        ("1899-12-31", "6472017112999001", "reject: tanggal_lahir is before 1900 or after the policy's last day"),
    ],
)
def test_the_first_and_the_last_day_of_birth(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy, born: str, nik: str, said: str
) -> None:
    (row,) = read_rows(written(f"{header}\n{changed(good_rows[0], nik=nik, tanggal_lahir=born)}\n"), policy)
    assert verdict(row) == said


@pytest.mark.parametrize("letter", ["L", "l"])
def test_a_man(written: Write, header: str, good_rows: tuple[str, str], policy: Policy, letter: str) -> None:
    man = changed(good_rows[0], nik="6472013105639001", jenis_kelamin=letter)
    (row,) = read_rows(written(f"{header}\n{man}\n"), policy)
    assert isinstance(row, Beneficiary)
    assert row.gender == "L"


@pytest.mark.parametrize(("deciles", "said"), [((3,), "3"), ((3, 4), "3-4"), ((3, 5), "3, 5")])
def test_the_deciles_of_a_policy_in_words(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy, deciles: tuple[int, ...], said: str
) -> None:
    (row,) = read_rows(written(f"{header}\n{good_rows[0]}\n"), policy.model_copy(update={"deciles": deciles}))
    assert verdict(row) == f"reject: desil must be {said} for this policy"


def test_everything_of_an_accepted_row(written: Write, header: str, good_rows: tuple[str, str], policy: Policy) -> None:
    (row,) = read_rows(written(f"{header}\n{changed(good_rows[0], kelurahan='HANDIL BAKTI')}\n"), policy)
    assert isinstance(row, Beneficiary)
    region = load_regions().by_code["64.72.01"]
    assert (row.line, row.name, row.birth_date, row.gender) == (2, "Rahmah Pratama", dt.date(1963, 5, 31), "P")
    assert (row.region_code, row.kecamatan, row.kelurahan) == ("64.72.01", "Palaran", "Handil Bakti")
    assert region.kelurahan_at(row.kelurahan_ordinal) == "Handil Bakti"
    assert (row.decile, row.companion, row.notes) == (1, "PD-001", ())


def test_regions_may_be_another_citys(written: Write, header: str, good_rows: tuple[str, str], policy: Policy) -> None:
    elsewhere = dataclasses.replace(load_regions(), entries=(), city="Bontang")
    path = written(f"{header}\n{good_rows[0]}\n")
    said = "reject: kode_kecamatan is not in Bontang"
    assert [verdict(row) for row in read_rows(path, policy, elsewhere)] == [said]
    assert [row.reason.en for row in validate(path, policy, elsewhere).rejected] == [said.removeprefix("reject: ")]


def test_notes_in_both_languages(written: Write, header: str, good_rows: tuple[str, str], policy: Policy) -> None:
    (row,) = read_rows(written(f"{header}\n{changed(good_rows[0], nama=' Rahmah')}\n"), policy)
    assert (verdict(row), verdict(row, "id")) == ("accept: spaces trimmed", "accept: spasi dirapikan")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("fields", "\u2026 of \u2026 fields"),
        ("nik_length", "NIK must be 16 digits, got \u2026"),
        ("no_kk_length", "no_kk must be 16 digits, got \u2026"),
        ("family_twice", "family (no_kk) already has a card in this file (row \u2026)"),
        ("region", "kode_kecamatan is not in \u2026"),
        ("decile", "desil must be \u2026 for this policy"),
    ],
)
def test_a_reason_without_its_particulars(code: str, said: str) -> None:
    assert label(code).en == said
