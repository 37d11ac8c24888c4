# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jira's limits and everybody's network: what is sent again, when, and what never is."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client import retry
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link, jira_issue_link_info

from tests.local_jira import LocalJira, is_read
from tests.unit.tasks import Tasks

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
BLOCKS = ("APP-7", "Blocks", "REL-1")
CREATION = {"method": "POST", "path": "/issueLink$"}
COMMENT = {"comment": "Because."}
PASSING = ["jira-per-issue-on-write", "jira-burst-based"]
QUOTAS = ["jira-quota-global-based", "jira-quota-tenant-based"]


def creations(site: LocalJira) -> list[str]:
    """From the first attempt on: what was sent, without what only reads the version."""
    sent = [each for each in site.requests() if not each.endswith("/serverInfo")]
    return sent[sent.index("POST /issueLink") :]


# --- 429


@pytest.mark.fact("writes to one issue", "20 in 2 s, 100 in 30 s; jira-per-issue-on-write: wait")
@pytest.mark.fact("burst", "jira-burst-based: wait Retry-After")
@pytest.mark.parametrize("reason", PASSING)
@pytest.mark.parametrize("fault", [CREATION, {"path": "/bulkfetch$"}], ids=["creation", "reading"])
def test_a_limit_that_passes_is_waited_for(cloud: LocalJira, task: Tasks, reason: str, fault: dict[str, str]) -> None:
    cloud.fault("rate_limit", **fault, reason=reason, retry_after=7, count=2)
    assert task(jira_issue_link, cloud, **REST, **COMMENT).result["changed"]
    assert task.pauses == [(0, 7.0), (1, 7.0)]
    assert (cloud.links(), cloud.comments()) == ([BLOCKS], ["Because."])


@pytest.mark.fact("a 429 was refused before any work", "so it may always be repeated")
def test_a_429_is_repeated_without_reading_back(site: LocalJira, task: Tasks) -> None:
    """It was refused before any work, so even a comment may be sent again."""
    site.fault("rate_limit", **CREATION)
    task(jira_issue_link, site, **REST, **COMMENT)
    assert creations(site)[:2] == ["POST /issueLink", "POST /issueLink"]


@pytest.mark.fact("hourly points", "jira-quota-*: fail at once with X-RateLimit-Reset")
@pytest.mark.parametrize("reason", QUOTAS)
def test_a_quota_fails_at_once_with_the_time_it_ends(cloud: LocalJira, task: Tasks, reason: str) -> None:
    cloud.fault("rate_limit", **CREATION, reason=reason, retry_after=5, reset="2026-11-24T17:00Z")
    result = task(jira_issue_link, cloud, **REST).result
    assert result["status"] == 429 and "2026-11-24T17:00Z" in result["msg"] and reason in result["msg"]
    assert (creations(cloud), task.pauses) == (["POST /issueLink"], [])


@pytest.mark.fact("body: 429", "Data Center's own 429 is a page")
def test_the_page_that_data_center_answers(data_center: LocalJira, task: Tasks) -> None:
    data_center.fault("rate_limit", **CREATION, retry_after=3)
    assert task(jira_issue_link, data_center, **REST).result["changed"]
    assert task.pauses == [(0, 3.0)]
    data_center.reset()
    data_center.fault("rate_limit", **CREATION, count=9)
    result = task(jira_issue_link, data_center, **REST).result
    assert result["status"] == 429 and "Rate limit exceeded" in result["msg"] and "<" not in result["msg"]


@pytest.mark.fact("Data Center sends Retry-After: 0 on ordinary answers", "the status says throttled, never the header")
def test_data_centers_headers_on_ordinary_answers_mean_nothing(data_center: LocalJira, task: Tasks) -> None:
    """``Retry-After: 0`` and ``X-RateLimit-Limit: -1`` come with every 200 and 404."""
    task(jira_issue_link, data_center, **REST)
    task(jira_issue_link, data_center, **{**REST, "inward_issue": "REL-999"})
    assert task.pauses == []


@pytest.mark.fact("else 2 s doubling to 30 s")
@pytest.mark.parametrize("retries", [0, 1, None])
def test_the_number_of_attempts(site: LocalJira, task: Tasks, retries: int | None) -> None:
    attempts = 1 + (4 if retries is None else retries)
    site.fault("rate_limit", **CREATION, reason="jira-burst-based", count=9)
    result = task(jira_issue_link, site, **REST, retries=retries).result
    assert result["failed"] and result["status"] == 429 and not result["changed"]
    assert len(creations(site)) == attempts and len(task.pauses) == attempts - 1


