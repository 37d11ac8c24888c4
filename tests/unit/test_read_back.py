# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every write that gets no clear answer, or a 404 that nobody can rely on, is read back: what is done is reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import requests
from ansible_collections.linkops.jira.plugins.module_utils._client.connect import connect
from ansible_collections.linkops.jira.plugins.module_utils._module import perform
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_type,
    jira_issue_links,
    jira_remote_link,
    jira_remote_links,
)

from tests.local_jira import LocalJira
from tests.unit.remote_scenarios import ABSENT, ALL, BUILD, IN_FULL, URL, held
from tests.unit.sets_tasks import elements, rest
from tests.unit.tasks import Tasks, validated

BLOCKS = ("APP-7", "Blocks", "REL-1")
DOUBT = "may have been done all the same"
LINK, TYPE, REMOTE = "/issueLink(/|$)", "/issueLinkType(/|$)", "/remotelink(/|$)"
BUILD_IS_THERE = [{**IN_FULL, "issue": "REL-1"}]
PAGE = {"body": "<h1>404 Not Found</h1>", "content_type": "html", "proxy": True}


class Write(NamedTuple):
    """A task that sends one request to write; ``path`` fits that request, and ``seed`` is there before."""

    module: Any
    options: dict[str, Any]
    method: str
    path: str
    seed: Mapping[str, Any] = MappingProxyType({})


WRITES = {
    "link": Write(jira_issue_link, rest(*BLOCKS), "POST", LINK),
    "link of a set": Write(jira_issue_links, {"links": elements([BLOCKS])}, "POST", LINK),
    "removal": Write(jira_issue_link, {**rest(*BLOCKS), **ABSENT}, "DELETE", LINK, {"links": [BLOCKS]}),
    "removal by id": Write(jira_issue_link, {"link_id": "10000", **ABSENT}, "DELETE", LINK, {"links": [BLOCKS]}),
    "removal of a set": Write(
        jira_issue_links, {"links": elements([BLOCKS]), **ABSENT}, "DELETE", LINK, {"links": [BLOCKS]}
    ),
    "type": Write(
        jira_issue_link_type, {"name": "Causes", "inward": "is caused by", "outward": "causes"}, "POST", TYPE
    ),
    "words of a type": Write(jira_issue_link_type, {"name": "Blocks", "outward": "holds up"}, "PUT", TYPE),
    "removal of a type": Write(jira_issue_link_type, {"name": "Blocks", **ABSENT}, "DELETE", TYPE),
    "remote link": Write(jira_remote_link, {"issue": "REL-1", **ALL}, "POST", REMOTE),
    "remote links": Write(jira_remote_links, {"issue": "REL-1", "links": [BUILD]}, "POST", REMOTE),
    "words of a remote link": Write(
        jira_remote_link,
        {"issue": "REL-1", "global_id": "build", "title": "New"},
        "PUT",
        REMOTE,
        {"remote_links": BUILD_IS_THERE},
    ),
    "removal of a remote link": Write(
        jira_remote_link, {"issue": "REL-1", "remote_url": URL, **ABSENT}, "DELETE", REMOTE, {"remote_links": [held()]}
    ),
}
EACH = pytest.mark.parametrize("name", WRITES)
EACH_REMOVAL = pytest.mark.parametrize("name", [name for name, write in WRITES.items() if write.method == "DELETE"])


@pytest.fixture
def start(site: LocalJira, task: Tasks) -> Callable[[str], tuple[Callable[..., Any], Callable[..., None]]]:
    """For one of WRITES: what runs it, and what makes its request go wrong."""

    def started(name: str) -> tuple[Callable[..., Any], Callable[..., None]]:
        write = WRITES[name]
        site.reset(**write.seed)

        def run(**options: Any) -> Any:
            before = site.state()
            assert task(write.module, site, True, **site.login("admin"), **write.options).result["changed"]
            assert site.state() == before and site.writes() == []
            return task(write.module, site, **site.login("admin"), **write.options, **options).result

        def fault(kind: str, **options: Any) -> None:
            site.fault(kind, **{"method": write.method, "path": write.path, **options})

        return run, fault

    return started


