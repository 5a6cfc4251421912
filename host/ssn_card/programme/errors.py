# SPDX-License-Identifier: Apache-2.0
"""Errors of the programme's data files and look-ups; ``where`` is ``file:line field`` as far as it is known.

The tree::

    InputError
      ProgrammeDataError
      UnknownPolicyError
      PolicyExpired
      UnknownRegionError
      UnknownStapleError
      WithdrawnStapleError
      UnknownShopError
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ssn_card.protocol.errors import InputError, Text


class ProgrammeDataError(InputError):
    """A policies, regions, staples or shops file that cannot be used; nothing of it was loaded."""

    code = "programme-data"
    remedy = Text("Correct the file and try again.", "Perbaiki berkas lalu coba lagi.")


class UnknownPolicyError(InputError):
    """No policy has that number, or none is in force on that date."""

    code = "unknown-policy"
    remedy = Text("Look into policies.toml for the policies there are.", "Lihat kebijakan di policies.toml.")


class PolicyExpired(InputError):
    """The policy's last day has passed: cards that follow it refuse every purchase."""

    code = "policy-expired"
    text = Text("Policy {policy_id} ended on {last_day}.", "Kebijakan {policy_id} sudah berakhir pada {last_day}.")
    remedy = Text(
        "Choose the policy in force, adding it to the policies' file if need be; --allow-expired goes on all the same.",
        "Pilih kebijakan yang berlaku, bila perlu tambahkan ke berkas kebijakan; --allow-expired tetap melanjutkan.",
    )
    where = "--policy"
    policy_id: int
    last_day: date


class UnknownRegionError(InputError):
    """No kecamatan has that code, or it has no such kelurahan."""

    code = "unknown-region"
    remedy = Text("Look into regions.csv; codes are Kemendagri's.", "Lihat regions.csv; kode Kemendagri.")


class UnknownStapleError(InputError):
    """No staple has that code, or a category mask has a bit that no staple has."""

    code = "unknown-staple"
    remedy = Text("Look into staples.csv for codes and bits.", "Lihat kode dan bit di staples.csv.")


class WithdrawnStapleError(InputError):
    """The staple is no longer sold on that day."""

    code = "withdrawn-staple"
    remedy = Text("Take those goods out of the basket.", "Keluarkan barang itu dari keranjang.")


class UnknownShopError(InputError):
    """No shop has that id or terminal id."""

    code = "unknown-shop"
    remedy = Text("Look into shops.csv for the shops there are.", "Lihat daftar toko di shops.csv.")


def place(path: Path, line: int | None = None, field: str | None = None) -> str:
    """``file:line field`` for an error's ``where``; the file's name without its folders."""
    where = path.name if line is None else f"{path.name}:{line}"
    return where if field is None else f"{where} {field}"
