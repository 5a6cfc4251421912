# SPDX-License-Identifier: Apache-2.0
"""The sixth author's honest people, who do as others do in Samarinda and look like a case all the same."""
