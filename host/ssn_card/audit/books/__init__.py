# SPDX-License-Identifier: Apache-2.0
"""The auditor's books: receipts that were judged genuine, beside what offices say, as tables to be asked."""
