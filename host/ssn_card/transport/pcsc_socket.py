# SPDX-License-Identifier: Apache-2.0
"""Why the PC/SC service of a Linux machine (pcscd) takes nobody in: its library says the same of many reasons."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

from .errors import PcscForbidden, PcscFull, PcscNotRunning, TransportError

_VARIABLE, _SOCKET = "PCSCLITE_CSOCK_NAME", "/run/pcscd/pcscd.comm"
_PROGRAM_PATH = "/usr/sbin:/usr/local/sbin:/sbin"  #: not on the PATH of every user
_SECONDS = 1.0  #: for the service to turn a visitor away
#: pcscd's own limit is 200 contexts, others' included. A service that turns us away with fewer forbids it.
_FULL = 190


def service_socket() -> str:
    """Path of the socket that the service listens on."""
    return os.environ.get(_VARIABLE) or _SOCKET


def service_program() -> str | None:
    """Path of pcscd, where it is installed."""
    return shutil.which("pcscd") or shutil.which("pcscd", path=_PROGRAM_PATH)


def why_refused() -> TransportError | None:
    """Why a new connection to the service fails; ``None`` where it looks well, as just after a restart."""
    path = service_socket()
    with socket.socket(socket.AF_UNIX) as visitor:
        visitor.settimeout(_SECONDS)
        try:
            visitor.connect(path)
            if visitor.recv(1):
                return None
        except PermissionError:
            return PcscForbidden(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return PcscNotRunning(installed=service_program() is not None)
        except TimeoutError:
            return None  # it waits for us to speak, as it should
        except OSError:
            pass
    connections = _connections(path)
    if connections is None:
        return None
    return PcscFull(connections) if connections >= _FULL else PcscForbidden(path)


def _connections(path: str) -> int | None:
    """How many connections the service holds, from Linux's list of sockets; ``None`` where it does not show them."""
    try:
        lines = Path("/proc/net/unix").read_bytes().splitlines()
    except OSError:
        return None
    sockets = sum(line.endswith(b" " + os.fsencode(path)) for line in lines)
    return sockets - 1 if sockets else None  # less the one that listens
