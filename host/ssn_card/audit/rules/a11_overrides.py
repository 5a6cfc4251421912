# SPDX-License-Identifier: Apache-2.0
"""A11: one companion, or one shop's operator, behind many overrides of the monthly limit.

A companion's families buy at one shop, which is not to blame for what the companion confirms: so of a shop's overrides
those of the companion with the most do not count. And a flood or a fire brings all families of a street into need at
once, so the worst month is left out; who sells her consent does so all year. But who is in need buys what he needs, all
through the month: where a card takes more than a month's packages on the very day of the override, that counts in
whatever month, for who saves up for such a day, or holds the cards till then, has no flood for a reason.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import WEIGHED, ShareParameters, given
from .rule import Rule, Weight


class OverrideParameters(ShareParameters):
    """Parameters of A11."""

    floor: float = given(0.045, "a share that is usual whatever the peers do", "bagian yang selalu lazim", gt=0, lt=1)
    at_once: int = given(
        600_000, "rupiah on the day of an override that no need of the month explains", "rupiah sehari berlebih", ge=1
    )


RULE = Rule(
    code="A11",
    title=Text("Many overrides", "Banyak pelampauan batas"),
    source="programme.md A11; WIC integrity profiles: exceptions by who approves them",
    subjects=(Subject.COMPANION, Subject.SHOP),
    weight=Weight.GRAVE,
    parameters=OverrideParameters,
    evidence="""
        WITH taken AS (SELECT serial, day, sum(amount) AS taken FROM sales GROUP BY ALL),
        excess AS (
            SELECT o.*, coalesce(taken >= $at_once, false) AS at_once
            FROM overrides o LEFT JOIN taken USING (serial, day))
        SELECT 'companion' AS subject, companion_id AS who, serial, seq, day, amount, amount AS telling, at_once
        FROM excess
        UNION ALL
        SELECT 'shop', id_ewarong, serial, seq, day, amount, amount, at_once FROM excess
        ANTI JOIN (
            SELECT id_ewarong, arg_max(companion_id, (count, companion_id)) AS companion_id
            FROM (SELECT id_ewarong, companion_id, count(*) AS count FROM overrides GROUP BY ALL) GROUP BY id_ewarong)
            USING (id_ewarong, companion_id)""",
    query=f"""
        WITH sold AS (
            SELECT 'companion' AS subject, companion_id AS who, month, count(*) AS n FROM sales
            WHERE companion_id IS NOT NULL GROUP BY ALL
            UNION ALL SELECT 'shop', id_ewarong, month, count(*) FROM sales GROUP BY ALL),
        monthly AS (
            SELECT subject, who, date_trunc('month', day) AS month, count(*) AS k,
                count(*) FILTER (WHERE at_once) AS at_once
            FROM evidence GROUP BY ALL),
        worst AS (
            SELECT subject, who, arg_max(month, (k - at_once, month)) AS month FROM monthly WHERE k > at_once
            GROUP BY ALL),
        every AS (SELECT subject, who, sum(n) AS n FROM sold ANTI JOIN worst USING (subject, who, month) GROUP BY ALL),
        lasting AS (
            SELECT subject, who, sum(if(worst.month IS NULL, k, at_once)) AS k
            FROM monthly m LEFT JOIN worst USING (subject, who, month) GROUP BY ALL),
        found AS (SELECT subject, who, count(DISTINCT serial) AS cards FROM evidence GROUP BY ALL),
        counted AS (
            SELECT subject AS kind, 0 AS way, 1 AS apart, who, CAST(coalesce(k, 0) AS DOUBLE) AS k,
                coalesce(cards, 0) AS cards,
                CAST(greatest(coalesce(n, 0), coalesce(k, 0)) AS DOUBLE) AS n, $floor AS floor
            FROM every FULL JOIN lasting USING (subject, who) LEFT JOIN found USING (subject, who)
            WHERE greatest(coalesce(n, 0), coalesce(k, 0)) > 0),
        {WEIGHED}
        SELECT *, kind AS subject, score_over(digits, $digits) AS score FROM weighed""",
    reason=Text(
        "{receipts} overrides on {cards} cards; beside the worst month {k:.0f} of {n:.0f} sales ({measure:.0%}), up to "
        "{edge:.0%} is usual.",
        "{receipts} pelampauan pada {cards} kartu; di luar bulan terburuk {k:.0f} dari {n:.0f} penjualan "
        "({measure:.0%}), lazimnya sampai {edge:.0%}.",
    ),
)
