# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies a plan of many links: several writes at a time, spread over the issues, below Jira's rate limits."""

from __future__ import annotations

import heapq
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import NamedTuple

from .._client import retry
from .._client.errors import (
    CaptchaRequired,
    Forbidden,
    Gone,
    JiraError,
    LimitReached,
    NoAnswer,
    OutOfQuota,
    RateLimited,
    Redirected,
    Unauthorized,
    Unexpected,
    as_jira_error,
)
from .._client.jira import Jira
from .._client.outcome import Outcome
from .._client.rate_limits import MOST_LINKS, IssueRateLimiter
from .._model.link import Issue, IssueLink
from .._plan.graph import vertex_cover
from .._plan.links import Plan
from .links import NOT_SEEN, NOT_SHOWN, make_link, not_permitted, remove_link
from .reader import Reader

_HOPELESS = (CaptchaRequired, Gone, NoAnswer, OutOfQuota, Redirected, Unauthorized, Unexpected)
"""After these, every other request would fail as well, or nobody knows whether it would."""
_TICK = 1.0  # seconds between two looks at the progress
Work = Callable[[IssueLink, Jira], Outcome[IssueLink]]
"""Writes one link and returns it as Jira then knows it."""


class Written(NamedTuple):
    """What became of one link. Neither link nor error: it was not tried. Both: only its comment was refused."""

    link: IssueLink | None = None
    error: JiraError | None = None

    @property
    def in_doubt(self) -> bool:
        """Whether the link may have been written although the result does not hold it."""
        return not self.link and self.error is not None and self.error.in_doubt


class InBulk(NamedTuple):
    """What became of each link that a plan adds or removes, in its order; and the seconds spent on rate limits."""

    added: Sequence[Written]
    removed: Sequence[Written]
    seconds_waited: float = 0.0

    def in_doubt(self, plan: Plan) -> Plan:
        """The part of the plan that may have been carried out, although nothing says so."""
        return Plan(
            add=tuple(link for link, each in zip(plan.add, self.added) if each.in_doubt),
            remove=tuple(link for link, each in zip(plan.remove, self.removed) if each.in_doubt),
        )

    @classmethod
    def expected(cls, plan: Plan) -> InBulk:
        """The result of a run in which nothing fails, as check mode reports it."""
        return cls([Written(link) for link in plan.add], [Written(link) for link in plan.remove])


class Progress(NamedTuple):
    """How far a run is: links written, links in all, and for how many seconds all now wait for a rate limit."""

    done: int
    total: int
    waiting: float


class _Turn(NamedTuple):
    """One link that waits to be written: a time before which it must not be, its rank, and its position in the list."""

    not_before: float
    rank: int
    position: int


class _Turns:
    """The queue of links to write, shared by the writing threads.

    The order spreads the writes over the issues. A link whose issue has to wait for a limit lets others go first.
    """

    def __init__(self, links: Sequence[IssueLink], limiter: IssueRateLimiter, keep_going: bool) -> None:
        self.results = [Written()] * len(links)
        self._links, self._limiter, self._keep_going = links, limiter, keep_going
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
        """Wait until a link may be written and return its turn; None when nothing is left to do."""
        with self._news:
            while not self._stopped and (self._queue or self._under_way):
                now = time.monotonic()
                turn = self._ready(now)
                if turn:
                    self._under_way += 1
                    self._limiter.start(self._ends(turn))
                    self._count_waiting(now, None)
                    return turn
                if self._queue:
                    self._count_waiting(now, self._waiting_since or now)
                self._news.wait(self._queue[0].not_before - now if self._queue else None)
            return None

    def _ready(self, now: float) -> _Turn | None:
        while self._queue and self._queue[0].not_before <= now:
            turn = self._queue[0]
            ready = max(self._limiter.ready_at(self._ends(turn)), self._not_before)
            if ready <= now:
                return heapq.heappop(self._queue)
            heapq.heapreplace(self._queue, turn._replace(not_before=min(ready, now + _TICK)))
        return None

    def give_back(self, turn: _Turn, written: Written, retries: int) -> None:
        """Note what became of a link. After a 429 it goes back into the queue, to be written later."""
        with self._news:
            now, position, error = time.monotonic(), turn.position, written.error
            self._under_way -= 1
            self._limiter.end(self._ends(turn), now)
            if isinstance(error, RateLimited) and error.again and self._tries[position] < retries:
                until = now + retry.backoff(self._tries[position], error.retry_after)
                self._tries[position] += 1
                if error.one_issue:
                    self._limiter.hold(self._ends(turn), until)
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
        """Seconds until the next link may be written; 0 unless all of them wait for a rate limit."""
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
    """The positions of the links in an order that spreads them over the issues: no issue's links come in a row."""
    met = Counter[str]()
    rank = []
    for link in links:
        rank.append(max(met[key] for key in link.keys))
        met.update(link.keys)
    return sorted(range(len(links)), key=rank.__getitem__)


