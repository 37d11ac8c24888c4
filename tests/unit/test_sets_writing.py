# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets that Jira does not take as a whole: what stops, what goes on, what is told, and that a second run ends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest

from tests.local_jira import Link, LocalJira
from tests.unit.sets_scenarios import RELATED, RELATED_BACK, A, B, C
from tests.unit.sets_tasks import (
    CREATION,
    Sets,
    elements,
    mended,
    pairs,
    rest,
    said,
    statuses,
)
from tests.unit.tasks import sentences_of

NOT_FOR_US: dict[str, Any] = {"comment": "Hush.", "comment_visibility": {"type": "group", "value": "nobody-knows"}}
"""A comment that Jira refuses: on Cloud before the link is made, on Data Center after."""
OLD = ("LIB-1", "Blocks", "LIB-2")
EXACT: dict[str, Any] = {"state": "exact", "scope": {"issues": [f"REL-{n}" for n in range(1, 41)] + ["LIB-1"]}}


def spoilt(links: Sequence[Link], *places: int) -> list[dict[str, Any]]:
    """The links, some of which Jira refuses."""
    return [rest(*link, **(deepcopy(NOT_FOR_US) if place in places else {})) for place, link in enumerate(links)]


def refused(site: LocalJira) -> str:
    """What becomes of a link whose comment Jira refuses: Data Center has made it by then."""
    return "failed" if site.cloud else "created"


def breaks_after(site: LocalJira, sets: Sets, writes: int, links: Sequence[Mapping[str, Any]], **fault: Any) -> None:
    """Everything fails in this way once the run has sent all its reads and so many writes."""
    before = len(site.requests())
    sets(site, links, check=True)
    let_through = len(site.requests()) - before + writes
    site.control("POST", "faults", {"kind": "slow", "seconds": 0, "count": let_through})
    site.fault(count=999, **fault)


# --- one link refused


@pytest.mark.parametrize("place", [0, 2, 5])
def test_stop_starts_no_further_write(site: LocalJira, sets: Sets, place: int) -> None:
    result = sets(site, spoilt(pairs(6), place), concurrency=1)
    assert [entry["status"] for entry in result["links"]] == (
        ["created"] * place + [refused(site)] + ["not_tried"] * (5 - place)
    )
    assert site.writes() == ["POST /issueLink"] * (place + 1)
    assert "nobody-knows" in result["msg"] and "nobody-knows" in result["links"][place]["error"]
    assert (result["links"][place]["id"] is not None) == (not site.cloud)  # Data Center made the link all the same


def test_stop_lets_those_under_way_end(site: LocalJira, sets: Sets) -> None:
    """How many those are is up to the machine; that none is started after them, test_sets_engine shows."""
    result = sets(site, spoilt(pairs(30), 0), concurrency=4)
    assert result["failed"] and len([entry for entry in result["links"] if entry["error"]]) == 1
    mended(site, sets, elements(pairs(30)))


@pytest.mark.parametrize("concurrency", [1, 8])
def test_continue_does_the_others(site: LocalJira, sets: Sets, concurrency: int) -> None:
    result = sets(site, spoilt(pairs(12), 0, 5, 11), on_error="continue", concurrency=concurrency)
    assert statuses(result) == ({"created": 9, "failed": 3} if site.cloud else {"created": 12})
    assert result["failed"] and result["changed"] and len([each for each in result["links"] if each["error"]]) == 3
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
    created = 2 if site.cloud else 3
    assert result["summary"]["created"] == created and f"{created} created" in result["msg"] and result["changed"]
    assert result["diff"]["before"] == ""
    held = sorted(f"{inward} blocks {outward}" for inward, _other, outward in site.links())
    assert sentences_of(result["diff"], "after") == held
    hushed = [line for line in result["diff"]["after"].splitlines() if "nobody-knows" in line]
    assert hushed == []  # its link may be there, its comment is not
    mended(site, sets, elements(pairs(4)))


def test_the_comment_of_a_link_that_was_made_is_not_tried_again(data_center: LocalJira, sets: Sets) -> None:
    links = spoilt(pairs(1), 0)
    result = sets(data_center, links)
    assert result["failed"] and result["changed"] and "The link was made" in result["msg"]
    (entry,) = result["links"]
    assert entry["status"] == "created" and entry["id"] and "Its comment was refused" in entry["error"]
    assert result["summary"]["failed"] == 0 and "Running it again" not in result["msg"]
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


@pytest.mark.parametrize(
    ("status", "headers"),
    [(301, {"Location": "https://jira.example.com/"}), (403, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"})],
)
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


@pytest.mark.parametrize(
    ("links", "comments"),
    [
        (elements([A, B], comment="Why."), ["Why.", "Why."]),
        ([rest(*A), rest(*A, comment="Why."), said("APP-1", "is blocked by", "REL-1")], ["Why."]),
        ([rest(*RELATED, comment="Why."), rest(*RELATED_BACK, comment="Why.")], ["Why."]),
        ([rest(*A, comment="This."), rest(*B, comment="That.")], ["That.", "This."]),
        ([rest(*C, comment="Never."), rest(*A)], []),
    ],
)
def test_a_comment_comes_once_with_its_link(
    site: LocalJira, sets: Sets, links: list[dict[str, Any]], comments: list[str]
) -> None:
    site.reset([C])
    sets(site, links)
    assert sorted(site.comments()) == comments


def test_each_comment_is_with_its_own_link(site: LocalJira, sets: Sets) -> None:
    links = [rest(*link, comment=f"{link[0]} for {link[2]}") for link in (A, B, C)]
    sets(site, links)
    assert {(each["issue"], each["body"][:5]) for each in site.state()["comments"]} == {
        ("REL-1", "REL-1"),
        ("REL-2", "REL-2"),
    }
