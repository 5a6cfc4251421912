# SPDX-License-Identifier: Apache-2.0
"""``ssn audit attestation-key`` and ``check-attestation``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType

from ssn_card.audit.proof import Attestation, check_attestation, create_signing_key, public_pem, read_public_key
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.storage import whole_file

from .errors import BadFile
from .output import emit
from .passwords import new_password_of
from .tables import facts, sentence

_PUBLIC = ".pub"
_MONEY = frozenset({"debited", "cancelled", "spent_unseen"})


def key_made(out: Path, json: bool) -> None:
    """The command. Raises what making and writing a key raise."""
    public = out.with_name(out.name + _PUBLIC)
    if public.exists() or public.is_symlink():
        raise BadFile(Text("The file exists already.", "Berkas sudah ada."), where=str(public))
    key = create_signing_key(out, new_password_of(out))
    with whole_file(public, new=True) as file:
        file.write(public_pem(key))
    data = {"key": str(out), "public_key": str(public), "signer": key.public_bytes_raw().hex()}
    rows = (
        (Text("private key, to be kept", "kunci privat, disimpan"), str(out)),
        (Text("public key, to be given", "kunci publik, dibagikan"), str(public)),
        (Text("number of the key", "nomor kunci"), key.public_bytes_raw().hex()),
    )
    emit("audit-attestation-key", data, json, lambda: facts(Text("Signing key", "Kunci tanda tangan"), rows))


def checked(attestation: Path, inputs: Sequence[Path], public_key: Path, findings: Path | None, json: bool) -> None:
    """The command. Raises what checking raises."""
    found = check_attestation(attestation, read_public_key(public_key), inputs=inputs, findings=findings)
    emit("audit-check-attestation", _data(found), json, lambda: _rendered(found, inputs))


def _data(found: Attestation) -> dict[str, Any]:
    statement = found.statement.model_dump(by_alias=True, mode="json")
    statement.pop("schema")
    return {"signature": "right", "not_given": [one.name for one in found.not_given], "statement": statement}


def _rendered(found: Attestation, inputs: Sequence[Path]) -> RenderableType:
    said = found.statement
    rows = [
        (Text("by the auditor's clock", "menurut jam auditor"), said.auditor_clock),
        (Text("program", "program"), f"{said.software}, {said.engine}"),
        (Text("inputs", "masukan"), str(len(said.inputs))),
        *((_named(name), _value(name, value)) for name, value in said.counts.items()),
        (Text("findings and notes", "temuan dan catatan"), str(said.findings.count)),
    ]
    parts: list[RenderableType] = [facts(Text("Attested, and rightly signed", "Disaksikan, tanda tangan sah"), rows)]
    if found.not_given:
        count = len(found.not_given)
        parts += [
            "",
            sentence(
                Text(
                    f"Of {count} inputs no file was given to compare, such as {found.not_given[0].name}.",
                    f"{count} masukan tidak diberikan untuk dibandingkan, misalnya {found.not_given[0].name}.",
                )
            ),
        ]
    return Group(*parts)


def _named(name: str) -> Text:
    plain = name.replace("_", " ")
    return Text(plain, _INDONESIAN.get(name, plain))


def _value(name: str, value: int) -> str:
    return rupiah(value) if name in _MONEY else str(value)


_INDONESIAN = {
    "lines": "baris", "genuine": "asli", "repeated": "terulang", "rejected": "ditolak", "unreadable": "tak terbaca",
    "cards": "kartu", "ends_checked": "akhir diperiksa", "debits": "debit", "debited": "didebit",
    "cancelled": "dibatalkan", "without_basket": "debit tanpa keranjang", "missing": "hilang",
    "not_handed_in": "belum diserahkan", "spent_unseen": "belanja di yang tidak ada", "found": "temuan",
    "wrong_macs": "MAC salah", "repaired": "MAC salah yang diketahui ubahannya",
}  # fmt: skip
