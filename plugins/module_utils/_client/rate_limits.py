# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jira Cloud's limits: writes to one issue, and what it may hold. No input or output, and no clock of its own."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence

PAGE = 100  # issues: the most that issue/bulkfetch takes; search pages are kept to the same size
RECONCILED = 50  # issues for which one search can be asked to be up to date
MOST_LINKS = 2000  # issue links on one issue
MOST_REMOTE_LINKS = 2000  # remote links on one issue
FULL = f"Jira Cloud allows {MOST_LINKS:,} links on one issue. Remove some; trying again does not help."
FULL_OF_REMOTE_LINKS = f"Jira Cloud allows {MOST_REMOTE_LINKS:,} on one issue. Remove some; trying again does not help."
WRITES_PER_ISSUE = ((20, 2.0), (100, 30.0))
"""So many writes to one issue in so many seconds."""
BURSTS = {"GET": 100, "POST": 100, "PUT": 50, "DELETE": 50}
"""So many requests a second to one endpoint, from everybody who uses the site."""
LONGEST_REFUSAL = 120.0
"""Seconds without a write that succeeds, after which a write to an issue to which others write, too, is given up."""
REFUSED_FOR_LONG = (
    "None of this run's writes to this issue has succeeded for two minutes: somebody else keeps writing to it."
)
_SHORTEST, _LONGEST = 0.1, 1.0  # seconds between two writes to an issue to which others write, too
_SHORTER, _LONGER = 0.8, 2.0  # times the seconds before, after a write that succeeded, and after one that was refused


class IssueRateLimiter:
    """Keeps the writes to each issue below Jira's limits: a sliding window for each of them.

    A write counts from the moment it is started until the window has passed since it was *answered*: Jira did it
    somewhere in between, and so no window of Jira's ever holds more than the limit.

    Where Jira refuses a write all the same, others write to that issue, too. From then on its writes start at
    intervals, which get longer with each refusal, and shorter with each write that succeeds.

    :param limits: pairs of writes and seconds; none of them for a site without such limits.
    """

    def __init__(self, limits: Sequence[tuple[int, float]] = ()) -> None:
        self._limits = limits
        self._under_way: Counter[str] = Counter()
        self._answered: defaultdict[str, deque[float]] = defaultdict(
            lambda: deque(maxlen=max((most for most, dummy in limits), default=0))
        )
        self._held: dict[str, float] = {}
        self._intervals: dict[str, float] = {}
        self._refused_since: dict[str, float] = {}

    @classmethod
    def of_site(cls, cloud: bool) -> IssueRateLimiter:
        """The limiter for a run on Cloud, or on Data Center, which knows no such limits."""
        return cls(WRITES_PER_ISSUE if cloud else ())

    @property
    def shared(self) -> tuple[str, ...]:
        """The issues to which others write, too."""
        return tuple(self._intervals)

    def ready_at(self, issues: Iterable[str]) -> float:
        """The time from which all the issues can take another write; infinity if one under way has to end first."""
        return max(map(self._issue_ready_at, issues), default=0.0)

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

    def seconds_for(self, issue: str, writes: int, now: float) -> float:
        """How long so many more writes to an issue take, at least, if nobody else writes to it."""
        seconds, left, answered = 0.0, writes, self._answered[issue]
        waits = [self._held.get(issue, 0.0) - now]
        for most, window in sorted(self._limits, key=lambda limit: -limit[1]):
            whole, before = divmod(max(0, left - 1), most)
            seconds, left = seconds + whole * window, before + 1
            if len(answered) >= most - before:
                waits.append(seconds + answered[before - most] + window - now)
        return max(seconds, *waits) if writes else 0.0

    def start(self, issues: Iterable[str], now: float) -> None:
        for issue in issues:
            self._under_way[issue] += 1
            if issue in self._intervals:
                self._held[issue] = max(self._held[issue], now + self._intervals[issue])

    def end(self, issues: Iterable[str], now: float) -> None:
        """Note that a write has ended. One that was refused counts as well: perhaps it does so for Jira."""
        for issue in issues:
            self._under_way[issue] -= 1
            self._answered[issue].append(now)

    def written(self, issues: Iterable[str]) -> None:
        """Note that a write has succeeded."""
        for issue in issues:
            self._refused_since.pop(issue, None)
            if issue in self._intervals:
                self._intervals[issue] = max(_SHORTEST, self._intervals[issue] * _SHORTER)

    def refused(self, issues: Iterable[str], now: float, until: float) -> float:
        """Let the busiest of the issues wait until a time, after a 429 for writes to one issue.

        :returns: the seconds since which no write to it has succeeded.
        """
        busiest = max(issues, key=lambda issue: len(self._answered[issue]) + self._under_way[issue])
        self._intervals[busiest] = min(_LONGEST, _LONGER * self._intervals.get(busiest, _SHORTEST))
        self._held[busiest] = max(until, self._held.get(busiest, 0.0))
        return now - self._refused_since.setdefault(busiest, now)
