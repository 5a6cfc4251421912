# SPDX-License-Identifier: Apache-2.0
"""The run: cards from a feeder, rows from an extract, one journal; and what is done with cards afterwards."""
