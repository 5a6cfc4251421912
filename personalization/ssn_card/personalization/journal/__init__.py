# SPDX-License-Identifier: Apache-2.0
"""The station's memory: one file that says of every number which card has it, and of every person which number."""
