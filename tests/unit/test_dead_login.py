# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that Jira no longer takes, however it says so: what it does not show then is never taken for none."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible_collections.linkops.jira.plugins.module_utils._client.connect import connect
from ansible_collections.linkops.jira.plugins.module_utils._client.headers import names_the_caller
from ansible_collections.linkops.jira.plugins.module_utils._module import perform
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_link_type,
    jira_issue_link_type_info,
    jira_issue_links,
    jira_remote_link,
    jira_remote_link_info,
    jira_remote_links,
)

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks, validated
from tests.unit.test_lookup import look_up

PUBLIC = {"link_type": "Blocks", "inward_issue": "PUB-1", "outward_issue": "PUB-2"}
OPEN = {"link_type": "Blocks", "inward_issue": "REL-1", "outward_issue": "APP-7"}
ABSENT = {"state": "absent"}
EXACT = {"state": "exact", "scope": {"issues": ["PUB-1"], "link_types": ["Blocks"]}}
NO_MATTER = {"fail_on_missing": False}
REMOTE = {"remote_url": "https://x.example.com", "title": "x"}
CONCLUSIONS: list[tuple[Any, dict[str, Any]]] = [
    # each would end in "there is nothing", or in a part of what there is
    (jira_issue_link_info, {"jql": "project = REL"}),
    (jira_issue_link_info, {"jql": "project = PUB"}),
    (jira_issue_link_info, {"jql": "project = PUB", "depth": -1}),
    (jira_issue_link_info, {"issues": ["PUB-1"]}),
    (jira_issue_link_info, {"issues": ["REL-1"], **NO_MATTER}),
    (jira_issue_link_info, {"link_id": "99999", **NO_MATTER}),
    (jira_issue_link, {**OPEN, **ABSENT}),
    (jira_issue_link, {**PUBLIC, **ABSENT}),
    (jira_issue_link, {"link_id": "99999", **ABSENT}),
    (jira_issue_links, {"links": [OPEN], **ABSENT}),
    (jira_issue_links, {"links": [PUBLIC], **ABSENT}),
    (jira_issue_links, {"links": [], **EXACT}),
    (jira_issue_link_type, {"name": "Nobody's", **ABSENT}),
    (jira_issue_link_type, {"name": "Blocks", **ABSENT}),
    (jira_issue_link_type_info, {"usage": True}),
    (jira_remote_link, {"issue": "REL-1", **REMOTE, **ABSENT}),
    (jira_remote_link, {"issue": "PUB-1", **REMOTE, **ABSENT}),
    (jira_remote_links, {"issue": "PUB-1", "links": [], "state": "exact", "scope": {"application": "CI"}}),
    (jira_remote_link_info, {"issues": ["PUB-1"]}),
    (jira_remote_link_info, {"issues": ["REL-1"], **NO_MATTER}),
]
IDS = [f"{module.__name__.rpartition('.')[2]}-{options}" for module, options in CONCLUSIONS]
WAYS_TO_DIE = ["header", "header_on_errors", "silent"]


def dead(site: LocalJira) -> dict[str, Any]:
    """The login of a token that has ended."""
    ended = {"username": "demo@example.com", "password": "expired-token"} if site.cloud else {"token": "expired-pat"}
    return {"url": site.url, **ended}


@pytest.fixture
def linked(site: LocalJira) -> LocalJira:
    """A site with links, of which anonymous callers see only some."""
    site.reset([("REL-1", "Blocks", "APP-7"), ("PUB-1", "Relates", "PUB-3"), ("PUB-1", "Blocks", "REL-2")])
    return site


@pytest.mark.parametrize("version", ["auto", "2"])
@pytest.mark.parametrize("way", WAYS_TO_DIE)
@pytest.mark.parametrize(("module", "options"), CONCLUSIONS, ids=IDS)
def test_nothing_is_concluded(
    module: Any, options: dict[str, Any], way: str, version: str, linked: LocalJira, task: Tasks
) -> None:
    linked.settings(dead_login=way)
    login = {**dead(linked), "api_version": version}
    for check in (True, False):
        result = task(module, check=check, **login, **options).result
        assert result["failed"] and not result["changed"], result
        assert "redentials" in result["msg"], result["msg"]
    assert linked.writes() == []


@pytest.mark.parametrize("way", WAYS_TO_DIE)
def test_a_lookup_concludes_nothing(way: str, linked: LocalJira) -> None:
    linked.settings(dead_login=way)
    with pytest.raises(AnsibleLookupError, match="credentials"):
        look_up("PUB-1", **dead(linked))


