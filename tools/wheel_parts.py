# SPDX-License-Identifier: Apache-2.0
"""Hatchling's hook: what Maven built goes into the wheel, so that the simulator runs where no repository is.

Without it a wheel is built all the same, as `pip install .` does on a machine without Java; its commands then say so.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: Place in the repository, and in the wheel.
PARTS = {
    "simulator/target/ssn-card-simulator.jar": "ssn_card/simulator/ssn-card-simulator.jar",
    "applet/target/classes": "ssn_card/applet_tools/classes",
}


class WheelParts(BuildHookInterface[Any]):
    """Names the built parts that are there."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them to the wheel; an editable install takes them from their places."""
        if version == "editable":
            return
        for source, target in PARTS.items():
            path = Path(self.root, source)
            if path.exists():
                build_data["force_include"][str(path)] = target
            else:
                self.app.display_warning(f"{source} is not built (make java): the wheel cannot simulate cards.")
