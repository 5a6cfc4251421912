# SPDX-License-Identifier: Apache-2.0
"""The bank's side: which tablets there are, what they are given, what came back."""
