# SPDX-License-Identifier: Apache-2.0
"""States of the store's things, for people. What has another kind of state has another code, so they stand together."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

STATES = {
    # persons
    "ready": Text("ready", "siap"),
    "held": Text("held", "ditahan"),
    "refused": Text("gets no card", "tidak mendapat kartu"),
    "deactivated": Text("deactivated", "nonaktif"),
    # two that look the same
    "open": Text("to be decided", "belum diputuskan"),
    "same": Text("the same", "orang yang sama"),
    "different": Text("different", "orang berbeda"),
    # batches and runs
    "draft": Text("draft", "rancangan"),
    "submitted": Text("submitted", "diajukan"),
    "approved": Text("approved", "disetujui"),
    "producing": Text("producing", "dikerjakan"),
    "done": Text("done", "selesai"),
    "cancelled": Text("cancelled", "dibatalkan"),
    # print jobs
    "queued": Text("queued", "antre"),
    "sent": Text("sent", "terkirim"),
    "confirmed": Text("confirmed", "sudah dipastikan"),
    "failed": Text("failed", "gagal"),
    "paused": Text("paused", "ditunda"),
}
