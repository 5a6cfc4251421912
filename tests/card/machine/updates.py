# SPDX-License-Identifier: Apache-2.0
"""What the bank sends: loads, limits, expiry, states, key versions; good, old, again, and impossible."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from tests.card.machine.base import CardMachine, Sent, Tear
from tests.card.machine.choices import (
    BEYOND,
    EDGES,
    MONTHS,
    TOP,
    WRONG_MOMENTS,
    amounts,
    dates,
    limits,
    moments,
    tears,
)
from tests.model import wire
from tests.model.reference_entitlement import NEXT_UPDATE, TERMINATED

ENTITLEMENT_END = 5 + wire.ENTITLEMENT_SIZE
#: Where a field of an update begins, and its length: all that has a range or only grows.
RANGED = (
    (0, 4), (4, 4), (8, 4), (12, 4), (16, 4), (20, 4), (24, 4), (33, 1), (34, 1), (43, 1), (44, 1), (45, 2),
)  # fmt: skip


class Updates(CardMachine):
    """UPDATE in all its forms."""

    writes = 30  #: places where the last update could have been torn, about

    def entitle(self, **fields: int | str) -> bytes:
        """The next update: wide limits and all else as it is, but for ``fields``. ``load``, ``expire``: by how much the
        totals grow, ``pin_steps``, ``mendings``: the counts."""
        old = self.model.entitlement
        load, expire = int(fields.pop("load", 0)), int(fields.pop("expire", 0))
        loaded = min(old.loaded + load, TOP)
        wide: dict[str, int | str] = {
            "limit": TOP >> 1, "override_max": TOP >> 1, "debit_max": TOP, "until": "791231", "keys": old.keys,
            "state": TERMINATED if old.state == TERMINATED else 2, "expired": min(old.expired + expire, loaded),
            "pin_count": min(old.pin_count + int(fields.pop("pin_steps", 0)), 0xFF),
            "mend_count": min(old.mend_count + int(fields.pop("mendings", 0)), 0xFF),
            "mended_to": old.mended_to.hex(),
        }  # fmt: skip
        seq = old.seq + int(fields.pop("ahead", 1))
        return wire.entitlement(seq, loaded, **(wide | fields))  # type: ignore[arg-type]

    def deliver(self, body: bytes, version: int | None = None) -> bytes:
        """Sign with the key in force, or of ``version``, and bring to the card."""
        version = version or self.model.version(NEXT_UPDATE)
        self.deliver_signed(Sent(self.talk.update_command(body, self.versions[version].update), version))
        return body

    def deliver_signed(self, update: Sent) -> None:
        """Bring a whole command to the card; it may be an old one."""
        body, mac = update.apdu[5:ENTITLEMENT_END], update.apdu[ENTITLEMENT_END : ENTITLEMENT_END + 8]
        self.ready()
        self.sent.append(update)
        self.play(
            wire.UPDATE,
            lambda card: card.update(body, mac, update.version),
            lambda: self.talk.send(update.apdu),
        )
        # A refusal writes nothing, and is no measure.
        self.writes = self.subject.simulator.counters(self.subject.simulated).events or self.writes

    @rule(target=CardMachine.updates, load=amounts, debit_max=st.sampled_from((TOP, TOP, 50_000)))
    def load(self, load: int, debit_max: int) -> bytes:
        return self.deliver(self.entitle(load=load, debit_max=debit_max))

    @rule(
        target=CardMachine.updates, load=amounts, expire=st.sampled_from((0, 0, 0, 1, 10_000)), limit=limits,
        debit_max=limits, override_max=limits, until=dates, categories=st.sampled_from((0x7F, 0x7F, 0x03, 0xFFFF)),
        issued=moments, skipped=st.sampled_from((0, 0, 9)), state=st.sampled_from((2,) * 10 + (1, 3)),
        pin_above=st.one_of(st.sampled_from((TOP,) * 5 + (0, 100_000)), amounts),
    )  # fmt: skip
    def any_entitlement(
        self, load: int, expire: int, limit: int, debit_max: int, override_max: int, until: str, categories: int,
        issued: str, skipped: int, state: int, pin_above: int,
    ) -> bytes:  # fmt: skip
        return self.deliver(
            self.entitle(
                load=load, expire=expire, ahead=1 + skipped, limit=limit, override_max=min(override_max, TOP - limit),
                debit_max=debit_max, pin_above=pin_above, categories=categories, until=until, state=state,
                issued=issued,
            )
        )  # fmt: skip

    @rule(target=CardMachine.updates, more=st.integers(0, 15))
    def rotate(self, more: int) -> bytes:
        return self.deliver(self.entitle(keys=self.model.entitlement.keys | more))

    @rule(keys=st.sampled_from((0, 7, 14, 16, 0x1F, 0xFF)))
    def rotate_back_or_beyond(self, keys: int) -> None:
        self.deliver(self.entitle(keys=keys))

    @rule(load=amounts, more=st.sampled_from((0, 1, 2, 4, 8, 15)))
    def under_another_key(self, load: int, more: int) -> None:
        """The key before that in force, or the one after it, as where the update that moves it on was lost."""
        before = self.model.version(NEXT_UPDATE)
        self.deliver(self.entitle(load=load, keys=self.model.entitlement.keys | more), 3 - before)
        self.reach("update under another key")
        if self.model.version(NEXT_UPDATE) > before:
            self.reach("moved on under the next key")

    @rule(target=CardMachine.updates, above=st.sampled_from((0, 1, 1000, TOP)), steps=st.sampled_from((0, 0, 1, 3)))
    def ask_for_the_pin(self, above: int, steps: int) -> bytes:
        return self.deliver(self.entitle(load=10_000, pin_above=above, pin_steps=steps))

    @rule(target=CardMachine.updates, state=st.sampled_from((1, 3)))
    def suspend(self, state: int) -> bytes:
        return self.deliver(self.entitle(state=state))

    @rule(target=CardMachine.updates, load=amounts, expire=st.one_of(amounts, st.just(TOP)), late=st.integers(-1, 1))
    def expire(self, load: int, expire: int, late: int) -> bytes:
        """What was loaded is spent or taken back; what is loaded with the same update is not, unless all expires."""
        if late == 0:  # just what is left of the loads so far
            expire = max(self.model.entitlement.loaded - self.model.entitlement.expired, 0)
        return self.deliver(self.entitle(load=load, expire=expire))

    @precondition(lambda self: self.model.month > bytes.fromhex(MONTHS[0]))
    @rule(
        target=CardMachine.updates,
        month=st.sampled_from((*MONTHS[:2], *MONTHS)),
        mendings=st.sampled_from((0, 1, 1, 2)),
    )
    def mend(self, month: str, mendings: int) -> bytes:
        """A higher count sets a later month back, the same count does nothing; no count sets one forward."""
        before, mended = self.model.month, self.model.entitlement.mend_count
        body = self.deliver(self.entitle(mended_to=month, mendings=mendings))
        if self.model.month < before:
            self.reach("month mended")
        elif before > bytes.fromhex(month) and self.model.entitlement.mend_count == mended:
            self.reach("month not mended again")
        return body

    @rule(
        target=CardMachine.updates, tear=tears, back=st.none() | st.integers(0, 3),
        keys=st.sampled_from((0, 0, 2, 4, 8, 15)),
        step=st.sampled_from(({}, {}, {"expire": 10_000}, {"pin_steps": 1}, {"mendings": 1, "mended_to": "2501"})),
    )  # fmt: skip
    def torn_update(self, tear: Tear, back: int | None, keys: int, step: dict[str, int | str]) -> bytes:
        """A good one, with power going in it, ``back`` before its last write, or right behind it."""
        self.tear = tear if back is None else tear._replace(write=max(self.writes - back, 1))
        return self.deliver(self.entitle(load=20_000, keys=self.model.entitlement.keys | keys, **step))

    @precondition(lambda self: len(self.model.receipts) > 20)
    @rule(target=CardMachine.updates, expire=st.sampled_from((0, TOP)), next_state=st.integers(1, 4))
    def terminate(self, expire: int, next_state: int) -> bytes:
        """For good, whatever comes after it."""
        body = self.deliver(self.entitle(state=TERMINATED, expire=expire))
        self.deliver(self.entitle(state=next_state))
        return body

    @rule(body=CardMachine.updates, version=st.sampled_from((None, None, 1, 2)))
    def same_or_stale(self, body: bytes, version: int | None) -> None:
        self.deliver(body, version)

    @rule(body=CardMachine.updates, at=st.integers(4, wire.ENTITLEMENT_SIZE - 1), bit=st.integers(0, 7))
    def conflicting(self, body: bytes, at: int, bit: int) -> None:
        self.deliver(body[:at] + bytes((body[at] ^ 1 << bit,)) + body[at + 1 :])

    @rule(
        field=st.sampled_from(RANGED),
        value=st.one_of(st.sampled_from((*EDGES, *BEYOND)), st.integers(0, 255)),
        mend_count=st.sampled_from((0, 0, 1)),
    )
    def odd(self, field: tuple[int, int], value: int, mend_count: int) -> None:
        """One field of a good update replaced: too large, shrinking, no such state, or good by chance."""
        at, size = field
        good = self.entitle(mendings=mend_count)
        self.deliver(good[:at] + (value & ((1 << 8 * size) - 1)).to_bytes(size, "big") + good[at + size :])

    @rule(moment=st.sampled_from(WRONG_MOMENTS), which=st.sampled_from(("issued", "until", "mended_to")))
    def impossible_moment(self, moment: str, which: str) -> None:
        digits = {"issued": 12, "until": 6, "mended_to": 4}[which]
        self.deliver(self.entitle(mendings=which == "mended_to", **{which: moment[:digits]}))
