# SPDX-License-Identifier: Apache-2.0
"""``ssn audit verify``: runs a verification, shows what it came to, and has it signed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Group, RenderableType

from ssn_card.audit.engine import Chosen, Wanted, choose
from ssn_card.audit.proof import (
    Input,
    Keys,
    Ledger,
    Statement,
    create_attestation,
    read_signing_key,
    recording,
    require_new,
    unchanged,
)
from ssn_card.audit.sources import find_sources
from ssn_card.audit.sources.packed import MANIFEST
from ssn_card.audit.store import is_store, open_store
from ssn_card.audit.team import Team, Threads
from ssn_card.audit.verify import SEARCHED, BulkVerifier, Given
from ssn_card.audit.work import processors
from ssn_card.keys import KeyProvider
from ssn_card.protocol.errors import Text
from ssn_card.receipts import Report, Sources

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
    inputs = [] if key is None else _measured(sources, judging)
    with keys.provider() as provider, recording(findings) as ledger:
        began = time.monotonic()
        sink = ledger.add if findings is not None or key is not None else None
        with bars(json) as told:
            report = BulkVerifier(provider, engine, team).verify(sources, given, sink=sink, progress=told)
        took = time.monotonic() - began
        if key is not None and attest.attest is not None:
            statement = _statement(report, ledger, inputs, provider, given, engine)
            create_attestation(attest.attest, statement, key)
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


def _measured(sources: Sources, judging: JudgingOptions) -> list[Input]:
    """Every file, by its bytes, before any of it is judged."""
    inputs = []
    for source in sources.files:
        if is_store(source.path):
            store = open_store(source.path)
            store.check()
            inputs.append(Input.measured("store", store.folder / MANIFEST))
        else:
            inputs.append(Input.measured("receipts", source.path))
    kinds = (("tips", [judging.tips] if judging.tips else []), *judging.files())
    return inputs + [Input.measured(kind, path) for kind, files in kinds for path in files]


def _statement(
    report: Report, ledger: Ledger, inputs: list[Input], provider: KeyProvider, given: Given, engine: Chosen
) -> Statement:
    unchanged(inputs)
    counted = [one.counted(report.files[str(one.path)]) if str(one.path) in report.files else one for one in inputs]
    options = {"whole": given.whole, "baskets": given.baskets, "searched": given.searched}
    return Statement.of(report, ledger, inputs=counted, keys=Keys.of(provider), options=options, engine=engine.name)


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
