# SPDX-License-Identifier: Apache-2.0
"""The shops' time zone."""

from __future__ import annotations

from datetime import timedelta, timezone

WITA = timezone(timedelta(hours=8), "WITA")  #: Samarinda's time, without daylight saving
