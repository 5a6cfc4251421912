# SPDX-License-Identifier: Apache-2.0
"""Every table at 80 columns and in both languages: of commands without a card, of a card's, then of the tools."""

from __future__ import annotations

import ast
import dataclasses
import datetime as dt
import io
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console, RenderableType
from tests.card.live_card import LiveCard
from tests.terminal.written import intended

from ssn_card.applet_tools import cli as applet_cli
from ssn_card.applet_tools.build import BuiltCap
from ssn_card.applet_tools.capfile import Cap
from ssn_card.bank.cli import batch_shown, batches
from ssn_card.bank.life import LifePhase
from ssn_card.bank.people.incoming import RowOutcome, RowReason
from ssn_card.bank.people.verdicts import NEAR_DOUBLE
from ssn_card.bank.station.facts import JournalHead
from ssn_card.bank.station.findings import StationException, StationFinding
from ssn_card.bank.station.taking import StationTaken
from ssn_card.bank.store.tables.batches import ProposalStep
from ssn_card.bank.store.tables.people import RowVerdict
from ssn_card.bench import cli as bench_cli
from ssn_card.bench.apdu import Rate
from ssn_card.bench.growth import tables as growth_tables
from ssn_card.bench.growth.stages import STAGES, Cost
from ssn_card.bench.perso import PacedRate, PersoFigures
from ssn_card.cli import card as card_cli
from ssn_card.cli import entitlement_confirm, entitlement_deliver, keys_ceremony, keys_token, receipts_settle
from ssn_card.cli.entitlement_deliver import DeliveryOutcome, Presented
from ssn_card.cli.errors import KeysNotChosen
from ssn_card.cli.identity import Person
from ssn_card.cli.keys_moved import MovedOn
from ssn_card.cli.tables import facts, table
from ssn_card.demo import summary as demo_summary
from ssn_card.demo.audit import Found
from ssn_card.demo.journey import JourneyOutcome
from ssn_card.demo.tamper import Tampering
from ssn_card.keys.token import TokenUri
from ssn_card.keys.token.ceremony import Installed
from ssn_card.keys.token.objects import Fault
from ssn_card.personalization.cli import held_keys, import_station
from ssn_card.personalization.cli import stock as stock_cli
from ssn_card.personalization.cli.import_table import import_tables
from ssn_card.personalization.intake.importing import ImportReport
from ssn_card.personalization.journal.stock import BlankState, StockDelivery
from ssn_card.personalization.station.held_keys import KeyCount
from ssn_card.protocol.errors import Text
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import RECEIPT
from ssn_card.protocol.values import WITHOUT_PIN, LifeState, ReceiptType
from ssn_card.receipts import Finding, Receipt, line_of
from ssn_card.receipts.findings import Problem
from ssn_card.receipts.settle import Gone, Settled, Verdict
from ssn_card.simulator import cli as sim_cli
from ssn_card.simulator.campaign.run import CommandResult
from ssn_card.simulator.campaign.run import Report as Campaign
from ssn_card.simulator.cost import tables as cost_tables
from ssn_card.simulator.cost.counts import HEADINGS
from ssn_card.simulator.cost.project import Projection
from ssn_card.simulator.fuzz import cli as fuzz_cli
from ssn_card.simulator.fuzz.run import Report as Attack
from ssn_card.simulator.programme import cli as year_cli
from ssn_card.simulator.programme.play.year import YearSummary
from ssn_card.simulator.simulator import SimulatedCard
from ssn_card.terminal import CardStatus, TerminalJournal

from .conftest import Ssn
from .made_receipts import BASKET, chain
from .shown import Show, check_languages, check_widths

ROOT = Path(__file__).parents[2]
DIRTY = ROOT / "examples" / "data" / "beneficiaries-dirty.csv"
SERIALS = ("5353000000000001", "5353000000000002")
#: As long as names of files are.
NAME = "kuitansi-toko-EW-007-Samarinda-Seberang-2025-10.jsonl"


