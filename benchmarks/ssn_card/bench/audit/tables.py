# SPDX-License-Identifier: Apache-2.0
"""The measurements, for people: rates beside the goals and beside what else a core can do in a second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rich.console import Group, RenderableType

from ssn_card.cli.output import say
from ssn_card.cli.tables import facts, table
from ssn_card.protocol.errors import Text

from .run import Result

_YES, _NO = Text("yes", "ya"), Text("no", "tidak")


class Rate(NamedTuple):
    """What a rate is called, and what it should be at least, per second of one core's time."""

    text: Text
    goal: int | None = None


RATES: Mapping[str, Rate] = {
    "one_by_one_per_s": Rate(Text("ReceiptVerifier, JSON Lines", "ReceiptVerifier, JSON Lines")),
    "cmac_one_by_one_per_s": Rate(Text("MACs alone, one by one", "MAC saja, satu per satu")),
    "openssl_cmac_per_s": Rate(Text("MACs alone, openssl speed", "MAC saja, openssl speed")),
    "kernel_mac_per_s": Rate(Text("MACs alone, kernel", "MAC saja, kernel")),
    "kernel_whole_per_s": Rate(Text("every rule, kernel", "semua aturan, kernel"), 25_000_000),
    "kernel_faults_per_s": Rate(Text("every rule, kernel, 0.15% faults", "semua aturan, kernel, 0,15% salah")),
    "fallback_clean_per_s": Rate(Text("every rule, numpy", "semua aturan, numpy"), 1_500_000),
    "fallback_whole_per_s": Rate(Text("every rule, numpy, 0.15% faults", "semua aturan, numpy, 0,15% salah"), 800_000),
    "parquet_whole_per_s": Rate(Text("packed store to findings", "gudang data sampai temuan"), 6_000_000),
    "shuffled_whole_per_s": Rate(Text("terminals' Parquet to findings", "Parquet terminal sampai temuan"), 1_500_000),
    "pack_per_s": Rate(Text("terminals' Parquet into a store", "Parquet terminal ke gudang data"), 3_000_000),
    "baskets_per_s": Rate(Text("baskets read and compared", "keranjang dibaca dan dicocokkan")),
    "generated_per_s": Rate(Text("receipts generated", "kuitansi dibuat")),
}


def tables(result: Result) -> RenderableType:
    """Rates, other figures, and the curve."""
    return Group(_rates(result), "", _others(result), "", _curve(result))


def _rates(result: Result) -> RenderableType:
    columns = (
        (Text("on one core", "pada satu inti"), "left"),
        (Text("receipts/s", "kuitansi/detik"), "right"),
        (Text("goal", "sasaran"), "right"),
        (Text("met", "tercapai"), "right"),
        (Text("× openssl speed", "× openssl speed"), "right"),
        (Text("× one by one", "× satu per satu"), "right"),
    )
    openssl, alone = result.rates["openssl_cmac_per_s"], result.rates["one_by_one_per_s"]
    rows = (
        (
            say(rate.text), f"{value:,.0f}", "" if rate.goal is None else f"{rate.goal:,}",
            "" if rate.goal is None else say(_YES if value >= rate.goal else _NO),
            f"{value / openssl:.2f}", f"{value / alone:,.1f}",
        )
        for name, rate in RATES.items()
        for value in (result.rates[name],)
    )  # fmt: skip
    return table(Text("Receipts a second", "Kuitansi per detik"), columns, rows)


def _others(result: Result) -> RenderableType:
    more, dask = result.more, result.more["dask"]
    ratio = more["two_cores_ratio"]
    same = say(_YES if dask["same_findings"] else _NO)
    rows = (
        (Text("two cores, times one", "dua inti, kali satu"), "-" if ratio is None else f"{ratio:.2f}"),
        (Text("peak memory, MiB", "memori puncak, MiB"), f"{more['peak_mib']:.0f}"),
        (Text("Dask, two processes, seconds", "Dask, dua proses, detik"), f"{dask['seconds']:.2f}"),
        (Text("Dask finds the same to the byte", "temuan Dask persis sama"), same),
    )
    return facts(None, rows)


def _curve(result: Result) -> RenderableType:
    columns = (
        (Text("receipts", "kuitansi"), "right"),
        (Text("seconds, one core", "detik, satu inti"), "right"),
        (Text("receipts/s", "kuitansi/detik"), "right"),
        (Text("peak MiB", "MiB puncak"), "right"),
    )
    rows = (
        (f"{one.receipts:,}", f"{one.seconds:.2f}", f"{one.receipts / one.seconds:,.0f}", f"{one.peak_mib:.0f}")
        for one in result.curve
    )
    return table(
        Text("A store to findings, by its size", "Gudang data sampai temuan, menurut ukurannya"), columns, rows
    )
