# SPDX-License-Identifier: Apache-2.0
"""Whether a spreadsheet has rounded a column of numbers: it keeps 15 digits, and the 16th becomes 0.

Last digits are judged by chance, which gives a 0 to one number in ten: the whole column by the tail of the binomial
distribution, and its densest section by a running score, because a file is often joined from parts. A typed row here
and there hides nothing.
"""

from __future__ import annotations

import math

ZERO = 0.1  #: chance of a last digit 0
IMPROBABLE = 1e-7  #: below it, chance is no explanation: one sound file in ten million is warned of
#: In a section that was rounded a 0 is nine times as likely as by chance, another digit nine times less likely. So
#: chance lets the score, zeros minus others, rise to ``h`` somewhere in ``n`` lines with less than ``n`` / 9**``h``.
_ODDS = 9


class Endings:
    """The last digits of one column, line by line."""

    def __init__(self) -> None:
        self.numbers = 0
        self.zeros = 0
        self._score = 0
        self._start = 0
        self._best = 0
        self._section = (0, 0)

    def add(self, line: int, digits: str) -> None:
        """One well-formed number and the line that it stands on."""
        zero = digits.endswith("0")
        self.numbers += 1
        self.zeros += zero
        if not self._score:
            self._start = line
        self._score = self._score + 1 if zero else max(0, self._score - 1)
        if self._score > self._best:
            self._best = self._score
            self._section = (self._start, line)

    @property
    def rounded(self) -> bool:
        """Whether so many numbers end in 0 that chance does not explain it."""
        return chance(self.zeros, self.numbers) < IMPROBABLE

    @property
    def rounded_section(self) -> tuple[int, int] | None:
        """First and last line of a section in which too many numbers end in 0, if there is one."""
        return self._section if self._best and self.numbers * _ODDS**-self._best < IMPROBABLE else None


def chance(zeros: int, numbers: int) -> float:
    """The probability that so many or more of the numbers end in 0; 1 where they are no more than one in ten."""
    if zeros <= numbers * ZERO:
        return 1.0
    term = math.exp(
        math.lgamma(numbers + 1)
        - math.lgamma(zeros + 1)
        - math.lgamma(numbers - zeros + 1)
        + zeros * math.log(ZERO)
        + (numbers - zeros) * math.log1p(-ZERO)
    )
    total, count = 0.0, zeros
    while term > total * 1e-12:  # terms fall from here on
        total += term
        term *= (numbers - count) / (count + 1) * ZERO / (1 - ZERO)
        count += 1
    return total
