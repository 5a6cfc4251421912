# SPDX-License-Identifier: Apache-2.0
"""``ssn keys ceremony, list, verify, rotate, restore, bench``: as people at a terminal use them."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from pkcs11 import Attribute
from tests.cli.conftest import Ran

from ssn_card.cli import main
from ssn_card.keys import TokenKeyring
from ssn_card.keys.token import TokenUri, ceremony, passage
from ssn_card.keys.token.backup import Backup
from ssn_card.keys.token.objects import final_template
from ssn_card.keys.token.sessions import Line
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel

from .tokens import PIN, Custodians

FILES = ("record.txt", "berita.txt")
URI, BACKUP = "pkcs11:token=ssn", "masters.backup"


@pytest.fixture
def custodians() -> Custodians:
    return Custodians()


@pytest.fixture
def seated(uri: TokenUri, custodians: Custodians, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Custodians:
    """At a terminal in a folder of their own, with an empty token."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", custodians.answer)
    monkeypatch.setenv("SSN_LANG", "en")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return custodians


@pytest.fixture
def run(
    custodians: Custodians, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> Iterator[Callable[..., Ran]]:
    """Runs ``ssn``; in the end no component, key or PIN may be in any output, log or file that is left."""
    caplog.set_level(logging.DEBUG)
    printed: list[str] = []

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        printed.extend((captured.out, captured.err))
        return Ran(code, captured.out, captured.err)

    yield call
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    left = "\n".join((*printed, caplog.text, *(one.decode("latin-1") for one in files), *(one.hex() for one in files)))
    assert len(files) > 1
    assert not any(secret in left.lower() for secret in custodians.secrets)
    assert PIN not in left


def held(run: Callable[..., Ran], *more: object) -> dict[str, Any]:
    ran = run("keys", "ceremony", URI, "--backup", BACKUP, *more, "--json")
    assert ran.code == 0, ran.err
    return ran.json


def test_a_ceremony_makes_all_masters_and_their_backup(seated: Custodians, run: Callable[..., Ran]) -> None:
    done = held(run, "--record", "record.txt")
    assert {(key["label"], key["version"]) for key in done["keys"]} == {
        (str(one), n) for one in KeyLabel for n in (1, 2)
    }
    assert all(key["new"] and not key["imported"] for key in done["keys"])
    assert len({key["kcv"] for key in done["keys"]}) == 26
    listed = run("keys", "list", URI, "--json").json
    assert {(key["label"], key["version"]): key["kcv"] for key in listed["keys"]} == {
        (key["label"], key["version"]): key["kcv"] for key in done["keys"]
    }
    record = Path("record.txt").read_text("utf-8")
    assert done["backup_sha256"] in record
    assert all(key["kcv"] in record for key in done["keys"])
    assert "____" in record
    assert max(map(len, record.splitlines())) <= 100
    verified = run("keys", "verify", URI, "--backup", BACKUP, "--json")
    assert (verified.code, verified.json["faults"]) == (0, [])
    assert sum("PIN" in prompt for prompt in seated.prompts) == 3  # once a command


def test_again_it_changes_nothing(seated: Custodians, run: Callable[..., Ran]) -> None:
    first = held(run)
    before = Path(BACKUP).read_bytes()
    second = held(run)
    assert [key | {"new": True} for key in second["keys"]] == first["keys"]
    assert not any(key["new"] for key in second["keys"])
    assert Path(BACKUP).read_bytes() == before


def test_masters_out_of_components(seated: Custodians, run: Callable[..., Ran]) -> None:
    """What the custodians bring is what derives, to the bit."""
    done = held(run, "--components", "--purpose", "debit", "--purpose", "transport", "--key-version", 4)
    assert [key["label"] for key in done["keys"]] == ["TRANSPORT-ENC", "TRANSPORT-MAC", "TRANSPORT-DEK", "DEBIT"]
    assert all(key["imported"] for key in done["keys"])
    assert len(seated.masters) == 8
    left, right = (one.value() for one in seated.masters[-2:])
    master = SecretKey(bytes(a ^ b for a, b in zip(left, right, strict=True)))
    with TokenKeyring.open(URI, PIN) as keyring:
        assert (
            keyring.diversify(KeyLabel.DEBIT, 4, b"12345678").value()
            == master.derive(b"DEBIT", b"12345678", "").value()
        )


def test_a_slip_is_found_where_it_is_made(seated: Custodians, run: Callable[..., Ran]) -> None:
    seated.slips = 2
    ran = run("keys", "ceremony", URI, "--backup", BACKUP, "--purpose", "debit")
    assert ran.code == 0
    assert ran.err.count("its check value is another") == 2
    seated.slips = 3
    ran = run("keys", "verify", URI, "--backup", BACKUP, "--json")
    assert (ran.code, ran.error["code"]) == (1, "bad-component")
    assert ran.error["where"] == "backup key, custodian 1"


def test_three_custodians(seated: Custodians, run: Callable[..., Ran]) -> None:
    seated.backup[:] = Custodians(3).backup
    held(run, "--custodians", 3, "--purpose", "receipt")
    seated.prompts.clear()
    assert run("keys", "verify", URI, "--backup", BACKUP).code == 0  # which knows how many
    assert sum("of 3, component" in prompt for prompt in seated.prompts) == 3


def test_nothing_is_overwritten(seated: Custodians, run: Callable[..., Ran]) -> None:
    held(run, "--purpose", "debit")
    seated.prompts.clear()
    ran = run("keys", "ceremony", URI, "--backup", "other.backup", "--json")
    assert ran.error["code"] == "master-not-in-backup"
    assert not any("component" in prompt for prompt in seated.prompts)  # nobody typed in vain
    assert not Path("other.backup").exists()


def test_other_components_do_not_open_the_backup(seated: Custodians, run: Callable[..., Ran]) -> None:
    held(run, "--purpose", "debit")
    seated.backup[:] = Custodians(2, seed=2).backup
    assert run("keys", "restore", URI, "--backup", BACKUP, "--json").error["code"] == "wrong-backup-key"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda document: document["keys"][0].__setitem__("label", "UPDATE"), "backup-damaged"),
        (lambda document: document["keys"][0].__setitem__("kcv", "000000"), "backup-damaged"),
        (lambda document: document["keys"][0].__setitem__("version", 9), "backup-damaged"),
        (lambda document: document["keys"].pop(), "backup-damaged"),
        (lambda document: document["keys"][0].__setitem__("label", "NOTHING"), "backup-damaged"),
        (lambda document: document.__setitem__("salt", "00" * 16), "backup-damaged"),
        (lambda document: document.pop("seal"), "backup-damaged"),
        (lambda document: document.__setitem__("version", 2), "unknown-key-file"),
    ],
)
def test_a_changed_backup_is_refused(
    seated: Custodians, run: Callable[..., Ran], change: Callable[[dict[str, Any]], None], code: str
) -> None:
    held(run, "--purpose", "debit")
    path = Path(BACKUP)
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    assert run("keys", "restore", URI, "--backup", path, "--json").error["code"] == code


