# SPDX-License-Identifier: Apache-2.0
"""How models look that are signed: nothing in them unknown or converted, and one text for each."""

from __future__ import annotations

import json

from pydantic import BaseModel, ConfigDict

SHA256_FORM = "^[0-9a-f]{64}$"
#: Of models that are signed: nothing unknown, nothing converted.
STRICT = ConfigDict(
    frozen=True,
    strict=True,
    extra="forbid",
    hide_input_in_errors=True,  # what is signed may name a person
    alias_generator=lambda name: name.rstrip("_"),  # "schema" is a name of pydantic's own
    populate_by_name=True,
)


def canonical_json(model: BaseModel) -> bytes:
    """The one text of a model that is signed."""
    return json.dumps(model.model_dump(by_alias=True), sort_keys=True, separators=(",", ":")).encode("ascii")
