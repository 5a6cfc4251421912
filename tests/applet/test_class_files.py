# SPDX-License-Identifier: Apache-2.0
"""The reader of class files: against javap, and against files that are no class files."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ssn_card.applet_tools import BadClassFile, NoClasses, check_directory
from ssn_card.applet_tools.api import java_card_222
from ssn_card.applet_tools.bytecode import decode
from ssn_card.applet_tools.check import check_program
from ssn_card.applet_tools.classfile import parse_class, read_class
from ssn_card.applet_tools.program import Program
from ssn_card.protocol.errors import SsnCardError

from .snippets import ACCEPTED, BROKEN, Snippet

_JAVAP_LINE = re.compile(r"^ +(\d+): ([a-z][a-z_0-9]*)\b", re.MULTILINE)
_BY_NAME = {snippet.name: snippet for snippet in (*BROKEN, *ACCEPTED)}


@pytest.mark.parametrize("name", ["string_switch", "in_switch", "many_locals", "doubles", "finally_result", "lambda"])
def test_instructions_are_those_of_javap(name: str, compiled: Callable[[Snippet], Path]) -> None:
    path = compiled(_BY_NAME[name]) / "A.class"
    said = subprocess.run(["javap", "-c", "-p", str(path)], check=True, capture_output=True, text=True).stdout
    theirs = [(int(at), _long_form(mnemonic)) for at, mnemonic in _JAVAP_LINE.findall(said)]
    ours = [
        (instruction.offset, instruction.mnemonic)
        for method in read_class(path).methods
        if method.code is not None
        for instruction in decode(method.code.bytecode)
    ]
    # The rows of switches look like instructions without a name and are not matched.
    assert ours == theirs


def _long_form(mnemonic: str) -> str:
    stem, _, last = mnemonic.rpartition("_")
    if last == "w" and stem in ("iload", "istore", "aload", "astore", "iinc"):
        return stem
    return stem if re.fullmatch("[ilfda](load|store)", stem) else mnemonic


def test_a_file_cut_anywhere_is_refused(compiled: Callable[[Snippet], Path]) -> None:
    data = (compiled(_BY_NAME["constants"]) / "A.class").read_bytes()
    attributes = data.rindex(b"\0\0\0\2", 0, len(data) - 2) - 4  # SourceFile, which nobody reads
    for length in range(attributes):
        with pytest.raises(BadClassFile):
            Program.of({"A.class": data[:length]}, java_card_222())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(damage=[(54, ord(":"))])  # in a method's name, where a place in a class has its line
@given(damage=st.lists(st.tuples(st.integers(8, 10_000), st.integers(0, 255)), min_size=1, max_size=4))
def test_damage_ends_in_an_error_of_ours(damage: list[tuple[int, int]], compiled: Callable[[Snippet], Path]) -> None:
    data = bytearray((compiled(_BY_NAME["through_override"]) / "A.class").read_bytes())
    for at, value in damage:
        data[at % len(data)] = value
    try:
        check_program(Program([parse_class(bytes(data), "A.class")], java_card_222()))
    except SsnCardError as error:
        assert isinstance(error, BadClassFile)  # noqa: PT017


def test_other_files_and_empty_directories(tmp_path: Path) -> None:
    with pytest.raises(NoClasses):
        check_directory(tmp_path)
    (tmp_path / "A.class").write_bytes(b"PK\3\4")
    with pytest.raises(BadClassFile) as caught:
        check_directory(tmp_path)
    assert caught.value.where == str(tmp_path / "A.class")


def test_the_api_list_is_whole() -> None:
    """Figures of the 2.2.2 API, and nothing of later versions."""
    api = java_card_222()
    assert len(api) == 93
    assert sum(len(entry.methods) for entry in api.values()) == 379
    assert all(above in api for entry in api.values() for above in entry.above)
    assert "getInstance(BZ)Ljavacardx/crypto/Cipher;" in api["javacardx/crypto/Cipher"].methods
    assert "getInstance(BBZ)Ljavacardx/crypto/Cipher;" not in api["javacardx/crypto/Cipher"].methods
