# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers and requests against Jira Cloud's published API description, where it is present."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.local_jira import CHECKOUT, LocalJira
from tests.sandbox.rest_jira import ADMIN, DEMO, JSON_TYPE, RestJira

VARIABLE = "LINKOPS_JIRA_OPENAPI"
BESIDE = CHECKOUT.parent / "shared" / "openapi" / "jira-cloud-v3-issue-links.json"
# Jira writes +0000, where the date-time of the description wants +00:00
JIRA_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000")
LINK = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "REL-1"}, "outwardIssue": {"key": "APP-7"}}
DOCUMENT = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "hi"}]}],
}
REMOTE = {"globalId": "g", "relationship": "built by", "object": {"url": "https://x.example.com", "title": "X"}}
NAMES = {"name": "Causes", "inward": "is caused by", "outward": "causes"}


@pytest.fixture(scope="module")
def contract(_sites: dict[str, LocalJira]) -> Any:
    """The description, as if it were about the sandbox."""
    path = Path(os.environ.get(VARIABLE) or BESIDE)
    if not path.exists():
        pytest.skip(f"the API description is neither beside the checkout nor where {VARIABLE} says")
    from openapi_core import Config, OpenAPI

    description = {**json.loads(path.read_text(encoding="utf-8")), "servers": [{"url": _sites["cloud"].url}]}
    formats = {"date-time": lambda value: bool(JIRA_TIME.fullmatch(value))}
    return OpenAPI.from_dict(description, config=Config(spec_validator_cls=None, extra_format_validators=formats))


CALLS: list[tuple[str, str, Any, int]] = [
    ("GET", "serverInfo", None, 200),
    ("GET", "myself", None, 200),
    ("GET", "field", None, 200),
    ("GET", "mypermissions?permissions=LINK_ISSUES&issueKey=REL-1", None, 200),
    ("GET", "issue/REL-2", None, 200),
    ("GET", "issue/REL-2?fields=issuelinks", None, 200),
    ("GET", "issue/REL-999", None, 404),
    ("POST", "issue/bulkfetch", {"issueIdsOrKeys": ["REL-2", "APP-2"], "fields": ["issuelinks", "summary"]}, 200),
    ("GET", "issue/limit/report", None, 200),
    ("POST", "search/jql", {"jql": "project = REL", "maxResults": 5, "fields": ["issuelinks", "status"]}, 200),
    ("GET", "search/jql?jql=key%20%3D%20REL-1", None, 200),
    ("POST", "search/jql", {"jql": "order by key"}, 400),
    ("POST", "issueLink", {**LINK, "comment": {"body": DOCUMENT}}, 201),
    ("POST", "issueLink", {**LINK, "comment": {"body": DOCUMENT, "visibility": {"type": "group", "value": "x"}}}, 400),
    ("POST", "issueLink", {**LINK, "inwardIssue": {"key": "REL-999"}}, 404),
    ("GET", "issueLink/{link}", None, 200),
    ("GET", "issueLink/1", None, 404),
    ("DELETE", "issueLink/{link}", None, 204),
    ("GET", "issueLinkType", None, 200),
    ("GET", "issueLinkType/10000", None, 200),
    ("POST", "issueLinkType", NAMES, 201),
    ("POST", "issueLinkType", {**NAMES, "name": "Blocks"}, 400),
    ("PUT", "issueLinkType/10000", {"outward": "holds up"}, 200),
    ("DELETE", "issueLinkType/10000", None, 204),
    ("GET", "issue/REL-2/comment", None, 200),
    ("POST", "issue/REL-2/comment", {"body": DOCUMENT, "visibility": {"type": "role", "value": "Developers"}}, 201),
    ("POST", "issue/SUP-1/comment", {"body": DOCUMENT}, 201),
    ("GET", "issue/REL-2/remotelink?globalId=g", None, 200),  # without it an array, which is not described
    ("POST", "issue/REL-3/remotelink", REMOTE, 201),
    ("POST", "issue/REL-2/remotelink", REMOTE, 200),
    ("GET", "issue/REL-2/remotelink/{remote}", None, 200),
    ("PUT", "issue/REL-2/remotelink/{remote}", REMOTE, 204),
    ("DELETE", "issue/REL-2/remotelink?globalId=g", None, 204),
    ("DELETE", "issue/REL-2/remotelink/{remote}", None, 204),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), CALLS)
def test_the_published_description_holds(
    contract: Any, cloud: RestJira, method: str, path: str, body: Any, status: int
) -> None:
    ids = {"link": cloud.linked("REL-2", "APP-2"), "remote": _prepare(cloud)}
    answer = cloud(method, path.format(**ids), body, auth=ADMIN, headers=JSON_TYPE)
    assert answer.status_code == status, answer.text
    request = described(answer.request)
    contract.validate_request(request)
    # the description declares a JSON body for the 201 of issueLink; really there is none
    if answer.content:
        from openapi_core.contrib.requests import RequestsOpenAPIResponse

        contract.validate_response(request, RequestsOpenAPIResponse(answer))


def described(request: Any) -> Any:
    from openapi_core.contrib.requests import RequestsOpenAPIRequest

    return RequestsOpenAPIRequest(request)


def _prepare(cloud: RestJira) -> int:
    comment = {"body": DOCUMENT, "visibility": {"type": "group", "value": "jira-users"}}
    assert cloud("POST", "issue/REL-2/comment", comment).status_code == 201
    remote: int = cloud("POST", "issue/REL-2/remotelink", REMOTE, DEMO).json()["id"]
    return remote


def test_the_contract_bites(contract: Any, cloud: RestJira) -> None:
    """A request that the description does not allow is found out."""
    from openapi_core.exceptions import OpenAPIError

    answer = cloud("POST", "issueLink", {"type": {"name": "Blocks"}})
    with pytest.raises(OpenAPIError):
        contract.validate_request(described(answer.request))