@pytest.mark.fact("Retry-After is a minimum in whole seconds")
def test_nobody_waits_for_an_hour(site: LocalJira, task: Tasks) -> None:
    site.fault("rate_limit", **CREATION, retry_after=3600)
    result = task(jira_issue_link, site, **REST).result
    assert result["failed"] and "3600" in result["msg"]
    assert task.pauses == []


@pytest.mark.fact("Retry-After is a minimum in whole seconds")
@pytest.mark.parametrize("text", ["soon", "-5", "1.5e3", "Wed, 21 Oct 2026 07:28:00 GMT", ""])
def test_a_retry_after_that_is_no_number_of_seconds(site: LocalJira, task: Tasks, text: str) -> None:
    site.fault("status", **CREATION, status=429, headers={"Retry-After": text})
    assert task(jira_issue_link, site, **REST).result["changed"]
    assert task.pauses == [(0, 0.0)]


@pytest.mark.fact("Retry-After is a minimum in whole seconds")
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_some_5xx_say_how_long_to_wait(site: LocalJira, task: Tasks, status: int) -> None:
    site.fault("status", **CREATION, status=status, headers={"Retry-After": "4"}, body="<h1>Busy</h1>")
    assert task(jira_issue_link, site, **REST).result["changed"]
    assert task.pauses == [(0, 4.0)]


# --- how long


@pytest.mark.fact("else 2 s doubling to 30 s", "jitter x0.7 to 1.3; four retries")
@pytest.mark.parametrize(("attempt", "seconds"), [(0, 2), (1, 4), (2, 8), (3, 16), (4, 30), (9, 30)])
def test_pauses_double_up_to_half_a_minute_and_are_spread(attempt: int, seconds: float) -> None:
    pauses = [retry.backoff(attempt) for _other in range(200)]
    assert 0.7 * seconds <= min(pauses) < 0.8 * seconds
    assert 1.2 * seconds < max(pauses) <= 1.3 * seconds


@pytest.mark.fact("Retry-After is a minimum in whole seconds", "and some 5xx carry it, too")
@pytest.mark.parametrize("retry_after", [1.0, 2.0, 60.0])
def test_what_jira_asks_for_is_a_minimum(retry_after: float) -> None:
    pauses = [retry.backoff(0, retry_after) for _other in range(200)]
    assert min(pauses) >= retry_after and len(set(pauses)) > 1


@pytest.mark.fact("else 2 s doubling to 30 s")
def test_between_two_attempts_the_pause_is_slept(site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "backoff", lambda attempt, retry_after=0.0: 0.3)
    site.fault("rate_limit", **CREATION)
    started = time.monotonic()
    task(jira_issue_link, site, **REST)
    assert time.monotonic() - started >= 0.3


# --- what breaks

BEFORE: list[tuple[str, dict[str, Any]]] = [("status", {"status": 503}), ("break_before", {})]
AFTER: list[tuple[str, dict[str, Any]]] = [
    ("error_after", {"status": 504}),
    ("break_after", {}),
    ("disconnect_mid_body", {}),
]


@pytest.mark.fact("safe to repeat: GET", "after a 5xx, a timeout, a broken connection")
@pytest.mark.parametrize(("kind", "options"), [*BEFORE, *AFTER, ("slow", {"seconds": 0.6})], ids=str)
def test_reading_is_always_repeated(site: LocalJira, task: Tasks, kind: str, options: dict[str, Any]) -> None:
    site.reset([BLOCKS])
    site.fault(kind, path="/(bulkfetch|search)$", **options)
    result = task(jira_issue_link_info, site, issues=["REL-1"], timeout=0.3).result
    assert len(result["links"]) == 1 and task.pauses


@pytest.mark.fact("safe to repeat: POST issueLink without a comment", "a duplicate stores nothing")
@pytest.mark.parametrize(("kind", "options"), [*BEFORE, *AFTER], ids=str)
def test_a_creation_without_a_comment_is_repeated(
    site: LocalJira, task: Tasks, kind: str, options: dict[str, Any]
) -> None:
    site.fault(kind, **CREATION, **options)
    result = task(jira_issue_link, site, **REST).result
    assert result["changed"] and not result.get("failed")
    assert result["link"]["id"] == site.state()["links"][0]["id"] and site.links() == [BLOCKS]


@pytest.mark.fact("not safe: POST issueLink with a comment", "read first, then decide")
def test_a_creation_with_a_comment_that_was_not_done_is_repeated_after_a_look(site: LocalJira, task: Tasks) -> None:
    """A 503 says that Jira did not begin. What may be at work still is in test_in_doubt.py."""
    site.fault("status", **CREATION, status=503)
    result, warnings = task(jira_issue_link, site, **REST, **COMMENT)
    assert result["changed"] and not warnings
    assert (site.links(), site.comments()) == ([BLOCKS], ["Because."])
    first, look, second, *_other = creations(site)
    assert first == second == "POST /issueLink" and is_read(look)