def test_a_second_token_gets_the_same_masters(
    seated: Custodians, run: Callable[..., Ran], new_token: Callable[[str], TokenUri]
) -> None:
    done = held(run)
    new_token("reserve")
    ran = run("keys", "restore", "pkcs11:token=reserve", "--backup", BACKUP, "--record", "r.txt", "--json")
    assert [key["kcv"] for key in ran.json["keys"]] == [key["kcv"] for key in done["keys"]]
    assert "RECORD OF A RESTORE" in Path("r.txt").read_text()
    with TokenKeyring.open(URI, PIN) as first, TokenKeyring.open("pkcs11:token=reserve", PIN) as second:
        for label in KeyLabel:
            assert first.diversify(label, 2, bytes(8)).value() == second.diversify(label, 2, bytes(8)).value()
    assert run("keys", "verify", "pkcs11:token=reserve", "--backup", BACKUP).code == 0
    assert not any(key["new"] for key in run("keys", "restore", URI, "--backup", BACKUP, "--json").json["keys"])


def test_the_next_version(seated: Custodians, run: Callable[..., Ran]) -> None:
    held(run)
    ran = run("keys", "rotate", URI, "--backup", BACKUP, "--purpose", "debit", "--purpose", "issuer", "--json")
    assert [(key["label"], key["version"]) for key in ran.json["keys"]] == [
        ("ISSUER-ENC", 3), ("ISSUER-MAC", 3), ("ISSUER-DEK", 3), ("DEBIT", 3),
    ]  # fmt: skip
    assert run("keys", "verify", URI, "--backup", BACKUP, "--json").json["faults"] == []
    assert run("keys", "rotate", URI, "--backup", BACKUP, "--json").error["where"] == "--purpose"
    assert (
        run("keys", "rotate", URI, "--backup", "x", "--purpose", "debit", "--json").error["code"] == "keyring-not-found"
    )
    wrong = run("keys", "rotate", URI, "--backup", BACKUP, "--purpose", "DEBIT", "--json")
    assert wrong.error["code"] == "bad-argument"


