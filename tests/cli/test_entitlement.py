# SPDX-License-Identifier: Apache-2.0
"""``ssn entitlement issue``, ``issued`` and ``show``; what a card makes of updates is in test_card_session.py."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Ran, Ssn
from tests.receipts.made import new_card

from ssn_card.cli import entitlement as command
from ssn_card.entitlement import Register, issue, read_updates
from ssn_card.entitlement.update import Entitlement
from ssn_card.keys import development_keyring
from ssn_card.protocol.values import NEVER, KeySelection, LifeState
from ssn_card.receipts import Receipt, line_of

ONE, TWO = "0102030405060708", "1112131415161718"
TODAY = dt.datetime(2025, 10, 1, 8, 0)

#: Unlike any policy's and any default in every field.
CHANGED = Entitlement(
    update_seq=4,
    loaded_total=777_000,
    monthly_limit=111_000,
    override_max=22_000,
    debit_max=33_000,
    allowed_categories=0x15,
    valid_until=dt.date(2025, 11, 11),
    state=LifeState.BLOCKED,
    policy_id=2025,
    issued_at=dt.datetime(2025, 9, 30, 7, 0),
    expired_total=55_000,
    reference=b"VISIT-01",
    pin_above=44_000,
    key_selection=KeySelection.OVERRIDE,
    pin_count=2,
    mend_count=1,
    mended_to=dt.date(2025, 8, 1),
)
_NUMBERS = (
    "update_seq",
    "loaded_total",
    "expired_total",
    "monthly_limit",
    "override_max",
    "debit_max",
    "pin_above",
    "allowed_categories",
    "key_selection",
    "policy_id",
    "pin_count",
    "mend_count",
)


class Bank:
    """One register and one folder; what is issued goes to a file of its own."""

    def __init__(self, ssn: Ssn, folder: Path) -> None:
        self._ssn = ssn
        self.folder = folder
        self.register = folder / "register.sqlite"
        self.out = folder / "updates.jsonl"
        Register.create(self.register).close()
        self._files = 0

    def issue(self, *options: object, out: Path | None = None) -> Ran:
        self._files += 1
        out = out or self.folder / f"updates-{self._files}.jsonl"
        common = ("--register", self.register, "--out", out, "--development", "--json")
        return self._ssn("entitlement", "issue", *common, *options)

    def first(self, *options: object, out: Path | None = None) -> Ran:
        return self.issue("--policy", 2025, "--tranche", 1, *options, out=out)

    def update(self, *options: object) -> dict[str, Any]:
        ran = self.issue(*options)
        assert ran.code == 0, ran.err
        (update,) = ran.json["updates"]
        return dict(update)

    def has(self, entitlement: Entitlement, serial: str = ONE) -> None:
        """The bank has issued this."""
        with Register(self.register) as register:
            update = issue(entitlement, bytes.fromhex(serial), development_keyring())
            register.issue(self.folder / f"had-{entitlement.update_seq}-{serial}.jsonl", [update], TODAY)

    def newest(self, serial: str = ONE) -> Entitlement:
        with Register(self.register, read_only=True) as register:
            newest = register.newest(bytes.fromhex(serial))
        assert newest is not None
        return newest.entitlement

    def status(self, what: Entitlement | None, serial: str = ONE, /, **change: object) -> Path:
        """What ``ssn card status --json`` prints of a card with this entitlement."""
        empty: dict[str, object] = dict.fromkeys(_NUMBERS, 0)
        fields = empty | {"state": "ISSUED", "valid_until": None, "mended_to": None}
        if what is not None:
            fields = {name: getattr(what, name) for name in empty}
            fields |= {"state": what.state.name, "valid_until": what.valid_until.isoformat()}
            fields["mended_to"] = None if what.mended_to is None else f"{what.mended_to:%y%m}"
            fields["pin_above"] = None if what.pin_above == NEVER else what.pin_above
        path = self.folder / f"status-{serial}-{len(list(self.folder.iterdir()))}.jsonl"
        path.write_text(json.dumps({"schema": "ssn-card/card-status/1", "serial": serial} | fields | change) + "\n")
        return path


@pytest.fixture
def bank(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bank:
    monkeypatch.setattr(command, "now", lambda: TODAY)
    return Bank(ssn, tmp_path)


def at(monkeypatch: pytest.MonkeyPatch, *moment: int) -> None:
    monkeypatch.setattr(command, "now", lambda: dt.datetime(*moment))  # type: ignore[arg-type]


def test_a_first_update_has_what_the_policy_says(bank: Bank) -> None:
    ran = bank.first(ONE, TWO, out=bank.out)
    assert ran.code == 0
    assert [update["serial"] for update in ran.json["updates"]] == [ONE, TWO]
    first = ran.json["updates"][0]
    assert (first["loaded_total"], first["monthly_limit"], first["override_max"]) == (900_000, 600_000, 600_000)
    assert (first["valid_until"], first["allowed_categories"], first["state"]) == ("2025-12-31", 0x7F, "ACTIVE")
    assert (first["update_seq"], first["policy_id"]) == (1, 2025)
    for update in read_updates(bank.out):
        assert update == issue(update.entitlement, update.serial, development_keyring())


def test_the_policy_in_force_is_the_default_of_a_first_update(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 2024, 8, 1)
    assert bank.update(ONE, "--tranche", 2)["policy_id"] == 2024
    at(monkeypatch, 2026, 8, 1)
    assert bank.issue(TWO, "--tranche", 1).error["code"] == "unknown-policy"


def test_options_win_over_the_policy(bank: Bank) -> None:
    options = (
        "--state",
        "terminated",
        "--let-choose-pin",
        "--mend-month",
        "2025-09",
        "--verification",
        "00112233445566ff",
        "--valid-until",
        "2030-01-31",
    )
    limits = ("--monthly-limit", 5, "--override-max", 6, "--debit-max", 7, "--loaded-before", 100)
    update = bank.first(ONE, *options, *limits, "--pin-above", 8).json["updates"][0]
    assert (update["state"], update["reference"]) == ("TERMINATED", "00112233445566ff")
    assert (update["pin_count"], update["mend_count"], update["mended_to"]) == (1, 1, "2509")
    assert (update["monthly_limit"], update["override_max"], update["debit_max"]) == (5, 6, 7)
    assert (update["valid_until"], update["loaded_total"], update["pin_above"]) == ("2030-01-31", 900_100, 8)


@pytest.mark.parametrize("named", ["serial", "status"])
@pytest.mark.parametrize("same_policy", [(), ("--policy", 2025)])
def test_what_is_not_named_stays(bank: Bank, named: str, same_policy: tuple[object, ...]) -> None:
    """Every field of the entitlement; only number and time go on; counts stay, so that nothing is done again."""
    bank.has(CHANGED)
    card = (ONE,) if named == "serial" else ("--from-status", bank.status(CHANGED))
    bank.update(*card, *same_policy, "--next-key", "debit")
    newest = bank.newest()
    assert newest == Entitlement(
        update_seq=5,
        loaded_total=777_000,
        monthly_limit=111_000,
        override_max=22_000,
        debit_max=33_000,
        allowed_categories=0x15,
        valid_until=dt.date(2025, 11, 11),
        state=LifeState.BLOCKED,
        policy_id=2025,
        issued_at=TODAY,
        expired_total=55_000,
        reference=b"VISIT-01",
        pin_above=44_000,
        key_selection=KeySelection.OVERRIDE | KeySelection.DEBIT,
        pin_count=2,
        mend_count=1,
        mended_to=dt.date(2025, 8, 1),
    )


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        (("--state", "active"), "state", LifeState.ACTIVE),
        (("--monthly-limit", 0), "monthly_limit", 0),
        (("--override-max", 0), "override_max", 0),
        (("--debit-max", 0), "debit_max", 0),
        (("--pin-above", 0), "pin_above", 0),
        (("--valid-until", "2025-12-01"), "valid_until", dt.date(2025, 12, 1)),
        (("--verification", "00" * 8), "reference", bytes(8)),
        (("--expire",), "expired_total", 777_000),
        (("--let-choose-pin",), "pin_count", 3),
        (("--tranche", 1), "loaded_total", 900_000),
        (("--update-seq", 9), "update_seq", 9),
    ],
)
def test_one_option_changes_one_field(bank: Bank, options: tuple[object, ...], field: str, value: object) -> None:
    bank.has(CHANGED)
    bank.update(ONE, *options)
    newest = bank.newest()
    kept = {"update_seq": 5, "issued_at": TODAY}
    for name in Entitlement.__dataclass_fields__:
        expected = value if name == field else kept.get(name, getattr(CHANGED, name))
        assert getattr(newest, name) == expected, name


def test_another_policy_and_the_same_as_written(bank: Bank) -> None:
    bank.has(CHANGED)
    update = bank.update(ONE, "--as-policy")
    assert (update["monthly_limit"], update["valid_until"], update["pin_above"]) == (600_000, "2025-12-31", None)
    assert (update["allowed_categories"], update["debit_max"], update["override_max"]) == (0x7F, 600_000, 600_000)
    assert (update["state"], update["loaded_total"], update["key_selection"]) == ("BLOCKED", 777_000, 2)
    update = bank.update(ONE, "--policy", 2024, "--allow-expired")
    assert (update["policy_id"], update["valid_until"], update["loaded_total"]) == (2024, "2024-12-31", 777_000)


def test_loads_add_up_over_policies(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 2024, 8, 1)
    for tranche, total in ((1, 900_000), (2, 1_800_000)):
        assert bank.update(ONE, "--policy", 2024, "--tranche", tranche)["loaded_total"] == total
    at(monkeypatch, 2025, 10, 1)
    update = bank.update(ONE, "--policy", 2025, "--tranche", 1)
    assert (update["loaded_total"], update["update_seq"], update["valid_until"]) == (2_700_000, 3, "2025-12-31")
    ran = bank.issue(ONE, "--tranche", 1, "--loaded-before", 0)
    assert (ran.error["where"], "--loaded-before" in ran.error["remedy_en"]) == (ONE, True)


def test_from_status_counts_on_by_itself(bank: Bank) -> None:
    bank.has(CHANGED)
    status = bank.status(CHANGED)
    status.write_text(status.read_text() + bank.status(None, TWO).read_text())
    ran = bank.first("--from-status", status)
    assert [update["update_seq"] for update in ran.json["updates"]] == [5, 1]
    # Nothing was named that activates the second one.
    assert [update["state"] for update in ran.json["updates"]] == ["BLOCKED", "ISSUED"]


def test_a_status_from_before_the_newest_update_is_refused(bank: Bank) -> None:
    bank.has(CHANGED)
    status = bank.status(CHANGED)
    assert bank.issue("--from-status", status, "--state", "active").code == 0
    again = bank.issue("--from-status", status, "--next-key", "debit")
    assert (again.error["code"], again.error["where"]) == ("status-outdated", f"{status}:1")
    assert bank.newest().update_seq == 5
    assert bank.update(ONE, "--next-key", "debit")["state"] == "ACTIVE"


def test_a_card_that_is_ahead_of_the_register(bank: Bank) -> None:
    bank.has(CHANGED)
    ahead = bank.status(CHANGED, update_seq=6)
    assert bank.issue("--from-status", ahead, "--state", "active").error["code"] == "register-outdated"
    unknown = bank.status(CHANGED, TWO)
    ran = bank.first("--from-status", unknown)
    assert (ran.error["code"], "adopt" in ran.error["remedy_en"]) == ("not-in-register", True)
    assert bank.first(TWO, "--update-seq", 5).error["code"] == "not-in-register"
    # A card can always be stopped.
    blocked = bank.first(TWO, "--update-seq", 1000, "--state", "blocked")
    assert (blocked.code, blocked.json["updates"][0]["update_seq"]) == (0, 1000)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("loaded_total", 777_001),
        ("expired_total", 0),
        ("pin_count", 1),
        ("mend_count", 2),
        ("mended_to", "2509"),
        ("monthly_limit", 1),
        ("override_max", 1),
        ("debit_max", 1),
        ("pin_above", None),
        ("allowed_categories", 1),
        ("valid_until", "2025-11-12"),
        ("key_selection", 0),
        ("state", "ACTIVE"),
        ("policy_id", 1),
    ],
)
def test_a_status_that_was_never_issued(bank: Bank, field: str, value: object) -> None:
    """The file is not authenticated: what it says is compared, never believed."""
    bank.has(CHANGED)
    ran = bank.issue("--from-status", bank.status(CHANGED, **{field: value}), "--next-key", "debit")
    assert ran.error["code"] == "status-differs"
    assert ran.error["message_en"].startswith(field)
    assert bank.newest() == CHANGED


def test_a_number_and_a_file_are_used_once(bank: Bank) -> None:
    assert bank.first(ONE, out=bank.out).code == 0
    content = bank.out.read_bytes()
    used = bank.first(ONE, "--update-seq", 1, "--monthly-limit", 5)
    assert (used.error["code"], used.error["details"]["newest_update_seq"]) == ("update-seq-used", 1)
    for options in ((TWO,), (ONE, "--state", "blocked")):
        taken = bank.first(*options, out=bank.out)
        assert (taken.error["code"], taken.error["where"]) == ("update-file-taken", str(bank.out))
    assert bank.out.read_bytes() == content
    foreign = bank.folder / "foreign.jsonl"
    foreign.write_text("x")
    assert bank.first(TWO, out=foreign).error["code"] == "update-file-taken"
    assert bank.newest().update_seq == 1


@pytest.mark.parametrize("options", [(), ("--update-seq", 1)])
def test_the_same_command_again_changes_nothing(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, options: tuple[object, ...]
) -> None:
    command = (ONE, TWO, *options)
    first = bank.first(*command, out=bank.out)
    content = bank.out.read_bytes()
    at(monkeypatch, 2025, 10, 2, 9, 0)
    again = bank.first(*command, out=bank.out)
    assert (first.json["already_issued"], again.json["already_issued"]) == (False, True)
    assert again.json["updates"] == first.json["updates"]
    assert (bank.out.read_bytes(), bank.newest().update_seq) == (content, 1)
    # Not where something was issued since, for its file would be stale.
    bank.update(ONE, "--state", "blocked")
    assert bank.first(*command, out=bank.out).error["code"] == "update-file-taken"


def test_the_same_status_and_the_same_file_again(bank: Bank) -> None:
    bank.has(CHANGED)
    status = bank.status(CHANGED)
    for already in (False, True):
        ran = bank.issue("--from-status", status, "--next-key", "debit", out=bank.out)
        assert ran.json["already_issued"] is already
        assert ran.json["updates"][0]["update_seq"] == 5


def test_a_repeated_action_is_a_new_update_once_its_file_is_gone(bank: Bank) -> None:
    bank.has(CHANGED)
    for number in (5, 6):
        ran = bank.issue(ONE, "--let-choose-pin", out=bank.out)
        assert ran.json["updates"][0]["update_seq"] == number
        bank.out.unlink()


def test_an_interrupted_command_is_finished_by_the_next(bank: Bank, ssn: Ssn) -> None:
    moved = bank.folder / "stick"
    out = moved / "updates.jsonl"
    assert bank.first(ONE, out=out).code == 1  # no such folder: it died before the file
    moved.mkdir()
    again = bank.first(ONE, out=out)
    assert (again.code, again.json["already_issued"]) == (0, True)
    assert "interrupted" in again.err
    assert [update.entitlement.update_seq for update in read_updates(out)] == [1]


def test_a_register_that_is_missing_or_taken(bank: Bank) -> None:
    bank.register.unlink()
    missing = bank.first(ONE)
    assert (missing.error["code"], "--new-register" in missing.error["remedy_en"]) == ("register-not-found", True)
    assert not bank.register.exists()
    assert bank.first(ONE, "--new-register").code == 0
    assert bank.first(TWO, "--new-register").error["code"] == "register-exists"


def _issue_in_another_process(register: Path, out: Path, start: Any, done: Any) -> None:
    from ssn_card.cli import main

    start.wait()
    options = ("--policy", "2025", "--allow-expired", "--tranche", "1", ONE, "--development")
    done.put(main.run(["entitlement", "issue", "--register", str(register), "--out", str(out), *options]))


def test_two_processes_at_once_issue_two_numbers_or_one_waits(bank: Bank) -> None:
    context = multiprocessing.get_context("fork")
    start, done = context.Barrier(4), context.Queue()
    outs = [bank.folder / f"process-{number}.jsonl" for number in range(4)]
    processes = [
        context.Process(target=_issue_in_another_process, args=(bank.register, out, start, done)) for out in outs
    ]
    for process in processes:
        process.start()
    codes = [done.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    numbers = sorted(update.entitlement.update_seq for out in outs if out.exists() for update in read_updates(out))
    assert numbers == list(range(1, codes.count(0) + 1))
    assert numbers
    assert set(codes) <= {0, 1}


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (("01",), "01"),
        ((ONE, ONE), ONE),
        ((ONE, "--verification", "abc"), "--verification"),
        ((ONE, "--valid-until", "31-12-2025"), "--valid-until"),
        ((ONE, "--loaded-before", 2**31 - 1), "loaded_total"),
        ((), None),
    ],
)
def test_what_cannot_be_issued(bank: Bank, options: tuple[object, ...], where: str | None) -> None:
    ran = bank.first(*options, out=bank.out)
    assert ran.code == 1
    assert ran.error["where"] == where
    assert not bank.out.exists()


def test_how_much_is_loaded_must_be_said_once(bank: Bank) -> None:
    assert bank.issue(ONE, "--policy", 2025).error["where"] == "--tranche"
    bank.first(ONE)
    assert bank.issue(ONE, "--loaded-before", 5).error["where"] == "--tranche"


def test_unknown_policy_and_tranche(bank: Bank) -> None:
    for policy, tranche in ((1999, 1), (2025, 2)):
        ran = bank.issue("--policy", policy, "--tranche", tranche, ONE)
        assert ran.error["code"] == "unknown-policy"


def test_terminated_is_for_good(bank: Bank) -> None:
    bank.first(ONE, "--state", "terminated")
    for state in ("issued", "active", "blocked"):
        assert "another card" in bank.issue(ONE, "--state", state).error["remedy_en"]
    assert bank.update(ONE, "--expire")["state"] == "TERMINATED"


def test_a_month_is_mended_once_until_a_receipt_tells_of_it(
    bank: Bank, ssn: Ssn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "now", lambda: dt.datetime(2025, 11, 20, 8, 0))
    bank.first(ONE, "--valid-until", "2026-12-31")
    update = bank.update(ONE, "--mend-month", "2025-10")
    assert (update["mend_count"], update["mended_to"]) == (1, "2510")
    assert bank.update(ONE, "--monthly-limit", 5)["mend_count"] == 1
    again = bank.issue(ONE, "--mend-month", "2025-11")
    assert (again.error["code"], "ssn entitlement confirm" in again.error["remedy_en"]) == ("mending-unconfirmed", True)
    # The card's receipt of the third update, which carries the mending on.
    card = new_card(bytes.fromhex(ONE))
    body = bank.newest().encode()
    assert card.update(body, bytes(8)).receipt is not None
    receipts = bank.folder / "receipts.jsonl"
    receipts.write_text(line_of(Receipt(card.receipts[0])) + "\n{}\n")
    told = ssn("entitlement", "confirm", receipts, "--register", bank.register, "--development", "--json")
    assert told.code == 0
    assert told.json["cards"] == [{"serial": ONE, "update_seq": 3, "newest": 3}]
    assert (told.json["rejected"], told.json["not_in_register"]) == (1, 0)
    update = bank.update(ONE, "--mend-month", "2025-11")
    assert (update["mend_count"], update["mended_to"]) == (2, "2511")


@pytest.mark.parametrize("change", ["forged", "stranger", "nothing"])
def test_only_genuine_receipts_of_known_cards_confirm(bank: Bank, ssn: Ssn, change: str) -> None:
    bank.first(ONE)
    card = new_card(bytes.fromhex(TWO if change == "stranger" else ONE))
    raw = card.update(bank.newest().encode(), bytes(8)).receipt
    assert raw is not None
    raw = raw[:-1] + b"x" if change == "forged" else raw
    path = bank.folder / "receipts.jsonl"
    path.write_text("" if change == "nothing" else line_of(Receipt(raw)) + "\n")
    ran = ssn("entitlement", "confirm", path, "--register", bank.register, "--development", "--json")
    assert (ran.code, ran.error["where"]) == (1, str(path))
    with Register(bank.register, read_only=True) as register:
        assert register.confirmed(bytes.fromhex(ONE)) is None


def test_an_update_behind_one_that_moves_the_update_key_is_under_the_next_key(bank: Bank) -> None:
    """So the card takes it, whether or not it has had the one before."""
    versions = []
    for options in (("--policy", 2025, "--tranche", 1), ("--next-key", "update"), ("--state", "blocked"), ()):
        versions.append(bank.update(ONE, *options)["key_version"])
    assert versions == [1, 1, 2, 2]


@pytest.mark.parametrize("month", ["2025-13", "2025-12", "2510", "x"])
def test_a_month_to_mend_to_has_begun(bank: Bank, month: str) -> None:
    bank.first(ONE)
    assert bank.issue(ONE, "--mend-month", month).error["where"] == "--mend-month"


class TestExpiry:
    """A policy whose loads expire one after the other: the register and the policy say what, and until when."""

    @pytest.fixture(autouse=True)
    def _policies(self, bank: Bank) -> None:
        self.policies = bank.folder / "policies.toml"
        self.policies.write_text(
            """
            [[policy]]
            id = 7
            name = "Two loads"
            valid_from = 2025-10-01
            valid_until = 2026-03-31
            entitlement_total = 900_000
            tranches = [400_000, 500_000]
            expires = [2025-12-31, 2026-03-31]
            monthly_limit = 300_000
            shops = 1
            categories = ["BERAS"]

            [[policy]]
            id = 8
            name = "What follows"
            valid_from = 2026-04-01
            valid_until = 2026-12-31
            entitlement_total = 600_000
            monthly_limit = 300_000
            shops = 1
            categories = ["BERAS"]
            """
        )

    def issue(self, bank: Bank, *options: object) -> Ran:
        return bank.issue(ONE, "--policies", self.policies, *options)

    def test_the_last_day_is_never_behind_the_next_expiry(self, bank: Bank) -> None:
        late = self.issue(bank, "--tranche", 1, "--valid-until", "2026-01-01")
        assert (late.error["code"], late.error["where"]) == ("valid-beyond-expiry", "--valid-until")
        first = self.issue(bank, "--tranche", 1).json["updates"][0]
        assert (first["valid_until"], first["expired_total"]) == ("2025-12-31", 0)
        earlier = self.issue(bank, "--valid-until", "2025-12-01").json["updates"][0]
        assert earlier["valid_until"] == "2025-12-01"
        # A second load does not lengthen the life of the first.
        assert self.issue(bank, "--tranche", 2).json["updates"][0]["valid_until"] == "2025-12-01"
        prolonged = self.issue(bank, "--valid-until", "2026-03-31")
        assert prolonged.error["code"] == "valid-beyond-expiry"

    def test_what_has_expired_goes_and_what_is_new_stays(self, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
        self.issue(bank, "--tranche", 1)
        at(monkeypatch, 2026, 1, 1, 8)
        # Nothing but a new load, a later day or a stop is issued for a card whose last day is over.
        assert self.issue(bank, "--next-key", "debit").error["code"] == "entitlement-expired"
        second = self.issue(bank, "--tranche", 2).json["updates"][0]
        assert (second["loaded_total"], second["expired_total"]) == (900_000, 400_000)
        assert second["valid_until"] == "2026-03-31"
        at(monkeypatch, 2026, 4, 1, 8)
        blocked = self.issue(bank, "--state", "blocked").json["updates"][0]
        assert blocked["expired_total"] == 900_000
        after = self.issue(bank, "--policy", 8, "--tranche", 1, "--state", "active").json["updates"][0]
        assert (after["loaded_total"], after["expired_total"]) == (1_500_000, 900_000)
        assert after["valid_until"] == "2026-12-31"

    def test_all_that_was_loaded_expires_on_request(self, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
        self.issue(bank, "--tranche", 1)
        early = self.issue(bank, "--expire")
        assert (early.error["code"], early.error["details"]["valid_until"]) == ("expiry-too-early", "2025-12-31")
        at(monkeypatch, 2026, 4, 1, 8)
        assert self.issue(bank, "--state", "blocked").json["updates"][0]["expired_total"] == 400_000
        new = self.issue(bank, "--policy", 8, "--tranche", 1, "--expire", "--state", "active").json["updates"][0]
        assert (new["loaded_total"], new["expired_total"], new["valid_until"]) == (1_000_000, 400_000, "2026-12-31")

    def test_money_of_an_earlier_policy_expires_by_its_own_days(
        self, bank: Bank, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And what was loaded before it with it: oldest first. Until then the card is valid no longer than that."""
        self.issue(bank, "--tranche", 1)
        at(monkeypatch, 2026, 1, 5, 8)
        self.issue(bank, "--tranche", 2)
        at(monkeypatch, 2026, 3, 20, 8)
        early = self.issue(bank, "--policy", 8, "--tranche", 1).json["updates"][0]
        assert (early["expired_total"], early["valid_until"]) == (400_000, "2026-03-31")
        at(monkeypatch, 2026, 4, 1, 8)
        after = self.issue(bank, "--valid-until", "2026-12-31").json["updates"][0]
        assert (after["loaded_total"], after["expired_total"]) == (1_500_000, 900_000)
        assert after["valid_until"] == "2026-12-31"


