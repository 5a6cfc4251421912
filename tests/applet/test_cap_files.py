# SPDX-License-Identifier: Apache-2.0
"""CAP files: what is read from them, and that the time they were made leaves no trace."""

from __future__ import annotations

import io
import zipfile

import pytest

from ssn_card.applet_tools import BadCap, normalised, read_cap

_PACKAGE = bytes.fromhex("F053534E43415244")
_FRAMEWORK = bytes.fromhex("A0000000620101")
_FOLDER = "id/ssncard/applet/javacard/"
_TIME = "Java-Card-CAP-Creation-Time: Sun Nov 22 04:16:22 UTC 2026 and a very long ti\r\n me zone\r\n"


def _component(tag: int, body: bytes) -> bytes:
    return bytes([tag]) + len(body).to_bytes(2, "big") + body


def _cap_entries() -> dict[str, bytes]:
    header = bytes.fromhex("DECAFFED 01 02 04 01 00") + bytes([len(_PACKAGE)]) + _PACKAGE
    manifest = f"Manifest-Version: 1.0\r\nCreated-By: 17.0.1\r\nSealed: true\r\n\r\nName: x\r\n{_TIME}Kept: yes\r\n"
    return {
        "META-INF/MANIFEST.MF": manifest.encode(),
        _FOLDER + "Method.cap": _component(7, bytes(40)),
        _FOLDER + "Header.cap": _component(1, header),
        _FOLDER + "Import.cap": _component(4, bytes([1, 5, 1, len(_FRAMEWORK)]) + _FRAMEWORK),
        _FOLDER + "Applet.cap": _component(3, bytes([1, 9]) + _PACKAGE + b"\1" + b"\0\7"),
        _FOLDER + "Descriptor.cap": _component(11, bytes(100)),
    }


def _zip(entries: dict[str, bytes], year: int = 2026, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in entries.items():
            archive.writestr(zipfile.ZipInfo(name, (year, 1, 2, 3, 4, 6)), body, method)
    return out.getvalue()


def test_what_a_cap_says_of_itself() -> None:
    cap = read_cap(_zip(_cap_entries()), "a.cap")
    assert (cap.format_version, cap.package_version, cap.package_aid) == ("2.1", "0.1", _PACKAGE)
    assert cap.applets == (_PACKAGE + b"\1",)
    assert [(wanted.aid, wanted.version) for wanted in cap.imports] == [(_FRAMEWORK, "1.5")]
    assert list(cap.components) == ["Header", "Import", "Applet", "Method", "Descriptor"]
    assert cap.components["Method"] == 43


def test_the_descriptor_is_not_loaded() -> None:
    cap = read_cap(_zip(_cap_entries()), "a.cap")
    assert cap.load_size == sum(cap.components.values()) - 103


def test_times_and_order_leave_no_trace() -> None:
    entries = _cap_entries()
    once = normalised(_zip(entries), "a.cap")
    entries["META-INF/MANIFEST.MF"] = entries["META-INF/MANIFEST.MF"].replace(b"04:16:22", b"09:09:09")
    entries["META-INF/MANIFEST.MF"] = entries["META-INF/MANIFEST.MF"].replace(b"17.0.1", b"21")
    again = normalised(_zip(dict(reversed(entries.items())), 2030, zipfile.ZIP_STORED), "b.cap")
    assert once == again
    assert normalised(once, "c.cap") == once


def test_normalising_changes_no_component() -> None:
    entries = _cap_entries()
    with zipfile.ZipFile(io.BytesIO(normalised(_zip(entries), "a.cap"))) as archive:
        names = archive.namelist()
        assert {name: archive.read(name) for name in names[1:]} == {
            name: body for name, body in entries.items() if name.endswith(".cap")
        }
        manifest = archive.read(names[0]).decode()
    assert manifest == "Manifest-Version: 1.0\r\nSealed: true\r\n\r\nName: x\r\nKept: yes\r\n"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Header.cap", _component(1, bytes(20))),
        ("Header.cap", _component(2, bytes(20))),
        ("Header.cap", b"\1"),
        ("Import.cap", _component(4, bytes([2, 5, 1, 7]) + _FRAMEWORK)),
        ("Applet.cap", _component(3, bytes([1, 16]) + _PACKAGE)),
        ("Method.cap", b"\7\0\x29" + bytes(40)),
    ],
)
def test_damaged_components_are_refused(name: str, body: bytes) -> None:
    with pytest.raises(BadCap):
        read_cap(_zip(_cap_entries() | {_FOLDER + name: body}), "a.cap")


def test_what_is_no_cap_is_refused() -> None:
    with pytest.raises(BadCap):
        normalised(b"no zip", "a.cap")
    with pytest.raises(BadCap):
        read_cap(_zip({"META-INF/MANIFEST.MF": b""}), "a.cap")
