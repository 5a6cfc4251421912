# SPDX-License-Identifier: Apache-2.0
"""Entitlement updates and life states."""

from __future__ import annotations

from ... import layouts, status
from ...life import MOVEMENT_REFUSED, accepted
from ...values import LifeState
from ..markdown import layout_table, prose, table
from .deliveries import deliveries


def _sw(cls: type[status.CardStatusError]) -> str:
    return f"{cls.sw:04X}"


def _transitions() -> str:
    def cell(before: LifeState, after: LifeState) -> str:
        return "yes" if accepted(before, after) else _sw(status.InvalidUpdate)

    def refusal(state: LifeState) -> str:
        return _sw(MOVEMENT_REFUSED[state])

    meaning = {
        LifeState.ISSUED: f"on its way to the holder; every movement gives {refusal(LifeState.ISSUED)}",
        LifeState.ACTIVE: "in use",
        LifeState.BLOCKED: f"reported lost, or suspended; every movement gives {refusal(LifeState.BLOCKED)}",
        LifeState.TERMINATED: f"over for good; every movement gives {refusal(LifeState.TERMINATED)}",
    }
    rows = [(f"{int(s)} {s.name}", meaning[s], *(cell(s, after) for after in LifeState)) for s in LifeState]
    return table(("state", "meaning", *(f"to {s.name}" for s in LifeState)), rows)


_DIFFERENCES = (
    (
        "spent or raised before the update came, where a missed one would have refused (blocked, lower limit, "
        "category, PIN)",
        "the movement stands",
        "sees it: receipts name `update_seq`. Nothing to mend",
    ),
    (
        "by a clock behind: spent after the expiry, before its update came",
        "as much less is withdrawn",
        "may raise `expired_total` by it, up to `loaded_total`; else lets it be",
    ),
    (
        "cancelled, where the missed update would have made the debit final",
        "the money is back, and expires with the rest",
        "nothing",
    ),
    (
        "moved while a mending was on its way",
        "counts in the month that the mending sets; at most a month's limit, raises included, for each false month "
        "spent in",
        "mends again if the card is ahead again",
    ),
    ("PIN step missed", "tries and choice begin when an update comes, not when they were granted", "nothing"),
)


