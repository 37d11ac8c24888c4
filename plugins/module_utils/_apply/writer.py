# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes many things to Jira, several at a time, spread over the issues, below all limits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from .._client.errors import (
    CaptchaRequired,
    Gone,
    JiraError,
    NoAnswer,
    OutOfQuota,
    Redirected,
    Unauthorized,
    Unexpected,
    as_jira_error,
)
from .._client.jira import Jira
from .._client.outcome import Outcome
from .._client.parallel import Parallel
from .._client.progress import Progress
from .._client.rate_limits import IssueRateLimiter
from .._client.schedule import Issues, Schedule

_HOPELESS = (CaptchaRequired, Gone, NoAnswer, OutOfQuota, Redirected, Unauthorized, Unexpected)
"""After these, every other request would fail as well, or nobody knows whether it would."""
_SHARED = (
    "Jira refused some writes to {key} for now, although this run keeps to its limits. So somebody else writes to it, "
    "too, or did just before. It took longer for that."
)
Job = TypeVar("Job")
Value = TypeVar("Value")


class Writer:
    """Writes several things at a time.

    :param what: the word for them, for the progress: ``links``.
    :param total: how many there will be in all.
    :param keep_going: whether to go on after an error that concerns one of them only.
    """

    def __init__(self, jira: Jira, what: str, total: int, keep_going: bool = False) -> None:
        self._jira, self._what, self._total, self._keep_going = jira, what, total, keep_going
        self._issues = IssueRateLimiter.of_site(jira.is_cloud())
        self._started, self._done = time.monotonic(), 0
        self.seconds_waited = 0.0
        self.stopped_by: JiraError | None = None
        """The error after which no more was written, if any."""

    def write(
        self, jobs: Sequence[Job], issues: Sequence[Issues], work: Callable[[Job, Jira], Outcome[Value]], endpoint: str
    ) -> list[Outcome[Value | None]]:
        """Do every job, and return what became of each, in their order: what was not tried has no error either.

        Whatever ends it before its time, a timeout of the task for one, is in ``stopped_by`` and does not raise.

        :param issues: the keys of those that each job writes to.
        :param endpoint: that the jobs ask, with the method.
        """
        schedule = Schedule(issues, self._jira.limiter(endpoint, writes=True), self._issues, self._jira.http.retries)
        parallel = Parallel(
            self._jira.http, schedule, lambda place, own: work(jobs[place], self._jira.over(own)), self._is_the_end
        )
        try:
            parallel.run(lambda: self._jira.progress(self._progress(parallel, schedule)))
        except BaseException as raised:  # the task's own timeout, for one
            parallel.stopped_by = as_jira_error(raised)
        self._done += parallel.ended
        self.seconds_waited += parallel.seconds_waited
        self.stopped_by = parallel.stopped_by
        for key in self._issues.shared:
            self._jira.warn(_SHARED.format(key=key))
        return [Outcome(parallel.values.get(place), parallel.errors.get(place)) for place in range(len(jobs))]

    def _is_the_end(self, error: JiraError) -> bool:
        return isinstance(error, _HOPELESS) or not self._keep_going

    def _progress(self, parallel: Parallel[Value], schedule: Schedule) -> Progress:
        now, done, shared = time.monotonic(), self._done + parallel.ended, self._issues.shared
        # A limit that is ours alone is waited for in stretches, which the limit itself tells better than the past.
        waited = 0.0 if shared else self.seconds_waited + parallel.seconds_waited
        by_rate = (self._total - done) * (now - self._started - waited) / done if done else 0.0
        seconds_left = max(by_rate, schedule.seconds_for_limits(now)) or None
        return Progress(f"{self._what} written", done, self._total, seconds_left, schedule.limited, shared)
