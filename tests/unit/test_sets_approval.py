# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan that was approved, and exactly that plan carried out; and undo where not everything is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION
from ansible_collections.linkops.jira.plugins.module_utils._module import given as as_given
from ansible_collections.linkops.jira.plugins.modules import jira_issue_links
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local_jira import Link, LocalJira
from tests.unit.sets_tasks import CREATION, Sets, elements, rest
from tests.unit.tasks import Tasks

A, B, C = ("REL-1", "Blocks", "APP-1"), ("REL-1", "Blocks", "APP-2"), ("REL-2", "Cloners", "APP-1")
RELATED, RELATED_BACK = ("REL-1", "Relates", "APP-1"), ("APP-1", "Relates", "REL-1")
POSSIBLE = [A, B, C, ("APP-1", "Blocks", "REL-1"), RELATED, RELATED_BACK, ("APP-2", "Blocks", "LIB-1")]
EXACT: dict[str, Any] = {"state": "exact", "scope": {"issues": ["REL-1"]}}
HUSH: dict[str, Any] = {"comment": "Hush.", "comment_visibility": {"type": "role", "value": "Developers"}}


@pytest.fixture
def sets(task: Tasks) -> Sets:
    return Sets(task)


def plan(site: LocalJira, sets: Sets, links: Sequence[Any], **options: Any) -> list[dict[str, Any]]:
    """The changes of a run in check mode, as a file would hold them."""
    changes: list[dict[str, Any]] = json.loads(json.dumps(sets(site, links, check=True, **options)["changes"]))
    return changes


def refused(site: LocalJira, sets: Sets, links: Sequence[Any], approved: Any, *words: str, **options: Any) -> None:
    """Nothing is written, in check mode and for real, and the message holds the words."""
    written = len(site.writes())
    for check in (True, False):
        result = sets(site, links, check=check, approved_changes=approved, **options)
        assert result["failed"] and not result["changed"] and len(site.writes()) == written
        for word in ("Nothing was written", *words):
            assert word in result["msg"]


def test_changes_are_in_a_stable_order_with_ids(site: LocalJira, sets: Sets) -> None:
    site.reset([("REL-1", "Blocks", "LIB-2"), ("REL-1", "Blocks", "LIB-1")])
    links = elements([B, A])
    changes = plan(site, sets, links, **EXACT)
    assert [(each["action"], each["sentence"]) for each in changes] == [
        ("create", "REL-1 blocks APP-1"),
        ("create", "REL-1 blocks APP-2"),
        ("remove", "REL-1 blocks LIB-1"),
        ("remove", "REL-1 blocks LIB-2"),
    ]
    assert changes == plan(site, sets, links[::-1], **EXACT)
    assert changes[0] == {
        "action": "create",
        "sentence": "REL-1 blocks APP-1",
        "link_type_id": "10000",
        "inward_issue": "REL-1",
        "outward_issue": "APP-1",
        "inward_issue_id": "10001",
        "outward_issue_id": "10041",
        "link_id": None,
        "comment": None,
    }
    assert [each["link_id"] for each in changes[2:]] == ["10001", "10000"]


def test_what_was_approved_is_done_although_names_changed_meanwhile(site: LocalJira, sets: Sets) -> None:
    site.reset([("REL-1", "Blocks", "APP-7")])
    links = [{"sentence": "REL-1 blocks APP-1"}]
    changes = plan(site, sets, links, **EXACT)
    site.control("POST", "move", {"from": "APP-1", "to_project": "LIB"})
    result = sets(site, links, approved_changes=changes, **EXACT)
    assert result["changed"] and site.sentences() == ["REL-1 blocks LIB-41"]


@pytest.mark.parametrize("approved", [[], "some"])
def test_what_was_not_approved_is_named_and_nothing_is_written(site: LocalJira, sets: Sets, approved: Any) -> None:
    site.reset([B])
    links = elements([A, C])
    approved = approved and [each for each in plan(site, sets, links, **EXACT) if "APP-1" not in each["sentence"]]
    refused(
        site,
        sets,
        links,
        approved,
        "not approved",
        "create 'REL-1 blocks APP-1'",
        "create 'REL-2 clones APP-1'",
        **EXACT,
    )


