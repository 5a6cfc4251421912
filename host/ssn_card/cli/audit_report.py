# SPDX-License-Identifier: Apache-2.0
"""``ssn audit report``: verifies a store, reconciles it, applies the rules, and writes what came of it for people."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType

from ssn_card.audit.books import judge, open_books
from ssn_card.audit.proof import Keys, unchanged
from ssn_card.audit.proof.statement import StatedInput
from ssn_card.audit.reconcile import reconcile
from ssn_card.audit.report.compose import LANGUAGES
from ssn_card.audit.report.data import ReportData, Suspect
from ssn_card.audit.report.gather import Audited, gather, require_reason
from ssn_card.audit.report.sections.naming import called
from ssn_card.audit.report.speech import Speech
from ssn_card.audit.report.write import Signing, require_new_report, write_report
from ssn_card.audit.rules import apply_rules, find_rules, load_parameters
from ssn_card.programme.zone import WITA
from ssn_card.protocol.errors import Text, default_language

from .audit_books import side_files
from .audit_inputs import measured, receipts_in
from .audit_judging import files_beside, signing_key, what_is_given
from .audit_options import Languages, ReportOptions
from .bars import bars
from .errors import BadArgument
from .judging import JudgingOptions
from .options import ReceiptKeyOptions
from .output import emit
from .tables import sentence, table

_EPOCH = "SOURCE_DATE_EPOCH"  #: https://reproducible-builds.org/specs/source-date-epoch/


class Ruling(Enum):
    """Steps of this command; the value is its text in English and Indonesian."""

    RECONCILE = Text("Reconciling", "Merekonsiliasi")
    APPLY = Text("Applying the rules", "Menerapkan aturan")


def reported(
    store: Path,
    data: Path,
    judging: JudgingOptions,
    keys: ReceiptKeyOptions,
    parameters: Path | None,
    pages: ReportOptions,
    out: Path,
    key: Path | None,
    json: bool,
) -> None:
    """The command. Raises what verifying, opening the books, reconciling and writing raise."""
    require_new_report(out)
    require_reason(pages.because)
    dated, rules = _dated(pages.date), find_rules()
    languages = LANGUAGES if pages.language is Languages.BOTH else (pages.language.value,)
    beside = [*files_beside(judging), *side_files(data)]
    if parameters is not None:
        beside.append(("parameters", parameters))
    with keys.provider() as provider, bars(json) as told:
        signer, keyed = signing_key(key), Keys.of(provider)
        inputs = measured(receipts_in([store], ()), beside, told)
        stated = [StatedInput.of(one) for one in inputs]
        chosen = load_parameters(rules, parameters)  # as it was measured
        judged = judge(store, provider, what_is_given(judging), progress=told)
        with open_books(store, data, judged) as books:
            told(Ruling.RECONCILE, 0, 1)
            accounts = reconcile(books.connection, books.tables)
            told(Ruling.RECONCILE, 1, 1)
            outcome = apply_rules(books, chosen, rules, lambda done, of: told(Ruling.APPLY, done, of))
            audited = Audited(books, judged.report, judging.whole, accounts, rules, outcome, keyed, stated)
            made = gather(audited, dated=dated, because=pages.because)
            unchanged(inputs)
        options = {"whole": judging.whole, "baskets": not judging.no_baskets, "personal_data": pages.because}
        written = write_report(out, made, Signing(stated, keyed, options, signer), languages, told)
    emit("audit-report", _data(made, written, signer is not None), json, lambda: Group(*_rendered(made, out, written)))


def _dated(given: str | None) -> dt.date | None:
    """The day that stands on the report, where somebody says. Raises :class:`BadArgument`."""
    if given is not None:
        with suppress(ValueError):
            return dt.date.fromisoformat(given)
        raise _no_day(given, "--date", Text("Give it as 2026-12-31.", "Tulis seperti 2026-12-31."))
    epoch = os.environ.get(_EPOCH)
    if not epoch:
        return None
    with suppress(ValueError, OverflowError, OSError):
        return dt.datetime.fromtimestamp(int(epoch), WITA).date()
    raise _no_day(epoch, _EPOCH, Text("Give seconds since 1970, or unset it.", "Isi detik sejak 1970, atau hapus."))


def _no_day(given: str, where: str, remedy: Text) -> BadArgument:
    text = Text("{given!r} is no day.", "{given!r} bukan tanggal.").filled(given=given)
    return BadArgument(text, where=where, remedy=remedy)


def _data(made: ReportData, written: Sequence[Path], signed: bool) -> dict[str, Any]:
    return {
        "files": [str(path) for path in written],
        "signed": signed,
        "dated": made.dated.isoformat(),
        "genuine": made.totals.receipts,
        "findings": made.checked.figures["found"],
        "visits": [{"subject": one.subject.value, "who": one.who, "score": one.score} for one in made.visits],
        "not_judged": [rule.code for rule in made.rules if rule.not_judged],
    }


def _rendered(made: ReportData, out: Path, written: Sequence[Path]) -> Iterator[RenderableType]:
    speech = Speech(default_language())
    if made.visits:
        columns = ((Text("whom to visit", "yang perlu dikunjungi"), "left"), (Text("rules", "aturan"), "left"))
        yield table(None, columns, (_row(one, speech) for one in made.visits))
    else:
        yield sentence(Text("Nobody stands out enough for a visit.", "Tidak ada yang cukup menonjol untuk dikunjungi."))
    yield ""
    count = len(written)
    yield sentence(Text(f"Written to {out}: {count} files.", f"Tertulis di {out}: {count} berkas."))


def _row(one: Suspect, speech: Speech) -> tuple[str, str]:
    return called(one, speech), ", ".join(flag.rule for flag in one.flags)
