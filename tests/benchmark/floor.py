# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The floor: reads each issue once and writes each link once, with any number of requests under way, below the limits.

It asks nothing else, checks nothing, and says nothing of the links that it made.
"""

from __future__ import annotations

import asyncio
import base64
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from .bare import ENDS, creation


class Floor:
    """:param at_once: how many requests may be under way."""

    def __init__(self, session: aiohttp.ClientSession, api: str, at_once: int) -> None:
        self._session, self._api = session, api
        self._places = asyncio.Semaphore(at_once)
        self.writes: list[float] = []
        """Seconds that each of them took."""

    async def _post(self, path: str, body: Any) -> Any:
        async with self._places:
            while True:
                started = time.perf_counter()
                async with self._session.post(f"{self._api}/{path}", json=body) as answer:
                    data = await answer.read()
                if answer.status != 429:
                    break
                await asyncio.sleep(float(answer.headers["Retry-After"]))
            answer.raise_for_status()
            if path == "issueLink":
                self.writes.append(time.perf_counter() - started)
            return json.loads(data) if data else None

    async def read(self, keys: Sequence[str]) -> list[Any]:
        pages = [keys[start : start + 100] for start in range(0, len(keys), 100)]
        answers = await asyncio.gather(*map(self._page, pages))
        return [issue for answer in answers for issue in answer["issues"]]

    async def _page(self, keys: Sequence[str]) -> Any:
        if self._api.endswith("/3"):
            return await self._post("issue/bulkfetch", {"issueIdsOrKeys": keys, "fields": ["issuelinks"]})
        jql = f"key in ({', '.join(keys)})"
        return await self._post("search", {"jql": jql, "fields": ["issuelinks"], "maxResults": 100})

    async def follow(self, start: str) -> int:
        """Read all issues that can be reached along links, level by level, and return how many there are."""
        met, level = {start}, [start]
        while level:
            found = (linked_keys(issue) for issue in await self.read(level))
            level = list(dict.fromkeys(key for keys in found for key in keys if key not in met))
            met.update(level)
        return len(met)

    async def make(self, links: Sequence[dict[str, str]], limits: Any) -> None:
        began = asyncio.get_running_loop().time()

        async def write(link: dict[str, str], moment: float) -> None:
            await asyncio.sleep(began + moment - asyncio.get_running_loop().time())
            await self._post("issueLink", creation(link))

        await asyncio.gather(*map(write, links, moments(links, **limits)))


def linked_keys(issue: Any) -> Iterable[str]:
    for link in issue["fields"]["issuelinks"]:
        yield (link.get("outwardIssue") or link["inwardIssue"])["key"]


def moments(links: Sequence[dict[str, str]], rate: float = 0, windows: Sequence[tuple[int, float]] = ()) -> list[float]:
    """When to start each write: so many a second, and in each window so many to one issue."""
    writes, written = [0.0], defaultdict[str, list[float]](list)
    for link in links:
        ends = [written[link[end]] for end in ENDS]
        bounds = [end[-most] + seconds for end in ends for most, seconds in windows if len(end) >= most]
        moment = max([writes[-1] + (1 / rate if rate else 0.0), *bounds])
        writes.append(moment)
        for end in ends:
            end.append(moment)
    return writes[1:]


async def run(given: dict[str, Any]) -> dict[str, Any]:
    login = base64.b64encode("{username}:{password}".format(**given).encode()).decode()
    connections, headers = aiohttp.TCPConnector(limit=0), {"Authorization": f"Basic {login}"}
    async with aiohttp.ClientSession(headers=headers, connector=connections) as session:
        floor = Floor(session, f"{given['url']}/rest/api/{given['api']}", given.get("at_once", 1000))
        started = time.perf_counter()
        if "start" in given:
            return {"found": await floor.follow(given["start"]), "seconds": time.perf_counter() - started}
        links = given["links"]
        await floor.read(list(Counter(link[end] for link in links for end in ENDS)))
        await floor.make(links if given["write"] else [], given.get("limits", {}))
        latency = statistics.median(floor.writes or [0.0])
        return {"seconds": time.perf_counter() - started, "latency": latency}


def main() -> None:
    print(json.dumps(asyncio.run(run(json.loads(Path(sys.argv[1]).read_text())))))


if __name__ == "__main__":
    main()
