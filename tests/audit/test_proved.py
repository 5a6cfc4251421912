# SPDX-License-Identifier: Apache-2.0
"""An audit with its proof: one set of findings has one hash, whoever judged; and what goes wrong leaves nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.audit.handed_in import HandedIn, handed_in
from tests.receipts.made import PROVIDER

from ssn_card.audit.engine import choose
from ssn_card.audit.proof import Attest, Input, Ledger, check_attestation, check_findings, proved
from ssn_card.audit.proof.errors import (
    AttestationNotWritten,
    FindingsNotWritten,
    InputChanged,
    NotAttestable,
    UnknownFindingsFormat,
)
from ssn_card.audit.proof.proved import Verify
from ssn_card.audit.team import Threads
from ssn_card.audit.verify import BulkVerifier, Given
from ssn_card.audit.wanted import Wanted
from ssn_card.protocol.errors import SsnCardError
from ssn_card.receipts import ReceiptVerifier
from ssn_card.receipts.errors import NoReceipts

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> HandedIn:
    return handed_in(tmp_path_factory.mktemp("given"), Random(11), 12)


def bulk(given: HandedIn, wanted: Wanted = Wanted.LOCKSTEP, threads: int = 1) -> Verify:
    verifier = BulkVerifier(PROVIDER, choose(wanted), Threads(threads))
    return lambda sink: verifier.verify(given.files, Given(given.tips, first=3, searched=None), sink=sink)


def attest(path: Path, files: list[Path], engine: str = "lockstep") -> Attest:
    options = {"whole": False, "baskets": True}
    return Attest(path, KEY, lambda: [Input.measured("receipts", file) for file in files], PROVIDER, options, engine)


def test_one_hash_whoever_judged(given: HandedIn, tmp_path: Path) -> None:
    judge = ReceiptVerifier(PROVIDER).verify_files(given.files, given.tips, first=None)
    with Ledger() as ledger:
        for one in judge.kept:
            ledger.add(one)
        expected = ledger.count, ledger.sha256()
    assert expected[0] > 100
    seen: set[bytes] = set()
    ways = [(Wanted.LOCKSTEP, 1), (Wanted.LOCKSTEP, 2), (Wanted.AUTO, 1), (Wanted.AUTO, 2)]
    for number, ((wanted, threads), suffix) in enumerate(zip(ways, ("jsonl", "csv", "parquet", "jsonl"), strict=True)):
        findings, path = tmp_path / f"{number}.{suffix}", tmp_path / f"{number}.attestation"
        report = proved(bulk(given, wanted, threads), findings, attest(path, given.files))
        assert report.figures == judge.figures
        assert check_findings(findings) == expected
        statement = check_attestation(path, KEY.public_key(), inputs=given.files, findings=findings).statement
        assert (statement.findings.count, statement.findings.sha256) == expected
        assert {one.name: one.rows for one in statement.inputs} == judge.files
        assert statement.counts == judge.figures
        seen.add(statement.model_copy(update={"auditor_clock": ""}).canonical())
    assert len(seen) == 1


def test_without_either_nothing_is_set_down() -> None:
    asked: list[object] = []

    def verify(sink: object) -> object:
        asked.append(sink)
        raise NoReceipts("x")

    with pytest.raises(NoReceipts):
        proved(verify)  # type: ignore[arg-type]
    assert asked == [None]


def never(sink: object) -> object:
    pytest.fail("the audit must not begin")


def test_what_can_be_refused_is_refused_before_it_begins(given: HandedIn, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("x")
    wrong: list[tuple[type[SsnCardError], Path | None, Attest | None]] = [
        (UnknownFindingsFormat, tmp_path / "x.txt", None),
        (FindingsNotWritten, tmp_path / "no" / "x.csv", None),
        (AttestationNotWritten, None, attest(taken, given.files)),
        (NotAttestable, tmp_path / "x.csv", attest(tmp_path / "a", [tmp_path / "none"])),
    ]
    for error, findings, wanted in wrong:
        with pytest.raises(error):
            proved(never, findings, wanted)  # type: ignore[arg-type]
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]


def test_an_input_that_changes_meanwhile_leaves_nothing(given: HandedIn, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(given.files[0].read_bytes())
    verify = BulkVerifier(PROVIDER, choose(Wanted.LOCKSTEP), Threads(1)).verify

    def meddled(sink: object) -> object:
        report = verify([file], sink=sink)  # type: ignore[arg-type]
        with file.open("a") as stream:
            stream.write("\n")
        return report

    with pytest.raises(InputChanged) as caught:
        proved(meddled, tmp_path / "found.csv", attest(tmp_path / "a", [file]))  # type: ignore[arg-type]
    assert caught.value.where == str(file)
    assert [one.name for one in tmp_path.iterdir()] == ["x.jsonl"]


def test_findings_alone_and_an_attestation_alone(given: HandedIn, tmp_path: Path) -> None:
    report = proved(bulk(given), tmp_path / "found.parquet")
    assert check_findings(tmp_path / "found.parquet")[0] == sum(report.all_counts.values())
    proved(bulk(given), None, attest(tmp_path / "a", given.files))
    statement = check_attestation(tmp_path / "a", KEY.public_key(), findings=tmp_path / "found.parquet").statement
    assert statement.options == {"whole": False, "baskets": True}
    assert statement.keys.provider == "DevelopmentKeyring"
