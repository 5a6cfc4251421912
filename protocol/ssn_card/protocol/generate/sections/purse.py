# SPDX-License-Identifier: Apache-2.0
"""Rules of the purse, the month, the PIN."""

from __future__ import annotations

from ... import layouts, status
from ...status import CardStatusError
from ...values import MAX_PIN, MIN_PIN, NEVER, PIN_TRIES, PinState
from ..markdown import layout_table, prose, shown_sw, table

_EACH = "DEBIT, CANCEL, OVERRIDE"

#: Command, status word, what must hold; in the order in which the card looks (Purse.java).
_RULES: tuple[tuple[str, type[CardStatusError], str], ...] = (
    (_EACH, status.WrongLength, "the length is that of the command"),
    (_EACH, status.WrongParameters, "P1 and P2 are zero"),
    (_EACH, status.ConditionsNotSatisfied, "there is a live challenge; from here on it is used up"),
    (_EACH, status.WrongMac, "the MAC is right (OVERRIDE: under the OVERRIDE key)"),
    (_EACH, status.NotActivated, "the life state is not ISSUED"),
    (_EACH, status.Blocked, "the life state is not BLOCKED"),
    (_EACH, status.Terminated, "the life state is not TERMINATED"),
    (_EACH, status.InvalidAmount, "amount is 1 to 2^31 - 1"),
    (_EACH, status.ImpossibleTimestamp, "timestamp is a possible moment in BCD"),
    (_EACH, status.Expired, "its date is not after valid_until"),
    (_EACH, status.TimestampBeforeMonth, "its month is not before the card's month"),
    ("DEBIT", status.DebitMaximumExceeded, "amount is at most debit_max"),
    ("DEBIT", status.CategoryNotAllowed, "categories is not zero and has no bit outside allowed_categories"),
    ("DEBIT", status.MonthlyLimitExceeded, "spent in the timestamp's month plus amount is at most that month's limit"),
    ("DEBIT", status.InsufficientBalance, "amount is at most the balance"),
    (
        "DEBIT",
        status.PinRequired,
        "the PIN was given in this session, or the card has none, or the balance afterwards is at least pin_floor",
    ),
    (
        "CANCEL",
        status.NotCancellable,
        "the timestamp's month is the card's; the newest receipt is a DEBIT with the MAC cancelled_mac and the same "
        "amount, categories and terminal_id",
    ),
    (
        "OVERRIDE",
        status.OverrideMaximumExceeded,
        "what was added to the timestamp's month, with this amount, is at most override_max",
    ),
)


def rules() -> str:
    """The chapter on movements."""
    rows = [(number, who, shown_sw(cls), rule) for number, (who, cls, rule) in enumerate(_RULES, start=1)]
    return "\n\n".join(
        (
            "## Movements of money",
            prose(
                """
                `balance = granted_total - spent`, where `spent` is what all debits took less what was given back, at
                every instant. The card checks in this order, and the first rule that fails gives the status word.
                After the last rule it makes the receipt and the answer's MAC, and then commits all of it by one write:
                a torn card has the movement, with its receipt, or it has not.
                """
            ),
            table(("", "command", "SW", "what must hold"), rows),
            prose(
                """
                - No transaction number is looked at: a movement's MAC covers the number of the receipt that it makes,
                  so it cannot happen twice. That `terminal_txn` never repeats is the terminal's duty towards its own
                  books; CANCEL and OVERRIDE take numbers from the same counter.
                - CANCEL gives the whole amount of one debit back, to the balance and to the month. Nothing can be
                  cancelled twice: afterwards the newest receipt is the cancel's. An UPDATE, an OVERRIDE or another
                  debit in between makes a debit final.
                - OVERRIDE changes no balance. The companion's device makes body and MAC for the quote and the challenge
                  that the terminal shows it, so a confirmation is good for this card, this session and this amount. The
                  answer's MAC is under DEBIT, which the terminal has.
                - The card cannot know what is in a basket. `categories` and `basket_digest` are what the terminal says;
                  the card holds the first against its mask and puts both into the receipt.
                """
            ),
            "### The card's month",
            prose(
                """
                The card has no clock. Its month is that of the newest debit, `0000` before the first.

                - A movement's month (the first two bytes of its timestamp) may not lie before the card's month.
                - A debit in a later month sets the card's month and begins `month_spent` anew, with its own amount,
                  in the same write. Within a month the order of timestamps is not checked: terminals' clocks differ.
                - The limit of a month is `monthly_limit`, plus `month_extra` where `extra_month` is that month. A sum
                  of 2^31 or more is no limit.
                - OVERRIDE adds to `month_extra` where `extra_month` is the timestamp's month, else it begins that
                  month with its own amount. It never moves the card's month. The sum is held against the
                  `override_max` in force.
                - `valid_until` keeps a wrong clock from moving the month out of reach; an update mends a month that
                  lies ahead (see updates). `month_spent` stays where the month goes back, so what was spent under the
                  false month counts in the true one.
                - In a receipt, `month` and `month_spent_after` are the card's, also where the receipt is an OVERRIDE's
                  or an UPDATE's of another month.
                """
            ),
        )
    )


