# SPDX-License-Identifier: Apache-2.0
"""``docs/protocol.md``: the chapters in their order."""

from __future__ import annotations

from collections.abc import Callable

from .sections import (
    command_table,
    entitlements,
    formats,
    key_chapter,
    mac_messages,
    personalization,
    purse,
    receipt_chapter,
    scp03,
    status_words,
    transport,
)

PATH = "docs/protocol.md"

_CHAPTERS: tuple[Callable[[], str], ...] = (
    transport.opening,
    transport.transport,
    transport.sessions,
    formats.formats,
    key_chapter.keys,
    mac_messages.messages,
    command_table.commands,
    purse.rules,
    purse.recovery,
    entitlements.entitlements,
    receipt_chapter.receipts,
    scp03.scp03,
    personalization.personalization,
    status_words.status_words,
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
