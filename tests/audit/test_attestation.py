# SPDX-License-Identifier: Apache-2.0
"""What was judged, signed: bound to the inputs, the findings and the auditor's key, and refused for any byte of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.audit.full_disk import disk_of
from tests.receipts.made import PROVIDER, flip, history

from ssn_card.audit.proof import (
    Input,
    Keys,
    Statement,
    check_attestation,
    create_attestation,
    recording,
    require_new,
    unchanged,
)
from ssn_card.audit.proof.errors import (
    AttestationNotWritten,
    AttestedFilesDiffer,
    FindingsLost,
    FindingsUnreadable,
    InputChanged,
    NotAttestable,
)
from ssn_card.audit.proof.findings import Ledger
from ssn_card.keys import CardKeyFile, export_receipt_keys
from ssn_card.protocol.errors import SsnCardError
from ssn_card.receipts import Problem, ReceiptVerifier, Report, line_of
from ssn_card.receipts.receipt import Receipt
from ssn_card.signing import AttestationRefused, AttestationUnreadable, UnknownAttestation, public_pem
from ssn_card.signing.signed import second_line

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
NOW = dt.datetime(2026, 1, 31, 23, 59, 58, 999_999, dt.timezone(dt.timedelta(hours=8)))
HISTORY = history()


class Audit:
    """One audit of two shops' files, with a forged receipt, a gap and a list, and its attestation."""

    def __init__(self, folder: Path) -> None:
        self.one, self.two, self.blocked = folder / "toko-1.jsonl", folder / "toko-2.jsonl", folder / "blocked.csv"
        self.one.write_text("".join(line_of(Receipt(raw)) + "\n" for raw in HISTORY[:5]))
        self.two.write_text("".join(line_of(Receipt(raw)) + "\n" for raw in [flip(HISTORY[6], 40), *HISTORY[8:]]))
        self.blocked.write_text("serial\n0000000000000001\n")
        self.findings, self.path = folder / "findings.csv", folder / "audit.attestation"
        inputs = [Input.measured("receipts", one) for one in (self.one, self.two)]
        inputs.append(Input.measured("blocked", self.blocked))
        with recording(self.findings) as ledger:
            self.report = ReceiptVerifier(PROVIDER).verify_files([self.one, self.two], first=None)
            for finding in [*self.report.findings, *self.report.gaps, *self.report.backdated]:
                ledger.add(finding)
            unchanged(inputs)
            self.statement = stated(self.report, ledger, inputs)
        create_attestation(self.path, self.statement, KEY)

    @property
    def inputs(self) -> list[Path]:
        return [self.one, self.two, self.blocked]


def stated(report: Report, ledger: Ledger, inputs: list[Input]) -> Statement:
    counted = [one.counted(report.files[str(one.path)]) if one.kind == "receipts" else one for one in inputs]
    return Statement.of(
        report,
        ledger,
        inputs=counted,
        keys=Keys.of(PROVIDER),
        options={"whole": False, "baskets": True, "max_findings": None, "scheduler": "none", "partitions": 4},
        engine="kernel",
        now=NOW,
    )


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    return Audit(tmp_path)


def test_an_attestation_states_what_was_judged(audit: Audit) -> None:
    found = check_attestation(audit.path, PUBLIC, inputs=audit.inputs, findings=audit.findings)
    assert found.not_given == ()
    assert found.statement == audit.statement
    told = json.loads(audit.path.read_bytes().splitlines()[0])
    assert set(told) == {
        "schema", "auditor_clock", "software", "protocol", "receipt_layout", "engine", "inputs", "keys", "options",
        "counts", "kinds", "findings",
    }  # fmt: skip
    assert told["schema"] == "ssn-card/attestation/1"
    assert told["auditor_clock"] == "2026-01-31T15:59:58+00:00"
    assert told["software"].startswith("ssn-card")
    assert (told["protocol"], told["receipt_layout"], told["engine"]) == (1, HISTORY[0][65], "kernel")
    assert told["inputs"] == [
        {
            "kind": kind,
            "name": str(path),
            "rows": rows,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "size": path.stat().st_size,
        }
        for kind, path, rows in (
            ("receipts", audit.one, 5),
            ("receipts", audit.two, 5),
            ("blocked", audit.blocked, None),
        )
    ]
    assert told["keys"] == {"provider": "DevelopmentKeyring", "versions": [1, 2, 3], "cards": None}
    assert told["options"] == {
        "whole": False, "baskets": True, "max_findings": None, "scheduler": "none", "partitions": 4,
    }  # fmt: skip
    assert told["kinds"] == {"forged": 1, "no_basket": 5, "not_handed_in": 1}
    assert told["counts"] == audit.report.figures
    assert (told["counts"]["genuine"], told["counts"]["rejected"], told["counts"]["found"]) == (9, 1, 6)
    assert told["findings"]["count"] == 7


