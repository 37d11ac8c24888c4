# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A new link with a comment, and no clear answer: the comment never goes twice, and the task says what it knows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link, jira_issue_link_type, jira_issue_links

from tests.local_jira import LocalJira, is_read
from tests.unit.sets_tasks import CREATION, elements, statuses
from tests.unit.tasks import Tasks

BLOCKS = ("APP-7", "Blocks", "REL-1")
WHY = {"comment": "Why."}
MODULES: dict[str, tuple[Any, dict[str, Any]]] = {
    "link": (jira_issue_link, elements([BLOCKS], **WHY)[0]),
    "set": (jira_issue_links, {"links": elements([BLOCKS], **WHY)}),
}
DOUBT = "It may have been done all the same. Run it again: that reads first."
PAGE = {"body": "<title>Bad gateway</title>", "content_type": "html"}
UNCLEAR: dict[str, dict[str, Any]] = {
    "500": {"status": 500, "body": {"errorMessages": ["Internal server error"]}},
    "502": {"status": 502, "body": {"message": "Bad gateway"}},
    "504": {"status": 504, **PAGE, "proxy": True},
    "a proxy's 503": {"status": 503, **PAGE, "proxy": True},
    "a gateway's 503": {"status": 503, "body": {"title": "Service Unavailable", "status": 503}, "proxy": True},
    "another gateway's 503": {"status": 503, "body": {"errors": [{"message": "timeout"}]}, "proxy": True},
    "a proxy's 500": {"status": 500, "body": "upstream failed", "proxy": True},
    "520": {"status": 520, **PAGE, "proxy": True},
}
"""Answers after which Jira may still be at work, or have done a part of it."""
BEFORE = [("break_before", {}), *(("status", answer) for answer in UNCLEAR.values())]
AFTER = [
    ("break_after", {}),
    ("disconnect_mid_body", {}),
    ("error_after", {"status": 503}),
    *(("error_after", answer) for answer in UNCLEAR.values()),
    *(("error_after", {"status": status, **PAGE, "proxy": True}) for status in (400, 403, 404, 413)),
    ("error_after", {"status": 408, "body": {"title": "Request Timeout", "status": 408}, "proxy": True}),
    ("error_after", {"status": 404, "body": {"errors": ["upstream gone"]}, "proxy": True}),
    ("error_after", {"status": 302, "headers": {"Location": "https://sorry.example.com/504.html"}, "proxy": True}),
]
"""The last are a proxy's, which looks at Jira's answers and does not let every one pass, or shows a page of its own."""

pytestmark = pytest.mark.fact("not safe: POST issueLink with a comment")


@pytest.fixture(params=MODULES)
def run(request: pytest.FixtureRequest, site: LocalJira, task: Tasks) -> Iterator[Any]:
    """Runs the task: check mode first, which foretells that the link is made, and writes nothing."""
    module, asked = MODULES[request.param]

    def both(**options: Any) -> Any:
        foretold = task(module, site, True, **asked, **options).result
        assert foretold["changed"] == (site.links() == []) and site.writes() == []
        return task(module, site, **asked, **options)

    yield both
    site.control("DELETE", "faults")
    again = task(module, site, **asked).result
    assert not again.get("failed") and (site.links(), site.comments()) == ([BLOCKS], ["Why."])


def creations(site: LocalJira) -> list[str]:
    """From the first attempt on."""
    sent = [each for each in site.requests() if not each.endswith("/serverInfo")]
    return sent[sent.index("POST /issueLink") :]


@pytest.mark.parametrize(("kind", "options"), BEFORE, ids=[*["break_before"], *UNCLEAR])
def test_what_reading_back_does_not_show_is_in_doubt(
    site: LocalJira, run: Any, kind: str, options: dict[str, Any]
) -> None:
    site.fault(kind, **CREATION, **options)
    result = run().result
    assert result["failed"] and not result["changed"] and DOUBT in result["msg"]
    _first, look, *rest = creations(site)
    assert is_read(look) and "POST /issueLink" not in rest and "times" not in result["msg"]


@pytest.mark.parametrize(("kind", "options"), AFTER, ids=str)
def test_what_reading_back_shows_is_done(site: LocalJira, run: Any, kind: str, options: dict[str, Any]) -> None:
    site.fault(kind, **CREATION, **options)
    result, warnings = run()
    assert result["changed"] and not result.get("failed") and site.comments() == ["Why."]
    assert creations(site).count("POST /issueLink") == 1
    (warning,) = warnings
    assert "'APP-7 blocks REL-1'" in warning and "whether its comment was added cannot be told" in warning