@pytest.mark.parametrize(("module", "options"), CONCLUSIONS, ids=IDS)
def test_who_asks_is_asked_for_once_and_only_if_no_answer_says_it(
    module: Any, options: dict[str, Any], linked: LocalJira, task: Tasks
) -> None:
    login = linked.login("admin")
    first = task(module, linked, check=True, **{**login, **options}).result
    assert "GET /myself" not in linked.requests()
    linked.settings(login_headers=False)
    second = task(module, linked, check=True, **{**login, **options}).result
    assert linked.requests().count("GET /myself") == 1
    assert {**first, "summary": None, "support_id": None} == {**second, "summary": None, "support_id": None}


def test_nobody_is_asked_where_nothing_is_concluded(site: LocalJira, task: Tasks) -> None:
    site.settings(login_headers=False)
    site.reset([("REL-1", "Blocks", "APP-7")])
    for link in (OPEN, {**OPEN, "outward_issue": "APP-8"}):
        assert not task(jira_issue_link, site, **link).result.get("failed")
    assert "GET /myself" not in site.requests()


def test_the_anonymous_have_no_login_to_prove(site: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link_info, url=site.url, jql="project = PUB").result
    assert not result.get("failed") and result["asked"] and "GET /myself" not in site.requests()


def test_the_anonymous_are_told_what_they_may_miss(site: LocalJira, task: Tasks) -> None:
    assert [
        "Nobody is logged in" in warning
        for warning in task(jira_issue_link_info, url=site.url, issues=["PUB-1"]).warnings
    ] == [True]


def test_a_login_that_dies_in_the_middle_of_a_run(site: LocalJira, task: Tasks) -> None:
    """An answer that names the caller does not vouch for a later one that names nobody."""
    site.reset([("REL-1", "Blocks", "APP-7")])
    nothing = {"issues": [], "total": 0, "isLast": True}
    for path, answer in (
        ("/(bulkfetch|search)$", {"status": 200, "body": nothing}),
        ("/issue/[^/]*$", {"status": 404}),
    ):
        site.fault("status", path=path, count=9, **answer)
    site.fault("status", path="/myself$", status=401, count=9)
    options = {"issue": "REL-1", "phrase": "blocks", "linked_issue": "APP-7", **ABSENT}
    for module, asked in ((jira_issue_link, options), (jira_issue_links, {"links": [OPEN], **ABSENT})):
        result = task(module, site, **asked).result
        assert result["failed"] and "credentials" in result["msg"], result


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410])
def test_a_token_that_may_not_ask_is_warned_of(status: int, site: LocalJira, task: Tasks) -> None:
    site.settings(login_headers=False)
    body = {"code": status, "message": "Unauthorized; scope does not match"}
    site.fault("status", path="/myself$", status=status, body=body)
    result, warnings = task(jira_issue_link_info, site, jql="project = REL")
    assert not result.get("failed") and len(result["asked"]) == 40
    (warning,) = warnings
    assert f"takes the credentials cannot be told: it answers {status} to GET" in warning


def test_each_run_asks_anew(site: LocalJira, task: Tasks) -> None:
    """A login can end between two items of a loop, which share what is known of the site."""
    site.settings(login_headers=False)
    params = validated(jira_issue_link_info, {**site.login(), "issues": ["REL-1"]})
    assert not isinstance(params, str)
    kept = connect(params)
    for _item in range(2):
        assert not perform(jira_issue_link_info.run, params, False, lambda params: kept).result.get("failed")
    assert site.requests().count("GET /myself") == 2


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({}, False),
        ({"X-AACCOUNTID": "5b10a2844c20165700ede21g"}, True),
        ({"X-AACCOUNTID": ""}, False),
        ({"X-AUSERNAME": "demo"}, True),
        ({"X-AUSERNAME": "anonymous"}, False),
        ({"X-AUSERNAME": "anonymous", "X-Seraph-LoginReason": "OK"}, False),
        ({"X-Seraph-LoginReason": "OK"}, True),
        ({"X-Seraph-LoginReason": "OUT, OK"}, True),
        ({"X-Seraph-LoginReason": "OUT"}, False),
        ({"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, False),
    ],
    ids=str,
)
def test_what_names_the_caller(headers: dict[str, str], named: bool) -> None:
    assert names_the_caller(headers) is named
