# SPDX-License-Identifier: Apache-2.0
"""``ssn bank``."""
