# SPDX-License-Identifier: Apache-2.0
"""The parts of a report, each from its data to blocks of a document."""
