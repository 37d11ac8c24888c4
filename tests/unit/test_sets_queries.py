# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links to whatever a query finds: as if each were listed, and none removed because a search was behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._apply.queries import _narrowed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local_jira import Link, LocalJira
from tests.unit.sets_tasks import Sets, foreseeable, said
from tests.unit.tasks import Tasks

ROWS = 7
SEED: dict[str, Any] = {"projects": [{"key": "REL", "count": 3}, {"key": "APP", "count": ROWS}]}
VERSION = "fixVersion = 2.4"
BY_QUERY = {"issue": "REL-1", "phrase": "is blocked by", "linked_jql": VERSION}
EXACT: dict[str, Any] = {"state": "exact", "scope": {"issues": ["REL-1"], "link_types": ["Blocks"]}}
ONE, TWO, THREE = (("APP-1", "Blocks", "REL-1"), ("APP-2", "Blocks", "REL-1"), ("APP-3", "Blocks", "REL-1"))


@pytest.fixture
def sets(task: Tasks) -> Sets:
    return Sets(task)


@pytest.fixture
def site(site: LocalJira) -> LocalJira:
    reset(site, ["APP-1", "APP-2"])
    return site


def reset(site: LocalJira, found: Sequence[str], links: Sequence[Link] = (), **seed: Any) -> None:
    """A site whose version 2.4 has these issues."""
    site.reset(links, **SEED, versions={"2.4": list(found), "2.5": ["REL-3"]}, **seed)


def version_of(site: LocalJira, key: str, *versions: str) -> None:
    site.control("POST", "edit", {"key": key, "fix_versions": list(versions)})


def foreseen(site: LocalJira, sets: Sets, links: Sequence[Mapping[str, Any]], **options: Any) -> Any:
    """The result of the real run, which check mode has foreseen, and after which there is nothing to do."""
    predicted = sets(site, links, check=True, **options)
    result = sets(site, links, **options)
    for each in (predicted, result):
        each.pop("undo", None)
        for query in each.get("queries", ()):
            assert query.pop("asked_at").endswith("+00:00")
    assert not result.get("failed"), result
    assert foreseeable(result) == foreseeable(predicted)
    again = sets(site, links, **options)
    assert not again["changed"] and not again.get("failed")
    return result


def message(site: LocalJira, sets: Sets, links: Sequence[Mapping[str, Any]], **options: Any) -> str:
    """Why it failed, in check mode as for real, with nothing written."""
    written = len(site.writes())
    predicted, result = (sets(site, links, check=check, **options) for check in (True, False))
    assert result["failed"] and result == predicted and len(site.writes()) == written
    return str(result["msg"])


# --- as if they were listed


def test_the_issues_that_it_finds_are_linked(site: LocalJira, sets: Sets) -> None:
    result = foreseen(site, sets, [BY_QUERY])
    assert site.sentences() == ["APP-1 blocks REL-1", "APP-2 blocks REL-1"]
    assert result["queries"] == [
        {
            "origin": "links[0]",
            "jql": VERSION,
            "issues": sorted(["APP-1", "APP-2"], key=result["queries"][0]["issues"].index),
        }
    ]
    assert {each["sentence"] for each in result["declared"]} == {"APP-1 blocks REL-1", "APP-2 blocks REL-1"}


def test_the_query_may_stand_first(site: LocalJira, sets: Sets) -> None:
    foreseen(site, sets, [{"issue_jql": VERSION, "phrase": "is blocked by", "linked_issue": "REL-1"}])
    assert site.sentences() == ["REL-1 blocks APP-1", "REL-1 blocks APP-2"]


def test_with_exact_an_issue_that_leaves_the_query_loses_its_link(site: LocalJira, sets: Sets) -> None:
    reset(site, ["APP-1"], [ONE, TWO, ("APP-4", "Relates", "REL-1"), ("APP-2", "Blocks", "REL-2")])
    result = foreseen(site, sets, [BY_QUERY], **EXACT)
    assert result["summary"]["removed"] == 1
    assert site.sentences() == ["APP-1 blocks REL-1", "APP-2 blocks REL-2", "APP-4 relates to REL-1"]


def test_what_is_absent_by_query_is_removed(site: LocalJira, sets: Sets) -> None:
    reset(site, ["APP-1", "APP-2"], [ONE, THREE])
    foreseen(site, sets, [{**BY_QUERY, "state": "absent"}])
    assert site.links() == [THREE]


