# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jira takes the credentials for wrong, for expired, or wants a CAPTCHA first: never retried, never taken for empty."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link, jira_issue_link_info, jira_site_info

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
BLOCKS = ("APP-7", "Blocks", "REL-1")
CREATION = {"method": "POST", "path": "/issueLink$"}


@pytest.mark.fact("bad or expired credentials", "401 as JSON, page or text")
@pytest.mark.fact("one 401, two causes; one 404, five")
@pytest.mark.parametrize("body", ["json", "html", "plain"])
@pytest.mark.parametrize("options", [REST, {**REST, "state": "absent"}, {"issues": ["REL-1"]}], ids=str)
def test_wrong_credentials(site: LocalJira, task: Tasks, body: str, options: dict[str, Any]) -> None:
    site.settings(unauthorized_body=body)
    module = jira_issue_link_info if "issues" in options else jira_issue_link
    login = {"password": "wrong-secret"} if site.cloud else {"token": "wrong-secret"}
    result = task(module, site, **{**options, **login}).result
    assert (result["failed"], result["changed"], result["status"]) == (True, False, 401)
    assert "credentials" in result["msg"] and len(site.requests()) == 1


@pytest.mark.fact("expired token, answered as anonymous", "200 or 404 with X-Seraph-LoginReason: AUTHENTICATED_FAILED")
@pytest.mark.parametrize("api_version", ["auto", "known"])
@pytest.mark.parametrize(
    "options",
    [
        REST,
        {**REST, "state": "absent"},
        {"link_id": "10000", "state": "absent"},
        {**REST, "inward_issue": "PUB-1", "outward_issue": "PUB-2"},
        {"issues": ["REL-1"], "fail_on_missing": False},
        {"jql": "project = PUB"},
    ],
    ids=str,
)
def test_an_expired_token_that_jira_answers_as_anonymous(
    site: LocalJira, task: Tasks, options: dict[str, Any], api_version: str
) -> None:
    """Without a look at the header, absent would be a success, and so would an empty list."""
    site.reset([BLOCKS, ("PUB-1", "Blocks", "PUB-2")])
    known = "3" if site.cloud else "2"
    login = {"password": "expired-token"} if site.cloud else {"token": "expired-pat"}
    version = api_version if api_version == "auto" else known
    module = jira_issue_link_info if {"issues", "jql"} & options.keys() else jira_issue_link
    result = task(module, site, **options, **login, api_version=version).result
    assert result["failed"] and not result["changed"] and "expired" in result["msg"]
    assert result["status"] in (200, 404)
    assert len(site.requests()) == 1 and len(site.links()) == 2


@pytest.mark.fact("CAPTCHA", "403, some 401, with X-Authentication-Denied-Reason; never retried")
def test_captcha_is_never_retried(site: LocalJira, task: Tasks) -> None:
    login = {"username": "locked@example.com", "password": "locked-token", "token": None}
    result = task(jira_issue_link, site, **REST, **login).result
    assert result["failed"] and result["status"] == 403 and "CAPTCHA" in result["msg"] and "browser" in result["msg"]
    assert (len(site.requests()), task.pauses) == (1, [])


@pytest.mark.fact("CAPTCHA")
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"},
        {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://jira.example.com/login.jsp"},
    ],
    ids=str,
)
def test_captcha_in_a_401(site: LocalJira, task: Tasks, headers: dict[str, str]) -> None:
    site.fault("status", **CREATION, status=401, headers=headers)
    result = task(jira_issue_link, site, **REST).result
    assert result["status"] == 401 and "CAPTCHA" in result["msg"]
    assert (site.writes(), task.pauses) == (["POST /issueLink"], [])


@pytest.mark.fact("CAPTCHA")
@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    ("module", "options"),
    [
        (jira_issue_link, {**REST, "state": "absent"}),
        (jira_issue_link_info, {"issues": ["NO-1"], "fail_on_missing": False}),
        (jira_issue_link_info, {"jql": "project = REL"}),
        (jira_site_info, {"permissions_for": ["REL-1"]}),
    ],
    ids=str,
)
def test_captcha_when_asked_who_is_logged_in(
    site: LocalJira, task: Tasks, module: Any, options: dict[str, Any], status: int
) -> None:
    site.settings(login_headers=False)
    site.fault("captcha", path="/myself$", status=status)
    result = task(module, site, **options).result
    assert result["failed"] and "CAPTCHA" in result["msg"]
    assert site.requests()[-1] == "GET /myself"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410])
def test_a_refusal_where_nobody_tells_who_is_logged_in(site: LocalJira, task: Tasks, status: int) -> None:
    """Then a 401 may be about the login as well as about a permission."""
    site.settings(login_headers=False)
    site.fault("status", path="/myself$", status=status, count=9)
    site.fault("status", **CREATION, status=401, body={"errorMessages": ["You may not."]}, count=9)
    result = task(jira_issue_link, site, **REST).result
    assert result["status"] == 401 and "Check the credentials" in result["msg"], result["msg"]
    assert "is logged in" not in result["msg"]
    account = task(jira_site_info, site, permissions_for=["REL-1"]).result["account"]
    assert account["logged_in"] is None


@pytest.mark.fact("CAPTCHA")
def test_captcha_during_a_write(site: LocalJira, task: Tasks) -> None:
    site.fault("captcha", **CREATION)
    assert "CAPTCHA" in task(jira_issue_link, site, **REST, comment="Because.").result["msg"]
    assert site.writes() == ["POST /issueLink"]


LOGINS = {
    "an API token": {"username": "demo@example.com", "password": "wrong-secret"},
    "a personal access token": {"token": "wrong-secret"},
}


@pytest.mark.parametrize(
    ("login", "api_version", "words", "others"),
    [
        ("an API token", "3", "username has to be an e-mail address and password an API token", "Data Center"),
        ("an API token", "3", "a scoped one needs cloud_id: auto", "Data Center"),
        ("an API token", "2", "A personal access token goes into token", "cloud_id"),
        ("an API token", "auto", "On Data Center: A personal access token goes into token", ""),
        ("an API token", "auto", "a scoped one needs cloud_id: auto", ""),
        ("a personal access token", "3", "an API token goes into password", "expired"),
        ("a personal access token", "2", "Perhaps the token has expired.", "cloud_id"),
        ("a personal access token", "auto", "On Jira Cloud, an API token goes into password", "cloud_id"),
    ],
)
def test_the_advice_is_about_the_kind_of_login(
    login: str, api_version: str, words: str, others: str, site: LocalJira, task: Tasks
) -> None:
    """The version tells whether it is Cloud, where the address does not."""
    site.settings(unauthorized_body="json")
    site.fault("status", status=401, body={"message": "Unauthorized"}, count=9)
    options = {"username": None, "password": None, "token": None, **LOGINS[login], "api_version": api_version}
    for module, asked in ((jira_issue_link, REST), (jira_issue_link_info, {"issues": ["REL-1"]})):
        msg = task(module, site, **{**asked, **options}).result["msg"]
        assert "Check the credentials. " in msg and words in msg
        assert not others or others not in msg


def test_what_is_refused_reads_as_a_sentence(site: LocalJira, task: Tasks) -> None:
    site.fault("status", path="serverInfo$", status=403)
    msg = task(jira_issue_link_info, site, issues=["REL-1"]).result["msg"]
    assert msg.startswith("Jira refused the request about its version with status 403")
