# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Issues that come and go, also between two pages of one search."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.sandbox.rest_jira import MISSING, RestJira

REMOTE = {"globalId": "g", "object": {"url": "https://ci.example.com/1", "title": "Build 1"}}
NEWEST_FIRST = "project = APP order by created desc"
BY_KEY = "project = APP order by id"


def state(jira: RestJira, part: str) -> Any:
    return jira.control("GET", "state")[part]


def test_a_new_issue_gets_the_next_key_and_can_be_linked(jira: RestJira) -> None:
    made = jira.control("POST", "create", {"project": "APP", "summary": "Late", "status": "Done", "type": "Bug"})
    assert (made["key"], made["summary"], made["status"], made["issue_type"]) == ("APP-41", "Late", "Done", "Bug")
    issue = jira("GET", "issue/APP-41").json()
    assert (issue["id"], issue["fields"]["summary"]) == (made["id"], "Late")
    jira.linked("REL-1", "APP-41")
    assert jira.control("POST", "create", {"project": "APP"})["summary"]


def test_what_hangs_on_an_issue_goes_with_it(jira: RestJira) -> None:
    jira.linked("REL-1", "APP-40")
    jira.linked("APP-40", "REL-2")
    kept = jira.linked("REL-1", "REL-2")
    assert jira("POST", "issue/APP-40/remotelink", REMOTE).status_code == 201
    assert jira("POST", "issue/APP-40/comment", {"body": jira.body_of_comment("hi")}).status_code == 201
    assert [len(jira.links_of(key)) for key in ("REL-1", "REL-2")] == [2, 2]
    deleted = jira.control("POST", "delete", {"key": "OLD-1"})
    assert deleted["key"] == "APP-40"
    for name in ("APP-40", "OLD-1", deleted["id"]):
        answer = jira("GET", f"issue/{name}")
        assert (answer.status_code, jira.messages(answer)) == (404, [MISSING[jira.deployment]])
    assert [link["id"] for key in ("REL-1", "REL-2") for link in jira.links_of(key)] == [kept, kept]
    assert [link["id"] for link in state(jira, "links")] == [kept]
    assert state(jira, "remote_links") == state(jira, "comments") == []


def test_keys_and_ids_are_not_given_again(jira: RestJira) -> None:
    first = jira.control("POST", "create", {"project": "APP"})
    jira.control("POST", "delete", {"key": first["key"]})
    second = jira.control("POST", "create", {"project": "APP"})
    assert (first["key"], second["key"]) == ("APP-41", "APP-42")
    assert int(second["id"]) > int(first["id"])


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("create", {"project": "NOPE"}),
        ("create", {"project": "APP", "status": "Open"}),
        ("create", []),
        ("delete", {"key": "APP-999"}),
        ("delete", None),
        ("faults", {"kind": "meanwhile"}),
    ],
)
def test_what_makes_no_sense_is_explained_and_changes_nothing(jira: RestJira, call: str, body: Any) -> None:
    answer = requests.post(f"{jira.origin}/_sandbox/{call}", json=body, timeout=5)
    assert answer.status_code == 400 and answer.json()["error"]
    assert jira.control("POST", "create", {"project": "APP"})["key"] == "APP-41"


# --- between two pages


def meanwhile(jira: RestJira, path: str, **options: Any) -> None:
    jira.control("POST", "faults", {"kind": "meanwhile", "path": path, **options})


def offset_pages(jira: RestJira, jql: str) -> tuple[list[str], list[int]]:
    """Keys and totals of Data Center's search, fifteen at a time, as far as the last total says."""
    keys: list[str] = []
    totals = [1]
    while len(keys) < totals[-1]:
        asked = {"jql": jql, "startAt": len(keys), "maxResults": 15, "fields": ["summary"]}
        page = jira("POST", "search", asked).json()
        keys += [issue["key"] for issue in page["issues"]]
        totals.append(page["total"])
    return keys, totals[1:]


def test_a_new_issue_shows_one_twice_on_data_center(data_center: RestJira) -> None:
    meanwhile(data_center, "/search$", create={"project": "APP"})
    keys, totals = offset_pages(data_center, NEWEST_FIRST)
    assert totals == [40, 41, 41]
    assert (len(keys), len(set(keys)), keys.count("APP-26"), "APP-41" in keys) == (41, 40, 2, False)


def test_an_issue_that_leaves_hides_another_on_data_center(data_center: RestJira) -> None:
    meanwhile(data_center, "/search$", delete={"key": "APP-3"})
    keys, totals = offset_pages(data_center, BY_KEY)
    assert totals == [40, 39, 39]
    assert (len(keys), "APP-3" in keys, "APP-16" in keys) == (39, True, False)


def token_pages(jira: RestJira, jql: str) -> list[str]:
    keys: list[str] = []
    asked: dict[str, Any] = {"jql": jql, "maxResults": 15, "fields": ["summary"]}
    while True:
        page = jira("POST", "search/jql", asked).json()
        keys += [issue["key"] for issue in page["issues"]]
        if page["isLast"]:
            return keys
        asked["nextPageToken"] = page["nextPageToken"]


def test_pages_shift_on_cloud_too(cloud: RestJira) -> None:
    meanwhile(cloud, "/search/jql$", create={"project": "APP"})
    keys = token_pages(cloud, NEWEST_FIRST)
    assert (len(keys), len(set(keys)), keys.count("APP-26")) == (41, 40, 2)
    meanwhile(cloud, "/search/jql$", delete={"key": "APP-3"})
    keys = token_pages(cloud, BY_KEY)
    assert (len(keys), "APP-3" in keys, "APP-16" in keys) == (40, True, False)


def test_the_answer_is_from_before_the_change(jira: RestJira) -> None:
    meanwhile(jira, "/issue/", edit={"key": "REL-1", "summary": "New"}, move={"from": "APP-1", "to_project": "LIB"})
    summaries = [jira("GET", "issue/REL-1").json()["fields"]["summary"] for _other in range(2)]
    assert summaries[0] != "New" == summaries[1]
    assert jira("GET", "issue/APP-1").json()["key"] == "LIB-41"


def test_a_change_can_wait_for_a_later_page(data_center: RestJira) -> None:
    data_center.control("POST", "faults", {"kind": "slow", "seconds": 0, "path": "/search$"})
    meanwhile(data_center, "/search$", delete={"key": "APP-3"})
    assert offset_pages(data_center, BY_KEY)[1] == [40, 40, 39]


def test_a_change_that_cannot_be_made_is_no_secret(jira: RestJira) -> None:
    meanwhile(jira, "/issueLinkType$", delete={"key": "APP-999"})
    answer = jira("GET", "issueLinkType")
    assert answer.status_code == 500 and "no issue APP-999" in answer.json()["message"]
    assert jira("GET", "issueLinkType").status_code == 200
