# SPDX-License-Identifier: Apache-2.0
"""The sixth author's frauds, after cases of SNAP, WIC and India's ration shops; each docstring names its source."""
