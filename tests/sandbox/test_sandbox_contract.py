# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox answers as `contract.yml` says, and that agrees with Jira Cloud's published API description."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

from sandbox.web.routes import ROUTES
from tests.local_jira import CHECKOUT, LocalJira
from tests.sandbox.descriptions import Json, differences
from tests.sandbox.rest_jira import ADMIN, DEMO, JSON_TYPE, RestJira

CONTRACT: Json = yaml.safe_load((Path(__file__).parent / "contract.yml").read_text(encoding="utf-8"))
VARIABLE = "LINKOPS_JIRA_OPENAPI"
BESIDE = CHECKOUT.parent / "shared" / "openapi" / "jira-cloud-v3-issue-links.json"
API = "/rest/api/3/"
ELSEWHERE = {"search", "issue/*/comment/*"}  # Data Center's; not in the part of the description that is kept here
# Jira writes +0000, where a date-time wants +00:00
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
def contract(_sites: dict[str, LocalJira]) -> OpenAPI:
    """The contract, as if it were about the sandbox."""
    formats = {"date-time": lambda value: bool(JIRA_TIME.fullmatch(value))}
    return OpenAPI.from_dict(
        {**CONTRACT, "servers": [{"url": _sites["cloud"].url}]}, config=Config(extra_format_validators=formats)
    )


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
    ("GET", "issue/REL-2/remotelink", None, 200),
    ("GET", "issue/REL-2/remotelink?globalId=g", None, 200),
    ("POST", "issue/REL-3/remotelink", REMOTE, 201),
    ("POST", "issue/REL-2/remotelink", REMOTE, 200),
    ("GET", "issue/REL-2/remotelink/{remote}", None, 200),
    ("PUT", "issue/REL-2/remotelink/{remote}", REMOTE, 204),
    ("DELETE", "issue/REL-2/remotelink?globalId=g", None, 204),
    ("DELETE", "issue/REL-2/remotelink/{remote}", None, 204),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), CALLS)
def test_the_contract_holds(contract: OpenAPI, cloud: RestJira, method: str, path: str, body: Any, status: int) -> None:
    ids = {"link": cloud.linked("REL-2", "APP-2"), "remote": _prepare(cloud)}
    answer = cloud(method, path.format(**ids), body, auth=ADMIN, headers=JSON_TYPE)
    assert answer.status_code == status, answer.text
    request = RequestsOpenAPIRequest(answer.request)
    contract.validate_request(request)
    contract.validate_response(request, RequestsOpenAPIResponse(answer))


def _prepare(cloud: RestJira) -> int:
    comment = {"body": DOCUMENT, "visibility": {"type": "group", "value": "jira-users"}}
    assert cloud("POST", "issue/REL-2/comment", comment).status_code == 201
    remote: int = cloud("POST", "issue/REL-2/remotelink", REMOTE, DEMO).json()["id"]
    return remote


def test_the_contract_bites(contract: OpenAPI, cloud: RestJira) -> None:
    """A request that it does not allow is found out."""
    answer = cloud("POST", "issueLink", {"type": {"name": "Blocks"}})
    with pytest.raises(OpenAPIError):
        contract.validate_request(RequestsOpenAPIRequest(answer.request))


def test_every_endpoint_has_a_contract() -> None:
    """And every contract has an endpoint."""
    routes = {(each.method, each.pattern) for each in ROUTES if each.pattern not in ELSEWHERE}
    assert routes == {
        (method.upper(), re.sub(r"{\w+}", "*", path.removeprefix(API)))
        for path, operations in CONTRACT["paths"].items()
        for method in operations
    }


def test_the_contract_agrees_with_the_published_description() -> None:
    path = Path(os.environ.get(VARIABLE) or BESIDE)
    if not path.exists():
        pytest.skip(f"the API description is neither beside the checkout nor where {VARIABLE} says")
    assert differences(CONTRACT, json.loads(path.read_text(encoding="utf-8"))) == []


LINK_PATH, LINKS_PATH = "/rest/api/3/issueLink/{linkId}", "/rest/api/3/issueLink"
SAYS_OTHERWISE: list[tuple[Callable[[Json], Any], str]] = [
    (lambda paths: paths.update({LINK_PATH + "s": paths.pop(LINK_PATH)}), f"GET {LINK_PATH}s is not described"),
    (lambda paths: paths[LINK_PATH].update(put=paths[LINK_PATH].pop("get")), f"PUT {LINK_PATH} is not described"),
    (lambda paths: paths[LINK_PATH]["get"]["parameters"][0].update(name="id"), "parameter id is not described"),
    (lambda paths: paths[LINK_PATH]["get"]["parameters"].clear(), "the required parameter linkId is missing"),
    (lambda paths: paths[LINK_PATH]["get"]["parameters"][0].pop("required"), "linkId is required by one of them only"),
    (lambda paths: paths[LINK_PATH]["get"]["parameters"][0].update(schema={"type": "integer"}), "type is integer"),
    (lambda paths: paths[LINKS_PATH]["post"].pop("requestBody"), "only one of them has a request body"),
    (lambda paths: paths[LINKS_PATH]["post"]["requestBody"].pop("required"), "the request body is required by one"),
    (lambda paths: new_link(paths)["required"].pop(), "request.outwardIssue is required by one of them only"),
    (lambda paths: new_link(paths)["required"].append("comment"), "request.comment is required by one of them only"),
    (lambda paths: new_link(paths)["properties"].update(kind={}), "request.kind is not described"),
    (lambda paths: new_link(paths).pop("additionalProperties"), "request: other properties are allowed here only"),
    (lambda paths: new_link(paths)["properties"].update(type={"type": "string"}), "request.type: type is string here"),
    (lambda paths: paths[LINK_PATH]["get"]["responses"].update({"402": {}}), "the status 402 is not described"),
    (lambda paths: link(paths)["properties"]["self"].update(format="int32"), "200.self: format is int32 here and uri"),
    (lambda paths: link(paths)["required"].pop(), "200.outwardIssue is required by one of them only"),
]


def new_link(paths: Json) -> Json:
    schema: Json = paths[LINKS_PATH]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return schema


def link(paths: Json) -> Json:
    schema: Json = paths[LINK_PATH]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize(("change", "says"), SAYS_OTHERWISE, ids=[says for _change, says in SAYS_OTHERWISE])
def test_what_the_contract_says_otherwise_is_found(change: Callable[[Json], Any], says: str) -> None:
    """The contract, held against itself as it was."""
    changed = copy.deepcopy(CONTRACT)
    change(changed["paths"])
    assert says in "\n".join(differences(changed, CONTRACT))
    assert differences(CONTRACT, CONTRACT) == []


def test_of_an_answer_the_contract_may_require_more() -> None:
    loose = copy.deepcopy(CONTRACT)
    del link(loose["paths"])["required"]
    assert differences(CONTRACT, loose) == []


def test_references_of_a_description_are_followed() -> None:
    described = copy.deepcopy(CONTRACT)
    described["components"]["schemas"]["Status"] = {"type": "string"}
    link(described["paths"])["properties"]["type"] = {
        "allOf": [{"$ref": "#/components/schemas/Status"}],
        "readOnly": True,
    }
    assert "GET /rest/api/3/issueLink/{linkId}: 200.type: type is object here and string there" in differences(
        CONTRACT, described
    )
