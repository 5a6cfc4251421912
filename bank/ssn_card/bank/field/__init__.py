# SPDX-License-Identifier: Apache-2.0
"""Outreach ("jemput bola"): what a companion's tablet is given, does and gives back; nothing in it needs a network."""
