# SPDX-License-Identifier: Apache-2.0
"""The side files of the year: what offices know and claim beside the receipts (docs/data.md)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from ssn_card.audit.books.tables import TABLES
from ssn_card.entitlement import Entitlement
from ssn_card.programme.tables import packaged
from ssn_card.protocol.values import LifeState
from ssn_card.receipts import Basket

from .calendar import HOUR, LAST, MINUTE, MONTH_STARTS, MONTHS, NEVER
from .columns import days, hexadecimal, texts
from .draft import Draft
from .goods import CODES, FAR
from .invoices import invoices
from .places import REMOTE
from .policy import BUDGET, DEBIT_MAX, MONTHLY_LIMIT, OVERRIDE_MAX, PIN_ABOVE, POLICY_ID
from .population import Population, family_name
from .settle import SettledYear


def side_tables(
    draft: Draft,
    settled: SettledYear,
    updates: tuple[Entitlement, ...],
    baskets: tuple[Basket, ...],
    random: np.random.Generator,
) -> dict[str, pa.Table]:
    """All but ``statuses``, by name, with the columns that :data:`TABLES` declares."""
    people = draft.population
    tables = {
        "cards": _cards(people),
        "updates": _updates(people, settled, updates),
        "shops": _shops(people),
        "prices": _prices(draft),
        "invoices": invoices(draft, settled, baskets, random),
        "companions": _companions(people),
        "budget": _budget(people),
        "people": _people(people),
    }
    return {name: table.select([column.name for column in TABLES[name].columns]) for name, table in tables.items()}


def write_side_files(tables: Mapping[str, pa.Table], policies: str, folder: Path) -> None:
    """Write the tables, policies.toml, and the shipped staples.csv and regions.csv, into a folder that is there."""
    for name, table in tables.items():
        pa_csv.write_csv(table, folder / TABLES[name].file, pa_csv.WriteOptions(quoting_style="needed"))
    (folder / "policies.toml").write_text(policies, encoding="utf-8")
    for name in ("staples.csv", "regions.csv"):
        shutil.copyfile(packaged(name), folder / name)


def _cards(people: Population) -> pa.Table:
    cards, families, city = people.cards, people.families, people.places
    family = cards.family
    serial = hexadecimal(cards.serials)
    return pa.table(
        {
            "serial": texts(serial),
            "family": texts([family_name(one) for one in family.tolist()]),
            "kode_kecamatan": texts(np.array(city.codes)[families.kecamatan[family]]),
            "kelurahan": texts(np.array(city.kelurahan)[families.kelurahan[family]]),
            "companion_id": texts(_companion_digits(people)[families.companion[family]]),
            "replaces": texts(np.where(cards.replaces == NEVER, "", serial[cards.replaces])),
            "reason": texts(cards.reason),
            "issued_on": days(cards.issued_on),
            "delivered_on": days(cards.delivered_on),
            "blocked_on": days(cards.blocked_on),
        }
    )


def _companion_digits(people: Population) -> np.ndarray:
    return np.array([one.hex() for one in people.companion_ids])


def _updates(people: Population, settled: SettledYear, updates: tuple[Entitlement, ...]) -> pa.Table:
    issued, count = settled.issued, len(settled.issued.card)
    terms = settled.terms.columns()[issued.term]
    order = np.lexsort((terms[:, 0], issued.card))
    seq, loaded, expired, state, _, day = terms[order].T
    names = np.array([""] + [LifeState(one).name for one in range(1, len(LifeState) + 1)])
    fixed = {
        "monthly_limit": MONTHLY_LIMIT,
        "override_max": OVERRIDE_MAX,
        "debit_max": DEBIT_MAX,
        "pin_above": PIN_ABOVE,
        "allowed_categories": updates[0].allowed_categories,
        "policy_id": POLICY_ID,
    }
    return pa.table(
        {
            "serial": texts(hexadecimal(people.cards.serials)[issued.card[order]]),
            "update_seq": pa.array(seq),
            "issued_on": days(day),
            "loaded_total": pa.array(loaded),
            "expired_total": pa.array(expired),
            "valid_until": days(np.full(count, LAST)),
            "state": texts(names[state]),
        }
        | {name: pa.array(np.full(count, value)) for name, value in fixed.items()}
    )


def _shops(people: Population) -> pa.Table:
    city = people.places

    def hour(seconds: int) -> str:
        return f"{seconds // HOUR:02d}:{seconds % HOUR // MINUTE:02d}"

    return pa.table(
        {
            "id_ewarong": texts([shop.id for shop in city.shops]),
            "nama": texts([shop.name for shop in city.shops]),
            "kode_kecamatan": texts([city.codes[shop.kecamatan] for shop in city.shops]),
            "kecamatan": texts([city.kecamatan[shop.kecamatan] for shop in city.shops]),
            "kelurahan": texts([city.kelurahan[shop.kelurahan] for shop in city.shops]),
            "buka": texts([hour(shop.opens) for shop in city.shops]),
            "tutup": texts([hour(shop.closes) for shop in city.shops]),
        }
    )


def _prices(draft: Draft) -> pa.Table:
    """The city's list of every month, and what differs of it where roads are long."""
    city, prices = draft.population.places, draft.goods.prices
    rows = []
    for month in range(MONTHS):
        first, last = int(MONTH_STARTS[month]), int(MONTH_STARTS[month + 1]) - 1
        for place, code in enumerate(CODES):
            rows.append((code, "", first, last, int(prices.city[month, place])))
            if code in FAR:
                rows += [(code, city.codes[one], first, last, int(prices.remote[month, place])) for one in REMOTE]
    rows.sort()
    codes, where, first_day, last_day, price = zip(*rows, strict=True)
    return pa.table(
        {
            "code": texts(codes),
            "kode_kecamatan": texts(where),
            "valid_from": days(np.array(first_day)),
            "valid_until": days(np.array(last_day)),
            "price_rp": pa.array(price, pa.int64()),
        }
    )


def _companions(people: Population) -> pa.Table:
    return pa.table(
        {
            "companion_id": texts(_companion_digits(people)),
            "pendamping": texts(people.companions),
            "kode_kecamatan": texts(np.array(people.places.codes)[people.companion_kecamatan]),
        }
    )


def _budget(people: Population) -> pa.Table:
    counts = np.bincount(people.families.kecamatan, minlength=len(people.places.codes))
    which = np.flatnonzero(counts)
    return pa.table(
        {
            "policy_id": pa.array(np.full(len(which), POLICY_ID)),
            "kode_kecamatan": texts(np.array(people.places.codes)[which]),
            "families": pa.array(counts[which]),
            "budget_rp": pa.array(counts[which] * BUDGET),
        }
    )


def _people(people: Population) -> pa.Table:
    families = people.families
    return pa.table(
        {
            "family": texts([family_name(one) for one in range(len(families))]),
            "no_kk": texts(families.no_kk),
            "nama": texts(families.nama),
        }
    )
