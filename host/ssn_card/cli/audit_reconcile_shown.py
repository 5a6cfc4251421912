# SPDX-License-Identifier: Apache-2.0
"""A reconciliation on the screen: sums, kecamatan, and what is not as it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
from rich.console import RenderableType

from ssn_card.audit.reconcile import Reconciliation, Totals
from ssn_card.protocol.errors import Text, rupiah

from .output import say
from .tables import facts, sentence, table
from .words import NONE

_SHOWN = 10  #: rows of what is listed on the screen
_KECAMATAN = """
SELECT policy_id, coalesce(kecamatan, kode_kecamatan, '-'), budget, disbursed, spent - refunded + hidden,
    expired, balance, unused
FROM programme_accounts ORDER BY policy_id NULLS LAST, kode_kecamatan NULLS LAST
"""
_UNPLACED = (
    "SELECT serial, first_seq, last_seq, least, most, reason FROM unplaced ORDER BY most - least DESC, abs(most) DESC"
)
_CONTRADICTIONS = "SELECT serial, seq, reasons, debited, cancelled FROM contradictions ORDER BY ALL"
_CLAIMS = "SELECT serial, seq, reason, stated, proven FROM claims ORDER BY ALL"
_WHY = {
    "gap": Text("gap", "celah"),
    "cancel-withheld": Text("cancellation not handed in", "pembatalan tidak diserahkan"),
    "end": Text("end not handed in", "bagian akhir tidak diserahkan"),
    "twins": Text("two receipts of one number", "dua kuitansi bernomor sama"),
    "sums": Text("sums that do not follow", "jumlah tidak menyambung"),
    "broken-chain": Text("broken chain", "rantai putus"),
    "wrong-arithmetic": Text("wrong arithmetic", "hitungan salah"),
    "status-differs": Text("reading says another balance", "pembacaan menyebut sisa lain"),
    "status-impossible": Text("reading says more than there can be", "pembacaan melebihi yang mungkin"),
    "register-differs": Text("register says another load", "register menyebut dana lain"),
    "update-not-registered": Text("update is not in the register", "pembaruan tidak ada di register"),
    "update-unknown": Text(
        "register contradicts receipts around it", "register bertentangan dengan kuitansi sekitarnya"
    ),
    "card-not-listed": Text("card is not in cards.csv", "kartu tidak ada di cards.csv"),
}


def _money(value: int | None) -> str:
    return NONE if value is None else rupiah(value).removeprefix("Rp")


def _why(reasons: str) -> str:
    return ", ".join(say(_WHY[one]) for one in reasons.split(";"))


#: Name of a column, how it stands, and how its values are put.
_Columns = tuple[tuple[Text, str, Callable[..., str]], ...]
_WHERE: _Columns = ((Text("card", "kartu"), "whole", str), (Text("receipt", "kuitansi"), "right", str))
_LISTS: tuple[tuple[Text, _Columns, str], ...] = (
    (
        Text("Money that no receipt places, Rp", "Uang yang tidak ditempatkan kuitansi mana pun, Rp"),
        (
            *_WHERE,
            (Text("to", "sampai"), "right", str),
            (Text("at least", "paling sedikit"), "right", _money),
            (Text("at most", "paling banyak"), "right", _money),
            (Text("why", "sebab"), "left", _why),
        ),
        _UNPLACED,
    ),
    (
        Text("Cards whose receipts contradict each other, Rp", "Kartu yang kuitansinya saling bertentangan, Rp"),
        (
            *_WHERE,
            (Text("why", "sebab"), "left", _why),
            (Text("debited", "didebit"), "right", _money),
            (Text("cancelled", "dibatalkan"), "right", _money),
        ),
        _CONTRADICTIONS,
    ),
    (
        Text("What offices say and receipts disprove, Rp", "Keterangan kantor yang dibantah kuitansi, Rp"),
        (
            *_WHERE,
            (Text("what", "apa"), "left", _why),
            (Text("said", "dinyatakan"), "right", _money),
            (Text("proven", "terbukti"), "right", _money),
        ),
        _CLAIMS,
    ),
)


def rendered(
    result: Reconciliation, connection: duckdb.DuckDBPyConnection, remarks: tuple[Text, ...], out_dir: Path | None
) -> Iterator[RenderableType]:
    """For the screen; ``connection`` holds the tables."""
    yield facts(Text("Where the money is", "Di mana uangnya"), _sums(result.totals))
    yield ""
    yield table(*_kecamatan(connection))
    yield ""
    yield facts(None, _counts(result))
    for title, columns, query in _LISTS:
        rows = connection.execute(query).fetchmany(_SHOWN + 1)
        if rows:
            yield ""
            heads = [(name, side) for name, side, _ in columns]
            yield table(
                title,
                heads,
                ([put(value) for value, (*_, put) in zip(row, columns, strict=True)] for row in rows[:_SHOWN]),
            )
        if len(rows) > _SHOWN:
            yield sentence(Text("… and more: --out-dir, or --json.", "… dan lainnya: --out-dir, atau --json."))
    for policy, kecamatan, over in result.overdrawn:
        text = Text(
            "More was disbursed than budgeted: {over} in {place}, policy {policy}.",
            "Penyaluran melebihi pagu: {over} di {place}, kebijakan {policy}.",
        )
        yield sentence(text.filled(over=rupiah(over), place=kecamatan, policy=policy), style="bold")
    yield ""
    if result.spendable_until is not None:
        until = Text("What is left can be spent until {day}.", "Sisa dana dapat dibelanjakan sampai {day}.")
        yield sentence(until.filled(day=result.spendable_until))
    yield from map(sentence, remarks)
    yield sentence(
        Text(
            f"{result.identities} sums were added up on two ways each, and are the same to the rupiah.",
            f"{result.identities} jumlah dihitung dengan dua cara, dan sama sampai rupiah.",
        )
    )
    if out_dir is not None:
        yield sentence(Text(f"Written: {out_dir}", f"Tertulis: {out_dir}"))


def _sums(totals: Totals) -> Iterator[tuple[Text, str]]:
    if totals.budget is not None:
        yield Text("budget", "pagu"), rupiah(totals.budget)
    yield Text("disbursed to cards", "disalurkan ke kartu"), rupiah(totals.disbursed)
    yield Text("issued, not delivered", "terbit, belum tersalur"), rupiah(totals.undelivered)
    yield Text("spent, less cancelled", "belanja dikurangi batal"), rupiah(totals.spent - totals.refunded)
    yield Text("owed to shops, no deductions", "hak toko, tanpa potongan"), rupiah(totals.owed)
    yield Text("spent in gaps", "belanja dalam celah"), rupiah(totals.hidden)
    yield Text("expired", "hangus"), rupiah(totals.expired)
    yield Text("left on cards", "sisa di kartu"), rupiah(totals.balance)
    yield Text("of it on blocked cards", "di antaranya di kartu diblokir"), rupiah(totals.stranded)
    if totals.contradicted:
        yield Text("on cards that contradict", "di kartu yang bertentangan"), rupiah(totals.contradicted)
    if totals.withheld:
        yield Text("cancelled, not handed in", "batal, tidak diserahkan"), rupiah(totals.withheld)
    yield (
        Text("cannot be placed", "tidak dapat ditempatkan"),
        _between(totals.unplaced_least, totals.unplaced_most),
    )


def _between(least: int, most: int) -> str:
    return rupiah(least) if least == most else f"{rupiah(least)} – {rupiah(most)}"


def _counts(result: Reconciliation) -> Iterator[tuple[Text, str]]:
    yield Text("cards", "kartu"), f"{result.cards}"
    yield Text("every number in hand", "semua nomor lengkap"), f"{result.whole}"
    yield Text("with gaps", "bercelah"), f"{result.open}"
    yield Text("contradicting", "bertentangan"), f"{result.contradicting}"
    yield Text("shops", "toko"), f"{result.shops}"


def _kecamatan(connection: duckdb.DuckDBPyConnection) -> tuple[Text, list[tuple[Text, str]], list[list[str]]]:
    heads = (
        Text("policy", "kebijakan"),
        Text("kecamatan", "kecamatan"),
        Text("budget", "pagu"),
        Text("disbursed", "disalurkan"),
        Text("spent", "belanja"),
        Text("expired", "hangus"),
        Text("left", "sisa"),
        Text("unused", "belum disalurkan"),
    )
    sides = ("whole", "left", *["right"] * 6)
    rows = [
        [str(policy or "-"), name, *map(_money, sums)]
        for policy, name, *sums in connection.execute(_KECAMATAN).fetchall()
    ]
    return Text("By kecamatan of the card, Rp", "Per kecamatan kartu, Rp"), list(zip(heads, sides, strict=True)), rows
