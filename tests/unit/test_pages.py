# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A search whose pages move while they are read: no issue is missed, none is met twice, and no limit is miscounted."""

from __future__ import annotations

from contextlib import suppress

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import Incomplete
from ansible_collections.linkops.jira.plugins.module_utils._client.pages import by_offset, by_token, each_once
from ansible_collections.linkops.jira.plugins.module_utils._model.link import Issue, LinkedIssue
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link_info
from hypothesis import given
from hypothesis import strategies as st

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

PAGE = 3


class Moving:
    """A search by offset whose result changes after each page: -1 is a key that comes first, 3 the fourth that goes."""

    def __init__(self, size: int, changes: list[int | None]) -> None:
        self.keys = [f"OLD-{number}" for number in range(size)]
        self.stayed = set(self.keys)
        self._changes = iter(changes)
        self.asked = 0

    def fetch(self, start: int, size: int) -> tuple[list[LinkedIssue], int]:
        self.asked += 1
        page = [LinkedIssue(Issue(key), ()) for key in self.keys[start : start + size]], len(self.keys)
        change = next(self._changes, None)
        if change is not None and change < 0:
            self.keys.insert(0, f"NEW-{self.asked}")
        elif change is not None and self.keys:
            self.stayed.discard(self.keys.pop(change % len(self.keys)))
        return page


@given(size=st.integers(0, 12), changes=st.lists(st.none() | st.integers(-3, 11), max_size=4))
def test_whatever_stays_is_found_once(size: int, changes: list[int | None]) -> None:
    """Unless as many come as go between two pages, so that nothing shows it: then an issue may be missed."""
    search = Moving(size, changes)
    found: list[str] = []
    with suppress(Incomplete):
        found = [each.issue.key for each in each_once(by_offset(search.fetch, PAGE))]
        hidden = any(change is not None and change < 0 for change in changes) and any((c or 0) >= 0 for c in changes)
        assert hidden or search.stayed <= set(found)
    assert len(found) == len(set(found))


@given(size=st.integers(0, 12))
def test_what_does_not_move_is_read_once(size: int) -> None:
    search = Moving(size, [])
    assert [each.issue.key for each in each_once(by_offset(search.fetch, PAGE))] == search.keys
    assert search.asked == max(1, -(-size // PAGE))


@given(size=st.integers(4, 12), places=st.lists(st.integers(0, 11), min_size=1, max_size=3))
def test_issues_that_leave_cost_no_other(size: int, places: list[int]) -> None:
    search = Moving(size, list(places))
    assert search.stayed <= {each.issue.key for each in each_once(by_offset(search.fetch, PAGE))}


@given(size=st.integers(7, 12), left=st.integers(0, 2), moved_up=st.integers(6, 11))
def test_one_leaves_and_another_comes_behind(size: int, left: int, moved_up: int) -> None:
    """The number of issues stays the same, and no issue is met twice."""
    search = Moving(size, [left])
    pages = search.fetch

    def fetch(start: int, size: int) -> tuple[list[LinkedIssue], int]:
        page = pages(start, size)
        if search.asked == 1:
            search.keys.append("LATE-1")
        return page

    assert search.stayed <= {each.issue.key for each in each_once(by_offset(fetch, PAGE))}


@given(size=st.integers(5, 12), place=st.integers(3, 11))
def test_an_issue_that_changes_its_place(size: int, place: int) -> None:
    """Sorted by when it was changed, it goes to the front: the number is the same, and another one stands twice."""
    search = Moving(size, [])
    pages = search.fetch

    def fetch(start: int, size: int) -> tuple[list[LinkedIssue], int]:
        page = pages(start, size)
        if search.asked == 1:
            search.keys.insert(0, search.keys.pop(place % len(search.keys)))
        return page

    assert {each.issue.key for each in each_once(by_offset(fetch, PAGE))} == search.stayed


def test_a_total_that_counts_what_is_never_shown_is_no_reason_to_fail() -> None:
    """An index can know of an issue that is gone. Reading again finds nothing new, so that is all there is."""
    search = Moving(7, [])

    def fetch(start: int, size: int) -> tuple[list[LinkedIssue], int]:
        page = search.fetch(start, size)[0]
        return [found for found in page if found.issue.key != "OLD-5"], 7

    found = [each.issue.key for each in each_once(by_offset(fetch, PAGE))]
    assert found == [key for key in search.keys if key != "OLD-5"]


def test_a_result_that_never_stops_moving_is_given_up() -> None:
    search = Moving(40, [-1] * 500)
    with pytest.raises(Incomplete):
        list(by_offset(search.fetch, PAGE))


def test_pages_that_end_too_early_and_tokens_that_go_round() -> None:
    with pytest.raises(Incomplete):
        list(by_offset(lambda start, size: ([], 3), PAGE))
    with pytest.raises(Incomplete):
        list(by_token(lambda token, size: ([], "again"), PAGE))


# --- over real HTTP

BIG = [{"key": "BIG", "count": 250}]
SEARCH = "/search(/jql)?$"


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize("changes", [["create"], ["delete"], ["create", "delete"]], ids=" and ".join)
def test_a_search_while_issues_come_and_go(site: LocalJira, task: Tasks, changes: list[str], order: str) -> None:
    """Cloud goes by tokens, of which nobody knows what they mean; what Data Center shows is complete."""
    site.reset(projects=BIG)
    gone = "BIG-240" if order == "DESC" else "BIG-3"
    details = {"create": {"project": "BIG", "summary": "New"}, "delete": {"key": gone}}
    site.fault("meanwhile", path=SEARCH, **{change: details[change] for change in changes})
    result = task(jira_issue_link_info, site, jql=f"project = BIG ORDER BY created {order}").result
    assert not result.get("failed")
    stayed = {f"BIG-{number}" for number in range(1, 251)} - ({gone} if "delete" in changes else set())
    assert site.cloud or set(result["asked"]) >= stayed


def test_an_issue_on_two_pages_counts_once_for_max_issues(data_center: LocalJira, task: Tasks) -> None:
    """Somebody makes one meanwhile: 251 issues are more than 250, and not 250 of them."""
    data_center.reset(projects=BIG)
    data_center.fault("meanwhile", path=SEARCH, create={"project": "BIG", "summary": "New"})
    options = {"jql": "project = BIG ORDER BY created DESC", "max_issues": 250}
    result = task(jira_issue_link_info, data_center, **options).result
    assert result["failed"] and "more than 250" in result["msg"]


def test_max_issues_is_never_a_part_of_what_there_is(site: LocalJira, task: Tasks) -> None:
    """Hidden issues among those that are followed do not make room for others."""
    hidden = [("REL-1", "Blocks", "HID-1"), ("REL-1", "Blocks", "HID-2")]
    site.reset([*hidden, *(("REL-1", "Blocks", f"APP-{number}") for number in range(1, 9))])
    for most in range(1, 12):
        result = task(jira_issue_link_info, site, issues=["REL-1"], depth=-1, max_issues=most).result
        assert result.get("failed") or len(result["links"]) == 8
        assert bool(result.get("failed")) == (most < 9)
