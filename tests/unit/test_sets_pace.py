# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The budget of writes against a simulated Jira with a clock of its own, and the order of the writes."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.rate_limits import WRITES_PER_ISSUE, IssueRateLimiter
from ansible_collections.linkops.jira.plugins.module_utils._client.schedule import spread
from hypothesis import given
from hypothesis import strategies as st

Limits = Sequence[tuple[int, int]]
"""Writes and milliseconds: whole numbers, so that the simulation is exact."""
Ends = tuple[str, str]

CLOUD: Limits = [(most, round(seconds * 1000)) for most, seconds in WRITES_PER_ISSUE]


class Write(NamedTuple):
    """When it could have been started at the earliest, was started, reached Jira, and was answered."""

    could: float
    started: float
    arrived: float
    answered: float
    ends: Ends


class Client:
    """Writes links in the given order, as soon as the budget and the number of connections let it."""

    def __init__(self, limits: Limits, connections: int, latency: Callable[[], int]) -> None:
        self._limits, self._connections, self._latency = limits, connections, latency
        self._budget = IssueRateLimiter(limits)
        self._under_way: list[tuple[float, Ends]] = []
        self._now = 0.0
        self.writes: list[Write] = []

    def write(self, links: Sequence[Ends]) -> list[Write]:
        for ends in links:
            self._end_those_before(self._now)
            if len(self._under_way) >= self._connections:
                self._end_next()
            free = self._now
            while self._budget.ready_at(ends) > self._now:
                self._wait_for(ends)
            self._start(ends, max(free, self._allowed(ends)))
        return self.writes

    def _wait_for(self, ends: Ends) -> None:
        ready = self._budget.ready_at(ends)
        if self._under_way and self._under_way[0][0] <= ready:
            self._end_next()
        else:
            assert ready != float("inf"), "it would wait for ever"
            self._now = ready

    def _start(self, ends: Ends, could: float) -> None:
        arrives = self._now + self._latency()
        answered = arrives + self._latency()
        self._budget.start(ends, self._now)
        heapq.heappush(self._under_way, (answered, ends))
        self.writes.append(Write(could, self._now, arrives, answered, ends))

    def _end_next(self) -> None:
        self._now = max(self._now, self._under_way[0][0])
        self._end_those_before(self._now)

    def _end_those_before(self, now: float) -> None:
        while self._under_way and self._under_way[0][0] <= now:
            answered, ends = heapq.heappop(self._under_way)
            self._budget.end(ends, answered)

    def _allowed(self, ends: Ends) -> float:
        """When somebody who knows when each write reaches Jira would start one more."""
        allowed = 0.0
        for issue in ends:
            arrivals = sorted(write.arrived for write in self.writes if issue in write.ends)
            for most, window in self._limits:
                allowed = max(allowed, arrivals[-most] + window if len(arrivals) >= most else 0.0)
        return allowed


def assert_within(limits: Limits, writes: Sequence[Write]) -> None:
    """No window of any issue's arrivals holds more than it may."""
    arrivals = defaultdict(list)
    for write in writes:
        for issue in write.ends:
            arrivals[issue].append(write.arrived)
    for times in map(sorted, arrivals.values()):
        for most, window in limits:
            assert all(later - earlier >= window for earlier, later in zip(times, times[most:], strict=False))


latencies = st.sampled_from([(0, 0), (0, 3), (1, 9), (5, 40), (0, 200)])
small_limits = st.sampled_from([[(1, 10)], [(3, 20)], [(3, 20), (7, 100)], [(5, 7), (6, 11)]])
chains = st.lists(st.sampled_from(["AB", "AC", "AD", "BC", "DE"]).map(lambda ends: (ends[0], ends[1])), max_size=60)


@given(small_limits, chains, st.integers(1, 9), latencies, st.randoms(use_true_random=False))
def test_no_window_ever_holds_more_than_it_may_and_nothing_waits_without_need(
    limits: Limits, links: list[Ends], connections: int, spread: tuple[int, int], random: Random
) -> None:
    writes = Client(limits, connections, lambda: random.randint(*spread)).write(links)
    assert_within(limits, writes)
    assert len(writes) == len(links)
    assert all(write.started <= write.could + 2 * spread[1] for write in writes)


