# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to log in, and the gateway."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.connect import ClientCredentials, connect
from ansible_collections.linkops.jira.plugins.module_utils._client.credentials import Secrets
from ansible_collections.linkops.jira.plugins.module_utils._client.http_client import Answer, Http
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link, jira_issue_link_info

from tests.local_jira import LocalJira, running
from tests.unit.tasks import Tasks, validated

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
PUBLIC = {"link_type": "Blocks", "inward_issue": "PUB-1", "outward_issue": "PUB-2"}
BLOCKS = ("APP-7", "Blocks", "REL-1")
CLOUD_ID = "11223344-a1b2-3b33-c444-def123456789"
ANONYMOUS = {"username": None, "password": None, "token": None}
OAUTH = {**ANONYMOUS, "client_id": "demo-client", "client_secret": "demo-client-secret"}


def basic(user: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


def gateway(site: LocalJira) -> dict[str, str]:
    return {"gateway_url": f"{site.url}/ex/jira", "oauth_url": f"{site.url}/oauth/token"}


# --- the kinds of login


@pytest.mark.fact("Cloud, e-mail and API token", "Basic, at the site")
@pytest.mark.fact("Basic without a challenge", "sent with the first request")
def test_email_and_api_token(cloud: LocalJira, task: Tasks) -> None:
    assert task(jira_issue_link, cloud, **REST).result["changed"]
    assert {sent.authorization for sent in task.sent} == {basic("demo@example.com", "demo-token")}  # unasked, at once
    assert cloud.accounts() == {"demo"}


@pytest.mark.fact("Cloud, scoped token", "Basic, only at the gateway; the site answers 401")
@pytest.mark.fact("cloudId", "from /_edge/tenant_info")
@pytest.mark.parametrize("cloud_id", [CLOUD_ID, "auto"])
def test_scoped_token_through_the_gateway(cloud: LocalJira, task: Tasks, cloud_id: str) -> None:
    options = {**REST, **gateway(cloud), "password": "demo-scoped-token", "cloud_id": cloud_id}
    result = task(jira_issue_link, cloud, **options).result
    assert result["changed"] and cloud.links() == [BLOCKS]
    paths = {urlsplit(sent.url).path for sent in task.sent} - {"/_edge/tenant_info"}
    assert all(path.startswith(f"/ex/jira/{CLOUD_ID}/rest/api/3/") for path in paths)
    assert result["request"]["path"] == "/rest/api/3/issueLink"
    assert task(jira_issue_link, cloud, **options).result["link"] == result["link"]


@pytest.mark.fact("self URLs carry the gateway's host", "so nothing in a result depends on them")
def test_a_result_is_the_same_through_the_gateway(cloud: LocalJira, task: Tasks) -> None:
    scoped = {**gateway(cloud), "password": "demo-scoped-token", "cloud_id": CLOUD_ID}
    for module, options in ((jira_issue_link, REST), (jira_issue_link_info, {"issues": ["REL-1"]})):
        assert task(module, cloud, True, **options, **scoped) == task(module, cloud, True, **options)
        cloud.reset([BLOCKS])


@pytest.mark.fact("Cloud, scoped token")
def test_a_scoped_token_at_the_site_is_refused_with_the_reason(cloud: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link, cloud, **REST, password="demo-scoped-token").result
    assert result["status"] == 401 and "cloud_id" in result["msg"]


def test_a_wrong_cloud_id(cloud: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link, cloud, **REST, **gateway(cloud), cloud_id="nonsense/../x").result
    assert result["failed"] and result["status"] == 404 and "cloud_id" in result["msg"]
    assert "nonsense%2F..%2Fx" in task.sent[-1].url


@pytest.mark.fact("cloudId")
def test_no_cloud_id_where_there_is_no_cloud(data_center: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link, data_center, **REST, cloud_id="auto").result
    assert result["failed"] and "cloud id" in result["msg"]


@pytest.mark.fact("cloudId")
def test_the_cloud_id_is_asked_for_without_credentials(cloud: LocalJira, task: Tasks) -> None:
    task(jira_issue_link, cloud, **REST, **gateway(cloud), password="demo-scoped-token", cloud_id="auto")
    assert [sent.authorization for sent in task.sent if sent.url.endswith("/_edge/tenant_info")] == [None]


@pytest.mark.fact("Cloud, OAuth 2.0", "Bearer at the gateway; client credentials, 60 minutes")
@pytest.mark.parametrize("cloud_id", [CLOUD_ID, "auto"])
def test_oauth_client_credentials(cloud: LocalJira, task: Tasks, cloud_id: str) -> None:
    result = task(jira_issue_link, cloud, **{**REST, **OAUTH, **gateway(cloud), "cloud_id": cloud_id}).result
    assert result["changed"] and cloud.links() == [BLOCKS]
    tokens = [sent for sent in task.sent if sent.url.endswith("/oauth/token")]
    assert [(sent.method, sent.authorization) for sent in tokens] == [("POST", None)]  # once for the whole task
    bearers = {sent.authorization for sent in task.sent if "/ex/jira/" in sent.url}
    assert len(bearers) == 1 and str(bearers.pop()).startswith("Bearer ")


@pytest.mark.fact("Cloud, OAuth 2.0")
def test_an_access_token_is_renewed_before_it_ends(
    cloud: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    login: dict[str, Any] = {**OAUTH, **gateway(cloud), "cloud_id": CLOUD_ID, "url": cloud.url, "issues": []}
    params = validated(jira_issue_link_info, {name: value for name, value in login.items() if value is not None})
    assert isinstance(params, dict)
    jira = Jira(connect(params))
    jira.issue("REL-1")
    jira.issue("REL-2")
    cloud.control("POST", "expire_tokens")
    now = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + 3590)
    jira.issue("REL-3")
    tokens = [sent.authorization for sent in task.sent if "/ex/jira/" in sent.url]
    assert tokens[0] == tokens[1] != tokens[2]


@pytest.mark.fact("Cloud, OAuth 2.0")
def test_a_wrong_client_secret_in_the_words_of_the_token_service(cloud: LocalJira, task: Tasks) -> None:
    options = {**REST, **OAUTH, **gateway(cloud), "cloud_id": CLOUD_ID, "client_secret": "wrong-secret"}
    result = task(jira_issue_link, cloud, **options).result
    assert result["failed"] and result["status"] == 401 and "client_secret" in result["msg"]
    assert result["error_messages"] and result["error_messages"][0] in result["msg"]
    assert cloud.requests() == ["POST /oauth/token"]


@pytest.mark.parametrize("body", ["{}", "[]", "<html>", ""], ids=["no token", "list", "page", "nothing"])
def test_a_token_service_that_is_none(cloud: LocalJira, task: Tasks, body: str) -> None:
    cloud.fault("status", path="/oauth/token$", status=200, body=body)
    result = task(jira_issue_link, cloud, **{**REST, **OAUTH, **gateway(cloud), "cloud_id": CLOUD_ID}).result
    assert result["failed"] and "oauth_url" in result["msg"]


@pytest.mark.parametrize(
    "body",
    [
        {"access_token": "wrong-secret\n456"},
        {"access_token": None, "note": "wrong-secret"},
        {"access_token": ["wrong-secret"], "x": "€"},
        "access_token=wrong-secret&token_type=bearer",
    ],
    ids=["two lines", "none", "list", "a form"],
)
def test_an_odd_answer_of_the_token_service(cloud: LocalJira, task: Tasks, body: Any) -> None:
    """Whatever it is, it may be the token, and is not shown."""
    cloud.fault("status", path="/oauth/token$", status=200, body=body)
    result = task(jira_issue_link, cloud, **{**REST, **OAUTH, **gateway(cloud), "cloud_id": CLOUD_ID}).result
    assert result["failed"] and not result["changed"]


def test_a_wrong_address_of_the_token_service(cloud: LocalJira, task: Tasks) -> None:
    options = {**gateway(cloud), "oauth_url": f"{cloud.url}/nothing"}
    result = task(jira_issue_link, cloud, **{**REST, **OAUTH, **options, "cloud_id": CLOUD_ID}).result
    assert result["failed"] and result["status"] == 404 and "Check oauth_url" in result["msg"]


@pytest.mark.parametrize("lifetime", [{}, {"expires_in": None}, {"expires_in": "soon"}, {"expires_in": 1e999}], ids=str)
def test_a_token_is_kept_whatever_is_said_of_its_lifetime(lifetime: dict[str, Any]) -> None:
    class Service:
        secrets, asked = Secrets(), 0

        def request(self, *_args: Any, **_more: Any) -> Answer:
            self.asked += 1
            return Answer({"access_token": "one", **lifetime})

    service = Service()
    credentials = ClientCredentials(cast(Http, service), "client", "secret")
    assert [credentials.header(), credentials.header()] == ["Bearer one"] * 2 and service.asked == 1


def test_the_token_service_is_asked_again_after_a_fault(cloud: LocalJira, task: Tasks) -> None:
    cloud.fault("status", path="/oauth/token$", status=503)
    assert task(jira_issue_link, cloud, **{**REST, **OAUTH, **gateway(cloud), "cloud_id": CLOUD_ID}).result["changed"]
    assert len(task.pauses) == 1


def test_an_access_token_that_jira_no_longer_takes(cloud: LocalJira, task: Tasks) -> None:
    cloud.fault("status", path="/ex/jira/", status=401, body={"message": "Unauthorized", "status-code": 401})
    result = task(jira_issue_link, cloud, **{**REST, **OAUTH, **gateway(cloud), "cloud_id": CLOUD_ID}).result
    assert result["failed"] and result["status"] == 401 and "credentials" in result["msg"]


@pytest.mark.fact("Data Center, personal access token", "Bearer")
def test_personal_access_token(data_center: LocalJira, task: Tasks) -> None:
    assert task(jira_issue_link, data_center, **REST).result["changed"]
    assert {sent.authorization for sent in task.sent} == {"Bearer demo-pat"}
    assert data_center.accounts() == {"demo"}


@pytest.mark.fact("Data Center, user and password", "Basic; a context path belongs to the URL")
def test_user_and_password_below_a_context_path(in_a_folder: LocalJira, task: Tasks) -> None:
    login = {"url": f"{in_a_folder.url}/", "username": "demo", "password": "demo-token"}
    result = task(jira_issue_link, **REST, **login).result
    assert result["changed"] and result["request"]["path"] == "/rest/api/2/issueLink"
    assert {sent.authorization for sent in task.sent} == {basic("demo", "demo-token")}
    assert all("/jira/rest/api/2/" in sent.url for sent in task.sent)
    failed = task(jira_issue_link, **REST, **{**login, "url": in_a_folder.url.removesuffix("/jira")}).result
    assert failed["status"] == 404 and "context path" in failed["msg"]


@pytest.fixture
def in_a_folder(tmp_path: Path) -> Iterator[LocalJira]:
    with running("data_center", tmp_path, "--context-path", "/jira") as site:
        yield site


def test_letters_beyond_ascii(data_center: LocalJira, task: Tasks) -> None:
    task(jira_issue_link, data_center, **REST, token=None, username="jürgen", password="wrong-secret-ß")
    assert task.sent[0].authorization == basic("jürgen", "wrong-secret-ß")


@pytest.mark.parametrize("token", ["wrong-secret\n", "wrong\r\nX-Evil: wrong-secret", "wrong-secret-€"])
def test_tokens_that_fit_in_no_header(data_center: LocalJira, task: Tasks, token: str) -> None:
    """The token with the line break of the file it came from, above all; requests' own error would repeat it."""
    result = task(jira_issue_link, data_center, **REST, token=token).result
    assert result["failed"] and not result["changed"]


def test_anonymous_is_not_logged_in(site: LocalJira, task: Tasks) -> None:
    """Whatever Jira lets it ask, and whatever it says in its refusal."""
    site.reset(projects=[{"key": "PUB", "count": 2, "browse": ["anyone"], "link": ["anyone"]}])
    body = {"errorMessages": ["No Link Issue Permission for issue 'PUB-1'"]}
    site.fault("status", method="POST", path="/issueLink$", status=401, body=body)
    result = task(jira_issue_link, site, **PUBLIC, **ANONYMOUS).result
    assert result["failed"] and "logged in, but" not in result["msg"] and "anonymous" in result["msg"]


@pytest.mark.fact("anonymous", "no header")
def test_anonymous(site: LocalJira, task: Tasks) -> None:
    site.reset([("PUB-1", "Blocks", "PUB-2")])
    assert not task(jira_issue_link, site, **PUBLIC, **ANONYMOUS).result.get("failed")
    failed = task(jira_issue_link, site, **{**PUBLIC, "link_type": "Relates"}, **ANONYMOUS).result
    assert failed["status"] == 401 and "no Link Issues permission for PUB-1" in failed["msg"]
    assert {sent.authorization for sent in task.sent} == {None} and site.accounts() == {"anonymous"}


def test_options_from_the_environment(site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in site.login().items():
        monkeypatch.setenv(f"JIRA_{name.upper()}", value)
    assert task(jira_issue_link, **REST).result["changed"]
    assert not task(jira_issue_link, **REST, uri=site.url).result.get("failed")
    monkeypatch.setenv("JIRA_URL", "http://127.0.0.1:1")
    assert not task(jira_issue_link, site, **REST).result.get("failed")  # what the task says wins
    assert site.accounts() == {"demo"}


def test_the_names_of_community_general(cloud: LocalJira, task: Tasks) -> None:
    login = cloud.login()
    options = {"uri": login["url"], "username": login["username"], "api_token": login["password"]}
    assert task(jira_issue_link, **REST, **options).result["changed"]
