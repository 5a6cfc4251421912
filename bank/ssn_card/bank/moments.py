# SPDX-License-Identifier: Apache-2.0
"""Times as the store and the files of outreach keep them: UTC in ISO 8601, which sorts."""

from __future__ import annotations

import datetime as dt
from typing import Final

_FORM: Final = "%Y-%m-%dT%H:%M:%SZ"


def utc(moment: dt.datetime) -> str:
    """As it is kept. A moment without a zone is taken for UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC).strftime(_FORM)


def utc_now() -> str:
    """By this machine's clock."""
    return utc(dt.datetime.now(dt.UTC))


def moment_of(kept: str) -> dt.datetime:
    """The inverse of :func:`utc`, with its zone. Raises ``ValueError``."""
    return dt.datetime.strptime(kept, _FORM).replace(tzinfo=dt.UTC)
