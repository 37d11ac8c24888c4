# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No credential comes back, whatever a server repeats and in whatever form."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.connect import misplaced_secrets
from ansible_collections.linkops.jira.plugins.module_utils._client.credentials import Secrets, user_info
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link
from hypothesis import given
from hypothesis import strategies as st

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
SECRET = "wrong/secret  <s> & 'so' \"on\""
FORMS: list[Callable[[str], str]] = [
    str,
    lambda text: quote(text, safe=""),
    quote,
    quote_plus,
    html.escape,
    lambda text: html.escape(text, quote=False),
    lambda text: html.escape(text).replace("&#x27;", "&#39;"),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: base64.b64encode(text.encode()).decode(),
]


@given(secret=st.text(min_size=4).filter(str.strip), before=st.text(), after=st.text(), form=st.sampled_from(FORMS))
def test_hidden_in_every_form(secret: str, before: str, after: str, form: Callable[[str], str]) -> None:
    try:
        repeated = form(secret)
    except UnicodeEncodeError:
        return
    hidden = Secrets([secret, None, ""]).hidden(f"{before}{repeated}{after}")
    assert repeated not in hidden.replace("********", "") and "********" in hidden


@pytest.mark.parametrize(
    "url", ["http://me:secret-1\n@127.0.0.1", "http://me:secret-1\r\n@x.org", "me:\nsecret-1@x.org"]
)
def test_credentials_of_an_address_with_a_line_break(url: str, task: Tasks) -> None:
    """As a password that was read from a file can have one."""
    assert any("secret-1" in part for part in user_info(url))
    result = task(jira_issue_link, url=url, **REST).result
    assert "must not contain credentials" in result["msg"] and "secret-1" not in result["msg"]


def test_a_short_one_would_be_part_of_too_many_words() -> None:
    assert Secrets(["REL"]).hidden("REL-1") == "REL-1"


def test_without_secrets_nothing_is_hidden() -> None:
    assert Secrets([None, ""]).hidden("All of it.") == "All of it."
    assert "hush" not in repr(Secrets(["hush"]))


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("https://jira.example.com/jira", set()),
        ("https://bob:hush@jira.example.com", {"bob", "hush", "bob:hush"}),
        ("https://hush@jira.example.com", {"hush"}),
        ("https://:hush@jira.example.com", {"hush", ":hush"}),
        ("http://bob:hush@[bad", {"bob", "hush", "bob:hush"}),
        ("bob:hush@jira.example.com", {"bob", "hush", "bob:hush"}),
        ("http:/bob:hush@jira.example.com", {"bob", "hush", "bob:hush"}),
        ("http://bob:hu/sh@jira.example.com", {"bob", "hu/sh", "bob:hu/sh"}),
        ("http://bob:hu@sh@jira.example.com", {"bob", "hu@sh", "bob:hu@sh"}),
    ],
)
def test_credentials_inside_addresses(url: str, secrets: set[str]) -> None:
    assert user_info(url) == secrets
    assert misplaced_secrets({"url": None, "oauth_url": url}) == secrets


@pytest.mark.parametrize("name", ["url", "oauth_url", "gateway_url"])
@pytest.mark.parametrize("url", ["http://bob:wrong-secret@127.0.0.1:1", "http://bob:wrong-secret@[bad"])
def test_an_address_with_credentials_is_refused(cloud: LocalJira, task: Tasks, name: str, url: str) -> None:
    result = task(jira_issue_link, cloud, **{**REST, name: url}).result
    assert result["failed"] and f"{name} must not contain credentials" in result["msg"] and task.sent == []


def faults(told: str) -> dict[str, dict[str, Any]]:
    """The places in which a server can repeat something."""
    return {
        "body": {"status": 403, "body": {"errorMessages": [told]}},
        "cut": {"status": 403, "body": {"errorMessages": ["x" * 290 + told]}},  # only so much of it is shown
        "page": {"status": 403, "body": f"<h1>{told}</h1>", "content_type": "html"},
        "header": {"status": 403, "headers": {"X-AREQUESTID": told}},
        "location": {"status": 302, "headers": {"Location": f"/login/{told}"}},
        "reset": {"status": 429, "headers": {"RateLimit-Reason": "quota", "X-RateLimit-Reset": told}},
    }


@pytest.mark.parametrize("repeated", [form(SECRET) for form in FORMS])
@pytest.mark.parametrize("place", faults(""))
def test_what_a_server_repeats(data_center: LocalJira, task: Tasks, repeated: str, place: str) -> None:
    pair = base64.b64encode(f"demo:{SECRET}".encode()).decode()
    data_center.fault("status", **faults(f"{repeated} {pair}")[place])
    login = {"token": None, "username": "demo", "password": SECRET}
    result = json.dumps(task(jira_issue_link, data_center, **REST, **login).result)
    assert '"failed": true' in result and "********" in result
    assert not [text for text in (pair[:12], repeated[:8], json.dumps(repeated[:8])[1:-1]) if text in result]
