# SPDX-License-Identifier: Apache-2.0
"""``ssn bench``: measurements, side by side in one run, because a machine's speed drifts."""
