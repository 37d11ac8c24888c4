# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the site is: seconds of work for each kind of request, and how many it works on at a time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

from .answers import Answer

DELAYS = ("read", "write", "megabyte")
MEGABYTE = 1_000_000
READING_BY_POST = ("/bulkfetch", "/search", "/search/jql")


class Speed:
    """`delays` are seconds for each request of a kind, and for each megabyte of any answer; `workers` 0: no bound."""

    def __init__(self, delays: Mapping[str, float], workers: int) -> None:
        self._delays = delays
        self._workers = asyncio.Semaphore(workers) if workers else contextlib.nullcontext()

    def worker(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Requests queue for one of the workers, first come, first served."""
        return self._workers

    async def work(self, method: str, path: str, answer: Answer) -> None:
        """Take the time that this answer needs. A gateway refuses what is too much, which costs the site nothing."""
        if self._delays and answer.status != 429:
            kind = "read" if method == "GET" or path.endswith(READING_BY_POST) else "write"
            seconds = self._delays.get(kind, 0.0) + self._delays.get("megabyte", 0.0) * len(answer.body) / MEGABYTE
            await asyncio.sleep(seconds)
