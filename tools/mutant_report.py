# SPDX-License-Identifier: Apache-2.0
"""What became of mutmut's mutants, and whether every survivor is explained. Works in mutmut's directory.

A survivor is explained by an entry of the list: module, function, and the lines that the mutation takes away (``-``)
and adds (``+``), without line numbers or indentation. Three classes need no entries: what only changes the words of a
message (``WORDS``), but none of its figures, since tests hold messages to these and not to their wording; upper and
lower case where they mean the same (``CASELESS``); and arguments that say what holds without them (``DEFAULTS``, and
the type in a ``cast``, which is the type checker's to see).
"""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import get_module_from_key, orig_function_and_class_names_from_key

KILLED = ("killed", "timeout")  #: a mutant that never ends has been noticed
NOT_YET = "not checked"
SKIPPED = 34  #: mutmut's own code for a mutant that it need not judge
#: What takes the words of a message, and how many arguments before the words are something else.
WORDS = {"Text": 0, "BcdError": 0, "TypeError": 0, "_bad": 1, "_bad_field": 2, "_error": 0}

#: Which argument of a method is SQL or the name of an encoding: outside quotes both mean the same in any case.
CASELESS = {"execute": 0, "_entries": 0, "_entry": 0, "_live": 0, "_step": 2, "one": 0, "rows": 0, "executemany": 0}
CASELESS |= {"_look": 0, "_one": 0, "_many": 0, "encode": 0, "decode": 0, "read_text": 0}

#: What an argument of a method is where it is not given.
DEFAULTS = {"from_bytes": "big", "to_bytes": "big", "encode": "utf-8", "decode": "utf-8"}


@dataclass(frozen=True)
class Mutant:
    """One mutant; ``change`` only where it was not killed, ``words`` where it means the same."""

    module: str
    function: str
    status: str
    change: str = ""
    words: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What an explanation names."""
        return self.module, self.function, self.change


def mutants() -> list[Mutant]:
    """Every mutant of the last run."""
    return [
        _mutant(path, name, status_by_exit_code[code])
        for path in walk_mutatable_files()
        for name, code in _data(path).exit_code_by_key.items()
    ]


def forget_unkilled() -> None:
    """Other tests may kill them: judge them again."""
    for path in walk_mutatable_files():
        data = _data(path)
        if data.exit_code_by_key:
            data.exit_code_by_key = {
                name: code if status_by_exit_code[code] == "killed" else None
                for name, code in data.exit_code_by_key.items()
            }
            data.save()


def skip_words() -> None:
    """Spare what changes only words the judgement: no test is meant to kill it, and every test would have to run."""
    for path in walk_mutatable_files():
        data = _data(path)
        for name, code in data.exit_code_by_key.items():
            if status_by_exit_code[code] not in KILLED and _only_words(name, path):
                data.exit_code_by_key[name] = SKIPPED
        if data.exit_code_by_key:
            data.save()


def rejudge(modules: tuple[str, ...], kills: Callable[[str], bool]) -> None:
    """Judge the survivors of some modules a second time; the new verdict is kept."""
    for path in walk_mutatable_files():
        data = _data(path)
        for name, code in data.exit_code_by_key.items():
            open_still = status_by_exit_code[code] not in (*KILLED, NOT_YET, "skipped")
            if open_still and get_module_from_key(name) in modules and kills(name):
                data.exit_code_by_key[name] = 1
                data.save()


def judge(found: Sequence[Mutant], explained: Path) -> list[str]:
    """What has to be done: survivors without an explanation, explanations without a survivor."""
    with explained.open("rb") as file:
        entries = tomllib.load(file)["explained"]
    listed = Counter(
        (entry["module"], entry["function"], "\n".join(normalised(mutant.splitlines())))
        for entry in entries
        for mutant in entry["mutants"]
    )
    left = [one for one in found if one.status not in (*KILLED, NOT_YET) and not one.words]
    keys = {one.key for one in left}
    open_ones = [one for one in left if one.key not in listed]
    not_yet = sum(one.status == NOT_YET for one in found)
    return [
        *([f"not judged yet: {not_yet} mutants"] if not_yet else []),
        *(f"{one.status}: {one.module} {one.function}\n{one.change}" for one in open_ones),
        *(f"stale: {key[0]} {key[1]}\n{key[2]}" for key in listed if key not in keys),
        *(f"twice: {key[0]} {key[1]}\n{key[2]}" for key, times in listed.items() if times > 1),
    ]


def normalised(lines: Iterable[str]) -> list[str]:
    """The lines of a change without indentation."""
    return [f"{line[0]} {' '.join(line[1:].split())}" for line in lines if line.strip()]


def _data(path: Path) -> SourceFileMutationData:
    data = SourceFileMutationData(path=path)
    data.load()
    return data


def _mutant(path: Path, name: str, status: str) -> Mutant:
    function, owner = orig_function_and_class_names_from_key(name)
    function = f"{owner}.{function}" if owner else function
    if status in (*KILLED, NOT_YET):
        return Mutant(get_module_from_key(name), function, status)
    body = get_diff_for_mutant(name, path=path).splitlines()[2:]
    change = "\n".join(normalised(line for line in body if line.startswith(("-", "+"))))
    return Mutant(get_module_from_key(name), function, status, change, _only_words(name, path))


def _only_words(name: str, path: Path) -> bool:
    """Whether the mutation lies in the words of a message, or in what means the same."""
    generated = name.rpartition(".")[2]
    bodies = _wordless_bodies(path)
    return bodies[generated] == bodies[generated.partition("__mutmut_")[0] + "__mutmut_orig"]


@cache
def _wordless_bodies(path: Path) -> dict[str, str]:
    """The syntax trees of all functions of a mutated file, by name, without what is only words."""
    module = ast.parse((Path("mutants") / path).read_text("utf-8"))
    return {
        node.name: "".join(ast.dump(_Wordless().visit(part)) for part in (node.args, *node.body))
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef)
    }


class _Wordless(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id in WORDS:
            first = WORDS[node.func.id]
            computed = [arg for arg in node.args[first:] if not isinstance(arg, ast.Constant)]
            node.args[first:] = [_Unspoken().visit(arg) for arg in computed]
        elif isinstance(node.func, ast.Name) and node.func.id == "cast":
            node.args[:-1] = [ast.Constant(None) for _ in node.args[:-1]]
        elif isinstance(node.func, ast.Attribute):
            self._method(node.func.attr, node)
        return self.generic_visit(node)

    def _method(self, name: str, node: ast.Call) -> None:
        if len(node.args) > CASELESS.get(name, len(node.args)):
            text = node.args[CASELESS[name]]
            for part in text.values if isinstance(text, ast.JoinedStr) else [text]:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    outside_and_inside = enumerate(part.value.split("'"))
                    part.value = "'".join(one if at % 2 else one.lower() for at, one in outside_and_inside)
        if name in DEFAULTS:
            given = DEFAULTS[name]
            node.args = [arg for arg in node.args if not (isinstance(arg, ast.Constant) and arg.value == given)]


class _Unspoken(ast.NodeTransformer):
    """Leaves of a message what is computed: figures and names."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        node.values = [value for value in node.values if isinstance(value, ast.FormattedValue)]
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) else node
