# SPDX-License-Identifier: Apache-2.0
"""The tear campaign: every state-changing command, in every distinct state, torn at every persistent write."""

from .run import CommandResult, Report, run

__all__ = ["CommandResult", "Report", "run"]