def test_the_issue_itself_is_left_out(site: LocalJira, sets: Sets) -> None:
    reset(site, ["REL-1", "APP-1"])
    foreseen(site, sets, [BY_QUERY])
    assert site.links() == [ONE]


def test_the_issue_itself_is_left_out_by_any_of_its_keys(site: LocalJira, sets: Sets) -> None:
    reset(site, ["REL-1", "APP-1"], moved={"OLD-7": "REL-1"})
    foreseen(site, sets, [{**BY_QUERY, "issue": "OLD-7"}])
    assert site.links() == [ONE]


def test_a_query_is_asked_once(site: LocalJira, sets: Sets) -> None:
    sets(site, [BY_QUERY, {**BY_QUERY, "issue": "REL-2"}], check=True)
    assert len([each for each in site.requests() if each.endswith(("/search", "/search/jql"))]) <= 2 - site.cloud
    assert len(sets(site, [BY_QUERY, {**BY_QUERY, "issue": "REL-2"}], check=True)["changes"]) == 4


def test_a_comment_goes_with_each_new_link(site: LocalJira, sets: Sets) -> None:
    foreseen(site, sets, [{**BY_QUERY, "comment": "Release."}])
    assert site.comments() == ["Release."] * 2


# --- what makes no sense


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"linked_jql": "fixVersion = 2.5", "issue": "REL-3"}, "(fixVersion = 2.5): The query finds no other issue."),
        ({"linked_jql": "project = APP AND status = Nowhere"}, "'Nowhere' does not exist"),
        ({"linked_jql": "fixVersion ="}, "Jira does not take the query 'fixVersion ='. Jira refused"),
        ({"linked_issue": "APP-1"}, "linked_jql in place of linked_issue"),
        ({"issue_jql": VERSION}, "issue_jql may stand in place of issue"),
        ({"linked_jql": " "}, "linked_jql is empty"),
        ({"phrase": "is bloked by"}, "No issue link type reads 'is bloked by'"),
        ({"issue": "REL-99"}, "Jira does not show REL-99"),
        ({"link_id": "10", "state": "absent"}, "link_id is for one link"),
    ],
)
def test_what_makes_no_sense_is_refused(site: LocalJira, sets: Sets, changes: dict[str, Any], words: str) -> None:
    assert words in message(site, sets, [said("REL-1", "blocks", "APP-7"), {**BY_QUERY, **changes}])


def test_allow_empty_is_for_queries(site: LocalJira, sets: Sets) -> None:
    assert "allow_empty is for" in message(site, sets, [said("REL-1", "blocks", "APP-7", allow_empty=True)])


def test_more_than_may_be_is_an_error_and_never_a_cut(site: LocalJira, sets: Sets) -> None:
    assert "finds more than 1 issue. " in message(site, sets, [BY_QUERY], max_issues=1)
    assert not sets(site, [BY_QUERY], max_issues=2).get("failed")


def test_a_query_that_may_find_nothing(site: LocalJira, sets: Sets) -> None:
    reset(site, ["APP-3"], [ONE, TWO])
    version_of(site, "APP-3")
    site.control("POST", "edit", {"key": "REL-2", "fix_versions": ["2.4"]})
    nothing = {**BY_QUERY, "linked_jql": f"{VERSION} AND project = APP"}
    assert "finds no other issue" in message(site, sets, [nothing], **EXACT)
    assert "max_removals is 1" in message(site, sets, [{**nothing, "allow_empty": True}], max_removals=1, **EXACT)
    foreseen(site, sets, [{**nothing, "allow_empty": True}], **EXACT)
    assert site.links() == []


def test_a_query_that_may_find_nothing_needs_its_issue_all_the_same(site: LocalJira, sets: Sets) -> None:
    empty = {**BY_QUERY, "issue": "REL-99", "linked_jql": f"{VERSION} AND project = REL", "allow_empty": True}
    assert "Jira does not show REL-99" in message(site, sets, [empty])


