# SPDX-License-Identifier: Apache-2.0
"""Reads a CAP file and writes it again so that the same applet gives the same bytes.

A CAP file is a zip of components (Java Card VM specification 2.2.2, chapter 6), each a tag, a size and a body, with a
manifest beside them. The converter puts the time into the zip and into the manifest; nothing else changes from run to
run.
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from ssn_card.protocol.errors import Text

from .errors import BadCap

#: Components in the order in which they are loaded, with their tags.
LOAD_ORDER = {"Header": 1, "Directory": 2, "Import": 4, "Applet": 3, "Class": 6, "Method": 7, "StaticField": 8,
              "Export": 10, "ConstantPool": 5, "RefLocation": 9, "Descriptor": 11, "Debug": 12}  # fmt: skip
#: Not sent to a card: GlobalPlatform tools leave them out, and cards that get them skip them.
NOT_LOADED = frozenset({"Descriptor", "Debug"})

_HEADER_MAGIC = 0xDECAFFED
_MANIFEST = "META-INF/MANIFEST.MF"
#: Lines of the manifest that tell when and by which Java, not what.
_VARYING = ("Created-By:", "Java-Card-CAP-Creation-Time:")
_NO_APPLETS = bytes((3, 0, 1, 0))
_EPOCH = (1980, 1, 1, 0, 0, 0)  #: the earliest time that a zip can hold


@dataclass(frozen=True)
class Import:
    """A package that the applet is linked against; the card needs this version or a later minor one."""

    aid: bytes
    version: str


@dataclass(frozen=True)
class Cap:
    """What a CAP file says of itself."""

    format_version: str
    package_aid: bytes
    package_version: str
    applets: tuple[bytes, ...]
    imports: tuple[Import, ...]
    components: dict[str, int]  #: bytes with tag and size, in the order of loading

    @property
    def load_size(self) -> int:
        """Bytes that are loaded onto a card, without the tag and length of the load file data block."""
        return sum(size for name, size in self.components.items() if name not in NOT_LOADED)


def read_cap(data: bytes, where: str) -> Cap:
    """Takes a CAP file apart. Raises :class:`BadCap` with ``where``."""
    components = _components(_entries(data, where), where)
    try:
        format_version, package_version, package_aid = _header(components["Header"])
        return Cap(
            format_version=format_version,
            package_aid=package_aid,
            package_version=package_version,
            applets=_applets(components.get("Applet", _NO_APPLETS)),
            imports=_imports(components["Import"]),
            components={name: len(body) for name, body in components.items()},
        )
    except (KeyError, struct.error, IndexError, ValueError) as error:
        raise BadCap(where, Text("damaged components", "komponen rusak")) from error


def normalised(data: bytes, where: str) -> bytes:
    """The same CAP file without times. Raises :class:`BadCap` with ``where``."""
    entries = _entries(data, where)
    _components(entries, where)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in sorted(entries, key=_place):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 0  # else it would tell the system that it was built on
            body = _plain_manifest(entries[name]) if name == _MANIFEST else entries[name]
            target.writestr(info, body, zipfile.ZIP_STORED)
    return out.getvalue()


def _place(name: str) -> tuple[int, int, str]:
    """The manifest first, then components as they are loaded, then the rest by name."""
    order = list(LOAD_ORDER)
    stem = PurePosixPath(name).stem
    is_component = name.endswith(".cap") and stem in LOAD_ORDER
    return 0 if name == _MANIFEST else 1 if is_component else 2, order.index(stem) if is_component else 0, name


def _entries(data: bytes, where: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            return {info.filename: source.read(info) for info in source.infolist() if not info.is_dir()}
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise BadCap(where, Text("no zip archive", "bukan arsip zip")) from error


def _components(entries: dict[str, bytes], where: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, tag in LOAD_ORDER.items():
        bodies = [body for path, body in entries.items() if path.endswith(f"/javacard/{name}.cap")]
        if not bodies:
            continue
        body = bodies[0]
        if len(bodies) > 1 or len(body) < 3 or body[0] != tag or 3 + int.from_bytes(body[1:3], "big") != len(body):
            raise BadCap(where, Text(f"component {name}", f"komponen {name}"))
        found[name] = body
    return found


def _plain_manifest(manifest: bytes) -> bytes:
    kept: list[bytes] = []
    leaving = False
    for line in manifest.splitlines():
        if not line.startswith(b" "):  # such a line continues the one before
            leaving = line.decode("utf-8", "replace").startswith(_VARYING)
        if not leaving:
            kept.append(line)
    return b"\r\n".join([*kept, b""])


def _header(body: bytes) -> tuple[str, str, bytes]:
    """Header component: format version, package version, package AID."""
    magic, minor, major, _, package_minor, package_major, length = struct.unpack_from(">IBBBBBB", body, 3)
    if magic != _HEADER_MAGIC:
        raise ValueError(magic)
    return f"{major}.{minor}", f"{package_major}.{package_minor}", _exactly(body, 13, length)


def _applets(body: bytes) -> tuple[bytes, ...]:
    """Applet component: each applet's AID, then the offset of its install method."""
    found: list[bytes] = []
    at = 4
    for _ in range(body[3]):
        aid = _exactly(body, at + 1, body[at])
        found.append(aid)
        at += 1 + len(aid) + 2
    return tuple(found)


def _imports(body: bytes) -> tuple[Import, ...]:
    """Import component: minor version, major version and AID of each package."""
    found: list[Import] = []
    at = 4
    for _ in range(body[3]):
        minor, major, length = body[at : at + 3]
        found.append(Import(_exactly(body, at + 3, length), f"{major}.{minor}"))
        at += 3 + length
    return tuple(found)


def _exactly(body: bytes, at: int, length: int) -> bytes:
    if at + length > len(body):
        raise IndexError(length)
    return body[at : at + length]
