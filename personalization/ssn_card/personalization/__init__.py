# SPDX-License-Identifier: Apache-2.0
"""The bank's station: registry extracts in, personalized cards out."""
