# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads that are under way together, and writes to an issue to which others write, too."""

from __future__ import annotations

import threading
from collections import Counter
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import RateLimited, ServerError
from ansible_collections.linkops.jira.plugins.module_utils._client.retry import FailedAttempt, Patience
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_links,
    jira_remote_links,
)

from tests.local_jira import LocalJira
from tests.unit.sets_tasks import CREATION, Sets, elements, star, statuses
from tests.unit.tasks import Tasks

MANY = 450
KEYS = [f"MANY-{number}" for number in range(1, MANY + 1)]
CHAIN = [(here, "Blocks", there) for here, there in pairwise(KEYS)]
READING = {"method": "POST", "path": "/(bulkfetch|search)$"}
ONE_ISSUE = {**CREATION, "reason": "jira-per-issue-on-write"}
SHARED = "somebody else writes to it, too"


def many(site: LocalJira) -> None:
    """A chain of issues, which takes five requests to read."""
    site.reset(CHAIN, projects=[{"key": "MANY", "count": MANY}])


# --- reading


@pytest.mark.parametrize("slow", [0, 1, 4])
def test_what_is_read_does_not_depend_on_which_answer_comes_first(site: LocalJira, task: Tasks, slow: int) -> None:
    many(site)
    plain = task(jira_issue_link_info, site, issues=KEYS).result
    many(site)
    for _answer in range(slow):
        site.fault("slow", **READING, seconds=0)
    site.fault("slow", **READING, seconds=0.3)
    assert task(jira_issue_link_info, site, issues=KEYS).result == plain
    assert len(plain["links"]) == MANY - 1 and list(plain["asked"]) == KEYS


