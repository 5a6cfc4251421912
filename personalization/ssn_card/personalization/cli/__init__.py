# SPDX-License-Identifier: Apache-2.0
"""``ssn perso``: what a person at the station types and reads."""
