# SPDX-License-Identifier: Apache-2.0
"""The bank's station: registry extracts in, personalized cards out.

Five rooms, each of which imports only the ones below: ``cli``, ``station``, ``journal``, ``card``, ``intake``.
"""
