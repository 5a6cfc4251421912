# SPDX-License-Identifier: Apache-2.0
"""A card's life through the command line, over the real applet, and a search for secrets in all it left behind."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from tests.card.live_card import LiveCard
from tests.cli.conftest import Ran, Ssn
from tests.conftest import IDENTITY
from tests.terminal.written import intended

from ssn_card.cli.errors import EXIT_FINDINGS
from ssn_card.entitlement import issue, read_updates, write_updates
from ssn_card.keys import SoftwareKeyring, development_keyring
from ssn_card.keys.development import development_master
from ssn_card.protocol.labels import KeyLabel
from ssn_card.terminal import TerminalJournal, now
from ssn_card.terminal.movements import Debit
from ssn_card.transport.vpcd import VpcdConnection

TERMINAL = 7
FAR = "2079-12-31"  #: these tests run with today's clock


@dataclass
class Shop:
    """One card and one terminal; remembers everything printed."""

    ssn: Ssn
    card: LiveCard
    folder: Path
    printed: list[str] = field(default_factory=list)

    @property
    def journal(self) -> Path:
        return self.folder / "t7.db"

    @property
    def trace(self) -> Path:
        return self.folder / "trace.jsonl"

    def run(self, *arguments: object) -> Ran:
        ran = self.ssn(*arguments)
        self.printed += [ran.out, ran.err]
        assert "Traceback" not in ran.err
        return ran

    def read(self, *arguments: object) -> Ran:
        """A command that needs a card and keys."""
        return self.run(*arguments, "--card", self.card.url, "--development", "--trace", self.trace, "--json")

    def at_terminal(self, *arguments: object) -> Ran:
        """A command that needs the journal as well."""
        return self.read(*arguments, "--journal", self.journal, "--terminal", TERMINAL)

    def issue(self, update_seq: int, *more: object) -> Path:
        """The update of that number, by the bank's register."""
        out = self.folder / f"update-{update_seq}.jsonl"
        register = self.folder / "register.sqlite"
        new = () if register.exists() else ("--new-register",)
        serial = self.card.serial.hex()
        options = (serial, "--policy", 2025, "--tranche", 1, "--update-seq", update_seq, *new)
        until = ("--valid-until", FAR, "--allow-expired")
        ran = self.run(
            "entitlement", "issue", "--register", register, *options, *until, "--out", out, "--development", *more
        )
        assert ran.code == 0
        return out

    def sell(self, *items: str, reference: str | None = None) -> Ran:
        goods = [word for item in items for word in ("--item", item)]
        return self.at_terminal("terminal", "sell", *goods, *(("--reference", reference) if reference else ()))


@pytest.fixture
def shop(ssn: Ssn, new_card: Callable[[], LiveCard], tmp_path: Path) -> Iterator[Shop]:
    """A shop with a new card; at the end all that it printed and wrote is searched for secrets."""
    shop = Shop(ssn, new_card(), tmp_path)
    yield shop
    left = "\n".join(shop.printed).encode() + b"".join(one.read_bytes() for one in tmp_path.iterdir() if one.is_file())
    for name, secret in _secrets(shop.card):
        for form in (secret, secret.hex().encode(), base64.b64encode(secret), base64.urlsafe_b64encode(secret)):
            assert form.lower() not in left.lower(), name


def _secrets(card: LiveCard) -> Iterator[tuple[str, bytes]]:
    provider = development_keyring()
    for label in KeyLabel:
        for version in (1, 2, 3):
            yield f"master {label} {version}", development_master(label, version).value()
            yield f"card key {label} {version}", provider.diversify(label, version, card.serial).value()
    yield "NIK", IDENTITY[:8]
    yield "NIK as text", IDENTITY[:8].hex().encode()
    yield "family number", IDENTITY[8:16]
    yield "family number as text", IDENTITY[8:16].hex().encode()
    yield "name", IDENTITY[22:]


