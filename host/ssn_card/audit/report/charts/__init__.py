# SPDX-License-Identifier: Apache-2.0
"""The charts of a report: greys, marks and hatches, titles that say the finding; figures come in, SVG goes out."""
