# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests a second, and how many at once, a site is to get. No input or output, and no clock of its own."""

from __future__ import annotations

from .rate_limits import BURSTS

_SHARE = 0.8  # of the published rate: others use the site, too
_CAPACITY = 0.1  # seconds: so much of its rate a token bucket holds
_START = 4  # requests at once, as long as nothing is known
_SOON = 0.15  # seconds: hardly any answer of Jira Cloud comes sooner
MOST_AT_ONCE = 64  # requests: each takes a thread and a connection
_SAMPLE = 8  # answers: from fewer, nobody can tell how fast a site is
_SPARE = 1.5  # times the requests at once that a rate needs: some answers take longer than others
_STEADY, _SLOW = 1.25, 1.5  # times the best latency: up to the one more requests are tried, from the other on fewer


class TokenBucket:
    """Lets so many requests start in a second. It is empty at the start."""

    def __init__(self, rate: float, now: float) -> None:
        self._interval = 1 / rate
        self._full_at = now + _CAPACITY
        """When it will hold all that it can, if nothing is taken."""

    @property
    def ready_at(self) -> float:
        """The time from which there is a token."""
        return self._full_at - _CAPACITY + self._interval

    def take(self, now: float) -> None:
        self._full_at = max(self._full_at, now) + self._interval


class ConcurrencyLimit:
    """How many requests may be under way at once, found out from how long the answers take.

    It begins with a few and doubles. Where a rate is known, it ends as what that rate needs. Where none is, it grows
    until the answers get slower, which means that the site has them wait for each other, and falls if they get much
    slower. When the site refuses a request for its rate, it is halved, and grows by one at a time from then on.

    :param rate: requests a second that the site is to get; None where its limits are not known.
    :param start: what it is at first.
    :param most: what it may be at most.
    """

    def __init__(self, rate: float | None, start: float, most: int) -> None:
        self._rate, self._most = rate, most
        self._limit = min(start, most)
        self._doubling, self._was_reached = True, False
        self._round: list[float] = []
        self._best = float("inf")
        self._counts_from = self._halved_at = float("-inf")

    def __int__(self) -> int:
        return max(1, int(self._limit))

    def reached(self) -> None:
        """Note that as many requests are under way as may be: fewer would not tell whether more can be."""
        self._was_reached = True

    def answered(self, started: float, now: float) -> None:
        """Note when a request was started that is answered now. A round of answers decides together."""
        if started < self._counts_from:
            return
        self._round.append(now - started)
        if len(self._round) < max(int(self), 0 if self._rate else _SAMPLE):
            return
        latency = sorted(self._round)[len(self._round) // 4]  # new connections take longer, and single answers may
        self._round = []
        if self._rate:
            self._grow(_SPARE * self._rate * latency + 1)
        else:
            self._steer(latency)
            self._counts_from = now  # what is under way now says nothing of the new limit
        self._was_reached = False

    def _grow(self, needed: float) -> None:
        more = self._limit * 2 if self._doubling else self._limit + 1
        if self._was_reached:
            self._limit = max(self._limit, min(more, needed, self._most))

    def _steer(self, latency: float) -> None:
        if self._limit <= _START or latency < self._best:  # so few do not wait for each other
            self._best = latency
        if latency <= _STEADY * self._best:
            self._grow(self._most)
            return
        self._doubling = False
        if latency > _SLOW * self._best:
            fewer = max(_STEADY * self._best / latency, 0.5)
            self._limit = max(self._limit * fewer, min(self._limit, _START))

    def refused(self, started: float, now: float, under_way: int) -> None:
        """Halve it, once for all requests that were under way together.

        :param started: when the refused request was.
        """
        if started >= self._halved_at:
            self._limit, self._doubling = max(1.0, min(self._limit, under_way) / 2), False
            self._halved_at = self._counts_from = now


class EndpointLimiter:
    """Says when the next request to one of a site's endpoints may start.

    :param writes: whether the requests change something: then it begins with fewer, for all of them may fail.
    :param most: requests at once; None for as many as turn out to be good.
    """

    def __init__(self, cloud: bool, method: str, writes: bool, now: float, most: int | None = None) -> None:
        rate = _SHARE * BURSTS[method] if cloud else None
        start = _START if writes or not rate else _SOON * rate
        self._bucket = TokenBucket(rate, now) if rate else None
        self._limit = ConcurrencyLimit(rate, start, min(most or MOST_AT_ONCE, MOST_AT_ONCE))
        self._held_until = 0.0
        self._under_way = 0

    @property
    def ready_at(self) -> float:
        """The time from which another request may start; infinity if one under way has to end first."""
        if self._under_way >= int(self._limit):
            return float("inf")
        return max(self._held_until, self._bucket.ready_at if self._bucket else 0.0)

    def held(self, now: float) -> bool:
        """Whether all requests wait after a 429."""
        return self._held_until > now

    def start(self, now: float) -> None:
        self._under_way += 1
        if self._under_way >= int(self._limit):
            self._limit.reached()
        if self._bucket:
            self._bucket.take(now)

    def end(self, started: float, now: float, answered: bool = True) -> None:
        """:param answered: whether the site did what was asked, and at once: then the time tells how fast it is."""
        self._under_way -= 1
        if answered:
            self._limit.answered(started, now)

    def refused(self, started: float, now: float, until: float) -> None:
        """Let all requests wait until a time, after a 429 for the rate of all of them. Call it before `end`."""
        self._limit.refused(started, now, self._under_way)
        self._held_until = max(self._held_until, until)
