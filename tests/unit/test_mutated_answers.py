# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every field of every answer that the client reads, with a value that Jira would not give it.

It is refused as no answer of Jira's, or is a text that only changes how things are called. It never ends in a crash,
and never in less than there is.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.answers import Server
from ansible_collections.linkops.jira.plugins.module_utils._client.connect import connect
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import JiraError, Unexpected
from ansible_collections.linkops.jira.plugins.module_utils._client.http_client import Http
from ansible_collections.linkops.jira.plugins.module_utils._client.issues import read_issues
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.module_utils._model.link import IssueLink, LinkedIssue, LinkType
from ansible_collections.linkops.jira.plugins.module_utils._model.remote_link import RemoteLink
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_link_type,
    jira_issue_link_type_info,
    jira_issue_links,
    jira_remote_link,
    jira_remote_link_info,
    jira_remote_links,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

Place = tuple["str | int", ...]
"""Where a value stands in JSON: names and positions, from the outside in."""
MISSING = object()
MUTATIONS: dict[str, Any] = {
    "missing": MISSING,
    "null": None,
    "true": True,
    "number": 7,
    "negative": -1,
    "fraction": 0.5,
    "huge number": 10**4000,
    "empty": "",
    "huge": "x" * 100_000,
    "half a character": "a\ud83d",
    "control characters": "\x1b]0;x\x07\r\n",
    "path": "../../myself?x=#",
    "list": [],
    "lists": [[[]]],
    "list of null": [None],
    "object": {},
    "objects": {"id": {"id": []}, "key": ["x"], "name": {}},
}


OPTIONAL = {"deploymentType", "globalId", "application"}
"""What very old servers, and some remote links, do not have."""
NAMING = {*OPTIONAL, "url", "name", "inward", "outward"}
"""What a task tells things apart by. With another text it is another thing."""


def places(data: Any, here: Place = ()) -> Iterator[Place]:
    yield here
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in inside:
        yield from places(value, (*here, step))


def mutated(data: Any, place: Place, value: Any) -> Any:
    """The JSON with another value at one place."""
    if not place:
        return value
    changed = copy.deepcopy(data)
    inside = changed
    for step in place[:-1]:
        inside = inside[step]
    if value is MISSING:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    return changed


def another_answer(data: Any, place: Place, value: Any) -> bool:
    """Whether Jira could answer this just as well, about something else: an empty list, another id, number or name."""
    original = data
    for step in place:
        original = original[step]
    name = place[-1] if place else ""
    if {*place} & OPTIONAL and value in (MISSING, None, "", {}):
        return True
    if isinstance(value, str) and value:
        return bool({*place} & NAMING)
    if value is MISSING:
        return not place or isinstance(name, int)
    if isinstance(original, bool):
        return isinstance(value, bool)
    return (isinstance(original, list) and value == []) or (name in ("id", "total") and isinstance(value, int))


class Mutation(NamedTuple):
    """One value at one place. ``another``: Jira could answer that, too, so it only must not end in a crash."""

    name: str
    data: Any
    another: bool


def mutations(data: Any) -> Iterator[Mutation]:
    for place in places(data):
        for name, value in MUTATIONS.items():
            if place or value is not MISSING:
                yield Mutation(f"{place}: {name}", mutated(data, place, value), another_answer(data, place, value))


# --- every method of the client


RAISED = RemoteLink({"globalId": "g", "object": {"url": "https://x.example.com", "title": "X"}}, "10000")
BLOCKS = LinkType("10000", "Blocks", "is blocked by", "blocks")
NEW = LinkType(None, "Causes", "is caused by", "causes")
REQUESTS: dict[str, Callable[[Jira], Any]] = {
    "serverInfo": lambda jira: jira.is_cloud(),
    "the site": lambda jira: jira.read_server_info(),
    "issueLinkType": lambda jira: jira.read_link_types(),
    "new issueLinkType": lambda jira: jira.create_link_type(NEW, lambda: None),
    "changed issueLinkType": lambda jira: jira.update_link_type(BLOCKS, {"inward": "waits for"}, lambda: None),
    "myself": lambda jira: jira.prove_login(),
    "issue": lambda jira: jira.issue("APP-7", ("summary", "status", "issuetype", "issuelinks")),
    "issues": lambda jira: read_issues(["APP-7", "REL-1"], jira),
    "search": lambda jira: list(jira.search("key in (APP-7, REL-1)", strict=True)),
    "issueLink": lambda jira: jira.link("10000"),
    "mypermissions": lambda jira: jira.may_link("APP-7"),
    "remotelink": lambda jira: jira.remote_links("REL-1"),
    "new remotelink": lambda jira: jira.create_remote_link("REL-1", RAISED._replace(id=None), lambda: None),
}


def identity(found: Any) -> Any:
    """What a result is about, whatever it is called: which issues, links, types, and yes or no."""
    if isinstance(found, dict):
        return {key: identity(value) for key, value in found.items()}
    if isinstance(found, IssueLink):
        return (found.id, found.type.id, *found.keys)
    if isinstance(found, LinkedIssue):
        return (found.issue.key, identity(list(found.links)))
    if isinstance(found, list):
        return [identity(each) for each in found]
    if isinstance(found, Server):
        return found.cloud
    return found.id if isinstance(found, (LinkType, RemoteLink)) else found


REFUSED = object()


