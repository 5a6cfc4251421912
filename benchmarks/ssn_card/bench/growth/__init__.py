# SPDX-License-Identifier: Apache-2.0
"""``ssn bench growth``: what a report costs in time and memory, from pack to pages, as years grow."""
