# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many writes: several at a time, spread over the issues, and never faster than Jira allows."""

from __future__ import annotations

import heapq
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import NamedTuple

from .._client import retry
from .._client.errors import (
    CaptchaRequired,
    Gone,
    JiraError,
    NoAnswer,
    OutOfQuota,
    RateLimited,
    Redirected,
    Unauthorized,
    Unexpected,
    as_jira_error,
)
from .._client.jira import Jira
from .._client.rate_limits import Budget
from .._model.link import IssueLink

_HOPELESS = (CaptchaRequired, Gone, NoAnswer, OutOfQuota, Redirected, Unauthorized, Unexpected)
"""After these, every other request would fail as well, or nobody knows whether it would."""


_TICK = 1.0  # seconds between two looks at the progress


Work = Callable[[IssueLink, Jira], IssueLink]
"""Writes one link and returns it as Jira then knows it."""


class Written(NamedTuple):
    """What became of a link: neither link nor error means that it was not tried, both that only its comment failed."""

    link: IssueLink | None = None
    error: JiraError | None = None


class Progress(NamedTuple):
    """How many links are written, of how many, and for how many seconds everything now waits for a limit of Jira's."""

    done: int
    total: int
    waiting: float


class _Turn(NamedTuple):
    """When a link may be written at the soonest, its rank among the others, and which of the links it is."""

    not_before: float
    rank: int
    position: int


class _Turns:
    """Which link may be written next: what the writing threads share.

    The order spreads the writes over the issues; a link whose issue has no budget left waits, and others go first.
    """

    def __init__(self, links: Sequence[IssueLink], budget: Budget, keep_going: bool) -> None:
        self.results = [Written()] * len(links)
        self._links, self._budget, self._keep_going = links, budget, keep_going
        self._queue = [_Turn(0.0, rank, position) for rank, position in enumerate(_spread(links))]  # a heap
        self._tries = Counter[int]()
        self._not_before = 0.0
        self._under_way = 0
        self._waiting_since: float | None = None
        self._stopped = False
        self._news = threading.Condition()
        self.stopped_by: JiraError | None = None
        self.done = 0
        self.seconds_waited = 0.0

    def take(self) -> _Turn | None:
        """The next turn, waited for if need be; None when there is nothing left to do."""
        with self._news:
            while not self._stopped and (self._queue or self._under_way):
                now = time.monotonic()
                turn = self._ready(now)
                if turn:
                    self._under_way += 1
                    self._budget.start(self._ends(turn))
                    self._count_waiting(now, None)
                    return turn
                if self._queue:
                    self._count_waiting(now, self._waiting_since or now)
                self._news.wait(self._queue[0].not_before - now if self._queue else None)
            return None

    def _ready(self, now: float) -> _Turn | None:
        while self._queue and self._queue[0].not_before <= now:
            turn = self._queue[0]
            ready = max(self._budget.ready_at(self._ends(turn)), self._not_before)
            if ready <= now:
                return heapq.heappop(self._queue)
            heapq.heapreplace(self._queue, turn._replace(not_before=min(ready, now + _TICK)))
        return None

    def give_back(self, turn: _Turn, written: Written, retries: int) -> None:
        """The turn is over, unless Jira said that it came too early."""
        with self._news:
            now, position, error = time.monotonic(), turn.position, written.error
            self._under_way -= 1
            self._budget.end(self._ends(turn), now)
            if isinstance(error, RateLimited) and error.again and self._tries[position] < retries:
                until = now + retry.backoff(self._tries[position], error.retry_after)
                self._tries[position] += 1
                if error.one_issue:
                    self._budget.hold(self._ends(turn), until)
                else:
                    self._not_before = max(self._not_before, until)
                heapq.heappush(self._queue, turn)
            else:
                self.results[position] = written
                self.done += 1
                if error and not self._stopped and (isinstance(error, _HOPELESS) or not self._keep_going):
                    self._stopped, self.stopped_by = True, error
            self._news.notify_all()

    def stop(self) -> None:
        with self._news:
            self._stopped = True
            self._news.notify_all()

    def waiting(self) -> float:
        """Seconds until the next turn, if everything waits for a limit."""
        with self._news:
            idle = self._queue and not self._under_way
            return max(0.0, self._queue[0].not_before - time.monotonic()) if idle else 0.0

    def _ends(self, turn: _Turn) -> tuple[str, str]:
        return self._links[turn.position].keys

    def _count_waiting(self, now: float, since: float | None) -> None:
        if since is None and self._waiting_since is not None:
            self.seconds_waited += now - self._waiting_since
        self._waiting_since = since


def _spread(links: Sequence[IssueLink]) -> list[int]:
    """An order in which no issue's links come in a row, as far as that is possible."""
    met = Counter[str]()
    rank = []
    for link in links:
        rank.append(max(met[key] for key in link.keys))
        met.update(link.keys)
    return sorted(range(len(links)), key=rank.__getitem__)


class Writer:
    """Writes links, several at a time, within one budget.

    :param total: how many there will be in all, for the progress.
    :param keep_going: whether to go on after an error that concerns one link only.
    """

    def __init__(self, jira: Jira, budget: Budget, total: int, concurrency: int, keep_going: bool) -> None:
        self._jira, self._budget, self._total = jira, budget, total
        self._concurrency, self._keep_going = concurrency, keep_going
        self._done = 0
        self.seconds_waited = 0.0
        self.stopped_by: JiraError | None = None
        """The error after which no more was written, if any."""

    def write(self, links: Sequence[IssueLink], work: Work) -> list[Written]:
        """Do the work for every link, and tell what became of each, whatever ends the work before its time."""
        turns = _Turns(links, self._budget, self._keep_going)
        size = min(self._concurrency, len(links))
        with ThreadPoolExecutor(size or 1) as pool:
            threads = [pool.submit(self._take_turns, turns, links, work) for dummy in range(size)]
            try:
                while wait(threads, _TICK).not_done:
                    self._jira.progress(Progress(self._done + turns.done, self._total, turns.waiting()))
            except BaseException as raised:  # the task's own timeout, for one
                turns.stopped_by = as_jira_error(raised)
            finally:
                turns.stop()
        self._jira.http.sent += sum(thread.result() for thread in threads)
        self._done += turns.done
        self.seconds_waited += turns.seconds_waited
        self.stopped_by = turns.stopped_by
        return turns.results

    def _take_turns(self, turns: _Turns, links: Sequence[IssueLink], work: Work) -> int:
        jira = self._jira.twin()  # requests does not promise that threads can share a session
        try:
            while turn := turns.take():
                try:
                    written = Written(link=work(links[turn.position], jira))
                except Exception as raised:
                    error = as_jira_error(raised)
                    written = Written(link=error.done, error=error)
                turns.give_back(turn, written, jira.http.retries)
            return jira.http.sent
        finally:
            turns.stop()
            jira.http.close()
