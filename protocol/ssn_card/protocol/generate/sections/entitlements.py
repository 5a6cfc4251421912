# SPDX-License-Identifier: Apache-2.0
"""Entitlement updates and life states."""

from __future__ import annotations

from ... import layouts, status
from ...life import MOVEMENT_REFUSED, accepted
from ...values import LifeState, UpdateFlag
from .. import update_steps
from ..markdown import layout_table, prose, table


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


def _deliveries() -> str:
    rows = []
    for number, step in enumerate(update_steps.steps(), start=1):
        fields = step.request.values
        outcome = f"{step.refused.sw:04X} {step.refused.constant}" if step.refused else "9000"
        receipt = layouts.RECEIPT.decode(step.answer.logical) if step.answer else None
        after = f"{receipt['balance_after']}" if receipt else "unchanged"
        number_sent = fields.get("update_seq", "as below")
        rows.append((number, step.name, number_sent, fields.get("loaded_total", ""), outcome, after))
    return table(("", "delivered", "update_seq", "loaded_total", "SW", "balance"), rows).replace("as below", "3")


def entitlements() -> str:
    """The chapter on updates and life states."""
    return "\n\n".join(
        (
            "## Entitlement updates",
            prose(
                f"""
                An update is a state, not a step. It replaces the whole entitlement and carries the total ever loaded,
                so the newest update alone brings a card up to date, a lost one loses nothing, and any terminal may
                carry it from a file, days later. Load, block, unblock, new limits, new expiry, activation and
                termination are the same command. It is bound to the card by the serial in its MAC, and to no session.

                A card that was just personalized has an empty entitlement: number 0, nothing loaded, state
                {LifeState.ISSUED.name}, dates zero. The card checks in this order:

                1. length ({_sw(status.WrongLength)}), P2 and P1 ({_sw(status.WrongParameters)}); the card is
                   personalized ({_sw(status.ConditionsNotSatisfied)}); the MAC is right ({_sw(status.WrongMac)}). The
                   terminal's session ends with the MAC's check.
                2. **Stale**: `update_seq` is below that of the entitlement in force: {_sw(status.StaleUpdate)}. The
                   card has something newer; the update may be thrown away.
                3. **Same again**: `update_seq` is equal and so is the MAC: 9000, nothing changes, and the answer is the
                   receipt of the first delivery, however long ago. The update that moved the UPDATE key on is
                   recognised under the key before it, for this purpose only. So delivery may be
                   repeated until it is confirmed.
                4. **Conflicting**: `update_seq` is equal and the MAC is not: {_sw(status.ConflictingUpdate)}. The
                   bank used a number twice.
                5. **Invalid**: {_sw(status.InvalidUpdate)} if `update_seq` or an amount is 2^31 or more; if
                   `monthly_limit` and `override_max` together are; if `state` is none of the life states, or the card
                   is {LifeState.TERMINATED.name} and the update's state is another; if a bit of `flags` or
                   `key_selection` is set that has no meaning; if a bit of `key_selection` that is set on the card is
                   not; or if `loaded_total` is less than that in force.
                6. `issued_at` and `valid_until` are possible in BCD ({_sw(status.ImpossibleTimestamp)}).

                Then `balance` grows by what `loaded_total` grew by. With flag {UpdateFlag.FORFEIT.name} (bit 0), all
                of the balance, the new load too, moves to `withdrawn_total`. The receipt is made, and one write
                commits the entitlement and its receipt together. With flag {UpdateFlag.UNBLOCK_PIN.name} (bit 1) the
                PIN's tries start anew, once, right after that write: a tear just there costs the unblocking, and the
                bank issues another update. `month_spent` and `month_extra` stay; the new limits
                hold at once.

                Numbers may be left out, never used twice. The bank numbers its updates from 1 and issues each from
                its own record of `loaded_total`, never from a card.
                """  # noqa: S608  (prose, no SQL)
            ),
            layout_table(layouts.ENTITLEMENT),
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
            _deliveries(),
        )
    )
