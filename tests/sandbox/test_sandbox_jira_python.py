# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira-python, a client that nobody here wrote, works with links on the sandbox."""

from __future__ import annotations

from typing import Any

import jira as jira_python
import pytest

from tests.sandbox.rest_jira import DEMO, RestJira


def client(sandbox: RestJira, **credentials: Any) -> jira_python.JIRA:
    options: dict[str, Any] = {"server": sandbox.url, "rest_api_version": "3" if sandbox.cloud else "2"}
    return jira_python.JIRA(options=options, get_server_info=True, max_retries=0, **credentials)


def links_of(api: jira_python.JIRA, key: str) -> list[Any]:
    links: list[Any] = api.issue(key, fields="issuelinks").fields.issuelinks
    return links


def test_create_read_delete(jira: RestJira) -> None:
    api = client(jira, basic_auth=DEMO)
    assert api.deploymentType == ("Cloud" if jira.cloud else "Server")
    api.create_issue_link("Blocks", "REL-1", "APP-7")
    (from_inward,), (from_outward,) = links_of(api, "REL-1"), links_of(api, "APP-7")
    assert (from_inward.outwardIssue.key, from_outward.inwardIssue.key) == ("APP-7", "REL-1")
    link = api.issue_link(from_inward.id)
    assert (link.inwardIssue.key, link.type.outward, link.outwardIssue.key) == ("REL-1", "blocks", "APP-7")
    api.delete_issue_link(from_inward.id)
    assert links_of(api, "REL-1") == []


def test_types_search_and_comments(jira: RestJira) -> None:
    api = client(jira, basic_auth=DEMO)
    assert [each.name for each in api.issue_link_types()] == ["Blocks", "Cloners", "Duplicate", "Relates"]
    assert api.issue_link_type("10000").outward == "blocks"
    search = api.enhanced_search_issues if jira.cloud else api.search_issues
    assert [issue.key for issue in search("project = REL order by key", maxResults=3)] == ["REL-1", "REL-2", "REL-3"]
    assert api.myself()["displayName"] == "Demo"
    comments = [comment.id for comment in api.comments("REL-1")]
    assert comments == []


def test_remote_links(jira: RestJira) -> None:
    api = client(jira, basic_auth=DEMO)
    api.add_simple_link("REL-1", {"url": "https://ci.example.com/1", "title": "Build 1"})
    (link,) = api.remote_links("REL-1")
    assert link.object.title == "Build 1"
    link.delete()
    assert api.remote_links("REL-1") == []


def test_a_personal_access_token(data_center: RestJira) -> None:
    assert client(data_center, token_auth="demo-pat").myself()["name"] == "demo"


def test_its_errors_carry_jiras_words(jira: RestJira) -> None:
    api = client(jira, basic_auth=DEMO)
    with pytest.raises(jira_python.JIRAError) as failure:
        api.create_issue_link("Blocks", "RO-1", "REL-1")
    assert (failure.value.status_code, failure.value.text) == (401, "No Link Issue Permission for issue 'RO-1'")
