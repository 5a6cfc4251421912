# SPDX-License-Identifier: Apache-2.0
"""Persons and families."""
