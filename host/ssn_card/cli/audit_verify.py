# SPDX-License-Identifier: Apache-2.0
"""``ssn audit verify``: runs a verification, shows what it came to, and has it signed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from rich.console import Group, RenderableType

from ssn_card.audit.collect import Sink
from ssn_card.audit.engine import Chosen, choose
from ssn_card.audit.proof import Attest, proved, require_new
from ssn_card.audit.recall import Recall
from ssn_card.audit.team import Team, Threads
from ssn_card.audit.verify import BulkVerifier
from ssn_card.audit.wanted import Wanted
from ssn_card.audit.work import processors
from ssn_card.protocol.errors import Text
from ssn_card.receipts import Report

from .audit_inputs import measured, receipts_in, require_no_input
from .audit_judging import compiling, files_beside, signing_key, what_is_given
from .audit_options import AttestOptions, RunOptions
from .audit_recall import opened_recall, saved_recall
from .bars import bars
from .card_lists import lists_dict
from .errors import BadArgument, ExtraMissing, FindingsFound
from .judging import JudgingOptions
from .options import ReceiptKeyOptions
from .output import emit
from .receipt_report import rendered, report_dict
from .tables import sentence

_TELLING = 1.0  #: seconds; of a shorter run a rate says how long the program takes to start
_ENGINES = {
    Wanted.KERNEL: Text("kernel (compiled, AES by the processor)", "kernel (terkompilasi, AES oleh prosesor)"),
    Wanted.LOCKSTEP: Text("lockstep (numpy alone)", "lockstep (hanya numpy)"),
}


def verified(
    paths: Sequence[Path],
    judging: JudgingOptions,
    keys: ReceiptKeyOptions,
    run: RunOptions,
    findings: Path | None,
    attest: AttestOptions,
    json: bool,
) -> None:
    """The command. Raises ``FindingsFound`` when anything was found, and what verifying and signing raise."""
    _require_pair(attest)
    _require_all_judged(attest, run)
    beside, given = files_beside(judging), what_is_given(judging)
    sources = receipts_in(paths, (path for _, path in beside))
    require_no_input("--findings", findings, sources, beside)
    require_no_input("--recall", run.recall, sources, beside)
    with keys.provider() as provider:
        key, recall = signing_key(attest.key), opened_recall(run.recall, provider, sources)
        engine, team = choose(run.engine, compiling), _team(run)
        took = 0.0
        with bars(json) as told:

            def judged(sink: Sink | None) -> Report:
                nonlocal took
                began = time.monotonic()
                verifier = BulkVerifier(provider, engine, team)
                report = verifier.verify(sources, given, sink=sink, recall=recall, progress=told)
                took = time.monotonic() - began
                return report

            wanted = None
            if key is not None and attest.attest is not None:
                options = {"whole": given.whole, "baskets": given.baskets, "searched": given.searched}
                measure = partial(measured, sources, beside, told)
                wanted = Attest(attest.attest, key, measure, provider, options, engine.name)
            report = proved(judged, findings, wanted)
    saved_recall(recall)
    data = report_dict(report, sources) | {
        "lists": lists_dict(given.lists),
        "engine": engine.name,
        "seconds": round(took, 3),
        "recalled": 0 if recall is None else recall.used,
        "findings_file": findings and str(findings),
        "attestation": attest.attest and str(attest.attest),
    }
    written = [path for path in (findings, attest.attest) if path is not None]
    how = _how(report, engine, took, run)
    more = _sentences(how, engine, recall, written)
    emit("audit-verify", data, json, lambda: Group(rendered(report, sources), "", *more))
    if not report.clean:
        raise FindingsFound(report.found, paths[0] if len(paths) == 1 else None)


def _require_all_judged(attest: AttestOptions, run: RunOptions) -> None:
    """Whoever signs has looked: of what was judged another time there is another attestation."""
    if attest.attest is not None and run.recall is not None:
        raise BadArgument(
            Text("What is attested is judged whole.", "Yang disaksikan harus diperiksa seluruhnya."),
            where="--attest, --recall",
            remedy=Text("Leave one of the two out.", "Hilangkan salah satu."),
        )


def _team(run: RunOptions) -> Team:
    if run.scheduler is None:
        return Threads(run.workers)
    try:
        from ssn_card.audit.cluster import Cluster
    except ModuleNotFoundError as error:
        raise ExtraMissing("cluster", error.name or "") from None
    return Cluster(run.scheduler)


def _require_pair(attest: AttestOptions) -> None:
    if (attest.attest is None) != (attest.key is None):
        raise BadArgument(
            Text("An attestation needs a key, and a key an attestation.", "Pernyataan dan kunci harus bersamaan."),
            where="--attest, --key",
            remedy=Text("Give both --attest FILE and --key FILE.", "Berikan --attest FILE dan --key FILE."),
        )
    if attest.attest is not None:
        require_new(attest.attest)


def _sentences(how: Text, engine: Chosen, recall: Recall | None, written: Sequence[Path]) -> Iterator[RenderableType]:
    yield sentence(how)
    if engine.why.en:
        why = Text("Not the compiled engine: {why}.", "Bukan mesin terkompilasi: {why}.").filled(why=engine.why)
        yield sentence(why)
    if recall is not None:
        yield sentence(
            Text(
                f"Parts of the store that are as they were and were not judged again: {recall.used}.",
                f"Bagian gudang yang tidak berubah dan tidak diperiksa ulang: {recall.used}.",
            )
        )
    for path in written:
        yield sentence(Text(f"Written: {path}", f"Tertulis: {path}"))


def _how(report: Report, engine: Chosen, took: float, run: RunOptions) -> Text:
    """By which engine it was judged, and how fast where that was not over at once."""
    name, workers = _ENGINES[Wanted(engine.name)], run.workers or processors()
    if took < _TELLING:
        return Text("Judged by {name}.", "Diperiksa oleh {name}.").filled(name=name)
    by = Text(f"by {workers} workers", f"{workers} pekerja")
    if run.scheduler is not None:
        by = Text(f"by the workers of {run.scheduler}", f"pekerja {run.scheduler}")
    return Text(
        "Judged by {name} in {took:,.1f} s: {rate:,.0f} receipts/s {by}.",
        "Diperiksa oleh {name} dalam {took:,.1f} detik: {rate:,.0f} kuitansi/detik, {by}.",
    ).filled(name=name, took=took, rate=report.lines / took, by=by)
