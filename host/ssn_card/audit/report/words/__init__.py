# SPDX-License-Identifier: Apache-2.0
"""All words of a report, in both languages: a file for each part."""
