# SPDX-License-Identifier: Apache-2.0
"""One card: its data groups, the commands that bring them, and the proof of what it holds."""
