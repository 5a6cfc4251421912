# SPDX-License-Identifier: Apache-2.0
"""The tablet's side: its folder and keys, its diary, its work at the door."""
