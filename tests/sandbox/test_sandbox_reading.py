# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading issues, serverInfo, permissions and search (facts 2, 3 and 6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.rest_jira import ADMIN, DEMO, JSON_TYPE, MISSING, VIEWER, RestJira


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


def test_support_ids_and_the_rate_limit_headers_of_ordinary_answers(jira: RestJira) -> None:
    """Those of Data Center mean nothing; Cloud tells of the burst limit, and never of a wait."""
    for path, status in (("issue/REL-1", 200), ("issue/REL-999", 404)):
        answer = jira("GET", path)
        assert answer.status_code == status
        assert ("Atl-Traceid" in answer.headers, "X-AREQUESTID" in answer.headers) == (jira.cloud, not jira.cloud)
        names = ("Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-NearLimit")
        shown = tuple(answer.headers.get(name) for name in names)
        assert shown == ((None, "100", "99", None) if jira.cloud else ("0", "-1", None, None))


def test_cloud_counts_down_where_limits_hold(cloud: RestJira) -> None:
    cloud.control("POST", "settings", {"limits": True})
    answers = [cloud("PUT", "issueLinkType/10000", {"name": "Blocks"}, ADMIN) for _other in range(2)]
    assert [each.headers["X-RateLimit-Limit"] for each in answers] == ["50", "50"]
    assert [each.headers["X-RateLimit-Remaining"] for each in answers] in (["49", "48"], ["49", "49"])  # a slow machine


@pytest.mark.parametrize(("left", "near"), [(10, False), (9, True), (0, True)])
def test_cloud_says_when_a_limit_is_near(left: int, near: bool) -> None:
    from sandbox.web.limits import Limits

    limits = Limits(lambda: 0.0)
    for _other in range(50 - left):
        limits.request("PUT", "here", oauth=False)
    headers = limits.burst_headers("PUT", "here")
    assert headers["X-RateLimit-Remaining"] == str(left) and ("X-RateLimit-NearLimit" in headers) is near


WHAT_DOES_NOT_FIT = [
    ("GET", "nothing/here", {}, 404, "Not Found", "No endpoint GET {path}."),
    ("GET", "/rest/api/9/serverInfo", {}, 404, "Not Found", "No endpoint GET {path}."),
    ("PATCH", "issueLinkType", {}, 405, "Method Not Allowed", "Method 'PATCH' is not supported."),
    ("POST", "issueLink", {"data": "{}"}, 415, "Unsupported Media Type", "Content-Type 'null' is not supported."),
    ("POST", "issueLink", {"data": "{}", "headers": {"Content-Type": "text/x"}}, 415, "Unsupported Media Type",
     "Content-Type 'text/x' is not supported."),
    ("POST", "issueLink", {"data": "{", "headers": JSON_TYPE}, 400, "Bad Request", "Failed to read request"),
    ("POST", "issueLink", {"data": "[" * 9999, "headers": JSON_TYPE}, 400, "Bad Request", "Failed to read request"),
    ("POST", "issueLink", {"data": '{"a": NaN}', "headers": JSON_TYPE}, 400, "Bad Request", "Failed to read request"),
    ("POST", "issue/REL-1/comment", {"data": b"\xff", "headers": JSON_TYPE}, 400, "Bad Request",
     "Failed to read request"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "options", "status", "title", "detail"), WHAT_DOES_NOT_FIT)
def test_what_fits_no_handler_is_a_problem_on_cloud(
    cloud: RestJira, method: str, path: str, options: dict[str, Any], status: int, title: str, detail: str
) -> None:
    answer = cloud(method, path, **options)
    asked = path if path.startswith("/") else f"{cloud.api}/{path}"
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    expected = {"type": "about:blank", "title": title, "status": status, "instance": asked}
    assert answer.json() == {**expected, "detail": detail.format(path=asked)}


@pytest.mark.parametrize(("method", "path", "options", "status", "title", "detail"), WHAT_DOES_NOT_FIT)
def test_what_fits_no_handler_is_none_on_data_center(
    data_center: RestJira, method: str, path: str, options: dict[str, Any], status: int, title: str, detail: str
) -> None:
    answer = data_center(method, path, **options)
    assert (answer.status_code, "problem" in answer.headers.get("Content-Type", "")) == (status, False)
    if status == 404:
        assert answer.json()["status-code"] == 404
    if status == 400:
        assert "error parsing JSON" in data_center.messages(answer)[0]


def test_405_says_what_is_allowed(jira: RestJira) -> None:
    assert jira("PATCH", "issueLinkType").headers["Allow"] == "GET, HEAD, POST"
    assert jira("GET", "issueLink").headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["issue/REL-1", "issueLinkType", "issue/NOPE-1", "issueLink", "/"])
def test_head_is_get_without_the_body(jira: RestJira, path: str) -> None:
    got, head = jira("GET", path), jira("HEAD", path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers.get("Content-Type") == got.headers.get("Content-Type")
    if path.startswith("issueLinkType"):
        assert head.headers["Content-Length"] == got.headers["Content-Length"]


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
    assert status(permissions="CREATE_ISSUES,EDIT_ISSUES") == status(permissions="BULK_CHANGE") == 200
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


@pytest.mark.parametrize(("auth", "may"), [(ADMIN, True), (DEMO, False), (None, False)])
def test_who_may_administer(jira: RestJira, auth: Any, may: bool) -> None:
    answer = jira("GET", "mypermissions", auth=auth, params={"permissions": "ADMINISTER"}).json()["permissions"]
    assert (answer["ADMINISTER"]["havePermission"], answer["ADMINISTER"]["type"]) == (may, "GLOBAL")
