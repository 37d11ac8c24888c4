# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Searching, page by page, and what the small JQL finds, refuses and lacks (facts 6 and 12)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.rest_jira import ADMIN, DEMO, RestJira


def found(jira: RestJira, jql: str, **more: Any) -> list[str]:
    path = "search/jql" if jira.cloud else "search"
    answer = jira("POST", path, {"jql": jql, "fields": ["summary"], **more})
    assert answer.status_code == 200, answer.text
    return [issue["key"] for issue in answer.json()["issues"]]


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("key in (REL-2, rel-1, OLD-1) order by key", ["APP-40", "REL-1", "REL-2"]),
        ("issuekey = REL-1", ["REL-1"]),
        ("id in (10001, 10002) ORDER BY id DESC", ["REL-2", "REL-1"]),
        ('key in ("REL-1", \'REL-3\') and status = "In Progress"', ["REL-1"]),
        ("key in (REL-1,REL-2,REL-3) and status != 'To Do' order by created asc", ["REL-1", "REL-2"]),
        ("key in (REL-1,REL-2,REL-3) and not_a_field = 1", None),
        ("project = REL and issuetype = Task and statusCategory = 'In Progress' and id in (10001, 10003)", ["REL-1"]),
        ("(key = REL-1 or key = APP-1) and project in (APP, LIB)", ["APP-1"]),
        ("key = REL-1 or key = APP-1 and project = LIB", ["REL-1"]),
        ("project = REL and summary ~ '1.0 release'", ["REL-1"]),
        ("project = PUB and status not in (Done, 'To Do') order by key", ["PUB-2"]),
        ("status is empty", None),
        ("key in (REL-1", None),
        ("key = REL-1 REL-2", None),
        ("key ~ REL-1", None),
        ("project = REL order by votes", None),
    ],
)
def test_small_jql(jira: RestJira, jql: str, keys: list[str] | None) -> None:
    if keys is None:
        answer = jira("POST", "search/jql" if jira.cloud else "search", {"jql": jql})
        assert answer.status_code == 400 and answer.json()["errorMessages"]
    else:
        assert found(jira, jql) == keys


def test_a_missing_or_invisible_key_fails_the_whole_query(jira: RestJira) -> None:
    jql = "key in (REL-1, REL-999, HID-1)"
    answer = jira("POST", "search/jql" if jira.cloud else "search", {"jql": jql})
    assert (answer.status_code, len(answer.json()["errorMessages"])) == (400, 2)
    assert "REL-999" in answer.json()["errorMessages"][0]


def test_data_center_looks_over_it_without_validation(data_center: RestJira) -> None:
    assert found(data_center, "key in (REL-1, REL-999)", validateQuery=False) == ["REL-1"]
    params = {"jql": "key in (REL-1, REL-999)", "validateQuery": "false"}
    assert data_center("GET", "search", params=params).json()["total"] == 1


def test_data_center_pages_by_offset(data_center: RestJira) -> None:
    asked = {"jql": "project = REL order by key", "startAt": 38, "maxResults": 10, "fields": ["issuelinks"]}
    page = data_center("POST", "search", asked).json()
    assert (page["startAt"], page["maxResults"], page["total"]) == (38, 10, 40)
    assert [issue["key"] for issue in page["issues"]] == ["REL-39", "REL-40"]
    capped = data_center("POST", "search", {"jql": "project = REL", "maxResults": 5000}).json()
    assert capped["maxResults"] == 1000


def test_cloud_pages_by_token(cloud: RestJira) -> None:
    asked: dict[str, Any] = {"jql": "project = REL order by key", "maxResults": 30, "fields": ["summary"]}
    first = cloud("POST", "search/jql", asked).json()
    assert (first["isLast"], len(first["issues"]), "total" in first) == (False, 30, False)
    second = cloud("POST", "search/jql", {**asked, "nextPageToken": first["nextPageToken"]}).json()
    assert (second["isLast"], len(second["issues"]), "nextPageToken" in second) == (True, 10, False)
    assert not {each["id"] for each in first["issues"]} & {each["id"] for each in second["issues"]}
    other = {**asked, "jql": "project = APP", "nextPageToken": first["nextPageToken"]}
    assert cloud("POST", "search/jql", other).status_code == 400


