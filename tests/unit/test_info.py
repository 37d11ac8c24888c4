# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""jira_issue_link_info: many issues in few requests, each link once."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link_info

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

LINKS = [
    ("APP-7", "Blocks", "REL-1"),
    ("REL-1", "Relates", "LIB-2"),
    ("REL-1", "Cloners", "REL-2"),
    ("REL-2", "Blocks", "OPS-1"),
]
MANY = 250


def sentences(result: dict[str, Any]) -> list[str]:
    return [link["sentence"] for link in result["links"]]


def many(site: LocalJira) -> None:
    """A chain of issues: MANY-1 blocks MANY-2 blocks …"""
    links = [(f"MANY-{number}", "Blocks", f"MANY-{number + 1}") for number in range(1, MANY)]
    site.reset(links, projects=[{"key": "MANY", "count": MANY}])


def reads(site: LocalJira) -> int:
    return sum(not each.endswith("/serverInfo") for each in site.requests())


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"issues": ["REL-1"]}, ["APP-7 blocks REL-1", "REL-1 relates to LIB-2", "REL-1 clones REL-2"]),
        ({"issues": ["REL-1", "REL-2"], "link_types": ["Cloners"]}, ["REL-1 clones REL-2"]),
        ({"issues": ["REL-1", "REL-2"], "link_types": ["10000"]}, ["APP-7 blocks REL-1", "REL-2 blocks OPS-1"]),
        ({"issues": ["REL-1", "REL-2"], "phrase": "is blocked by"}, ["APP-7 blocks REL-1"]),
        ({"issues": ["REL-1", "REL-2"], "phrase": " Blocks "}, ["REL-2 blocks OPS-1"]),
        ({"issues": ["REL-1"], "phrase": "relates to"}, ["REL-1 relates to LIB-2"]),
        ({"issues": ["LIB-2"], "phrase": "relates to"}, ["REL-1 relates to LIB-2"]),
        ({"issues": ["REL-1"], "phrase": "blocks"}, []),
        ({"issues": ["REL-1"], "phrase": "clones", "link_types": ["Blocks"]}, []),
        ({"issues": ["rel-2", "REL-2"], "phrase": "is cloned by"}, ["REL-1 clones REL-2"]),
        ({"issues": []}, []),
        ({"link_id": "10001"}, ["REL-1 relates to LIB-2"]),
        ({"jql": "project = LIB"}, ["REL-1 relates to LIB-2"]),
        ({"jql": "key in (REL-1, REL-2)", "phrase": "is cloned by"}, ["REL-1 clones REL-2"]),
        ({"jql": "project = SUP"}, []),
    ],
    ids=str,
)
def test_which_links(site: LocalJira, task: Tasks, options: dict[str, Any], found: list[str]) -> None:
    site.reset(LINKS)
    result = task(jira_issue_link_info, site, **options).result
    assert (sentences(result), result["changed"], result["missing"]) == (found, False, [])


def test_issues_are_described_as_far_as_jira_shows_them(site: LocalJira, task: Tasks) -> None:
    site.reset(LINKS)
    result = task(jira_issue_link_info, site, issues=["REL-1"]).result
    assert set(result["issues"]) == {"REL-1", "REL-2", "APP-7", "LIB-2"}
    held = site.state()["issues"]
    for key, issue in result["issues"].items():
        assert issue == {
            **{name: held[key][name] for name in ("id", "summary", "status", "issue_type")},
            "status_category": held[key]["status"],  # in the seed, a status is named like its category
        }


def test_links_to_hidden_issues_are_hidden(site: LocalJira, task: Tasks) -> None:
    site.reset([("HID-1", "Blocks", "REL-1")])
    assert task(jira_issue_link_info, site, issues=["REL-1"]).result["links"] == []
    assert task(jira_issue_link_info, site, link_id="10000", fail_on_missing=False).result["missing"] == ["10000"]


