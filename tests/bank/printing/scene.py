# SPDX-License-Identifier: Apache-2.0
"""Cards that were made from an approved batch, of invented persons; and what a PDF holds."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from sqlalchemy import select, update

from ssn_card.bank.known import family_key, likeness, person_key
from ssn_card.bank.life import LifePhase
from ssn_card.bank.people.persons import place_of, sealed_fields
from ssn_card.bank.printing.holders import CardHolder
from ssn_card.bank.proposals import batches, flow
from ssn_card.bank.proposals.batches import BatchChoice
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.batches import BatchItemRow, ProposalKind, ProposalRow
from ssn_card.bank.store.tables.cards import CardRow
from ssn_card.bank.store.tables.people import FamilyRow, PersonRow, PersonState
from ssn_card.bank.store.work import SignedIn, StoreWork

BORN = dt.date(1980, 5, 4)
MADE = dt.datetime(2025, 10, 1, 9, 20)
#: Long, with marks, with an apostrophe, of one word, very short.
NAMES = (
    "Siti Nur'aini Binti Haji Abdurrahman Shiddiq",
    "Ñoño Müller D’Arçy",
    "Abdulmuhaiminurrahmanshalahuddinalayyubiwijaya",
    "Bo",
    "Rahmah Pratama",
    "MUHAMMAD WIRANEGARA KUSUMAWARDHANA HW",
)


def serial(number: int) -> str:
    return f"{0x5353000000000000 + number:016x}"


def card_number(number: int) -> str:
    return f"{0x0001000000000A00 + number:016x}"


def nik(number: int) -> str:
    return f"647201440580{number + 1:04d}"


def holder(number: int, name: str = "Rahmah Pratama", companion: str | None = "PD-001") -> CardHolder:
    return CardHolder(
        serial=serial(number),
        number=card_number(number),
        kode_kecamatan="64.72.01",
        kecamatan="Palaran",
        kelurahan="Handil Bakti",
        companion=companion,
        name=name,
    )


def _person(work: StoreWork, number: int, name: str, kecamatan: str, companion: str | None) -> None:
    family = FamilyRow(key=family_key(f"647201010120{number + 1:04d}", work.secret))
    work.session.add(family)
    work.session.flush()
    key = person_key(nik(number), work.secret)
    fields = sealed_fields(nik(number), f"647201010120{number + 1:04d}", name, BORN, "P", 1)
    work.session.add(
        PersonRow(
            key=key,
            family_id=family.id,
            likeness=likeness(name, BORN, work.secret),
            sealed=work.sealer.seal(fields, place_of(key)),
            kode_kecamatan=kecamatan,
            kelurahan=number % 2 + 1,
            companion=companion,
            state=PersonState.READY,
            since=work.at,
        )
    )


@dataclass
class PrintScene:
    """A store with one batch whose cards are made."""

    bank: Bank
    operator: SignedIn
    second: SignedIn
    batch: str = "first"

    def prepare(self, names: Sequence[str] = NAMES, kecamatan: Sequence[str] = ("64.72.01",)) -> list[str]:
        """Persons, approved, with cards; their serials."""
        with self.bank.work(self.operator) as work:
            for number, name in enumerate(names):
                companion = None if number % 5 == 4 else f"PD-{number % 2 + 1:03d}"
                _person(work, number, name, kecamatan[number % len(kecamatan)], companion)
        with self.bank.work(self.operator) as work:
            batches.submit(work, batches.new(work, self.batch, 2025, 900_000, BatchChoice()))
        with self.bank.work(self.second) as work:
            flow.approve(work, flow.find(work.session, ProposalKind.BATCH, self.batch))
        with self.bank.work(self.operator) as work:
            row = batches.begin(work, self.batch)
            return self._cards(work, row)

    def _cards(self, work: StoreWork, row: ProposalRow) -> list[str]:
        items = select(PersonRow.id, PersonRow.family_id).join(BatchItemRow, BatchItemRow.person_id == PersonRow.id)
        made = []
        for person, family in work.session.execute(items.where(BatchItemRow.proposal_id == row.id)).all():
            made.append(serial(person))
            work.session.add(
                CardRow(
                    serial=serial(person),
                    beneficiary_id=card_number(person),
                    person_id=person,
                    family_id=family,
                    proposal_id=row.id,
                    state=LifePhase.PRODUCED,
                    since=work.at,
                )
            )
        return made

    def move(self, card: str, state: LifePhase) -> None:
        """Put a card where it is, for what became of it elsewhere."""
        with self.bank.work(self.operator) as work:
            work.session.execute(update(CardRow).where(CardRow.serial == card).values(state=state))

    def state(self, card: str) -> LifePhase:
        with self.bank.reading() as session:
            return LifePhase(session.scalars(select(CardRow.state).where(CardRow.serial == card)).one())


@dataclass
class Word:
    """One word on a page, in millimetres from its upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def text_of(paper: bytes) -> str:
    """The text layer; pages end with a form feed."""
    return _program(["pdftotext", "-layout", "-", "-"], paper).decode("utf-8")


def words_of(paper: bytes, page: int = 1) -> list[Word]:
    said = _program(["pdftotext", "-bbox", "-f", str(page), "-l", str(page), "-", "-"], paper).decode("utf-8")
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', said)
    return [Word(html.unescape(text), *(float(one) / 72 * 25.4 for one in box)) for *box, text in found]


def boxes_of(paper: bytes, folder: Path) -> dict[str, tuple[float, float]]:
    """Width and height in millimetres of the boxes of all pages, which must be alike; ``pages``: how many."""
    path = folder / "boxes.pdf"
    path.write_bytes(paper)
    pages = int(re.search(rb"Pages:\s+(\d+)", _program(["pdfinfo", str(path)]))[1])  # type: ignore[index]
    said = _program(["pdfinfo", "-box", "-f", "1", "-l", str(pages), str(path)]).decode()
    boxes: dict[str, tuple[float, float]] = {"pages": (pages, pages)}
    for name in ("MediaBox", "TrimBox"):
        found = {
            (float(right) - float(left), float(top) - float(bottom))
            for left, bottom, right, top in re.findall(rf"{name}:\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)", said)
        }
        ((width, height),) = found
        boxes[name] = width / 72 * 25.4, height / 72 * 25.4
    return boxes


def picture_of(paper: bytes, page: int = 1, dots: int = 300) -> Image.Image:
    """A page in grey."""
    page_range = ["-f", str(page), "-l", str(page)]
    made = _program(["pdftoppm", "-r", str(dots), "-gray", *page_range, "-singlefile", "-", "-"][:-1], paper)
    return Image.open(io.BytesIO(made)).convert("L")


def _program(command: Sequence[str], given: bytes = b"") -> bytes:
    return subprocess.run(command, input=given, capture_output=True, check=True, timeout=60).stdout
