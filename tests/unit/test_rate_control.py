# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast many requests are sent, against simulated sites: steady, slowing, shared with others, out for a while."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from random import Random

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.concurrency import EndpointLimiter, TokenBucket
from ansible_collections.linkops.jira.plugins.module_utils._client.rate_limits import LONGEST_REFUSAL, IssueRateLimiter
from ansible_collections.linkops.jira.plugins.module_utils._client.schedule import Schedule
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.simulated_site import Sender, Sent, Site, World, most_in

RATES = {"POST": 80, "DELETE": 40}


def spread_links(count: int) -> list[tuple[str, ...]]:
    return [(f"A-{number}", f"B-{number}") for number in range(count)]


def hub_links(count: int, sender: str = "") -> list[tuple[str, ...]]:
    return [("HUB-1", f"{sender}-{number}") for number in range(count)]


def world(site: Site, trip: float = 0.02, seed: int = 1) -> World:
    random = Random(seed)
    return World(site, lambda: trip * random.uniform(0.8, 1.2), random)


def varying(seconds: float, seed: int = 2) -> Callable[[float], float]:
    """Like a real site: most answers near a time, some much later."""
    random = Random(seed)
    return lambda now: seconds * min(random.lognormvariate(0, 0.3), 4)


def under_way(sent: list[Sent], moment: float) -> int:
    return sum(each.started <= moment < each.answered for each in sent)


def refused(sent: list[Sent]) -> int:
    return sum(each.refusal is not None for each in sent)


# --- the rate


@given(st.sampled_from(["POST", "DELETE"]), st.lists(st.sampled_from([0.0, 0.0, 0.001, 0.05, 0.2, 3.0]), max_size=300))
def test_no_second_sees_more_starts_than_the_site_allows(method: str, pauses: list[float]) -> None:
    now, starts = 5.0, list[float]()
    bucket = TokenBucket(RATES[method], now)
    for pause in pauses:
        now = max(now + pause, bucket.ready_at)
        bucket.take(now)
        starts.append(now)
    assert most_in(starts, 1.0) <= RATES[method] * 1.1
    assert all(start >= 5.0 + number / RATES[method] - 1e-9 for number, start in enumerate(starts, 1))


@pytest.mark.parametrize("method", RATES)
@pytest.mark.parametrize("seconds", [0.002, 0.06, 0.2, 0.5])
def test_a_steady_cloud_gets_four_fifths_of_its_limit(method: str, seconds: float) -> None:
    sender = Sender("we", spread_links(800), method=method)
    sent = world(Site(limits=True, seconds=varying(seconds))).run(sender)
    assert len(sender.done) == 800 and not refused(sent)
    assert max(sender.done) < 800 / RATES[method] + 5 * (seconds + 0.04) + 0.5  # it doubles from a few


def test_no_more_are_under_way_than_the_task_allows() -> None:
    sender = Sender("we", spread_links(100), most=3)
    sent = world(Site(limits=True, seconds=varying(0.2))).run(sender)
    assert len(sender.done) == 100 and max(under_way(sent, each.started) for each in sent) == 3


trips = st.sampled_from([(0.0, 0.0), (0.001, 0.01), (0.02, 0.03), (0.01, 0.1)])
works = st.sampled_from([(0.0, 0.0), (0.05, 0.4), (0.0, 3.0)])
some_links = st.lists(st.sampled_from([("HUB-1", "A-1"), ("HUB-1", "A-2"), ("A-3", "A-4"), ("A-5",), ()]), max_size=150)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["POST", "DELETE"]), some_links, trips, works, st.randoms(use_true_random=False))
def test_no_schedule_breaks_a_limit(
    method: str,
    links: list[tuple[str, ...]],
    trip: tuple[float, float],
    work: tuple[float, float],
    random: Random,
) -> None:
    sender = Sender("we", links, method=method)
    site = Site(limits=True, seconds=lambda now: random.uniform(*work))
    sent = World(site, lambda: random.uniform(*trip), random).run(sender)
    assert not refused(sent) and len(sender.done) == len(links)


# --- how many at once


@pytest.mark.parametrize("workers", [4, 8, 30])
def test_a_data_center_is_used_and_not_swamped(workers: int) -> None:
    """Nearly as fast as with the best fixed number at once, and without a long queue before its workers."""
    took = {}
    for most in (4, 8, 12, 16, 24, 48, None):
        sender = Sender("we", spread_links(2000), cloud=False, most=most)
        if most:
            sender.schedule = fixed(sender, most)
        site = Site(limits=False, seconds=varying(0.06), workers=workers)
        sent = world(site).run(sender)
        took[most] = max(sender.done)
    latency = statistics.median(each.answered - each.started for each in sent)
    assert took[None] <= 1.2 * min(seconds for most, seconds in took.items() if most)
    assert latency <= 2 * (0.06 + 0.04)


def fixed(sender: Sender, most: int) -> Schedule:
    """So many at once from the start, whatever the site says."""
    endpoint = EndpointLimiter(cloud=False, method="POST", writes=True, now=0.0)
    endpoint._limit._limit, endpoint._limit.answered = float(most), lambda started, now: None  # type: ignore[method-assign]
    return Schedule(sender.requests, endpoint, IssueRateLimiter())


