# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets that Jira does not take as a whole: what stops, what goes on, what is told, and that a second run ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._api import Jira
from ansible_collections.linkops.jira.plugins.module_utils._errors import JiraError
from ansible_collections.linkops.jira.plugins.module_utils._model import Issue, IssueLink, LinkType
from ansible_collections.linkops.jira.plugins.module_utils._pace import Budget
from ansible_collections.linkops.jira.plugins.module_utils._write import Progress, Writer
from ansible_collections.linkops.jira.plugins.modules import jira_issue_links
from ansible_collections.linkops.jira.tests.unit.local_jira import Link, LocalJira, is_read
from ansible_collections.linkops.jira.tests.unit.sets_tasks import (
    CREATION,
    Sets,
    elements,
    pairs,
    rest,
    star,
    statuses,
)
from ansible_collections.linkops.jira.tests.unit.tasks import Tasks

NOT_FOR_US = {"comment": "Hush.", "comment_visibility": {"type": "group", "value": "nobody-knows"}}
"""A comment that Jira refuses: on Cloud before the link is made, on Data Center after."""
OLD = ("LIB-1", "Blocks", "LIB-2")
EXACT = {"state": "exact", "scope": {"issues": [f"REL-{n}" for n in range(1, 41)] + ["LIB-1"]}}
ALL_AT_ONCE = {"concurrency": 8}


@pytest.fixture
def sets(task: Tasks, monkeypatch: pytest.MonkeyPatch) -> Sets:
    return Sets(task, monkeypatch)


def spoilt(links: Sequence[Link], *places: int) -> list[dict[str, Any]]:
    """The links, some of which Jira refuses."""
    return [rest(*link, **(deepcopy(NOT_FOR_US) if place in places else {})) for place, link in enumerate(links)]


def breaks_after(site: LocalJira, sets: Sets, writes: int, links: Sequence[Mapping[str, Any]], **fault: Any) -> None:
    """Everything fails in this way once the run has sent all its reads and so many writes."""
    before = len(site.requests())
    sets(site, links, check=True)
    let_through = len(site.requests()) - before + writes
    site.control("POST", "faults", {"kind": "slow", "seconds": 0, "count": let_through})
    site.fault(count=999, **fault)


def mended(site: LocalJira, sets: Sets, links: Sequence[Mapping[str, Any]], **options: Any) -> None:
    """Running it again, when nothing goes wrong any more, does the rest."""
    site.control("DELETE", "faults")
    result = sets(site, links, **options)
    assert not result.get("failed") and set(statuses(result)) <= {"present", "created", "removed"}
    assert not sets(site, links, **options)["changed"]


# --- one link refused


@pytest.mark.parametrize("place", [0, 2, 5])
def test_stop_starts_no_further_write(site: LocalJira, sets: Sets, place: int) -> None:
    result = sets(site, spoilt(pairs(6), place), concurrency=1)
    assert [entry["status"] for entry in result["links"]] == (
        ["created"] * place + ["failed"] + ["not_tried"] * (5 - place)
    )
    assert site.writes() == ["POST /issueLink"] * (place + 1)
    assert "nobody-knows" in result["msg"] and "nobody-knows" in result["links"][place]["error"]
    assert (result["links"][place]["id"] is not None) == (not site.cloud)  # Data Center made the link all the same


def test_stop_lets_those_under_way_end(site: LocalJira, sets: Sets) -> None:
    result = sets(site, spoilt(pairs(30), 0), concurrency=4)
    assert statuses(result)["failed"] == 1 and statuses(result)["not_tried"] >= 20
    assert len(site.writes()) <= 10


