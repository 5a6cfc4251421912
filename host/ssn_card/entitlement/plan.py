# SPDX-License-Identifier: Apache-2.0
"""The next entitlement of a card: the newest in the register, changed in what is wished for and in nothing else.

Only a card that was issued nothing yet, or one that changes to another policy, gets what the policy says.

A family that had another card before has had loads that are not on this one. Its loads are then counted through: from
the first card's first rupiah. Money is spent oldest first, so of this count a card holds the newest part, above what is
*elsewhere*, and expiry, which goes by this count too, is the same as if there had been one card.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from ssn_card.programme import Policies, Policy
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.values import NEVER, KeySelection, LifeState

from .errors import (
    EntitlementExpired,
    NotInRegister,
    PlanRefused,
    RegisterOutdated,
    StatusDiffers,
    StatusOutdated,
    UpdateSeqUsed,
    ValidBeyondExpiry,
)
from .expiry import Loads, expired_total, next_expiry
from .register import Recorded, Register
from .rules import usable
from .update import Entitlement

_REFERENCE = 8  #: bytes
_OF_THE_POLICY = (
    "monthly_limit",
    "override_max",
    "debit_max",
    "pin_above",
    "allowed_categories",
    "valid_until",
    "policy_id",
)
_OPTIONS = ("monthly_limit", "override_max", "debit_max", "pin_above", "valid_until")


@dataclass(frozen=True)
class Seen:
    """A card's entitlement in the output of ``ssn card status``; all but ``update_seq`` as in ``Entitlement``."""

    update_seq: int  #: 0 before the first update
    loaded_total: int
    expired_total: int
    monthly_limit: int
    override_max: int
    debit_max: int
    pin_above: int
    allowed_categories: int
    valid_until: dt.date | None
    key_selection: KeySelection
    state: LifeState
    policy_id: int
    pin_count: int
    mend_count: int
    mended_to: dt.date | None


@dataclass(frozen=True)
class FamilyLoads:
    """A family's loads on all of its cards, counted through. In rupiah.

    Args:
        followed: the policies followed, in order, each with all that the family had been loaded when it last was.
        elsewhere: how much of it is not on the card: spent from earlier ones, expired there, or held back.
    """

    followed: tuple[tuple[int, int], ...]
    elsewhere: int


@dataclass(frozen=True)
class Target:
    """A card to issue for. ``place``: where it was named; ``seen``: what it stated, if it was asked.

    ``family``: of a card that is not its family's first.
    """

    serial: bytes
    place: str
    seen: Seen | None = None
    family: FamilyLoads | None = None

    @property
    def elsewhere(self) -> int:
        """Rupiah of the family's loads that are not on this card."""
        return 0 if self.family is None else self.family.elsewhere


@dataclass(frozen=True)
class Wishes:
    """What is asked for; ``None`` where nothing is. Amounts in rupiah.

    ``as_policy``: limits, goods and last day as the policy has them, also where the card follows it already.
    """

    policy: int | None = None
    as_policy: bool = False
    tranche: int | None = None
    state: LifeState | None = None
    update_seq: int | None = None
    expire: bool = False
    reference: bytes | None = None  #: 8 bytes
    loaded_before: int | None = None
    monthly_limit: int | None = None
    override_max: int | None = None
    debit_max: int | None = None
    pin_above: int | None = None
    let_choose_pin: bool = False
    mend_month: dt.date | None = None
    next_keys: KeySelection = KeySelection.NONE
    valid_until: dt.date | None = None
    allow_expired: bool = False