def pin() -> str:
    """The chapter on the PIN."""
    return "\n\n".join(
        (
            "## The PIN",
            prose(
                f"""
                A PIN has {MIN_PIN} to {MAX_PIN} decimal digits. On the interface it is a PIN block of ISO 9564-1 format
                2, 8 bytes: nibble 2, nibble number of digits, the digits, F to the end. 4711 is `244711FFFFFFFFFF`. The
                card looks at format and length, and then at the whole block; nothing else about digits or filler.
                """
            ),
            layout_table(layouts.PIN_BLOCK),
            "### When a debit needs it",
            prose(
                f"""
                `pin_above` of the entitlement is the most that may be spent **in sum** without the PIN; {NEVER} means
                that none is ever needed. The card keeps `pin_floor`, a signed balance, 0 at first: a debit that would
                leave less than it needs the PIN. It is the last check of DEBIT. A card without a PIN is never stopped
                by it, and keeps its floor: what it spends counts all the same. So after it has chosen its first PIN,
                that PIN may be due at once. The floor moves so:

                ```text
                DEBIT with the PIN given   floor = balance after - pin_above
                any other DEBIT            floor stays
                CANCEL                     floor = max(floor, balance after - pin_above)
                UPDATE                     floor = floor + change of granted_total + old pin_above - new pin_above
                ```

                Before the first update all of these are 0. GET STATUS tells the floor, so a terminal knows before it
                sells: PIN needed if `balance - amount < pin_floor` and `pin_tries` is not FF.
                """
            ),
            "### VERIFY",
            prose(
                f"""
                VERIFY is a query of a terminal session, over contacts and contactless alike. The body carries the PIN
                block XOR a mask of this session:

                ```text
                mask = first 8 bytes of CMAC(Kdebit, Rt | Rc | 04 00...)
                ```

                Rt is `terminal_nonce` of this very command, 8 fresh random bytes, **never used twice**: without them
                an old Rc would give a two-time pad. Rc is the challenge that this command's MAC covers, a chained one
                included. The answer is empty but for its MAC: believe "right" only where that verifies.

                The card looks in this order; whatever it answers, the challenge is used up:

                | check | SW |
                |---|---|
                | length, P1 P2, live challenge, MAC | {status.WrongLength.sw:04X}, {status.WrongParameters.sw:04X}, {status.ConditionsNotSatisfied.sw:04X}, {status.WrongMac.sw:04X}; no try is taken |
                | the card has a PIN | {status.NoPin.sw:04X} |
                | tries are left | {status.PinBlocked.sw:04X} |
                | it is not the last try, or the card lies in a contact (or USB) reader | {status.LastTryContacts.sw:04X}; no try is taken |
                | the block is well-formed | {status.WrongData.sw:04X}; no try is taken |
                | the PIN is right; the try is taken before it is compared | 63C2, 63C1; the last one {status.PinBlocked.sw:04X} |

                {PIN_TRIES} tries; the right PIN brings them back. **Given** it counts until the next SELECT, reset, power
                loss or deselection. Since a movement ends the session, it is good for one movement, and for CHANGE
                REFERENCE DATA before it. A refused VERIFY has used the challenge up: SELECT again before the next try,
                which is a new session with a new intent.
                """  # noqa: E501
            ),
            "### CHANGE REFERENCE DATA: choosing a PIN",
            prose(
                f"""
                The same body; the block holds the new PIN. It is allowed ({status.ConditionsNotSatisfied.sw:04X}
                otherwise) where

                - the PIN so far was given in this session, or
                - **the choice is open**: an update whose `pin_count` was higher than that before it has opened it, and
                  neither a choice nor a movement has come since. A later update does not close it. `pin_choice` of GET
                  STATUS tells it.

                It gives all tries anew, and works on a card without a PIN too, which has one from then on. The same PIN
                may be chosen again: that is how a blocked PIN comes back to one who remembers it. A malformed block
                gives {status.WrongData.sw:04X} and changes nothing. After a choice the PIN does not count as given.
                An update gives no tries by itself, and the update must be delivered in the holder's presence: whoever
                has the card between update and choice chooses.
                """
            ),
            "### In receipts",
            prose(
                "`pin_state`: "
                + "; ".join(
                    f"{int(state)} {text}"
                    for state, text in (
                        (PinState.NOT_DUE, "the card has a PIN, and it was not given"),
                        (PinState.GIVEN, "it was given in this session"),
                        (PinState.NONE, "the card has none"),
                    )
                )
                + ". CANCEL and OVERRIDE state it too."
            ),
        )
    )
