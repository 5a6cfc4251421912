# SPDX-License-Identifier: Apache-2.0
"""Papers for people: PDF and pictures of pages, the same bytes on every machine.

typst sets them, with the fonts inside its package alone; templates are files (``*.typ``) of the rooms that write them,
and what they show comes as data, which is never read as markup.
"""

from .errors import PaperNotSet
from .press import Press

__all__ = ["PaperNotSet", "Press"]
