# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy before a sandbox. It spoils answers, and so it is known of each request whether Jira got it, and when."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from tests.local_jira import LocalJira
from tests.soak.faults import ENDED_LOGIN, ENDLESS_PAGES, KINDS, Message, Reply, page_of_an_endless_search

TIMEOUT = 0.2
"""Seconds that a client in the storm waits for an answer."""
EXPIRED = {"cloud": "Basic ZGVtb0BleGFtcGxlLmNvbTpleHBpcmVkLXRva2Vu", "data_center": "Bearer expired-pat"}
"""What the sandbox takes for a login that has ended: ``demo@example.com:expired-token``, and a token."""
Value = TypeVar("Value")


class Fault(NamedTuple):
    """What goes wrong with one request.

    :param when: ``before`` Jira got it, which then never gets it; ``after`` it was done; or ``late``: it is done after
        the client has given up.
    :param seed: whatever else about it is left to chance comes from here.
    """

    kind: str
    when: str
    seed: str


Storm = Callable[[str], Fault | None]
"""What goes wrong with a request, by its name (see `Weather`)."""


def calm(name: str) -> None:
    """A storm in which nothing goes wrong."""


def storm_by_chance(seed: str, kinds: list[str], density: float) -> Storm:
    """Faults of these kinds to so many of the requests, the same ones for the same seed."""
    weights = [KINDS[kind].weight for kind in kinds]

    def fault(name: str) -> Fault | None:
        chance = Random(f"{seed} {name}")
        if chance.random() > density:
            return None
        kind = chance.choices(kinds, weights)[0]
        return Fault(kind, chance.choice(KINDS[kind].whens), f"{seed} {name} {kind}")

    return fault


def storm_of(faults: Mapping[str, Fault]) -> Storm:
    return faults.get


@dataclass
class Exchange:
    """One request, by its name, what went wrong with it, and what the client got for an answer."""

    name: str
    fault: Fault | None
    got: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.fault.kind}, {self.fault.when} ({self.got})" if self.fault else self.name


class Weather:
    """The proxy. A request is named after what it says, and how often that was said: ``GET /issue/REL-1 #2``.

    So the same fault meets the same request in another run, whatever the order in which threads send theirs.
    """

    def __init__(self, site: LocalJira) -> None:
        self._site = site
        self.exchanges: list[Exchange] = []
        """Of the storm that is."""
        self.credentials: set[str] = set()
        """What went over the wire: user and password in base64, and access tokens."""
        self.problems: list[BaseException] = []
        """What went wrong in here, and was not meant to."""
        self.last_request = 0.0
        self._begin(calm)
        self._clients: set[asyncio.Task[None]] = set()
        self._under_way: set[asyncio.Task[Message]] = set()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def _run(self, work: Coroutine[Any, Any, Value]) -> Value:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def _begin(self, storm: Storm) -> None:
        self._storm = storm
        self.exchanges = []
        self._said = Counter[str]()
        self._happened = set[str]()
        self.last_request = time.monotonic()

    @property
    def stormy(self) -> bool:
        return self._storm is not calm

    def begin(self, storm: Storm) -> None:
        self._loop.call_soon_threadsafe(self._begin, storm)

    def give_up(self) -> None:
        """Answer nothing any more, so that whoever asks for ever comes to an end."""
        self._storm = lambda name: Fault("a cut", "before", "")
        self.end()

    def end(self) -> list[Exchange]:
        """Wait until Jira has got all that it will get, and close every connection."""
        return self._run(self._end())

    async def _end(self) -> list[Exchange]:
        await asyncio.gather(*self._under_way, return_exceptions=True)
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        return self.exchanges

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._clients.add(task)
        try:
            while asked := await Message.read(reader):
                reply = await self._reply(asked)
                writer.write(reply.raw)
                await writer.drain()
                if reply.then != "keep":
                    await _part(reply.then, reader, writer)
                    return
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return  # the client went, or the storm is over
        except Exception as error:
            self.problems.append(error)
        finally:
            self._clients.discard(task)
            writer.close()

    async def _reply(self, asked: Message) -> Reply:
        name = self._name(asked)
        exchange = Exchange(name, self._storm(name))
        self.exchanges.append(exchange)
        self.last_request = time.monotonic()
        reply = await self._spoilt(asked, name, exchange.fault)
        exchange.got = reply.note or reply.raw[:60].partition(b"\r")[0].decode("latin-1")
        return reply

    async def _spoilt(self, asked: Message, name: str, fault: Fault | None) -> Reply:
        if asked.field("Authorization").startswith("Basic "):  # an access token may come from a spoilt answer
            self.credentials.add(asked.field("Authorization").partition(" ")[2])
        kind, when, seed = fault or Fault("", "after", "")
        new = kind not in self._happened
        self._happened.add(kind)
        chance = Random(seed)
        if ENDLESS_PAGES in self._happened and "/search/jql" in asked.first:
            return Reply(page_of_an_endless_search(name).raw)
        real = None
        if when != "before":
            forward = asyncio.create_task(self._forward(asked, chance.uniform(1.5, 4) if when == "late" else 0))
            self._under_way.add(forward)
            forward.add_done_callback(self._under_way.discard)
            real = await forward
        if kind and new and (meanwhile := KINDS[kind].meanwhile):
            with contextlib.suppress(AssertionError):  # an issue that is deleted cannot move
                self._site.control("POST", *meanwhile(chance))
        if kind == "a slow answer":
            await asyncio.sleep(chance.uniform(0, TIMEOUT / 2))
        return KINDS[kind].reply(chance, asked, real) if kind else Reply((real or asked).raw)

    def _name(self, asked: Message) -> str:
        method, target, _version = asked.first.split()
        whole = urlsplit(target).path
        path = whole.partition("/rest/api/")[2].partition("/")[2] or whole[1:]
        query = "?" + urlsplit(target).query if urlsplit(target).query else ""
        body = f" {zlib.crc32(asked.body):x}" if asked.body else ""
        said = f"{method} /{path}{query}{body}"
        self._said[said] += 1
        return f"{said} #{self._said[said]}"

    async def _forward(self, asked: Message, timeouts: float) -> Message:
        """The sandbox's own answer.

        :param timeouts: how late it gets the request, in timeouts of the client.
        """
        await asyncio.sleep(timeouts * TIMEOUT)
        fields = {"Host": f"127.0.0.1:{self._site.port}", "Connection": "close"}
        if ENDED_LOGIN in self._happened and asked.field("Authorization"):
            fields["Authorization"] = EXPIRED[self._site.deployment]
        reader, writer = await asyncio.open_connection("127.0.0.1", self._site.port)
        writer.write(asked.having(**fields).raw)
        answer = await Message.read(reader)
        writer.close()
        assert answer
        if "/oauth/token" in asked.first and answer.status == 200:
            self.credentials.add(json.loads(answer.body)["access_token"])
        return answer.having(Connection=None, Server=None)


async def _part(then: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """End a connection: ``close`` or ``abort`` it, leave it in ``silence``, or ``trickle`` for ever."""
    if then == "abort":
        writer.transport.abort()
    elif then == "silence":
        await reader.read()  # until the client goes
    while then.startswith("trickle"):
        await asyncio.sleep(TIMEOUT / 5)
        writer.write(b"1\r\n \r\n" if then == "trickle of a body" else b"x")
        await writer.drain()