def test_nothing_to_do_needs_no_approval(site: LocalJira, sets: Sets) -> None:
    site.reset([A])
    assert not sets(site, elements([A]), approved_changes=[]).get("failed")


def test_an_approved_change_that_somebody_did_is_fine(site: LocalJira, sets: Sets) -> None:
    site.reset([B])
    changes = plan(site, sets, elements([A, C]), **EXACT)
    sets(site, [rest(*A), rest(*B, state="absent")])
    result = sets(site, elements([A, C]), approved_changes=changes, **EXACT)
    assert not result.get("failed") and sorted(site.links()) == sorted([A, C])
    assert not sets(site, elements([A, C]), approved_changes=changes, **EXACT)["changed"]


@pytest.mark.parametrize("now", [[], [A, B]], ids=["one less", "one that stays"])
def test_a_declaration_that_changed_since_the_plan_is_refused(site: LocalJira, sets: Sets, now: list[Link]) -> None:
    site.reset([B])
    scope = {"issues": ["REL-1"], "link_types": ["Blocks"]}
    changes = plan(site, sets, elements([A]), state="exact", scope=scope)
    refused(site, sets, elements(now), changes, "declaration has changed", state="exact", scope=scope)


def test_a_removal_that_nobody_asks_for_any_more_is_refused(site: LocalJira, sets: Sets) -> None:
    site.reset([("LIB-1", "Blocks", "LIB-2")])
    changes = plan(site, sets, elements([("LIB-1", "Blocks", "LIB-2")], state="absent"))
    refused(site, sets, elements([A]), [*plan(site, sets, elements([A])), *changes], "remove 'LIB-1 blocks LIB-2'")


def test_the_cap_counts_all_the_same(site: LocalJira, sets: Sets) -> None:
    site.reset([B])
    changes = plan(site, sets, elements([A]), **EXACT)
    result = sets(site, elements([A]), approved_changes=changes, max_removals=0, **EXACT)
    assert result["failed"] and "max_removals is 0" in result["msg"] and not site.writes()


@pytest.mark.parametrize(
    "other",
    [{}, {**HUSH, "comment": "Loud."}, {"comment": "Hush."}, {**HUSH, "comment_internal": True}],
    ids=["none", "another text", "for everybody", "internal"],
)
def test_another_comment_is_another_change(site: LocalJira, sets: Sets, other: dict[str, Any]) -> None:
    changes = plan(site, sets, [rest(*A, **HUSH)])
    refused(site, sets, [rest(*A, **other)], changes, "not approved", "REL-1 blocks APP-1")
    assert sets(site, [rest(*A, **HUSH)], approved_changes=changes)["changed"]


def test_a_comment_that_not_everybody_may_read_is_not_in_the_changes(site: LocalJira, sets: Sets) -> None:
    open_to_all, *hidden = (
        plan(site, sets, [rest(*A, **comment)])[0]["comment"]
        for comment in ({"comment": "Hush."}, HUSH, {"comment": "Hush.", "comment_internal": True})
    )
    assert open_to_all == {"body": "Hush.", "visibility": None, "internal": False}
    assert "Hush" not in json.dumps(hidden) and len({each["sha256"] for each in hidden}) == 2


def test_a_symmetric_link_may_stand_either_way(site: LocalJira, sets: Sets) -> None:
    changes = plan(site, sets, elements([RELATED]))
    assert sets(site, elements([RELATED_BACK]), approved_changes=changes)["changed"]


@pytest.mark.parametrize("missing", ["action", "link_type_id", "inward_issue_id", "outward_issue_id"])
def test_an_approval_without_ids_is_refused_by_name(site: LocalJira, sets: Sets, missing: str) -> None:
    (change,) = plan(site, sets, elements([A]))
    del change[missing]
    result = sets.outcome(site, elements([A]), approved_changes=[change]).result
    assert result["failed"] and missing in result["msg"] and not site.writes()


