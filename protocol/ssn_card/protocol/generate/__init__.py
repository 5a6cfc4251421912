# SPDX-License-Identifier: Apache-2.0
"""Writes what is generated from the protocol's tables: Java constants, docs/protocol.md, test vectors."""
