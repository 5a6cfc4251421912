# SPDX-License-Identifier: Apache-2.0
"""The files that go to a tablet and come back."""