class Writer:
    """Writes links, several at a time, below one rate limiter.

    :param total: how many there will be in all, for the progress.
    :param keep_going: whether to go on after an error that concerns one link only.
    """

    def __init__(self, jira: Jira, limiter: IssueRateLimiter, total: int, concurrency: int, keep_going: bool) -> None:
        self._jira, self._limiter, self._total = jira, limiter, total
        self._concurrency, self._keep_going = concurrency, keep_going
        self._done = 0
        self.seconds_waited = 0.0
        self.stopped_by: JiraError | None = None
        """The error after which no more was written, if any."""

    def write(self, links: Sequence[IssueLink], work: Work) -> list[Written]:
        """Write every link with ``work``, and return what became of each, in their order.

        Whatever ends it before its time, a timeout of the task for one, is in ``stopped_by`` and does not raise.
        """
        turns = _Turns(links, self._limiter, self._keep_going)
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
        jira = self._jira.for_thread()
        try:
            while turn := turns.take():
                try:
                    outcome = work(links[turn.position], jira)
                    written = Written(outcome.done, outcome.error)
                except Exception as raised:
                    written = Written(error=as_jira_error(raised))
                turns.give_back(turn, written, jira.http.retries)
            return jira.http.sent
        finally:
            turns.stop()
            jira.http.close()


def preflight(plan: Plan, jira: Jira, reader: Reader) -> list[JiraError]:
    """Why Jira would refuse parts of the plan, as far as that can be known without writing.

    The permission is asked for once a project, for that is how Jira grants it.
    """
    full = [
        LimitReached(
            f"{load.key} has {load.links} issue links and would get {load.more} more. Jira Cloud allows {MOST_LINKS:,} "
            "on one issue."
        )
        for load in reader.overfull(plan.add)
    ]
    may: dict[str, bool] = {}

    def allowed(end: Issue) -> bool:
        if end.project not in may:
            may[end.project] = jira.may_link(end.key)
        return may[end.project]

    denied = {link.inward.key: None for link in plan.add if not allowed(link.inward)}
    for link in plan.remove:
        if not (allowed(link.inward) or allowed(link.outward)):
            denied[f"{link.inward.key} or {link.outward.key}"] = None
    return [*full, *(Forbidden(not_permitted(keys)) for keys in denied)]


def apply_in_bulk(plan: Plan, jira: Jira, concurrency: int, keep_going: bool) -> Outcome[InBulk]:
    """Make what a plan adds, then remove what it removes. If anything goes wrong before, nothing is removed.

    :param concurrency: how many writes may be under way at the same time.
    :param keep_going: whether to go on with the other links after an error that concerns one link only.
    """
    limiter = IssueRateLimiter.of_site(jira.is_cloud())
    writer = Writer(jira, limiter, len(plan.add) + len(plan.remove), concurrency, keep_going)
    added = writer.write(plan.add, make_link)
    error = writer.stopped_by or _first_error(added)
    removed = [Written()] * len(plan.remove)
    try:
        if not isinstance(error, Unexpected):
            added = _read_back(added, jira, sure=bool(plan.remove))
    except BaseException as raised:
        error = error or as_jira_error(raised)
    if not (error or _first_error(added)):
        removed = writer.write(plan.remove, _remove)
    error = error or writer.stopped_by or _first_error([*added, *removed])
    return Outcome(InBulk(added, removed, writer.seconds_waited), error)


def _remove(link: IssueLink, jira: Jira) -> Outcome[IssueLink]:
    remove_link(link, jira)
    return Outcome(link)


def _first_error(results: Iterable[Written]) -> JiraError | None:
    return next((written.error for written in results if written.error), None)


def _read_back(added: Sequence[Written], jira: Jira, sure: bool) -> list[Written]:
    """Read the new links back, for the ids that Cloud does not tell when it makes a link.

    :param sure: whether each has to be seen, because others are to be removed for it.
    :raises JiraError: they have to be seen, and reading failed.
    """
    fresh = Reader(jira)
    links = [written.link for written in added if written.link]
    try:
        fresh.read_issues(vertex_cover(link.keys for link in links if sure or not link.id))
    except JiraError as error:
        if sure:
            raise error.explained(f"The new links could not be read, so nothing was removed. {error.message}") from None
        jira.warn(f"The ids of the new links could not be read. {error.message}")
        return list(added)  # a report without ids is better than none
    known = {(link.type.id, *link.keys): link for link in fresh.links.values()}
    # An issue that moved meanwhile has another key by now.
    keys = {end.id: end.key for link in fresh.links.values() for end in link.ends if end.id}

    def seen(written: Written) -> Written:
        if not written.link or (written.link.id and not sure):
            return written
        inward, outward = (keys.get(end.id or "", end.key) for end in written.link.ends)
        found = known.get((written.link.type.id, inward, outward))
        if found:
            return written._replace(link=found._replace(comment=written.link.comment))
        if sure:
            return Written(error=JiraError(NOT_SHOWN))
        jira.warn(NOT_SEEN.format(sentence=written.link.sentence))
        return written

    return [seen(written) for written in added]
