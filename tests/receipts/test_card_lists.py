# SPDX-License-Identifier: Apache-2.0
"""Receipts of cards that were never issued, had been blocked, or were never handed over, by the lists that say so."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tests.model.wire import entitlement, movement
from tests.receipts.made import PROVIDER, SERIAL, flip, forged, history, lines, new_card

from ssn_card.entitlement import BarredCard, write_barred
from ssn_card.receipts import CardLists, Finding, Line, Problem, ReceiptVerifier, Report, read_lists
from ssn_card.receipts.cards import ALWAYS, NO_LISTS
from ssn_card.receipts.errors import BadCards

OTHER = bytes.fromhex("5353000000000043")
HISTORY = history()
SPENT = 55_500 + 162_000 + 400_000 + 70_000 + 1_000


def report(receipts: list[bytes] | list[Line], lists: CardLists, *, whole: bool = True) -> Report:
    handed_in = [line for one in receipts for line in (lines([one]) if isinstance(one, bytes) else [one])]
    numbered = [dataclasses.replace(line, number=number) for number, line in enumerate(handed_in, start=1)]
    return ReceiptVerifier(PROVIDER).verify_lines(numbered, whole=whole, lists=lists)


def told(found: Report) -> list[tuple[Problem, int, int | None, int, str]]:
    return [(one.problem, one.line, one.seq, one.receipts, one.detail.en) for one in found.findings]


def blocked(moment: str) -> CardLists:
    return CardLists(blocked={SERIAL: bytes.fromhex(moment)})


def test_without_lists_nothing_is_said() -> None:
    assert report(HISTORY, NO_LISTS).clean
    assert report(HISTORY, CardLists(frozenset({SERIAL}), {OTHER: ALWAYS}, frozenset({OTHER}))).clean


def test_a_card_that_nobody_issued() -> None:
    found = report([*HISTORY, *history(OTHER)], CardLists(frozenset({SERIAL})))
    assert told(found) == [(Problem.UNKNOWN_CARD, 13, 1, 12, "receipts: 12; spent: Rp688.500")]
    assert found.findings[0].detail.id == "kuitansi: 12; belanja: Rp688.500"
    assert (found.findings[0].field, found.findings[0].serial, found.findings[0].spent) == ("serial", OTHER, None)
    assert not found.clean
    assert SPENT == 688_500


def test_the_file_of_the_first_one_is_told() -> None:
    handed_in = [dataclasses.replace(line, file="shop-3") for line in lines(HISTORY[:2])]
    assert [one.file for one in report(handed_in, CardLists(frozenset())).findings] == ["shop-3"]


def test_where_no_card_was_issued_all_are_unknown() -> None:
    assert [one.serial for one in report(HISTORY, CardLists(frozenset())).findings] == [SERIAL]


def test_a_card_that_nobody_was_given() -> None:
    """Its first update too: somebody had it in a reader."""
    found = report(HISTORY[:1], CardLists(undelivered=frozenset({SERIAL})))
    assert told(found) == [(Problem.NEVER_DELIVERED, 1, 1, 1, "receipts: 1; spent: Rp0")]
    assert found.findings[0].field == "serial"


def test_a_card_that_was_blocked() -> None:
    """HISTORY's purchases of November are one of 70.000 at 08:00 on the 1st, one of 1.000 at 08:00 on the 2nd."""
    found = report(HISTORY, blocked("251101000000"))
    assert told(found) == [
        (Problem.BLOCKED_CARD, 9, 9, 2, "receipts: 2; spent: Rp71.000; blocked 2025-11-01 00:00:00"),
    ]
    assert found.findings[0].detail.id.endswith("; diblokir 2025-11-01 00:00:00")
    assert found.findings[0].field == "timestamp"


@pytest.mark.parametrize(
    ("moment", "count"), [("251102080000", 1), ("251102080001", 0), ("251101080000", 2), ("251101080001", 1)]
)
def test_the_very_second_counts(moment: str, count: int) -> None:
    assert sum(one.receipts for one in report(HISTORY, blocked(moment)).findings) == count


def test_updates_of_a_blocked_card_are_none() -> None:
    """It gets them, the block itself among them; and a card that was always blocked has no moment to tell."""
    card = new_card()
    updates = [card.update(entitlement(seq, 100_000), bytes(8)).receipt for seq in (1, 2)]
    made = [raw for raw in updates if raw is not None]
    assert report(made, blocked("00" * 6)).clean
    bought = card.debit(movement(5_000)).receipt
    assert bought is not None
    found = report([*made, bought], CardLists(blocked={SERIAL: ALWAYS}))
    assert told(found) == [(Problem.BLOCKED_CARD, 3, 3, 1, "receipts: 1; spent: Rp5.000")]


