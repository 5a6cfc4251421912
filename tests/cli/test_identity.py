# SPDX-License-Identifier: Apache-2.0
"""``ssn card identity``: on a screen and nowhere else."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console, RenderableType
from tests.card.live_card import LiveCard
from tests.cli.conftest import Ssn
from tests.conftest import IDENTITY

from ssn_card.cli.identity import IdentityUnreadable, Person, parse_identity

ROOT = Path(__file__).parents[2]
ANSWER = b"BENEF001" + IDENTITY


def _on_a_screen(*arguments: str) -> tuple[int, str]:
    """Exit code and screen of ``ssn card identity`` run in a terminal."""
    sources = os.pathsep.join(str(ROOT / name) for name in ("protocol", "host", "personalization", "simulator"))
    screen, end = pty.openpty()
    with os.fdopen(screen, "rb", buffering=0) as reader:
        process = subprocess.Popen(
            [sys.executable, "-m", "ssn_card.cli", "--lang", "en", "card", "identity", *arguments],
            stdin=end,
            stdout=end,
            stderr=end,
            env={**os.environ, "PYTHONPATH": sources, "COLUMNS": "200", "TERM": "dumb"},
        )
        os.close(end)
        shown = b""
        try:
            while chunk := reader.read(4096):
                shown += chunk
        except OSError:  # Linux: the other end is closed
            pass
        return process.wait(30), shown.decode()


@pytest.mark.parametrize("holder", ["registry", "issuer"])
def test_a_screen_shows_the_holder(new_card: Callable[[], LiveCard], holder: str) -> None:
    code, shown = _on_a_screen("--card", new_card().url, "--development", "--as", holder)
    assert code == 0
    for value in (IDENTITY[:8].hex(), IDENTITY[8:16].hex(), "Siti Uji.", b"BENEF001".hex(), "99.01.01"):
        assert value in shown


def test_a_pipe_is_refused_before_the_card_is_touched(ssn: Ssn) -> None:
    # No card answers at that address: had it been asked, the error would be another.
    for more in ((), ("--json",)):
        ran = ssn("card", "identity", "--card", "vpcd:127.0.0.1:1?wait=0", "--development", *more)
        assert ran.code == 1
        assert "on a screen only" in ran.err


def test_there_is_no_trace_of_it(ssn: Ssn) -> None:
    assert ssn("card", "identity", "--trace", "x").code == 2


def test_the_block_is_read_whole_or_not_at_all() -> None:
    person = parse_identity(ANSWER)
    assert (person.nik, person.name, person.kelurahan) == ("9901014101900001", "Siti Uji.", 1)
    for broken in (
        ANSWER[:-1],
        ANSWER + b"x",
        ANSWER[:8],
        b"",
        ANSWER[:8] + b"\xff" + ANSWER[9:],
        ANSWER[:-1] + b"\xff",
    ):
        with pytest.raises(IdentityUnreadable) as caught:
            parse_identity(broken)
        assert "Siti" not in f"{caught.value!r} {caught.value.describe()} {caught.value.__cause__!r}"


def test_the_programmes_number_is_shown_as_everywhere_else() -> None:
    """Numbers of a station are 2 bytes of the station and 6 of a count: no text."""
    number = bytes.fromhex("0009000000000001")
    person = parse_identity(number + IDENTITY)
    assert person.as_dict()["beneficiary_id"] == "0009000000000001"
    assert _shown(person.table()).count("0009000000000001") == 1
    nobody = parse_identity(bytes(8) + IDENTITY)
    assert nobody.as_dict()["beneficiary_id"] is None
    for table in (person.table(), nobody.table()):
        assert not any(ord(letter) < 32 for letter in _shown(table).replace("\n", ""))
    assert _shown(nobody.table()).splitlines()[-1].split()[-1] == "none"


def _shown(table: RenderableType) -> str:
    screen = io.StringIO()
    Console(file=screen, width=100).print(table)
    return screen.getvalue()


def test_repr_hides_theparse_identity() -> None:
    assert repr(parse_identity(ANSWER)) == f"{Person.__name__}()"