@pytest.mark.parametrize("concurrency", [1, 8])
def test_continue_does_the_others(site: LocalJira, sets: Sets, concurrency: int) -> None:
    result = sets(site, spoilt(pairs(12), 0, 5, 11), on_error="continue", concurrency=concurrency)
    assert statuses(result) == {"created": 9, "failed": 3} and result["failed"] and result["changed"]
    assert len(site.links()) == (9 if site.cloud else 12)
    assert result["status"] == 400 and result["method"] == "POST"
    mended(site, sets, elements(pairs(12)))


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_nothing_is_removed_after_a_failed_creation(site: LocalJira, sets: Sets, on_error: str) -> None:
    site.reset([OLD])
    result = sets(site, spoilt(pairs(3), 1), on_error=on_error, **EXACT)
    assert OLD in site.links()
    assert result["links"][-1]["sentence"] == "LIB-1 blocks LIB-2" and result["links"][-1]["status"] == "not_tried"
    assert "LIB-1 blocks LIB-2" in result["diff"]["before"] and "LIB-1 blocks LIB-2" in result["diff"]["after"]
    mended(site, sets, elements(pairs(3)), **EXACT)
    assert OLD not in site.links()


def test_removals_come_after_creations(site: LocalJira, sets: Sets) -> None:
    site.reset([OLD])
    sets(site, elements(pairs(3)), **EXACT)
    assert [each.partition(" ")[0] for each in site.writes()] == ["POST"] * 3 + ["DELETE"]


def test_a_removal_that_is_refused(site: LocalJira, sets: Sets) -> None:
    site.reset(pairs(4))
    site.fault("status", method="DELETE", status=403, body={"errorMessages": ["Not today."]})
    result = sets(site, elements(pairs(4)), state="absent", concurrency=1)
    assert [entry["status"] for entry in result["links"]] == ["failed", "not_tried", "not_tried", "not_tried"]
    assert "Not today." in result["msg"] and not result["changed"] and len(site.links()) == 4
    mended(site, sets, elements(pairs(4)), state="absent")


def test_a_removal_of_what_is_gone_by_now(site: LocalJira, sets: Sets) -> None:
    """Somebody was faster: that is what was wanted."""
    site.reset(pairs(2))
    site.fault("error_after", method="DELETE", status=404, body={"errorMessages": ["No issue link exists."]})
    result = sets(site, elements(pairs(2)), state="absent", concurrency=1)
    assert not result.get("failed") and site.links() == []


def test_a_failure_says_what_was_done(site: LocalJira, sets: Sets) -> None:
    result = sets(site, spoilt(pairs(4), 2), concurrency=1)
    assert result["summary"]["created"] == 2 and "2 were created" in result["msg"] and result["changed"]
    assert result["diff"]["before"] == ""
    held = sorted(f"{inward} blocks {outward}" for inward, _, outward in site.links())
    assert sorted(result["diff"]["after"].splitlines()) == held
    mended(site, sets, elements(pairs(4)))


def test_the_comment_of_a_link_that_was_made_is_not_tried_again(data_center: LocalJira, sets: Sets) -> None:
    links = spoilt(pairs(1), 0)
    result = sets(data_center, links)
    assert result["failed"] and result["changed"] and "The link was made" in result["msg"]
    again = sets(data_center, links)
    assert not again.get("failed") and not again["changed"] and data_center.comments() == []


# --- everything refused


@pytest.mark.parametrize("on_error", ["stop", "continue"])
@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize("done", [0, 3])
def test_credentials_that_end_in_the_middle(
    site: LocalJira, sets: Sets, on_error: str, concurrency: int, done: int
) -> None:
    links = elements(pairs(30), comment="Why.")
    breaks_after(site, sets, done, links, kind="status", status=401, body="Unauthorized")
    result = sets(site, links, on_error=on_error, concurrency=concurrency)
    assert result["failed"] and result["status"] == 401 and "redentials" in result["msg"]
    assert result["changed"] == (done > 0) and len(site.links()) == done
    assert len([entry for entry in result["links"] if entry["status"] == "created"]) == done
    assert 1 <= statuses(result)["failed"] <= concurrency
    mended(site, sets, links)
    assert len(site.comments()) == len(site.links()) == 30


