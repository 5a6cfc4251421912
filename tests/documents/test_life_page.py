# SPDX-License-Identifier: Apache-2.0
"""docs/life.md is what the declaration says."""

from __future__ import annotations

import life_page


def test_the_page_is_up_to_date() -> None:
    assert life_page.main(["--check"]) == 0
