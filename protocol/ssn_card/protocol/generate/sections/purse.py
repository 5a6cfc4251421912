# SPDX-License-Identifier: Apache-2.0
"""Rules of the purse, the month, RECOVER and the log."""

from __future__ import annotations

from ... import layouts, status
from ...status import CardStatusError
from ...values import LOG_ENTRIES
from ..markdown import layout_table, prose, table

_EACH = "DEBIT, CANCEL, OVERRIDE"

#: Command, status word, what must hold; in the order in which the card looks (Purse.java).
_RULES: tuple[tuple[str, type[CardStatusError], str], ...] = (
    (_EACH, status.WrongLength, "the length is that of the command"),
    (_EACH, status.WrongParameters, "P2, then P1, are zero"),
    (_EACH, status.ConditionsNotSatisfied, "there is a live challenge; from here on it is used up"),
    (_EACH, status.WrongMac, "the MAC is right (OVERRIDE: under the OVERRIDE key)"),
    (_EACH, status.NotActivated, "the life state is not ISSUED"),
    (_EACH, status.Blocked, "the life state is not BLOCKED"),
    (_EACH, status.Terminated, "the life state is not TERMINATED"),
    (_EACH, status.InvalidAmount, "amount is 1 to 2^31 - 1"),
    (_EACH, status.ImpossibleTimestamp, "timestamp is a possible moment in BCD"),
    (_EACH, status.Expired, "its date is not after valid_until"),
    (_EACH, status.TimestampBeforeMonth, "its month is not before the card's month"),
    (
        _EACH,
        status.AlreadyDone,
        "the newest receipt, unless an update's, has not the same terminal_id and terminal_txn",
    ),
    ("DEBIT", status.DebitMaximumExceeded, "amount is at most debit_max"),
    ("DEBIT", status.PinRequired, "amount is at most pin_above, or the PIN was verified since SELECT"),
    ("DEBIT", status.CategoryNotAllowed, "categories is not zero and has no bit outside allowed_categories"),
    ("DEBIT", status.MonthlyLimitExceeded, "spent in the timestamp's month plus amount is at most that month's limit"),
    ("DEBIT", status.InsufficientBalance, "amount is at most the balance"),
    (
        "CANCEL",
        status.NotCancellable,
        "the newest receipt is a DEBIT with the MAC cancelled_mac, the same amount, categories and terminal_id; the "
        "timestamp is in the card's month; refunded_total stays below 2^31",
    ),
    (
        "OVERRIDE",
        status.OverrideMaximumExceeded,
        "what was added to the timestamp's month, with this amount, is at most override_max",
    ),
)


def rules() -> str:
    """The chapter on movements."""
    rows = [(number, who, f"{cls.sw:04X}", rule) for number, (who, cls, rule) in enumerate(_RULES, start=1)]
    return "\n\n".join(
        (
            "## Movements of money",
            prose(
                """
                `balance = loaded_total + refunded_total - spent - withdrawn_total`, at every instant. The card checks
                in this order, and the first rule that fails gives the status word. After the last rule it makes the
                receipt and the answer's MAC, and then commits all of it by one write of one byte: a torn card has the
                movement, with its receipt, or it has not.
                """
            ),
            table(("", "command", "SW", "what must hold"), rows),
            prose(
                """
                - AlreadyDone looks at the newest receipt only. That a transaction number never repeats is the
                  terminal's duty: it writes the number to disk before it sends the command. CANCEL and OVERRIDE take
                  numbers of their own from the same counter.
                - CANCEL gives the whole amount of one debit back, to the balance and to the month. Nothing can be
                  cancelled twice: afterwards the newest receipt is the cancel's. An UPDATE, an OVERRIDE or another
                  debit in between makes a debit final.
                - OVERRIDE changes no balance. The companion's device makes body and MAC for a challenge that the
                  terminal shows it, so a confirmation is good for this card, this session and this amount. The
                  answer's MAC is under DEBIT, which the terminal has.
                """
            ),
            "### The card's month",
            prose(
                """
                The card has no clock. Its month is that of the newest debit, `0000` before the first.

                - A movement's month (the first two bytes of its timestamp) may not lie before the card's month.
                - A debit in a later month sets the card's month and begins `month_spent` anew, with its own amount,
                  in the same write. Within a month the order of timestamps is not checked: terminals' clocks differ.
                - The limit of a month is `monthly_limit`, plus `month_extra` where `extra_month` is that month.
                - OVERRIDE adds to `month_extra` where `extra_month` is the timestamp's month, else it begins that
                  month with its own amount. It never moves the card's month. The sum is held against the
                  `override_max` in force.
                - `valid_until` keeps a wrong clock from moving the month out of reach.
                - In a receipt, `month_spent_after` is what was spent in the card's month, also where the receipt is an
                  OVERRIDE's or an UPDATE's of another month.
                """
            ),
        )
    )


def recovery() -> str:
    """The chapter on RECOVER and READ LOG."""
    return "\n\n".join(
        (
            "## After a lost answer: RECOVER",
            prose(
                f"""
                The card promises to keep its last {LOG_ENTRIES} receipts. READ LOG gives one of them by age, 00 the
                newest. RECOVER looks through all of them for a DEBIT, CANCEL or OVERRIDE with this `terminal_id` and
                `terminal_txn`; from a SELECT or a query on, the earlier command can no longer be accepted, for its
                challenge is gone. So the answer is final:

                - the receipt ({layouts.RECEIPT.size} bytes): the movement happened, and this is its receipt;
                - the `none` answer ({layouts.NO_RECEIPT_ANSWER.size} bytes): none of the receipts `oldest_seq` to
                  `newest_seq` is that movement's.
                """
            ),
            layout_table(layouts.NO_RECEIPT_ANSWER),
            prose(
                """
                The answer `none` is definite, that is, the movement never happened, if

                1. `oldest_seq` is at most 1: the log holds every receipt that the card ever made, or there are none; or
                2. `oldest_timestamp` is not zero, and the attempt's own timestamp is later: the log reaches back
                   beyond the attempt.

                Otherwise the log may have lost the receipt since, and the terminal must not conclude anything: the
                bank's collection of receipts decides. `oldest_timestamp` is that of the oldest movement in the log,
                because an update is stamped when it is issued, not when it is delivered; it is zero if the log holds
                updates only. Rule 2 takes it that terminals' clocks differ by less than the time in which a card makes
                a whole log of receipts.

                The procedure: SELECT, check that the serial is that of the attempt, RECOVER, verify the answer's MAC.
                Repeat until an answer verifies. Do not debit again before.
                """
            ),
        )
    )
