# SPDX-License-Identifier: Apache-2.0
"""Tables out of files that others made: CSV in whatever encoding, XLSX. Rows of cells; what they mean is not judged."""