@pytest.fixture
def under_way(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many requests there are under way now, and the most that there were."""
    counted, lock, send = Counter[str](), threading.Lock(), requests.Session.send

    def counting(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        with lock:
            counted["now"] += 1
            counted["most"] = max(counted["most"], counted["now"])
        try:
            return send(session, request, **options)
        finally:
            with lock:
                counted["now"] -= 1

    monkeypatch.setattr(requests.Session, "send", counting)
    return counted


@pytest.mark.parametrize(("concurrency", "most"), [(1, 1), (3, 3), (None, 4)])
def test_reads_overlap(
    site: LocalJira, sets: Sets, under_way: Counter[str], concurrency: int | None, most: int
) -> None:
    many(site)
    site.settings(delays={"read": 0.2})
    result = sets(site, elements(CHAIN), concurrency=concurrency)
    assert statuses(result) == {"present": MANY - 1}
    assert under_way["most"] == most if concurrency else under_way["most"] >= most


@pytest.mark.parametrize("place", [0, 2, 4])
def test_one_read_that_fails_fails_the_task(site: LocalJira, task: Tasks, place: int) -> None:
    many(site)
    for _answer in range(place):
        site.fault("slow", **READING, seconds=0)
    site.fault("status", **READING, status=400, body={"errorMessages": ["Not these."]}, count=1)
    result = task(jira_issue_link_info, site, issues=KEYS, retries=0).result
    if site.cloud:
        assert result["failed"] and "Not these." in result["msg"] and "links" not in result
    else:  # there one key can fail a whole search, so each issue is asked for alone
        assert len(result["links"]) == MANY - 1


@pytest.mark.parametrize("reason", ["jira-burst-based", "jira-per-issue-on-write"])
def test_a_429_of_one_read_is_waited_for(site: LocalJira, task: Tasks, reason: str) -> None:
    many(site)
    site.fault("rate_limit", **READING, reason=reason, retry_after=7, count=2)
    assert len(task(jira_issue_link_info, site, issues=KEYS).result["links"]) == MANY - 1
    assert [seconds for _attempt, seconds in task.pauses] == [7.0] * 2


def test_every_read_counts_and_issues_without_bulk_reading_are_read_too(cloud: LocalJira, task: Tasks) -> None:
    """Some gateways do not let bulk reads through."""
    many(cloud)
    cloud.fault("status", **READING, status=404, count=9)
    result = task(jira_issue_link_info, cloud, issues=[*KEYS[:150], "MANY-999"], fail_on_missing=False).result
    assert len(result["links"]) == 150 and result["missing"] == ["MANY-999"]
    assert cloud.requests().count("GET /issue/MANY-7") == 1


def test_nobody_takes_what_a_dead_login_does_not_see_for_nothing(cloud: LocalJira, task: Tasks) -> None:
    many(cloud)
    cloud.settings(dead_login="silent", login_headers=False)
    dead = {"username": "demo@example.com", "password": "expired-token"}
    result = task(jira_issue_link_info, cloud, issues=KEYS, fail_on_missing=False, **dead).result
    assert result["failed"] and result["status"] == 401


def test_the_connections_of_threads_end_with_the_run(site: LocalJira, sets: Sets) -> None:
    many(site)
    before = len(list(Path("/dev/fd").iterdir()))
    sets(site, [*elements(CHAIN), *elements([("MANY-1", "Relates", key) for key in KEYS[1:20]])])
    assert len(list(Path("/dev/fd").iterdir())) <= before + 1


# --- other writers


@pytest.mark.parametrize("concurrency", [1, None])
def test_a_429_for_one_issue_uses_up_no_retries(cloud: LocalJira, sets: Sets, concurrency: int | None) -> None:
    cloud.fault("rate_limit", **ONE_ISSUE, count=3)
    result, warnings = sets.outcome(cloud, elements(star(6)), retries=0, concurrency=concurrency)
    assert statuses(result) == {"created": 6} and len(sets.pauses) == 3
    assert [SHARED in warning and "REL-1" in warning for warning in warnings] == [True]


def test_nor_does_it_where_a_task_makes_one_link(cloud: LocalJira, task: Tasks) -> None:
    cloud.fault("rate_limit", **ONE_ISSUE, count=6)
    link = {"link_type": "Blocks", "inward_issue": "REL-1", "outward_issue": "APP-7"}
    assert task(jira_issue_link, cloud, **link, retries=0).result["changed"] and len(task.pauses) == 6


def test_one_link_is_given_up_after_two_minutes(cloud: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock goes on by ten seconds at each look."""
    clock = count(1000, 10)
    monkeypatch.setattr(
        "ansible_collections.linkops.jira.plugins.module_utils._client.http_client.time.monotonic",
        lambda: float(next(clock)),
    )
    cloud.fault("rate_limit", **ONE_ISSUE, count=99)
    link = {"link_type": "Blocks", "inward_issue": "REL-1", "outward_issue": "APP-7"}
    result = task(jira_issue_link, cloud, **link).result
    assert result["status"] == 429 and "somebody else keeps writing to it" in result["msg"]
    assert 3 <= cloud.requests().count("POST /issueLink") <= 12


def test_nor_with_remote_links(cloud: LocalJira, task: Tasks) -> None:
    cloud.fault("rate_limit", method="POST", path="/remotelink$", reason="jira-per-issue-on-write", count=3)
    links = [{"remote_url": f"https://ci.example.com/{number}", "title": "x"} for number in range(3)]
    assert task(jira_remote_links, cloud, issue="REL-1", links=links, retries=0).result["changed"]


def test_a_429_for_the_rate_uses_them_up(cloud: LocalJira, task: Tasks) -> None:
    cloud.fault("rate_limit", **CREATION, reason="jira-burst-based")
    assert task(jira_issue_links, cloud, links=elements(star(2)), retries=0).result["status"] == 429


def test_patience_ends_after_two_minutes_without_a_write() -> None:
    refused = RateLimited("Too many writes to one issue.")
    refused.one_issue = True
    here, rate = FailedAttempt(refused, ambiguous=False), FailedAttempt(ServerError("Busy."), ambiguous=False)
    patience = Patience(retries=1)
    assert all(patience.lasts(here, float(now)) for now in range(1000, 1120))
    assert patience.lasts(rate, 1120.0) and not patience.lasts(here, 1120.0) and not patience.lasts(rate, 1120.0)