def test_cloud_shows_ids_unless_asked_for_fields(cloud: RestJira) -> None:
    jql = {"jql": "key = REL-1"}
    assert cloud("POST", "search/jql", jql).json()["issues"] == [{"id": "10001"}]
    (shown,) = cloud("GET", "search/jql", params={**jql, "fields": "issuelinks"}).json()["issues"]
    assert (shown["key"], shown["fields"]) == ("REL-1", {"issuelinks": []})
    (keyed,) = cloud("POST", "search/jql", {**jql, "fields": ["key"]}).json()["issues"]
    assert keyed["key"] == "REL-1" and "fields" not in keyed


def test_cloud_pages_at_most_a_hundred_with_fields(cloud: RestJira) -> None:
    asked = {"jql": "project in (REL, APP, LIB)", "maxResults": 5000}
    assert len(cloud("POST", "search/jql", asked).json()["issues"]) == 120
    assert len(cloud("POST", "search/jql", {**asked, "fields": ["status"]}).json()["issues"]) == 100


def test_cloud_refuses_the_unbounded_and_the_old(cloud: RestJira) -> None:
    for jql in ("", "order by key"):
        answer = cloud("POST", "search/jql", {"jql": jql})
        assert answer.status_code == 400 and "Unbounded" in cloud.messages(answer)[0]
    for method in ("GET", "POST"):
        assert cloud(method, "search", auth=DEMO).status_code == 410


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("issueLinkType = Blocks order by key", ["APP-1", "REL-1"]),
        ("issueLinkType = 'is blocked by'", ["APP-1"]),
        ("issueLinkType in (BLOCKS, 'relates to') and project = REL order by key", ["REL-1", "REL-2"]),
        ("issueLinkType = Cloners", []),
        ("issueLinkType != Blocks and key in (REL-1, REL-2)", ["REL-2"]),
    ],
)
def test_issues_by_the_type_of_their_links(jira: RestJira, jql: str, keys: list[str]) -> None:
    jira.linked("REL-1", "APP-1")
    jira.linked("REL-2", "APP-2", type={"name": "Relates"})
    assert found(jira, jql) == keys
    answer = jira("POST", "search/jql" if jira.cloud else "search", {"jql": "issueLinkType = Unheard"})
    assert (answer.status_code, "'Unheard'" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("issue in linkedIssues(REL-1) order by key", ["APP-1", "APP-2", "LIB-1"]),
        ("issueKey in LINKEDISSUES('rel-1') and project = LIB", ["LIB-1"]),
        ("issue in linkedIssues(REL-1, blocks) order by key", ["APP-1"]),
        ("issue in linkedIssues(REL-1, 'is blocked by')", ["APP-2"]),
        ('issue in linkedIssues(APP-1, "is blocked by")', ["REL-1"]),
        ("issue in linkedIssues(APP-1, blocks)", []),
        ("issue in linkedIssues(REL-1, blocks, 'relates to') order by key", ["APP-1", "LIB-1"]),
        ("issue in linkedIssues(LIB-1, 'relates to')", ["REL-1"]),
        ("issue not in linkedIssues(REL-1) and key in (APP-1, APP-3)", ["APP-3"]),
        ("key in (OPS-1, linkedIssues(REL-1, blocks), linkedIssues(LIB-1)) order by key", ["APP-1", "OPS-1", "REL-1"]),
        ("issue in linkedIssues(OPS-1)", []),
        ("issue in linkedIssues(OLD-1)", ["OPS-2"]),
    ],
)
def test_linked_issues(jira: RestJira, jql: str, keys: list[str]) -> None:
    jira.linked("REL-1", "APP-1")
    jira.linked("APP-2", "REL-1")
    jira.linked("LIB-1", "REL-1", type={"name": "Relates"})
    jira.linked("APP-40", "OPS-2")
    jira.linked("HID-1", "REL-1", auth=ADMIN)
    assert found(jira, jql) == keys


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("issue in linkedIssues(NOPE-1)", "Issue 'NOPE-1' could not be found in function 'linkedIssues'."),
        ("issue in linkedIssues(HID-1)", "Issue 'HID-1' could not be found in function 'linkedIssues'."),
        ("issue in linkedIssues(REL-1, hugs)", "Issue link type 'hugs' could not be found in function 'linkedIssues'."),
        ("issue in linkedIssues(REL-1, Blocks)", "Issue link type 'Blocks' could not be found"),
        ("issue in linkedIssues()", "the function linkedIssues needs an issue"),
        ("issue = linkedIssues(REL-1)", "cannot be used with key ="),
        ("project in linkedIssues(REL-1)", "cannot be used with project in"),
        ("issue in linkedIssues(REL-1", "expected ')'"),
        ("issue in linkedIssues(linkedIssues(REL-1))", "expected ')'"),
        ("issue in REL-1", "expected a list"),
        (
            "issue in watchedIssues()",
            "The JQL of this sandbox lacks the function 'watchedIssues'; it has linkedIssues.",
        ),
        ("assignee = demo", "The JQL of this sandbox lacks the field 'assignee'; it has key, id, project"),
        ("created >= -1d", "The JQL of this sandbox lacks the field 'created'"),
        ("status was Done", "The JQL of this sandbox lacks the operator 'was'"),
        ("nonsense = 1", "Field 'nonsense' does not exist"),
        ("(" * 60 + "key = REL-1" + ")" * 60, "more than 50 parentheses are open"),
        ("(" * 20000, "more than 50 parentheses are open"),
        ("key in (REL-1" + "," + "9" * 5000 + ")", "An issue with key '999"),
    ],
)
def test_what_jql_says_of_what_it_cannot_find_or_lacks(jira: RestJira, jql: str, words: str) -> None:
    answer = jira("POST", "search/jql" if jira.cloud else "search", {"jql": jql})
    assert (answer.status_code, words in jira.messages(answer)[0]) == (400, True), answer.text


