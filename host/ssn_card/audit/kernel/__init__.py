# SPDX-License-Identifier: Apache-2.0
"""The compiled engine: :func:`.sequence.judge`, and what it is made of."""
