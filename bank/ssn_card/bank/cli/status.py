# SPDX-License-Identifier: Apache-2.0
"""``ssn bank status``: how far everything is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Group, RenderableType

from ssn_card.cli.grouped import grouped
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.tables import facts, table
from ssn_card.protocol.errors import Text, numeral

from ..store.counts import StoreCounts, counted
from .options import BankOptions
from .words import state_told

_ROWS = {
    "families": Text("families", "keluarga"),
    "updates": Text("updates issued", "pembaruan terbit"),
    "delivered": Text("updates on their cards", "pembaruan sudah di kartu"),
    "tablets": Text("tablets", "perangkat tablet"),
    "log": Text("rows of the log", "baris log"),
}
_KINDS = {
    "persons": Text("persons", "orang"),
    "near_doubles": Text("look the same", "tampak sama"),
    "batches": Text("batches", "kelompok"),
    "runs": Text("runs", "pelaksanaan"),
    "cards": Text("cards", "kartu"),
    "print_jobs": Text("print jobs", "tugas cetak"),
    "visits": Text("visits", "kunjungan"),
    "imports": Text("files taken in", "berkas diterima"),
}


@grouped
def status(*, bank: BankOptions, as_json: AsJson = False) -> None:
    """How many persons, cards, batches, print jobs and visits there are, by their state.

    Jumlah orang, kartu, kelompok, tugas cetak, dan kunjungan, menurut keadaannya.
    """
    with bank.signed_in() as (opened, _), opened.reading() as session:
        counts = counted(session)
    emit("bank-status", asdict(counts), as_json, lambda: Group(*_shown(counts)))


def _shown(counts: StoreCounts) -> Iterator[RenderableType]:
    rows = [(_ROWS[name], say(numeral(count))) for name, count in counts.rows.items()]
    version = (Text("version of the tables", "versi tabel"), counts.version)
    yield facts(Text("Store", "Simpanan data"), [version, *rows])
    found = [
        (say(title), say(state_told(name, state)), say(numeral(count)))
        for name, title in _KINDS.items()
        for state, count in counts.states[name].items()
    ]
    if found:
        columns = (
            (Text("what", "apa"), "left"),
            (Text("state", "keadaan"), "left"),
            (Text("count", "jumlah"), "right"),
        )
        yield table(None, columns, found)
