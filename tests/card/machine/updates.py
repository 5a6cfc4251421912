# SPDX-License-Identifier: Apache-2.0
"""What the bank sends: loads, limits, expiry, states, key versions; good, old, again, and impossible."""

from __future__ import annotations

from collections.abc import Iterable

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from tests.card.machine.base import CardMachine, Sent, Tear
from tests.card.machine.choices import BEYOND, EDGES, TOP, WRONG_MOMENTS, amounts, dates, limits, moments, tears
from tests.model import wire
from tests.model.reference_card import FORFEIT, NEXT_UPDATE, TERMINATED, UNBLOCK_PIN, ReferenceCard


class Updates(CardMachine):
    """UPDATE in all its forms."""

    writes = 30  #: places where the last update could have been torn, about

    def entitle(self, **fields: int | str) -> bytes:
        """The next update: wide limits and all else as it is, but for ``fields``."""
        old = self.model.entitlement
        wide: dict[str, int | str] = {
            "limit": TOP >> 1, "override_max": TOP >> 1, "debit_max": TOP, "until": "791231", "keys": old.keys,
            "state": TERMINATED if old.state == TERMINATED else 2,
        }  # fmt: skip
        load = int(fields.pop("load", 0))
        seq = old.seq + int(fields.pop("ahead", 1))
        return wire.entitlement(seq, min(old.loaded + load, TOP), **(wide | fields))  # type: ignore[arg-type]

    def deliver(self, body: bytes, version: int | None = None) -> bytes:
        """Sign with the key in force, or of ``version``, and bring to the card."""
        version = version or self.model.version(NEXT_UPDATE)
        self.deliver_signed(Sent(self.talk.update_command(body, self.versions[version].update), version))
        return body

    def deliver_signed(self, update: Sent) -> None:
        """Bring a whole command to the card; it may be an old one."""
        body, mac = update.apdu[5:53], update.apdu[53:61]
        self.ready()
        self.sent.append(update)
        self.play(
            wire.UPDATE,
            lambda card: card.update(body, mac, update.version),
            lambda: self.talk.send(update.apdu),
            _still_blocked,
        )
        # A refusal writes nothing, and is no measure.
        self.writes = self.subject.simulator.counters(self.subject.simulated).events or self.writes

    @rule(target=CardMachine.updates, load=amounts, debit_max=st.sampled_from((TOP, TOP, 50_000)))
    def load(self, load: int, debit_max: int) -> bytes:
        return self.deliver(self.entitle(load=load, debit_max=debit_max))

    @rule(
        target=CardMachine.updates, load=amounts, limit=limits, debit_max=limits, override_max=limits, until=dates,
        categories=st.sampled_from((0x7F, 0x7F, 0x03, 0xFFFF)), issued=moments, skipped=st.sampled_from((0, 0, 9)),
        state=st.sampled_from((2,) * 10 + (1, 3)), flags=st.sampled_from((0,) * 6 + (1, 2)),
        pin_above=st.sampled_from((TOP,) * 5 + (0, 100_000)),
    )  # fmt: skip
    def any_entitlement(
        self, load: int, limit: int, debit_max: int, override_max: int, until: str, categories: int, issued: str,
        skipped: int, state: int, flags: int, pin_above: int,
    ) -> bytes:  # fmt: skip
        return self.deliver(
            self.entitle(
                load=load, ahead=1 + skipped, limit=limit, override_max=min(override_max, TOP - limit),
                debit_max=debit_max, pin_above=pin_above, categories=categories, until=until, state=state,
                flags=flags, issued=issued,
            )
        )  # fmt: skip

    @rule(target=CardMachine.updates, more=st.integers(0, 15))
    def rotate(self, more: int) -> bytes:
        return self.deliver(self.entitle(keys=self.model.entitlement.keys | more))

    @rule(keys=st.sampled_from((0, 7, 14, 16, 0x1F, 0xFF)))
    def rotate_back_or_beyond(self, keys: int) -> None:
        self.deliver(self.entitle(keys=keys))

    @rule(load=amounts)
    def under_another_key(self, load: int) -> None:
        """The key before that in force, or the one after it."""
        self.deliver(self.entitle(load=load), 3 - self.model.version(NEXT_UPDATE))
        self.reach("update under another key")

    @rule(target=CardMachine.updates, above=st.sampled_from((0, 1, 1000)), flags=st.sampled_from((0, UNBLOCK_PIN)))
    def ask_for_the_pin(self, above: int, flags: int) -> bytes:
        return self.deliver(self.entitle(load=10_000, pin_above=above, flags=flags))

    @rule(target=CardMachine.updates, state=st.sampled_from((1, 3)))
    def suspend(self, state: int) -> bytes:
        return self.deliver(self.entitle(state=state))

    @rule(target=CardMachine.updates, load=amounts)
    def forfeit_at_expiry(self, load: int) -> bytes:
        """The bank takes back what is left, and what it loads with the same update."""
        month = max(self.model.month, b"\x25\x01").hex()
        self.deliver(self.entitle(until=month + "01"))
        return self.deliver(self.entitle(load=load, flags=FORFEIT, until=month + "01"))

    @rule(
        target=CardMachine.updates, tear=tears, back=st.none() | st.integers(0, 3),
        keys=st.sampled_from((0, 0, 2, 4, 8, 15)), flags=st.sampled_from((0, FORFEIT, UNBLOCK_PIN)),
    )  # fmt: skip
    def torn_update(self, tear: Tear, back: int | None, keys: int, flags: int) -> bytes:
        """A good one, with power going in it, ``back`` before its last write, or right behind it."""
        self.tear = tear if back is None else tear._replace(write=max(self.writes - back, 1))
        return self.deliver(self.entitle(load=20_000, keys=self.model.entitlement.keys | keys, flags=flags))

    @precondition(lambda self: len(self.model.receipts) > 20)
    @rule(target=CardMachine.updates, flags=st.integers(0, 3), next_state=st.integers(1, 4))
    def terminate(self, flags: int, next_state: int) -> bytes:
        """For good, whatever comes after it."""
        body = self.deliver(self.entitle(state=TERMINATED, flags=flags))
        self.deliver(self.entitle(state=next_state))
        return body

    @rule(body=CardMachine.updates, version=st.sampled_from((None, None, 1, 2)))
    def same_or_stale(self, body: bytes, version: int | None) -> None:
        self.deliver(body, version)

    @rule(body=CardMachine.updates, at=st.integers(4, 42), bit=st.integers(0, 7))
    def conflicting(self, body: bytes, at: int, bit: int) -> None:
        self.deliver(body[:at] + bytes((body[at] ^ 1 << bit,)) + body[at + 1 :])

    @rule(
        field=st.sampled_from(((0, 4), (4, 4), (8, 4), (12, 4), (16, 4), (20, 4), (25, 1), (29, 1), (30, 1), (31, 1))),
        value=st.one_of(st.sampled_from((*EDGES, *BEYOND)), st.integers(0, 255)),
    )
    def odd(self, field: tuple[int, int], value: int) -> None:
        """One field of a good update replaced: too large, shrinking, no such state or flag, or good by chance."""
        at, size = field
        good = self.entitle()
        self.deliver(good[:at] + (value & ((1 << 8 * size) - 1)).to_bytes(size, "big") + good[at + size :])

    @rule(moment=st.sampled_from(WRONG_MOMENTS), which=st.booleans())
    def impossible_moment(self, moment: str, which: bool) -> None:
        self.deliver(self.entitle(**({"issued": moment} if which else {"until": moment[:6]})))


def _still_blocked(before: ReferenceCard, after: ReferenceCard) -> Iterable[ReferenceCard]:
    """The PIN's unblocking follows the commit: a tear just there costs it."""
    if before.pin.tries != after.pin.tries:
        torn = after.copy()
        torn.pin.tries = before.pin.tries
        yield torn
