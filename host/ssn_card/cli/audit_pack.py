# SPDX-License-Identifier: Apache-2.0
"""``ssn audit pack``."""

from __future__ import annotations
