# SPDX-License-Identifier: Apache-2.0
"""The manifest: what the bank says that a station has issued, signed.

It names every card that is done, in doubt or lost, and where the journal's log stood: no other past of the journal
leads there (:mod:`.log`). No NIK, no name and no key is in it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, Field

from ssn_card.protocol.errors import InputError, Text
from ssn_card.signing import SHA256_FORM, STRICT, Signer, canonical_json, read_signed, signed_text, stated
from ssn_card.storage import whole_file

from .journal import Journal
from .records import BatchStatus, Entry, NumberState

_SERIAL = "^[0-9a-f]{16}$"
_NAMED = (NumberState.DONE, NumberState.SENT, NumberState.LOST)
_SHOWN = 5  #: serials in an error
#: What a card may be after it was so.
_AFTER = {
    NumberState.DONE: (NumberState.DONE, NumberState.LOST),
    NumberState.SENT: _NAMED,
    NumberState.LOST: (NumberState.LOST,),
}


class EmptyManifest(InputError):
    """The journal has no card of which a manifest could speak."""

    code = "empty-manifest"
    text = Text("No card has been issued with this journal.", "Belum ada kartu diterbitkan dengan jurnal ini.")
    remedy = Text("Check the path of the journal, or make cards first.", "Periksa lokasi jurnal, atau buat kartu dulu.")
    where: str


class ManifestDiffers(InputError):
    """A manifest is rightly signed, and the journal says something else of a card that it names."""

    code = "manifest-differs"
    text = Text(
        "Of {count} cards the journal says something else: {serials}.", "Jurnal berbeda untuk {count} kartu: {serials}."
    )
    remedy = Text(
        "Keep both files. The manifest is what the bank has answered for.",
        "Simpan kedua berkas. Manifes adalah yang dipertanggungjawabkan bank.",
    )
    count: int
    serials: str
    where: str


class ManifestOfAnotherJournal(InputError):
    """A manifest speaks of another journal."""

    code = "manifest-of-another-journal"
    text = Text("The manifest is of journal {named}, not {here}.", "Manifes ini milik jurnal {named}, bukan {here}.")
    remedy = Text("Name the journal of that station.", "Sebutkan jurnal stasiun itu.")
    named: str
    here: str
    where: str


class IssuedCard(BaseModel):
    """One card. ``state``: done, sent (in doubt) or lost; of a lost one ``turned_up``, when it was seen after all."""

    model_config = STRICT

    serial: str = Field(pattern=_SERIAL)
    beneficiary_id: str = Field(pattern=_SERIAL)
    batch: str = Field(pattern=SHA256_FORM)
    state: str = Field(pattern="^(done|sent|lost)$")
    turned_up: str | None

    @classmethod
    def of(cls, entry: Entry, batch: str) -> Self:
        """As the journal has it."""
        return cls(
            serial=(entry.serial or b"").hex(),
            beneficiary_id=entry.beneficiary_id.hex(),
            batch=batch,
            state=entry.state.value,
            turned_up=entry.turned_up,
        )


class IssuedBatch(BaseModel):
    """One extract under one policy, and how many of its numbers are in which state."""

    model_config = STRICT

    sha256: str = Field(pattern=SHA256_FORM)
    policy_id: int
    started: str
    finished: str | None
    numbers: dict[str, int]

    @classmethod
    def of(cls, batch: BatchStatus) -> Self:
        """As the journal has it."""
        return cls(
            sha256=batch.sha256,
            policy_id=batch.policy,
            started=batch.started,
            finished=batch.finished,
            numbers={state.value: count for state, count in sorted(batch.states.items())},
        )


class IssuedManifest(BaseModel):
    """What is signed.

    Args:
        journal: 16 digits that name it.
        station_clock: UTC, ISO 8601; what the station's clock said, and no proof of when.
        log_rows, log_chain: where the journal's log stood.
        totals: cards by state.
        batches, cards: all of the journal, in its order.
    """

    model_config = STRICT

    schema_: Literal["ssn-card/issued-manifest/1"] = Field(
        default="ssn-card/issued-manifest/1", validation_alias="schema", serialization_alias="schema"
    )
    journal: str = Field(pattern=_SERIAL)
    station_clock: str
    log_rows: int = Field(ge=0)
    log_chain: str = Field(pattern=SHA256_FORM)
    totals: dict[str, int]
    batches: list[IssuedBatch]
    cards: list[IssuedCard]

    @classmethod
    def of(cls, journal: Journal, now: dt.datetime | None = None) -> Self:
        """What a journal says; its log is checked first. Raises ``StationLogBroken``, :class:`EmptyManifest`."""
        with journal.snapshot():
            head = journal.check_log()
            batches = journal.batches()
            names = {batch.id: batch.sha256 for batch in batches}
            cards = [IssuedCard.of(entry, names[entry.batch]) for entry in journal.cards() if entry.state in _NAMED]
        if not cards:
            raise EmptyManifest(str(journal.path))
        return cls(
            journal=journal.name,
            station_clock=(now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).isoformat(timespec="seconds"),
            log_rows=head.rows,
            log_chain=head.chain.hex(),
            totals=dict(sorted(Counter(card.state for card in cards).items())),
            batches=list(map(IssuedBatch.of, batches)),
            cards=cards,
        )

    def canonical(self) -> bytes:
        """The one text."""
        return canonical_json(self)


def write_manifest(path: Path, manifest: IssuedManifest, signer: Signer) -> None:
    """Sign and write, whole or not at all, never over another file. Raises ``OSError`` and what the signer raises."""
    text = signed_text(manifest.canonical(), signer)
    with whole_file(path, new=True) as file:
        file.write(text)


def read_manifest(path: Path, public_key: Ed25519PublicKey) -> IssuedManifest:
    """The manifest, if the holder of the key has signed it.

    Raises ``AttestationRefused``, ``AttestationUnreadable``, ``UnknownAttestation``.
    """
    return stated(IssuedManifest, read_signed(path, public_key), path)


def compare(manifests: Mapping[Path, IssuedManifest], journal: Journal) -> None:
    """Hold a journal against what was signed of it before; what came after is no contradiction.

    Raises ``StationLogBroken``, :class:`ManifestDiffers`.
    """
    with journal.snapshot():
        for path, manifest in manifests.items():
            if manifest.journal != journal.name:
                raise ManifestOfAnotherJournal(manifest.journal, journal.name, str(path))
        journal.check_log({one.log_rows: bytes.fromhex(one.log_chain) for one in manifests.values() if one.log_rows})
        now = {(entry.serial or b"").hex(): entry for entry in journal.cards()}
        for path, manifest in manifests.items():
            different = [card.serial for card in manifest.cards if not _follows(card, now.get(card.serial))]
            if different:
                raise ManifestDiffers(len(different), ", ".join(different[:_SHOWN]), str(path))


def _follows(card: IssuedCard, entry: Entry | None) -> bool:
    """Whether a card may have become what the journal says of its serial."""
    if entry is None:  # a card in doubt may have been found blank
        return card.state == NumberState.SENT
    if card.state != NumberState.SENT and entry.beneficiary_id.hex() != card.beneficiary_id:
        return False
    return entry.state in _AFTER[NumberState(card.state)]
