# SPDX-License-Identifier: Apache-2.0
"""``docs/protocol.md``: the chapters in their order."""

from __future__ import annotations

from collections.abc import Callable

from .sections import (
    basket_chapter,
    command_table,
    entitlements,
    file_formats,
    formats,
    key_chapter,
    mac_messages,
    personalization,
    purse,
    reasons,
    receipt_chapter,
    scp03,
    sessions,
    simulated,
    status_words,
    transport,
)

PATH = "docs/protocol.md"

_CHAPTERS: tuple[Callable[[], str], ...] = (
    transport.opening,
    transport.transport,
    sessions.sessions,
    sessions.recovery,
    formats.formats,
    key_chapter.keys,
    mac_messages.messages_chapter,
    command_table.commands,
    purse.rules,
    purse.pin,
    entitlements.entitlements,
    receipt_chapter.receipts,
    basket_chapter.basket,
    scp03.scp03,
    personalization.personalization,
    status_words.status_words,
    file_formats.files,
    simulated.simulated,
    simulated.vector_format,
    reasons.reasons,
    formats.versioning,
)


def render() -> str:
    """The whole document."""
    chapters = [chapter() for chapter in _CHAPTERS]
    titles = [line[3:] for text in chapters for line in text.splitlines() if line.startswith("## ")]
    contents = "\n".join(f"- [{title}](#{_anchor(title)})" for title in titles)
    return "\n\n".join((chapters[0], contents, *chapters[1:])) + "\n"


def _anchor(title: str) -> str:
    kept = "".join(c for c in title.lower() if c.isalnum() or c in " -")
    return kept.replace(" ", "-")
