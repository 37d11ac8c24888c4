# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who Jira thinks is asking, and logins that died: said aloud, or not at all (facts 4)."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.sandbox.rest_jira import ADMIN, DEMO, MISSING, VIEWER, Auth, RestJira

ACCOUNT_ID, NAME, REASON = "X-AACCOUNTID", "X-AUSERNAME", "X-Seraph-LoginReason"
EXPIRED = ("demo@example.com", "expired-token")
LINK = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "REL-1"}, "outwardIssue": {"key": "REL-2"}}
SEARCH = {"cloud": "search/jql", "data_center": "search"}


def signs(answer: requests.Response) -> dict[str, str]:
    return {name: answer.headers[name] for name in (ACCOUNT_ID, NAME, REASON) if name in answer.headers}


def expected(jira: RestJira, auth: Auth, name: str) -> dict[str, str]:
    """The signs of an account that is logged in."""
    if jira.cloud:
        return {ACCOUNT_ID: jira("GET", "myself", auth=auth).json()["accountId"]}
    return {NAME: name, REASON: "OK"}


# --- the signs of a login


@pytest.mark.parametrize(("auth", "name"), [(DEMO, "demo"), (ADMIN, "admin")])
def test_a_login_shows_on_good_answers_and_on_bad_ones(jira: RestJira, auth: Auth, name: str) -> None:
    for method, path, body, status in (
        ("GET", "myself", None, 200),
        ("GET", "serverInfo", None, 200),
        ("GET", "issue/REL-1", None, 200),
        ("GET", "issue/REL-999", None, 404),
        ("GET", "no/such/address", None, 404),
        ("PATCH", "issueLinkType", None, 405),
        ("POST", "issueLink", {}, 400),
        ("POST", "issueLink", LINK, 201),
    ):
        answer = jira(method, path, body, auth)
        assert (path, answer.status_code, signs(answer)) == (path, status, expected(jira, auth, name))


def test_a_401_about_a_permission_shows_the_login(jira: RestJira) -> None:
    answer = jira("POST", "issueLink", LINK, VIEWER)
    assert (answer.status_code, signs(answer)) == (401, expected(jira, VIEWER, "viewer"))


def test_nobody_is_anonymous_by_name_on_data_center(jira: RestJira) -> None:
    nobody = {} if jira.cloud else {NAME: "anonymous"}
    for path, status in (("issueLinkType", 200), ("issue/PUB-1", 200), ("issue/REL-1", 404), ("myself", 401)):
        answer = jira("GET", path, auth=None)
        assert (path, answer.status_code, signs(answer)) == (path, status, nobody)


def test_refused_credentials_show_no_login(jira: RestJira) -> None:
    assert signs(jira("GET", "issueLinkType", auth=("demo@example.com", "wrong"))) == {REASON: "AUTHENTICATED_FAILED"}
    locked = jira("GET", "issueLinkType", auth=("locked@example.com", "x"))
    assert signs(locked) == {REASON: "AUTHENTICATION_DENIED"}


def test_the_gateway_shows_the_login_too(cloud: RestJira) -> None:
    cloud_id = cloud("GET", "/_edge/tenant_info", auth=None).json()["cloudId"]
    scoped = ("demo@example.com", "demo-scoped-token")
    assert signs(cloud("GET", f"/ex/jira/{cloud_id}/rest/api/3/issue/REL-1", auth=scoped)) == expected(
        cloud, DEMO, "demo"
    )


def test_the_signs_can_be_left_out(jira: RestJira) -> None:
    jira.control("POST", "settings", {"login_headers": False})
    for auth in (DEMO, None):
        for path in ("issue/PUB-1", "issue/REL-999", "myself"):
            assert signs(jira("GET", path, auth=auth)) == {}
    assert jira("GET", "myself").status_code == 200
    assert signs(jira("GET", "issueLinkType", auth=EXPIRED)) == {REASON: "AUTHENTICATED_FAILED"}


# --- dead logins


def test_a_dead_login_is_never_called_ok(jira: RestJira) -> None:
    said = {REASON: "AUTHENTICATED_FAILED"} if jira.cloud else {NAME: "anonymous", REASON: "AUTHENTICATED_FAILED"}
    for path, status in (("issueLinkType", 200), ("issue/REL-1", 404), ("myself", 401)):
        answer = jira("GET", path, auth=EXPIRED)
        assert (path, answer.status_code, signs(answer)) == (path, status, said)


def test_the_header_may_be_missing_on_what_succeeds(jira: RestJira) -> None:
    jira.control("POST", "settings", {"dead_login": "header_on_errors"})
    shown = {path: REASON in jira("GET", path, auth=EXPIRED).headers for path in ("issueLinkType", "issue/REL-1")}
    assert shown == {"issueLinkType": False, "issue/REL-1": True}


