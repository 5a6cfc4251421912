# SPDX-License-Identifier: Apache-2.0
"""The bank's register beside real cards and a station's journal: adopting cards, and cards that must not be used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.card.live_card import LiveCard
from tests.cli.conftest import Ran, Ssn
from tests.entitlement.test_update import changed

from ssn_card.bank.secret import development_secret
from ssn_card.cli import entitlement as command
from ssn_card.entitlement import Register, issue, write_barred
from ssn_card.keys import development_keyring
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import RowKeys
from ssn_card.protocol.values import KeySelection, LifeState
from ssn_card.terminal import SoftwareTerminalKeys, Terminal, TerminalJournal

ON_CARD = changed(
    update_seq=5, state=LifeState.BLOCKED, pin_above=7, key_selection=KeySelection.DEBIT, reference=b"VISIT-01"
)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "now", lambda: dt.datetime(2025, 10, 1, 8, 0))


@pytest.fixture
def card(new_card: Callable[[], LiveCard]) -> LiveCard:
    """A card whose updates were issued from a register that is lost."""
    card = new_card()
    keys = development_keyring()
    with card.connect() as line:
        Terminal(SoftwareTerminalKeys(keys), TerminalJournal(":memory:", 1)).deliver(
            line, issue(ON_CARD, card.serial, keys)
        )
    return card


@pytest.fixture
def status(ssn: Ssn, card: LiveCard, tmp_path: Path) -> Path:
    path = tmp_path / "status.jsonl"
    path.write_text(ssn("card", "status", "--card", card.url, "--development", "--json").out)
    return path


def test_a_cards_own_status_goes_on_where_it_is(ssn: Ssn, card: LiveCard, status: Path, tmp_path: Path) -> None:
    register, out = tmp_path / "register", tmp_path / "out.jsonl"
    common = ("--register", register, "--development", "--json")
    issuing = ("entitlement", "issue", *common, "--from-status", status, "--next-key", "receipt", "--out", out)
    assert ssn(*issuing).error["code"] == "register-not-found"
    assert ssn(*issuing, "--new-register").error["code"] == "not-in-register"
    adopted = ssn("entitlement", "adopt", *common, "--card", card.url)
    assert (adopted.json["adopted"], adopted.json["card"]["update_seq"]) == (True, 5)
    assert ssn("entitlement", "adopt", *common, "--card", card.url).json["adopted"] is False
    assert ssn(*issuing).code == 0
    with card.connect() as line:
        terminal = Terminal(SoftwareTerminalKeys(development_keyring()), TerminalJournal(":memory:", 1))
        before = terminal.status(line)
    done = ssn(
        "entitlement", "deliver", out, "--card", card.url, "--journal", tmp_path / "t", "--terminal", 1, *common[2:]
    )
    assert done.json["result"] == "applied"
    with card.connect() as line:
        after = terminal.status(line)
    assert (after.update_seq, after.key_selection) == (6, KeySelection.DEBIT | KeySelection.RECEIPT)
    for name in ("state", "balance", "loaded_total", "monthly_limit", "override_max", "debit_max", "pin_above"):
        assert getattr(after, name) == getattr(before, name)
    for name in ("allowed_categories", "valid_until", "policy_id"):
        assert getattr(after, name) == getattr(before, name)


def test_a_card_is_taken_over_at_its_word_only(
    ssn: Ssn, card: LiveCard, new_card: Callable[[], LiveCard], tmp_path: Path
) -> None:
    path = tmp_path / "register"
    common = ("--register", path, "--development", "--json")
    fresh = ssn("entitlement", "adopt", *common, "--new-register", "--card", new_card().url)
    assert "first one" in fresh.error["remedy_en"]
    with Register.create(path) as register:
        other = issue(changed(update_seq=5), card.serial, development_keyring())
        register.issue(tmp_path / "other.jsonl", [other], dt.datetime(2025, 10, 1))
    assert ssn("entitlement", "adopt", *common, "--card", card.url).error["code"] == "status-differs"


@pytest.fixture
def barred(tmp_path: Path, ssn: Ssn) -> Path:
    """The station's list: serial 01.. is done, 02.. in doubt, 03.. lost."""
    path, out = tmp_path / "station.sqlite", tmp_path / "barred.jsonl"
    with Journal.create(path, development_secret()) as journal:
        batch = journal.batch("ab" * 32, 2025, "x.csv")
        for number in (1, 2, 3):
            entry = journal.plan(batch, number, RowKeys(bytes([number] * 16), bytes([number] * 16)))
            entry = journal.sent(entry, bytes([number] * 8), bytes(16))
            if number != 2:
                entry = journal.done(entry)
            if number == 3:
                journal.lose(entry, "stolen")
    assert ssn("perso", "barred", "--journal", path, "--out", out).code == 0
    return out


@pytest.fixture
def issuing(ssn: Ssn, tmp_path: Path) -> Callable[..., Ran]:
    register = tmp_path / "register"
    Register.create(register).close()

    def call(number: int, *options: object) -> Ran:
        serial = bytes([number] * 8).hex()
        out = tmp_path / f"{len(list(tmp_path.iterdir()))}.jsonl"
        common = ("--register", register, "--out", out, "--development", "--json", "--policy", 2025, "--tranche", 1)
        return ssn("entitlement", "issue", *common, serial, *options)

    return call


@pytest.mark.parametrize(("number", "words"), [(2, "in doubt"), (3, "declared lost")])
def test_a_barred_card_is_not_made_usable_and_can_be_stopped(
    issuing: Callable[..., Ran], barred: Path, number: int, words: str
) -> None:
    for state in ("active", "issued"):
        ran = issuing(number, "--barred", barred, "--state", state)
        assert ran.error["code"] == "card-barred"
        assert words in ran.error["message_en"]
    assert issuing(number, "--barred", barred, "--state", "blocked").code == 0
    assert issuing(number, "--barred", barred, "--state", "active").error["code"] == "card-barred"
    assert issuing(1, "--barred", barred).code == 0


def test_a_lost_card_stays_barred_without_the_list_and_one_in_doubt_does_not(
    issuing: Callable[..., Ran], barred: Path
) -> None:
    assert issuing(1, "--barred", barred).code == 0
    assert issuing(3).error["code"] == "card-barred"
    assert issuing(3, "--state", "terminated").code == 0
    assert issuing(2).code == 0


def test_every_list_counts(issuing: Callable[..., Ran], barred: Path, tmp_path: Path) -> None:
    none = tmp_path / "none.jsonl"
    write_barred(none, "44556677", "2025-10-01T00:00:00+00:00", [])
    for lists in ((barred, none), (none, barred)):
        options = [option for path in lists for option in ("--barred", path)]
        assert issuing(2, *options).error["code"] == "card-barred"
    cut = barred.read_text().splitlines()[:-1]
    barred.write_text("\n".join(cut))
    assert issuing(1, "--barred", barred).code == 1


def test_what_was_issued_before_its_card_was_lost_is_not_given_out_again(
    ssn: Ssn, barred: Path, tmp_path: Path
) -> None:
    common = ("--register", tmp_path / "register", "--out", tmp_path / "out.jsonl", "--development", "--json")
    command = ("entitlement", "issue", *common, "--policy", 2025, "--tranche", 1, "03" * 8)
    assert ssn(*command, "--new-register").code == 0
    assert ssn(*command).json["already_issued"]
    assert ssn(*command, "--barred", barred).error["code"] == "card-barred"
