# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that cannot be read, or say too much; gateways and tokens that let only some requests through."""

from __future__ import annotations

import pytest
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_link_type,
    jira_issue_links,
)

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
CREATION = {"method": "POST", "path": "/issueLink$"}


# --- answers that cannot be read, or say too much


@pytest.mark.fact("not safe: POST issueLink with a comment")
@pytest.mark.parametrize("options", [{}, {"comment": "Because."}], ids=str)
def test_a_success_that_cannot_be_read_is_looked_after(site: LocalJira, task: Tasks, options: dict[str, str]) -> None:
    site.fault("error_after", **CREATION, status=201, body="{not json", content_type="json")
    result, warnings = task(jira_issue_link, site, **REST, **options)
    assert result["changed"] and result["link"]["sentence"] == "APP-7 blocks REL-1" and not result.get("failed")
    assert site.writes() == ["POST /issueLink"] and bool(warnings) == bool(options)


def test_a_page_for_an_answer_makes_no_link(site: LocalJira, task: Tasks) -> None:
    site.fault("status", **CREATION, status=200, body="<title>Log in</title>", content_type="html")
    result = task(jira_issue_link, site, **REST).result
    assert (
        result["failed"] and not result["changed"] and "Log in" in result["msg"] and "Check that url" in result["msg"]
    )
    assert task.pauses == []


@pytest.mark.parametrize("status", [400, 500, 200])
def test_credentials_that_come_back_are_not_shown(site: LocalJira, task: Tasks, status: int) -> None:
    (header,) = {sent.authorization for sent in (task(jira_issue_link, site, **REST), task.sent)[1]}
    site.fault(
        "status", path="/issue|/search", status=status, body=f"You sent {header}.", content_type="plain", count=9
    )
    result = task(jira_issue_link, site, **REST).result
    assert "You sent" in result["msg"] and str(header).split()[1] not in str(result)


@pytest.mark.fact("no Link Issues permission")
@pytest.mark.fact("one 401, two causes; one 404, five")
@pytest.mark.parametrize("words", ["No Link Issue Permission for issue 'APP-7'", "Keine Berechtigung für APP-7"])
def test_a_401_about_a_permission_that_jira_said_was_there(site: LocalJira, task: Tasks, words: str) -> None:
    site.fault("status", **CREATION, status=401, body={"errorMessages": [words]})
    links = [{"issue": "REL-1", "phrase": "is blocked by", "linked_issue": key} for key in ("APP-7", "APP-8")]
    result = task(jira_issue_links, site, links=links, on_error="continue", concurrency=1).result
    assert words in result["msg"] and "credentials" not in result["msg"]
    assert [entry["status"] for entry in result["links"]] == ["failed", "created"]


@pytest.mark.fact("not safe: POST issueLink with a comment")
def test_a_refused_comment_and_a_look_that_fails(site: LocalJira, task: Tasks) -> None:
    site.fault("error_after", **CREATION, status=400, body={"errorMessages": ["Group: x does not exist."]})
    site.fault("status", method="GET", path="/issue/", status=503, count=9)
    result = task(jira_issue_link, site, **REST, comment="x").result
    assert result["status"] == 400 and "Group: x does not exist." in result["msg"] and "not known" in result["msg"]


@pytest.mark.fact("not safe: POST issueLink with a comment")
def test_a_removal_that_was_done_but_never_answered(site: LocalJira, task: Tasks) -> None:
    site.reset([("APP-7", "Blocks", "REL-1")])
    site.fault("error_after", method="DELETE", status=502)
    site.fault("status", method="DELETE", status=502, count=9)
    result = task(jira_issue_link, site, **REST, state="absent").result
    assert result["changed"] and not result.get("failed") and site.links() == []


# --- gateways and tokens that let only some requests through


@pytest.mark.parametrize("check", [True, False])
def test_without_bulkfetch_issues_are_read_one_by_one(cloud: LocalJira, task: Tasks, check: bool) -> None:
    cloud.fault("status", method="POST", path="/issue/bulkfetch", status=404, count=9)
    assert task(jira_issue_link, cloud, check, **REST).result["link"]["sentence"] == "APP-7 blocks REL-1"
    refused = task(jira_issue_link, cloud, check, **{**REST, "outward_issue": "REL-999"}).result
    assert refused["failed"] and "REL-999" in refused["msg"]
    cloud.reset([("APP-7", "Blocks", "REL-1")])
    cloud.fault("status", method="POST", path="/issue/bulkfetch", status=404, count=9)
    read = task(jira_issue_link_info, cloud, issues=["REL-1", "REL-999"], fail_on_missing=False).result
    assert [link["sentence"] for link in read["links"]] == ["APP-7 blocks REL-1"] and read["missing"] == ["REL-999"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_without_search_issues_are_read_one_by_one(data_center: LocalJira, task: Tasks, state: str) -> None:
    data_center.fault("status", method="POST", path="/search$", status=404, count=9)
    assert not task(jira_issue_link, data_center, **REST, state=state).result.get("failed")


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize("check", [True, False])
def test_a_token_that_may_not_ask_for_permissions(site: LocalJira, task: Tasks, check: bool, status: int) -> None:
    links = [{"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}]
    body = {"message": "Unauthorized; scope does not match"}
    site.fault("status", path="/mypermissions", status=status, body=body, count=9)
    result, warnings = task(jira_issue_links, site, check, links=links)
    assert result["changed"] and not result.get("failed")
    (warning,) = warnings
    assert "Whether this account may link APP-7 cannot be told" in warning and f"answers {status} to GET" in warning


def test_a_permission_that_is_missing_where_nobody_may_ask_for_it(site: LocalJira, task: Tasks) -> None:
    site.fault("status", path="/mypermissions", status=403, count=9)
    refusal = {"errorMessages": ["No Link Issue Permission for issue 'APP-7'"]}
    site.fault("status", method="POST", path="/issueLink$", status=401, body=refusal)
    result = task(jira_issue_link, site, **REST).result
    assert result["failed"] and "lacks a permission" in result["msg"] and "Check the credentials" not in result["msg"]


@pytest.mark.parametrize("check", [True, False])
def test_an_administrators_token_that_may_not_ask(site: LocalJira, task: Tasks, check: bool) -> None:
    site.fault("status", path="/mypermissions", status=404, count=9)
    words = {"name": "Causes", "inward": "is caused by", "outward": "causes"}
    result, warnings = task(jira_issue_link_type, site, check, **{**site.login("admin"), **words})
    assert result["changed"] and len(warnings) == int(check)
