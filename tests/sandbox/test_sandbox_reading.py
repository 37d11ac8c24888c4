# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading issues, serverInfo, permissions and search (facts 2, 3 and 6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.rest_jira import ADMIN, DEMO, MISSING, VIEWER, RestJira


@pytest.mark.parametrize(
    ("asked", "key"), [("rel-1", "REL-1"), ("OLD-1", "APP-40"), ("old-2", "LIB-40"), ("10001", "REL-1")]
)
def test_an_issue_answers_with_its_current_key(jira: RestJira, asked: str, key: str) -> None:
    answer = jira("GET", f"issue/{asked}")
    assert (answer.status_code, answer.json()["key"]) == (200, key)


def test_a_move_keeps_the_id_and_the_old_key(jira: RestJira) -> None:
    before = jira("GET", "issue/APP-1").json()
    moved = jira.control("POST", "move", {"from": "APP-1", "to_project": "LIB"})
    after = jira("GET", "issue/APP-1").json()
    assert (after["id"], after["key"]) == (before["id"], moved["key"]) == (before["id"], "LIB-41")
    assert after["fields"]["project"]["key"] == "LIB"


def test_fields_are_those_asked_for(jira: RestJira) -> None:
    def fields(**params: Any) -> set[str]:
        return set(jira("GET", "issue/REL-1", params=params).json()["fields"])

    assert fields(fields="summary,issuelinks") == {"summary", "issuelinks"}
    assert fields(fields=["summary", "status"]) == {"summary", "status"}
    assert {"summary", "status", "issuetype", "project", "issuelinks", "comment"} <= fields()
    assert "comment" in fields(fields="*all") and "comment" not in fields(fields="*navigable")
    assert "comment" not in fields(fields="-comment") and "summary" in fields(fields="-comment")


@pytest.mark.parametrize("key", ["REL-999", "HID-1", "NOPE-1", "99999", "-"])
def test_missing_and_invisible_look_the_same(jira: RestJira, key: str) -> None:
    answer = jira("GET", f"issue/{key}")
    assert (answer.status_code, jira.messages(answer)) == (404, [MISSING[jira.deployment]])
    assert jira("GET", "issue/HID-1", auth=ADMIN).status_code == 200


def test_bulkfetch_ascends_follows_moves_and_leaves_out_in_silence(cloud: RestJira) -> None:
    asked = ["LIB-1", "OLD-1", "HID-1", "REL-999", "rel-2", "REL-2", "10001"]
    answer = cloud("POST", "issue/bulkfetch", {"issueIdsOrKeys": asked, "fields": ["issuelinks"]}).json()
    assert [each["key"] for each in answer["issues"]] == ["REL-1", "REL-2", "APP-40", "LIB-1"]
    assert answer["issueErrors"] == []
    assert all(set(each["fields"]) == {"issuelinks"} for each in answer["issues"])


def test_bulkfetch_takes_a_hundred_at_most(cloud: RestJira) -> None:
    for number, status in ((0, 400), (100, 200), (101, 400)):
        asked = {"issueIdsOrKeys": [f"REL-{index}" for index in range(number)]}
        assert cloud("POST", "issue/bulkfetch", asked).status_code == status


def test_data_center_has_version_2_only_and_none_of_clouds_endpoints(data_center: RestJira) -> None:
    asked = {"issueIdsOrKeys": ["REL-1"]}
    assert data_center("POST", "issue/bulkfetch", asked).status_code in (404, 405)
    assert data_center("POST", "search/jql", {"jql": "key = REL-1"}).status_code == 404
    assert data_center("GET", "/rest/api/3/serverInfo").status_code == 404
    assert data_center("GET", "/_edge/tenant_info").status_code == 404


def test_cloud_has_both_versions(cloud: RestJira) -> None:
    for version in (2, 3):
        issue = cloud("GET", f"/rest/api/{version}/issue/REL-1").json()
        assert issue["self"] == f"{cloud.url}/rest/api/{version}/issue/10001"


def test_latest_is_version_2(jira: RestJira) -> None:
    latest, second = (jira("GET", f"/rest/api/{version}/issue/REL-1") for version in ("latest", "2"))
    assert (latest.status_code, latest.json()) == (200, second.json())
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "REL-1"}, "outwardIssue": {"key": "APP-1"}}
    assert jira("POST", "/rest/api/latest/issueLink", {**link, "comment": {"body": "Text."}}).status_code == 201
    assert jira.control("GET", "state")["comments"][0]["body"] == "Text."


def test_latest_is_at_the_gateway_too(cloud: RestJira) -> None:
    cloud_id = cloud("GET", "/_edge/tenant_info").json()["cloudId"]
    scoped = ("demo@example.com", "demo-scoped-token")
    issue = cloud("GET", f"/ex/jira/{cloud_id}/rest/api/latest/issue/REL-1", auth=scoped).json()
    assert issue["self"] == f"{cloud.url}/ex/jira/{cloud_id}/rest/api/2/issue/10001"