def test_which_cards_have_moved_on(seated: Custodians, run: Callable[..., Ran]) -> None:
    held(run, "--purpose", "debit", "--purpose", "receipt")
    issue = ("entitlement", "issue", "--register", "register.sqlite", "--policy", 2025, "--tranche", 1, "--development")
    more = ("--allow-expired", "--valid-until", "2079-12-31")
    first, second = "5353000000000001", "5353000000000002"
    assert run(*issue, first, "--new-register", *more, "--next-key", "debit", "--out", "first.jsonl").code == 0
    assert run(*issue, second, *more, "--out", "second.jsonl").code == 0
    rotate = ("keys", "rotate", URI, "--backup", BACKUP, "--purpose", "debit", "--purpose", "receipt")
    ran = run(*rotate, "--register", "register.sqlite", "--json")
    assert ran.json["register"] == {
        "DEBIT": {"cards": 2, "moved": [first]},
        "RECEIPT": {"cards": 2, "moved": []},
    }
    assert "1 / 2" in run(*rotate, "--register", "register.sqlite").out
    assert run(*rotate, "--register", "none.sqlite", "--json").error["code"] == "register-not-found"
    assert [key["version"] for key in run("keys", "list", URI, "--json").json["keys"]] == [1, 2, 3, 4] * 2


