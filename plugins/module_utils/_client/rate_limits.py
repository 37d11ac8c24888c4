# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jira Cloud's limits: writes to one issue, and what it may hold. No input or output, and no clock of its own."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence

PAGE = 100  # issues: the most that issue/bulkfetch takes; search pages are kept to the same size
MOST_LINKS = 2000  # issue links on one issue
MOST_REMOTE_LINKS = 2000  # remote links on one issue
FULL = f"Jira Cloud allows {MOST_LINKS:,} links on one issue. Remove some; trying again does not help."
FULL_OF_REMOTE_LINKS = f"Jira Cloud allows {MOST_REMOTE_LINKS:,} on one issue. Remove some; trying again does not help."
WRITES_PER_ISSUE = ((20, 2.0), (100, 30.0))
"""So many writes to one issue in so many seconds."""


class IssueRateLimiter:
    """Keeps the writes to each issue below Jira's limits: a sliding window for each of them.

    A write counts from the moment it is started until the window has passed since it was *answered*: Jira did it
    somewhere in between, and so no window of Jira's ever holds more than the limit.

    :param limits: pairs of writes and seconds; none of them for a site without such limits.
    """

    def __init__(self, limits: Sequence[tuple[int, float]] = ()) -> None:
        self._limits = limits
        self._under_way: Counter[str] = Counter()
        self._answered: defaultdict[str, deque[float]] = defaultdict(
            lambda: deque(maxlen=max((most for most, dummy in limits), default=0))
        )
        self._held: dict[str, float] = {}

    @classmethod
    def of_site(cls, cloud: bool) -> IssueRateLimiter:
        """The limiter for a run on Cloud, or on Data Center, which knows no such limits."""
        return cls(WRITES_PER_ISSUE if cloud else ())

    def ready_at(self, issues: Iterable[str]) -> float:
        """The time from which all the issues can take another write; infinity if one under way has to end first."""
        return max(self._issue_ready_at(issue) for issue in issues)

    def _issue_ready_at(self, issue: str) -> float:
        ready = self._held.get(issue, 0.0)
        answered = self._answered[issue]
        for most, seconds in self._limits:
            free = most - self._under_way[issue]
            if free <= 0:
                return float("inf")
            if len(answered) >= free:
                ready = max(ready, answered[-free] + seconds)
        return ready

    def start(self, issues: Iterable[str]) -> None:
        self._under_way.update(issues)

    def end(self, issues: Iterable[str], now: float) -> None:
        for issue in issues:
            self._under_way[issue] -= 1
            self._answered[issue].append(now)

    def hold(self, issues: Iterable[str], until: float) -> None:
        """Let the busiest of the issues wait until a time, after a 429 for writes to one issue."""
        busiest = max(issues, key=lambda issue: len(self._answered[issue]) + self._under_way[issue])
        self._held[busiest] = max(until, self._held.get(busiest, 0.0))