class Recorded(NamedTuple):
    response: Any
    body: bytearray


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("name", REQUESTS)
def test_no_method_takes_it_for_an_answer(site: LocalJira, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site.reset([("APP-7", "Blocks", "REL-1")], remote_links=[{"issue": "REL-1", **RAISED.body}])
    site.settings(login_headers=False)
    send, recorded = Http._send, dict[str, Recorded]()

    def record(http: Http, method: str, path: str, *rest: Any) -> Any:
        answer = send(http, method, path, *rest)
        recorded[f"{method} {path}"] = Recorded(*answer)
        return answer

    monkeypatch.setattr(Http, "_send", record)
    right = identity(REQUESTS[name](fresh(site)))
    for request, answer in recorded.items():
        for mutation in mutations(json.loads(answer.body)):
            changed = {**recorded, request: answer._replace(body=bytearray(json.dumps(mutation.data), "utf-8"))}

            def replay(
                http: Http, method: str, path: str, *rest: Any, changed: dict[str, Recorded] = changed
            ) -> Recorded:
                return changed[f"{method} {path}"]

            monkeypatch.setattr(Http, "_send", replay)
            found = refused_or_found(REQUESTS[name], fresh(site))
            assert found is REFUSED or mutation.another or found == right, f"{request} with {mutation.name}"


def refused_or_found(request: Callable[[Jira], Any], jira: Jira) -> Any:
    try:
        return identity(request(jira))
    except KeyError as error:  # another request than any that was recorded: it looks elsewhere
        assert str(error).startswith(("'GET ", "'POST "))
    except JiraError as error:
        assert not isinstance(error, Unexpected)
    return REFUSED


def fresh(site: LocalJira) -> Jira:
    defaults = {name: option.get("default") for name, option in CONNECTION.items()}
    return Jira(connect({**defaults, **site.login("admin"), "retries": 0}))


# --- every module


REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
OTHER = {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-8"}
REMOTE = {"issue": "REL-1", "remote_url": "https://x.example.com", "title": "X"}
TASKS: dict[str, tuple[Any, dict[str, Any]]] = {
    "link present": (jira_issue_link, {**REST, "comment": "Again."}),
    "link absent": (jira_issue_link, {**REST, "state": "absent"}),
    "link by id": (jira_issue_link, {"link_id": "10000", "state": "absent"}),
    "another link": (jira_issue_link, {**OTHER, "exclusive": True}),
    "info": (jira_issue_link_info, {"issues": ["REL-1", "APP-7"], "depth": 1}),
    "info by query": (jira_issue_link_info, {"jql": "key = REL-1"}),
    "set": (jira_issue_links, {"links": [OTHER], "state": "exact", "scope": {"issues": ["REL-1"]}}),
    "type": (jira_issue_link_type, {"name": "Blocks", "state": "absent"}),
    "types": (jira_issue_link_type_info, {"usage": True}),
    "remote link": (jira_remote_link, {**REMOTE, "title": "Y"}),
    "no remote link": (jira_remote_link, {**REMOTE, "state": "absent"}),
    "remote links": (
        jira_remote_links,
        {"issue": "REL-1", "links": [], "state": "exact", "scope": {"application": "CI"}},
    ),
    "remote info": (jira_remote_link_info, {"issues": ["REL-1"]}),
}
NAMES = (
    "link_type", "inward", "outward", "sentence", "summary", "status", "status_category", "issue_type", "name",
    "title", "diff", "msg",
)  # fmt: skip


def agrees(found: Any, right: Any) -> bool:
    """Whether a result says the same, apart from how things are called, and from ids that it says it does not know."""
    if isinstance(right, dict) and isinstance(found, dict):
        said = {
            key for key in {*found, *right} if key not in NAMES and not (key.endswith("id") and found.get(key) is None)
        }
        return all(key in found and key in right and agrees(found[key], right[key]) for key in said)
    if isinstance(right, list) and isinstance(found, list):
        return len(found) == len(right) and all(map(agrees, found, right))
    return bool(found == right)


class Runs:
    """Runs a module against the same Jira again and again, with one of the answers changed."""

    def __init__(self, site: LocalJira, task: Tasks, name: str, check: bool) -> None:
        self._site, self._task, self._check = site, task, check
        self._module, self._options = TASKS[name]

    def run(self, at: int = -1, wrong: Any = None) -> tuple[dict[str, Any], list[Any]]:
        """The result, and the JSON of all answers.

        :param at: the position of the answer that is another one, and ``wrong`` what it is.
        """
        answers: list[Any] = []
        read = Http._json

        def changed(http: Http, *arguments: Any) -> Any:
            answers.append(read(http, *arguments))
            return wrong if len(answers) - 1 == at else answers[-1]

        remote = {"issue": "REL-1", "application": {"name": "CI"}, **RAISED.body}
        self._site.reset([("APP-7", "Blocks", "REL-1"), ("REL-1", "Relates", "LIB-1")], remote_links=[remote])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Http, "_json", changed)
            result = self._task(self._module, self._site, self._check, **self._site.login("admin"), **self._options)
        return result.result, answers


@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
@pytest.mark.parametrize("name", TASKS)
def test_no_module_takes_it_for_an_answer(site: LocalJira, task: Tasks, name: str, check: bool) -> None:
    runs = Runs(site, task, name, check)
    right, answers = runs.run()
    there = [(at, place) for at, answer in enumerate(answers) if answer is not None for place in places(answer)]

    @settings(max_examples=12)
    @given(st.sampled_from(there), st.sampled_from(list(MUTATIONS)))
    def holds(spot: tuple[int, Place], mutation: str) -> None:
        (at, place), value = spot, MUTATIONS[mutation]
        assume(place or value is not MISSING)
        found = runs.run(at, mutated(answers[at], place, value))[0]
        assert "unexpected" not in str(found.get("msg"))
        assert found.get("failed") or another_answer(answers[at], place, value) or agrees(found, right)

    holds()
