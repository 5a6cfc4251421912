# SPDX-License-Identifier: Apache-2.0
"""The tear campaign: every state-changing command, in every distinct state, torn at every persistent write.

And, after each, what follows torn again.
"""

from .run import FIGURES, CommandResult, Report, run

__all__ = ["FIGURES", "CommandResult", "Report", "run"]
