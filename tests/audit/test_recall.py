# SPDX-License-Identifier: Apache-2.0
"""What was verified and is as it was is not verified again; and nothing is believed that another could have written."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest
from tests.audit.handed_in import handed_in
from tests.audit.spoilt import honest, serial
from tests.receipts.made import PROVIDER

from ssn_card.audit.engine import Chosen, choose
from ssn_card.audit.errors import RecallNotWritten
from ssn_card.audit.recall import Recall
from ssn_card.audit.rows import Marks
from ssn_card.audit.sources import find_sources
from ssn_card.audit.store import pack
from ssn_card.audit.team import Threads
from ssn_card.audit.verify import BulkVerifier, Given
from ssn_card.keys import KeyProvider
from ssn_card.keys.masters import MasterKeys
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel
from ssn_card.receipts import Finding, Receipt, Report, Tip
from ssn_card.receipts.jsonl import line_of


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Several partitions, of cards with every fault."""
    monkeypatch.setattr(sys.modules["ssn_card.audit.store.pack"], "BUCKET", 100)
    folder = tmp_path / "handed-in"
    folder.mkdir()
    pack(find_sources(handed_in(folder, Random(3), 40).files), tmp_path / "store")
    return tmp_path / "store"


class Auditor:
    """Verifies a store again and again, and counts the rows that an engine is given."""

    def __init__(self, store: Path, provider: KeyProvider = PROVIDER) -> None:
        self.store, self.provider, self.judged = store, provider, 0
        self.record = store.parent / "verified"
        self.findings: list[Finding] = []
        self.used = 0

    def verify(self, given: Given | None = None) -> Report:
        engine, self.judged, self.findings = choose(), 0, []

        def counted(rows, keys, key_of) -> Marks:  # type: ignore[no-untyped-def]
            self.judged += len(rows.raw)
            return engine.judge(rows, keys, key_of)

        recall = Recall.open(self.record, self.provider)
        verifier = BulkVerifier(self.provider, Chosen("counted", counted, engine.search), Threads(1))
        report = verifier.verify([self.store], given, sink=self.findings.append, recall=recall)
        recall.save()
        self.used = recall.used
        return report


def add(store: Path, *numbers: int) -> None:
    """Pack the receipts of some honest cards."""
    file = store.parent / f"more-{numbers[0]}.jsonl"
    file.write_text("\n".join(line_of(Receipt(raw)) for number in numbers for raw in honest(number)))
    pack(find_sources([file]), store)


def test_the_second_time_says_the_same_and_judges_nothing_but_what_lacks_a_key(store: Path) -> None:
    auditor = Auditor(store)
    first, findings, rows = auditor.verify(), auditor.findings, auditor.judged
    assert auditor.used == 0
    second = auditor.verify()
    assert auditor.used > 1
    assert auditor.judged < rows
    assert auditor.findings == findings
    assert second.figures == first.figures


def test_what_has_changed_is_judged_again(store: Path) -> None:
    add(store, *range(500, 510))
    auditor = Auditor(store)
    auditor.verify()
    known = auditor.judged
    add(store, 500_001)
    fresh = Auditor(store)
    fresh.record = store.parent / "none"
    whole = fresh.verify()
    again = auditor.verify()
    assert 0 < auditor.judged < known
    assert again.figures == whole.figures
    assert auditor.findings == fresh.findings


def test_a_tip_concerns_its_card_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["ssn_card.audit.store.pack"], "BUCKET", 100)
    add(tmp_path / "store", *range(20))
    auditor = Auditor(tmp_path / "store")
    auditor.verify()
    everything = auditor.judged
    tips = {serial(3): Tip(len(honest(3)) + 2, bytes(8))}
    told = auditor.verify(Given(tips))
    assert 0 < auditor.judged < everything
    assert told.missing == 2
    assert auditor.verify(Given(tips)).missing == 2
    assert auditor.judged == 0


@pytest.mark.parametrize("terms", [Given(whole=True), Given(baskets=False), Given(searched=1)], ids=repr)
def test_other_terms_are_judged_anew(tmp_path: Path, terms: Given) -> None:
    add(tmp_path / "store", 1)
    auditor = Auditor(tmp_path / "store")
    auditor.verify()
    auditor.verify(terms)
    assert auditor.used == 0


def test_nothing_that_others_could_have_written_is_believed(tmp_path: Path) -> None:
    add(tmp_path / "store", 1, 2)
    auditor = Auditor(tmp_path / "store")
    auditor.verify()
    sealed = auditor.record.read_bytes()
    for at in (0, 20, 60, len(sealed) // 2, len(sealed) - 1):
        auditor.record.write_bytes(sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :])
        auditor.verify()
        assert auditor.used == 0, at
    for content in (b"", sealed[:40], sealed[:-1]):
        auditor.record.write_bytes(content)
        auditor.verify()
        assert auditor.used == 0
    others = MasterKeys({(KeyLabel.RECEIPT, 1): SecretKey(bytes(16))}, "")
    auditor.record.write_bytes(sealed)
    stranger = Auditor(tmp_path / "store", others)
    assert stranger.verify().genuine == 0
    assert stranger.used == 0


def test_another_program_judges_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(tmp_path / "store", 1)
    auditor = Auditor(tmp_path / "store")
    auditor.verify()
    monkeypatch.setattr("ssn_card.audit.recall._program", lambda: b"another")
    auditor.verify()
    assert auditor.used == 0


def test_a_key_that_was_missing_may_be_there_next_time(tmp_path: Path) -> None:
    add(tmp_path / "store", 1)
    one_version = MasterKeys({(KeyLabel.RECEIPT, 9): SecretKey(bytes(16))}, "")
    auditor = Auditor(tmp_path / "store", one_version)
    auditor.verify()
    auditor.verify()
    assert auditor.used == 0


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecallNotWritten):
        Recall.open(Path("/dev/full"), PROVIDER).save()