def test_an_approved_removal_has_an_id(site: LocalJira, sets: Sets) -> None:
    site.reset([B])
    (change,) = plan(site, sets, elements([B], state="absent"))
    result = sets.outcome(site, elements([B], state="absent"), approved_changes=[{**change, "link_id": None}]).result
    assert result["failed"] and "link_id" in result["msg"] and not site.writes()


# --- undo


def test_a_run_that_failed_half_way_is_undone(site: LocalJira, sets: Sets) -> None:
    site.reset([C])
    site.fault("status", **CREATION, status=400, body={"errorMessages": ["No."]})
    result = sets(site, elements([A, B]), on_error="continue")
    assert result["failed"] and result["changed"]
    assert sets(site, result["undo"])["changed"] and site.links() == [C]


def test_undo_says_of_what_it_cannot_be_sure(site: LocalJira, task: Tasks) -> None:
    """A write without an answer, and nothing can be read afterwards."""
    site.fault("break_after", **CREATION, count=9)
    site.fault("status", path="/issue/REL-1", status=503, count=99)
    result, warnings = task(jira_issue_links, site, links=[rest(*A)])
    assert result["failed"]
    (element,) = result["undo"]
    assert element["sentence"] == "REL-1 blocks APP-1" and element["state"] == "absent" and "link_id" not in element
    assert "may be another's" in element["origin"] and any("undo cannot be sure" in each for each in warnings)


distinct = st.lists(st.sampled_from(POSSIBLE), unique=True, max_size=5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=distinct, present=distinct, absent=distinct, exact=st.booleans(), more=st.sampled_from(POSSIBLE))
def test_any_plan(
    site: LocalJira,
    sets: Sets,
    before: list[Link],
    present: list[Link],
    absent: list[Link],
    exact: bool,
    more: Link,
) -> None:
    """Planned, one change more refused, approved and applied, undone."""
    alike = {frozenset(link) if link[1] == "Relates" else link for link in present}
    gone = [link for link in absent if (frozenset(link) if link[1] == "Relates" else link) not in alike]
    links = elements(present) if exact else [*elements(present), *elements(gone, state="absent")]
    scope = {"issues": ["REL-1"], "link_types": ["Blocks", "Relates"]}
    options: dict[str, Any] = {"state": "exact", "scope": scope} if exact else {}
    site.reset(before)
    changes = plan(site, sets, links, **options)
    for index in range(len(changes)):
        fewer = changes[:index] + changes[index + 1 :]
        refused(site, sets, links, fewer, "not approved", changes[index]["sentence"], **options)
    result = sets(site, links, approved_changes=changes, **options)
    assert not result.get("failed") and result["changes"] == changes
    assert not sets(site, links, approved_changes=changes, **options)["changed"]
    assert not sets(site, result["declared"])["changed"]
    sets(site, result["undo"])
    assert {frozenset(link) if link[1] == "Relates" else link for link in site.links()} == {
        frozenset(link) if link[1] == "Relates" else link for link in before
    }


def test_the_module_takes_what_it_returns(site: LocalJira, task: Tasks) -> None:
    (change,) = task(jira_issue_links, site, check=True, sentences=["REL-1 blocks APP-1"]).result["changes"]
    approved = {name: value for name, value in change.items() if value is not None}
    assert task(jira_issue_links, site, sentences=["REL-1 blocks APP-1"], approved_changes=[approved]).result["changed"]


@pytest.mark.parametrize("blank", [None, "", " ", {}, [None], [" "]])
def test_an_approval_without_a_value_is_refused_and_approves_nothing(site: LocalJira, sets: Sets, blank: Any) -> None:
    """A variable that has none must not mean that no approval is needed."""
    options = {"url": site.url, "links": elements([A]), "approved_changes": blank}
    refusal = as_given(options, {**CONNECTION, **jira_issue_links.ARGUMENT_SPEC}, {}).refusal
    assert refusal.startswith("approved_changes"), refusal
