# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connection options that cannot be right, and what they are warned of or known by before anything is sent."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.connect import connect, insecure
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.module_utils._client.outcome import Outcome
from ansible_collections.linkops.jira.plugins.module_utils._model.options import InputError
from ansible_collections.linkops.jira.plugins.module_utils._module import perform
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link, jira_issue_link_info

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks, validated

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
CLOUD_ID = "11223344-a1b2-3b33-c444-def123456789"
ANONYMOUS = {"username": None, "password": None, "token": None}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"username": "demo@example.com", "password": "demo-token", "token": "demo-pat"}, "username and token"),
        ({"token": "demo-pat", "client_id": "x", "client_secret": "demo-client-secret"}, "token and client_id"),
        ({"username": "demo@example.com", "password": None, "token": None}, "give username, but not password"),
        ({"username": None, "password": "demo-token", "token": None}, "give password, but not username"),
        ({**ANONYMOUS, "client_id": "demo-client"}, "give client_id, but not client_secret"),
        ({"url": "jira.example.com"}, "https://"),
        ({"url": "ftp://jira.example.com"}, "https://"),
        ({"url": "https://"}, "host"),
        ({"url": "https://[x"}, "url"),
        ({"url": "https://127.0.0.1:port"}, "url"),
        ({"url": "https://jira.example.com/browse/HSP-1"}, "without '/browse/HSP-1'"),
        ({"url": "https://jira.example.com/jira/rest/api/2/"}, "without '/rest/api/2'"),
        ({"url": "https://jira.example.com?x=1"}, "without '?x=1'"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": -1}, "timeout"),
        ({"timeout": float("inf")}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"url": "https://jira..example.com"}, "host"),
        ({"oauth_url": "nonsense"}, "oauth_url has to begin"),
        ({"gateway_url": "nonsense"}, "gateway_url has to begin"),
        ({"client_key": "/nowhere/key.pem"}, "client_cert"),
        ({"url": None}, "url"),
    ],
    ids=str,
)  # fmt: skip
def test_options_that_cannot_be_right(site: LocalJira, task: Tasks, options: dict[str, Any], words: str) -> None:
    result = task(jira_issue_link, site, **{**REST, **options}).result
    assert result["failed"] and words in result["msg"]
    assert task.sent == []


@pytest.mark.parametrize(
    "url",
    ["https://demo:wrong-secret@jira.example.com", "https://wrong-secret@jira.example.com", "https://:wrong-secret@x.org"],
)  # fmt: skip
def test_credentials_in_the_url_are_refused_and_not_repeated(task: Tasks, url: str) -> None:
    result = task(jira_issue_link, None, url=url, **REST).result
    assert result["failed"] and "credentials" in result["msg"] and "username and password" in result["msg"]
    assert task.sent == []


@pytest.mark.parametrize(
    ("options", "warned"),
    [
        ({"url": "http://jira.example.com", "token": "demo-pat"}, True),
        ({"url": "http://jira.example.com", "username": "a", "password": "wrong-secret"}, True),
        ({"url": "http://10.0.0.1:8080/jira", "token": "demo-pat"}, True),
        ({"url": "http://127.example.com", "token": "demo-pat"}, True),
        ({"url": "http://localhost.example.com", "token": "demo-pat"}, True),
        ({"url": "http://jira.example.com", "username": "a", "password": "wrong-secret", "cloud_id": CLOUD_ID}, False),
        ({"url": "http://jira.example.com"}, False),
        ({"url": "https://jira.example.com", "token": "demo-pat"}, False),
        ({"url": "http://localhost:8080", "token": "demo-pat"}, False),
        ({"url": "http://127.0.0.1:8080", "token": "demo-pat"}, False),
        ({"url": "http://127.1.2.3", "token": "demo-pat"}, False),
        ({"url": "http://[::1]:8080", "token": "demo-pat"}, False),
        (
            {
                "url": "https://jira.example.com",
                "cloud_id": CLOUD_ID,
                "client_id": "a",
                "client_secret": "wrong-secret",
                "oauth_url": "http://auth.example.com/oauth/token",
            },
            True,
        ),
        (
            {
                "url": "https://jira.example.com",
                "cloud_id": CLOUD_ID,
                "username": "a",
                "password": "wrong-secret",
                "gateway_url": "http://gateway.example.com",
            },
            True,
        ),
    ],
    ids=str,
)
def test_credentials_over_plain_http_get_a_warning(task: Tasks, options: dict[str, str], warned: bool) -> None:
    """Only the connection is made ready here; nothing is sent."""
    warnings = warnings_of(options)
    assert bool(warnings) is warned and task.sent == []
    assert not warned or ("plain http" in warnings[0] and "wrong-secret" not in warnings[0])


def warnings_of(options: dict[str, str]) -> list[str]:
    params = validated(jira_issue_link_info, {**options, "issues": []})
    assert isinstance(params, dict)
    return perform(lambda params, check_mode, jira: Outcome({}), params, False).warnings


def test_who_tells_the_cloud_id_leads_the_credentials() -> None:
    login = {"url": "http://jira.example.com", "username": "a", "password": "wrong-secret", "cloud_id": "auto"}
    params = validated(jira_issue_link_info, {**login, "issues": []})
    assert isinstance(params, dict) and "jira.example.com" in insecure(params)[0]


def test_the_warning_names_the_host_that_the_credentials_go_to() -> None:
    gateway = {"cloud_id": CLOUD_ID, "gateway_url": "http://gateway.example.com"}
    login = {"url": "https://jira.example.com", "username": "a", "password": "wrong-secret"}
    assert "gateway.example.com" in warnings_of({**login, **gateway})[0]


@pytest.mark.parametrize("name", ["token", "password", "client_secret"])
def test_no_secret_in_what_python_shows_of_a_connection(name: str) -> None:
    pair: dict[str, str] = {"password": {"username": "a"}, "client_secret": {"client_id": "a"}, "token": {}}[name]
    options = {"url": "https://x.org", "cloud_id": CLOUD_ID, "issues": [], name: "wrong-secret", **pair}
    params = validated(jira_issue_link_info, options)
    assert isinstance(params, dict)
    site = connect(params)
    shown = repr((site, site.http, vars(site), vars(site.http), vars(Jira(site))))
    assert "wrong-secret" not in shown and base64.b64encode(b"a:wrong-secret").decode() not in shown


@pytest.mark.parametrize(
    ("url", "version"),
    [("https://x.atlassian.net", "3"), ("https://X.Atlassian.NET/", "3"), ("https://x.atlassian.net:443", "3")],
)
def test_a_host_of_cloud_is_known_without_asking(task: Tasks, url: str, version: str) -> None:
    params = validated(jira_issue_link_info, {"url": url, "issues": []})
    assert isinstance(params, dict)
    jira = Jira(connect(params))
    assert (jira.is_cloud(), jira.find_api_version(), task.sent) == (True, version, [])


def test_no_host_of_cloud_because_of_a_part_of_its_name(site: LocalJira, task: Tasks) -> None:
    params = validated(jira_issue_link_info, {"url": "https://atlassian.net.example.com", "issues": []})
    assert isinstance(params, dict)
    with pytest.raises(AssertionError, match="tried to reach"):
        Jira(connect(params)).is_cloud()


def test_connect_raises_what_is_wrong_with_the_options() -> None:
    params = validated(jira_issue_link_info, {"url": "nonsense", "issues": []})
    assert isinstance(params, dict)
    with pytest.raises(InputError):
        connect(params)