@pytest.mark.fact("not safe: POST issueLink with a comment")
@pytest.mark.parametrize(("kind", "options"), AFTER, ids=str)
def test_a_creation_with_a_comment_that_was_done_is_not_repeated(
    site: LocalJira, task: Tasks, kind: str, options: dict[str, Any]
) -> None:
    site.fault(kind, **CREATION, **options)
    result, warnings = task(jira_issue_link, site, **REST, **COMMENT)
    assert result["changed"] and not result.get("failed")
    assert result["link"]["id"] == site.state()["links"][0]["id"]
    assert (site.links(), site.comments()) == ([BLOCKS], ["Because."])
    assert creations(site).count("POST /issueLink") == 1
    assert len(warnings) == 1 and "comment" in warnings[0]


@pytest.mark.fact("not safe: POST issueLink with a comment")
def test_a_creation_with_a_comment_is_not_repeated_without_retries(site: LocalJira, task: Tasks) -> None:
    site.fault("break_after", **CREATION)
    result = task(jira_issue_link, site, **REST, **COMMENT, retries=0).result
    assert result["changed"] and not result.get("failed")


@pytest.mark.fact("not safe: POST issueLink with a comment")
def test_a_slow_creation_with_a_comment_is_given_time_before_the_look(
    site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jira is still at work when the time is up. A look at once would find nothing, and the comment come twice."""
    monkeypatch.setattr(retry, "backoff", lambda attempt, retry_after=0.0: 2.0)
    site.fault("slow", **CREATION, seconds=0.7)
    result = task(jira_issue_link, site, **REST, **COMMENT, timeout=0.3).result
    assert result["changed"] and site.comments() == ["Because."]


@pytest.mark.fact("not safe: POST issueLink with a comment")
def test_a_look_that_fails_sends_nothing_again(site: LocalJira, task: Tasks) -> None:
    site.fault("break_after", **CREATION)
    site.fault("status", method="GET", path="/issue/", status=503, count=9)
    result = task(jira_issue_link, site, **REST, **COMMENT).result
    assert result["failed"] and site.comments() == ["Because."]
    assert result["method"] == "POST" and "Whether it was done all the same is not known" in result["msg"]


@pytest.mark.fact("safe to repeat: DELETE issueLink", "a 404 the second time = done")
@pytest.mark.parametrize(("kind", "options"), [*BEFORE, *AFTER[:2]], ids=str)
def test_a_removal_is_repeated_and_gone_is_done(
    site: LocalJira, task: Tasks, kind: str, options: dict[str, Any]
) -> None:
    site.reset([BLOCKS])
    site.fault(kind, method="DELETE", **options)
    result = task(jira_issue_link, site, **REST, state="absent").result
    assert result["changed"] and not result.get("failed") and site.links() == []
    assert site.writes() == ["DELETE /issueLink/10000"] * 2


@pytest.mark.fact("safe to repeat: POST issueLink without a comment")
@pytest.mark.parametrize("options", [{}, COMMENT], ids=str)
def test_what_was_done_is_told_though_no_answer_ever_came(
    site: LocalJira, task: Tasks, options: dict[str, str]
) -> None:
    site.fault("error_after", **CREATION, status=503, count=9)
    result = task(jira_issue_link, site, **REST, **options).result
    assert site.links() == [BLOCKS] and result["changed"]


def test_a_jira_that_stays_broken(site: LocalJira, task: Tasks) -> None:
    site.fault("status", **CREATION, status=503, count=9, body="<title>Maintenance</title>")
    result = task(jira_issue_link, site, **REST, **COMMENT).result
    assert (result["failed"], result["changed"], result["status"]) == (True, False, 503)
    assert "Maintenance" in result["msg"] and "later" in result["msg"]
    assert creations(site).count("POST /issueLink") == 5


def test_time_runs_out(site: LocalJira, task: Tasks) -> None:
    site.fault("slow", path="/serverInfo", seconds=0.5, count=2)
    result = task(jira_issue_link, site, **REST, timeout=0.2, retries=1).result
    assert result["failed"] and "0.2 seconds" in result["msg"] and "127.0.0.1" in result["msg"]
    assert (result["status"], result["method"]) == (None, "GET")


def test_nobody_listens(site: LocalJira, task: Tasks) -> None:
    """That is a wrong url rather than a fault that passes, so nobody has to wait for the retries."""
    result = task(jira_issue_link, site, url="http://127.0.0.1:1", **REST).result
    assert result["failed"] and "127.0.0.1:1 did not answer" in result["msg"] and "Check url" in result["msg"]
    assert task.pauses == []