@pytest.fixture
def show(ssn: Ssn, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Show]:
    """``show("keys", "list", path)``: that command's tables at a width and in a language."""

    def command(*arguments: object) -> Show:
        def at(language: str, columns: int) -> str:
            monkeypatch.setenv("COLUMNS", str(columns))
            ran = ssn("--lang", language, *arguments)
            assert ran.out, ran.err
            assert "Traceback" not in ran.err
            return ran.out

        return at

    return command


@pytest.fixture
def folder(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A day's files of all who take part."""
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    monkeypatch.setenv("SSN_NEW_KEYRING_PASSWORD", "gula satu kilo")
    monkeypatch.chdir(tmp_path)
    receipts = chain(5)
    altered = bytearray(receipts[2].raw)
    altered[RECEIPT.offset("amount") + 3] ^= 1
    malformed = bytearray(receipts[3].raw)
    malformed[RECEIPT.offset("seq") : RECEIPT.offset("seq") + 4] = bytes(4)
    file = tmp_path / NAME
    bad = [receipts[0], Receipt(bytes(altered)), Receipt(bytes(malformed)), receipts[5], receipts[5], receipts[4]]
    lines = [line_of(one, BASKET if one.type == 1 else None) for one in bad]
    file.write_text("\n".join([*lines, lines[3].replace('"BERAS"', '"GULA"'), "no receipt"]) + "\n")
    return tmp_path


#: A first update, and a plan, under a policy that is over.
ISSUE = ("--register", "register.sqlite", "--new-register", "--policy", 2025, "--tranche", 1, "--allow-expired",
         "--development")  # fmt: skip
PLAN = ("--development", "--prepare-only", "--allow-expired")
COMMANDS = [
    ("receipts", "verify", NAME, "--development"),
    ("receipts", "verify", NAME, "--development", "--max-findings", "2"),
    ("receipts", "show", NAME),
    ("receipts", "show", NAME, "--line", "1"),
    ("receipts", "show", NAME, "--line", "4"),
    ("entitlement", "show", "updates.jsonl"),
    ("keys", "list", "bank.keys"),
    ("keys", "list", "auditor.keys"),
    ("perso", "check", str(DIRTY), "--policy", "2025", "--allow-expired"),
    ("perso", "status", "--journal", "station.sqlite"),
    ("perso", "handover", "--journal", "station.sqlite"),
    ("entitlement", "issued", "--register", "register.sqlite"),
    ("applet", "check"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_commands_that_need_no_card(
    show: Callable[..., Show], ssn: Ssn, folder: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    _prepare(ssn, arguments[-1], monkeypatch)
    check_widths(show(*arguments))
    check_languages(show(*arguments))


def test_commands_that_make_files(show: Callable[..., Show], ssn: Ssn, folder: Path) -> None:
    """Each is run anew for each width and language."""
    serials = folder / "serials.txt"
    serials.write_text("\n".join(SERIALS) + "\n")
    ssn("keys", "create", "bank.keys")
    extract = folder / "data-penerima-bantuan-sosial-kecamatan-palaran-2025.csv"
    shutil.copy(DIRTY, extract)
    issue = (*ISSUE, *SERIALS, "--out", folder / NAME)
    for made, arguments in (
        ("new.keys", ("keys", "create", "new.keys")),
        ("terminal.keys", ("keys", "export", "bank.keys", "--role", "terminal", "--out", "terminal.keys")),
        ("auditor.keys", ("keys", "receipts", "bank.keys", "--serials", serials, "--out", "auditor.keys")),
        ("[rk]*.*l*", ("entitlement", "issue", *issue)),
        ("s*.sqlite*", ("perso", "run", extract, "--policy", 2025, "--journal", "station.sqlite",
                        "--results", "results.jsonl", "--development", "--prepare-only", "--allow-expired")),
    ):  # fmt: skip
        check_widths(_anew(show(*arguments), folder, made))
        check_languages(_anew(show(*arguments), folder, made))


def _anew(show: Show, folder: Path, made: str) -> Show:
    def at(language: str, columns: int) -> str:
        for old in folder.glob(made):
            old.unlink()
        return show(language, columns)

    return at


def _prepare(ssn: Ssn, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that the command looks at, made by the command that makes it."""
    if file.endswith(".keys"):
        assert ssn("keys", "create", "bank.keys").code == 0
        Path("serials.txt").write_text("\n".join(SERIALS) + "\n")
        assert ssn("keys", "receipts", "bank.keys", "--serials", "serials.txt", "--out", "auditor.keys").code == 0
    if file == "auditor.keys":
        monkeypatch.setenv("SSN_KEYRING_PASSWORD", "gula satu kilo")
    if file in ("updates.jsonl", "register.sqlite"):
        options = (*ISSUE, *SERIALS, "--let-choose-pin", "--mend-month", "2025-09", "--state", "blocked")
        assert ssn("entitlement", "issue", *options, "--out", "updates.jsonl").code == 0
    if file == "station.sqlite":
        files = ("--journal", file, "--results", "results.jsonl")
        assert ssn("perso", "run", DIRTY, "--policy", 2025, *files, *PLAN).code == 0


@pytest.mark.sim
def test_commands_of_a_card(
    show: Callable[..., Show], ssn: Ssn, folder: Path, new_card: Callable[[], LiveCard]
) -> None:
    card = new_card()
    at_card = ("--card", card.url, "--development")
    at_terminal = (*at_card, "--journal", "t7.sqlite", "--terminal", 7)
    options = (*ISSUE, card.serial.hex(), "--valid-until", "2079-12-31")
    assert ssn("entitlement", "issue", *options, "--out", "updates.jsonl").code == 0
    assert ssn("entitlement", "deliver", "updates.jsonl", *at_terminal).code == 0
    for arguments in (
        ("card", "info", "--card", card.url),
        ("entitlement", "deliver", "updates.jsonl", *at_terminal),
        ("terminal", "sell", "--item", "BERAS=1@1000", "--item", "TELUR=2@500", *at_terminal),
        ("terminal", "override", "--amount", 1000, "--companion", "PD-1", "--reason-code", 3, *at_terminal),
        ("card", "status", *at_card),
        ("card", "log", *at_card),
        ("card", "recover", *at_terminal),
        ("terminal", "pending", "--journal", "t7.sqlite"),
        ("terminal", "receipts", "--journal", "t7.sqlite", "--out", NAME),
    ):
        check_languages(show(*arguments))
        if arguments[1] not in ("sell", "override", "log"):  # these change what they show
            check_widths(show(*arguments))
    assert ssn("terminal", "sell", "--item", "BERAS=1@1000", *at_terminal).code == 0
    check_widths(show("card", "log", *at_card))
    one = show("card", "log", "--number", 2, *at_card)
    check_widths(one)
    check_languages(one)


def test_what_stands_in_a_terminals_journal(show: Callable[..., Show], tmp_path: Path) -> None:
    path = tmp_path / "t7.sqlite"
    with TerminalJournal(path, 7) as journal:
        moment = dt.datetime(2025, 10, 3, 10)
        for number, reference in enumerate(("INV-2025-10-03-000123", None, "17"), start=1):
            body = b"\x7f" * 4 + bytes(32)
            intended(journal, bytes.fromhex(SERIALS[0]), seq=number, body=body, basket=BASKET, reference=reference)
        journal.gone(journal.in_doubt()[0], 40)
        journal.lower(bytes.fromhex(SERIALS[0]), 3, moment)
        journal.confirm_clock(moment)
    for arguments in (
        ("terminal", "pending", "--journal", path),
        ("terminal", "doubts", "--journal", path, "--out", tmp_path / NAME),
        ("terminal", "events", "--journal", path),
    ):
        check_widths(show(*arguments))
        check_languages(show(*arguments))


TODAY = dt.date(2025, 10, 3)
STATUS = CardStatus(
    serial=bytes.fromhex(SERIALS[0]), seq=2_000, balance=1_234_567_890, month_spent=1_234_567_890, last_mac=bytes(8),
    update_seq=1_234, granted_total=2_147_483_647, month=b"\x25\x10", extra_month=bytes(2), month_extra=0,
    pin_floor=0, pin_choice=0, pin_tries=3, loaded_total=2_147_483_647, expired_total=0, monthly_limit=2_147_483_647,
    override_max=1_000, debit_max=1_000, pin_above=1_000, allowed_categories=0x7F, valid_until=dt.date(2025, 12, 31),
    key_selection=0, state=LifeState.ACTIVE, policy_id=1, issued_at=None, pin_count=0, mend_count=0,
    mended_to=bytes(2),
)  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [{}, {"pin_tries": 0}, {"pin_choice": 1}, {"pin_tries": WITHOUT_PIN}, {"month": b"\x25\x12"}],
    ids=str,
)
def test_a_cards_status(changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    status = dataclasses.replace(STATUS, **changes)

    def at(language: str, columns: int) -> str:
        monkeypatch.setenv("SSN_LANG", language)
        file = io.StringIO()
        Console(file=file, width=columns, highlight=False).print(card_cli._status_table(status, TODAY), crop=False)
        return file.getvalue()

    check_widths(at)
    check_languages(at)
    english = at("en", 100)
    assert ("needs mending, the money is safe" in english) is ("month" in changes)
    assert ("--choose" in english) is ("pin_choice" in changes)
    assert ("tries left: 3; not needed for Rp1.234.567.890 more" in english) is (changes.keys() <= {"month"})


FINDING = Finding(Problem.FORGED, 3, "amount", bytes(8), 3)
CAP = Cap("2.1", bytes(7), "1.0", (bytes(8),), (), {"Header": 20, "Applet": 12_345, "Debug": 3})
OUTCOME: Any = JourneyOutcome(3, 1)
OUTCOME.refusals.update({"monthly-limit": 2, "blocked": 1})
COUNTER: Any = SimpleNamespace(
    earlier=2,
    left=3,
    presented=[
        Presented(DeliveryOutcome.APPLIED, bytes.fromhex(SERIALS[0])),
        Presented(
            DeliveryOutcome.REFUSED, bytes.fromhex(SERIALS[1]), error=KeysNotChosen(("--keyring KEYS", "--development"))
        ),
    ],
)
GONE = Gone(bytes(8), 3, ReceiptType.CANCEL, b"\x7f" * 4 + b"\xff" * 32)
SETTLED = [
    Settled(GONE, Verdict.OURS, GONE.stated, restored=True),
    Settled(GONE, Verdict.ANOTHERS),
    Settled(GONE, Verdict.OPEN, why=Text("receipts missing: 2, 4", "kuitansi yang belum ada: 2, 4")),
]
PLACE = KeyLabel.DEBIT, 255
FIGURES: dict[str, object] = {
    **dict.fromkeys(("rupiah_loaded", "rupiah_spent", "rupiah_balance"), 1_234_567_890),
    **dict.fromkeys(("cards", "debits", "recovered", "refused", "receipts", "verified"), 1_234),
    **dict.fromkeys(("tampered", "tampered_found", "seconds"), 20),
    "conserved": True,
}
FOUND = [Found(Tampering("alter", SERIALS[0], 3, "balance_after"), FINDING), Found(Tampering("delete", "00", 1), None)]


#: Tables of what takes minutes to make; each with figures as large as they get.
def _imported() -> ImportReport:
    reason = RowReason("near_double", "nama", NEAR_DOUBLE.text)
    return ImportReport(
        import_id=3,
        file="extract.csv",
        sha256=64 * "a",
        policy_id=2025,
        already=False,
        rows=12_345,
        rupiah=1_519_200_000,
        verdicts=dict.fromkeys(RowVerdict, 12),
        reasons={"near_double": 12},
        lines=tuple(RowOutcome(line, RowVerdict.HELD, reason, line) for line in range(100_000, 100_060)),
        more={"unchanged": 3, "corrected_before": 2, "not_ours": 1},
    )


_BATCH: dict[str, Any] = {
    "name": "2025-10-palaran", "stage": "producing", "policy_id": 2025, "created_by": "siti", "cards": 1_500,
    "created_at": "2025-10-01T01:20:00Z", "sha256": "12" * 32, "items": 1_688, "entitlement_sum": 1_519_200_000,
    "reissues": 1_234, "withdrawn": 1, "corrected": 2, "waiting": 188, "by_kecamatan": {"64.72.01": 1_688},
    "reached": {phase.value: 1_500 for phase in LifePhase},
    "steps": [
        {"step": step.value, "by": "siti", "at": "2025-10-01T01:20:00Z", "reason": "siti"}
        for step in ProposalStep
    ],
}  # fmt: skip
TABLES: dict[str, Callable[[], RenderableType]] = {
    "applet_tools.cli._built": lambda: applet_cli._built(
        BuiltCap(Path("dist/ssn-card.cap"), 32 * "a0", 9_999, CAP, "3.0.4")
    ),
    "bench.cli._table": lambda: bench_cli._table({"sim": Rate(1_000_000, 12, 9.0), "pcsc": Rate(1_000_000, 0, 90.0)}),
    "bench.growth.tables.tables": lambda: growth_tables.tables(
        {"curve": [{"receipts": 36_613_530, "stages": dict.fromkeys(STAGES, Cost(975.1, 905.2, 6_033)._asdict())}]}
    ),
    "bench.cli._perso_table": lambda: bench_cli._perso_table(
        PersoFigures("J3R180", 1_688, (PacedRate(1, 0.61), PacedRate(4, 2.39)), 4.9, 3.9, 17, 3.5, 12.5)
    ),
    "personalization.cli.import_table.import_tables": lambda: import_tables(_imported()),
    "personalization.cli.stock._shown": lambda: stock_cli._shown(
        (StockDelivery("2025-10", "2025-10-01T08:00:00+00:00", 12_345, dict.fromkeys(BlankState, 2_469)),), 2
    ),
    "personalization.cli.held_keys._table": lambda: held_keys._table(
        (KeyCount("issuer", 1, 1_688, 1_688), KeyCount("debit", 2, 12_345, None)), 12_345
    ),
    "simulator.programme.cli._table": lambda: year_cli._table(
        Path("2026"), YearSummary(132_777, 128_043, 3_869, 18_357, 3_661_996, 3_672_077, 6_489, 441_089_383_850, 9, 9)
    ),
    "cli.entitlement_confirm._table": lambda: entitlement_confirm._table([(bytes(8), 3, 12), (b"\x01" * 8, 1, 1)]),
    "cli.receipts_settle._report": lambda: receipts_settle._report(SETTLED, Counter(one.verdict for one in SETTLED), 7),
    "cli.keys_ceremony._installed_table": lambda: keys_ceremony._installed_table(
        TokenUri("ssn"),
        [Installed(PLACE, bytes(3), False, True), Installed((KeyLabel.TRANSPORT_ENC, 2), bytes(3), True, False)],
        {"DEBIT": MovedOn(1_688, SERIALS)},
    ),
    "cli.keys_token._verified_table": lambda: keys_token._verified_table(
        TokenUri("ssn"), {PLACE: bytes(3)}, [Fault(PLACE, Text("it is there 2 times", "ada 2 kali"))]
    ),
    "cli.entitlement_deliver._summary": lambda: entitlement_deliver._summary(COUNTER, 1),
    "cli.identity.table": lambda: Person(16 * "1", 16 * "2", "Siti Uji", "99.01.01", 1, "BENEF001").table(),
    "demo.summary.tables": lambda: demo_summary.tables(FIGURES, OUTCOME, FOUND),
    "simulator.cli._report": lambda: sim_cli._report(
        Campaign({"DEBIT": CommandResult(123, 1_234, 75_988, 0, 0, 0), "UPDATE": CommandResult(1, 2, 3, 4, 5, 6)})
    ),
    "personalization.cli.import_station._shown": lambda: import_station._shown(
        JournalHead("53" * 8, "station.sqlite", 1_234, "ab" * 32),
        StationTaken(
            1,
            False,
            1_700,
            1_688,
            exceptions=[
                StationException(finding, SERIALS[0].lower(), 77, 12, SERIALS[1].lower()) for finding in StationFinding
            ],
        ),
    ),
    "bank.cli.batch_shown.batch_table": lambda: batch_shown.batch_table(_BATCH),
    "bank.cli.batches._list": lambda: batches._list([_BATCH]),
    "simulator.cli._table": lambda: sim_cli._table([SimulatedCard(1, 35_963, SERIALS[0])]),
    "simulator.cost.tables.counts_table": lambda: cost_tables.counts_table(
        {"INITIALIZE UPDATE": dict.fromkeys(HEADINGS, 12_345), "DEBIT": dict.fromkeys(HEADINGS, 7)}
    ),
    "simulator.cost.tables.card_table": lambda: cost_tables.card_table(
        [Projection("J3R180", "DEBIT", 12.5, 500, ()), Projection("J3R180", "SELECT", 1, 6, ("AES",))]
    ),
    "simulator.fuzz.cli._tables": lambda: fuzz_cli._tables(Attack("x", 1_000_000, 2, 3, 4.0)),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_the_tools(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def at(language: str, columns: int) -> str:
        monkeypatch.setenv("SSN_LANG", language)
        file = io.StringIO()
        Console(file=file, width=columns, highlight=False).print(TABLES[name](), crop=False)
        return file.getvalue()

    check_widths(at)
    check_languages(at)


#: Shown by the commands above, and by those of ``ssn audit`` and ``ssn bench`` in tests of their own.
_OF_COMMANDS = {
    "applet_tools.cli._findings",
    "cli.card._info_table", "cli.card._status_table", "cli.keys_token._masters_table",
    "cli.terminal_records._entry_table",
    "cli.entitlement_register._issued_tables", "cli.update_tables.entitlements_table",
    "cli.receipt_tables.card_receipts_table", "cli.receipt_tables.findings_table",
    "cli.receipt_tables.receipt_facts", "cli.receipt_tables.receipt_table",
    "cli.receipt_report.rendered", "cli.receipts.table",
    "cli.audit_report._rendered", "cli.audit_report_check._rendered", "cli.audit_pack._rendered",
    "cli.audit_proof._rendered", "bench.audit.tables.tables", "bench.rules.tables.tables", "bench.tamper.tables.tables",
    "personalization.cli.handover._table", "personalization.cli.summary_table.summary_tables",
    "personalization.cli.station_table.report_table", "personalization.cli.station_table.status_table",
}  # fmt: skip


def test_no_table_is_forgotten() -> None:
    """A function that makes a table is called by a test of this file, or by another function that is."""
    made = set(_makers())
    assert sorted(made - set(TABLES) - _OF_COMMANDS) == [], "add each to COMMANDS or TABLES"


def _makers() -> Iterator[str]:
    called: set[str] = set()
    found: list[tuple[str, str]] = []
    for source in ("host", "applet_tools", "personalization", "simulator", "examples", "benchmarks"):
        for path in (ROOT / source / "ssn_card").rglob("*.py"):
            module = ".".join(path.relative_to(ROOT / source / "ssn_card").with_suffix("").parts)
            if module in ("cli.tables", "cli.output"):
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.FunctionDef) or node.returns is None:
                    continue
                if ast.unparse(node.returns) in ("RenderableType", "Group", "Table"):
                    found.append((module, node.name))
                    calls = (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))
                    called |= {f"{module}.{ast.unparse(call.func)}" for call in calls}
    for module, name in found:
        if f"{module}.{name}" not in called:
            yield f"{module}.{name}"


def test_amounts_stay_in_one_piece_where_a_table_is_far_too_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [(Text("card", "kartu"), "whole"), (Text("amount", "jumlah"), "right"), (Text("why", "sebab"), "left")]
    rows = [(SERIALS[0], "Rp1.234.567.890", "a reason of several words that goes on and on"), (SERIALS[1], "Rp1", "")]
    for width in range(20, 90):
        file = io.StringIO()
        console = Console(file=file, width=width, highlight=False)
        console.print(table(Text("title", "judul"), columns, rows), crop=False)
        console.print(facts(None, [(columns[0][0], SERIALS[0]), (columns[2][0], rows[0][2])]), crop=False)
        lines = file.getvalue().splitlines()
        assert width < 24 or max(map(len, lines)) <= width
        words = set(file.getvalue().split())
        assert {*SERIALS, "Rp1.234.567.890", "Rp1", *rows[0][2].split()} <= words


def test_dates_of_an_empty_table(capsys: pytest.CaptureFixture[str]) -> None:
    Console(width=80).print(table(Text("title", "judul"), [(Text("when", "waktu"), "whole")], []))
    assert capsys.readouterr().out.split() == ["title", "when"]