@pytest.mark.parametrize("connections", [1, 8, 40])
@pytest.mark.parametrize("slowest", [0, 30, 400, 3000])
def test_a_hub_of_cloud(connections: int, slowest: int) -> None:
    random = Random(slowest + connections)
    links = [("HUB-1", f"FAR-{number}") for number in range(450)]
    writes = Client(CLOUD, connections, lambda: random.randint(0, slowest)).write(links)
    assert_within(CLOUD, writes)
    assert all(write.started <= write.could + 2 * slowest for write in writes)
    if slowest == 0:
        assert writes[-1].started == 4 * 30_000 + 2 * 2_000  # 100 in 30 s, and the last 50 of them 20 in 2 s


def test_other_issues_do_not_wait_for_a_hub() -> None:
    budget = IssueRateLimiter(WRITES_PER_ISSUE)
    for number in range(20):
        budget.start(("HUB-1", f"FAR-{number}"), 10.0)
        budget.end(("HUB-1", f"FAR-{number}"), 10.0)
    assert budget.ready_at(("HUB-1", "FAR-99")) == 12.0
    assert budget.ready_at(("FAR-1", "FAR-2")) <= 10.0


def test_writes_under_way_count_for_they_may_arrive_at_any_moment() -> None:
    budget = IssueRateLimiter([(2, 10)])
    for _other in range(2):
        budget.start(("A", "B"), 0.0)
    assert budget.ready_at(("A", "C")) == float("inf")
    budget.end(("A", "B"), 50)
    assert budget.ready_at(("A", "C")) == 60


def test_without_limits_nothing_waits() -> None:
    budget = IssueRateLimiter()
    for now in range(1000):
        budget.start(("A", "B"), now / 1000)
        budget.end(("A", "B"), now / 1000)
    assert budget.ready_at(("A", "B")) == 0.0


def test_what_jira_slows_down_is_the_busier_issue_alone() -> None:
    budget = IssueRateLimiter(WRITES_PER_ISSUE)
    for number in range(3):
        budget.start(("HUB-1", f"FAR-{number}"), 1.0)
        budget.end(("HUB-1", f"FAR-{number}"), 1.0)
    budget.refused(("HUB-1", "FAR-0"), 1.0, 90.0)
    assert budget.ready_at(("HUB-1", "FAR-7")) == 90.0
    assert budget.ready_at(("FAR-0", "FAR-1")) <= 1.0


def test_a_shorter_wait_does_not_end_a_longer_one() -> None:
    """Two answers of 429 that cross each other: both are minimums."""
    budget = IssueRateLimiter(WRITES_PER_ISSUE)
    budget.refused(("HUB-1", "FAR-1"), 1.0, 90.0)
    budget.refused(("HUB-1", "FAR-1"), 1.0, 40.0)
    assert budget.ready_at(("HUB-1", "FAR-2")) == 90.0


# --- the order


@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("GHIJKL"))))
def test_an_order_has_every_link_once(ends: list[Ends]) -> None:
    order = spread(ends)
    assert sorted(order) == list(range(len(ends)))


@given(st.integers(2, 6), st.integers(1, 9))
def test_hubs_take_turns(hubs: int, each: int) -> None:
    """Said one hub after the other, written one link of each at a time."""
    ends = [(f"HUB-{hub}", f"FAR-{hub}-{number}") for hub in range(hubs) for number in range(each)]
    order = [ends[position] for position in spread(ends)]
    for start in range(0, len(order), hubs):
        assert Counter(hub for hub, _far in order[start : start + hubs]) == Counter(f"HUB-{n}" for n in range(hubs))


def test_what_shares_no_issue_keeps_its_order() -> None:
    assert spread([("A", "B"), ("C", "D"), ("E", "F")]) == [0, 1, 2]