class TestExpired:
    """After the last day a card refuses every purchase, so nothing that makes it usable is issued in silence."""

    @pytest.fixture(autouse=True)
    def _late(self, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
        bank.first(ONE)
        at(monkeypatch, 2026, 1, 1, 0, 0)

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ((TWO, "--policy", 2025, "--tranche", 1), "policy-expired"),
            ((TWO, "--policy", 2025, "--tranche", 1, "--state", "issued"), "policy-expired"),
            ((ONE, "--policy", 2025), "policy-expired"),
            ((ONE, "--tranche", 1), "policy-expired"),
            ((ONE, "--policy", 2024, "--valid-until", "2026-12-31"), "policy-expired"),
            ((ONE, "--next-key", "debit"), "entitlement-expired"),
            ((ONE, "--valid-until", "2025-12-31"), "entitlement-expired"),
        ],
    )
    def test_is_refused(self, bank: Bank, options: tuple[object, ...], code: str) -> None:
        ran = bank.issue(*options, out=bank.out)
        assert (ran.code, ran.error["code"]) == (1, code)
        assert "--allow-expired" in ran.error["remedy_en"]
        assert "--allow-expired" in ran.error["remedy_id"]
        assert not bank.out.exists()
        assert bank.issue(*options, "--allow-expired", out=bank.out).code == 0

    @pytest.mark.parametrize(
        "options", [("--state", "blocked"), ("--state", "terminated"), ("--expire",), ("--policy", 2025, "--expire")]
    )
    def test_stopping_a_card_is_always_possible(self, bank: Bank, options: tuple[object, ...]) -> None:
        assert bank.issue(ONE, *options).code == 0

    def test_a_later_day_is_enough(self, bank: Bank) -> None:
        assert bank.update(ONE, "--valid-until", "2026-01-01")["valid_until"] == "2026-01-01"

    def test_the_last_day_is_the_banks_own(self, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
        at(monkeypatch, 2025, 12, 31, 23, 59, 59)
        assert bank.first(TWO).code == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"schema": "x"}, "schema"),
        ({"serial": "zz"}, "serial"),
        ({"update_seq": "1"}, "update_seq"),
        ({"loaded_total": None}, "loaded_total"),
        ({"monthly_limit": -1}, "monthly_limit"),
        ({"pin_above": "x"}, "pin_above"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"mended_to": "2513"}, "mended_to"),
        ({"pin_count": None}, "pin_count"),
        ({"state": "GONE"}, "state"),
        ({"key_selection": 1.5}, "key_selection"),
    ],
)
def test_a_bad_status_names_line_and_field(bank: Bank, change: dict[str, object], field: str) -> None:
    status = bank.status(CHANGED, **change)
    status.write_text("\n" + status.read_text())
    assert bank.first("--from-status", status).error["where"] == f"{status}:2 {field}"


