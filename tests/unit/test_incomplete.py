# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that leave something out, or say that something was done which was not. Nothing is guessed or lost then."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_link_type,
    jira_issue_links,
    jira_remote_link,
)

from tests.local_jira import LocalJira
from tests.unit.sets_tasks import CREATION, Sets, elements, pairs, statuses
from tests.unit.tasks import Tasks

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
BLOCKS = ("APP-7", "Blocks", "REL-1")
READING = "/(bulkfetch|search)$"
GONE = {"name": "Blocks", "state": "absent"}
NO_LINKS: dict[str, Any] = {"id": "1", "key": "APP-7", "fields": {"summary": "One"}}


def answer(**body: Any) -> dict[str, Any]:
    return {"kind": "status", "status": 200, "body": {"total": 1, **body}}


# --- reading


@pytest.mark.parametrize("fields", [{"summary": "One"}, {"issuelinks": None}, {"issuelinks": {}}], ids=str)
@pytest.mark.parametrize(
    ("module", "options"),
    [
        (jira_issue_link, {**REST, "comment": "Again."}),
        (jira_issue_link, {**REST, "state": "absent"}),
        (jira_issue_link_info, {"issues": ["APP-7", "REL-1"]}),
    ],
    ids=["present", "absent", "info"],
)
def test_links_that_are_not_shown_are_not_none(
    site: LocalJira, task: Tasks, module: Any, options: dict[str, Any], fields: dict[str, Any]
) -> None:
    """A project can hide the field. Then a comment would come again with each run, and a gate would open."""
    site.reset([BLOCKS])
    issue = {**NO_LINKS, "fields": fields}
    site.fault(path=READING, **answer(issues=[issue]))
    site.fault("status", method="GET", path="/issue/APP-7$", status=200, body=issue)  # Data Center asks again, alone
    result = task(module, site, **options).result
    assert result["failed"] and "does not show the issue links of APP-7" in result["msg"] and site.writes() == []


@pytest.mark.parametrize("body", [{"issues": {}}, {"issues": None}, {}], ids=str)
def test_no_list_is_not_an_empty_list(site: LocalJira, task: Tasks, body: dict[str, Any]) -> None:
    site.fault(path=READING, **answer(**body))
    result = task(jira_issue_link_info, site, issues=["REL-1"]).result
    assert result["failed"] and "not Jira's" in result["msg"]


def test_no_list_of_remote_links_is_not_an_empty_list(site: LocalJira, task: Tasks) -> None:
    site.fault("status", method="GET", path="/remotelink", status=200, body={})
    result = task(jira_remote_link, site, issue="REL-1", remote_url="https://x.example.com", title="X").result
    assert result["failed"] and site.writes() == []


@pytest.mark.parametrize(
    "page",
    [{"issues": [], "isLast": False}, {"issues": [], "isLast": False, "nextPageToken": "again"}],
    ids=["no token", "the same token"],
)
def test_a_search_on_cloud_that_does_not_come_to_its_end(cloud: LocalJira, task: Tasks, page: dict[str, Any]) -> None:
    cloud.fault("status", path="/search/jql$", status=200, body=page, count=9)
    result = task(jira_issue_link_info, cloud, jql="project = REL", max_issues=10).result
    assert result["failed"] and ("not Jira's" in result["msg"] or "only some of its pages" in result["msg"])
    assert len(cloud.requests()) <= 4


def test_a_last_page_without_a_word_about_it(cloud: LocalJira, task: Tasks) -> None:
    cloud.fault("status", path="/search/jql$", status=200, body={"issues": []})
    assert task(jira_issue_link_info, cloud, jql="project = REL").result["links"] == []


def test_a_search_on_data_center_that_does_not_come_to_its_end(data_center: LocalJira, task: Tasks) -> None:
    data_center.fault("status", path="/search$", status=200, body={"issues": [], "total": 250})
    result = task(jira_issue_link_info, data_center, jql="project = REL").result
    assert result["failed"] and "only some of its pages" in result["msg"]


def test_a_query_about_what_is_not_there(site: LocalJira, task: Tasks) -> None:
    """Data Center would find nothing instead, and a gate open, unless told to look at the query first."""
    result = task(jira_issue_link_info, site, jql="project = RLE").result
    assert result["failed"] and result["status"] == 400 and "RLE" in result["msg"]


