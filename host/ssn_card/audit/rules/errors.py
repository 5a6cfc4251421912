# SPDX-License-Identifier: Apache-2.0
"""Errors of rules; a rule that cannot be applied is none: it is told as unjudged.

The tree::

    InputError
      BadRuleParameters
    ConfigurationError
      BadRule
"""

from __future__ import annotations

from ssn_card.protocol.errors import ConfigurationError, InputError, Text


class BadRuleParameters(InputError):
    """A file of parameters cannot be read, names no rule or parameter of ours, or gives a value that is impossible."""

    code = "bad-rule-parameters"
    text = Text("The rules' parameters cannot be used: {why}.", "Parameter aturan tidak dapat dipakai: {why}.")
    remedy = Text(
        "Correct the file; docs/rules.md names every parameter, and the file that is shipped holds them all.",
        "Perbaiki berkas; docs/rules.md menyebut semua parameter, dan berkas bawaan memuat semuanya.",
    )
    where: str
    why: Text


class BadRule(ConfigurationError):
    """A plug-in's rule cannot be loaded, or bears the code of another."""

    code = "bad-rule"
    text = Text("The rule {name} cannot be loaded: {why}.", "Aturan {name} tidak dapat dimuat: {why}.")
    remedy = Text("Correct the package it comes from, or remove it.", "Perbaiki paket asalnya, atau hapus.")
    name: str
    why: Text