@pytest.mark.parametrize("cloud_says", ["header", "silent"])
def test_a_dead_login_finds_nothing_that_counts(site: LocalJira, sets: Sets, cloud_says: str) -> None:
    """On a site that is partly public, it would find a part."""
    reset(site, ["APP-1"], [ONE, TWO])
    site.settings(dead_login=cloud_says)
    login = {**site.login(), **({"password": "expired-token"} if site.cloud else {"token": "expired-pat"})}
    empty = {**BY_QUERY, "allow_empty": True}
    written = len(site.writes())
    result = sets(site, [empty], **EXACT, **login)
    assert result["failed"] and len(site.writes()) == written


def test_an_answer_with_a_warning_is_a_mistake(cloud: LocalJira, sets: Sets) -> None:
    cloud.reset()
    body = {"issues": [], "isLast": True, "warningMessages": ["The value 'x' does not exist for the field 'y'."]}
    cloud.fault("status", path="/search/jql$", status=200, body=body, count=2)
    assert "Jira warns of the search" in message(cloud, sets, [{**BY_QUERY, "allow_empty": True}])


# --- a search that is behind


def test_an_issue_that_the_search_has_left_out_keeps_its_link(site: LocalJira, sets: Sets) -> None:
    """It was added to the version a moment ago, and linked by somebody at once."""
    reset(site, ["APP-1"], [ONE, TWO])
    site.settings(search_lags=True)
    version_of(site, "APP-2", "2.4")
    outcome = sets.outcome(site, [BY_QUERY], **EXACT)
    if site.cloud:
        assert not outcome.result["changed"] and site.links() == [ONE, TWO]
        assert any("The search is behind on APP-2, so what links to it stays." in each for each in outcome.warnings)
        assert outcome.result["queries"][0]["issues"] == ["APP-1", "APP-2"]
    else:  # its index is written together with the issue; one that is behind all the same is what a query finds there
        assert site.links() == [ONE]


def test_an_issue_that_is_not_indexed_keeps_its_link(data_center: LocalJira, sets: Sets) -> None:
    reset(data_center, ["APP-1", "APP-2"], [ONE, TWO, THREE])
    data_center.settings(not_indexed=["APP-2"])
    result = sets(data_center, [BY_QUERY], **EXACT)
    assert result["summary"]["removed"] == 1 and data_center.links() == [ONE, TWO]


def test_an_issue_that_left_the_query_meanwhile_is_not_unlinked_by_it(cloud: LocalJira, sets: Sets) -> None:
    reset(cloud, ["APP-1", "APP-2"], [ONE, TWO])
    cloud.settings(search_lags=True)
    version_of(cloud, "APP-2", "2.5")
    sets(cloud, [{**BY_QUERY, "state": "absent"}])
    assert cloud.links() == [TWO]


def test_an_issue_that_is_gone_is_not_taken_for_one_to_link(cloud: LocalJira, sets: Sets) -> None:
    reset(cloud, ["APP-1", "APP-2"])
    cloud.settings(search_lags=True)
    cloud.control("POST", "delete", {"key": "APP-2"})
    assert "Jira does not show" in message(cloud, sets, [BY_QUERY])


def test_one_answer_that_holds_nothing_is_not_believed(site: LocalJira, sets: Sets) -> None:
    """Before a link goes, the same search has to find its issue by its id."""
    reset(site, ["APP-1"], [ONE, TWO])
    site.settings(not_indexed=["APP-2"])
    if site.cloud:
        site.fault("slow", path="/search/jql$", seconds=0.0)
        empty = {"issues": [], "isLast": True}
        site.fault("status", path="/search/jql$", status=200, body=empty, count=9)
    outcome = sets.outcome(site, [BY_QUERY], **EXACT)
    assert not outcome.result["changed"] and site.links() == [ONE, TWO]


def test_the_last_issue_that_leaves_the_query_loses_its_link(site: LocalJira, sets: Sets) -> None:
    """Without link types in the scope, the element names its type."""
    reset(site, ["REL-2"], [ONE, ("APP-2", "Relates", "REL-1")])
    empty = {**BY_QUERY, "linked_jql": f"{VERSION} AND project = APP", "allow_empty": True}
    foreseen(site, sets, [empty], state="exact", scope={"issues": ["REL-1"]})
    assert site.sentences() == ["APP-2 relates to REL-1"]


def test_a_query_that_finds_the_issue_alone_by_an_old_key_finds_nothing(site: LocalJira, sets: Sets) -> None:
    reset(site, ["REL-1"], moved={"OLD-7": "REL-1"})
    assert "finds no other issue" in message(site, sets, [{**BY_QUERY, "issue": "OLD-7"}])