@pytest.mark.parametrize("kind", ["break_before", "break_after"])
def test_without_retries(site: LocalJira, run: Any, kind: str) -> None:
    site.fault(kind, **CREATION)
    result = run(retries=0).result
    assert (DOUBT in result.get("msg", "")) == (kind == "break_before") != result["changed"]


@pytest.mark.parametrize("answer", [{"body": {"errorMessages": ["Busy."]}, "proxy": True}, {"body": "Busy."}, {}])
def test_jiras_own_503_is_repeated_after_a_look(site: LocalJira, run: Any, answer: dict[str, Any]) -> None:
    """It says that Jira did not begin. It is Jira's own if it is JSON, or has a header of Jira's."""
    site.fault("status", **CREATION, status=503, **answer)
    result, warnings = run()
    assert result["changed"] and not warnings
    first, look, second, *_rest = creations(site)
    assert first == second == "POST /issueLink" and is_read(look)


def test_a_429_is_repeated_without_a_look(site: LocalJira, run: Any) -> None:
    site.fault("status", **CREATION, status=429, **PAGE, proxy=True)
    assert run().result["changed"] and creations(site)[:2] == ["POST /issueLink"] * 2


@pytest.mark.parametrize("retries", [4, 0])
def test_a_jira_that_is_slower_than_timeout_and_wait(site: LocalJira, run: Any, retries: int) -> None:
    """Reading back finds nothing yet: sent again, the comment would be there twice."""
    site.fault("slow", **CREATION, seconds=1.5)
    result = run(timeout=0.4, retries=retries).result
    assert result["failed"] and "0.4 seconds" in result["msg"] and DOUBT in result["msg"]
    time.sleep(1.5)
    assert site.links() == [BLOCKS] and site.writes() == ["POST /issueLink"]


@pytest.mark.parametrize("retries", [4, 0])
def test_there_is_a_wait_before_the_last_look(site: LocalJira, task: Tasks, run: Any, retries: int) -> None:
    site.fault("status", **CREATION, status=504, headers={"Retry-After": "7"})
    run(retries=retries)
    assert task.pauses == [(0, 7.0)]


@pytest.mark.parametrize("end", ["APP-7", "REL-1"])
@pytest.mark.parametrize("kind", ["break_after", "error_after"])
def test_an_issue_that_moves_meanwhile(site: LocalJira, task: Tasks, kind: str, end: str) -> None:
    """It has another key when the link is looked for, and the same id."""
    for module, asked in MODULES.values():
        site.reset()
        last = "/(bulkfetch|search)$" if module is jira_issue_link else "/mypermissions"
        site.fault("meanwhile", path=last, move={"from": end, "to_project": "LIB"})
        site.fault(kind, **CREATION)
        result, warnings = task(module, site, **asked)
        assert result["changed"] and not result.get("failed") and site.comments() == ["Why."]
        assert len(warnings) == 1 and "LIB-41" in warnings[0] and len(site.links()) == 1
        assert not task(module, site, **asked).result["changed"] and site.comments() == ["Why."]


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_a_set_goes_on_after_an_answer_that_leaves_doubt(site: LocalJira, task: Tasks, on_error: str) -> None:
    site.fault("status", **CREATION, status=504)
    links = elements([BLOCKS, ("APP-8", "Blocks", "REL-2")], **WHY)
    result = task(jira_issue_links, site, links=links, on_error=on_error, concurrency=1).result
    other = "created" if on_error == "continue" else "not_tried"
    assert statuses(result) == {"failed": 1, other: 1} and DOUBT in result["links"][0]["error"]
    assert task(jira_issue_links, site, links=links).result["changed"] and len(site.comments()) == 2


def test_a_new_link_type_in_doubt(site: LocalJira, task: Tasks) -> None:
    words = {"name": "Causes", "inward": "is caused by", "outward": "causes", **site.login("admin")}
    site.fault("break_before", method="POST", path="/issueLinkType$")
    assert task(jira_issue_link_type, site, True, **words).result["changed"]
    result = task(jira_issue_link_type, site, **words).result
    assert result["failed"] and not result["changed"] and DOUBT in result["msg"]
    assert site.writes().count("POST /issueLinkType") == 1
    assert task(jira_issue_link_type, site, **words).result["changed"]
    assert not task(jira_issue_link_type, site, **words).result["changed"]
