# SPDX-License-Identifier: Apache-2.0
"""``ssn bench rules``: fraud planted in years on seeds that nobody tuned on, and what of it the rules find.

:mod:`.years` makes a year and asks the rules of it, :mod:`.marking` holds what they say to the truth, :mod:`.tables`
tells it.
"""
