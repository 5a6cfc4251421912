# SPDX-License-Identifier: Apache-2.0
"""A4: cards that come to a shop one after the other, and with the same others again and again: collected with PINs.

A queue on market day is quick too, but each time of other people; a companion who leads a group comes with families of
her own, and a neighbour who shops for the old carries a few cards. So of each card there is asked:

- in how many months it came within minutes of cards of other companions, where so many customers of the day would
  seldom bring that about, and other regular cards of the shop see it less often (``quick``);
- how often it met the same cards again, against how often whoever meets as many of the shop's customers would
  (``met_again``): in a crowd about as often, in a company several times as often;
- how many such cards hang together by their meetings, over at most three steps (``reached``): a neighbour has not so
  many, however regular they are.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given, shares
from .rule import Rule, Weight
from .signs import USUAL_SIGNS, Sign


class SequenceParameters(ShareParameters):
    """Parameters of A4."""

    seconds: float = given(360, "seconds between two sales that follow each other", "jarak dua penjualan, detik", gt=0)
    open_hours: float = given(7, "hours in which most of a day's customers come", "jam ramai dalam sehari", gt=0)
    months: int = given(3, "months in which a card came so at least", "bulan kartu datang demikian", ge=2)
    quick: float = given(
        1, "digits of improbability of so many such months", "digit ketidakmungkinan bulan sebanyak itu", ge=0
    )
    slowest: float = given(
        0.2, "of the shop's regular cards, by whose haste its own is known", "bagian kartu paling tenang", ge=0, le=1
    )
    met_again: float = given(
        1.5,
        "times as often as in a crowd that it met the same cards",
        "kali lebih sering bertemu kartu sama",
        ge=1,
    )
    cards: int = given(7, "cards that hang together", "kartu yang saling berkaitan", ge=2)


#: ``timed``: sales with how many strangers are ``about``, by the day's customers; ``met``: each meeting, both ways.
_MEETINGS = """
    timed AS (
        SELECT id_ewarong AS who, serial, seq, day, month, amount, companion_id, epoch("at") AS moment,
            CAST(floor(epoch("at") / $seconds) AS BIGINT) AS slot,
            (count(*) OVER (PARTITION BY id_ewarong, day) - 1) * 2 * $seconds / ($open_hours * 3600) AS about
        FROM sales),
    after AS (
        SELECT a.who, a.serial AS one, b.serial AS other, a.month, a.seq AS one_seq, b.seq AS other_seq
        FROM timed a JOIN (SELECT *, unnest([slot, slot - 1]) AS near FROM timed) b
            ON a.who = b.who AND a.slot = b.near AND a.serial <> b.serial
            AND a.companion_id IS DISTINCT FROM b.companion_id AND b.moment - a.moment BETWEEN 0 AND $seconds),
    met AS (
        SELECT who, one AS serial, one_seq AS seq, other, month FROM after
        UNION SELECT who, other, other_seq, one, month FROM after)"""

#: ``held``: cards as above.
_HELD = """
    months AS (
        SELECT who, serial, month, 1 - exp(-sum(about)) AS likely FROM timed GROUP BY ALL),
    lives AS (SELECT who, serial, count(*) AS months, avg(likely) AS likely FROM months GROUP BY who, serial),
    followed AS (SELECT who, serial, count(DISTINCT month) AS times FROM met GROUP BY ALL),
    rushes AS (
        SELECT who, quantile_cont(coalesce(times, 0) / months, $slowest) AS rush
        FROM lives LEFT JOIN followed USING (who, serial)
        WHERE months >= $months GROUP BY who),
    often AS (
        SELECT who, serial, times FROM followed JOIN lives USING (who, serial) JOIN rushes USING (who)
        WHERE times >= $months AND surprise(times, months, least(0.9, greatest(0.02, likely, rush))) >= $quick),
    pairs AS (
        SELECT who, serial, other, count(DISTINCT month) AS shared FROM met SEMI JOIN often USING (who, serial)
        GROUP BY ALL),
    crowds AS (
        SELECT who, avg(n) AS crowd FROM (
            SELECT who, month, count(DISTINCT serial) - 1 AS n FROM timed GROUP BY ALL) GROUP BY who),
    faithful AS (
        SELECT who, serial
        FROM pairs JOIN often USING (who, serial) JOIN crowds USING (who)
        GROUP BY ALL
        HAVING count(*) FILTER (WHERE shared > 1) > 1 AND sum(shared * (shared - 1) / 2)
            >= $met_again * any_value(times * (times - 1) / 2) * sum(shared) ** 2
                / any_value(crowd * CAST(times AS DOUBLE) ** 2)),
    links AS (
        SELECT who, serial, other FROM pairs SEMI JOIN faithful USING (who, serial)
        SEMI JOIN faithful f ON f.who = pairs.who AND f.serial = pairs.other),
    nearer AS (
        FROM links UNION
        SELECT a.who, a.serial, b.other FROM links a JOIN links b ON a.who = b.who AND a.other = b.serial),
    reached AS (
        FROM nearer UNION
        SELECT a.who, a.serial, b.other FROM nearer a JOIN links b ON a.who = b.who AND a.other = b.serial),
    held AS (SELECT who, serial FROM reached GROUP BY ALL HAVING count(DISTINCT other) >= $cards)"""

RULE = Rule(
    code="A4",
    title=Text("Cards in sequence", "Kartu berurutan"),
    source="programme.md A4; cards collected with their PINs, swiped one after the other (KKS, PDS)",
    subjects=(Subject.SHOP,),
    weight=Weight.HABIT,
    signs=USUAL_SIGNS | {Sign.ALIKE},
    parameters=SequenceParameters,
    evidence=f"""
        WITH {_MEETINGS}, {_HELD}
        SELECT who, serial, seq, day, amount, others AS telling
        FROM timed JOIN (
            SELECT who, serial, seq, count(DISTINCT other) AS others FROM met SEMI JOIN held USING (who, serial)
            GROUP BY ALL) USING (who, serial, seq)""",
    query=shares(
        more=", (SELECT count(DISTINCT serial) FROM evidence e WHERE e.who = foremost.who) AS held, $seconds AS seconds"
    ),
    reason=Text(
        "{held} cards of families of different companions were used within {seconds:.0f} seconds of each other, and of "
        "the same ones again and again: {receipts} of {n:.0f} sales ({measure:.1%}); up to {edge:.1%} is usual.",
        "{held} kartu keluarga dari pendamping yang berlainan dipakai berjarak paling lama {seconds:.0f} detik, dan "
        "berulang kali bersama kartu yang sama: {receipts} dari {n:.0f} penjualan ({measure:.1%}); lazimnya sampai "
        "{edge:.1%}.",
    ),
)
