# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets, Jira's limits and everybody's network: what is waited for, what is sent again, and what never is."""

from __future__ import annotations

import pytest
from ansible_collections.linkops.jira.plugins.modules import jira_issue_links

from tests.local_jira import LocalJira, is_read
from tests.unit.sets_tasks import (
    CREATION,
    Sets,
    elements,
    mended,
    pairs,
    star,
    statuses,
)
from tests.unit.tasks import Tasks

# --- too fast


@pytest.mark.parametrize("reason", ["jira-per-issue-on-write", "jira-burst-based"])
@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_429_is_waited_for(cloud: LocalJira, sets: Sets, reason: str, concurrency: int) -> None:
    cloud.fault("rate_limit", **CREATION, reason=reason, retry_after=7, count=3)
    result = sets(cloud, elements(star(12), comment="Why."), concurrency=concurrency)
    assert not result.get("failed") and statuses(result) == {"created": 12} and len(cloud.comments()) == 12
    assert [seconds for _attempt, seconds in sets.pauses] == [7.0] * 3


def test_the_429_of_data_center_is_a_page(data_center: LocalJira, sets: Sets) -> None:
    data_center.fault("rate_limit", **CREATION, retry_after=5, count=2)
    result = sets(data_center, elements(pairs(6), comment="Why."))
    assert statuses(result) == {"created": 6} and [seconds for _other, seconds in sets.pauses] == [5.0] * 2


def test_a_429_of_a_removal(site: LocalJira, sets: Sets) -> None:
    site.reset(pairs(4))
    site.fault("rate_limit", method="DELETE", count=2, retry_after=3)
    assert statuses(sets(site, elements(pairs(4)), state="absent")) == {"removed": 4}


def test_a_429_that_never_ends(site: LocalJira, sets: Sets) -> None:
    site.fault("rate_limit", **CREATION, reason="jira-burst-based", count=99)
    result = sets(site, elements(pairs(3)), concurrency=1)
    assert statuses(result) == {"failed": 1, "not_tried": 2} and result["status"] == 429
    assert len(site.writes()) == 5


def test_nobody_waits_for_an_hour(site: LocalJira, sets: Sets) -> None:
    site.fault("rate_limit", **CREATION, reason="jira-burst-based", retry_after=3600)
    result = sets(site, elements(pairs(3)), concurrency=1)
    assert result["failed"] and "3600" in result["msg"] and sets.pauses == []


def test_a_429_for_one_issue_slows_that_issue_alone(
    cloud: LocalJira, sets: Sets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ansible_collections.linkops.jira.plugins.module_utils._client.retry.backoff", lambda *about: 1.0
    )
    hub, others = star(6), [(f"OPS-{n}", "Blocks", f"OPS-{n + 10}") for n in range(1, 9)]
    cloud.fault("rate_limit", **CREATION, reason="jira-per-issue-on-write")
    result = sets(cloud, elements([*hub, *others]), concurrency=1)
    assert statuses(result) == {"created": 14}
    made = [link[0] for link in cloud.links()]
    assert made == [f"OPS-{n}" for n in range(1, 9)] + ["REL-1"] * 6


@pytest.mark.fact("writes to one issue")
def test_a_hub_keeps_below_the_limits_of_cloud(cloud: LocalJira, sets: Sets) -> None:
    """60 links are three times what may be written to one issue within two seconds."""
    cloud.settings(limits=True)
    result = sets(cloud, elements(star(60), comment="Why."), concurrency=8)
    assert statuses(result) == {"created": 60} and len(cloud.comments()) == 60
    assert not [each for each in cloud.control("GET", "requests") if each["status"] == 429]
    assert sets.pauses == [] and 3.9 <= result["summary"]["seconds"] < 12
    assert 3 < result["summary"]["seconds_waited"] <= result["summary"]["seconds"]


# --- broken connections

BROKEN = ["status", "break_after", "disconnect_mid_body"]  # the first answers 503: Jira did not begin


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("concurrency", [1, 8])
def test_no_comment_comes_twice_over_broken_connections(
    site: LocalJira, sets: Sets, kind: str, concurrency: int
) -> None:
    site.fault(kind, **CREATION, count=4)
    links = elements(pairs(20), comment="Why.")
    result, warnings = sets.outcome(site, links, concurrency=concurrency)
    assert statuses(result) == {"created": 20}
    assert (len(site.links()), len(site.comments())) == (20, 20)
    assert all("comment" in warning for warning in warnings) and bool(warnings) == (kind != "status")


@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_set_over_broken_connections_is_completed_by_the_next_runs(
    site: LocalJira, sets: Sets, concurrency: int
) -> None:
    """Where reading back shows no link, nobody knows whether one comes yet, so the run stops."""
    site.fault("break_before", **CREATION)
    site.fault("break_after", **CREATION)
    links = elements(pairs(20), comment="Why.")
    result = sets(site, links, concurrency=concurrency)
    assert statuses(result)["failed"] and "It may have been done all the same" in result["msg"]
    mended(site, sets, links)
    assert (len(site.links()), len(site.comments())) == (20, 20)


@pytest.mark.parametrize("reason", ["jira-per-issue-on-write", "jira-burst-based"])
def test_a_429_of_the_look_afterwards_sends_no_comment_twice(site: LocalJira, sets: Sets, reason: str) -> None:
    site.fault("break_after", **CREATION)
    site.fault("rate_limit", method="GET", path="/issue/", reason=reason, count=2)
    links = elements(pairs(3), comment="Why.")
    sets(site, links, concurrency=1)
    mended(site, sets, links)
    assert (len(site.links()), len(site.comments())) == (3, 3)


def test_without_retries_what_was_done_is_told(site: LocalJira, sets: Sets) -> None:
    site.fault("break_after", **CREATION)
    result = sets(site, elements(pairs(3), comment="Why."), retries=0, concurrency=1)
    assert statuses(result) == {"created": 3} and len(site.comments()) == 3


def test_a_look_that_fails_leaves_the_rest_to_the_next_run(site: LocalJira, task: Tasks, sets: Sets) -> None:
    site.fault("break_after", **CREATION)
    site.fault("status", method="GET", path="/issue/", status=503, count=5)
    links = elements(pairs(3), comment="Why.")
    assert task(jira_issue_links, site, links=links).result["failed"]
    mended(site, sets, links)
    assert (len(site.links()), len(site.comments())) == (3, 3)


@pytest.mark.parametrize("fault", ["error_after", "status"])
@pytest.mark.parametrize("concurrency", [1, 4])
def test_too_many_requests_after_an_unclear_answer(site: LocalJira, sets: Sets, fault: str, concurrency: int) -> None:
    """The 429 says nothing of the attempt before it, and yet the link is only waited for."""
    for count in (1, 2, 3):
        site.reset()
        site.fault(fault, **CREATION, status=502, count=1)
        site.fault("rate_limit", **CREATION, count=count)
        result = sets(site, elements(pairs(7)), concurrency=concurrency)
        assert statuses(result) == {"created": 7} and len(site.links()) == 7


@pytest.mark.parametrize("concurrency", [1, 4])
def test_every_request_counts(site: LocalJira, sets: Sets, concurrency: int) -> None:
    site.fault("status", **CREATION, status=503, count=3)
    site.fault("rate_limit", **CREATION, count=2)
    result = sets(site, elements(pairs(10)), concurrency=concurrency)
    assert result["summary"]["requests"] == len(site.requests())
    assert len([each for each in site.requests() if not is_read(each)]) == 15
    assert 0 <= result["summary"]["seconds_waited"] <= result["summary"]["seconds"]
