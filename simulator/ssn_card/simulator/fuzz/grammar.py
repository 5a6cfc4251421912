# SPDX-License-Identifier: Apache-2.0
"""Hostile sequences out of nothing but the command table and its layouts."""

from __future__ import annotations

import random
from collections.abc import Callable

from ssn_card.protocol import commands
from ssn_card.protocol.commands import COMMANDS, Command, Security
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.values import KeyVersionNumber

from .compose import GROUPS
from .draws import Draws
from .states import STATES
from .steps import Kind, Sequence, Step

_EXPIRED = ("$expired_total+1000", "$expired_total-1", "$loaded_total", "$loaded_total+1")
_MONTHS = ("2510", "2509", "$month", "0000", "2513")  #: to mend to
#: The last has a digit more than any PIN.
_GUESSES = (pin_block("0000").hex(), pin_block("482918").hex(), "2d12345678901234")


class Grammar(Draws):
    """Makes sequences, and single steps, that are hostile somewhere."""

    def __init__(self, random_: random.Random) -> None:
        super().__init__(random_)
        self._blank = False
        self._makers: tuple[tuple[int, Callable[[], list[Step]]], ...] = (
            (6, self._session), (3, self._purchase), (1, self._taken_back), (1, self._log), (6, self._channel),
            (2, self._personalization), (3, self._pin), (3, self._updates), (2, self._noise), (1, self._headers),
            (2, self._power), (1, self._replay),
        )  # fmt: skip

    def sequence(self, state: str = "") -> Sequence:
        """Some productions one after the other."""
        state = state or self.random.choice(STATES).name
        self._blank = state == STATES[0].name
        # A blank card refuses all but a secure channel, so that is where to attack it.
        liked = (self._channel, self._personalization) if self._blank else ()
        weights = [weight * (5 if maker in liked else 1) for weight, maker in self._makers]
        steps: list[Step] = [] if self.random.random() < 0.5 else [self.send(commands.SELECT)]
        for _ in range(self.random.choice((1, 1, 2, 2, 3, 5))):
            steps += self.random.choices(self._makers, weights)[0][1]()
        return Sequence(state, tuple(steps))

    # ------------------------------------------------------------ steps

    def send(self, command: Command, hostile: float = 0.0) -> Step:
        """A command of the table; with probability ``hostile`` something about it is not as it should be."""
        r = self.random
        if r.random() >= hostile:
            asked = {"seq": self.number()} if command is commands.READ_RECEIPT else {}
            return Step(command=command.name, p1=self._parameter(command), fields=asked, le=self._le(command, 0.9))
        fields = {}
        if command.body is not None:
            for field in r.sample(command.body.fields, k=min(len(command.body.fields), r.choice((0, 1, 1, 2, 3)))):
                fields[field.name] = self.value(field)
        return Step(
            command=command.name,
            cla=self.cla() if r.random() < 0.03 else None,
            ins=r.choice(COMMANDS).ins if r.random() < 0.03 else None,
            p1=r.choice((None, None, self._parameter(command), r.randrange(256))),
            p2=r.choice((None, None, None, r.choice((0, 1, 0x80, 0xFF)))),
            fields=fields,
            key=self.signer() if command.security is not Security.NONE and r.random() < 0.1 else "",
            body=self.changes(0.15),
            apdu=self.changes(0.25),
            le=self._le(command, 0.6),
            flips=r.random() < 0.03,
        )

    # ------------------------------------------------------------ productions

    def _session(self) -> list[Step]:
        """Queries and movements, some of them good, so that the chained challenge goes on."""
        r = self.random
        terminal = [one for one in COMMANDS if one.security in (Security.DEBIT_MAC, Security.OVERRIDE_MAC)]
        return [
            self.send(commands.SELECT),
            *(self.send(r.choice(terminal), 0.6) for _ in range(r.randrange(1, 6))),
        ]

    def _purchase(self) -> list[Step]:
        r = self.random
        steps = []
        for command in r.choices((commands.DEBIT, commands.CANCEL, commands.OVERRIDE), k=r.randrange(1, 5)):
            steps += [self.send(commands.SELECT), self.send(command, 0.4)]
        return steps

    def _taken_back(self) -> list[Step]:
        """A debit, with the PIN or without, and its cancellation."""
        r = self.random
        given = [self.send(commands.VERIFY)] if r.random() < 0.6 else []
        debit, cancel = self.send(commands.DEBIT, 0.1), self.send(commands.CANCEL, 0.2)
        return [self.send(commands.SELECT), *given, debit, self.send(commands.SELECT), cancel]

    def _log(self) -> list[Step]:
        """Some of the receipts, one after the other."""
        return [self.send(commands.SELECT), *(self.send(commands.READ_RECEIPT, 0.1) for _ in range(6))]

    def _channel(self) -> list[Step]:
        """A secure channel, right or wrong somewhere, and what may follow in it."""
        r = self.random
        right = KeyVersionNumber.TRANSPORT if self._blank else KeyVersionNumber.ISSUER
        steps = self._opening(r.choice((*KeyVersionNumber, 0, right, right, right)))
        for _ in range(r.randrange(6)):
            blocks = sum(step.command == commands.STORE_DATA.name for step in steps)
            steps.append(r.choice((self._store(blocks), self._store(blocks), self._get_data(), self._bare())))
        return steps

    def _opening(self, version: int, hostile: float = 0.25) -> list[Step]:
        r = self.random
        level = r.choice((0x33, 0x33, 0x33, 0x13, 0x03, r.randrange(256)))
        return [
            Step(command=commands.INITIALIZE_UPDATE.name, p1=version, le="00", apdu=self.changes(hostile / 3)),
            Step(
                command=commands.EXTERNAL_AUTHENTICATE.name, p1=level, body=self.changes(hostile / 3),
                apdu=self.changes(hostile / 3), flips=r.random() < 0.05,
            ),
        ]  # fmt: skip

    def _store(self, number: int) -> Step:
        """A block, with that number or a wrong one."""
        r = self.random
        groups = tuple(
            r.choice((r.choice(GROUPS), "identity", self.group(), self.group()))
            for _ in range(r.choice((0, 1, 1, 2, 4)))
        )
        return Step(
            command=commands.STORE_DATA.name, p1=r.choice((0x08, 0x88, 0x88, r.randrange(256))),
            p2=r.choice((number, number, number, r.randrange(256))), groups=groups, body=self.changes(0.2),
            apdu=self.changes(0.1), in_clear=r.random() < 0.1, le="00", flips=r.random() < 0.05,
        )  # fmt: skip

    def _bare(self) -> Step:
        """A secured command without room for a MAC."""
        r = self.random
        size = r.choice((0, 0, 1, 2, 7))
        header = bytes((commands.STORE_DATA.cla, r.choice((commands.STORE_DATA, commands.GET_DATA)).ins, 0x88, 0))
        return Step(kind=Kind.RAW, raw=(header + (bytes((size,)) + r.randbytes(size) if size else b"")).hex())

    def _get_data(self) -> Step:
        r = self.random
        return Step(
            command=commands.GET_DATA.name, ins=r.choice((None, None, None, r.randrange(256))),
            p1=r.choice((None, None, 0x00)), apdu=self.changes(0.1), le="00", flips=r.random() < 0.05,
        )  # fmt: skip

    def _personalization(self) -> list[Step]:
        """All groups in blocks, in any order; now and then one is missing, twice or wrong."""
        r = self.random
        groups = list(GROUPS)
        r.shuffle(groups)
        if r.random() < 0.4:
            groups[r.randrange(len(groups))] = r.choice((*GROUPS, self.group()))
        if r.random() < 0.2:
            groups.pop()
        # As many as fit beside an identity: 111 bytes of data in a command, 23 + DGI_HEADER in a key's group.
        blocks = [groups[at : at + 3] for at in range(0, len(groups), 3)]
        steps = self._opening(KeyVersionNumber.TRANSPORT, 0.05)
        for number, block in enumerate(blocks):
            last = number == len(blocks) - 1
            steps.append(
                Step(
                    command=commands.STORE_DATA.name, p1=0x88 if last else 0x08, p2=number, groups=tuple(block),
                    le="00", body=self.changes(0.02), flips=last and r.random() < 0.2,
                )
            )  # fmt: skip
        return steps

    def _pin(self) -> list[Step]:
        r = self.random
        steps = [self.send(commands.SELECT)]
        for _ in range(r.randrange(1, 5)):
            command = r.choice((commands.VERIFY, commands.VERIFY, commands.CHANGE_REFERENCE_DATA))
            # Of a block that is changed somewhere most are no PIN at all: a guess must look like one.
            guess = {"masked_pin_block": r.choice(_GUESSES)}
            steps.append(
                Step(command=command.name, fields=guess, le="00") if r.random() < 0.3 else self.send(command, 0.4)
            )
            if r.random() < 0.4:
                steps.append(self.send(commands.SELECT))  # a refusal has used the challenge up
        amount = r.choice(("$room", "$room+1", "$pin_above", "$pin_above+1"))
        steps += [self.send(commands.SELECT)] if r.random() < 0.5 else []
        return [*steps, Step(command=commands.DEBIT.name, fields={"amount": amount}, le="00")]

    def _updates(self) -> list[Step]:
        """Updates under the right key: loads, states, rotations, and what the card must refuse."""
        r = self.random
        steps = [self.send(commands.SELECT)]
        for _ in range(r.randrange(1, 4)):
            fields = r.choice(
                (
                    {"loaded_total": "$loaded_total+100000"},
                    {"state": r.choice(("01", "02", "03", "04", "00", "05", "80"))},
                    {"key_selection": f"{r.randrange(32):02x}"},
                    {"expired_total": r.choice(_EXPIRED)},
                    {"pin_count": r.choice(("$pin_count+1", "$pin_count+1", "$pin_count-1", "ff"))},
                    {"mend_count": r.choice(("$mend_count+1", "$mend_count+1", "$mend_count-1")),
                     "mended_to": r.choice(_MONTHS)},
                    {"update_seq": r.choice(("$update_seq", "$update_seq-1", "$update_seq+1000"))},
                    {"pin_above": r.choice(("00", "64", "7fffffff"))},
                )
            )  # fmt: skip
            step = self.send(commands.UPDATE, 0.3)
            moved = {"key": "UPDATE+"} if "key_selection" in fields and r.random() < 0.3 else {}
            steps.append(Step(**{**vars(step), "fields": {**step.fields, **fields}, **moved}))
            if r.random() < 0.3:
                steps.append(Step(kind=Kind.REPLAY, number=1))
        return steps

    def _noise(self) -> list[Step]:
        """No command at all: every case of length, short and extended."""
        r = self.random
        steps = []
        for _ in range(r.randrange(1, 5)):
            header = bytes((self.cla(),)) + r.randbytes(3)
            if r.random() < 0.7:
                header = header[:1] + bytes((r.choice(COMMANDS).ins,)) + header[2:]
            size = r.choice((0, 1, 2, 8, 16, 20, 36, 56, 127, 128, 129, 200, 255))
            data = r.randbytes(size)
            short, extended = bytes((size,)) + data, bytes((0, size >> 8, size & 0xFF)) + data
            tail = r.choice((b"", b"\x00", short, short + b"\x00", short[:-1], extended, extended + b"\x00\x00", data))
            steps.append(Step(kind=Kind.RAW, raw=(header + tail)[: r.choice((None, None, None, 3, 4, 6))].hex()))
        return steps

    def _headers(self) -> list[Step]:
        """A good command under another class, logical channel or secure messaging."""
        r = self.random
        steps = []
        for command in r.choices(COMMANDS, k=4):
            steps.append(Step(command=command.name, cla=self.cla(), p1=self._parameter(command)))
        return steps

    def _power(self) -> list[Step]:
        r = self.random
        if r.random() < 0.4:
            return [Step(kind=Kind.RESET)]
        cut = Step(kind=Kind.LOSE_ANSWER)
        if r.random() < 0.7:
            rest = r.choice(("old", "garbage", "erased"))
            # The last of an update's come behind its commit: keys into ciphers.
            write = r.choice((1, 1, 2, 3, r.randrange(1, 40), r.randrange(20, 30)))
            cut = Step(kind=Kind.TEAR, number=write, inside=r.choice((0, 0, 1, 40)), rest=rest)
        movement = r.choice((commands.DEBIT, commands.CANCEL, commands.OVERRIDE, commands.VERIFY))
        rotation = Step(
            command=commands.UPDATE.name, fields={"key_selection": r.choice(("04", "08", "0c", "0f"))}, le="00"
        )
        opening = Step(command=commands.UPDATE.name, fields={"pin_count": "$pin_count+1"}, le="00")
        change = [self.send(commands.VERIFY), self.send(commands.CHANGE_REFERENCE_DATA)]
        torn = r.choice(([self.send(movement)], [rotation], [opening], change[1:], change))
        after = [self.send(commands.SELECT)] if r.random() < 0.5 else []
        return [self.send(commands.SELECT), *torn[:-1], cut, torn[-1], *after]

    def _replay(self) -> list[Step]:
        return [Step(kind=Kind.REPLAY, number=self.random.randrange(1, 6)) for _ in range(self.random.randrange(1, 4))]

    def _parameter(self, command: Command) -> int | None:
        if isinstance(command.p1, int):
            return None
        return self.random.choice((0x33, 0x30, 0x88, 0x00))

    def _le(self, command: Command, usual: float) -> str:
        return (
            "00"
            if command.answer is not None and self.random.random() < usual
            else self.random.choice(("", "00", "01"))
        )