def test_the_time_is_this_clocks_unless_told(audit: Audit) -> None:
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    with recording(None) as ledger:
        for finding in [*audit.report.findings, *audit.report.gaps]:
            ledger.add(finding)
        statement = Statement.of(audit.report, ledger, inputs=[], keys=Keys.of(PROVIDER), options={}, engine="lockstep")
    assert before <= dt.datetime.fromisoformat(statement.auditor_clock) <= dt.datetime.now(dt.UTC)


def test_no_key_is_in_it(audit: Audit, tmp_path: Path) -> None:
    path = tmp_path / "keys.jsonl"
    export_receipt_keys(PROVIDER, [bytes(8), HISTORY[0][67:75]], [1, 2], path, "gula satu kilo")
    with CardKeyFile.open(path, "gula satu kilo") as listed:
        assert Keys.of(listed).model_dump() == {"provider": "CardKeyFile", "versions": [1, 2], "cards": 2}
    secret = KEY.private_bytes_raw()
    assert secret.hex() not in audit.path.read_text()


def test_another_program_can_check_it(audit: Audit, tmp_path: Path) -> None:
    """OpenSSL, over the bytes of the first line."""
    line, second = audit.path.read_bytes().splitlines()
    told = json.loads(second)
    assert told["signer"] == PUBLIC.public_bytes_raw().hex()
    (tmp_path / "message").write_bytes(line)
    (tmp_path / "signature").write_bytes(bytes.fromhex(told["ed25519"]))
    (tmp_path / "auditor.pem").write_bytes(public_pem(PUBLIC))
    options = ["-pubin", "-inkey", "auditor.pem", "-rawin", "-in", "message", "-sigfile", "signature"]
    ran = subprocess.run(
        ["openssl", "pkeyutl", "-verify", *options], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def refused(path: Path) -> None:
    with pytest.raises(AttestationRefused) as caught:
        check_attestation(path, PUBLIC)
    assert caught.value.where == str(path)


def test_every_byte_counts(audit: Audit) -> None:
    """Each in several other values, among them the ones that change no meaning: another case, another white space."""
    whole, random = audit.path.read_bytes(), Random(5)
    for at, byte in enumerate(whole):
        for value in {byte ^ 0x20, random.randrange(256)} - {byte}:
            audit.path.write_bytes(whole[:at] + bytes((value,)) + whole[at + 1 :])
            refused(audit.path)


def test_nothing_may_be_left_out_or_added(audit: Audit) -> None:
    whole = audit.path.read_bytes()
    line, second = whole.splitlines(keepends=True)
    altered = [whole[:at] for at in range(len(whole))]
    altered += [whole + b"\n", whole + b" ", b"\n" + whole, whole + second, line + whole, line + line, second + line]
    altered += [whole[:at] + extra + whole[at:] for at in range(0, len(whole), 17) for extra in (b" ", b"\n", b"0")]
    altered += [line.replace(b",", b", ", 1) + second, line + second.replace(b":", b": ", 1)]
    for content in altered:
        audit.path.write_bytes(content)
        refused(audit.path)


@pytest.mark.parametrize(
    "second",
    [b"", b"null", b"[]", b"{}", b'{"ed25519":1}', b'{"ed25519":"zz"}', b'{"ed25519":""}', b"[" * 9999, b"\xff"],
)
def test_a_signature_of_another_form(audit: Audit, second: bytes) -> None:
    line = audit.path.read_bytes().splitlines()[0]
    audit.path.write_bytes(line + b"\n" + second)
    refused(audit.path)
    audit.path.write_bytes(line + b"\n" + second + b"\n")
    refused(audit.path)


def test_a_signature_of_another_length(audit: Audit) -> None:
    line = audit.path.read_bytes().splitlines()[0]
    for signature in (b"", KEY.sign(line)[:-1], KEY.sign(line) + b"\x00"):
        audit.path.write_bytes(line + b"\n" + second_line(signature, PUBLIC))
        refused(audit.path)


def test_another_auditors_key_is_none(audit: Audit) -> None:
    other = Ed25519PrivateKey.generate()
    with pytest.raises(AttestationRefused):
        check_attestation(audit.path, other.public_key())
    line = audit.path.read_bytes().splitlines()[0]
    for second in (
        second_line(other.sign(line), PUBLIC),
        second_line(other.sign(line), other.public_key()),
        second_line(KEY.sign(line), other.public_key()),
    ):
        audit.path.write_bytes(line + b"\n" + second)
        refused(audit.path)


@pytest.mark.parametrize(
    ("change", "member"),
    [
        (lambda told: told.update(schema="ssn-card/attestation/2"), "schema"),
        (lambda told: told.update(more=1), "more"),
        (lambda told: told.pop("engine"), "engine"),
        (lambda told: told["inputs"][1].update(sha256="0"), "inputs.1.sha256"),
        (lambda told: told["inputs"][0].update(size=-1), "inputs.0.size"),
        (lambda told: told["counts"].update(lines="5"), "counts.lines"),
        (lambda told: told["findings"].update(count=None), "findings.count"),
    ],
)
def test_what_this_program_does_not_know_is_not_guessed(
    audit: Audit, change: Callable[[dict[str, object]], object], member: str
) -> None:
    told = json.loads(audit.path.read_bytes().splitlines()[0])
    change(told)
    for line in (json.dumps(told).encode(), b"no json"):
        audit.path.write_bytes(line + b"\n" + second_line(KEY.sign(line), PUBLIC))
        with pytest.raises(UnknownAttestation) as caught:
            check_attestation(audit.path, PUBLIC)
        assert caught.value.where == str(audit.path)
        assert caught.value.member == (member if line.startswith(b"{") else "json")


def test_what_may_be_read_in_two_ways_is_not_read(audit: Audit) -> None:
    """Signed by the auditor himself, who would be bound to nothing."""
    line = audit.path.read_bytes().splitlines()[0]
    for other in (
        line.replace(b'"counts":', b'"engine":"lockstep","counts":', 1),
        line.replace(b",", b", ", 1),
        line.replace(b"kernel", b"\\u006bernel"),
        b" " + line,
    ):
        assert json.loads(other) == json.loads(line)
        audit.path.write_bytes(other + b"\n" + second_line(KEY.sign(other), PUBLIC))
        with pytest.raises(UnknownAttestation) as caught:
            check_attestation(audit.path, PUBLIC)
        assert caught.value.member == "json"


def test_files_are_known_by_their_bytes_wherever_they_lie(audit: Audit, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere.jsonl"
    audit.two.rename(moved)
    found = check_attestation(audit.path, PUBLIC, inputs=[moved])
    assert [one.name for one in found.not_given] == [str(audit.one), str(audit.blocked)]
    assert [one.name for one in check_attestation(audit.path, PUBLIC).not_given] == [
        str(audit.one),
        str(audit.two),
        str(audit.blocked),
    ]


def test_every_file_that_differs_is_named(audit: Audit, tmp_path: Path) -> None:
    with audit.two.open("a") as file:
        file.write("\n")
    other = tmp_path / "other.jsonl"
    other.write_text("x")
    audit.findings.write_text(audit.findings.read_text().replace("forged", "missing"))
    with pytest.raises(AttestedFilesDiffer) as caught:
        check_attestation(audit.path, PUBLIC, inputs=[*audit.inputs, other], findings=audit.findings)
    assert {name: why.en for name, why in caught.value.differences.items()} == {
        str(audit.two): "other bytes than those judged",
        str(other): "not among those judged",
        str(audit.findings): "other findings: 7 here, 7 stated",
    }
    assert caught.value.where == str(audit.path)
    for name, why in caught.value.differences.items():
        assert f"{name} ({why.en})" in caught.value.text.en
        assert f"{name} ({why.id})" in caught.value.text.id
    assert caught.value.text.en.startswith("Not as attested: ")


def test_every_byte_of_an_input_counts(audit: Audit) -> None:
    whole = audit.one.read_bytes()
    for at in range(0, len(whole), 7):
        audit.one.write_bytes(whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :])
        with pytest.raises(AttestedFilesDiffer):
            check_attestation(audit.path, PUBLIC, inputs=[audit.one])


def test_the_signature_comes_first(audit: Audit, tmp_path: Path) -> None:
    """Whatever else is wrong, nothing is said of it by a statement that nobody has signed."""
    audit.path.write_bytes(audit.path.read_bytes().replace(b"kernel", b"KERNEL"))
    with pytest.raises(AttestationRefused):
        check_attestation(audit.path, PUBLIC, inputs=[tmp_path / "none"], findings=tmp_path / "none.csv")


def test_findings_that_are_none(audit: Audit, tmp_path: Path) -> None:
    with pytest.raises(FindingsUnreadable):
        check_attestation(audit.path, PUBLIC, findings=tmp_path / "none.csv")
    with pytest.raises(NotAttestable) as caught:
        check_attestation(audit.path, PUBLIC, inputs=[tmp_path / "none"])
    assert caught.value.where == str(tmp_path / "none")


def test_not_all_findings_cannot_be_attested(audit: Audit) -> None:
    with recording(None) as ledger:
        ledger.add(audit.report.findings[0])
        with pytest.raises(FindingsLost) as caught:
            stated(audit.report, ledger, [])
    assert (caught.value.counted, caught.value.kept) == (7, 1)


def test_findings_that_were_only_counted_cannot_be_attested(audit: Audit) -> None:
    audit.report.add_unworded(Problem.FORGED, 2)
    with recording(None) as ledger:
        for finding in [*audit.report.findings, *audit.report.gaps]:
            ledger.add(finding)
        with pytest.raises(FindingsLost) as caught:
            stated(audit.report, ledger, [])
    assert (caught.value.counted, caught.value.kept) == (9, 7)


def test_an_attestation_is_never_replaced(audit: Audit, tmp_path: Path) -> None:
    whole = audit.path.read_bytes()
    refusals: list[Callable[[], None]] = [
        lambda: create_attestation(audit.path, audit.statement, KEY),
        lambda: require_new(audit.path),
    ]
    for refuse in refusals:
        with pytest.raises(AttestationNotWritten) as caught:
            refuse()
        assert caught.value.where == str(audit.path)
        assert caught.value.why.id == "sudah ada"
    assert audit.path.read_bytes() == whole
    dangling = tmp_path / "link"
    dangling.symlink_to(tmp_path / "nothing")
    with pytest.raises(AttestationNotWritten):
        require_new(dangling)
    require_new(tmp_path / "new")
    with pytest.raises(AttestationNotWritten) as caught:
        create_attestation(tmp_path / "no" / "x", audit.statement, KEY)
    assert caught.value.why.id == "berkas atau folder tidak ada"


@pytest.mark.parametrize("size", [0, 100, 1000])
def test_a_full_disk_leaves_nothing(audit: Audit, tmp_path: Path, size: int) -> None:
    path = tmp_path / "new"
    with disk_of(size), pytest.raises(AttestationNotWritten) as caught:
        create_attestation(path, audit.statement, KEY)
    assert caught.value.why.id == "berkas terlalu besar"
    assert not [one for one in tmp_path.iterdir() if "new" in one.name]


def test_what_cannot_be_read(audit: Audit, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "none", tmp_path / "pipe"):
        with pytest.raises(AttestationUnreadable) as caught:
            check_attestation(path, PUBLIC)
        assert caught.value.where == str(path)
    (tmp_path / "empty").write_bytes(b"")
    refused(tmp_path / "empty")


def test_a_pipe_or_a_folder_cannot_be_attested(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "none", Path("/dev/null")):
        with pytest.raises(NotAttestable) as caught:
            Input.measured("receipts", path)
        assert caught.value.where == str(path)


def test_what_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(3 << 20))
    told: list[int] = []
    found = Input.measured("receipts", path, told.append)
    assert (sum(told), len(told), found.size) == (3 << 20, 3, 3 << 20)
    assert found.sha256 == hashlib.sha256(bytes(3 << 20)).hexdigest()


