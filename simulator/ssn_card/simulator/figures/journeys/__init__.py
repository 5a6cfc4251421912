# SPDX-License-Identifier: Apache-2.0
"""Three journeys through the code, recorded and not drawn by hand: a debit, a card at the station, a receipt."""

from .picture import draw_journey
from .scenes import JOURNEYS, record
from .table import journey_table

__all__ = ["JOURNEYS", "draw_journey", "journey_table", "record"]