def test_a_cards_life(shop: Shop) -> None:
    info = shop.run("card", "info", "--card", shop.card.url, "--json").json
    assert (info["serial"], info["state_class"]) == (shop.card.serial.hex(), "PERSONALIZED")
    assert shop.read("card", "status").json["state"] == "ISSUED"
    assert shop.sell("BERAS=10").error["code"] == "not-activated"

    first = shop.issue(1)
    assert shop.at_terminal("entitlement", "deliver", first).json["result"] == "applied"
    assert shop.at_terminal("entitlement", "deliver", first).json["result"] == "already_applied"

    sold = shop.sell("BERAS=10@162000", "TELUR=30", reference="nota-1")
    assert (sold.json["receipt"]["amount"], sold.json["recovered"]) == (217_500, False)
    again = shop.sell("BERAS=10@162000", "TELUR=30", reference="nota-1")
    assert (again.json["receipt"], again.json["recovered"]) == (sold.json["receipt"], True)
    other = shop.sell("BERAS=1", reference="nota-1")
    assert other.error["where"] == "reference"

    refused = shop.sell("GULA=1@400000")
    assert refused.code == 1
    assert refused.error["code"] == "monthly-limit"
    assert refused.error["details"] == {
        "balance": 682_500,
        "month_left": 382_500,
        "spendable": 382_500,
        "renews": refused.error["details"]["renews"],
    }
    assert "Rp682.500" in refused.err

    options = ("--amount", 200_000, "--companion", "PD-00001", "--reason-code", 3)
    raised = shop.at_terminal("terminal", "override", *options).json["receipt"]
    assert (raised["type"], raised["amount"]) == ("OVERRIDE", 200_000)
    assert shop.sell("GULA=1@400000").code == 0
    assert shop.at_terminal("terminal", "cancel").json["receipt"]["amount"] == 400_000
    assert shop.at_terminal("terminal", "cancel").error["code"] == "nothing-to-cancel"

    stale, blocked = shop.issue(2), shop.issue(3, "--state", "blocked")
    assert shop.at_terminal("entitlement", "deliver", blocked).json["result"] == "applied"
    assert shop.sell("BERAS=1").error["code"] == "blocked"
    assert shop.at_terminal("entitlement", "deliver", stale).error["code"] == "stale-update"
    status = shop.read("card", "status").json
    assert (status["balance"], status["state"], status["spendable"]) == (682_500, "BLOCKED", 0)


def test_receipts_from_journal_and_card_verify_to_the_cards_own_end(shop: Shop) -> None:
    shop.at_terminal("entitlement", "deliver", shop.issue(1))
    for number in range(3):
        assert shop.sell(f"BERAS={number + 1}").code == 0
    journal, log, tips = (shop.folder / name for name in ("journal.jsonl", "log.jsonl", "tips.jsonl"))
    common = ("--journal", shop.journal)
    assert shop.run("terminal", "receipts", *common, "--out", journal, "--json").json["receipts"] == 4
    assert len(shop.read("card", "log", "--out", log).json["receipts"]) == 4
    assert shop.read("card", "status", "--add-tip", tips).json["seq"] == 4
    for file, options in ((journal, ()), (log, ("--no-baskets",))):
        ran = shop.run("receipts", "verify", file, "--tips", tips, *options, "--development", "--json")
        assert (ran.code, ran.json["genuine"], ran.json["debited"]) == (0, 4, 16_200 * 6)
    assert shop.sell("BERAS=1").code == 0
    shop.read("card", "log", "--out", log)
    assert shop.run("receipts", "verify", journal, log, "--tips", tips, "--development").code == EXIT_FINDINGS
    assert shop.run("terminal", "receipts", *common, "--out", journal).code == 0
    ran = shop.run("receipts", "verify", journal, log, "--tips", tips, "--development", "--json")
    assert (ran.code, ran.json["genuine"], ran.json["repeated"]) == (0, 5, 5)
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[:2] + lines[3:]))
    ran = shop.run("receipts", "verify", log, "--tips", tips, "--no-baskets", "--development", "--json")
    assert [(one["problem"], one["detail"]) for one in ran.json["findings"]] == [("missing", "3; Rp32.400 spent")]