def test_an_issue_that_has_moved_is_linked_by_its_id(site: LocalJira, sets: Sets) -> None:
    site.settings(search_lags=True)
    site.control("POST", "move", {"from": "APP-2", "to_project": "REL"})
    foreseen(site, sets, [BY_QUERY])
    assert site.sentences() == ["APP-1 blocks REL-1", "REL-4 blocks REL-1"]


# --- approval


def test_a_plan_that_a_query_has_outdated_names_the_query(site: LocalJira, sets: Sets) -> None:
    approved = sets(site, [BY_QUERY], check=True, **EXACT)["changes"]
    version_of(site, "APP-3", "2.4")
    written = len(site.writes())
    result = sets(site, [BY_QUERY], approved_changes=approved, **EXACT)
    assert result["failed"] and len(site.writes()) == written
    assert "create 'APP-3 blocks REL-1'" in result["msg"] and f"links[0] ({VERSION})" in result["msg"]
    version_of(site, "APP-3")
    assert sets(site, [BY_QUERY], approved_changes=approved, **EXACT)["changes"] == approved


# --- against a naive model


KEYS = [f"APP-{number}" for number in range(1, ROWS + 1)]
some_keys = st.lists(st.sampled_from(KEYS), unique=True, max_size=ROWS)
ENDS = {"is blocked by": "linked_jql", "blocks": "linked_jql", "relates to": "issue_jql"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    found=some_keys.filter(bool),
    there=st.lists(
        st.tuples(st.sampled_from(KEYS), st.sampled_from(["Blocks", "Relates"]), st.booleans()), unique=True, max_size=6
    ),
    moved=st.booleans(),
    lags=st.booleans(),
    exact=st.booleans(),
    phrase=st.sampled_from([*ENDS]),
    issues=st.lists(st.sampled_from(["REL-1", "REL-2", "APP-1"]), min_size=1, unique=True),
)
def test_it_plans_what_the_listed_links_would(
    site: LocalJira,
    sets: Sets,
    found: list[str],
    there: list[tuple[str, str, bool]],
    moved: bool,
    lags: bool,
    exact: bool,
    phrase: str,
    issues: list[str],
) -> None:
    links = [("REL-1", kind, key) if first else (key, kind, "REL-1") for key, kind, first in there]
    reset(site, found, links)
    site.settings(search_lags=lags)
    if moved:
        new = site.control("POST", "move", {"from": found[0], "to_project": "REL"})["key"]
        found = [new, *found[1:]]
    if phrase in ("blocks", "is blocked by"):
        by_query, listed = {**BY_QUERY, "phrase": phrase}, [said("REL-1", phrase, key) for key in found]
    else:
        by_query = {"issue_jql": VERSION, "phrase": phrase, "linked_issue": "REL-1"}
        listed = [said(key, phrase, "REL-1") for key in found]
    options: dict[str, Any] = {"state": "exact", "scope": {"issues": issues}} if exact else {}
    expected = sets(site, listed, check=True, **options)
    planned = sets(site, [by_query], check=True, **options)
    assert planned.get("failed") == expected.get("failed"), (planned, expected)
    assert planned.get("changes") == expected.get("changes")
    if not planned.get("failed"):
        assert sets(site, [by_query], **options)["changes"] == expected["changes"]
        assert not sets(site, listed, **options)["changed"] and not sets(site, [by_query], **options)["changed"]


@pytest.mark.parametrize(
    ("jql", "narrowed"),
    [
        ("project = APP", "(project = APP) AND issue in (1, 2)"),
        ("project = APP ORDER BY key", "(project = APP) AND issue in (1, 2)"),
        ("project = APP order  by key DESC", "(project = APP) AND issue in (1, 2)"),
        (
            'summary ~ "order by mail" AND project = APP',
            '(summary ~ "order by mail" AND project = APP) AND issue in (1, 2)',
        ),
        (r'summary ~ "a \" order by" ORDER BY key', r'(summary ~ "a \" order by") AND issue in (1, 2)'),
        ("ORDER BY key", "issue in (1, 2)"),
        ("a = 1 OR b = 2", "(a = 1 OR b = 2) AND issue in (1, 2)"),
    ],
)
def test_a_narrowed_query(jql: str, narrowed: str) -> None:
    assert _narrowed(jql, ["1", "2"]) == narrowed
