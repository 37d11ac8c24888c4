# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials, the gateway, and how Jira takes wrong ones (facts 4 and 9)."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import requests

from tests.sandbox.rest_jira import RestJira

REASON = "X-Seraph-LoginReason"


def ask(
    jira: RestJira, authorization: str | None, path: str = "myself", method: str = "GET", body: Any = None
) -> requests.Response:
    headers = {"Authorization": authorization} if authorization else {}
    return jira(method, path, body, auth=None, headers=headers)


def basic(user: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


CLOUD_DEMO = basic("demo@example.com", "demo-token")
SCOPED = basic("demo@example.com", "demo-scoped-token")


@pytest.mark.parametrize(
    ("deployment", "authorization", "status"),
    [
        ("cloud", CLOUD_DEMO, 200),
        ("cloud", basic("demo", "demo-token"), 401),
        ("cloud", "Bearer demo-pat", 401),
        ("cloud", SCOPED, 401),
        ("data_center", CLOUD_DEMO, 200),
        ("data_center", basic("demo", "demo-token"), 200),
        ("data_center", "Bearer demo-pat", 200),
        ("data_center", SCOPED, 401),
        ("data_center", "Bearer nonsense", 401),
        ("cloud", "Basic nonsense", 401),
        ("cloud", "Basic " + base64.b64encode(b"no colon").decode(), 401),
        ("cloud", "Digest x", 401),
        ("cloud", basic("demo@example.com", "wrong"), 401),
        ("data_center", basic("nobody", "demo-token"), 401),
        ("cloud", None, 401),
        ("data_center", None, 401),
    ],
)
def test_who_gets_in(request: pytest.FixtureRequest, deployment: str, authorization: str | None, status: int) -> None:
    jira: RestJira = request.getfixturevalue(deployment)
    assert ask(jira, authorization).status_code == status


def test_wrong_credentials_are_401_even_where_anonymous_may_read(jira: RestJira) -> None:
    answer = ask(jira, basic("demo@example.com", "wrong"), "issue/PUB-1")
    assert (answer.status_code, answer.headers[REASON]) == (401, "AUTHENTICATED_FAILED")


@pytest.mark.parametrize(
    ("style", "start"), [("json", "application/json"), ("html", "text/html"), ("plain", "text/plain")]
)
def test_a_401_has_three_shapes(jira: RestJira, style: str, start: str) -> None:
    jira.control("POST", "settings", {"unauthorized_body": style})
    answer = ask(jira, basic("demo@example.com", "wrong"))
    assert answer.headers["Content-Type"].startswith(start) and answer.content


def expired(jira: RestJira) -> list[str]:
    tokens = [basic("demo@example.com", "expired-token")]
    return tokens if jira.cloud else [*tokens, "Bearer expired-pat"]


def test_an_expired_token_is_anonymous_and_a_header_says_so(jira: RestJira) -> None:
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "REL-1"}, "outwardIssue": {"key": "REL-2"}}
    calls: list[tuple[str, str, Any, int]] = [
        ("GET", "issueLinkType", None, 200),
        ("GET", "issue/PUB-1", None, 200),
        ("GET", "issue/REL-1", None, 404),
        ("POST", "issueLink", link, 404),
        ("GET", "serverInfo", None, 200),
    ]
    for authorization in expired(jira):
        for method, path, body, status in calls:
            answer = ask(jira, authorization, path, method, body)
            assert (path, answer.status_code) == (path, status)
            assert answer.headers[REASON] == "AUTHENTICATED_FAILED"
        assert ask(jira, authorization).status_code == 401


def test_anonymous_callers_get_no_such_header(jira: RestJira) -> None:
    answers = [ask(jira, None, path) for path in ("issue/PUB-1", "issue/REL-1")]
    assert [(each.status_code, REASON in each.headers) for each in answers] == [(200, False), (404, False)]


def test_captcha(jira: RestJira) -> None:
    answer = ask(jira, basic("locked@example.com", "locked-token"), "issueLinkType")
    assert (answer.status_code, answer.headers[REASON]) == (403, "AUTHENTICATION_DENIED")
    assert answer.headers["X-Authentication-Denied-Reason"].startswith("CAPTCHA_CHALLENGE; login-url=http")


# --- the gateway


@pytest.fixture
def gateway(cloud: RestJira) -> str:
    cloud_id = cloud("GET", "/_edge/tenant_info", auth=None).json()["cloudId"]
    return f"/ex/jira/{cloud_id}/rest/api/3"


def token(cloud: RestJira, **changes: str) -> requests.Response:
    grant = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-client-secret"}
    return cloud("POST", "/oauth/token", {**grant, **changes}, auth=None)


def test_a_scoped_token_works_at_the_gateway_only(cloud: RestJira, gateway: str) -> None:
    assert ask(cloud, SCOPED, f"{gateway}/myself").status_code == 200
    assert ask(cloud, SCOPED, "myself").status_code == 401
    refused = ask(cloud, CLOUD_DEMO, f"{gateway}/myself")
    assert (refused.status_code, refused.json()["status-code"]) == (401, 401)
    assert ask(cloud, SCOPED, "/ex/jira/another/rest/api/3/myself").status_code == 404
    for outsider in (None, expired(cloud)[0]):  # nobody is anonymous here
        assert ask(cloud, outsider, f"{gateway}/issueLinkType").status_code == 401


def test_self_urls_carry_the_gateway(cloud: RestJira, gateway: str) -> None:
    issue = ask(cloud, SCOPED, f"{gateway}/issue/REL-1").json()
    assert issue["self"] == f"{cloud.url}{gateway}/issue/10001"
    assert ask(cloud, SCOPED, f"{gateway}/serverInfo").json()["baseUrl"] == cloud.url


def test_oauth_client_credentials(cloud: RestJira, gateway: str) -> None:
    granted = token(cloud).json()
    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 3600)
    bearer = f"Bearer {granted['access_token']}"
    assert ask(cloud, bearer, f"{gateway}/myself").status_code == 200
    assert ask(cloud, bearer, "myself").status_code == 401
    assert cloud.control("POST", "expire_tokens")["expired"] >= 1
    assert ask(cloud, bearer, f"{gateway}/myself").status_code == 401


def test_oauth_takes_a_form_and_refuses_what_is_wrong(cloud: RestJira) -> None:
    form = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-client-secret"}
    assert cloud("POST", "/oauth/token", auth=None, data=form).status_code == 200
    assert token(cloud, client_secret="wrong").status_code == 401
    assert token(cloud, client_id="nobody").status_code == 401
    assert token(cloud, grant_type="password").status_code == 400


def test_the_record_names_the_account(jira: RestJira) -> None:
    ask(jira, CLOUD_DEMO, "issue/REL-1")
    ask(jira, expired(jira)[0], "issueLinkType")
    ask(jira, None, "issueLinkType")
    accounts = [each["account"] for each in jira.control("GET", "requests")]
    assert accounts == ["demo", "anonymous", "anonymous"]
