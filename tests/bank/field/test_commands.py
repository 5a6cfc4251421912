# SPDX-License-Identifier: Apache-2.0
"""``ssn field`` and ``ssn bank outreach``: in both languages, at any width, and what each of them needs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.bank.cli.conftest import ssn
from tests.bank.conftest import PASSWORD as BANK_PASSWORD
from tests.bank.field.made import PASSWORD, City, serials, update_receipt
from tests.cli.conftest import Ran
from tests.cli.shown import check_languages, check_widths

from ssn_card.bank.field.forms.outcomes import VisitOutcome
from ssn_card.bank.field.tablet.diary import VisitDiary
from ssn_card.bank.field.tablet.folder import TabletIdentity
from ssn_card.bank.field.tablet.packages import packages_of
from ssn_card.bank.store import place
from ssn_card.keys.pem import RECEIVING, SIGNING, public_pem
from ssn_card.terminal import now

__all__ = ["ssn"]


@pytest.fixture
def desk(town: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    """The bank's desk: its keys in files, three cards that wait, a tablet with its package."""
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("SSN_BANK", place.shown(town.bank.url)),
        ("SSN_BANK_USER", "operator"),
        ("SSN_BANK_PASSWORD", BANK_PASSWORD),
        ("SSN_KEYRING_PASSWORD", PASSWORD),
        ("SSN_ATTESTATION_PASSWORD", PASSWORD),
        ("SSN_FIELD", "T-01"),
    ):
        monkeypatch.setenv(name, value)
    town.signing = SIGNING.create(tmp_path / "signing.key", PASSWORD)
    town.receiving = RECEIVING.create(tmp_path / "results.key", PASSWORD)
    (tmp_path / "results.key.pub").write_bytes(public_pem(town.receiving.public_key()))
    town.today = now().date()
    return town


def _visited(who: TabletIdentity, serial: str, **values: Any) -> None:
    with VisitDiary(who) as diary:
        package = packages_of(who)[0]
        person = next(one.person for one in package.persons if one.serial == serial)
        diary.write(
            package=package.id, person=person, serial=serial, outcome=VisitOutcome.ACTIVATED, companion="PD-001",
            at="2025-10-01T03:00:00Z", **values,
        )  # fmt: skip


def test_what_is_shown(desk: City, ssn: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad, absent = serials(3)
    desk.waiting([good, bad, absent])
    who = desk.equipped()
    _visited(who, good, receipt=update_receipt(good).raw.hex())
    _visited(who, bad, receipt=update_receipt(bad).altered(mac=bytes(8)).raw.hex())
    desk.clock.pass_by(days=7)
    result = "T-01/results/T-01-00002.ssnresult"
    assert ssn("field", "export", "--json").json["records"] == 2
    imported = ("bank", "outreach", "import", result, "--private-key", "results.key", "--development")
    first = ssn(*imported, "--json")
    assert first.code == 3
    assert first.out.splitlines()[0].count("receipt-not-genuine") == 1
    numbers = iter(range(100))

    def new(*arguments: object) -> tuple[object, ...]:
        package = f"{next(numbers)}.ssnpackage"
        return (
            "bank", "outreach", "new", "--tablet", "T-01", "--companion", "PD-001", "--kecamatan", "647201",
            "--signer", "signing.key", "--results-to", "results.key.pub", "--out", package, "--development",
        )  # fmt: skip

    made = ssn(*new(), "--json").json
    assert (made["persons"], made["without_update"]) == (2, 0)
    assert ssn("field", "open", "0.ssnpackage", "--json").json["persons"] == 2
    status = ssn("field", "status", "--json").json
    assert (status["persons"], status["done"], status["not_exported"]) == (3, 2, 0)
    for command in (
        lambda: ("field", "status"),
        lambda: ("field", "open", "0.ssnpackage"),
        lambda: ("field", "export"),
        new,
        lambda: imported,
        lambda: ("bank", "outreach", "status", "--development"),
        lambda: ("bank", "outreach", "tablets", "retire", "T-01", "--development"),
    ):

        def show(language: str, width: int, command: Any = command) -> str:
            monkeypatch.setenv("COLUMNS", str(width))
            ran = ssn("--lang", language, *command())
            assert ran.code in (0, 3), ran.err
            return ran.out

        check_languages(show)
        if command is not new and "export" not in command():  # a number of its own each time
            check_widths(show)


@pytest.mark.parametrize(("tablet", "companion"), [("T 01", "PD-001"), ("../T", "PD-001"), ("T-01", "")])
def test_names(desk: City, ssn: Callable[..., Ran], tablet: str, companion: str) -> None:
    public = desk.folder / "signing.key.pub"
    public.write_bytes(public_pem(desk.signing.public_key()))
    ran = ssn(
        "field", "setup", "--tablet", tablet, "--companion", companion, "--public-key", public, "--out-dir", "new",
        "--json",
    )  # fmt: skip
    assert ran.error["where"] == ("--companion" if companion == "" else "--tablet")
    assert not (desk.folder / "new").exists()


def test_the_tablet_needs_nothing_of_the_bank() -> None:
    """Installed with ssn-card[field]: no database, no passwords of bankers, no workbooks."""
    program = (
        "import sys\n"
        "for name in ('sqlalchemy', 'alembic', 'argon2', 'openpyxl', 'python_calamine', 'segno', 'psycopg'):\n"
        "    sys.modules[name] = None\n"
        "import ssn_card.bank.cli.field, ssn_card.bank.field.page.serving, ssn_card.bank.field.tablet.export\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_help_loads_neither_store_nor_page() -> None:
    program = (
        "import contextlib, io, sys\nfrom ssn_card.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n    main.run(['field', 'serve', '--help'])\n"
        "assert not {'sqlalchemy', 'fastapi', 'uvicorn', 'jinja2', 'argon2'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_serve(desk: City, tmp_path: Path) -> None:
    """The page answers on this machine alone, and ends by Ctrl-C."""
    desk.waiting(serials(1))
    desk.equipped()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [Path(sys.executable).parent / "ssn", "field", "serve", "--port", str(port), "--card", "pcsc:", "--json"],
        cwd=tmp_path, env=dict(os.environ), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    url = f"http://127.0.0.1:{port}"
    assert url in running.stdout.readline()
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                page = answer.read().decode()
            break
        except OSError:
            time.sleep(0.1)
    assert "Buka tablet" in page
    listening = Path("/proc/net/tcp").read_text()
    assert f"0100007F:{port:04X}" in listening
    assert f"00000000:{port:04X}" not in listening
    running.send_signal(signal.SIGINT)
    assert running.wait(10) in (0, 130)
