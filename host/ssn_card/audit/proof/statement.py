# SPDX-License-Identifier: Apache-2.0
"""What an attestation states: inputs, keys, options, counts, findings, and by what program it was judged.

No key and no receipt is in it. The time is the auditor's own clock, and is said to be so: a signature proves who states
it, and nothing of when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, Self

from pydantic import BaseModel, Field

from ssn_card.keys import CardKeyFile, KeyProvider
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import PROTOCOL_VERSION, RECEIPT_LAYOUT_VERSION
from ssn_card.receipts import Report
from ssn_card.signing import SHA256_FORM, STRICT, canonical_json

from .errors import FindingsLost
from .findings import Ledger, plain
from .inputs import Input

Option = bool | int | str | None


class StatedInput(BaseModel):
    """An :class:`~.inputs.Input`, by the name that it was given by."""

    model_config = STRICT

    kind: str
    name: str
    sha256: str = Field(pattern=SHA256_FORM)
    size: int = Field(ge=0)
    rows: int | None = Field(ge=0)

    @classmethod
    def of(cls, one: Input) -> Self:
        """As it was measured."""
        return cls(kind=one.kind, name=plain(str(one.path)), sha256=one.sha256, size=one.size, rows=one.rows)


class Keys(BaseModel):
    """Whose keys judged: the class of the provider, RECEIPT's versions that it holds, and of how many cards, if that is
    a number."""

    model_config = STRICT

    provider: str
    versions: list[int]
    cards: int | None

    @classmethod
    def of(cls, provider: KeyProvider) -> Self:
        """Raises ``ProviderClosed``."""
        cards = sum(1 for _ in provider.serials()) if isinstance(provider, CardKeyFile) else None
        return cls(provider=type(provider).__name__, versions=list(provider.versions(KeyLabel.RECEIPT)), cards=cards)


class StatedFindings(BaseModel):
    """How many findings and notes, and the hash that stands for them (:mod:`.findings`)."""

    model_config = STRICT

    count: int = Field(ge=0)
    sha256: str = Field(pattern=SHA256_FORM)


class Statement(BaseModel):
    """What is signed.

    Args:
        auditor_clock: UTC, ISO 8601, to the second.
        software: name and version.
        protocol, receipt_layout: versions that receipts were read by.
        engine: which of the engines judged.
        inputs: every file.
        keys: whose keys.
        options: as they were given, by name: whether the set is whole, whether baskets are due.
        counts: as of ``Report``, by name; amounts in rupiah.
        kinds: how many findings and notes of each kind.
        findings: of all of them together.
    """

    model_config = STRICT

    schema_: Literal["ssn-card/attestation/1"] = Field(
        default="ssn-card/attestation/1", validation_alias="schema", serialization_alias="schema"
    )
    auditor_clock: str
    software: str
    protocol: int
    receipt_layout: int
    engine: str
    inputs: list[StatedInput]
    keys: Keys
    options: dict[str, Option]
    counts: dict[str, int]
    kinds: dict[str, int]
    findings: StatedFindings

    @classmethod
    def of(
        cls,
        report: Report,
        ledger: Ledger,
        *,
        inputs: Iterable[Input],
        keys: Keys,
        options: Mapping[str, Option],
        engine: str,
        now: dt.datetime | None = None,
    ) -> Self:
        """The statement of an audit that is over.

        Args:
            report: what it came to.
            ledger: all of its findings, none left out (``first`` of the verifier must not have been set).
            inputs: what was judged, and the files of tips and cards.
            keys: whose.
            options: see above.
            engine: see above.
            now: instead of the clock's.

        Raises:
            FindingsLost: the ledger has not all that the report has counted.
            FindingsNotWritten: they cannot be sorted.
        """
        kinds = {problem.name.lower(): count for problem, count in report.all_counts.items() if count}
        if sum(kinds.values()) != ledger.count:
            raise FindingsLost(sum(kinds.values()), ledger.count)
        return cls(
            auditor_clock=(now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).isoformat(timespec="seconds"),
            software=software(),
            protocol=PROTOCOL_VERSION,
            receipt_layout=RECEIPT_LAYOUT_VERSION,
            engine=engine,
            inputs=list(map(StatedInput.of, inputs)),
            keys=keys,
            options=dict(options),
            counts=report.figures,
            kinds=kinds,
            findings=StatedFindings(count=ledger.count, sha256=ledger.sha256()),
        )

    def canonical(self) -> bytes:
        """The one text of the statement: JSON in ASCII without white space, members by the alphabet."""
        return canonical_json(self)


def software() -> str:
    """Name and version of this program."""
    try:
        return f"ssn-card {version('ssn-card')}"
    except PackageNotFoundError:  # out of a checkout that is not installed
        return "ssn-card"