def test_what_was_given_back_is_not_spent() -> None:
    assert told(report(HISTORY[:5], CardLists(frozenset())))[0][4] == "receipts: 5; spent: Rp217.500"


def test_one_finding_of_each_list() -> None:
    found = report(HISTORY, CardLists(frozenset(), {SERIAL: ALWAYS}, frozenset({SERIAL})))
    assert [(one.problem, one.line) for one in found.findings] == [
        (Problem.UNKNOWN_CARD, 1),
        (Problem.NEVER_DELIVERED, 1),
        (Problem.BLOCKED_CARD, 2),
    ]
    assert {one.receipts for one in found.findings} == {12, 8}


def test_the_first_by_number_wherever_it_stands() -> None:
    found = report([HISTORY[4], HISTORY[2], HISTORY[3]], CardLists(frozenset()), whole=False)
    assert told(found) == [(Problem.UNKNOWN_CARD, 2, 3, 3, "receipts: 3; spent: Rp162.000")]


def test_copies_count_once_and_forgeries_not_at_all() -> None:
    found = report([*HISTORY[:2], HISTORY[1], flip(HISTORY[2], 60)], CardLists(frozenset()), whole=False)
    unknown = [one for one in found.findings if one.problem is Problem.UNKNOWN_CARD]
    assert [one.receipts for one in unknown] == [2]


def test_every_receipt_of_a_copied_card_counts() -> None:
    twins = [forged(HISTORY[1], terminal_id=number) for number in range(100, 120)]
    found = report([*HISTORY, *twins], CardLists(frozenset()))
    unknown = [one for one in found.findings if one.problem is Problem.UNKNOWN_CARD]
    assert [one.receipts for one in unknown] == [12 + 20]


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    "text",
    [
        "serial\n5353000000000042\n5353000000000043\n",
        "\ufeffserial,since\r\n5353-0000-0000-0042,\r\n\r\n5353-0000-0000-0043,\r\n",
        "file,line,family,serial,state\nx.csv,2,ab,5353 0000 0000 0042,done\nx.csv,3,cd,5353000000000043,done\n",
        '{"serial": "5353000000000042"}\n\n{"serial": "5353-0000-0000-0043", "since": null, "more": 1}\n',
        '{"schema": "my-list/1", "cards": 2}\n{"serial":"5353000000000042"}\n{"serial":"5353000000000043"}',
        ' \t{"serial": "5353000000000042"}\n {"serial": "5353000000000043"}\n',
        'serial\n"5353000000000042"\n5353000000000043\n5353000000000042\n',
        "serial,cards\n5353000000000042,7\n5353000000000043,x\n",
    ],
)
def test_tables_and_json_lines(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "list", text)
    both = {SERIAL, OTHER}
    assert read_lists(issued=[path]) == CardLists(issued=frozenset(both))
    assert read_lists(undelivered=[path]) == CardLists(undelivered=frozenset(both))
    assert read_lists(blocked=[path]) == CardLists(blocked=dict.fromkeys(both, ALWAYS))


@pytest.mark.parametrize(
    ("since", "moment"),
    [
        ("2026-01-05", "260105000000"),
        ("2026-01-05 14:30", "260105143000"),
        ("2026-01-05T14:30:59", "260105143059"),
        ("2026-01-05T14:30:59+08:00", "260105143059"),
        ("2026-01-05T20:00:00Z", "260106040000"),
        ("2026-01-05T14:30:59.9", "260105143059"),
    ],
)
def test_since_when_a_card_is_blocked(tmp_path: Path, since: str, moment: str) -> None:
    table = write(tmp_path / "list.csv", f"since,serial\n{since},5353000000000042\n")
    objects = write(tmp_path / "list.jsonl", f'{{"serial": "5353000000000042", "since": "{since}"}}\n')
    for path in (table, objects):
        assert read_lists(blocked=[path]).blocked == {SERIAL: bytes.fromhex(moment)}


def test_of_several_blocks_the_first_counts(tmp_path: Path) -> None:
    one = write(tmp_path / "1.csv", "serial,since\n5353000000000042,2026-03-01\n5353000000000042,2026-02-01\n")
    two = write(tmp_path / "2.csv", "serial,since\n5353000000000042,2026-04-01\n5353000000000043,2026-05-01\n")
    for paths in ([one, two], [two, one]):
        found = read_lists(blocked=paths).blocked
        assert found == {SERIAL: bytes.fromhex("260201000000"), OTHER: bytes.fromhex("260501000000")}
    never = write(tmp_path / "3.csv", "serial,since\n5353000000000042,\n")
    assert read_lists(blocked=[one, never]).blocked[SERIAL] == ALWAYS
    assert read_lists(issued=[two, never]).issued == frozenset({SERIAL, OTHER})


