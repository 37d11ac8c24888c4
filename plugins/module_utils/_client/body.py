# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads answers within bounds: how long one takes, how much comes in, and how much that is once it is unpacked."""

from __future__ import annotations

import http.client
import io
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from typing import Any

PATIENCE = 5
"""A whole answer may take so many times ``timeout``."""
MOST = 16 * 2**20  # bytes of one answer, unpacked
_MOST_ON_THE_WIRE = 2 * MOST  # with headers, and the lengths of chunks, which can be longer than the chunks
_CHUNK = 16 * 2**10  # bytes that are unpacked at once: gzip makes at most a thousand times as many of them
_ENCODINGS = ("", "identity", "gzip", "deflate")
ACCEPTED = "gzip, deflate"
"""The encodings to ask for. Others pack so well that the next few bytes could be gigabytes."""
_SMALL = 64 * 2**10  # bytes
_large = threading.BoundedSemaphore(3)
"""So many answers may be larger than that at once: with up to 256 small ones, 64 MB in all threads together."""
_LONGEST_TEXT = 80_000  # bytes that are decoded by a charset other than UTF-8: some take long


class Unreadable(Exception):
    """An answer that is not read. Its text says why: ``comes packed as …``."""


class TooLarge(Unreadable):
    def __init__(self) -> None:
        super().__init__(f"is larger than {MOST // 2**20} MB, which is more than is read at once")


class _Wire(io.RawIOBase):
    """What comes in over a socket, as long as it does not take too long in all, and is not too much.

    A socket's own timeout is for the next byte only: an answer of one byte a second would never end.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw, self._socket = raw, sock
        self._timeout = sock.gettimeout() or 0.0
        self._deadline = time.monotonic() + PATIENCE * self._timeout
        self._left = _MOST_ON_THE_WIRE
        self.ended = False
        """Whether the other side has closed the connection."""

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def close(self) -> None:
        self._raw.close()
        super().close()

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        if self._left < 0:
            raise TooLarge
        if left < self._timeout:
            self._socket.settimeout(left)
        size: int | None = self._raw.readinto(buffer)
        self._left -= size or 0
        self.ended = size == 0
        return size


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self._wire = _Wire(self.fp.detach(), sock)
        self.fp = io.BufferedReader(self._wire)

    def begin(self) -> None:
        """Read the headers. Where the connection ends among them, http.client would take what came for all."""
        super().begin()
        if self._wire.ended:
            raise http.client.RemoteDisconnected("the connection was closed in the middle of the headers")


def bounded_session(requests: Any) -> Any:
    """A session of requests whose answers are read within bounds. It looks at no redirect, for that reads the body."""
    session = requests.Session()
    session.get_redirect_target = lambda response: None
    for scheme in list(session.adapters):
        session.mount(scheme, _bounded_adapter(requests)())
    return session


@lru_cache
def _bounded_adapter(requests: Any) -> Any:
    class Adapter(requests.adapters.HTTPAdapter):  # type: ignore[misc]
        def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
            super().init_poolmanager(*arguments, **options)
            _bound(self.poolmanager)

        def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
            return _bound(super().proxy_manager_for(*arguments, **options))

    return Adapter


def _bound(manager: Any) -> Any:
    """Let all connections of a pool manager of urllib3 read within bounds. Returns the manager."""
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _bounded(pool) for scheme, pool in pools.items()}
    return manager


@lru_cache
def _bounded(pool: Any) -> Any:
    """A class of connection pools with the response class that keeps the bounds."""
    if pool.ConnectionCls.response_class is _Response:
        return pool
    connection = type(pool.ConnectionCls.__name__, (pool.ConnectionCls,), {"response_class": _Response})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


def received(response: Any, broken: tuple[type[Exception], ...], held: ExitStack) -> bytearray:
    """The unpacked body of a response; of one that is no success, as much as can be had: its status is what counts.

    :param broken: exceptions that mean that the rest of it does not come, Unreadable among them.
    :param held: what to keep until the answer has been read: its connection, its turn among the large ones.
    :raises Unreadable: it is too large, or packed as nobody asked for.
    """
    held.callback(response.close)  # after the whole body this gives the connection back, else it ends it
    content = bytearray()
    try:
        for part in _parts(response):
            if len(content) <= _SMALL < len(content) + len(part):
                held.enter_context(_large)
            content += part
            if len(content) > MOST:
                raise TooLarge
    except broken:
        if response.status_code < 300:
            raise
    return content


def _parts(response: Any) -> Iterator[bytes]:
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise Unreadable(f"comes packed as {encoding[:40]!r}, which nobody asked for")
    yield from response.iter_content(_CHUNK)
    if response.raw.length_remaining:  # urllib3 before 2.0 takes a part for the whole
        raise http.client.IncompleteRead(b"", response.raw.length_remaining)


def text_of(content: bytearray, content_type: str) -> str:
    """The text of a body in its charset, which is UTF-8 where none is named, whatever it may hold."""
    charset = re.search(r"charset=[\"']?([\w.:-]+)", content_type)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        try:
            return content[:_LONGEST_TEXT].decode(charset[1], "replace")
        except (LookupError, ValueError):  # no such charset, or one that decodes nothing
            pass
    return content.decode("utf-8", "replace")
