# SPDX-License-Identifier: Apache-2.0
"""Who may hold what (design: card, section 2)."""

from __future__ import annotations

import pytest

from ssn_card.protocol.labels import ROLES, KeyLabel, Role


def test_every_label_has_an_ascii_value_and_holders_in_both_languages() -> None:
    for label in KeyLabel:
        assert label.value == label.name.replace("_", "-").encode("ascii")
        assert KeyLabel.named(str(label)) is label
        assert label.held_by.en
        assert label.held_by.id
    for wrong in ("NO-SUCH-LABEL", "D\u00c9BIT"):
        with pytest.raises(ValueError, match="KeyLabel"):
            KeyLabel.named(wrong)


def test_roles_hold_no_more_than_they_need() -> None:
    assert set(ROLES) == set(Role)
    assert ROLES[Role.BANK].masters == frozenset(KeyLabel)
    assert ROLES[Role.TERMINAL].masters == {KeyLabel.DEBIT}
    assert ROLES[Role.COMPANION].masters == {KeyLabel.OVERRIDE}
    assert ROLES[Role.AUDITOR].masters == frozenset()
    assert ROLES[Role.AUDITOR].per_card == {KeyLabel.RECEIPT}
    assert ROLES[Role.REGISTRY].masters == {KeyLabel.REGISTRY_ENC, KeyLabel.REGISTRY_MAC, KeyLabel.REGISTRY_DEK}
    for role, keys in ROLES.items():
        assert role is Role.BANK or KeyLabel.RECEIPT not in keys.masters
        assert role is Role.BANK or KeyLabel.UPDATE not in keys.masters