def test_server_info_names_the_deployment(jira: RestJira) -> None:
    info = jira("GET", "serverInfo", auth=None).json()
    assert info["deploymentType"] == ("Cloud" if jira.cloud else "Server")
    assert info["baseUrl"] == jira.url
    assert {"version", "versionNumbers", "buildNumber", "serverTitle"} <= set(info)


def test_people_have_account_ids_on_cloud_and_names_on_data_center(jira: RestJira) -> None:
    me = jira("GET", "myself").json()
    assert ("accountId" in me, "name" in me) == (jira.cloud, not jira.cloud)


def test_support_ids_and_the_rate_limit_headers_of_data_center(jira: RestJira) -> None:
    for path, status in (("issue/REL-1", 200), ("issue/REL-999", 404)):
        answer = jira("GET", path)
        assert answer.status_code == status
        assert ("Atl-Traceid" in answer.headers, "X-AREQUESTID" in answer.headers) == (jira.cloud, not jira.cloud)
        shown = answer.headers.get("Retry-After"), answer.headers.get("X-RateLimit-Limit")
        assert shown == ((None, None) if jira.cloud else ("0", "-1"))


def test_an_unknown_address_answers_in_another_shape(jira: RestJira) -> None:
    answer = jira("GET", "nothing/here")
    assert (answer.status_code, answer.json()["status-code"]) == (404, 404)
    assert jira("PATCH", "issueLinkType").status_code == 405


@pytest.mark.parametrize(
    ("auth", "question", "link"),
    [
        (DEMO, {"issueKey": "REL-1"}, True),
        (DEMO, {"issueKey": "RO-1"}, False),
        (DEMO, {"issueId": "10001"}, True),
        (DEMO, {"projectKey": "RO"}, False),
        (DEMO, {}, True),
        (VIEWER, {"issueKey": "REL-1"}, False),
        (None, {"issueKey": "PUB-1"}, False),
    ],
)
def test_my_permissions(jira: RestJira, auth: Any, question: dict[str, str], link: bool) -> None:
    asked = {**question, "permissions": "LINK_ISSUES,BROWSE_PROJECTS"}
    permissions = jira("GET", "mypermissions", auth=auth, params=asked).json()["permissions"]
    assert {key: each["havePermission"] for key, each in permissions.items()} == {
        "LINK_ISSUES": link,
        "BROWSE_PROJECTS": True,
    }


@pytest.mark.parametrize(
    "asked",
    [
        ["LINK_ISSUES,ADD_COMMENTS,ADMINISTER"],
        ["LINK_ISSUES", "ADD_COMMENTS", "ADMINISTER"],
        ["LINK_ISSUES", "ADD_COMMENTS,ADMINISTER"],
        ["LINK_ISSUES", "", "ADD_COMMENTS,,ADMINISTER", "LINK_ISSUES"],
    ],
)
def test_my_permissions_by_commas_and_repeated(jira: RestJira, asked: list[str]) -> None:
    answer = jira("GET", "mypermissions", params={"permissions": asked}).json()["permissions"]
    assert {key: each["havePermission"] for key, each in answer.items()} == {
        "LINK_ISSUES": True,
        "ADD_COMMENTS": True,
        "ADMINISTER": False,
    }


def test_my_permissions_refuses_what_it_does_not_know(jira: RestJira) -> None:
    def status(**params: str | list[str]) -> int:
        return jira("GET", "mypermissions", params=params).status_code

    assert status(permissions="FLY") == 400
    assert status(permissions=["LINK_ISSUES", "FLY"]) == 400
    assert status(permissions="LINK_ISSUES", issueKey="HID-1") == 404
    assert status(permissions="LINK_ISSUES", projectKey="HID") == 404
    assert status() == (400 if jira.cloud else 200)


def test_the_limit_report_is_for_administrators(cloud: RestJira) -> None:
    cloud.control("POST", "settings", {"max_links": 1})
    cloud.linked("REL-1", "APP-1")
    assert cloud("GET", "issue/limit/report").status_code == 403
    report = cloud("GET", "issue/limit/report", auth=ADMIN, params={"isReturningKeys": "true"}).json()
    assert report["issuesBreachingLimit"]["issuelinks"] == {"REL-1": 1, "APP-1": 1}


# --- search


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


@pytest.mark.parametrize(("auth", "may"), [(ADMIN, True), (DEMO, False), (None, False)])
def test_who_may_administer(jira: RestJira, auth: Any, may: bool) -> None:
    answer = jira("GET", "mypermissions", auth=auth, params={"permissions": "ADMINISTER"}).json()["permissions"]
    assert (answer["ADMINISTER"]["havePermission"], answer["ADMINISTER"]["type"]) == (may, "GLOBAL")
