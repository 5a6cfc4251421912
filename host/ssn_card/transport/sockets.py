# SPDX-License-Identifier: Apache-2.0
"""TCP connections that leave no port occupied behind them."""

from __future__ import annotations

import socket


def connect_tcp(host: str, port: int, timeout: float) -> socket.socket:
    """A connection with Nagle's algorithm off and ``timeout`` seconds for it and for each later call.

    Its own port may be any of the ephemeral ones, pcscd's 35963 and 35964 for virtual cards among them. With address
    reuse the daemon can listen there even so, also in the minute after the connection has ended. Raises ``OSError``.
    """
    problem = OSError("no address")
    for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        link = socket.socket(family)
        try:
            link.settimeout(timeout)
            link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            link.connect(address)
            return link
        except OSError as error:
            problem = error
            link.close()
        except BaseException:
            link.close()
            raise
    raise problem
