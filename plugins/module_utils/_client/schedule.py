# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When to start which of many requests, below all of Jira's limits. No input or output, and no clock of its own."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from .concurrency import EndpointLimiter
from .rate_limits import LONGEST_REFUSAL, IssueRateLimiter

_TICK = 1.0  # seconds after which a request that waits for others to end is looked at again
Issues = tuple[str, ...]
"""The keys of the issues that a request writes to; none for one that reads."""


class _Waiting(NamedTuple):
    """A request that waits: a time before which it must not start, its rank, and its position in the list."""

    not_before: float
    rank: int
    position: int


class _UnderWay(NamedTuple):
    """A request that was started, and when."""

    waiting: _Waiting
    since: float


class Schedule:
    """The requests that wait for their turn.

    Their order spreads the writes over the issues. A request whose issue has to wait for a limit lets others go first.

    :param retries: how often a request is started again after a 429 for the rate of all.
    """

    def __init__(
        self, requests: Sequence[Issues], endpoint: EndpointLimiter, issues: IssueRateLimiter, retries: int = 0
    ) -> None:
        self._requests, self._endpoint, self._issues, self._retries = requests, endpoint, issues, retries
        self._queue = [_Waiting(0.0, rank, position) for rank, position in enumerate(spread(requests))]  # a heap
        self._under_way: dict[int, _UnderWay] = {}
        self._to_do = Counter(key for issues in requests for key in issues)
        self.tries = Counter[int]()
        """By position, how often a request was refused for the rate of all."""
        self.wake_at = 0.0
        """When to ask again after there was none to start; infinity for: when one has ended."""
        self.limited = False
        """Whether all that are left wait for a limit other than the pace of the endpoint."""

    def __len__(self) -> int:
        return len(self._requests)

    @property
    def waiting(self) -> bool:
        return bool(self._queue)

    @property
    def under_way(self) -> bool:
        return bool(self._under_way)

    def take(self, now: float) -> int | None:
        """The position of a request to start now, or None."""
        self.wake_at, self.limited = self._endpoint.ready_at, bool(self._queue) and self._endpoint.held(now)
        if self.wake_at > now:
            return None
        while self._queue and self._queue[0].not_before <= now:
            first = self._queue[0]
            ready = self._issues.ready_at(self._requests[first.position])
            if ready <= now:
                self._start(heapq.heappop(self._queue), now)
                return first.position
            heapq.heapreplace(self._queue, first._replace(not_before=min(ready, now + _TICK)))
        self.wake_at = self._queue[0].not_before if self._queue else float("inf")
        self.limited = bool(self._queue)
        return None

    def _start(self, waiting: _Waiting, now: float) -> None:
        self._under_way[waiting.position] = _UnderWay(waiting, now)
        self._endpoint.start(now)
        self._issues.start(self._requests[waiting.position], now)

    def end(self, position: int, now: float, answered: bool = True) -> None:
        """Note that a request has ended.

        :param answered: whether the site did what was asked, and at once.
        """
        self._to_do.subtract(self._requests[position])
        self._end(position, now, answered)
        if answered:
            self._issues.written(self._requests[position])

    def _end(self, position: int, now: float, answered: bool) -> None:
        self._endpoint.end(self._under_way.pop(position).since, now, answered)
        self._issues.end(self._requests[position], now)

    def refused(self, position: int, now: float, until: float, one_issue: bool) -> bool:
        """Note a 429: the request goes back into the queue, and what the limit is about waits until a time.

        :param one_issue: whether the limit is the one for writes to one issue. Others write to it, too, so this is
            waited out as long as some writes succeed.
        :returns: whether it was worth it. If not, the request has ended.
        """
        waiting, since = self._under_way[position]
        if one_issue and self._requests[position]:
            hopeless = self._issues.refused(self._requests[position], now, until) >= LONGEST_REFUSAL
        else:
            hopeless = self.tries[position] >= self._retries
            self.tries[position] += 1
            self._endpoint.refused(since, now, until)
        if hopeless:
            self.end(position, now, answered=False)
        else:
            self._end(position, now, answered=False)
            heapq.heappush(self._queue, waiting)
        return not hopeless

    def seconds_for_limits(self, now: float) -> float:
        """How long the limit for one issue makes the rest take, at least."""
        issue, writes = max(self._to_do.items(), key=lambda item: item[1], default=("", 0))
        return self._issues.seconds_for(issue, writes, now)


def spread(requests: Sequence[Issues]) -> list[int]:
    """Their positions in an order that spreads them over the issues: no issue's requests come in a row."""
    met = Counter[str]()
    rank = []
    for issues in requests:
        rank.append(max((met[key] for key in issues), default=0))
        met.update(issues)
    return sorted(range(len(requests)), key=rank.__getitem__)