def once_written(monkeypatch: pytest.MonkeyPatch, name: str, happens: Callable[[], None]) -> None:
    """Something happens right before the request of the write is sent for the first time."""
    send, write, to_come = requests.Session.send, WRITES[name], [happens]

    def sent(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> Any:
        path = urlsplit(str(request.url)).path
        if to_come and request.method == write.method and re.search(write.path, path) and "/_sandbox/" not in path:
            to_come.pop()()
        return send(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", sent)


def assert_done_by_another_run(site: LocalJira, task: Tasks, name: str) -> None:
    """Without faults, the task does what is left to do, and then nothing."""
    site.control("DELETE", "faults")
    write = WRITES[name]
    results = [task(write.module, site, **site.login("admin"), **write.options).result for _other in range(2)]
    assert not any(result.get("failed") for result in results) and not results[1]["changed"]


# --- no clear answer


@EACH
@pytest.mark.parametrize("retries", [0, 2])
def test_what_was_done_and_never_answered_is_reported(
    site: LocalJira, task: Tasks, start: Any, name: str, retries: int
) -> None:
    run, fault = start(name)
    before = site.state()
    fault("error_after", status=502)
    fault("status", status=502, count=9)
    result = run(retries=retries)
    assert result["changed"] and not result.get("failed") and site.state() != before
    assert_done_by_another_run(site, task, name)


@EACH
def test_what_was_done_is_reported_although_the_repetition_is_refused(
    site: LocalJira, task: Tasks, start: Any, name: str
) -> None:
    run, fault = start(name)
    fault("break_after")
    fault("status", status=400, body={"errorMessages": ["Not now."]}, count=9)
    result = run()
    assert result["changed"] and not result.get("failed")
    assert_done_by_another_run(site, task, name)


@EACH
def test_what_was_not_done_says_so(site: LocalJira, task: Tasks, start: Any, name: str) -> None:
    """While Jira may still be at work, that is not known for sure; after Jira's own 503 it is."""
    for kind, known in (("break_before", False), ("status", True)):
        run, fault = start(name)
        before = site.state()
        fault(kind, count=9)
        result = run(retries=2)
        assert result["failed"] and not result["changed"] and site.state() == before
        assert (DOUBT not in result["msg"]) == known
    assert_done_by_another_run(site, task, name)


@EACH
def test_where_reading_back_fails_it_is_not_known(
    site: LocalJira, task: Tasks, start: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, fault = start(name)
    fault("error_after", status=502)
    once_written(monkeypatch, name, lambda: site.fault("status", path="/rest/", status=502, count=20))
    result = run(retries=1)
    assert result["failed"] and not result["changed"] and result["method"] == WRITES[name].method
    assert "Whether it was done all the same is not known, for looking failed too" in result["msg"]
    assert_done_by_another_run(site, task, name)


@EACH
@pytest.mark.parametrize("status", [400, 403, 404, 413])
def test_a_refusal_that_a_proxy_put_in_the_place_of_jiras_answer(
    site: LocalJira, task: Tasks, start: Any, name: str, status: int
) -> None:
    run, fault = start(name)
    fault("error_after", status=status, **PAGE)
    result = run()
    assert result["changed"] and not result.get("failed")
    run, fault = start(name)
    fault("status", status=status, **PAGE)
    result = run()
    assert result["failed"] and not result["changed"] and result["status"] == status and DOUBT not in result["msg"]
    assert_done_by_another_run(site, task, name)


# --- a 404 to a removal


@EACH_REMOVAL
def test_a_404_is_believed_of_what_is_gone(site: LocalJira, task: Tasks, start: Any, name: str) -> None:
    run, fault = start(name)
    before = site.state()
    fault("error_after", status=404, body={"errorMessages": ["It does not exist."]})
    assert run()["changed"] and site.state() != before
    assert_done_by_another_run(site, task, name)


@EACH_REMOVAL
@pytest.mark.parametrize("answer", [PAGE, {"body": {"errorMessages": ["It does not exist."]}}, {}], ids=str)
def test_a_404_is_not_believed_of_what_is_still_there(
    site: LocalJira, task: Tasks, start: Any, name: str, answer: dict[str, Any]
) -> None:
    run, fault = start(name)
    before = site.state()
    fault("status", status=404, **answer)
    result = run()
    assert result["failed"] and not result["changed"] and result["status"] == 404 and site.state() == before
    assert "It may still be there." in result["msg"]
    assert_done_by_another_run(site, task, name)


@EACH_REMOVAL
@pytest.mark.parametrize("answer", [PAGE, {"body": {"message": "null for uri"}}], ids=["page", "json"])
def test_a_404_is_not_believed_where_looking_is_answered_like_that_too(
    site: LocalJira, task: Tasks, start: Any, name: str, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    """A proxy lets no request to these addresses through."""
    run, _fault = start(name)
    before = site.state()
    paths = f"{TYPE}|{REMOTE}" if "json" in str(answer) else f"{LINK}|{TYPE}|{REMOTE}"
    once_written(monkeypatch, name, lambda: site.fault("status", path=paths, status=404, count=9, **answer))
    result = run()
    assert result["failed"] and not result["changed"] and site.state() == before
    assert_done_by_another_run(site, task, name)


@pytest.mark.fact("linking switched off")
@EACH_REMOVAL
def test_a_404_is_not_believed_once_linking_is_switched_off(
    site: LocalJira, task: Tasks, start: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _fault = start(name)
    before = site.state()
    once_written(monkeypatch, name, lambda: site.settings(linking_enabled=False))
    result = run()
    assert result["failed"] and not result["changed"] and "inking is" in result["msg"]
    assert site.state() == before
    site.settings(linking_enabled=True)
    assert_done_by_another_run(site, task, name)


@pytest.mark.fact("linking switched off")
def test_linking_that_is_switched_off_between_two_items_of_a_loop(site: LocalJira) -> None:
    """The link types are known from the first item, which says nothing of the second one."""
    site.reset([BLOCKS])
    options = validated(jira_issue_link, {**site.login(), "link_id": "10000", **ABSENT})
    assert not isinstance(options, str)
    kept = connect(options)
    for check_mode in (True, False):
        assert perform(jira_issue_link.run, options, True, lambda params: kept).result["changed"]
        site.settings(linking_enabled=False)
        result = perform(jira_issue_link.run, options, check_mode, lambda params: kept).result
        assert result["failed"] and "linking is switched off" in result["msg"]
        site.settings(linking_enabled=True)
    assert site.links() == [BLOCKS]


@pytest.mark.parametrize(
    ("module", "options", "path"),
    [
        (jira_issue_link, {**rest(*BLOCKS), **ABSENT}, "/(bulkfetch|search|issue/APP-7)$"),
        (jira_issue_link, {"link_id": "10000", **ABSENT}, LINK),
        (jira_remote_link, {"issue": "REL-1", "remote_url": URL, **ABSENT}, REMOTE),
    ],
    ids=["link", "link id", "remote link"],
)
def test_a_page_does_not_say_that_there_is_nothing_to_remove(
    site: LocalJira, task: Tasks, module: Any, options: dict[str, Any], path: str
) -> None:
    site.reset([BLOCKS], remote_links=[held()])
    for check in (True, False):
        site.fault("status", path=path, status=404, count=3, **PAGE)
        result = task(module, site, check, **options).result
        assert result["failed"] and "something before it may have done that" in result["msg"]
        site.control("DELETE", "faults")
    assert site.links() == [BLOCKS] and task(module, site, **options).result["changed"]