def test_linked_issues_where_linking_is_off_or_nothing_is_validated(data_center: RestJira) -> None:
    assert found(data_center, "issue in linkedIssues(NOPE-1)", validateQuery=False) == []
    data_center.linked("REL-1", "APP-1")
    data_center.control("POST", "settings", {"linking_enabled": False})
    answer = data_center("POST", "search", {"jql": "issue in linkedIssues(REL-1)"})
    assert (answer.status_code, "linking is currently disabled" in answer.text) == (400, True)


@pytest.mark.parametrize("size", [-1, 0, 5001])
def test_cloud_pages_have_1_to_5000_issues(cloud: RestJira, size: int) -> None:
    answers = [
        cloud("GET", "search/jql", params={"jql": "project = REL", "maxResults": size}),
        cloud("POST", "search/jql", {"jql": "project = REL", "maxResults": size}),
    ]
    for answer in answers:
        words = ["The max results parameter has to be between 1 and 5,000."]
        assert (answer.status_code, cloud.messages(answer)) == (400, words)


def test_a_negative_size_is_the_largest_on_data_center(data_center: RestJira) -> None:
    asked = {"jql": "project = REL", "maxResults": -1, "startAt": -5}
    for answer in (data_center("GET", "search", params=asked), data_center("POST", "search", asked)):
        page = answer.json()
        assert (page["startAt"], page["maxResults"], page["total"], len(page["issues"])) == (0, 1000, 40, 40)
    none = data_center("GET", "search", params={**asked, "maxResults": 0}).json()
    assert (none["maxResults"], none["total"], none["issues"]) == (0, 40, [])


def test_pages_of_comments_with_negative_numbers(jira: RestJira) -> None:
    for text in "ab":
        jira("POST", "issue/REL-1/comment", {"body": jira.body_of_comment(text)})
    page = jira("GET", "issue/REL-1/comment", params={"startAt": -1, "maxResults": -1}).json()
    assert (page["startAt"], len(page["comments"])) == (0, 2)
    assert jira("GET", "issue/REL-1/comment", params={"maxResults": "two"}).status_code == 400


@pytest.mark.parametrize("wrong", [{"maxResults": True}, {"maxResults": [1]}, {"startAt": 0.5}, {"nextPageToken": 5}])
def test_numbers_of_a_wrong_type_are_refused(jira: RestJira, wrong: dict[str, Any]) -> None:
    path = "search/jql" if jira.cloud else "search"
    assert jira("POST", path, {"jql": "project = REL", **wrong}).status_code == 400
