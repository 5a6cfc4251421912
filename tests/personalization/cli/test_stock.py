# SPDX-License-Identifier: Apache-2.0
"""``ssn perso stock``: the maker's list in whatever form, and the count of each delivery."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ssn_card.bank.secret import development_secret
from ssn_card.cli.errors import BadArgument, BadFile, KeysNotChosen
from ssn_card.personalization.cli.main import app
from ssn_card.personalization.cli.stock import MAX_RANGE
from ssn_card.personalization.journal.errors import DeliveryKnown, EmptyDelivery
from ssn_card.personalization.journal.journal import Journal


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSN_LANG", "en")
    monkeypatch.setenv("COLUMNS", "120")
    path = tmp_path / "journal.db"
    Journal.create(path, development_secret()).close()
    return path


def stock(journal: Path, *arguments: object) -> Result:
    first, rest = [str(one) for one in arguments[:1]], [str(one) for one in arguments[1:]]
    return CliRunner().invoke(app, ["stock", *first, "--journal", str(journal), *rest])


def shown(journal: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(CliRunner().invoke(app, ["stock", "--journal", str(journal), "--json"]).stdout)
    return data


@pytest.mark.parametrize(
    "content",
    [
        "5353000000000001\n5353-0000-0000-0002\n\n# the rest\n5353000000000003:5353000000000005\n",
        "box;Serial;date\n1;5353000000000001;x\n1;5353000000000002;x\n2;5353000000000003:5353000000000005;x\n",
        '\ufeffnomor seri,"kotak, baru"\n5353000000000001:5353000000000005,"a, b"\n',
    ],
)
def test_the_makers_list_and_back(journal: Path, tmp_path: Path, content: str) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(content, "utf-8")
    result = stock(journal, "add", "--delivery", "October", listed)
    assert result.exit_code == 0, result.exception
    assert result.stdout == "Delivery October: 5 cards counted in.\n"
    result = stock(journal, "return", "--range", "5353000000000002:5353000000000003", "--json")
    assert json.loads(result.stdout)["cards"] == 2
    data = shown(journal)
    assert data["schema"] == "ssn-card/perso-stock/1"
    (one,) = data["deliveries"]
    assert (one["name"], one["in"], one["returned"], one["left"]) == ("October", 5, 2, 3)
    assert (data["in"], data["left"], data["used"], data["unread"]) == (5, 3, 0, 0)
    table = CliRunner().invoke(app, ["stock", "--journal", str(journal)]).stdout
    assert "delivery" in table
    assert table.splitlines()[-1].split() == ["October", "5", "0", "0", "0", "2", "3"]


def test_cards_are_put_aside_by_hand(journal: Path) -> None:
    stock(journal, "add", "--delivery", "A", "--range", "5353000000000001:5353000000000005")
    result = stock(journal, "spoil", "--range", "5353000000000002", "--reason", "no answer")
    assert result.stdout == "1 cards put aside.\n"
    assert (shown(journal)["spoiled"], shown(journal)["left"]) == (1, 4)


def test_no_stock_is_said(journal: Path) -> None:
    assert shown(journal)["kept"] is False
    assert "no delivery" in CliRunner().invoke(app, ["stock", "--journal", str(journal)]).stdout


@pytest.mark.parametrize(
    ("content", "place"),
    [("5353000000000001\nx\n", ":2 serial"), ("box,serial\n1\n", ":2 serial"), ("serial\n", "")],
)
def test_a_list_that_is_wrong_counts_nothing_in(journal: Path, tmp_path: Path, content: str, place: str) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(content)
    error = stock(journal, "add", "--delivery", "A", listed).exception
    assert isinstance(error, BadArgument | BadFile)
    assert error.where == f"{listed}{place}"
    assert shown(journal)["in"] == 0


@pytest.mark.parametrize("last", [MAX_RANGE + 1, 0], ids=["too long", "downwards"])
def test_a_range_that_cannot_be_meant(journal: Path, last: int) -> None:
    error = stock(journal, "add", "--delivery", "A", "--range", f"{1:016X}:{last:016X}").exception
    assert isinstance(error, BadArgument)
    assert shown(journal)["in"] == 0


def test_what_is_named_twice_or_not_at_all(journal: Path) -> None:
    one = ("--range", "5353000000000001:5353000000000002")
    assert isinstance(stock(journal, "add", "--delivery", "A", *one, *one).exception, BadArgument)
    assert isinstance(stock(journal, "add", "--delivery", "A").exception, EmptyDelivery)
    assert isinstance(stock(journal, "return").exception, EmptyDelivery)
    assert stock(journal, "add", "--delivery", "A", *one).exit_code == 0
    assert isinstance(stock(journal, "add", "--delivery", "A", *one).exception, DeliveryKnown)
    assert isinstance(CliRunner().invoke(app, ["stock"]).exception, BadArgument)


def test_the_first_delivery_may_come_before_the_journal(journal: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    one = ("--delivery", "A", "--range", "5353000000000001:5353000000000002")
    assert isinstance(stock(new, "add", *one).exception, KeysNotChosen)
    assert not new.exists()
    assert stock(new, "add", *one, "--development", "--station", 7).exit_code == 0
    with Journal.open(new, development_secret()) as opened:
        assert opened.stock.kept
