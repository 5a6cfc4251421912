# SPDX-License-Identifier: Apache-2.0
"""A report of a made-up half year: three visits, one of them a companion, and everything that a report may say."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from ssn_card.audit.report.data import (
    AccountsTold,
    Checked,
    FlagTold,
    HourSold,
    InputTold,
    Kecamatan,
    MonthOf,
    MonthSpent,
    Overdrawn,
    PolicyMoney,
    ProofReceipt,
    ReportData,
    RuleTold,
    SalesTotals,
    ShopTold,
    SideFile,
    Suspect,
    Unplaced,
)
from ssn_card.audit.rules.outcome import Peers, Subject
from ssn_card.protocol.errors import Text

KECAMATAN = (
    "Palaran", "Samarinda Seberang", "Samarinda Ulu", "Samarinda Ilir", "Samarinda Utara", "Sambutan",
    "Sungai Kunjang", "Sungai Pinang", "Samarinda Kota", "Loa Janan Ilir",
)  # fmt: skip
MONTHS = tuple(date(2026, month, 1) for month in range(1, 13))
VISITED = {"EW-007": "E-Warong KUBE Mawar Baqa", "EW-023": "E-Warong KUBE Melati Pelita"}
_A4 = Text(
    "{count} purchases followed another card's within a minute, on 31 days: cards are kept here with their PINs.",
    "{count} belanja menyusul kartu lain dalam semenit, pada 31 hari: kartu dan PIN-nya disimpan di sini.",
)


def code(place: int) -> str:
    return f"64.72.{place + 1:02d}"


def flag(rule: str, reason: Text, measure: float, score: float) -> FlagTold:
    peers = Peers(51, measure / 40, measure / 20, measure / 12, measure / 9, measure)
    return FlagTold(rule, score, measure, peers, reason, 412, 98_765_000, MONTHS[1], date(2026, 11, 29))


def receipts(shop: str, count: int = 30) -> tuple[ProofReceipt, ...]:
    first = datetime(2026, 2, 3, 16, 40)
    return tuple(
        ProofReceipt(
            ("A4",) if row % 3 else ("A4", "A7"), f"53534e2026{row:06x}", 3 + row, 1,
            first + timedelta(days=7 * row, seconds=50 * row), shop, 294_000, 6_000, "BERAS 10, GULA 1, TELUR 30",
        )
        for row in range(count)
    )  # fmt: skip


def shops(rng: random.Random) -> tuple[ShopTold, ...]:
    made = []
    for number in range(1, 52):
        who = f"EW-{number:03d}"
        spent = rng.randrange(60, 140) * 1_000_000 + (90_000_000 if who in VISITED else 0)
        outside = 190 if who == "EW-007" else rng.randrange(3)
        place = KECAMATAN[number % 10]
        called, cards = VISITED.get(who, f"E-Warong KUBE Anggrek {number}"), rng.randrange(20, 60)
        figures = (spent // 200_000, spent, cards, outside, spent, who in VISITED)
        made.append(ShopTold(who, called, place, "Baqa", "08:00", "17:00", *figures))
    return tuple(made)


def hours(rng: random.Random) -> tuple[HourSold, ...]:
    made = [HourSold("", hour, 100 * max(1, 9 - abs(hour - 11))) for hour in range(8, 17)]
    for who in VISITED:
        late = range(17, 22) if who == "EW-007" else range(0)
        made += [HourSold(who, hour, rng.randrange(20, 90)) for hour in (*range(8, 17), *late)]
    return tuple(made)


def report() -> ReportData:
    """The whole report."""
    rng = random.Random(7)
    months = tuple(
        MonthSpent(month, code(place), sales, sales * 201_500)
        for month in MONTHS
        for place in range(10)
        for sales in [rng.randrange(150, 260) + 20 * place]
    )
    by_month = tuple(MonthOf(month, 60, rng.randrange(9, 24) * 1_000_000) for month in MONTHS[2:])
    suspects = (
        Suspect(
            1, Subject.SHOP, "EW-007", VISITED["EW-007"], "Baqa, Samarinda Seberang", 0.97, True,
            (flag("A4", _A4.filled(count=412), 412, 0.95), flag("A7", _REASON, 0.61, 0.8),
             flag("A17", _REASON, 0.3, 0.4)),
            (), by_month, receipts("EW-007"),
        ),
        Suspect(
            2, Subject.SHOP, "EW-023", VISITED["EW-023"], "Pelita, Samarinda Ilir", 0.81, True,
            (flag("A9", _REASON, 1_204.0, 0.8),), (), by_month, receipts("EW-023", 4),
        ),
        Suspect(
            3, Subject.COMPANION, "00000000000000b7", "PD-114", "Sungai Pinang", 0.7, True,
            (flag("A11", _REASON, 88, 0.7),), (), by_month,
        ),
        Suspect(
            4, Subject.FAMILY, "F-000301", "", "Selili, Samarinda Ilir", 0.4, False,
            (flag("A12", _REASON, 4, 0.4),), ("53534e2026000001", "53534e20260004d2"),
        ),
    )  # fmt: skip
    made = shops(rng)
    return ReportData(
        date(2026, 12, 31), "ssn-card 0.1.0", date(2026, 1, 1), date(2026, 12, 31),
        SalesTotals(52_310, 1_688, 51, 30_120, sum(one.spent for one in made), 120, 24_360_000, 903),
        suspects,
        tuple(Kecamatan(code(place), name, 120 + 11 * place) for place, name in enumerate(KECAMATAN)),
        months,
        tuple(
            PolicyMoney(
                2026, code(place), 160, 576_000_000, 550_000_000, 0, 502_000_000, 2_000_000, 1_000_000 * (place % 2),
                20_000_000, 30_000_000 - 1_000_000 * (place % 2), 0, 26_000_000,
            )
            for place in range(10)
        ),
        tuple(Unplaced(code(place), 3 + place, 4 + place, 400_000 * place, 900_000 * place) for place in range(1, 6)),
        AccountsTold(8, 1_702, 1_650, 2, 600_000, 3, 4, 1_176_000, (Overdrawn(2026, code(3), 1_200_000),)),
        made, hours(rng),
        Checked(
            {"lines": 52_600, "genuine": 52_310, "repeated": 288, "rejected": 2, "unreadable": 0, "found": 2,
             "not_handed_in": 61, "without_basket": 14},
            {"forged": 2, "not_handed_in": 58, "backdated": 7}, False, 0, False, "SoftwareKeyring", (1,),
        ),
        tuple(
            RuleTold(
                one, Text(f"rule number {one}", f"aturan nomor {one}"), "SNAP EBT trafficking",
                3, 1, (Text("prices.csv is not there", "prices.csv tidak ada"),) if one == "A10" else (),
                {"minutes": 30, "tail": 1e-6},
            )
            for one in (f"A{number}" for number in range(1, 19))
        ),
        (
            SideFile("cards", Text("Every card made", "Semua kartu"), True, 1_702),
            SideFile("prices", Text("Reference prices", "Harga acuan"), False, None),
        ),
        (
            InputTold("store", "store/manifest.json", "ab" * 32, 12_345),
            InputTold("data", "data/cards.csv", "0c" * 32, 9_876),
        ),
        {"grave": 1.0, "enough": 0.4},
        (Text("7 receipts are of shop EW-099, which is unknown.", "7 kuitansi dari toko EW-099 yang tidak dikenal."),),
    )  # fmt: skip


_REASON = Text(
    "Far more of its families buy nowhere else than at its peers in the same kelurahan.",
    "Jauh lebih banyak keluarganya yang tidak berbelanja di tempat lain dibanding toko sebanding di kelurahan itu.",
)