class Planner:
    """Makes the next entitlement of one card after another, all at one moment."""

    def __init__(self, register: Register, policies: Policies, wishes: Wishes, moment: dt.datetime) -> None:
        """``moment``: the bank's local time."""
        self._register = register
        self._policies = policies
        self._wishes = wishes
        self._moment = moment

    def next(self, target: Target) -> Entitlement:
        """What the card is to have now.

        Raises:
            NotInRegister, StatusOutdated, StatusDiffers, RegisterOutdated: register and card do not agree.
            UpdateSeqUsed, PlanRefused, UnknownPolicyError: an option that does not fit.
            PolicyExpired, EntitlementExpired: the card would refuse every purchase.
            ValidBeyondExpiry: the card would go on when its money has expired.
            InputError: a value out of range.
        """
        return self._after(target, self._register.newest(target.serial))

    def again(self, target: Target, issued: Recorded) -> bool:
        """Whether ``issued``, the card's newest, is what the options ask for, but for the time of issue.

        Raises as :meth:`next`.
        """
        planned = self._after(target, self._register.before(issued))
        return dataclasses.replace(planned, issued_at=issued.entitlement.issued_at) == issued.entitlement

    def _after(self, target: Target, newest: Recorded | None) -> Entitlement:
        wishes = self._wishes
        base = self._agreed(target, newest)
        policy = self._policy(base)
        state = wishes.state or (base.state if base else LifeState.ISSUED if target.seen else LifeState.ACTIVE)
        if base is not None and base.state is LifeState.TERMINATED and state is not LifeState.TERMINATED:
            raise PlanRefused(
                Text(f"Card {target.serial.hex()} was terminated.", f"Kartu {target.serial.hex()} sudah diakhiri."),
                where=target.place,
                remedy=Text("That is for good: issue another card.", "Itu untuk seterusnya: terbitkan kartu lain."),
            )
        values = _limits(base, policy, wishes)
        values |= {name: getattr(wishes, name) for name in _OPTIONS if getattr(wishes, name) is not None}
        loaded = self._loaded_total(target, base, policy)
        loads = self._loads(target, base, values["policy_id"], loaded)
        planned = Entitlement(
            update_seq=self._update_seq(target, base),
            loaded_total=loaded,
            state=state,
            issued_at=self._moment,
            reference=wishes.reference or (base.reference if base else bytes(_REFERENCE)),
            key_selection=wishes.next_keys | (base.key_selection if base else KeySelection.NONE),
            **(values | self._counts(base) | self._expiry(target, base, loads, values)),
        )
        self._refuse_expired(planned, policy, target)
        return planned

    def _counts(self, base: Entitlement | None) -> dict[str, Any]:
        """Counts go on from update to update, so that the newest alone brings all of them."""
        wishes, month = self._wishes, self._wishes.mend_month
        mended, mended_to = (base.mend_count, base.mended_to) if base else (0, None)
        return {
            "pin_count": (base.pin_count if base else 0) + wishes.let_choose_pin,
            "mend_count": mended + (month is not None),
            "mended_to": mended_to if month is None else month,
        }

    def _expiry(
        self, target: Target, base: Entitlement | None, loads: list[Loads], values: dict[str, Any]
    ) -> dict[str, Any]:
        """What has expired by now, and a last day that is not behind the next expiry.

        Raises :class:`ValidBeyondExpiry` where the options ask for a later one.
        """
        today, wishes = self._moment.date(), self._wishes
        known = 0 if base is None else base.loaded_total if wishes.expire else base.expired_total
        expired = max(known, expired_total(loads, today) - target.elsewhere)
        found = next_expiry(loads, expired + target.elsewhere, today)
        last: dt.date = values["valid_until"]
        if found is None:
            return {"expired_total": expired}
        expiry, policy = found
        if last > expiry and wishes.valid_until is not None:
            raise ValidBeyondExpiry(expiry, policy.id)
        # A new load is there to be spent: where the last day was that of an earlier one, it is this one's now.
        if wishes.tranche is not None and wishes.valid_until is None and last in policy.expires:
            last = policy.valid_until
        return {"expired_total": expired, "valid_until": min(last, expiry)}

    def _loads(self, target: Target, base: Entitlement | None, policy_id: int, loaded: int) -> list[Loads]:
        """All loads of the family, those of this update too, under the policies that are known here."""
        followed = self._followed(target, base)
        if followed and followed[-1][0] == policy_id:
            followed.pop()
        starts = [0, *(total for _, total in followed)]
        if self._wishes.loaded_before is not None:
            starts[-1] = self._wishes.loaded_before
        runs = zip((*followed, (policy_id, loaded + target.elsewhere)), starts, strict=True)
        known = ((self._policies.find(number), start, end) for (number, end), start in runs)
        return [Loads(policy, start, end) for policy, start, end in known if policy is not None]

    def _followed(self, target: Target, base: Entitlement | None) -> list[tuple[int, int]]:
        if target.family is not None:
            return list(target.family.followed)
        return [] if base is None else self._register.followed(target.serial, base.update_seq)

    def _loaded_before(self, target: Target, base: Entitlement | None, policy_id: int) -> int:
        """Rupiah loaded under other policies before this one."""
        if self._wishes.loaded_before is not None:
            return self._wishes.loaded_before
        others = (total for number, total in reversed(self._followed(target, base)) if number != policy_id)
        return next(others, 0)

    def _agreed(self, target: Target, newest: Recorded | None) -> Entitlement | None:
        """What the register has of the card, if the card, where it was asked, does not say otherwise."""
        seen, wanted = target.seen, self._wishes.update_seq
        if newest is None:
            number = wanted or (seen.update_seq + 1 if seen else 1)
            # A card without a history that we know can still be stopped; whatever else needs the history.
            if number > 1 and self._wishes.state not in (LifeState.BLOCKED, LifeState.TERMINATED):
                raise NotInRegister(target.serial, number - 1, target.place)
            return None
        base = newest.entitlement
        if seen is None:
            return base
        if seen.update_seq < base.update_seq:
            raise StatusOutdated(target.serial, seen.update_seq, base.update_seq, target.place)
        if seen.update_seq > base.update_seq:
            raise RegisterOutdated(target.serial, seen.update_seq, base.update_seq, target.place)
        for field in dataclasses.fields(Seen):
            if getattr(seen, field.name) != getattr(base, field.name):
                raise StatusDiffers(target.serial, field.name, target.place)
        return base

    def _policy(self, base: Entitlement | None) -> Policy | None:
        """The policy that decides anything here, or ``None``."""
        wishes = self._wishes
        if wishes.policy is not None:
            return self._policies.by_id(wishes.policy)
        if base is None:
            return self._policies.for_date(self._moment.date())
        return self._policies.by_id(base.policy_id) if wishes.tranche is not None or wishes.as_policy else None

    def _loaded_total(self, target: Target, base: Entitlement | None, policy: Policy | None) -> int:
        tranche = self._wishes.tranche
        if tranche is None and target.family is not None:
            return target.family.followed[-1][1] - target.elsewhere
        if tranche is None or policy is None:
            if base is None or self._wishes.loaded_before is not None:
                raise PlanRefused(
                    Text("How much has been loaded is missing.", "Jumlah dana yang dimuat belum diberikan."),
                    where="--tranche",
                    remedy=Text(
                        "Give --tranche N: how many loads of the policy the card has had, this one included.",
                        "Berikan --tranche N: berapa tahap dana kebijakan ini, termasuk yang sekarang.",
                    ),
                )
            return base.loaded_total
        before = self._loaded_before(target, base, policy.id)
        loaded = before + (policy.loaded_after(tranche) if tranche else 0) - target.elsewhere
        known = [one.loaded_total for one in (base, target.seen) if one is not None]
        if known and loaded < max(known):
            raise PlanRefused(
                Text(
                    f"The card has had {rupiah(max(known))} loaded in all, more than {rupiah(loaded)}.",
                    f"Kartu sudah menerima {rupiah(max(known))}, lebih dari {rupiah(loaded)}.",
                ),
                where=target.place,
                remedy=Text(
                    "Totals never shrink: give a later --tranche, or earlier policies' loads as --loaded-before.",
                    "Total tidak boleh turun: beri --tranche berikutnya, atau dana kebijakan lama lewat"
                    " --loaded-before.",
                ),
            )
        return loaded

    def _update_seq(self, target: Target, base: Entitlement | None) -> int:
        newest = base.update_seq if base else target.seen.update_seq if target.seen else 0
        wanted = self._wishes.update_seq
        if wanted is not None and wanted <= newest:
            raise UpdateSeqUsed(target.serial, wanted, newest)
        return wanted or newest + 1

    def _refuse_expired(self, planned: Entitlement, policy: Policy | None, target: Target) -> None:
        """A card that is stopped, or loses what is left on it, need not be usable."""
        today = self._moment.date()
        if self._wishes.allow_expired or not usable(planned) or self._wishes.expire:
            return
        if policy is not None:
            policy.require_not_over(today)
        if planned.valid_until < today:
            named = self._wishes.valid_until is not None
            raise EntitlementExpired(planned.valid_until, "--valid-until" if named else target.place)


def _limits(base: Entitlement | None, policy: Policy | None, wishes: Wishes) -> dict[str, Any]:
    """What the policy decides where it is new to the card, else what the card has. One of the two is there."""
    if policy is None or (base is not None and policy.id == base.policy_id and not wishes.as_policy):
        return {name: getattr(base, name) for name in _OF_THE_POLICY}
    return {
        "monthly_limit": policy.monthly_limit,
        "override_max": policy.override_max,
        "debit_max": policy.debit_max,
        "pin_above": NEVER if policy.pin_above is None else policy.pin_above,
        "allowed_categories": policy.category_mask(),
        "valid_until": policy.valid_until,
        "policy_id": policy.id,
    }
