# SPDX-License-Identifier: Apache-2.0
"""The store: its tables, how it is opened, and one piece of work in it."""