def test_a_record_in_indonesian(seated: Custodians, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """But for names of keys, no word is as in English."""
    held(run, "--purpose", "debit", "--record", "record.txt")
    monkeypatch.setenv("SSN_LANG", "id")
    monkeypatch.setattr("getpass.getpass", seated.answer_in_indonesian)
    ran = run("keys", "restore", URI, "--backup", BACKUP, "--record", "berita.txt", "--json")
    assert ran.code == 0, ran.err
    english, indonesian = (
        set(re.findall(r"\b(?=[a-z]*[g-z])[a-z]{4,}\b", Path(name).read_text().lower())) for name in FILES
    )
    assert english & indonesian <= {"debit", "token", "masters", "softhsm", "project", "cmac", "backup"}


def test_a_record_to_print(seated: Custodians, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    held(run, "--purpose", "debit", "--record", "record.pdf")
    assert Path("record.pdf").read_bytes().startswith(b"%PDF-")
    monkeypatch.setitem(sys.modules, "typst", None)
    seated.prompts.clear()
    ran = run("keys", "rotate", URI, "--backup", BACKUP, "--purpose", "debit", "--record", "new.pdf", "--json")
    assert ran.error["code"] == "extra-missing"
    assert seated.prompts == []


def test_a_record_is_never_overwritten(seated: Custodians, run: Callable[..., Ran]) -> None:
    held(run, "--purpose", "debit", "--record", "record.txt")
    before = Path("record.txt").read_text("utf-8")
    seated.prompts.clear()
    ran = run("keys", "rotate", URI, "--backup", BACKUP, "--purpose", "debit", "--record", "record.txt", "--json")
    assert (ran.error["code"], ran.error["where"]) == ("bad-file", "record.txt")
    assert seated.prompts == []
    assert Path("record.txt").read_text("utf-8") == before


def test_faults_are_found(seated: Custodians, run: Callable[..., Ran]) -> None:
    """By somebody with the PIN who puts keys of his own there."""
    assert run("keys", "verify", URI, "--json").error["code"] == "token-holds-no-masters"
    held(run, "--purpose", "debit")

    def meddle(line: Line) -> None:
        place = (KeyLabel.DEBIT, 1)
        own = {
            Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: pkcs11.KeyType.AES,
            Attribute.VALUE: b"mine mine mine!!",
        }  # fmt: skip
        line.session.create_object({**own, **final_template(line.masters._uri, place, b"123")})
        loose = final_template(line.masters._uri, (KeyLabel.DEBIT, 7), b"123") | {Attribute.DERIVE: True}
        del loose[Attribute.MODIFIABLE]
        line.session.create_object({**own, **loose})

    with TokenKeyring.open(URI, PIN) as keyring:
        keyring.sessions.run(meddle)
    ran = run("keys", "verify", URI)
    assert ran.code == 3
    assert "it is there 2 times" in ran.out
    assert "its check value is another; it does not hold to its limits" in ran.out
    ran = run("keys", "verify", URI, "--backup", BACKUP, "--json")
    assert {(one["label"], one["version"], one["why"]) for one in json.loads(ran.out.splitlines()[0])["faults"]} >= {
        ("DEBIT", 7, "it is not in the backup")
    }
    ran = run("keys", "list", URI, "--json")
    assert ran.error["code"] == "master-damaged"


def test_how_fast(seated: Custodians, run: Callable[..., Ran]) -> None:
    held(run, "--purpose", "debit")
    ran = run("keys", "bench", URI, "--seconds", 0.2, "--json").json
    assert ran["one_per_s"] > 100
    assert ran["many_per_s"] > 100
    assert "keys a second" in run("keys", "bench", URI, "--seconds", 0.1).out


def test_where_nobody_can_type(uri: TokenUri, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("keys", "list", URI, "--json").error["code"] == "token-pin-missing"
    monkeypatch.setenv("SSN_TOKEN_PIN", PIN)
    ran = run("keys", "ceremony", URI, "--backup", BACKUP, "--json")
    assert ran.error["where"] == "stdin"
    assert not Path(BACKUP).exists()


def test_a_pin_is_no_argument(uri: TokenUri, run: Callable[..., Ran]) -> None:
    ran = run("keys", "list", "pkcs11:token=ssn?pin-value=0000", "--json")
    assert (ran.error["code"], ran.error["where"]) == ("bad-token-uri", "PKCS#11 URI, character 18")


def test_a_component_is_for_the_screen(uri: TokenUri, run: Callable[..., Ran]) -> None:
    ran = run("keys", "component")
    assert (ran.code, ran.out) == (1, "")
    assert "on a screen only" in ran.err


def test_broken_off_anywhere_it_goes_on(
    seated: Custodians, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before each write of the backup and before each master in the token, and run again."""

    class Killed(BaseException):
        pass

    seen: dict[tuple[str, int], str] = {}
    install, add = passage.install, Backup.add
    for kill_at in range(8):
        steps = 0

        def step(kill_at: int = kill_at) -> None:
            nonlocal steps
            if steps == kill_at:
                raise Killed
            steps += 1

        def killed_install(*arguments: Any, step: Callable[[], None] = step) -> bool:
            step()
            return install(*arguments)

        def killed_add(*arguments: Any, step: Callable[[], None] = step) -> None:
            step()
            add(*arguments)

        monkeypatch.setattr(ceremony, "install", killed_install)
        monkeypatch.setattr(Backup, "add", killed_add)
        with contextlib.suppress(Killed):
            run("keys", "ceremony", URI, "--backup", BACKUP, "--purpose", "debit", "--purpose", "update")
        monkeypatch.setattr(ceremony, "install", install)
        monkeypatch.setattr(Backup, "add", add)
        for key in run("keys", "list", URI, "--json").json["keys"]:
            place = key["label"], key["version"]
            assert seen.setdefault(place, key["kcv"]) == key["kcv"]
    assert len(held(run, "--purpose", "debit", "--purpose", "update")["keys"]) == 4
    assert run("keys", "verify", URI, "--backup", BACKUP, "--json").json["faults"] == []