def test_a_data_center_that_gets_slower_gets_less_and_later_more_again() -> None:
    """From 20 s to 40 s other people keep it busy: each answer takes four times as long."""
    work = varying(0.06)
    site = Site(limits=False, seconds=lambda now: work(now) * (4 if 20 <= now < 40 else 1), workers=16)
    sender = Sender("we", spread_links(15_000), cloud=False)
    sent = world(site).run(sender, until=60)
    before, slow, after = (under_way(sent, moment) for moment in (19, 25, 55))
    assert 16 <= before <= 40 and slow <= before / 2 and after >= 0.7 * before


def test_a_cloud_that_gets_slower_gets_as_many_a_second() -> None:
    site = Site(limits=True, seconds=lambda now: 0.15 if now < 10 else 0.5)
    sender = Sender("we", spread_links(2400))
    sent = world(site).run(sender)
    assert under_way(sent, 9) <= 20 and under_way(sent, 20) >= 35
    assert max(sender.done) < 1.1 * 2400 / 80 and not refused(sent)


@pytest.mark.parametrize("cloud", [True, False])
def test_after_an_outage_it_goes_on_as_before(cloud: bool) -> None:
    """From 10 s to 20 s nothing is answered; then everything is that was asked."""
    work = varying(0.1)
    site = Site(limits=cloud, seconds=lambda now: work(now) + (20 - now if 10 <= now < 20 else 0))
    sender = Sender("we", spread_links(12_000), cloud=cloud)
    sent = world(site).run(sender, until=30)
    rate = [sum(start <= each < start + 5 for each in sender.done) for start in (5, 23)]
    assert rate[1] >= 0.8 * rate[0]
    assert refused(sent) <= 1


# --- other writers


def test_a_second_writer_gets_his_share() -> None:
    """He sends 60 a second, whatever the site says, of the 100 that it allows."""
    site = Site(limits=True, seconds=varying(0.2))
    sender, others = Sender("we", spread_links(2000)), list[float]()
    simulated = world(site)

    def other(now: float) -> None:
        if not site.ask(now, "POST", ())[1]:
            others.append(now)
        simulated.at(now + 1 / 60, other)

    simulated.at(0.0, other)
    sent = simulated.run(sender)
    seconds = max(sender.done)
    assert len(sender.done) == 2000
    assert seconds < 2000 / 20  # we get half of what is left, or more
    assert len(others) > 0.9 * 60 * seconds and refused(sent) < 0.05 * len(sent)


def test_a_429_halves_it_once_for_all_that_were_under_way() -> None:
    endpoint = EndpointLimiter(cloud=False, method="POST", writes=True, now=0.0)
    endpoint._limit._limit = 16.0
    for _each in range(16):
        endpoint.start(1.0)
    for _each in range(8):
        endpoint.refused(1.0, 1.2, 3.0)
        endpoint.end(1.0, 1.2, answered=False)
    assert int(endpoint._limit) == 8
    endpoint.end(1.0, 1.3)
    assert endpoint.ready_at == 3.0
    endpoint.start(3.0)
    endpoint.refused(3.0, 3.1, 4.0)
    assert int(endpoint._limit) == 4


@pytest.mark.parametrize("seed", range(3))
def test_four_processes_that_write_to_one_issue_all_succeed(seed: int) -> None:
    """Each writes 100 links to the same hub; the limits allow 400 writes in 98 s."""
    senders = [Sender(f"process {n}", hub_links(100, f"P{n}"), begins=n / 10) for n in range(4)]
    sent = world(Site(limits=True, seconds=varying(0.2)), seed=seed).run(*senders)
    assert [len(sender.done) for sender in senders] == [100] * 4
    assert max(max(sender.done) for sender in senders) < 1.3 * 98
    assert refused(sent) < 0.3 * 400


def test_an_issue_that_others_keep_full_is_given_up_in_the_end() -> None:
    site, sender = Site(limits=True, seconds=varying(0.2)), Sender("we", [*hub_links(1), *spread_links(3)], begins=9)
    simulated = world(site)

    def other(now: float) -> None:
        site.ask(now, "DELETE", ("HUB-1",))
        simulated.at(now + 0.02, other)

    simulated.at(0.0, other)
    simulated.at(0.0, other)
    simulated.run(sender)
    assert len(sender.done) == 3
    assert len(sender.given_up) == 1 and LONGEST_REFUSAL <= sender.given_up[0] - 9 < 1.5 * LONGEST_REFUSAL


def test_two_of_ours_share_what_there_is() -> None:
    """Each would take 80 of the 100 a second that there are."""
    senders = [Sender("one", spread_links(1500)), Sender("other", spread_links(1500), begins=3)]
    sent = world(Site(limits=True, seconds=varying(0.2))).run(*senders)
    assert [len(sender.done) for sender in senders] == [1500] * 2
    assert max(max(sender.done) for sender in senders) < 2 * 3000 / 100 and refused(sent) < 0.05 * len(sent)