@pytest.mark.fact("issue missing or invisible")
@pytest.mark.parametrize("asked", ["REL-999", "HID-1"])
def test_missing_issues(site: LocalJira, task: Tasks, asked: str) -> None:
    site.reset(LINKS)
    options = {"issues": ["REL-1", asked, "REL-1"]}
    failed = task(jira_issue_link_info, site, **options).result
    assert failed["failed"] and asked in failed["msg"] and failed["status"] == 404
    assert failed["error_messages"]
    found = task(jira_issue_link_info, site, **options, fail_on_missing=False).result
    assert found["missing"] == [asked] and len(found["links"]) == 3


@pytest.mark.parametrize("options", [{"link_id": ""}, {"jql": " "}, {"issues": [""]}], ids=str)
def test_empty_options(data_center: LocalJira, task: Tasks, options: dict[str, Any]) -> None:
    """An empty query would find everything on Data Center."""
    assert task(jira_issue_link_info, data_center, **options).result["failed"]


def test_moved_keys_and_ids_are_not_missing(site: LocalJira, task: Tasks) -> None:
    site.reset([("APP-40", "Blocks", "REL-1")])
    result = task(jira_issue_link_info, site, issues=["OLD-1", "10001", "app-40"]).result
    assert sentences(result) == ["APP-40 blocks REL-1"]
    assert (set(result["issues"]), result["missing"]) == ({"APP-40", "REL-1"}, [])


@pytest.mark.parametrize("by", ["issues", "jql"])
def test_pages(site: LocalJira, task: Tasks, by: str) -> None:
    many(site)
    keys = [f"MANY-{number}" for number in range(1, MANY + 1)]
    result = task(jira_issue_link_info, site, **{by: keys if by == "issues" else "project = MANY"}).result
    assert sentences(result) == [f"MANY-{number} blocks MANY-{number + 1}" for number in range(1, MANY)]
    assert len(result["issues"]) == MANY
    assert reads(site) == -(-MANY // 100)


def test_types_are_read_only_for_a_filter(site: LocalJira, task: Tasks) -> None:
    task(jira_issue_link_info, site, issues=["REL-1"])
    assert reads(site) == 1
    task(jira_issue_link_info, site, issues=["REL-1"], phrase="blocks", link_types=["Blocks", "Relates"])
    assert reads(site) == 3


def test_a_query_without_restriction_is_refused_by_cloud(cloud: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link_info, cloud, jql="order by key").result
    assert result["status"] == 400 and "Unbounded JQL" in result["msg"]


def test_a_query_that_is_wrong(site: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link_info, site, jql="project = ").result
    assert result["failed"] and result["status"] == 400 and result["error_messages"]
    assert result["msg"].startswith("Jira does not take the query 'project = '. Jira refused the request")


def test_cloud_is_found_out_where_version_2_is_asked_for(cloud: LocalJira, task: Tasks) -> None:
    """Only Data Center has the old search; Cloud answers 410."""
    cloud.reset(LINKS)
    for options in ({"issues": ["REL-2"]}, {"jql": "key = REL-2"}):
        result = task(jira_issue_link_info, cloud, api_version="2", **options).result
        assert sentences(result) == ["REL-1 clones REL-2", "REL-2 blocks OPS-1"]


@pytest.mark.fact("safe to repeat: GET")
def test_a_broken_page_is_read_again(site: LocalJira, task: Tasks) -> None:
    many(site)
    site.fault("disconnect_mid_body", path="search")
    assert len(task(jira_issue_link_info, site, jql="project = MANY").result["links"]) == MANY - 1
    assert len(task.pauses) == 1


def test_a_type_that_is_changed_while_its_links_are_read(
    site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gate would not find its phrase in these links, and open."""
    site.reset(LINKS)
    read = Jira.read_link_types

    def before(jira: Jira) -> Any:
        return [each._replace(inward="waits for") if each.name == "Blocks" else each for each in read(jira)]

    monkeypatch.setattr(Jira, "read_link_types", before)
    result = task(jira_issue_link_info, site, issues=["REL-1"], phrase="waits for").result
    assert result["failed"] and "'Blocks' (blocks / is blocked by) was changed while" in result["msg"]
