# SPDX-License-Identifier: Apache-2.0
"""The transcripts of the vectors, by subject."""