def entitlements() -> str:
    """The chapter on updates and life states."""
    return "\n\n".join(
        (
            "## Entitlement updates",
            prose(
                """
                An update is a state, not a step. It replaces the whole entitlement and carries all totals and counts,
                so the newest update alone brings a card up to date, a lost one loses nothing, and any terminal may
                carry it from a file, days later. Load, expiry, block, unblock, new limits, activation, termination, a
                new PIN, a mended month and key rotation are the same command. It is bound to the card by the serial in
                its MAC, and to no session.
                """
            ),
            layout_table(layouts.ENTITLEMENT),
            "### What the card checks",
            prose(
                f"""
                A card that was just personalized has an empty entitlement: number 0, nothing loaded, state
                {LifeState.ISSUED.name}, dates zero. In this order:

                1. length ({_sw(status.WrongLength)}), P1 and P2 ({_sw(status.WrongParameters)}); the card is
                   personalized ({_sw(status.ConditionsNotSatisfied)}); the MAC is right ({_sw(status.WrongMac)}): see
                   *under which key*. The terminal's session ends with the MAC's check.
                2. **Stale**: `update_seq` is below that of the entitlement in force: {_sw(status.StaleUpdate)}. The
                   card has something newer; the update may be thrown away.
                3. **Same again**: `update_seq` is equal and so is the MAC: 9000, nothing changes, and the answer is the
                   receipt of the first delivery, however long ago. So delivery may be repeated until it is confirmed.
                4. **Conflicting**: `update_seq` is equal and the MAC is not: {_sw(status.ConflictingUpdate)}. The
                   bank used a number twice.
                5. **Invalid**, {_sw(status.InvalidUpdate)}, if
                   - `update_seq` or an amount is 2^31 or more, or `monthly_limit` and `override_max` together are;
                   - `loaded_total`, `expired_total`, `pin_count` or `mend_count` is less than that in force, or
                     `expired_total` is more than `loaded_total`;
                   - `state` is none of the life states, or the card is {LifeState.TERMINATED.name} and the update's
                     state is another;
                   - a bit of `key_selection` is set that has no meaning, or one that is set on the card is not.
                6. `issued_at` is a possible moment and `valid_until` a possible day; where `mend_count` is not 0,
                   `mended_to` is a month ({_sw(status.ImpossibleTimestamp)}).

                **Under which key.** The UPDATE key in force. Two exceptions: an update that sets the UPDATE bit, on a
                card whose bit is not set, may be under the *next* key already, so that losing the update that moves the
                key on locks nothing; and the update that is on the card is recognised under the key before it, to be
                answered again (step 3), nothing else: under the former key any other gives {_sw(status.WrongMac)}.
                """  # noqa: S608  (prose, no SQL)
            ),
            "### What it does",
            prose(
                """
                ```text
                balance'        min(balance + loaded_total' - loaded_total, loaded_total' - expired_total')
                granted_total'  granted_total + balance' - balance
                pin_floor'      pin_floor + granted_total' - granted_total + pin_above - pin_above'
                month'          mended_to', where mend_count' > mend_count and month > mended_to'; else month
                choice          open, where pin_count' > pin_count; else as it was
                ```

                The receipt is made, and one write commits the entitlement and its receipt together. `month_spent`,
                `month_extra` and the PIN stay; the new limits hold at once. What was loaded first was spent first: so
                expiry takes what is left above `loaded_total - expired_total`, and never what was loaded later.

                The keys that `key_selection` chooses hold from the next command on: the update's own receipt and answer
                are under the keys that it found. The answer to the same update again is under the DEBIT key then in
                force; its receipt is the same.
                """
            ),
            "### What the bank owes",
            prose(
                """
                - Numbers may be left out, never used twice. It numbers from 1 and issues each update from its own
                  record, never from a card. A serial is installed once.
                - `loaded_total`, `expired_total`, `pin_count` and `mend_count` only grow, and **every update carries
                  all of them on**, and `mended_to` with them. What expired wrongly is loaded anew.
                - `valid_until` is never behind the day on which the next load expires. Otherwise a missed expiry is
                  spent meanwhile.
                - **Mending.** A new `mend_count`, with the true month in `mended_to`, sets a card's month back to it,
                  never forward. A further one is issued only after a receipt has come that was made under an update
                  which carries the last: two mendings, the first lost, would not give what both give. What is gained at
                  most by false months is one month's limit, raises included, for each false month spent in; the bank
                  mends after it has seen the receipts.
                - **A PIN.** `pin_count` one higher lets the holder choose once, at any honest terminal. A movement in
                  between closes the choice; the bank then issues another step. Both counts are one byte.
                - **Retiring a key version.** The old version of DEBIT may go from terminals when every card in use has
                  shown a receipt made under an update with the DEBIT bit: raise the terminals' minimum version, then
                  drop the master. OVERRIDE: as DEBIT. UPDATE: when every card has answered one with the UPDATE bit;
                  until then a card that has not gets updates that set it. RECEIPT: never, as long as a receipt of it
                  may have to be verified; only cards stop making them. A card holds two versions of each, so a third
                  needs new cards.
                """
            ),
            "### Where the newest update alone differs from all in order",
            prose(
                """
                Nothing but this; found by a model of the protocol (`make protocol-model`), whose histories hold
                otherwise:
                """
            ),
            table(("what happened", "difference", "what the bank does"), _DIFFERENCES),
            "### Life states",
            prose(
                f"""
                What the card allows is below. The programme's own order is ISSUED, ACTIVE, BLOCKED and back, and in
                the end TERMINATED; the card holds a bank to the last step only. In every state the card answers
                queries and takes updates. Blank, before personalization, is no life state: see the state class of
                SELECT. Activation is an update with state {LifeState.ACTIVE.name} and, as `reference`, that of the
                verification done at hand-over.
                """
            ),
            _transitions(),
            "### Deliveries to one card, one after another",
            prose(
                """
                From `updates.json`, with the command and the answer of each. Each line depends on those before it.
                """
            ),
            deliveries(),
        )
    )
