# SPDX-License-Identifier: Apache-2.0
"""Whose card it is: the identity block, made by the station and read over SCP03; one place for its form."""

from .block import IdentityBlock, IdentityError
from .names import name_on_card
from .reading import CardContent, content_of, get_content

__all__ = ["CardContent", "IdentityBlock", "IdentityError", "content_of", "get_content", "name_on_card"]
