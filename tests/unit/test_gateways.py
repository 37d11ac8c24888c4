# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands before Jira answers in its place, in JSON, too; and a login that ends between two requests."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._apply.links import explain
from ansible_collections.linkops.jira.plugins.module_utils._client.connect import (
    ClientCredentials,
    _look_up_cloud_id,
    connect,
)
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import (
    JiraError,
    LimitReached,
    NotFound,
    has_jiras_shape,
)
from ansible_collections.linkops.jira.plugins.module_utils._client.http_client import Answer
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link, jira_issue_link_info

from tests.local_jira import LocalJira
from tests.unit.sets_tasks import rest
from tests.unit.tasks import Tasks, validated

BLOCKS = ("APP-7", "Blocks", "REL-1")
NO_ROUTE = [
    {"body": {"message": "no Route matched with those values"}, "proxy": True},
    {"body": {"title": "Not Found", "status": 404}, "proxy": True},
    {"body": {"type": "about:blank", "title": "Not Found", "status": 404}},
]
"""Of a gateway, or of a Jira that does not know the address, which is not to say that an issue is not there."""
no_route = pytest.mark.parametrize("answer", NO_ROUTE, ids=str)


class Answering:
    """A connection on which every request gets the same JSON."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def request(self, *_: Any, **__: Any) -> Answer:
        return Answer(self._data)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"message": "no Route"}',
        '{"title": "Not Found", "status": 404}',
        '{"errors": ["gone"]}',
        "[]",
        "null",
        "no",
        '{"a": ' * 2000,
    ],
)
def test_what_is_not_of_jiras_shape(text: str) -> None:
    assert not has_jiras_shape(text.encode())


@pytest.mark.parametrize("name", ["errorMessages", "status-code"])
def test_what_is_of_jiras_shape(name: str) -> None:
    assert has_jiras_shape(f'{{"message": "x", "{name}": 404}}'.encode())


@no_route
def test_a_404_about_the_address(site: LocalJira, task: Tasks, answer: dict[str, Any]) -> None:
    site.reset([BLOCKS])
    site.fault("status", path="/rest/api/./(issue|search)", status=404, count=20, **answer)
    for module, options in (
        (jira_issue_link, rest(*BLOCKS, state="absent")),
        (jira_issue_link, {"link_id": "10000", "state": "absent"}),
        (jira_issue_link_info, {"issues": ["REL-1"], "fail_on_missing": False}),
    ):
        result = task(module, site, **options).result
        assert result["failed"] and not result["changed"], result
    assert site.links() == [BLOCKS]


@no_route
def test_a_404_about_the_address_of_a_removal(site: LocalJira, task: Tasks, answer: dict[str, Any]) -> None:
    site.reset([BLOCKS])
    site.fault("status", path="/issueLink/", status=404, count=9, **answer)
    result = task(jira_issue_link, site, **rest(*BLOCKS, state="absent")).result
    assert result["failed"] and not result["changed"] and site.links() == [BLOCKS]


def test_a_login_that_ends_before_a_removal(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS])
    site.settings(login_headers=False)
    jira = Jira(connect(validated(jira_issue_link, {**site.login(), **rest(*BLOCKS)})))  # type: ignore[arg-type]
    (link,) = jira.issue("REL-1").links
    jira.prove_login()
    site.fault("status", path="/issueLink/", status=404, body={"errorMessages": ["No issue link."]}, count=9)
    site.fault("status", path="/myself", status=401, count=9)
    with pytest.raises(JiraError, match="did not accept the credentials"):
        jira.delete_link(link)


def test_a_cause_does_not_take_the_doubt_away() -> None:
    refusal = LimitReached("It was refused.").doubted("It was refused. It may have been done all the same.")
    assert explain(refusal, None, lambda: [NotFound("Linking is off.")]) is refusal  # type: ignore[arg-type]


@pytest.mark.parametrize("cloud_id", [5, [], ["x"], {"a": 1}, "", " ", "\ud800", "a/b", True])
def test_a_cloud_id_of_a_wrong_type(cloud_id: Any) -> None:
    with pytest.raises(JiraError, match="does not tell its cloud id"):
        _look_up_cloud_id(Answering({"cloudId": cloud_id}))  # type: ignore[arg-type]


@pytest.mark.parametrize("token", [5, [], ["x"], {"a": 1}, "", " ", "\ud800", True, None])
def test_an_access_token_of_a_wrong_type(token: Any) -> None:
    with pytest.raises(JiraError, match="without an access token"):
        ClientCredentials(Answering({"access_token": token}), "id", "secret").header()  # type: ignore[arg-type]
