# SPDX-License-Identifier: Apache-2.0
"""A1: a card that buys again at the same shop, within minutes to a day; and that without its PIN, as anybody may.

Of a single card two purchases a day tell nothing, since who cannot carry all goes twice, unless he had no time to go.
Nor do two shops, since one may lack what the other has. But who empties a card on a round of three shops, mostly for
the same goods at each, sells them on, or the card is not his; once or twice a year that happens to anybody.

Whoever comes back within the hour has forgotten something, which costs what it costs. The same sum again is no errand:
the card was debited twice for one purchase ("the machine failed"). That is money by itself, whatever the haste.

On the day on which a companion raises a limit more is taken than one debit may be; whether there was need is asked of
her (A11), and not of the shop.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .backing import ERRANDS
from .outcome import Subject
from .peers import VISITS, CardHabitParameters, given, habits_by
from .rule import Rule, Weight
from .signs import USUAL_SIGNS, Sign


class RepeatParameters(CardHabitParameters):
    """Parameters of A1."""

    hours: float = given(
        24, "hours within which a further purchase is a repeat", "jam belanja berikutnya dihitung", gt=0
    )
    minutes: float = given(
        15, "minutes in which nobody takes home what he bought", "menit yang tak cukup untuk pulang", gt=0
    )
    card_floor: float = given(
        0.02, "a share that is usual for any card", "bagian yang lazim bagi tiap kartu", gt=0, lt=1
    )
    emptied: float = given(
        0.9, "of the card that a round of three shops spends", "bagian saldo yang habis di tiga toko", gt=0, le=1
    )
    shorter: float = given(
        5, "times shorter are two other times that are looked at", "kali lebih pendek, dua tingkat lagi", gt=1
    )
    same_floor: float = given(
        0.001, "a share of sales for the same sum again that is usual", "bagian jumlah sama yang lazim", gt=0, lt=1
    )
    same: float = given(
        0.05,
        "share of repeats that is of the same sum within the shortest time, and usual",
        "bagian ulangan berjumlah sama dalam waktu terpendek yang lazim",
        gt=0,
        lt=1,
    )


#: Of three times, each with and without PIN; and, of the shortest, for the same sum.
_WAYS = "[0, 1, 2, 10, 11, 12, 22]"
_SEEN = f"""
    SELECT evidence.*, way FROM evidence, (SELECT unnest({_WAYS}) AS way)
    WHERE subject = 'shop' AND -telling <= 3600 * $hours / $shorter ** (way % 10)
        AND CASE way // 10 WHEN 0 THEN true WHEN 1 THEN no_pin ELSE same_again END"""

RULE = Rule(
    code="A1",
    title=Text("Repeated debits on one card", "Debit berulang pada satu kartu"),
    source="programme.md A1; SNAP EBT trafficking: rapid repeat transactions",
    subjects=(Subject.SHOP, Subject.CARD),
    weight=Weight.HABIT,
    signs=USUAL_SIGNS - {Sign.USED_UP},
    parameters=RepeatParameters,
    evidence="""
        WITH again AS (
            SELECT *, lag("at") OVER card AS before, lag(id_ewarong) OVER card AS there,
                lag("at", 2) OVER card AS earlier, lag(id_ewarong, 2) OVER card AS then_there,
                lag(amount) OVER card AS then_taken,
                amount + lag(amount) OVER card + lag(amount, 2) OVER card AS all_three,
                [basket_id, lag(basket_id) OVER card, lag(basket_id, 2) OVER card] AS baskets
            FROM sales WINDOW card AS (PARTITION BY serial ORDER BY seq)),
        round AS (
            SELECT serial, seq, unnest(baskets) AS basket_id FROM again
            WHERE there <> id_ewarong AND then_there <> there AND "at" >= before
                AND "at" - earlier <= to_seconds($hours * 3600)
                AND all_three >= $emptied * (all_three + balance_after)),
        alike AS (
            SELECT serial, seq FROM (
                SELECT serial, seq, basket_id, arg_max(code, (l.amount, code)) AS code
                FROM round LEFT JOIN basket_lines l USING (basket_id) GROUP BY ALL)
            GROUP BY ALL HAVING count(DISTINCT code) <= 1)
        SELECT subject, if(subject = 'shop', id_ewarong, again.serial) AS who, again.serial, again.seq, day, amount,
            -epoch("at" - before) AS telling, pin_state = 0 AS no_pin,
            amount = then_taken AND "at" - before <= to_seconds($hours * 3600 / $shorter ** 2) AS same_again
        FROM (FROM again ANTI JOIN errands USING (serial, seq) ANTI JOIN overrides USING (serial, day)) again
            LEFT JOIN alike USING (serial, seq), (VALUES ('shop'), ('card')) AS kinds (subject)
        WHERE (there = id_ewarong AND "at" >= before AND "at" - before <= to_seconds($hours * 3600)
            AND (subject = 'shop' OR "at" - before <= to_seconds($minutes * 60)
                OR (then_there = id_ewarong AND "at" - earlier <= to_seconds($hours * 3600))))
            OR (subject = 'card' AND alike.serial IS NOT NULL)""",
    query=f"""
        WITH same AS (
            SELECT who, surprise(count(*) FILTER (WHERE same_again), count(*), $same) AS taken_digits
            FROM evidence WHERE subject = 'shop' GROUP BY who),
        told_so AS (SELECT * FROM (VALUES
            (0, '', ''), (1, ', this time without a PIN', ', kali ini tanpa PIN'),
            (2, ', for the same sum', ', dengan jumlah sama')) AS kinds (kind_of_way, so, begitu))
        SELECT h.*, so, begitu, if(subject = 'shop', taken_digits, NULL) AS taken_digits,
            $hours / $shorter ** (coalesce(way, 0) % 10) AS hours,
            if(taken_digits >= $backed, ' Nobody owes the same sum again within the hour.', '') AS said_same,
            if(taken_digits >= $backed, ' Tak ada yang membayar jumlah sama lagi dalam satu jam.', '')
                AS dikatakan_sama,
            if(subject = 'card', ', or took the same goods round two other shops,', '') AS round,
            if(subject = 'card', ', atau mengambil barang sama di dua toko lain,', '') AS keliling
        FROM ({habits_by(seen=_SEEN, ways=_WAYS, floor="if(way // 10 = 2, $same_floor, $floor)")}) h
            LEFT JOIN same USING (who) JOIN told_so ON kind_of_way = coalesce(way, 0) // 10""",
    prepares=(VISITS, ERRANDS),
    reason=Text(
        "{k:.0f} of {n:.0f} sales ({measure:.1%}) are on a card that had bought there{round} within {hours:g} hours "
        "before{so}; up to {edge:.1%} is usual.{said_again}{said_same}",
        "{k:.0f} dari {n:.0f} penjualan ({measure:.1%}) memakai kartu yang sudah belanja di situ{keliling} dalam "
        "{hours:g} jam sebelumnya{begitu}; lazimnya sampai {edge:.1%}.{dikatakan_lagi}{dikatakan_sama}",
    ),
)
