# SPDX-License-Identifier: Apache-2.0
"""A10: prices above reference: of all that a shop sells, or of some sales.

A shop that adds a tenth to one bag, and sells all else fairly, is hardly dear on the whole; so sales whose goods cost
clearly more than at reference prices are counted as well. Prices differ and drift; what peers charge says how much.
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
    price_spread: float = given(
        0.01, "least deviation of peers' mark-up on all goods", "simpangan kenaikan terkecil", gt=0
    )


RULE = Rule(
    code="A10",
    title=Text("Prices above reference", "Harga di atas acuan"),
    source="programme.md A10; mark-ups on packages in BPNT",
    subjects=(Subject.SHOP,),
    needs=frozenset({"prices"}),
    weight=Weight.GRAVE,
    parameters=MarkUpParameters,
    evidence="""
        SELECT id_ewarong AS who, serial, seq, day, amount, paid - worth AS telling
        FROM priced WHERE paid > (1 + $shown) * worth""",
    query=f"""
        WITH ratios AS (
            SELECT id_ewarong AS who, sum(paid) / sum(worth) - 1 AS dearer, sum(paid - worth) AS above_rp
            FROM priced GROUP BY ALL HAVING count(*) >= $least),
        usual AS (
            SELECT median(dearer) AS fair, greatest($price_spread, 1.4826 * mad(dearer)) AS differ FROM ratios),
        dear AS (SELECT who, dearer, above_rp, fair, long_tail(greatest(0, dearer - fair) / differ) AS dear_digits
            FROM ratios, usual)
        SELECT h.* EXCLUDE (score), dearer, above_rp, fair,
            greatest(h.score, score_over(dear_digits, $digits)) AS score
        FROM ({habits()}) h JOIN dear USING (who)""",
    reason=Text(
        "{k:.0f} of {n:.0f} sales ({measure:.1%}) were dearer than reference by more than a few percent; up to "
        "{edge:.1%} is usual. Its goods cost {dearer:.1%} above reference ({above_rp} in all), at the median shop "
        "{fair:.1%}.{said_again}",
        "{k:.0f} dari {n:.0f} penjualan ({measure:.1%}) jelas lebih mahal daripada acuan; lazimnya sampai {edge:.1%}. "
        "Barangnya {dearer:.1%} di atas acuan (seluruhnya {above_rp}), di toko tengah {fair:.1%}.{dikatakan_lagi}",
    ),
    prepares=(VISITS, REFERENCE, PRICED),
    blind=(Blind(*WITHOUT_BASKET), Blind(*WITHOUT_PRICE)),
)