def found(jira: RestJira, jql: str, auth: Auth = EXPIRED, **headers: str) -> requests.Response:
    return jira("POST", SEARCH[jira.deployment], {"jql": jql}, auth, headers=headers)


def test_on_cloud_a_login_may_die_in_silence(cloud: RestJira) -> None:
    cloud.control("POST", "settings", {"dead_login": "silent"})
    asked = {"issueIdsOrKeys": ["REL-1", "PUB-1"]}
    calls: list[tuple[str, str, Any, int]] = [
        ("GET", "serverInfo", None, 200),
        ("GET", "issueLinkType", None, 200),
        ("GET", "issue/PUB-1", None, 200),
        ("GET", "issue/REL-1", None, 404),
        ("POST", "issue/bulkfetch", asked, 200),
        ("POST", "issueLink", LINK, 404),
        ("DELETE", "issueLink/1", None, 404),
        ("GET", "mypermissions?permissions=LINK_ISSUES", None, 200),
        ("GET", "myself", None, 401),
    ]
    for method, path, body, status in calls:
        answer = cloud(method, path, body, EXPIRED)
        assert (path, answer.status_code, signs(answer)) == (path, status, {})
    fetched = cloud("POST", "issue/bulkfetch", asked, EXPIRED).json()
    assert [issue["key"] for issue in fetched["issues"]] == ["PUB-1"]


@pytest.mark.parametrize("jql", ["project = REL", "key in (REL-1, HID-1)"])
def test_a_search_on_cloud_finds_nothing_in_silence(cloud: RestJira, jql: str) -> None:
    cloud.control("POST", "settings", {"dead_login": "silent"})
    answer = found(cloud, jql)
    assert (answer.status_code, answer.json(), signs(answer)) == (200, {"issues": [], "isLast": True}, {})


def test_on_data_center_some_addresses_refuse_what_the_search_takes(data_center: RestJira) -> None:
    data_center.control("POST", "settings", {"dead_login": "silent"})
    for path, status in (
        ("serverInfo", 401),
        ("myself", 401),
        ("issue/REL-1", 401),
        ("issue/PUB-1", 401),
        ("issue/PUB-1/remotelink", 401),
        ("issueLinkType", 200),
    ):
        for auth, headers in ((EXPIRED, {}), (None, {"Authorization": "Bearer expired-pat"})):
            answer = data_center("GET", path, auth=auth, headers=headers)
            assert (path, answer.status_code, signs(answer)) == (path, status, {})
    answer = data_center("POST", "issueLink", LINK, EXPIRED)
    assert (answer.status_code, data_center.messages(answer)) == (404, [MISSING["data_center"]] * 2)


@pytest.mark.parametrize(("jql", "total"), [("project = REL", 0), ("key = REL-1", 0), ("project = PUB", 5)])
def test_a_search_on_data_center_counts_as_for_anonymous(data_center: RestJira, jql: str, total: int) -> None:
    data_center.control("POST", "settings", {"dead_login": "silent"})
    answer = found(data_center, jql, None, Authorization="Bearer expired-pat")
    assert (answer.status_code, answer.json()["total"], signs(answer)) == (200, total, {})


def test_silence_is_for_dead_logins_only(jira: RestJira) -> None:
    jira.control("POST", "settings", {"dead_login": "silent"})
    assert signs(jira("GET", "issue/REL-1")) == expected(jira, DEMO, "demo")
    assert found(jira, "project = REL", DEMO).json()["issues"]
    assert jira("GET", "issue/PUB-1", auth=None).status_code == 200
    wrong = jira("GET", "issueLinkType", auth=("demo@example.com", "wrong"))
    assert (wrong.status_code, signs(wrong)) == (401, {REASON: "AUTHENTICATED_FAILED"})
    answer = requests.post(f"{jira.origin}/_sandbox/settings", json={"dead_login": "loud"}, timeout=5)
    assert answer.status_code == 400 and "header_on_errors" in answer.json()["error"]


# --- a good login that may not ask who it is


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_without_the_scope_for_myself(jira: RestJira, status: int) -> None:
    refusal = {"code": status, "message": "Unauthorized; scope does not match"}
    jira.control("POST", "faults", {"kind": "status", "path": "/myself$", "status": status, "body": refusal})
    assert jira("GET", "issue/REL-1").status_code == 200
    answer = jira("GET", "myself")
    assert (answer.status_code, answer.json()) == (status, refusal)
    assert jira("GET", "myself").status_code == 200
