# SPDX-License-Identifier: Apache-2.0
"""Data that changed after the card was made, onto the card straight out of the store, with no file in clear."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bank.people.extracts import as_csv
from tests.bank.station.test_commands import (
    EXTRACT,
    BankCommand,
    approved,
    as_user,
    extract,
    people,
    rack,
    run_batch,
    ssn,
    taken_in,
)
from tests.personalization.station.support import Rack

from ssn_card.cli.errors import EXIT_FINDINGS
from ssn_card.keys import development_keyring
from ssn_card.personalization.card.personalize import inspect, read_content
from ssn_card.personalization.intake.identity import identity_block
from ssn_card.personalization.intake.rows import Beneficiary, read_rows
from ssn_card.programme import load_policies
from ssn_card.transport import open_connection

__all__ = ["as_user", "extract", "people", "rack", "ssn", "taken_in"]
pytestmark = pytest.mark.sim


def test_a_corrected_name_onto_the_card(taken_in: BankCommand, rack: Rack, tmp_path: Path) -> None:
    as_user = taken_in
    approved(as_user, "october")
    urls = rack.blanks(5)
    run_batch(as_user, "october", urls)
    made = as_user("operator", "bank", "import-station", "station.sqlite")
    assert made.code == 0, made.out + made.err
    assert as_user("operator", "bank", "corrections").json["cards"] == []

    rows = [line.split(",") for line in EXTRACT.read_text("utf-8").splitlines()[1:6]]
    rows[0][2] = "Nama Yang Benar"
    rows[1][9] = "PD-099"  # does not stand on a card
    later = tmp_path / "later.csv"
    later.write_text(as_csv(rows))
    (person, *_) = (row for row in read_rows(later, load_policies().by_id(2025)) if isinstance(row, Beneficiary))
    taken = as_user("operator", "perso", "import", later, "--policy", 2025, "--allow-expired", "--force")
    assert (taken.json["changed"], taken.json["known"], taken.json["accepted"]) == (2, 3, 0)
    later.unlink()

    listed = as_user("operator", "bank", "corrections")
    (card,) = listed.json["cards"]
    assert (listed.code, card["fields"], card["on_card"], card["version"]) == (EXIT_FINDINGS, ["name"], 1, 2)
    url = next(url for url in urls if _serial(url) == card["serial"])
    journal = ("--journal", "station.sqlite")
    done = as_user("operator", "perso", "correct", *journal, "--card", url).json
    assert (done["serial"], done["result"], done["line"]) == (card["serial"], "corrected", None)
    with open_connection(url) as connection:
        content = read_content(connection, development_keyring(), inspect(connection).serial)
    assert content.identity == identity_block(person)
    assert as_user("operator", "bank", "corrections").json["cards"] == []
    again = as_user("operator", "perso", "correct", *journal, "--card", url).json
    assert again["result"] == "already_correct"
    assert as_user("reader", "perso", "correct", *journal, "--card", url).error["code"] == "not-allowed"
    (stranger,) = rack.blanks(1)
    assert as_user("operator", "perso", "correct", *journal, "--card", stranger).error["code"] == "not-found"


def _serial(url: str) -> str:
    with open_connection(url) as connection:
        return inspect(connection).serial.hex()
