# SPDX-License-Identifier: Apache-2.0
"""``ssn bench rules`` counts as it says: who is found, who is honest, and what is no share of anything."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from tests.audit.rules.plants import at_night, mark_up, splits_sums
from tests.audit.rules.world import City

from ssn_card.audit.rules import apply_rules
from ssn_card.bench.rules.marking import RuleMarks, YearMarks, mark

HEAD = "actor,subject,who,scheme,rules,honest\n"


def marked(city: City, truth: Path, actors: str, frauds: list[tuple[str, int]] | None = None) -> YearMarks:
    truth.mkdir()
    (truth / "actors.csv").write_text(HEAD + actors)
    events = [
        {"serial": card, "seq": seq, "class": "fraud-x", "actor": "a", "rule": None} for card, seq in frauds or []
    ]
    events.append({"serial": "0" * 16, "seq": 1, "class": "fault-x", "actor": None, "rule": "A18"})
    schema = pa.schema([(name, pa.int64() if name == "seq" else pa.string()) for name in events[0]])
    pq.write_table(pa.Table.from_pylist(events, schema), truth / "events.parquet")
    with city.books() as books:
        books.connection.execute("ALTER TABLE problems ADD COLUMN receipts BIGINT DEFAULT 1")
        return mark(apply_rules(books), books, truth)


def test_a_planted_actor_is_found_by_a_visit_and_a_rule_by_its_name(tmp_path: Path) -> None:
    city = City().live()
    guilty = mark_up(city)
    marks = marked(city, tmp_path / "truth", f"a,shop,{guilty},mark-up,A10;A9,no\nb,shop,EW-009,other,A4,no\n")
    assert (marks.planted, marks.found) == ({"mark-up": 1, "other": 1}, {"mark-up": 1, "other": 0})
    assert (marks.honest_shops, marks.honest_visited) == (14, {})
    assert marks.rules["A10"].as_dict("A10") | {"seconds": 0} == {
        "rule": "A10", "planted": 1, "found": 1, "flagged_honest": 0, "precision": 1.0, "recall": 1.0, "seconds": 0,
    }  # fmt: skip
    assert (marks.rules["A9"].planted, marks.rules["A9"].found) == (1, 0)
    assert marks.rules["A4"].as_dict("A4")["recall"] == 0.0
    assert marks.rules["A2"].as_dict("A2")["recall"] is None


def test_an_honest_shop_that_is_named_or_visited_counts_against_the_rules(tmp_path: Path) -> None:
    city = City().live()
    honest = mark_up(city)
    marks = marked(city, tmp_path / "truth", f"a,shop,{honest},dear,A10,yes\n")
    assert (marks.planted.total(), marks.honest_visited, marks.honest_shops) == (0, {"dear": 1}, 16)
    assert marks.honest_flagged_share == 1 / 16
    assert marks.rules["A10"].as_dict("A10")["precision"] == 0.0


def test_cards_that_a_fraud_used_are_not_honest(tmp_path: Path) -> None:
    city = City().live()
    at_night(city)
    cards = city.families["EW-005"][:10]
    without = marked(city, tmp_path / "a", "")
    assert without.rules["A17"].flagged_honest > 1
    concerned = marked(city, tmp_path / "b", "a,shop,EW-005,night,A17,no\n", [(card, 2) for card in cards])
    assert (concerned.rules["A17"].flagged_honest, concerned.rules["A17"].guilty) == (0, 1)


def test_faults_count_by_receipt(tmp_path: Path) -> None:
    city = City().live()
    splits_sums(city)
    assert marked(city, tmp_path / "a", "").rules["A18"].as_dict("A18")["recall"] == 0.0
    city.problems.append(("duplicate", "0" * 16, 1))
    assert marked(city, tmp_path / "b", "").rules["A18"].as_dict("A18")["recall"] == 1.0


def test_years_add_up() -> None:
    one, other = YearMarks({"A1": RuleMarks(2, 1)}, honest_shops=3), YearMarks({"A1": RuleMarks(1, 1)}, honest_shops=4)
    one.add(other)
    assert (one.rules["A1"].planted, one.rules["A1"].found, one.honest_shops) == (3, 2, 7)
