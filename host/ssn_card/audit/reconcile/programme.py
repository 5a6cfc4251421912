# SPDX-License-Identifier: Apache-2.0
"""The programme's account, by policy and kecamatan of the card.

Money counts for the policy of the entitlement under which it was loaded, spent or withdrawn; what a card had left when
another policy came is carried over. For every row, to the rupiah::

    carried_in + disbursed = spent - refunded + hidden + expired + balance + carried_out + contradicted

``contradicted`` is the rest of cards whose receipts contradict each other: loaded less spent and not given back; it may
lie below zero. ``stranded`` is what of ``balance`` lies on blocked cards; ``unused`` is what of the budget has not
reached a card; below zero, more was disbursed than there was. ``spendable_until`` is the last day of ``balance``.
"""

from __future__ import annotations

from typing import Final

PROGRAMME_ACCOUNTS: Final = """
CREATE TABLE programme_accounts AS
WITH moved AS (
    SELECT *, lead(policy_id) OVER card AS next_policy, lead(serial) OVER card IS NULL AS newest,
        lag(policy_id) OVER card AS policy_before
    FROM spells WINDOW card AS (PARTITION BY serial ORDER BY update_seq)
), of_cards AS (
    SELECT policy_id, serial, sum(loaded) AS disbursed, sum(spent) AS spent, sum(refunded) AS refunded,
        sum(hidden) AS hidden, sum(withdrawn) AS expired, sum(CASE WHEN newest THEN balance ELSE 0 END) AS balance,
        sum(CASE WHEN policy_before IS DISTINCT FROM policy_id THEN before ELSE 0 END) AS carried_in,
        sum(CASE WHEN NOT newest AND next_policy IS DISTINCT FROM policy_id THEN balance ELSE 0 END) AS carried_out,
        bool_or(newest) AS newest
    FROM moved GROUP BY policy_id, serial
), contradicting AS (
    SELECT serial, arg_max(e.policy_id, e.update_seq) AS policy_id, any_value(a.loaded) AS disbursed,
        any_value(a.spent) AS spent, any_value(a.refunded) AS refunded,
        any_value(a.loaded - a.spent + a.refunded) AS contradicted
    FROM card_accounts a LEFT JOIN entitlements e USING (serial) WHERE a.state = 'contradicts' GROUP BY serial
), all_cards AS (
    FROM of_cards UNION ALL BY NAME SELECT * FROM contradicting
), reached AS (
    SELECT o.policy_id, a.kode_kecamatan, count(DISTINCT a.serial) AS cards,
        count(DISTINCT a.family) FILTER (WHERE o.disbursed > 0) AS reached,
        sum(o.disbursed) AS disbursed, sum(o.spent) AS spent, sum(o.refunded) AS refunded, sum(o.hidden) AS hidden,
        sum(o.expired) AS expired, sum(o.balance) AS balance, sum(o.carried_in) AS carried_in,
        sum(o.carried_out) AS carried_out, sum(o.contradicted) AS contradicted,
        sum(o.balance) FILTER (WHERE a.blocked) AS stranded,
        max(a.spendable_until) FILTER (WHERE o.balance > 0) AS spendable_until,
        sum(a.unplaced_least) FILTER (WHERE o.newest) AS least, sum(a.unplaced_most) FILTER (WHERE o.newest) AS most
    FROM all_cards o JOIN card_accounts a USING (serial) GROUP BY ALL
), late AS (
    SELECT e.policy_id, c.kode_kecamatan, sum(e.step) AS undelivered
    FROM (
        SELECT serial, policy_id, update_seq, loaded_total - lag(loaded_total, 1, 0) OVER card AS step
        FROM entitlements WINDOW card AS (PARTITION BY serial ORDER BY update_seq)
    ) e JOIN outlook o USING (serial) LEFT JOIN cards c USING (serial)
    WHERE e.update_seq > o.update_seq GROUP BY ALL
), places AS (
    SELECT policy_id, kode_kecamatan FROM reached UNION SELECT policy_id, kode_kecamatan FROM late
    UNION SELECT policy_id, kode_kecamatan FROM budget
)
SELECT p.policy_id, p.kode_kecamatan, g.kecamatan, b.families, b.budget_rp AS budget, coalesce(r.cards, 0) AS cards,
    coalesce(r.reached, 0) AS families_reached,
    CAST(coalesce(r.carried_in, 0) AS BIGINT) AS carried_in,
    CAST(coalesce(r.disbursed, 0) AS BIGINT) AS disbursed,
    CAST(coalesce(l.undelivered, 0) AS BIGINT) AS undelivered,
    CAST(coalesce(r.spent, 0) AS BIGINT) AS spent,
    CAST(coalesce(r.refunded, 0) AS BIGINT) AS refunded,
    CAST(coalesce(r.hidden, 0) AS BIGINT) AS hidden,
    CAST(coalesce(r.expired, 0) AS BIGINT) AS expired,
    CAST(coalesce(r.balance, 0) AS BIGINT) AS balance,
    CAST(coalesce(r.carried_out, 0) AS BIGINT) AS carried_out,
    CAST(coalesce(r.contradicted, 0) AS BIGINT) AS contradicted,
    CAST(coalesce(r.stranded, 0) AS BIGINT) AS stranded,
    CAST(coalesce(r.least, 0) AS BIGINT) AS unplaced_least,
    CAST(coalesce(r.most, 0) AS BIGINT) AS unplaced_most,
    CAST(b.budget_rp - coalesce(r.disbursed, 0) AS BIGINT) AS unused, r.spendable_until
FROM places p
LEFT JOIN reached r ON r.policy_id IS NOT DISTINCT FROM p.policy_id
    AND r.kode_kecamatan IS NOT DISTINCT FROM p.kode_kecamatan
LEFT JOIN late l ON l.policy_id IS NOT DISTINCT FROM p.policy_id
    AND l.kode_kecamatan IS NOT DISTINCT FROM p.kode_kecamatan
LEFT JOIN budget b ON b.policy_id = p.policy_id AND b.kode_kecamatan = p.kode_kecamatan
LEFT JOIN regions g ON g.kode_kemendagri = p.kode_kecamatan
ORDER BY ALL;
"""
