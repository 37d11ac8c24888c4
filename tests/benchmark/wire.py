# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wire with a round trip: a proxy that delivers every byte half of it late, and lets a new connection wait for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _End(asyncio.Protocol):
    """One end of a connection; what arrives here leaves at the other end, later."""

    def __init__(self, late: float) -> None:
        self._late = late
        self._loop = asyncio.get_running_loop()
        self._open_at = 0.0
        self._transport: asyncio.Transport | None = None
        self._held: list[bytes] = []
        self._ended = False
        self.other: _End | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        for data in self._held:
            transport.write(data)
        if self._ended:
            transport.close()

    def wait(self, seconds: float) -> None:
        """Take nothing from this end before so many seconds have passed."""
        self._open_at = self._loop.time() + seconds

    def data_received(self, data: bytes) -> None:
        if self.other:
            self._loop.call_at(self._arrival(), self.other.deliver, data)

    def connection_lost(self, _error: Exception | None) -> None:
        if self.other:
            self._loop.call_at(self._arrival(), self.other.end)

    def _arrival(self) -> float:
        return max(self._loop.time(), self._open_at) + self._late

    def deliver(self, data: bytes) -> None:
        if self._transport:
            self._transport.write(data)
        else:
            self._held.append(data)

    def end(self) -> None:
        self._ended = True
        if self._transport:
            self._transport.close()


class _Near(_End):
    """The end at the client. A connection to the server is opened for it."""

    def __init__(self, port: int, round_trip: float) -> None:
        super().__init__(round_trip / 2)
        far = _End(round_trip / 2)
        self.other, far.other = far, self
        self.wait(round_trip)
        self._opening = self._loop.create_task(self._loop.create_connection(lambda: far, "127.0.0.1", port))


@contextmanager
def wire(port: int, round_trip: float) -> Iterator[int]:
    """Yields the port of a proxy to that port, which runs in a thread of its own.

    :param round_trip: seconds there and back.
    """
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: _Near(port, round_trip), "127.0.0.1", 0, backlog=1024))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()
