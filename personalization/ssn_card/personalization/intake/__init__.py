# SPDX-License-Identifier: Apache-2.0
"""What comes in: a registry extract, read and judged row by row: a verdict on every line, and a summary."""