def test_the_stations_list_of_barred_cards_serves_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "barred.jsonl"
    cards = [
        BarredCard(serial=SERIAL.hex(), beneficiary_id="11" * 8, state="lost", turned_up=None),
        BarredCard(serial=OTHER.hex(), beneficiary_id="12" * 8, state="in_doubt", turned_up=None),
    ]
    write_barred(path, "station", "2026-01-05T00:00:00+00:00", cards)
    assert read_lists(blocked=[path]).blocked == {SERIAL: ALWAYS, OTHER: ALWAYS}
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    with pytest.raises(BadCards, match="1 of 2 cards") as caught:
        read_lists(blocked=[path])
    assert caught.value.where == str(path)
    assert caught.value.text.id == "1 dari 2 kartu ada dalam daftar."
    write_barred(path, "station", "2026-01-05T00:00:00+00:00", [])
    assert read_lists(blocked=[path], undelivered=[path]) == NO_LISTS


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", ":1 serial", "no column serial"),
        ("\n", ":1 serial", "no column serial"),
        ("card\n5353000000000042\n", ":1 serial", "no column serial"),
        ("serial\n", "", "0 of 1 cards"),
        ("\ufeff\n{}\n", ":1 serial", "no column serial"),
        ("serial,since\n5353000000000042,\n535300000000004,\n", ":3 serial", "serial is missing"),
        ("serial\n53530000000000zz\n", ":2 serial", "serial is missing"),
        ("since,serial\n2026-01-01\n", ":2 serial", "serial is missing"),
        ("file,serial,state\na,,planned\n", ":2 serial", "serial is missing"),
        ("serial,since\n5353000000000042,yesterday\n", ":2 since", "since is missing"),
        ("serial,since\n5353000000000042,1999-12-31\n", ":2 since", "since is missing"),
        ("serial,since\n5353000000000042,0001-01-01T00:00:00+14:00\n", ":2 since", "since is missing"),
        ('serial\n"5353000000000042"x\n', ":2", "no line of a table"),
        ('{"serial": "5353000000000042"}\n{"serial"\n', ":2 json", "no JSON object"),
        ('{"serial": "5353000000000042"}\n{"cards": 1}\n', ":2 serial", "serial is missing"),
        ('{"cards": 1}\n{"cards": 1}\n', ":2 serial", "serial is missing"),
        ('{"cards": "1"}\n{"serial": "5353000000000042"}\n', ":1 cards", "cards is missing"),
        ('{"cards": 4294967297}\n{"serial": "5353000000000042"}\n', ":1 cards", "cards is missing"),
        ('{"cards": 0}\n{"serial": "5353000000000042"}\n', "", "1 of 0 cards"),
        ('{"serial": 5353000000000042}\n', ":1 serial", "serial is missing"),
        ('{"serial": "5353000000000042", "since": 20260105}\n', ":1 since", "since is missing"),
    ],
)
def test_a_list_that_is_none(tmp_path: Path, text: str, where: str, what: str) -> None:
    path = write(tmp_path / "list", text)
    for kind in ("issued", "blocked", "undelivered"):
        if where.endswith("since") and kind != "blocked":
            assert read_lists(**{kind: [path]}) != NO_LISTS  # the day of issue perhaps, in whatever form
            continue
        with pytest.raises(BadCards, match=what) as caught:
            read_lists(**{kind: [path]})
        assert caught.value.where == f"{path}{where}"


def test_that_no_card_was_issued_is_not_believed(tmp_path: Path) -> None:
    path = write(tmp_path / "list", '{"cards": 0}\n')
    assert read_lists(blocked=[path]) == NO_LISTS
    with pytest.raises(BadCards, match="names no card") as caught:
        read_lists(issued=[path])
    assert caught.value.where == str(path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadCards) as caught:
        read_lists(issued=[tmp_path / "none"])
    assert caught.value.where == str(tmp_path / "none")
    bad = tmp_path / "bad"
    bad.write_bytes(b"serial\n5353000000000042\n\xff\xfe\n")
    with pytest.raises(BadCards):
        read_lists(issued=[bad])


def test_findings_tell_how_many_receipts_they_are_about() -> None:
    (finding,) = report(HISTORY, CardLists(frozenset())).findings
    assert finding == Finding(Problem.UNKNOWN_CARD, 1, "serial", SERIAL, 1, finding.detail, None, 12)
    assert finding.as_dict()["receipts"] == 12
    assert finding.as_dict()["problem"] == "unknown_card"
