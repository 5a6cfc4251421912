# SPDX-License-Identifier: Apache-2.0
"""``ssn bank print`` as an operator types it: from produced cards to printed ones."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bank.cli.conftest import BankCommand
from tests.bank.printing.scene import NAMES, PrintScene, boxes_of, nik, serial, text_of
from tests.cli.conftest import Ran
from tests.cli.shown import check_languages, check_widths

from ssn_card.bank.life import LifePhase
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.work import SignedIn

Ssn = Callable[..., Ran]


@pytest.fixture
def scene(
    bank: Bank, operator: SignedIn, second: SignedIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> PrintScene:
    monkeypatch.chdir(tmp_path)
    return PrintScene(bank, operator, second)


def test_from_produced_to_printed(scene: PrintScene, as_user: BankCommand, tmp_path: Path) -> None:
    serials = scene.prepare()

    def do(*arguments: object) -> Ran:
        return as_user("operator", "bank", "print", *arguments)

    for papers in ("faces", "letters", "lists"):
        made = do("new", papers, "--batch", "first")
        assert (made.code, made.json["cards"]) == (0, len(serials))
    listed = as_user("reader", "bank", "print", "list").json["jobs"]
    assert [(one["job"], one["kind"], one["state"]) for one in listed] == [
        (3, "list", "queued"),
        (2, "letter", "queued"),
        (1, "face", "queued"),
    ]
    sent = do("send", 1, 2, 3)
    assert (sent.code, {one["printer_says"] for one in sent.json["jobs"]}) == (0, {"done"})
    spoiled = do("reprint", 1, "--serial", serials[0], "--reason", "scratched").json["jobs"][0]
    assert (spoiled["reprint_of"], spoiled["cards"], spoiled["reason"]) == (1, 1, "scratched")
    do("send", spoiled["job"])
    confirmed = do("confirm", 1, 2, 3)
    assert confirmed.json["cards_printed"] == len(serials) - 1
    assert do("confirm", spoiled["job"]).json["cards_printed"] == 1
    assert {scene.state(one) for one in serials} == {LifePhase.PRINTED}
    assert do("list", "--unfinished").json["jobs"] == []
    shown = as_user("reader", "bank", "print", "show", 1).json
    assert (shown["reprints"], shown["pages"], sorted(shown["serials"])) == ([4], 12, serials)
    assert {path.name for path in (tmp_path / "prints").iterdir()} == {
        *("ssn-face-000001-1.pdf", "ssn-letter-000002-1.pdf", "ssn-list-000003-1.pdf", "ssn-face-000004-1.pdf"),
    }


def test_no_command_tells_a_name_unless_it_is_asked_for(
    scene: PrintScene, as_user: BankCommand, ssn: Ssn, tmp_path: Path
) -> None:
    scene.prepare()
    out = tmp_path / "cards.csv"
    said = "".join(
        as_user("operator", "bank", "print", *words).out
        for words in (
            ("new", "faces", "--batch", "first"),
            ("send", 1),
            ("show", 1),
            ("list",),
            ("confirm", 1),
            ("handover", "--batch", "first", "--out", out),
        )
    )
    assert serial(1) in said
    for number, name in enumerate(NAMES):
        assert name not in said + out.read_text("utf-8")
        assert nik(number) not in said
    named = as_user("operator", "bank", "print", "handover", "--batch", "first", "--with-names", "--out", out)
    assert {card["name"] for card in named.json["cards"]} == set(NAMES)
    with out.open(encoding="utf-8") as file:
        assert {row["name"] for row in csv.DictReader(file)} == set(NAMES)
    assert out.stat().st_mode & 0o777 == 0o600
    log = as_user("reader", "bank", "log", "--action", "names-listed").json["rows"]
    assert [row["actor"] for row in log] == ["operator"]
    refused = as_user("reader", "bank", "print", "handover", "--batch", "first", "--with-names")
    assert refused.error["code"] == "not-allowed"
    assert as_user("reader", "bank", "print", "handover", "--batch", "first").code == 0


def test_a_design_out_of_a_file_and_where_it_is_wrong(scene: PrintScene, as_user: BankCommand, tmp_path: Path) -> None:
    scene.prepare(NAMES[:2])
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>', "utf-8"
    )
    design = tmp_path / "design.toml"

    def new(text: str) -> Ran:
        design.write_text(text, "utf-8")
        return as_user("operator", "bank", "print", "new", "faces", "--batch", "first", "--design", design)

    for wrong, where in (
        ("[card", "design.toml"),
        ("[card]\ncity = ''", "card.city"),
        ("[card]\nname = 'Kartu Bantuan'", "card.name"),
        ("[card]\nback = ['Untuk keluarga miskin']", "card.back"),
        ("[card]\nink = 'red'", "card.ink"),
        ("[card]\nink = '#eeeeee'", "card"),
        ("[card]\nfont = 'x'", "card.font"),
        ("[card]\nlogo = 'none.svg'", "design.toml"),
        ("[card]\nlogo = 'design.toml'", "design.toml"),
        ("card = 3", "card"),
    ):
        refused = new(wrong)
        assert refused.error["code"] == "design-unusable", wrong
        assert where in refused.error["where"]
    good = new("[card]\ncity = 'Kota Contoh'\nlogo = 'logo.svg'\nback = ['Satu']\n[letter]\nphone = '0541 1'")
    assert good.code == 0
    as_user("operator", "bank", "print", "send", 1)
    paper = (tmp_path / "prints/ssn-face-000001-1.pdf").read_bytes()
    assert "Kota Contoh" in text_of(paper)


def test_faces_with_bleed_one_side_and_lists_by_kecamatan(
    scene: PrintScene, as_user: BankCommand, tmp_path: Path
) -> None:
    serials = scene.prepare(kecamatan=("64.72.01", "64.72.05"))
    chosen = tmp_path / "serials.txt"
    chosen.write_text("\n".join(serials[:3]), "utf-8")

    def new(*arguments: object) -> Ran:
        return as_user("operator", "bank", "print", "new", *arguments)

    assert new("faces", "--serials", chosen, "--side", "front", "--bleed", 3).json["cards"] == 3
    as_user("operator", "bank", "print", "send", 1)
    boxes = boxes_of((tmp_path / "prints/ssn-face-000001-1.pdf").read_bytes(), tmp_path)
    assert (boxes["pages"][0], round(boxes["MediaBox"][0], 2)) == (3, 91.6)
    rest = new("faces", "--kecamatan", "64.72.05")
    assert (rest.json["cards"], rest.json["left_out"][0]["cards"]) == (2, 1)
    assert "Left out: 1 printed, or in a job." in rest.err
    lists = new("lists", "--batch", "first", "--by", "kelurahan").json["jobs"]
    assert [one["title"] for one in lists] == ["first Palaran", "first Samarinda Utara"]
    assert new("faces").error["where"] == "--batch"
    assert new("faces", "--batch", "first", "--printer", "nowhere:x").error["code"] == "printer-unknown"
    assert new("faces", "--kecamatan", "99.99.99").error["code"] == "unknown-region"


def test_pause_resume_fail_and_what_is_refused(scene: PrintScene, as_user: BankCommand, tmp_path: Path) -> None:
    scene.prepare(NAMES[:2])

    def do(*arguments: object) -> Ran:
        return as_user("operator", "bank", "print", *arguments)

    do("new", "faces", "--batch", "first")
    assert do("pause", 1).json["jobs"][0]["state"] == "paused"
    refused = do("send", 1)
    assert (refused.code, refused.error["code"]) == (1, "job-move-refused")
    assert do("resume", 1).json["jobs"][0]["state"] == "queued"
    failed = do("fail", 1, "--reason", "no ribbon").json["jobs"][0]
    assert (failed["state"], failed["failure"]) == ("failed", "no ribbon")
    do("resume", 1)
    do("send", 1)
    assert do("reprint", 1, "--reason", " ").error["where"] == "--reason"
    assert do("reprint", 1, "--reason", "x", "--serial", serial(77)).error["code"] == "card-not-in-job"
    (tmp_path / "prints/ssn-face-000001-1.pdf").unlink()  # somebody has taken it away, as he should
    again = do("send", 1)
    assert (again.code, again.json["jobs"][0]["printer_says"]) == (3, "unknown")
    assert do("show", 99).error["code"] == "not-found"


def test_tables_at_any_width_and_in_both_languages(
    scene: PrintScene, as_user: BankCommand, ssn: Ssn, bank_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.prepare(NAMES[:2])
    as_user("operator", "bank", "print", "new", "faces", "--batch", "first", "--printer", "file:out")
    as_user("operator", "bank", "print", "send", 1)
    as_user("operator", "bank", "print", "reprint", 1, "--reason", "garis")

    def show(*words: object) -> Callable[[str, int], str]:
        def at(language: str, width: int) -> str:
            monkeypatch.setenv("COLUMNS", str(width))
            given = ("--bank", bank_place, "--user", "operator", "--development")
            return ssn("--lang", language, "bank", "print", *words, *given).out

        return at

    told: tuple[tuple[object, ...], ...] = (("list",), ("show", 1), ("send", 1), ("handover", "--batch", "first"))
    for words in told:
        check_widths(show(*words))
    check_languages(show("send", 1))
    assert json.loads(as_user("reader", "bank", "print", "list").out)["schema"] == "ssn-card/bank-print-list/1"
