# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends many requests, several at a time, in threads with connections of their own, as a schedule lets them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, NamedTuple, TypeVar

from . import retry
from .concurrency import MOST_AT_ONCE, EndpointLimiter
from .errors import JiraError, RateLimited, as_jira_error
from .http_client import Http
from .outcome import Outcome
from .progress import TICK
from .rate_limits import REFUSED_FOR_LONG, IssueRateLimiter
from .schedule import Schedule

Job = TypeVar("Job")
Value = TypeVar("Value")
Look = Callable[[int], None]


class _Ended(NamedTuple):
    """A job that has ended: its position, its error, when, and how many requests it took."""

    position: int
    error: JiraError | None
    now: float
    requests: int
    caller_named: bool
    login_proved: bool | None


class Parallel(Generic[Value]):
    """Does jobs in threads.

    :param work: does the job at a position. Where it raises a 429 that may pass, it is done again later.
    :param ends: whether no other job is to be started after an error.
    """

    def __init__(
        self,
        http: Http,
        schedule: Schedule,
        work: Callable[[int, Http], Outcome[Value]],
        ends: Callable[[JiraError], bool],
    ) -> None:
        self._http, self._schedule, self._work, self._ends = http, schedule, work, ends
        self._alone = len(schedule) == 1
        """Whether there is one job only: then the main thread does it, with its own connections."""
        self._changed = threading.Condition()
        """Held by the thread that looks at the schedule, or at what became of the jobs."""
        self._interrupted = False
        self._limited_since: float | None = None
        # The threads write these themselves, so that nothing is lost, whatever interrupts the main one.
        self.values: dict[int, Value] = {}
        self.errors: dict[int, JiraError] = {}
        """By position, as the values are. A job in neither was not done; one in both did a part of it."""
        self.stopped_by: JiraError | None = None
        self.ended = 0
        self.seconds_waited = 0.0

    def run(self, look: Callable[[], None]) -> None:
        """Do all jobs, or those before an error that ends it. Those under way end in any case.

        :param look: called about once a second.
        """
        next_look = time.monotonic() + TICK
        pool = ThreadPoolExecutor(MOST_AT_ONCE)
        with pool, self._changed:
            try:
                while self._schedule.under_way or (self._schedule.waiting and not self.stopped_by):
                    positions = self._take_what_may_start()
                    if self._alone and positions:
                        self._note(self._do(*positions))
                        continue
                    self._start(positions, pool)
                    wake_at = next_look if self.stopped_by else min(next_look, self._schedule.wake_at)
                    self._changed.wait(max(0.0, wake_at - time.monotonic()))
                    if time.monotonic() >= next_look:
                        next_look = time.monotonic() + TICK
                        look()
            except BaseException:  # the task's own timeout, for one
                self._interrupted = True
                raise

    def _take_what_may_start(self) -> list[int]:
        """The positions of the jobs to start now."""
        positions: list[int] = []
        while not (self.stopped_by or self._interrupted):
            now = time.monotonic()
            position = self._schedule.take(now)
            self._count_waiting(now)
            if position is None:
                break
            positions.append(position)
        return positions

    def _start(self, positions: Iterable[int], pool: ThreadPoolExecutor) -> None:
        for position in positions:
            pool.submit(self._do_in_turn, position, pool)

    def _do_in_turn(self, position: int | None, pool: ThreadPoolExecutor) -> None:
        """In a thread: do a job, and after it the next one, without waiting for the main thread."""
        while position is not None:
            ended = self._do(position)
            with self._changed:
                self._note(ended)
                positions = self._take_what_may_start()
                position = positions.pop() if positions else None
                self._start(positions, pool)
                if position is None or self._schedule.wake_at < float("inf"):
                    self._changed.notify()

    def _do(self, position: int) -> _Ended:
        own, before, error = self._http, self._http.sent, None
        try:
            if not self._alone:
                own = self._http.for_thread()
                before = own.sent
            outcome = self._work(position, own)
            self.values[position], error = outcome.done, outcome.error
        except Exception as raised:
            error = as_jira_error(raised)
        ended = _Ended(position, error, time.monotonic(), own.sent - before, own.caller_named, own.login_proved)
        if own is not self._http:
            self._http.take_back(own)
        return ended

    def _note(self, ended: _Ended) -> None:
        position, error, now = ended[:3]
        self._http.sent += 0 if self._alone else ended.requests
        self._http.caller_named = ended.caller_named and (self._http.caller_named or not self.ended)
        if ended.login_proved is not None:
            self._http.login_proved = ended.login_proved
        if isinstance(error, RateLimited) and error.left_to_schedule:
            until = now + retry.backoff(self._schedule.tries[position], error.retry_after)
            if self._schedule.refused(position, now, until, error.one_issue):
                return
            error = _given_up(error)
        else:
            self._schedule.end(position, now, answered=not error and ended.requests == 1)
        if error:
            self.errors[position] = error
        self.ended += 1
        if error and not self.stopped_by and self._ends(error):
            self.stopped_by = error

    def _count_waiting(self, now: float) -> None:
        if self._limited_since is not None:
            self.seconds_waited += now - self._limited_since
        self._limited_since = now if self._schedule.limited else None


def read_all(
    jobs: Sequence[Job], work: Callable[[Job, Http], Value], http: Http, endpoint: EndpointLimiter, look: Look
) -> list[Value]:
    """What becomes of each of some jobs that only read, in their order.

    :param look: told about once a second how many are done.
    :raises JiraError: one of them failed: of those that did, the first.
    """
    schedule = Schedule([()] * len(jobs), endpoint, IssueRateLimiter(), http.retries)
    parallel = Parallel(http, schedule, lambda position, own: Outcome(work(jobs[position], own)), lambda error: True)
    parallel.run(lambda: look(parallel.ended))
    for position in sorted(parallel.errors):
        raise parallel.errors[position]
    return [parallel.values[position] for position in range(len(jobs))]


def _given_up(error: RateLimited) -> JiraError:
    return error.explained(f"{error.message} {REFUSED_FOR_LONG}") if error.one_issue else error
