# SPDX-License-Identifier: Apache-2.0
"""The auditor's report: from judged receipts, rules and accounts to pages that people read, tables and JSON."""
