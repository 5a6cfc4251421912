# SPDX-License-Identifier: Apache-2.0
"""``ssn audit verify``: runs a verification, shows what it came to, and has it signed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Group, RenderableType

from ssn_card.audit.collect import Sink
from ssn_card.audit.engine import Chosen, Wanted, choose
from ssn_card.audit.proof import Advance, Attest, proved, read_signing_key, require_new
from ssn_card.audit.sources import find_sources
from ssn_card.audit.team import Team, Threads
from ssn_card.audit.verify import SEARCHED, BulkVerifier, Given
from ssn_card.audit.work import processors
from ssn_card.protocol.errors import Text
from ssn_card.receipts import Progress, Report, Sources, Stage

from .audit_inputs import judged, judging_by
from .audit_options import AttestOptions, RunOptions
from .card_lists import lists_dict
from .errors import BadArgument, ExtraMissing, FindingsFound
from .judging import JudgingOptions, bars
from .options import ReceiptKeyOptions
from .output import emit
from .passwords import password_of
from .receipt_report import rendered, report_dict
from .tables import sentence


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
    key = _signing_key(attest)
    engine, team = choose(Wanted(run.engine)), _team(run)
    ends, lists = judging.ends(), judging.read()
    given = Given(
        ends,
        lists,
        whole=judging.whole,
        baskets=not judging.no_baskets,
        first=judging.first,
        searched=None if judging.first is None else max(judging.first, SEARCHED),
    )
    sources = find_sources(paths)
    took = 0.0

    with keys.provider() as provider, bars(json) as told:

        def verify(sink: Sink | None) -> Report:
            nonlocal took
            began = time.monotonic()
            found = BulkVerifier(provider, engine, team).verify(sources, given, sink=sink, progress=told)
            took = time.monotonic() - began
            return found

        wanted = None
        if key is not None and attest.attest is not None:
            inputs = chain(judged(sources), judging_by(judging))
            options = {"whole": given.whole, "baskets": given.baskets, "searched": given.searched}
            wanted = Attest(attest.attest, key, inputs, provider, options, engine.name)
        report = proved(verify, findings, wanted, _measuring(sources, told))
    data = report_dict(report, sources) | {
        "lists": lists_dict(lists),
        "engine": engine.name,
        "seconds": round(took, 3),
        "findings_file": findings and str(findings),
        "attestation": attest.attest and str(attest.attest),
    }
    emit("audit-verify", data, json, lambda: _rendered(report, sources, engine, took))
    if not report.clean:
        raise FindingsFound(report.found, paths[0] if len(paths) == 1 else None)


def _team(run: RunOptions) -> Team:
    if run.scheduler is None:
        return Threads(run.workers)
    try:
        from ssn_card.audit.cluster import Cluster
    except ModuleNotFoundError as error:
        raise ExtraMissing("cluster", error.name or "") from None
    return Cluster(run.scheduler)


def _signing_key(attest: AttestOptions) -> Ed25519PrivateKey | None:
    if (attest.attest is None) != (attest.key is None):
        raise BadArgument(
            Text("An attestation needs a key, and a key an attestation.", "Pernyataan dan kunci harus bersamaan."),
            where="--attest, --key",
            remedy=Text("Give both --attest FILE and --key FILE.", "Berikan --attest FILE dan --key FILE."),
        )
    if attest.attest is None or attest.key is None:
        return None
    require_new(attest.attest)
    return read_signing_key(attest.key, password_of(attest.key))


def _measuring(sources: Sources, told: Progress) -> Advance:
    """Progress while inputs are measured, of about as many bytes as the receipts have."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        told(Stage.MEASURE, done, max(done, sources.size or 0))

    return advance


def _rendered(report: Report, sources: Sources, engine: Chosen, took: float) -> RenderableType:
    rate = report.lines / took if took else 0.0
    how = Text(
        f"Judged by {engine.name} in {took:,.1f} s, {rate:,.0f} receipts/s on {processors()} processors.",
        f"Diperiksa oleh {engine.name} dalam {took:,.1f} detik, {rate:,.0f} kuitansi/detik, {processors()} prosesor.",
    )
    parts: list[RenderableType] = [rendered(report, sources), "", sentence(how)]
    if engine.why.en:
        parts.append(
            sentence(Text("Not the compiled engine: {why}.", "Bukan mesin terkompilasi: {why}.").filled(why=engine.why))
        )
    return Group(*parts)