@pytest.mark.parametrize("on_error", ["stop", "continue"])
@pytest.mark.parametrize("done", [0, 3])
def test_a_quota_stops_at_once_and_says_until_when(cloud: LocalJira, sets: Sets, on_error: str, done: int) -> None:
    links = elements(pairs(30))
    fault = {"kind": "rate_limit", "reason": "jira-quota-tenant-based", "reset": "2026-11-24T17:00Z"}
    breaks_after(cloud, sets, done, links, **fault)
    result = sets(cloud, links, on_error=on_error)
    assert result["failed"] and result["status"] == 429 and "2026-11-24T17:00Z" in result["msg"]
    assert len(cloud.links()) == done and result["changed"] == (done > 0)
    assert statuses(result)["not_tried"] >= 30 - done - 4 and sets.pauses == []
    mended(cloud, sets, links)


def test_what_stopped_the_run_is_in_the_message(cloud: LocalJira, sets: Sets) -> None:
    """Not only the refusal of one link, after which the run went on."""
    links = spoilt(pairs(5), 0)
    fault = {"kind": "rate_limit", "reason": "jira-quota-global-based", "reset": "2026-11-24T17:00Z"}
    breaks_after(cloud, sets, 2, links, **fault)
    result = sets(cloud, links, on_error="continue", concurrency=1)
    assert result["failed"] and "2026-11-24T17:00Z" in result["msg"]


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_a_jira_that_goes_away(site: LocalJira, sets: Sets, on_error: str) -> None:
    links = elements(pairs(20))
    breaks_after(site, sets, 2, links, kind="break_before")
    result = sets(site, links, on_error=on_error, concurrency=2)
    assert result["failed"] and result["changed"] and "did not answer" in result["msg"]
    assert 1 <= statuses(result)["failed"] <= 2 and statuses(result)["not_tried"] >= 16
    mended(site, sets, links)


