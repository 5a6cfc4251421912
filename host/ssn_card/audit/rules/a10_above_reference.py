# SPDX-License-Identifier: Apache-2.0
"""A10: prices above reference: of all that a shop sells, or of some sales.

A shop that adds a tenth to one bag, and sells all else fairly, is hardly dear on the whole; so sales whose goods cost
clearly more than at reference prices are counted as well. Prices differ and drift; what peers charge says how much.

Where goods come by ferry, some are dearer for everybody. So a sale is dear beside what the shop itself asks of others
for the same goods, as long as freight may cost that; goods that are dearer than that for all are dear.

And hens fall ill, a road is flooded: then something is dear for a while. Who asks more at every feast does so in more
months than one season has, of whatever goods; so months are counted, too, in which some goods cost clearly more than
at reference and than the shop itself asks in most months.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import VISITS, HabitParameters, given, habits
from .prices import PRICED, REFERENCE, WITHOUT_PRICE
from .rule import Blind, Rule, Weight
from .stock import WITHOUT_BASKET


class MarkUpParameters(HabitParameters):
    """Parameters of A10."""

    floor: float = given(0.02, "a share of dear sales that is usual anyway", "bagian penjualan mahal lazim", gt=0, lt=1)
    habit_floor: float = given(
        0.05, "a share of regular cards that is usual anyway", "bagian kartu langganan yang selalu lazim", gt=0, lt=1
    )
    shown: float = given(0.07, "mark-up from which a sale is dear", "kenaikan mulai disebut mahal", ge=0)
    freight: float = given(
        0.08, "a good may cost so much more for everybody: freight", "ongkos angkut yang wajar bagi semua", ge=0
    )
    cheap: float = given(
        0.25, "of the shop's sales of a good, by which its own price is known", "bagian termurah", gt=0, lt=1
    )
    season: float = given(0.06, "how much more some goods cost in a dear month", "kenaikan dalam bulan mahal", gt=0)
    lines: int = given(5, "sales of a good without which a month tells nothing", "penjualan sebulan minimal", ge=1)
    seasons: int = given(4, "dear months from which it is told", "banyaknya bulan mahal mulai dilaporkan", ge=1)
    price_spread: float = given(
        0.01, "least deviation of peers' mark-up on all goods", "simpangan kenaikan terkecil", gt=0
    )


#: ``lines`` of the shops where dear sales are not quite rare.
_LINES = """
        dear AS (FROM priced WHERE paid > (1 + $shown) * worth),
        often AS (
            SELECT id_ewarong FROM (SELECT id_ewarong, count(*) AS k FROM dear GROUP BY ALL)
                JOIN (SELECT id_ewarong, count(*) AS n FROM priced GROUP BY ALL) USING (id_ewarong)
            WHERE k > n * $floor / 2),
        lines AS (
            SELECT s.id_ewarong, s.serial, s.seq, s.month, l.code, l.amount, l.quantity * r.price_rp AS fair
            FROM sales s SEMI JOIN often USING (id_ewarong) JOIN shops p USING (id_ewarong)
                JOIN basket_lines l USING (basket_id)
                JOIN reference r ON r.code = l.code AND r.day = s.day AND r.kode_kecamatan = p.kode_kecamatan)"""

RULE = Rule(
    code="A10",
    title=Text("Prices above reference", "Harga di atas acuan"),
    source="programme.md A10; mark-ups on packages in BPNT",
    subjects=(Subject.SHOP,),
    needs=frozenset({"prices"}),
    weight=Weight.GRAVE,
    parameters=MarkUpParameters,
    evidence=f"""
        WITH {_LINES},
        own AS (
            SELECT id_ewarong, code, if(asks BETWEEN 1 AND 1 + $freight, asks, 1) AS level
            FROM (
                SELECT id_ewarong, code, quantile_cont(amount / fair, CAST($cheap AS DOUBLE)) AS asks
                FROM lines GROUP BY ALL)),
        asked AS (
            SELECT serial, seq, sum(fair * level) AS own_worth
            FROM lines JOIN own USING (id_ewarong, code) SEMI JOIN dear USING (serial, seq) GROUP BY ALL)
        SELECT id_ewarong AS who, serial, seq, day, amount, paid - worth AS telling
        FROM dear LEFT JOIN asked USING (serial, seq) WHERE paid > (1 + $shown) * coalesce(own_worth, worth)""",
    query=f"""
        WITH ratios AS (
            SELECT id_ewarong AS who, sum(paid) / sum(worth) - 1 AS dearer, sum(paid - worth) AS above_rp
            FROM priced GROUP BY ALL HAVING count(*) >= $least),
        usual AS (
            SELECT median(dearer) AS fair, greatest($price_spread, 1.4826 * mad(dearer)) AS differ FROM ratios),
        told_dear AS (
            SELECT who, dearer, above_rp, fair, long_tail(greatest(0, dearer - fair) / differ) AS dear_digits
            FROM ratios, usual),
        {_LINES},
        levels AS (
            SELECT id_ewarong, code, greatest(1, least(median(amount / fair), 1 + $freight)) AS level FROM lines
            GROUP BY ALL),
        seasons AS (
            SELECT id_ewarong AS who, count(DISTINCT month) AS months FROM (
                SELECT id_ewarong, month, code, sum(amount) / sum(fair) AS asks FROM lines
                GROUP BY ALL HAVING count(*) >= $lines)
                JOIN levels USING (id_ewarong, code) WHERE asks > (1 + $season) * level GROUP BY ALL)
        SELECT h.* EXCLUDE (score), dearer, above_rp, fair,
            greatest(h.score, score_over(dear_digits, $digits), if(months >= $seasons, months / (months + 1), 0.0))
                AS score,
            if(months >= $seasons, format(' In {{}} months some goods were dearer, by {{:.0f}}% or more, than at '
                'reference and in its other months.', months, 100 * $season), '') AS said_months,
            if(months >= $seasons, format(' Dalam {{}} bulan ada barang yang lebih mahal, {{:.0f}}% atau lebih, '
                'daripada acuan dan bulan lainnya.', months, 100 * $season), '') AS dikatakan_bulan
        FROM ({habits()}) h JOIN told_dear USING (who) LEFT JOIN seasons USING (who)""",
    reason=Text(
        "{k:.0f} of {n:.0f} sales ({measure:.1%}) were dearer than reference by more than a few percent; up to "
        "{edge:.1%} is usual. Its goods cost {dearer:z.1%} above reference ({above_rp} in all), at the median shop "
        "{fair:z.1%}.{said_again}{said_months}",
        "{k:.0f} dari {n:.0f} penjualan ({measure:.1%}) jelas lebih mahal daripada acuan; lazimnya sampai {edge:.1%}. "
        "Barangnya {dearer:z.1%} di atas acuan (seluruhnya {above_rp}), di toko tengah {fair:z.1%}."
        "{dikatakan_lagi}{dikatakan_bulan}",
    ),
    prepares=(VISITS, REFERENCE, PRICED),
    blind=(Blind(*WITHOUT_BASKET), Blind(*WITHOUT_PRICE)),
)