def test_what_is_in_doubt_is_listed_and_settled(shop: Shop) -> None:
    shop.at_terminal("entitlement", "deliver", shop.issue(1))
    with TerminalJournal(shop.journal, TERMINAL) as journal:
        body = Debit(1, 1, bytes(16)).encode(now(), TERMINAL, 1)
        intended(journal, shop.card.serial, seq=2, body=body, basket=None, reference="lost", moment=now())
    common = ("--journal", shop.journal)
    assert [one["reference"] for one in shop.run("terminal", "pending", *common, "--json").json["pending"]] == ["lost"]
    assert "1 in doubt" in shop.run("terminal", "pending", *common).out
    settled = shop.at_terminal("card", "recover").json
    assert (settled["settled"], settled["happened"], settled["did_not_happen"]) == (1, [], 1)
    assert shop.run("terminal", "pending", *common, "--json").json["pending"] == []


def test_the_journal_says_which_terminal_it_is(shop: Shop) -> None:
    common = ("--journal", shop.journal)
    missing = shop.read("terminal", "sell", "--item", "BERAS=1", *common)
    assert (missing.error["code"], missing.error["where"]) == ("bad-argument", "--terminal")
    assert shop.read("card", "recover", *common).error["code"] == "journal-not-found"
    shop.at_terminal("entitlement", "deliver", shop.issue(1))
    assert shop.read("terminal", "sell", "--item", "BERAS=1", *common).json["receipt"]["terminal_id"] == TERMINAL
    assert shop.read("terminal", "cancel", *common).code == 0
    assert shop.read("card", "recover", *common).json["settled"] == 0
    for command in (("terminal", "sell", "--item", "BERAS=1"), ("terminal", "cancel"), ("card", "recover")):
        for other in (("--terminal", TERMINAL + 1), ("--shop", "EW-008")):
            ran = shop.read(*command, *common, *other)
            assert (ran.code, ran.error["code"]) == (1, "journal-of-another-terminal")


def test_a_shop_that_left_the_list_settles_what_it_has_in_doubt(shop: Shop) -> None:
    shop.at_terminal("entitlement", "deliver", shop.issue(1))
    common = ("--journal", shop.folder / "t4321.db", "--shop", "EW-4321")
    assert shop.read("terminal", "sell", "--item", "BERAS=1", *common).error["code"] == "unknown-shop"
    TerminalJournal(shop.folder / "t4321.db", 4321).close()  # from the time when it took part
    assert shop.read("terminal", "sell", "--item", "BERAS=1", *common).error["code"] == "unknown-shop"
    assert shop.read("card", "recover", *common).json["settled"] == 0
    assert shop.read("terminal", "cancel", *common).error["code"] == "nothing-to-cancel"


def test_another_card_under_the_same_invoice_is_told(shop: Shop, new_card: Callable[[], LiveCard]) -> None:
    shop.at_terminal("entitlement", "deliver", shop.issue(1))
    assert shop.sell("BERAS=1", reference="17").code == 0
    other = Shop(shop.ssn, new_card(), shop.folder)
    ran = other.sell("BERAS=1", reference="17")
    assert ran.error["code"] == "reference-in-use"
    assert ran.error["details"]["serial"] == shop.card.serial.hex()
    assert "another card" in ran.err


