# SPDX-License-Identifier: Apache-2.0
"""The page, served to this tablet's own browser and to nobody else."""

from __future__ import annotations

import uvicorn

from ..tablet.folder import TabletFolder
from ..tablet.work import FieldWork
from .app import create_app
from .session import IDLE_SECONDS, TabletSession

_LOOPBACK = "127.0.0.1"


def serve(folder: TabletFolder, card: str, port: int, idle_seconds: float = IDLE_SECONDS) -> None:
    """Until Ctrl-C. No log of requests is kept: their paths say who was visited."""
    session = TabletSession(folder, lambda who: FieldWork(who, card), idle_seconds=idle_seconds)
    app = create_app(session, (f"{_LOOPBACK}:{port}", f"localhost:{port}"))
    try:
        uvicorn.run(app, host=_LOOPBACK, port=port, log_level="warning", access_log=False, server_header=False)
    finally:
        session.lock()
