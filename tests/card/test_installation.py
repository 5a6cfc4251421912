# SPDX-License-Identifier: Apache-2.0
"""Installation: serial and transport keys come from what was given, and from nothing beside it."""

from __future__ import annotations

import pytest

from ssn_card.simulator import Freedom, Simulator, SimulatorRefused, factory_install_data, new_serial


@pytest.mark.parametrize(("length", "announced"), [(10, 56), (55, 56), (56, 55), (56, 57), (0, 56)])
def test_install_data_that_end_early_install_nothing(simulator: Simulator, length: int, announced: int) -> None:
    """What lies behind them is a remnant, and would become a key."""
    data = factory_install_data(new_serial())[:length]
    with pytest.raises(SimulatorRefused):
        simulator.create_card(data, freedoms={Freedom.INSTALL_ANYWHERE}, announced=announced)


def test_install_data_of_the_right_length_install(simulator: Simulator) -> None:
    data = factory_install_data(new_serial())
    simulator.remove(simulator.create_card(data, freedoms={Freedom.INSTALL_ANYWHERE}, announced=len(data)))