@pytest.mark.parametrize("what", ["written", "replaced", "removed", "same bytes"])
def test_an_input_that_changed_meanwhile(tmp_path: Path, what: str) -> None:
    kept, path = tmp_path / "kept", tmp_path / "x"
    for one in (kept, path):
        one.write_text("one\n")
    inputs = [Input.measured("receipts", one) for one in (kept, path)]
    unchanged(inputs)
    if what == "written":
        path.write_text("two\n")
    elif what == "replaced":
        (tmp_path / "new").write_text("one\n")
        (tmp_path / "new").replace(path)
    elif what == "removed":
        path.unlink()
    else:
        before = path.stat()
        path.write_text("one\n")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(InputChanged) as caught:
        unchanged(inputs)
    assert caught.value.where == str(path)


def test_an_input_that_changes_while_it_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(3 << 20))

    def meddle(size: int) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    with pytest.raises(InputChanged):
        Input.measured("receipts", path, meddle)


def test_every_error_names_a_remedy_in_both_languages(audit: Audit, tmp_path: Path) -> None:
    audit.path.write_bytes(b"x")
    with pytest.raises(SsnCardError) as caught:
        check_attestation(audit.path, PUBLIC)
    assert caught.value.remedy.en.startswith("Believe nothing in it")
    assert caught.value.remedy.id.startswith("Jangan percayai isinya")
