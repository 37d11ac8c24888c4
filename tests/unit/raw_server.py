# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server that answers with the very bytes that a test gives it, as slowly as it gives them."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ansible_collections.linkops.jira.plugins.module_utils._client.connect import connect
from ansible_collections.linkops.jira.plugins.module_utils._client.http_client import Http
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION

Answer = Callable[[str], Iterable[bytes]]
"""Takes ``METHOD /path`` and gives the bytes of the answer, after which the connection is closed."""


def reply(body: bytes | str | dict[str, Any] | list[Any] = b"", *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer. What is no bytes is sent as JSON, text as it is."""
    text = body if isinstance(body, (bytes, str)) else json.dumps(body)
    content = text.encode() if isinstance(text, str) else text
    lines = (f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(content)}", *headers)
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + content


class RawServer:
    """:param tls: to answer over TLS."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.asked: list[str] = []
        self.answer: Answer = lambda request: [reply({})]
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def always(self, *parts: bytes) -> None:
        """Answer every request with these bytes."""
        self.answer = lambda request: parts

    def params(self, **options: Any) -> dict[str, Any]:
        """Connection options as a module has them."""
        defaults = {name: option.get("default") for name, option in CONNECTION.items()}
        return {**defaults, "url": self.url, "api_version": "3", "retries": 0, **options}

    def http(self, **options: Any) -> Http:
        return connect(self.params(**options)).http

    def jira(self, **options: Any) -> Jira:
        return Jira(connect(self.params(**options)))

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            spoken = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            request = _read_request(spoken)
            self.asked.append(request)
            for part in self.answer(request):
                spoken.sendall(part)


def _read_request(connection: socket.socket) -> str:
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65536)
        if not more:
            raise OSError("no request")
        received += more
    head, _gap, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return " ".join(head.decode().split(" ")[:2])


@contextlib.contextmanager
def raw_server(tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    server = RawServer(tls)
    try:
        yield server
    finally:
        server.close()
