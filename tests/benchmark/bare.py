# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The least that any program has to send to make links: read the issues, a hundred at a time, and POST each link."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import aiohttp

CONCURRENCY = 4
ENDS = ("inward_issue", "outward_issue")
Post = Callable[[str, Any], Awaitable[None]]


async def make(post: Post, links: list[dict[str, str]]) -> float:
    """Seconds that it took, on Data Center."""
    keys = list(dict.fromkeys(link[end] for link in links for end in ENDS))
    pages = [keys[start : start + 100] for start in range(0, len(keys), 100)]
    waiting = iter(links)

    async def take_turns() -> None:
        for link in waiting:
            await post("issueLink", creation(link))

    started = time.perf_counter()
    for page in pages:
        await post("search", {"jql": f"key in ({', '.join(page)})", "fields": ["issuelinks"], "maxResults": 100})
    await asyncio.gather(*(take_turns() for dummy in range(CONCURRENCY)))
    return time.perf_counter() - started


def creation(link: dict[str, str]) -> Any:
    return {
        "type": {"name": link["link_type"]},
        "inwardIssue": {"key": link["inward_issue"]},
        "outwardIssue": {"key": link["outward_issue"]},
    }


async def with_aiohttp(api: str, headers: dict[str, str], links: list[dict[str, str]]) -> float:
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:

        async def post(path: str, body: Any) -> None:
            async with session.post(f"{api}/{path}", json=body) as answer:
                await answer.read()

        return await make(post, links)


async def with_httpx(api: str, headers: dict[str, str], links: list[dict[str, str]]) -> float:
    httpx = import_module("httpx")  # by name, since the type checker's environment need not have it
    async with httpx.AsyncClient(headers=headers) as client:

        async def post(path: str, body: Any) -> None:
            (await client.post(f"{api}/{path}", json=body)).raise_for_status()

        return await make(post, links)


CLIENTS = {"aiohttp": with_aiohttp, "httpx": with_httpx}


def main() -> None:
    given = json.loads(Path(sys.argv[1]).read_text())
    login = base64.b64encode("{username}:{password}".format(**given).encode()).decode()
    api, headers = f"{given['url']}/rest/api/2", {"Authorization": f"Basic {login}"}
    print(json.dumps({"seconds": asyncio.run(CLIENTS[given["client"]](api, headers, given["links"]))}))


if __name__ == "__main__":
    main()
