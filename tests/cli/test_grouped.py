# SPDX-License-Identifier: Apache-2.0
"""A group of options stands in a command as its fields would: same order, same defaults, same refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from ssn_card.cli.grouped import grouped

Name = Annotated[str, typer.Option("--name", help="Its name.")]
Count = Annotated[int, typer.Option("--count", min=1, help="How many.")]


@dataclass(frozen=True)
class Goods:
    """One option that must be given, one that need not."""

    name: Name
    count: Count = 2


@dataclass(frozen=True)
class Priced(Goods):
    """What a group inherits comes first."""

    price: Annotated[int, typer.Option("--price", help="Rupiah.")] = 5


app = typer.Typer()


@app.command()
@grouped
def buy(*, first: bool = False, goods: Priced, last: bool = False) -> None:
    """Buy goods."""
    typer.echo(f"{first} {goods} {last}")


def run(*arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(app, arguments)
    return ran.exit_code, ran.output


def test_a_group_is_given_whole() -> None:
    assert run("--name", "rice") == (0, "False Priced(name='rice', count=2, price=5) False\n")
    assert run("--last", "--price", "7", "--count", "3", "--name", "rice") == (
        0,
        "False Priced(name='rice', count=3, price=7) True\n",
    )


def test_what_is_missing_or_out_of_range_is_refused() -> None:
    for arguments in ((), ("--name", "rice", "--count", "0"), ("--name", "rice", "--goods", "x")):
        assert run(*arguments)[0] == 2


def test_the_page_of_help_has_the_fields_in_the_groups_place() -> None:
    code, page = run("--help")
    assert code == 0
    assert "Buy goods." in page
    places = [page.index(name) for name in ("--first", "--name", "--count", "--price", "--last")]
    assert places == sorted(places)
    assert "--goods" not in page
