# SPDX-License-Identifier: Apache-2.0
"""The generated files are those of the tables, and the generator finds and says what differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssn_card.keys.development import PHRASE, development_master
from ssn_card.protocol.checkout import NotACheckout, repository
from ssn_card.protocol.generate import __main__, files, sample
from ssn_card.protocol.generate.__main__ import main
from ssn_card.protocol.labels import KeyLabel


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository that the generator takes for its own."""
    monkeypatch.setattr(__main__, "repository", lambda: tmp_path)
    return tmp_path


def test_files_in_the_repository_are_current() -> None:
    assert main(["--check"]) == 0


def test_rendering_is_deterministic() -> None:
    assert files.generated() == files.generated()


def test_writes_what_is_missing_then_nothing(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 1
    assert capsys.readouterr().out.count("differs: ") == len(files.generated())
    assert main([]) == 0
    assert main(["--check"]) == 0
    capsys.readouterr()
    assert main([]) == 0
    assert capsys.readouterr().out == ""
    assert {path: (checkout / path).read_text(encoding="utf-8") for path in files.generated()} == files.generated()


def test_check_names_the_file_and_leaves_it(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    page = checkout / "docs/protocol.md"
    page.write_text("edited by hand", encoding="utf-8")
    capsys.readouterr()
    assert main(["--check"]) == 1
    assert capsys.readouterr().out == "differs: docs/protocol.md\n"
    assert page.read_text(encoding="utf-8") == "edited by hand"


def test_vectors_left_over_are_reported_then_removed(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    old = checkout / "protocol/vectors/old.json"
    old.write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert main(["--check"]) == 1
    assert capsys.readouterr().out == "differs: protocol/vectors/old.json\n"
    assert old.exists()
    main([])
    assert not old.exists()


def test_outside_a_checkout_is_a_typed_error(tmp_path: Path) -> None:
    installed = tmp_path / "lib/site-packages/ssn_card/protocol/checkout.py"
    with pytest.raises(NotACheckout) as caught:
        repository(installed)
    assert caught.value.where == str(tmp_path / "lib")
    assert caught.value.remedy.en
    assert caught.value.remedy.id
    with pytest.raises(NotACheckout):
        repository(Path("/checkout.py"))


def test_outside_a_checkout_exits_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def nowhere() -> Path:
        raise NotACheckout(Path("/lib"))

    monkeypatch.setattr(__main__, "repository", nowhere)
    assert main(["--check"]) == 2
    assert "checkout" in capsys.readouterr().err


def test_example_masters_are_the_published_development_keys() -> None:
    assert sample.PHRASE == PHRASE
    for label in KeyLabel:
        for version in (1, 2):
            assert sample.master(label, version).value() == development_master(label, version).value()


def test_every_link_of_the_contents_leads_to_a_heading() -> None:
    lines = files.generated()["docs/protocol.md"].splitlines()
    headings = [line[3:] for line in lines if line.startswith("## ")]
    links = [line for line in lines if line.startswith("- [") and "](#" in line]
    assert len(headings) == len(set(headings)) == len(links)


def test_code_fences_of_the_document_are_closed() -> None:
    fences = [line for line in files.generated()["docs/protocol.md"].splitlines() if line.startswith("```")]
    assert len(fences) % 2 == 0
    assert all(fence == "```" for fence in fences[1::2])
    assert all(len(fence) > 3 for fence in fences[::2])
