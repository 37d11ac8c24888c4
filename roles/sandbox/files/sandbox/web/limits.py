# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jira Cloud's rate limits: writes to one issue, bursts per endpoint and method, points per hour."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable

from ..rules.model import Refusal

WRITES_TO_ONE_ISSUE = ((20, 2.0), (100, 30.0))
BURSTS = {"GET": 100, "POST": 100, "PUT": 50, "DELETE": 50}
POINTS_PER_HOUR = 65_000
NEAR = 0.2  # of a limit


def rate_limited(reason: str, limit: int, seconds: float, resets: float | None = None) -> Refusal:
    """A 429 with Cloud's headers.

    `seconds` is the wait; it is told in whole ones, rounded up. `resets` is a moment in seconds since the epoch.
    """
    headers = {
        "Retry-After": str(max(1, math.ceil(seconds))),
        "RateLimit-Reason": reason,
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": "0",
    }
    if resets:
        headers["X-RateLimit-Reset"] = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(resets))
    return Refusal(429, "Rate limit exceeded.", headers=headers)


class Window:
    """At most `limit` events in any `seconds`."""

    __slots__ = ("_events", "_limit", "_seconds")

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._events: deque[float] = deque()

    def wait(self, moment: float) -> float:
        """Seconds until there is room for one more; 0 if there is room."""
        while self._events and self._events[0] <= moment - self._seconds:
            self._events.popleft()
        return self._events[0] + self._seconds - moment if len(self._events) >= self._limit else 0.0

    def room(self, moment: float) -> int:
        """How many more there may be now."""
        self.wait(moment)
        return self._limit - len(self._events)

    def add(self, moment: float) -> None:
        self._events.append(moment)


class Limits:
    """Counts requests; one that is refused does not count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.quota = POINTS_PER_HOUR
        self._issues: dict[int, list[Window]] = {}
        self._bursts: dict[tuple[str, str], Window] = {}
        self._points = (0, 0)  # the hour, counted since the epoch, and the points spent in it

    def request(self, method: str, endpoint: str, oauth: bool) -> None:
        """Count a request; raises Refusal 429. API tokens are exempt from the hourly points."""
        if oauth:
            self._spend_point()
        window = self._bursts.setdefault((method, endpoint), Window(BURSTS.get(method, 100), 1.0))
        moment = self._clock()
        wait = window.wait(moment)
        if wait:
            raise rate_limited("jira-burst-based", BURSTS.get(method, 100), wait)
        window.add(moment)

    def burst_headers(self, method: str, endpoint: str) -> dict[str, str]:
        """What every ordinary answer says. A request that is not counted says that it is the only one."""
        limit, window = BURSTS.get(method, 100), self._bursts.get((method, endpoint))
        left = limit - 1 if window is None else window.room(self._clock())
        near = {"X-RateLimit-NearLimit": "true"} if left < limit * NEAR else {}
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left), **near}

    def _spend_point(self) -> None:
        moment = time.time()
        hour = int(moment // 3600)
        spent = self._points[1] if self._points[0] == hour else 0
        if spent >= self.quota:
            resets = (hour + 1) * 3600
            raise rate_limited("jira-quota-global-based", self.quota, resets - moment, resets)
        self._points = (hour, spent + 1)

    def write_to(self, issue_ids: Iterable[int]) -> None:
        """Count a write to each of these issues; raises Refusal 429."""
        moment = self._clock()
        windows = [window for issue_id in set(issue_ids) for window in self._windows(issue_id)]
        wait = max((window.wait(moment) for window in windows), default=0.0)
        if wait:
            raise rate_limited("jira-per-issue-on-write", WRITES_TO_ONE_ISSUE[0][0], wait)
        for window in windows:
            window.add(moment)

    def _windows(self, issue_id: int) -> list[Window]:
        found = self._issues.get(issue_id)
        if found is None:
            found = self._issues[issue_id] = [Window(*limit) for limit in WRITES_TO_ONE_ISSUE]
        return found
