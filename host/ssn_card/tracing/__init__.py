# SPDX-License-Identifier: Apache-2.0
"""Traces of what passes between host and card, with nothing private in them: ``RedactingTracer``."""

from .tracer import SCHEMA, RedactingTracer, TraceNotWritable

__all__ = ["SCHEMA", "RedactingTracer", "TraceNotWritable"]
