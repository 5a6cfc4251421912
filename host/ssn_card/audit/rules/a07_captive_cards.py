# SPDX-License-Identifier: Apache-2.0
"""A7: cards that live at one shop: more families who never once bought elsewhere than such families have elsewhere.

Most families buy at the one shop near them, and in a village with a single shop nearly always. So of each family there
is asked how likely it is that, by chance, it never leaves its shop: by how often families leave theirs who have as many
shops in their kelurahan, and by how often those of this very shop leave it that do leave it, whichever is less. (Of
those who leave only those are seen who left once at least, which ``staying`` sets right.) A shop that keeps cards has
many more captives than that. Where a family has no second shop in its kelurahan, staying tells little, and counts so:
it adds to what other rules say. And where most families never leave, it is the place that keeps them, not the shop; so
that counts the less, the fewer leave.

A single card tells of itself where it lives at one shop far from home, from its first purchase there to its last, and
that shop takes from it: the purchases empty it, or those at hours when the shop is closed are as large as a package.
Who moved, or works there, buys through the month, leaves something on it, and buys elsewhere too; who holds another's
card takes all at once, when it suits him. The three are added up, for no one of them is always so.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given
from .rule import Rule, Weight


class CaptiveParameters(ShareParameters):
    """Parameters of A7."""

    purchases: int = given(
        8, "purchases of a family without which it tells nothing", "belanja minimal satu keluarga", ge=2
    )
    least: int = given(10, "families without which a shop is not judged", "keluarga minimal agar toko dinilai", ge=1)
    reach: float = given(3, "deviations above the peers' median that are usual", "simpangan yang masih lazim", ge=0)
    floor: float = given(0.1, "a share that is usual whatever the peers do", "bagian yang selalu lazim", gt=0, lt=1)
    digits: float = given(
        3, "digits of improbability from which it is told", "digit ketidakmungkinan mulai dilaporkan", gt=0
    )
    alone: float = given(
        0.2,
        "of the score, for families with no second shop in their kelurahan",
        "bagian nilai tanpa toko kedua",
        ge=0,
        le=1,
    )
    emptied: float = given(0.9, "of what was on the card that was spent", "bagian saldo yang dibelanjakan", gt=0, le=1)
    minutes: float = given(
        15, "minutes before opening and after closing that are usual", "menit sebelum buka dan sesudah tutup", ge=0
    )
    late: float = given(
        2, "digits that large purchases while closed add at most", "digit terbanyak karena belanja saat tutup", ge=0
    )
    taken: float = given(
        1.7,
        "digits of improbability that a shop takes so from a single card",
        "digit ketidakmungkinan toko mengambil demikian dari satu kartu",
        ge=0,
    )
    far: float = given(0.5, "of the score of a single card, for people move", "bagian nilai satu kartu", ge=0, le=1)
    card_least: int = given(5, "purchases of a single card", "belanja minimal satu kartu", ge=2)
    card_digits: float = given(4, "digits of improbability for a card", "digit ketidakmungkinan untuk kartu", gt=0)


_FAMILIES = """
    visited AS (
        SELECT family, id_ewarong, count(*) AS here, min(kelurahan) AS kelurahan
        FROM sales WHERE family IS NOT NULL GROUP BY family, id_ewarong),
    families AS (
        SELECT family, arg_max(id_ewarong, (here, id_ewarong)) AS who, max(here) AS home, sum(here) AS n,
            min(kelurahan) AS kelurahan
        FROM visited GROUP BY family HAVING sum(here) >= $purchases),
    near AS (SELECT kelurahan, least(count(*), 3) AS shops FROM shops GROUP BY kelurahan),
    placed AS (SELECT f.*, coalesce(near.shops, 0) AS shops FROM families f LEFT JOIN near USING (kelurahan)),
    loyal AS (
        SELECT shops, median(loyalty) AS loyalty
        FROM (SELECT who, shops, sum(home) / sum(n) AS loyalty FROM placed GROUP BY who, shops) GROUP BY shops),
    leaving AS (
        SELECT who, sum(n - home) / sum(n) AS seen, avg(n) AS n FROM placed WHERE home < n GROUP BY who),
    own AS (
        SELECT who, 1 - list_reduce(CAST(range(40) AS DOUBLE[]), lambda x, i: seen * (1 - (1 - x) ** n),
            seen) AS staying
        FROM leaving)"""

RULE = Rule(
    code="A7",
    title=Text("Cards that live at one shop", "Kartu yang menetap di satu toko"),
    source="programme.md A7; cards held or pawned",
    subjects=(Subject.SHOP, Subject.CARD),
    weight=Weight.GRAVE,
    parameters=CaptiveParameters,
    evidence=f"""
        WITH {_FAMILIES}
        SELECT 'shop' AS subject, p.who, s.serial, s.seq, s.day, s.amount, p.n AS telling
        FROM placed p SEMI JOIN told USING (who) JOIN sales s USING (family) WHERE p.home = p.n
        UNION ALL
        SELECT 'card', serial, serial, seq, day, amount, 1
        FROM sales SEMI JOIN told ON who = serial AND shop = id_ewarong""",
    query=f"""
        WITH {_FAMILIES},
        expected AS (
            SELECT who, count(*) FILTER (WHERE home = n) AS k, CAST(count(*) AS DOUBLE) AS n,
                coalesce(avg(if(shops > 1, 1, $alone)) FILTER (WHERE home = n), 0) AS choice,
                avg(greatest(loyalty, coalesce(staying, 0)) ** n) AS chance
            FROM placed JOIN loyal USING (shops) LEFT JOIN own USING (who) GROUP BY who HAVING count(*) >= $least),
        peers AS (
            SELECT middle, beyond_chance(deviation, scatter) AS deviation FROM (
                SELECT median(k / n / chance) AS middle, mad(k / n / chance) AS deviation,
                    avg((1 - chance) / (n * chance)) AS scatter
                FROM expected)),
        edged AS (
            SELECT who, k, n, choice, k / n AS measure,
                least(0.95, greatest($floor, chance * usual_edge(middle, deviation, $reach, 1))) AS edge
            FROM expected, peers),
        abroad AS (
            SELECT serial, seq, s.id_ewarong,
                if(near, s.kelurahan <> p.kelurahan, s.kode_kecamatan <> p.kode_kecamatan) AS far,
                amount >= $emptied * (amount + balance_after) AS emptied,
                (emptied OR amount >= $limit_sized) AND (epoch(CAST("at" AS TIME)) < epoch(buka) - $minutes * 60
                    OR epoch(CAST("at" AS TIME)) >= epoch(tutup) + $minutes * 60) AS late
            FROM (SELECT *, kelurahan IN (SELECT kelurahan FROM shops) AS near FROM sales) s
                JOIN shops p USING (id_ewarong)
            WHERE near OR s.kode_kecamatan IN (SELECT kode_kecamatan FROM shops)),
        often AS (
            SELECT greatest(1e-6, avg(CAST(far AS INTEGER))) AS usual,
                greatest(0.01, avg(CAST(emptied AS INTEGER))) AS usually,
                greatest(0.01, avg(CAST(late AS INTEGER))) AS rarely
            FROM abroad),
        living AS (
            SELECT serial, id_ewarong AS shop, min(seq) AS first, max(seq) AS last, count(*) AS k,
                count(*) FILTER (WHERE emptied) AS times, count(*) FILTER (WHERE late) AS evenings
            FROM abroad WHERE far GROUP BY ALL HAVING count(*) >= $card_least),
        within AS (
            SELECT serial, shop, count(*) AS n FROM living JOIN abroad USING (serial)
            WHERE seq BETWEEN first AND last GROUP BY ALL),
        single AS (
            SELECT serial AS who, shop, k, n, k / n AS measure, times, evenings, surprise(k, n, usual) AS place,
                surprise(times, n, usually) + least($late, surprise(evenings, n, rarely)) AS takes
            FROM living JOIN within USING (serial, shop), often
            QUALIFY row_number() OVER (PARTITION BY serial ORDER BY place + takes DESC, shop) = 1)
        SELECT 'shop' AS subject, who, CAST(NULL AS VARCHAR) AS shop, measure,
            choice * least(1, 2 * (1 - measure)) ** 2 * score_over(surprise(k, n, edge), $digits) AS score,
            format('{{}} of {{:.0f}} families of this shop ({{:.0f}}%) never once bought elsewhere; by what such '
                'families do, up to {{:.0f}}% is usual.', k, n, 100 * measure, 100 * edge) AS said,
            format('{{}} dari {{:.0f}} keluarga toko ini ({{:.0f}}%) tidak pernah belanja di tempat lain; dibanding '
                'keluarga serupa, lazimnya sampai {{:.0f}}%.', k, n, 100 * measure, 100 * edge) AS dikatakan
        FROM edged
        UNION ALL
        SELECT 'card', who, shop, measure,
            if(takes >= $taken, $far * score_over(place + takes, $card_digits), 0.0),
            format('From its first purchase at {{}} on, {{}} of {{}} were there, far from the family, which has shops '
                'nearer home; {{}} emptied the card, and {{}} large ones were outside opening hours.', shop, k, n,
                times, evenings),
            format('Sejak belanja pertama di {{}}, {{}} dari {{}} di situ, jauh dari keluarga yang punya toko lebih '
                'dekat; {{}} menghabiskan saldo, dan {{}} yang besar di luar jam buka.', shop, k, n, times, evenings)
        FROM single""",
    reason=Text("{said}", "{dikatakan}"),
)