def test_what_was_issued_is_shown_and_written_once_more(bank: Bank, ssn: Ssn) -> None:
    bank.first(ONE, TWO)
    bank.update(ONE, "--state", "blocked")
    common = ("entitlement", "issued", "--register", bank.register)
    shown = ssn(*common, "--json").json
    assert [(card["serial"], card["update_seq"], card["state"]) for card in shown["cards"]] == [
        (ONE, 2, "BLOCKED"),
        (TWO, 1, "ACTIVE"),
    ]
    assert [Path(card["file"]).name for card in shown["cards"]] == ["updates-2.jsonl", "updates-1.jsonl"]
    assert [file["written"] for file in shown["files"]] == [True, True]
    copy = bank.folder / "copy.jsonl"
    assert ssn(*common, "--out", copy, "--json").json["written"] == 2
    assert [update.entitlement.update_seq for update in read_updates(copy)] == [2, 1]
    assert ssn(*common, "--out", bank.register, "--json").error["code"] == "update-file-taken"
    assert "blocked" in ssn(*common, ONE).out
    assert "updates-2.jsonl" in ssn(*common).out
    assert ssn(*common, "99" * 8, "--json").code == 1


def test_show(bank: Bank, ssn: Ssn) -> None:
    bank.first(ONE, "--next-key", "debit", "--let-choose-pin", out=bank.out)
    assert ssn("entitlement", "show", bank.out, "--json").json["updates"][0]["serial"] == ONE
    shown = ssn("entitlement", "show", bank.out).out
    for text in ("Rp900.000", "choices of a PIN: 1", "next keys: DEBIT"):
        assert text in shown
    text = bank.out.read_text()
    bank.out.write_text(text + text.replace(ONE, "01"))
    assert ssn("entitlement", "show", bank.out, "--json").error["where"] == f"{bank.out}:2 serial"


def test_a_file_that_cannot_be_written(bank: Bank) -> None:
    ran = bank.first(ONE, out=bank.folder / "no" / "dir.jsonl")
    assert ran.code == 1
    assert "Traceback" not in ran.err


def test_a_keyring_without_the_update_key(ssn: Ssn, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    monkeypatch.setenv("SSN_NEW_KEYRING_PASSWORD", "beras lima kilo")
    keyring, terminal = bank.folder / "bank", bank.folder / "terminal"
    ssn("keys", "create", keyring)
    ssn("keys", "export", keyring, "--role", "terminal", "--out", terminal)
    card = (ONE, "--out", bank.out, "--register", bank.register, "--json")
    ran = ssn("entitlement", "issue", "--policy", 2025, "--tranche", 1, *card, "--keyring", terminal)
    assert ran.error["code"] == "key-missing"
    assert ssn("entitlement", "issue", "--policy", 2025, "--tranche", 1, *card, "--keyring", keyring).code == 0