def test_ends_without_an_id(site: LocalJira, sets: Sets) -> None:
    """The API description lets them have none."""
    site.reset([BLOCKS])
    kind = {"id": "10000", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
    link = {"id": "10000", "type": kind, "inwardIssue": {"key": "APP-7"}}
    issue = {"id": "1", "key": "REL-1", "fields": {"issuelinks": [link]}}
    site.fault(path=READING, **answer(issues=[issue]), count=9)
    result = sets(site, elements([BLOCKS]))
    assert statuses(result) == {"present": 1} and site.writes() == []


# --- a link type that is in use after all


@pytest.mark.parametrize("options", [{}, {"move_links_to": "Cloners"}], ids=str)
@pytest.mark.parametrize("issues", [[], [{**NO_LINKS, "fields": {"issuelinks": []}}]], ids=["none", "one of two"])
def test_issues_that_a_search_finds_and_reading_does_not_show(
    site: LocalJira, task: Tasks, options: dict[str, Any], issues: list[Any]
) -> None:
    site.reset([BLOCKS])
    if site.cloud:
        site.fault(path="/bulkfetch$", **answer(issues=issues))
        site.fault(path="/bulkfetch$", **answer(issues=[]))
    else:  # the search by name, by phrases, then the issues by key, then each alone
        found = [{"id": str(number), "key": key, "fields": {}} for number, key in enumerate(("APP-7", "REL-1"))]
        site.fault(path="/search$", **answer(issues=found, total=2), count=2)
        site.fault(path="/search$", **answer(issues=issues))
        site.fault("status", method="GET", path="/issue/", status=404, body={"errorMessages": ["No."]}, count=2)
    result = task(jira_issue_link_type, site, **{**site.login("admin"), **GONE, **options}).result
    assert result["failed"] and site.links() == [BLOCKS] and site.writes() == []


def test_a_name_that_is_a_phrase_of_another_type(site: LocalJira, task: Tasks) -> None:
    """A Jira that knows phrases only finds nothing by the name, and does not refuse it either."""
    types = [
        {"name": "causes", "inward": "was made by", "outward": "makes"},
        {"name": "Cause", "inward": "is caused by", "outward": "causes"},
    ]
    site.reset([("APP-7", "causes", "REL-1")], link_types=types)
    site.fault(method="POST", path="/search", **answer(issues=[], total=0, isLast=True))
    result = task(jira_issue_link_type, site, **site.login("admin"), name="causes", state="absent").result
    assert result["failed"] and "in use" in result["msg"] and len(site.links()) == 1


EXACT: dict[str, Any] = {"state": "exact", "scope": {"issues": ["REL-1", "APP-1"]}}


def test_a_set_that_nobody_can_look_at_removes_nothing_and_says_why(site: LocalJira, task: Tasks) -> None:
    old = ("REL-1", "Blocks", "LIB-1")
    site.reset([old])
    site.fault("slow", path=READING, seconds=0)
    site.fault("status", path=READING, status=503, count=9)
    result = task(jira_issue_links, site, links=elements(pairs(1)), **EXACT).result
    assert result["failed"] and result["status"] == 503 and old in site.links() and len(site.links()) == 2
    assert [entry["status"] for entry in result["links"]] == ["created", "not_tried"]
    assert result["changed"] and result["summary"]["failed"] == 0
    assert "could not be read, so nothing was removed" in result["msg"]


def test_a_name_that_differs_in_case_only(site: LocalJira, task: Tasks) -> None:
    """A Jira that knows phrases only takes the name for the phrase of the other type."""
    types = [
        {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"},
        {"name": "blocks", "inward": "is stopped by", "outward": "stops"},
    ]
    links = [("APP-1", "Blocks", "REL-1"), ("APP-1", "blocks", "REL-1"), ("OPS-1", "blocks", "LIB-2")]
    site.reset(links, link_types=[*types, {"name": "Relates", "inward": "relates to", "outward": "relates to"}])
    found = [{"id": "1", "key": "APP-1"}, {"id": "2", "key": "REL-1"}]
    for _other in range(3):  # every other search is the one by phrases, which finds the rest
        site.fault(method="POST", path="/search", **answer(issues=found, total=2, isLast=True))
        site.fault("slow", method="POST", path="/search(/jql)?$", seconds=0, count=1 if site.cloud else 2)
    options = {**site.login("admin"), "name": "blocks", "state": "absent", "move_links_to": "Relates"}
    assert task(jira_issue_link_type, site, **options).result["changed"]
    assert sorted(site.links()) == [
        ("APP-1", "Blocks", "REL-1"), ("APP-1", "Relates", "REL-1"), ("OPS-1", "Relates", "LIB-2")
    ]  # fmt: skip


def test_a_search_that_is_cut_short_says_nothing(site: LocalJira, task: Tasks) -> None:
    """Another type that shares a phrase has all the issues that are looked at."""
    types = [
        {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"},
        {"name": "Mention", "inward": "is mentioned by", "outward": "blocks"},
    ]
    many = [(f"MANY-{number}", "Blocks", f"MANY-{number + 200}") for number in range(1, 201)]
    projects = [{"key": "MANY", "count": 400}, {"key": "ZZZ", "count": 2}]
    site.reset([*many, ("ZZZ-1", "Mention", "ZZZ-2")], link_types=types, projects=projects)
    site.fault("status", method="POST", path="/search", status=400, body={"errorMessages": ["No such value."]})
    result = task(jira_issue_link_type, site, **site.login("admin"), name="Mention", state="absent").result
    assert result["failed"] and "in use" in result["msg"] and len(site.links()) == 201


def test_a_type_goes_by_force_where_its_use_cannot_be_told(cloud: LocalJira, task: Tasks) -> None:
    cloud.reset([BLOCKS])
    cloud.fault(path="/bulkfetch$", **answer(issues=[NO_LINKS]), count=2)
    login = cloud.login("admin")
    result = task(jira_issue_link_type, cloud, **login, **GONE).result
    assert "in use cannot be told" in result["msg"] and "force: true" in result["msg"] and cloud.links() == [BLOCKS]
    assert task(jira_issue_link_type, cloud, **login, **GONE, force=True).result["changed"]


def test_an_unused_type_that_shares_its_phrases(site: LocalJira, task: Tasks) -> None:
    """The search by phrases finds the other type's links, which do not make this one used."""
    types = [{"name": name, "inward": "is caused by", "outward": "causes"} for name in ("Cause", "Problem")]
    site.reset([("APP-7", "Cause", "REL-1")], link_types=types)
    assert task(jira_issue_link_type, site, **site.login("admin"), name="Problem", state="absent").result["changed"]
    assert len(site.links()) == 1


# --- writing


def test_links_that_were_not_made_keep_the_old_type(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS])
    site.fault("status", **CREATION, status=201, body="")
    options = {**site.login("admin"), **GONE, "move_links_to": "Cloners"}
    result = task(jira_issue_link_type, site, **options).result
    assert result["failed"] and "does not show it" in result["msg"] and site.links() == [BLOCKS]


@pytest.mark.parametrize("headers", [{}, {"Location": "http://127.0.0.1/rest/api/2/issueLink/99"}], ids=str)
@pytest.mark.parametrize("kind", ["Blocks", "10000"])
def test_a_link_that_was_not_made_keeps_its_rival(
    site: LocalJira, task: Tasks, headers: dict[str, str], kind: str
) -> None:
    old = ("REL-1", "Blocks", "APP-7")
    site.reset([old])
    site.fault("status", **CREATION, status=201, body="", headers=headers)
    result = task(jira_issue_link, site, **{**REST, "link_type": kind}, exclusive=True).result
    assert result["failed"] and "does not show the new link" in result["msg"] and site.links() == [old]
    assert not result["changed"] and result["link"] is None


@pytest.mark.parametrize("status", [200, 201])
def test_a_link_that_was_not_made_is_warned_of(site: LocalJira, task: Tasks, status: int) -> None:
    """Something between here and Jira answers in its place."""
    site.fault("status", **CREATION, status=status, body={}, count=3)
    (warning,) = task(jira_issue_link, site, **REST).warnings
    assert "answered that it made the link 'APP-7 blocks REL-1', and does not show it" in warning
    result, warnings = task(jira_issue_links, site, links=elements(pairs(2)))
    assert len(warnings) == 2 and all("does not show it" in warning for warning in warnings)
    assert [entry["id"] for entry in result["links"]] == [None, None] and site.links() == []


@pytest.mark.parametrize("headers", [{}, {"Location": "http://127.0.0.1/rest/api/2/issueLink/99"}], ids=str)
def test_a_set_that_was_not_made_removes_nothing(site: LocalJira, task: Tasks, headers: dict[str, str]) -> None:
    old = ("REL-1", "Blocks", "LIB-1")
    site.reset([old])
    site.fault("status", **CREATION, status=201, body="", headers=headers, count=2)
    result = task(jira_issue_links, site, links=elements(pairs(2)), **EXACT).result
    assert result["failed"] and site.links() == [old]
    assert [entry["status"] for entry in result["links"]] == ["failed", "failed", "not_tried"]


ODD: list[dict[str, Any]] = [
    {"status": 503, "headers": {"Retry-After": "²"}},
    {"status": 201, "body": "[" * 100_000},
    {"status": 400, "body": "[" * 100_000},
    {"status": 400, "body": "No.", "headers": {"Content-Type": "text/plain; charset=undefined"}},
]


@pytest.mark.parametrize("odd", ODD, ids=["retry-after", "deep", "deep refusal", "charset"])
def test_an_odd_answer_after_the_work(site: LocalJira, task: Tasks, odd: dict[str, Any]) -> None:
    """The link is looked for, and its comment not sent again."""
    site.fault("error_after", **CREATION, **odd)
    result = task(jira_issue_link, site, **REST, comment="Because.").result
    assert result["changed"] and site.comments() == ["Because."] and site.links() == [BLOCKS]


def test_what_was_done_before_an_odd_answer_is_told(site: LocalJira, sets: Sets) -> None:
    site.fault("status", method="POST", path="/issueLink$", status=302, headers={"Location": "http://[bad"})
    result = sets(site, elements(pairs(3)), concurrency=1)
    assert statuses(result) == {"failed": 1, "not_tried": 2} and result["failed"]


def test_a_page_that_is_all_brackets(site: LocalJira, task: Tasks) -> None:
    for text in ("<" * 400_000, "<title>" * 60_000, "<script>" * 50_000):
        site.fault("status", path="/(bulkfetch|search)$", status=403, body=text, content_type="html")
        assert task(jira_issue_link, site, **REST).result["failed"]


def test_words_of_a_page(site: LocalJira, task: Tasks) -> None:
    page = "<style>body{color:red}</style><script>var a=1</script><h1>Größe &amp; Wärme, you&#39;ve lost</h1>"
    site.fault("status", path="/(bulkfetch|search)$", status=403, body=page, headers={"Content-Type": "text/html"})
    result = task(jira_issue_link, site, **REST).result
    assert result["error_messages"] == ["Größe & Wärme, you've lost"]


class TaskTimeoutError(BaseException):
    """As ansible-core raises it, in the middle of whatever is going on."""


@pytest.mark.parametrize(
    ("module", "options"),
    [
        (jira_issue_link, REST),
        (jira_issue_link_type, {"name": "Causes", "inward": "is caused by", "outward": "causes"}),
        (jira_remote_link, {"issue": "REL-1", "remote_url": "https://x.example.com", "title": "x"}),
    ],
)
def test_a_timeout_of_the_task_while_it_writes(
    module: Any, options: dict[str, Any], site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = requests.Session.send

    def interrupted(session: requests.Session, request: requests.PreparedRequest, **more: Any) -> Any:
        if request.method == "POST" and str(request.url).endswith(("issueLink", "issueLinkType", "remotelink")):
            raise TaskTimeoutError("Timed out after 3 seconds")
        return send(session, request, **more)

    monkeypatch.setattr(requests.Session, "send", interrupted)
    result = task(module, site, **site.login("admin"), **options).result
    assert result["failed"] and not result["changed"] and "Timed out after 3 seconds" in result["msg"]
    assert "may have been done all the same" in result["msg"]
