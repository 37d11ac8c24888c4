# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What could cost links or a wrong decision, through real playbooks: inside the controller and as a module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.harness import Ansible, Run
from tests.local_jira import LocalJira

READING = "/(bulkfetch|search)$"


@pytest.fixture
def play(site: LocalJira, way: str, ansible_at: Callable[[LocalJira], Ansible]) -> Callable[..., Run]:
    """Run tasks on the site, each of them to its end even if one fails."""

    def run(tasks: str, **environment: str | None) -> Run:
        return ansible_at(site).playbook(tasks, LINKOPS_JIRA_IN_PROCESS=way, **environment)

    return run


def test_dead_credentials_do_not_look_like_an_empty_site(site: LocalJira, play: Callable[..., Run]) -> None:
    site.reset([("REL-1", "Blocks", "APP-7"), ("PUB-1", "Blocks", "REL-2")])
    site.settings(dead_login="silent")
    dead = {"JIRA_PASSWORD": "expired-token"} if site.cloud else {"JIRA_TOKEN": "expired-pat"}
    tasks = """
        - linkops.jira.jira_issue_link_info: {jql: project = PUB, api_version: "2"}
          ignore_errors: true
        - linkops.jira.jira_issue_link_info: {issues: [PUB-1]}
          ignore_errors: true
        - linkops.jira.jira_issue_link: {issue: REL-1, phrase: blocks, linked_issue: APP-7, state: absent}
          ignore_errors: true
        - linkops.jira.jira_remote_link_info: {issues: [REL-1], fail_on_missing: false}
          ignore_errors: true
    """
    results = play(tasks, **dead).results
    assert len(results) == 4
    assert all(each.result["failed"] and "redentials" in each.result["msg"] for each in results), results
    assert site.writes() == []


def test_a_login_is_proved_where_no_answer_names_the_caller(site: LocalJira, play: Callable[..., Run]) -> None:
    site.settings(login_headers=False)
    run = play("- linkops.jira.jira_issue_link_info: {jql: project = REL AND summary ~ nothing}").succeeded()
    assert run.only["links"] == [] and site.requests().count("GET /myself") == 1


def test_links_that_cannot_be_read_back_are_created_all_the_same(site: LocalJira, play: Callable[..., Run]) -> None:
    old = ("REL-1", "Blocks", "LIB-1")
    site.reset([old])
    site.fault("slow", path=READING, seconds=0)
    site.fault("status", path=READING, status=401, body="<html><title>Log in</title></html>", count=9)
    tasks = """
        - linkops.jira.jira_issue_links:
            state: exact
            links: [{issue: REL-1, phrase: blocks, linked_issue: APP-1}]
            scope: {issues: [REL-1, APP-1], link_types: [Blocks]}
            retries: 0
    """
    result: dict[str, Any] = play(tasks).only
    assert result["failed"] and result["changed"] and "nothing was removed" in result["msg"]
    assert [entry["status"] for entry in result["links"]] == ["created", "not_tried"]
    assert result["summary"]["failed"] == 0 and old in site.links() and len(site.links()) == 2


def test_a_query_is_never_cut(site: LocalJira, play: Callable[..., Run]) -> None:
    """Somebody makes an issue between two pages, so that one stands on both: it counts once."""
    site.reset(projects=[{"key": "BIG", "count": 150}])
    site.fault("meanwhile", path="/search(/jql)?$", create={"project": "BIG", "summary": "New"})
    query = "jql: project = BIG ORDER BY created DESC"
    tasks = f"""
        - linkops.jira.jira_issue_link_info: {{{query}, max_issues: 149}}
          ignore_errors: true
        - linkops.jira.jira_issue_link_info: {{{query}}}
    """
    cut, whole = play(tasks).results
    assert cut.result["failed"] and "more than 149" in cut.result["msg"]
    assert len(whole.result["asked"]) == 151
