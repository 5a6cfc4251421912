# SPDX-License-Identifier: Apache-2.0
"""A city's families, from the registry's extract to activated cards, by the programme's own commands and rooms.

All of it happens today, on the clocks that there are: the extract's policy is one that holds today.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select
from tests.bank.updates.issued import signed_newest
from tests.cli.conftest import Ran

from ssn_card.bank.cards.moves import move
from ssn_card.bank.cards.proof import GenuineReceipt
from ssn_card.bank.cards.replacement import decide
from ssn_card.bank.cards.tips import saw
from ssn_card.bank.field.forms.outcomes import VisitOutcome
from ssn_card.bank.field.forms.registration import TabletRegistration
from ssn_card.bank.field.office.findings import TakenResult
from ssn_card.bank.field.office.packages import VisitSelection, make_package
from ssn_card.bank.field.office.results import take_in_result
from ssn_card.bank.field.office.tablets import add_tablet
from ssn_card.bank.field.tablet.export import export
from ssn_card.bank.field.tablet.folder import TabletFolder, TabletIdentity
from ssn_card.bank.field.tablet.packages import take_in
from ssn_card.bank.field.tablet.visitees import Visitee
from ssn_card.bank.field.tablet.work import FieldWork
from ssn_card.bank.proposals import flow
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.batches import ProposalKind
from ssn_card.bank.store.tables.cards import CardRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.bank.updates.choice import RunChoice
from ssn_card.bank.updates.order import RunKind, RunOrder
from ssn_card.bank.updates.runs import issue_run, new_run
from ssn_card.entitlement import Register, SignedUpdate
from ssn_card.keys import development_keyring
from ssn_card.programme import load_policies
from ssn_card.receipts import Basket, Receipt
from ssn_card.receipts.genuine import ReceiptKeys
from ssn_card.simulator import Simulator
from ssn_card.terminal import CardStatus, Reader, SoftwareTerminalKeys, Terminal, TerminalJournal, now
from ssn_card.transport import open_connection

EXTRACT = Path(__file__).parents[3] / "examples" / "data" / "beneficiaries.csv"
KEYS = development_keyring()
TABLETS = 10
EXPORTS = 7  #: of each tablet: one a day
TRANCHE = 300_000
POLICY = 9
_BLANK = re.compile(rb"(?=([^\d\W]{2} [^\d\W]{2}))")  #: between two words
PASSWORD = "mahakam tenang pagi"
_POLICIES = """
[[policy]]
id = {id}
name = "campaign"
valid_from = {first}
valid_until = {last}
entitlement_total = 900_000
tranches = [300_000, 300_000, 300_000]
monthly_limit = 600_000
package = 300_000
override_needs_companion = true
shops = 51
deciles = [1, 2, 3, 4, 5]
categories = ["BERAS", "TELUR", "AYAM", "IKAN_KALENG", "MINYAK", "GULA", "SUSU"]
"""


def _part(share: float, of: int) -> int:
    return max(1, round(share * of))


@dataclass
class Plan:
    """Who is who, by chance that is the same each time."""

    families: int

    def __post_init__(self) -> None:
        self.random = Random(self.families)
        self.repeated = _part(0.01, self.families)  #: rows that stand in the extract twice
        self.near = _part(0.01, self.families)  #: the same name and birth date under another NIK
        self.missed = _part(0.10, self.families)  #: families that are not met
        self.spending = _part(0.20, self.families)  #: that have bought something before
        self.replaced = max(2, round(0.03 * self.families))  #: of those that are activated


@dataclass
class City:
    """The bank's people, its station and register, tablets and shops."""

    bank: Bank
    as_user: Callable[..., Ran]
    simulator: Simulator
    folder: Path
    plan: Plan
    operator: SignedIn
    second: SignedIn
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    receiving: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    spent: dict[str, int] = field(default_factory=dict)  #: rupiah, by serial
    receipts: list[Receipt] = field(default_factory=list)
    runs: int = 0
    #: What stands in the extract and may stand nowhere else: NIK, no_kk, names.
    private: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        today = now().date()
        text = _POLICIES.format(id=POLICY, first=today.replace(day=1), last=today + dt.timedelta(92))
        (self.folder / "policies.toml").write_text(text)
        self.policies = load_policies(self.folder / "policies.toml")
        Register.create(self.folder / "register.sqlite").close()
        self.journal = TerminalJournal(self.folder / "shop.db", 7)
        self.papers = self.folder.with_name("approved-papers")  #: which name people

    def close(self) -> None:
        self.journal.close()

    # ------------------------------------------------------------------ registry
    def extract(self) -> Path:
        """The first families, some of them twice, and some persons under another NIK and family."""
        with EXTRACT.open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))[: self.plan.families + 1]
        self.private = [cell for row in rows for cell in row[:3]]
        repeated = self.plan.random.sample(rows, self.plan.repeated)
        alike = [self._another(row, 9000 + n) for n, row in enumerate(self.plan.random.sample(rows, self.plan.near))]
        path = self.folder / "extract.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows, *repeated, *alike])
        return path

    def _another(self, row: Sequence[str], number: int) -> list[str]:
        nik, no_kk = f"{row[0][:12]}{number:04d}", f"{row[1][:12]}{number:04d}"
        self.private += [nik, no_kk]
        return [nik, no_kk, *row[2:]]

    def intake(self) -> dict[str, int]:
        """Imported twice; near-doubles are decided by the second person. Verdicts by name."""
        path = self.extract()
        words = ("perso", "import", path, "--policy", POLICY, "--policies", self.folder / "policies.toml", "--force")
        first, again = (self.as_user("operator", *words) for _ in range(2))
        assert first.code in (0, 3), first.err
        assert again.json["already"] is True
        path.unlink()
        for question in self.as_user("operator", "bank", "doubles", "list").json["questions"]:
            answer = ("--same", "--reason", "one person, two numbers")
            assert self.as_user("second", "bank", "doubles", "decide", question["question"], *answer).code == 0
        return {name: first.json[name] for name in ("rows", "accepted", "held", "rejected", "known")}

    # ------------------------------------------------------------------ cards
    def batch(self, name: str, *choice: object) -> int:
        """Approved by the second person, made at the station, taken in twice, closed; how many cards."""
        policies = ("--policies", self.folder / "policies.toml")
        self.done("operator", "bank", "batches", "new", name, "--policy", POLICY, *policies, *choice)
        self.done("operator", "bank", "batches", "submit", name)
        own = self.as_user("operator", "bank", "batches", "approve", name)
        assert own.error["code"] == "not-allowed"
        self.done("second", "bank", "batches", "approve", name)
        station = ("--journal", self.folder / "station.sqlite", "--results", self.folder / "results.jsonl")
        made = self.as_user(
            "operator", "perso", "run", "--batch", name, *policies, *station, "--cards", "sim:?readers=2"
        )
        assert made.code == 0, made.err
        report = json.loads(made.out.splitlines()[-1])
        first = self.done("operator", "bank", "import-station", self.folder / "station.sqlite").json
        again = self.done("operator", "bank", "import-station", self.folder / "station.sqlite").json
        assert (first["produced"], again["produced"]) == (report["issued"], 0)
        self.done("operator", "bank", "batches", "close", name)
        return int(report["issued"])

    def printed(self, batch: str) -> None:
        """Faces and letters of a batch, sent and looked at."""
        for papers in ("faces", "letters"):
            printer = f"file:{self.papers}"
            queued = self.done("operator", "bank", "print", "new", papers, "--batch", batch, "--printer", printer).json
            jobs = [job["job"] for job in queued["jobs"]]
            self.done("operator", "bank", "print", "send", *jobs)
            self.done("operator", "bank", "print", "confirm", *jobs)

    def done(self, *words: object) -> Ran:
        ran = self.as_user(*words)
        assert ran.code == 0, (words, ran.out[-2000:], ran.err[-2000:])
        return ran

    def urls(self) -> dict[str, str]:
        return {card.name.lower(): card.url for card in self.simulator.cards()}

    # ------------------------------------------------------------------ updates
    def run(self, kind: RunKind, *serials: str, **order: object) -> int:
        """Planned by one, approved by the other, issued; how many updates."""
        self.runs += 1
        name, moment = f"run-{self.runs}", now()
        with Register(self.folder / "register.sqlite") as register, self.bank.work(self.operator) as work:
            new_run(work, name, RunOrder(kind, policy=POLICY, **order), RunChoice(serials), register, self.policies,  # type: ignore[arg-type]
                    moment)  # fmt: skip
        for user, step in ((self.operator, flow.submit), (self.second, flow.approve)):
            with self.bank.work(user) as work:
                step(work, flow.find(work.session, ProposalKind.RUN, name))
        with Register(self.folder / "register.sqlite") as register:
            out = self.folder / f"{name}.jsonl"
            return issue_run(self.bank, self.operator, name, register, KEYS, self.policies, out, moment)

    def newest(self, serial: str) -> SignedUpdate:
        return signed_newest(self.bank, serial)

    # ------------------------------------------------------------------ outreach
    def tablets(self, serials: Sequence[str]) -> list[TabletIdentity]:
        """Ten, each with its part of the families and some of its neighbour's."""
        made = []
        for number in range(TABLETS):
            folder = TabletFolder(self.folder / f"tablet-{number}")
            _, told = folder.create(f"T-{number:02d}", f"PD-{number + 1:03d}", self.signing.public_key(), PASSWORD)
            with self.bank.work(self.operator) as work:
                add_tablet(work, TabletRegistration.read(told))
            who = folder.unlock(PASSWORD)
            shared = [one for place, one in enumerate(serials) if place % TABLETS == (number + 1) % TABLETS]
            own = [one for place, one in enumerate(serials) if place % TABLETS == number]
            self._given(who, [*own, *shared[: _part(0.1, len(shared))]])
            made.append(who)
        return made

    def _given(self, who: TabletIdentity, serials: Sequence[str]) -> None:
        first = now().date()
        with self.bank.work(self.operator) as work:
            package = make_package(
                work, who.tablet, VisitSelection(None, None, list(serials)), (first, first + dt.timedelta(6)), KEYS,
                self.receiving.public_key(), self.signing,
            )  # fmt: skip
        path = self.folder / f"{who.tablet}.package"
        path.write_bytes(package.content)
        take_in(who, path)

    def week(self, who: TabletIdentity, missed: set[str], urls: dict[str, str]) -> list[Path]:
        """Offline: everybody on the list is visited, and what there is to tell is exported each day."""
        at_door = ""
        files: list[Path] = []
        with FieldWork(who, "door", connect=lambda _: open_connection(at_door)) as work:
            people = list(work.everybody().values())
            for day in range(EXPORTS):
                for visitee in people[day::EXPORTS]:
                    at_door = urls[str(visitee.person.serial)]
                    self._visit(work, visitee, str(visitee.person.serial) in missed)
                files.append(export(work, self.folder / f"{who.tablet}-{day}.ssnresult").path)
        return files

    def _visit(self, work: FieldWork, visitee: Visitee, missed: bool) -> None:
        if missed:
            work.note(visitee, VisitOutcome.NOT_MET, "pintu terkunci")
            return
        work.verify(visitee, signature=b"\x89PNG a signature")
        found = work.visitee(visitee.person.person)
        assert found is not None
        work.activate(found)

    def results(self, files: Sequence[Path]) -> Iterator[TakenResult]:
        for path in files:
            with self.bank.work(self.operator) as work:
                yield take_in_result(work, path, self.receiving, KEYS)

    # ------------------------------------------------------------------ after issue
    def at_shop(self, serial: str, urls: dict[str, str], amount: int) -> None:
        with open_connection(urls[serial]) as connection:
            sale = self._terminal.debit(connection, Basket.of(("BERAS", 1, amount)))
        self.spent[serial] = self.spent.get(serial, 0) + amount
        self.receipts.append(sale.receipt)

    def deliver(self, serial: str, urls: dict[str, str]) -> Receipt:
        """The newest update to the card, at a counter."""
        with open_connection(urls[serial]) as connection:
            receipt = self._terminal.deliver(connection, self.newest(serial)).receipt
        return receipt

    def stopped(self, serials: Sequence[str], urls: dict[str, str]) -> None:
        """Every second one is in hand and says so, the others are lost; money is counted for the next card."""
        keys = ReceiptKeys(KEYS)
        in_hand = set(serials[::2])
        for serial in serials:
            self.move(serial, "block" if serial in in_hand else "report-lost")
        self.run(RunKind.BLOCK, *serials)
        with self.bank.work(self.operator) as work:
            saw(work, [GenuineReceipt(one, keys) for one in self.receipts])
        for serial in serials:
            proof = GenuineReceipt(self.deliver(serial, urls), keys) if serial in in_hand else None
            with self.bank.work(self.operator) as work:
                decide(work, serial, "a reason", stopped=proof)

    def move(self, serial: str, name: str, receipt: Receipt | None = None) -> None:
        proof = None if receipt is None else GenuineReceipt(receipt, ReceiptKeys(KEYS))
        with self.bank.work(self.operator) as work:
            move(work, serial, name, uid=f"{name}-{serial}", at=work.at, reason="a reason", receipt=proof)

    def status(self, url: str) -> CardStatus:
        with open_connection(url) as connection:
            return Reader(SoftwareTerminalKeys(KEYS)).status(connection)

    def cards(self, *states: str) -> dict[str, CardRow]:
        with self.bank.reading() as session:
            wanted = select(CardRow).order_by(CardRow.serial)
            if states:
                wanted = wanted.where(CardRow.state.in_(states))
            return {row.serial: row for row in session.scalars(wanted)}

    @property
    def _terminal(self) -> Terminal:
        return Terminal(SoftwareTerminalKeys(KEYS), self.journal)

    def leaks(self, content: bytes) -> list[str]:
        """What of the extract stands in some bytes as it is, names in any case; short names are no evidence."""
        wanted = {word.lower().encode() for word in self.private if len(word) > 6}
        plain, found = content.lower(), []
        around: dict[bytes, list[tuple[int, bytes]]] = {}  # names by what is around their first blank: there are many
        for word in wanted:
            if place := _BLANK.search(word):
                around.setdefault(place[1], []).append((place.start(), word))
        for place in _BLANK.finditer(plain):
            for before, word in around.get(place[1], ()):
                if plain.startswith(word, place.start() - before):
                    found.append(word)
        for digits in re.findall(rb"\d{16,}", plain):
            found += [digits[at : at + 16] for at in range(len(digits) - 15) if digits[at : at + 16] in wanted]
        found += [word for word in wanted if not word.isdigit() and not _BLANK.search(word) and word in plain]
        return [one.decode() for one in found]
