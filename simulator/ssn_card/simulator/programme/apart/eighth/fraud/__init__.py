# SPDX-License-Identifier: Apache-2.0
"""What is wrong, by who has the cards: :mod:`.lists`, :mod:`.lenders`, :mod:`.cards`, or what is sold on them:
:mod:`.shelves`, :mod:`.counter`.
"""
