# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A site with a clock of its own, and those who send it requests: minutes pass in milliseconds."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from random import Random
from typing import NamedTuple

from ansible_collections.linkops.jira.plugins.module_utils._client.concurrency import EndpointLimiter
from ansible_collections.linkops.jira.plugins.module_utils._client.rate_limits import IssueRateLimiter
from ansible_collections.linkops.jira.plugins.module_utils._client.schedule import Schedule

PER_ISSUE = ((20, 2.0), (100, 30.0))
BURSTS = {"POST": 100, "DELETE": 50}
NEVER = float("inf")


class Refusal(NamedTuple):
    retry_after: float
    one_issue: bool


class Sent(NamedTuple):
    """One request: who sent it, and when it was sent, arrived and was answered."""

    sender: str
    started: float
    arrived: float
    answered: float
    refusal: Refusal | None


class Site:
    """:param limits: whether Jira Cloud's are enforced.

    :param seconds: how long a request takes that arrives at a time.
    :param workers: how many requests are worked on at the same time; 0 for any number.
    """

    def __init__(self, limits: bool, seconds: Callable[[float], float], workers: int = 0) -> None:
        self._limits, self._seconds = limits, seconds
        self._workers = [0.0] * workers  # a heap: when each is free
        self._bursts = defaultdict[str, list[float]](list)
        self._writes = defaultdict[str, list[float]](list)

    def ask(self, now: float, method: str, issues: Iterable[str]) -> tuple[float, Refusal | None]:
        """The time of the answer, and whether it is a 429."""
        refusal = self._refusal(now, method, issues) if self._limits else None
        if refusal:
            return now, refusal
        self._bursts[method].append(now)
        for issue in issues:
            self._writes[issue].append(now)
        ends = max(now, self._workers[0] if self._workers else now) + self._seconds(now)
        if self._workers:
            heapq.heapreplace(self._workers, ends)
        return ends, None

    def _refusal(self, now: float, method: str, issues: Iterable[str]) -> Refusal | None:
        burst = _wait(self._bursts[method], BURSTS[method], 1.0, now)
        if burst:
            return Refusal(math.ceil(burst), one_issue=False)
        waits = [_wait(self._writes[issue], most, seconds, now) for issue in issues for most, seconds in PER_ISSUE]
        return Refusal(math.ceil(max(waits)), one_issue=True) if any(waits) else None


def _wait(events: Sequence[float], most: int, seconds: float, now: float) -> float:
    return max(0.0, events[-most] + seconds - now) if len(events) >= most else 0.0


class Sender:
    """Somebody who sends requests by a schedule of ours."""

    def __init__(
        self,
        name: str,
        requests: Sequence[tuple[str, ...]],
        cloud: bool = True,
        method: str = "POST",
        most: int | None = None,
        begins: float = 0.0,
    ) -> None:
        self.name, self.requests, self.method, self.begins = name, requests, method, begins
        self.schedule = Schedule(
            requests, EndpointLimiter(cloud, method, True, begins, most), IssueRateLimiter.of_site(cloud), retries=4
        )
        self.wakes_at = NEVER
        self.done: list[float] = []
        self.given_up: list[float] = []


class World:
    """Lets time pass. ``trip`` tells how long the next request, or answer, is on its way."""

    def __init__(self, site: Site, trip: Callable[[], float], random: Random) -> None:
        self._site, self._trip, self._random = site, trip, random
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._serial = count()
        self.sent: list[Sent] = []

    def at(self, moment: float, what: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._serial), what))

    def run(self, *senders: Sender, until: float = 3600.0) -> list[Sent]:
        for sender in senders:
            self.at(sender.begins, lambda now, sender=sender: self._start(sender, now))  # type: ignore[misc]
        while self._events and self._events[0][0] < until and any(map(is_busy, senders)):
            now, _serial, what = heapq.heappop(self._events)
            what(now)
        return self.sent

    def _start(self, sender: Sender, now: float) -> None:
        while (position := sender.schedule.take(now)) is not None:
            self._send(sender, position, now)
        wake_at = sender.schedule.wake_at
        if now < wake_at < NEVER and wake_at != sender.wakes_at:
            sender.wakes_at = wake_at
            self.at(wake_at, lambda later: self._start(sender, later))

    def _send(self, sender: Sender, position: int, started: float) -> None:
        def arrive(now: float) -> None:
            ends, refusal = self._site.ask(now, sender.method, sender.requests[position])
            answered = ends + self._trip()
            self.sent.append(Sent(sender.name, started, now, answered, refusal))
            self.at(answered, lambda later: self._end(sender, position, later, refusal))

        self.at(started + self._trip(), arrive)

    def _end(self, sender: Sender, position: int, now: float, refusal: Refusal | None) -> None:
        if not refusal:
            sender.schedule.end(position, now)
            sender.done.append(now)
        else:
            until = now + refusal.retry_after * self._random.uniform(1.0, 1.3)
            if not sender.schedule.refused(position, now, until, refusal.one_issue):
                sender.given_up.append(now)
        self._start(sender, now)


def is_busy(sender: Sender) -> bool:
    return sender.schedule.waiting or sender.schedule.under_way


def most_in(moments: Iterable[float], seconds: float) -> int:
    """The most of them in any stretch of so many seconds."""
    ordered: list[float] = []
    for moment in moments:
        insort(ordered, moment)
    return max(
        (number + 1 - bisect_right(ordered, moment - seconds) for number, moment in enumerate(ordered)), default=0
    )