def test_who_interrupts_a_debit_is_told_of_the_doubt(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.at_terminal("entitlement", "deliver", shop.issue(1))
    exchange = VpcdConnection._exchange

    def interrupted(self: VpcdConnection, command: bytes) -> bytes:
        answer = exchange(self, command)
        if command[1] == 0x40:
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(VpcdConnection, "_exchange", interrupted)
    ran = shop.sell("BERAS=1", reference="17")
    assert ran.code == 130
    assert shop.card.serial.hex() in ran.err
    assert f"ssn card recover --journal {shop.journal}" in " ".join(ran.err.split())
    monkeypatch.undo()
    monkeypatch.setenv("SSN_LANG", "en")
    assert shop.sell("BERAS=1", reference="17").json["recovered"]


def test_the_trace_is_redacted_and_complete(shop: Shop) -> None:
    shop.at_terminal("entitlement", "deliver", shop.issue(1))
    assert shop.sell("BERAS=1").code == 0
    lines = [json.loads(line) for line in shop.trace.read_text().splitlines()]
    exchanges = [line for line in lines if line["event"] == "exchange"]
    names = [line["name"] for line in exchanges]
    assert names == ["SELECT", "GET_STATUS", "SELECT", "UPDATE", "SELECT", "DEBIT"]
    assert {line["sw"] for line in exchanges} == {"9000"}
    assert exchanges[-1]["fields"]["amount"] == "16200"
    assert all(line["ms"] > 0 for line in exchanges)


def test_people_read_tables_in_their_language(shop: Shop) -> None:
    shop.at_terminal("entitlement", "deliver", shop.issue(1))
    common = ("--card", shop.card.url, "--development")
    english = shop.run("card", "status", *common)
    assert english.code == 0
    assert "can be spent today" in english.out
    indonesian = shop.run("--lang", "id", "card", "status", *common)
    assert "dapat dibelanjakan hari ini" in indonesian.out
    assert "Rp600.000" in indonesian.out
    assert "pembaruan" in shop.run("--lang", "id", "card", "log", *common).out
    assert "personalized" in shop.run("card", "info", "--card", shop.card.url).out


def test_an_update_for_another_card(shop: Shop, new_card: Callable[[], LiveCard]) -> None:
    file = shop.issue(1)
    shop.card = new_card()
    ran = shop.at_terminal("entitlement", "deliver", file)
    assert (ran.code, ran.error["code"]) == (1, "no-update")


def test_two_different_updates_of_one_number(shop: Shop) -> None:
    file = shop.issue(1)
    both = shop.folder / "both.jsonl"
    (update,) = read_updates(file)
    other = issue(replace(update.entitlement, monthly_limit=5), update.serial, development_keyring())
    write_updates(both, [update, other])
    ran = shop.at_terminal("entitlement", "deliver", both)
    assert (ran.code, ran.error["code"]) == (1, "updates-conflict")


def test_keys_of_another_bank_are_one_line(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    keyring = shop.folder / "other.json"
    SoftwareKeyring.create(keyring, "beras lima kilo", labels=[KeyLabel.DEBIT]).close()
    ran = shop.run("card", "status", "--card", shop.card.url, "--keyring", keyring, "--json")
    assert (ran.code, ran.error["code"]) == (1, "wrong-mac")
    assert ran.err.count("\n") == 1


def test_a_companions_own_keyring(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.at_terminal("entitlement", "deliver", shop.issue(1))
    monkeypatch.setenv("SSN_COMPANION_PASSWORD", "pendamping desa")
    keyring = shop.folder / "companion.json"
    SoftwareKeyring.create(keyring, "pendamping desa", labels=[KeyLabel.OVERRIDE]).close()
    options = ("--amount", 1000, "--companion", "PD-1", "--reason-code", 0, "--companion-keyring", keyring)
    # Random keys: the card refuses them, which shows that it is the companion's key that confirms.
    assert shop.at_terminal("terminal", "override", *options).error["code"] == "wrong-mac"


def test_a_blank_card_and_no_card(ssn: Ssn, new_blank: Callable[[], LiveCard], monkeypatch: pytest.MonkeyPatch) -> None:
    blank = new_blank()
    monkeypatch.setenv("SSN_CARD", blank.url)
    assert ssn("card", "info", "--json").json["state_class"] == "BLANK"
    ran = ssn("card", "status", "--development", "--json")
    assert (ran.code, ran.error["code"]) == (1, "not-our-card")
    assert ssn("card", "info", "--card", "vpcd:127.0.0.1:1?wait=0", "--json").code == 1
