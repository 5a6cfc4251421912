# SPDX-License-Identifier: Apache-2.0
"""``ssn bench audit``: receipts judged in a second by one core, beside what else can be done in it.

:mod:`.inputs` are the receipts and files, :mod:`.measures` what is measured in a process of its own (:mod:`.child`),
:mod:`.run` all of it in one run, since a machine's speed drifts, :mod:`.tables` and :mod:`.plot` show it.
"""
