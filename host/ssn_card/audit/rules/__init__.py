# SPDX-License-Identifier: Apache-2.0
"""Rules that find, among genuine receipts, whom an auditor should visit (A1 to A18)."""

from .apply import apply_rules
from .discovery import find_rules
from .outcome import Flag, Peers, RulesOutcome, Subject, Suspicion, Unjudged
from .parameters import AllParameters, load_parameters
from .rule import Blind, Rule, RuleParameters, Weight

__all__ = [
    "AllParameters",
    "Blind",
    "Flag",
    "Peers",
    "Rule",
    "RuleParameters",
    "RulesOutcome",
    "Subject",
    "Suspicion",
    "Unjudged",
    "Weight",
    "apply_rules",
    "find_rules",
    "load_parameters",
]