@pytest.mark.parametrize(("status", "headers"), [(301, {"Location": "https://jira.example.com/"}), (403, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"})])  # fmt: skip
def test_what_concerns_every_request_stops_in_any_case(
    site: LocalJira, sets: Sets, status: int, headers: dict[str, str]
) -> None:
    site.fault("status", **CREATION, status=status, headers=headers, count=99)
    result = sets(site, elements(pairs(20)), on_error="continue", concurrency=2)
    assert result["failed"] and 1 <= statuses(result)["failed"] <= 2 and not result["changed"]


def test_reading_fails_before_anything_is_written(site: LocalJira, sets: Sets) -> None:
    site.fault("status", path="/(bulkfetch|search)$", status=503, count=9)
    result = sets(site, elements(pairs(3)))
    assert result["failed"] and result["status"] == 503 and site.writes() == [] and "links" not in result


@pytest.mark.parametrize("status", [401, 503])
def test_ids_that_cannot_be_read_take_nothing_from_the_report(cloud: LocalJira, sets: Sets, status: int) -> None:
    """Cloud tells no id when it makes a link, so they are read when all are made."""
    links = elements(pairs(3))
    breaks_after(cloud, sets, 3, links, kind="status", status=status)
    result = sets(cloud, links)
    assert len(cloud.links()) == 3 and result["changed"]
    assert [entry["status"] for entry in result["links"]] == ["created"] * 3
    mended(cloud, sets, links)


# --- too fast


@pytest.mark.parametrize("reason", ["jira-per-issue-on-write", "jira-burst-based"])
@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_429_is_waited_for(cloud: LocalJira, sets: Sets, reason: str, concurrency: int) -> None:
    cloud.fault("rate_limit", **CREATION, reason=reason, retry_after=7, count=3)
    result = sets(cloud, elements(star(12), comment="Why."), concurrency=concurrency)
    assert not result.get("failed") and statuses(result) == {"created": 12} and len(cloud.comments()) == 12
    assert [seconds for _attempt, seconds in sets.pauses] == [7.0] * 3


def test_the_429_of_data_center_is_a_page(data_center: LocalJira, sets: Sets) -> None:
    data_center.fault("rate_limit", **CREATION, retry_after=5, count=2)
    result = sets(data_center, elements(pairs(6), comment="Why."))
    assert statuses(result) == {"created": 6} and [seconds for _, seconds in sets.pauses] == [5.0] * 2


def test_a_429_of_a_removal(site: LocalJira, sets: Sets) -> None:
    site.reset(pairs(4))
    site.fault("rate_limit", method="DELETE", count=2, retry_after=3)
    assert statuses(sets(site, elements(pairs(4)), state="absent")) == {"removed": 4}


def test_a_429_that_never_ends(site: LocalJira, sets: Sets) -> None:
    site.fault("rate_limit", **CREATION, count=99)
    result = sets(site, elements(pairs(3)), concurrency=1)
    assert statuses(result) == {"failed": 1, "not_tried": 2} and result["status"] == 429
    assert len(site.writes()) == 5


def test_nobody_waits_for_an_hour(site: LocalJira, sets: Sets) -> None:
    site.fault("rate_limit", **CREATION, reason="jira-burst-based", retry_after=3600)
    result = sets(site, elements(pairs(3)), concurrency=1)
    assert result["failed"] and "3600" in result["msg"] and sets.pauses == []


def test_a_429_for_one_issue_slows_that_issue_alone(
    cloud: LocalJira, sets: Sets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansible_collections.linkops.jira.plugins.module_utils._write.pause", lambda *about: 0.6)
    hub, others = star(6), [(f"OPS-{n}", "Blocks", f"OPS-{n + 10}") for n in range(1, 9)]
    cloud.fault("rate_limit", **CREATION, reason="jira-per-issue-on-write")
    result = sets(cloud, elements([*hub, *others]), concurrency=1)
    assert statuses(result) == {"created": 14}
    made = [link[0] for link in cloud.links()]
    assert set(made[-4:]) == {"REL-1"} and made.index("OPS-8") < len(made) - 4


def test_a_hub_keeps_below_the_limits_of_cloud(cloud: LocalJira, sets: Sets) -> None:
    """60 links are three times what may be written to one issue within two seconds."""
    cloud.settings(limits=True)
    result = sets(cloud, elements(star(60), comment="Why."), concurrency=8)
    assert statuses(result) == {"created": 60} and len(cloud.comments()) == 60
    assert not [each for each in cloud.control("GET", "requests") if each["status"] == 429]
    assert sets.pauses == [] and 3.9 <= result["summary"]["seconds"] < 7
    assert 3 < result["summary"]["seconds_waited"] <= result["summary"]["seconds"]


# --- broken connections

BROKEN = ["break_before", "break_after", "disconnect_mid_body"]


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("concurrency", [1, 8])
def test_no_comment_comes_twice_over_broken_connections(
    site: LocalJira, sets: Sets, kind: str, concurrency: int
) -> None:
    site.fault(kind, **CREATION, count=4)
    links = elements(pairs(20), comment="Why.")
    result, warnings = sets.outcome(site, links, concurrency=concurrency)
    assert statuses(result) == {"created": 20}
    assert (len(site.links()), len(site.comments())) == (20, 20)
    assert all("comment" in warning for warning in warnings) and bool(warnings) == (kind != "break_before")


@pytest.mark.parametrize("reason", ["jira-per-issue-on-write", "jira-burst-based"])
def test_a_429_of_the_look_afterwards_sends_no_comment_twice(site: LocalJira, sets: Sets, reason: str) -> None:
    site.fault("break_after", **CREATION)
    site.fault("rate_limit", method="GET", path="/issue/", reason=reason, count=2)
    links = elements(pairs(3), comment="Why.")
    sets(site, links, concurrency=1)
    mended(site, sets, links)
    assert (len(site.links()), len(site.comments())) == (3, 3)


def test_without_retries_what_was_done_is_told(site: LocalJira, sets: Sets) -> None:
    site.fault("break_after", **CREATION)
    result = sets(site, elements(pairs(3), comment="Why."), retries=0, concurrency=1)
    assert statuses(result) == {"created": 3} and len(site.comments()) == 3


def test_a_look_that_fails_leaves_the_rest_to_the_next_run(site: LocalJira, task: Tasks, sets: Sets) -> None:
    site.fault("break_after", **CREATION)
    site.fault("status", method="GET", path="/issue/", status=503, count=5)
    links = elements(pairs(3), comment="Why.")
    assert task(jira_issue_links, site, links=links).result["failed"]
    mended(site, sets, links)
    assert (len(site.links()), len(site.comments())) == (3, 3)


# --- the engine itself


@pytest.mark.parametrize("concurrency", [1, 4])
def test_every_request_counts(site: LocalJira, sets: Sets, concurrency: int) -> None:
    site.fault("status", **CREATION, status=503, count=3)
    site.fault("rate_limit", **CREATION, count=2)
    result = sets(site, elements(pairs(10)), concurrency=concurrency)
    assert result["summary"]["requests"] == len(site.requests())
    assert len([each for each in site.requests() if not is_read(each)]) == 15
    assert 0 <= result["summary"]["seconds_waited"] <= result["summary"]["seconds"]


class _Connections:
    """As much of a Jira as the engine needs: it counts its twins, and which of them were closed."""

    retries, sent = 0, 0

    def __init__(self) -> None:
        self.http = self
        self.closed = 0
        self.shown: list[Progress] = []
        self.progress: Callable[[Progress], None] = self.shown.append

    def twin(self) -> _Connections:
        return self

    def close(self) -> None:
        self.closed += 1


def _links(count: int) -> list[IssueLink]:
    kind = LinkType("1", "Blocks", "is blocked by", "blocks")
    return [IssueLink(kind, Issue(f"A-{number}"), Issue(f"B-{number}")) for number in range(count)]


def written(jira: Any, work: Callable[[IssueLink, Jira], IssueLink], concurrency: int) -> list[Any]:
    """What write returns or raises; it must end."""
    ended: list[Any] = []

    def run() -> None:
        try:
            ended.append(Writer(jira, Budget(), 9, concurrency, keep_going=False).write(_links(9), work))
        except Exception as error:
            ended.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(5)
    assert ended, "it hangs"
    return ended


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("place", [0, 4, 8])
def test_an_error_that_nobody_expects_ends_the_run(concurrency: int, place: int) -> None:
    jira = _Connections()

    def work(link: IssueLink, own: Jira) -> IssueLink:
        if link.inward.key == f"A-{place}":
            raise RuntimeError("never thought of")
        return link

    assert isinstance(written(jira, work, concurrency)[0], RuntimeError)
    assert jira.closed == concurrency


def test_a_task_that_is_given_up_starts_nothing_more() -> None:
    """A timeout of Ansible's comes as an exception, here from the progress."""
    jira = _Connections()
    begun: list[str] = []
    release = threading.Event()

    def timeout(progress: Progress) -> None:
        release.set()
        raise TimeoutError

    def work(link: IssueLink, own: Jira) -> IssueLink:
        begun.append(link.inward.key)
        release.wait(5)
        raise JiraError("late")

    jira.progress = timeout
    assert isinstance(written(jira, work, 2)[0], TimeoutError)
    assert len(begun) == 2


def test_progress_is_told_while_it_writes() -> None:
    jira = _Connections()
    waits = iter([1.3, *[0.0] * 8])

    def work(link: IssueLink, own: Jira) -> IssueLink:
        threading.Event().wait(next(waits))
        return link

    written(jira, work, 1)
    assert jira.shown == [Progress(0, 9, 0.0)]
