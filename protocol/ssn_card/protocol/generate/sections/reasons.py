# SPDX-License-Identifier: Apache-2.0
"""Why the protocol is as it is, and what was shown of it by a model."""

from __future__ import annotations

from ..markdown import prose, table

_WHY = (
    ("a command's MAC covers the quote", "a proxy alters SELECT; the host builds a receipt that verifies nowhere"),
    ("SELECT tells the number, and a movement makes the next one", "a second debit; 'none' concluded from clocks"),
    ("the number is masked", "a passer-by counts how often a family shops"),
    ("the intent is journalled with its number; a new SELECT is a new intent", "a doubt asked about by a wrong number"),
    ("recovery compares type and all 36 bytes", "a cut-off CANCEL's body sent as a DEBIT: 'cancelled', paid twice"),
    ("negative answers carry a MAC and the newest number", "'not made' told by the line"),
    ("*gone* stops no sale", "one card in doubt closes a shop"),
    ("*gone* is settled by n and n + 2", "a debit denied, or charged, on somebody's word"),
    ("a number below a proven one is asked about, then believed", "one false card locks a family out of a shop"),
    ("minimum version of DEBIT at terminals", "a stolen retired master"),
    ("no check of transaction numbers on the card", "a number planted by a rogue makes an innocent card look false"),
    ("16 bytes of basket digest", "two baskets with one digest, found in minutes for 8 bytes"),
    ("totals and counts, no flags", "an update that expires, or unblocks, is lost and its step with it"),
    ("`valid_until` not behind the next expiry", "a missed expiry is spent meanwhile"),
    ("an update with the UPDATE bit may be under the next key", "the update that rotates is lost, and all after it"),
    ("a mending waits for a receipt of the last", "two mendings, the first lost: another state than both in order"),
    ("a floor under the balance", "three debits of just `pin_above` each"),
    ("VERIFY in the session, masked, with Rt", "PINs harvested by a forged 9412; an old Rc as a two-time pad"),
    ("the MAC before the try, the last try over contacts", "a reader at a pocket blocks the PIN"),
    ("the choice gives the tries, not the update", "a torn update gives guesses without end"),
    ("receipts name `update_seq`, `granted_total`, month, PIN state", "money hidden in a gap; limits nobody can check"),
)


def reasons() -> str:
    """The chapter."""
    return "\n\n".join(
        (
            "## Why it is so",
            prose(
                """
                Each rule here answers an attack or an accident that was played against the protocol without it.
                """
            ),
            table(("rule", "without it"), _WHY),
            prose(
                """
                **Shown by a model.** `tests/protocol_model` plays histories drawn from a seed: a card, honest terminals
                with journals, the bank, an auditor, and against them the line without keys, a rogue terminal with the
                DEBIT master between an honest one's exchanges, a stolen retired key, thieves, updates lost, late,
                doubled and out of order, tears, lost answers, wrong clocks, a staple withdrawn. MACs are symbolic.
                Seven invariants are looked at: no honest terminal concludes wrongly, and no doubt stops another sale;
                money is conserved; the newest update alone gives the state of all in order, but for what is listed
                above; a thief spends at most `pin_above`; no accident locks a family out for good; an auditor
                recomputes everything from receipts; what SELECT says is bound. `make protocol-model` plays 300,000
                histories without a hole (1,158,021 conclusions, 1,599,858 receipts recomputed, 158,730 gaps, 2,203
                lost receipts restored, 4,810 left open at the bank); a short form runs in `make test`. With any one
                of its switches, a rule each, taken out, its hole shows within 2,100 histories.

                Not in the model: the merchant's confirmation of a clock, masks as privacy, layouts. What software
                cannot stop at all, above all a stolen DEBIT master, is said in [security.md](security.md).
                """
            ),
        )
    )
