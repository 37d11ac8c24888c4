# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The planner against a naive model of Jira, which makes and removes links one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import permutations
from typing import Any, NamedTuple

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._model.link import Issue, IssueLink, LinkType
from ansible_collections.linkops.jira.plugins.module_utils._plan.links import Plan, Scope, plan_links
from hypothesis import given
from hypothesis import strategies as st

TYPES = (
    LinkType("10000", "Blocks", "is blocked by", "blocks"),
    LinkType("10001", "Cloners", "is cloned by", "clones"),
    LinkType("10003", "Relates", "relates to", "relates to"),
    LinkType("10004", "Kin", "Kin of", " kin of"),
)
SYMMETRIC = ("10003", "10004")
ISSUES = (Issue("HSP-1", "1"), Issue("MKY-1", "2"), Issue("MKY-2", "3"))
POSSIBLE = [IssueLink(link_type, *ends) for link_type in TYPES for ends in permutations(ISSUES, 2)]

Said = tuple[Any, str, str]
"""type id, inward key, outward key: all that the naive model knows of a link."""


def said(link: IssueLink) -> Said:
    return link.type.id, link.inward.key, link.outward.key


def same(one: Said, other: Said) -> bool:
    """Two links say the same: the same way round, or either way for a symmetric type."""
    return one == other or (one == (other[0], other[2], other[1]) and one[0] in SYMMETRIC)


class Asked(NamedTuple):
    current: tuple[IssueLink, ...]
    wanted: tuple[IssueLink, ...]
    unwanted: tuple[IssueLink, ...]
    exclusive: bool
    scope: Scope | None

    @property
    def plan(self) -> Plan:
        return self.plan_from(self.current)

    def plan_from(self, current: Sequence[IssueLink]) -> Plan:
        return plan_links(current, self.wanted, self.unwanted, scope=self.scope, exclusive=self.exclusive)


def numbered(links: Iterable[IssueLink]) -> tuple[IssueLink, ...]:
    return tuple(link._replace(id=str(10000 + number)) for number, link in enumerate(links))


def some(values: Iterable[Any]) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(list(values)))


def distinct(key: Callable[[IssueLink], Any]) -> st.SearchStrategy[list[IssueLink]]:
    return st.lists(st.sampled_from(POSSIBLE), unique_by=key, max_size=8)


scopes = st.builds(
    Scope,
    issues=some(issue.key for issue in ISSUES),
    link_types=some(link_type.id for link_type in TYPES),
    linked_projects=st.none() | some(("HSP", "MKY")),
)


@st.composite
def tasks(draw: st.DrawFn) -> Asked:
    """Any task: what it wants and what it does not want, some of the latter by its id, which may be another link's."""
    current = draw(distinct(said).map(numbered))
    named = draw(distinct(lambda link: link.identity))
    ids = st.none() | st.sampled_from([link.id for link in current] or [None])
    cut = draw(st.integers(0, len(named)))
    return Asked(
        current,
        wanted=tuple(named[:cut]),
        unwanted=tuple(link._replace(id=draw(ids)) for link in named[cut:]),
        exclusive=draw(st.booleans()),
        scope=draw(st.none() | scopes),
    )


def naive(asked: Asked) -> list[Said]:
    """What Jira shall hold afterwards, without a plan."""
    wanted = [said(link) for link in asked.wanted]
    held = [
        said(link)
        for link in asked.current
        if not any(same(said(link), said(each)) and each.id in (None, link.id) for each in asked.unwanted)
    ]
    kept = []
    for each in wanted:
        alike = [link for link in held if same(link, each)]
        kept.append(each if each in held or not alike else alike[0])
    after = [*held, *(each for each in kept if each not in held)]
    if asked.exclusive:
        pairs = [{inward, outward} for _kind, inward, outward in wanted]
        after = [link for link in after if link in kept or set(link[1:]) not in pairs]
    if asked.scope:
        after = [link for link in after if any(same(link, each) for each in wanted) or not held_by(asked.scope, link)]
    return after


def held_by(scope: Scope, link: Said) -> bool:
    link_type, *ends = link
    for here, there in (ends, reversed(ends)):
        project = there.split("-")[0]
        if here in scope.issues and (scope.linked_projects is None or project in scope.linked_projects):
            return link_type in scope.link_types
    return False


def carried_out(plan: Plan) -> list[Said]:
    """A Jira that does what the plan says, additions first."""
    held = [said(link) for link in plan.current] + [said(link) for link in plan.add]
    for link in plan.remove:
        held.remove(said(link))
    return held


@given(tasks())
def test_the_plan_ends_where_the_naive_model_does(asked: Asked) -> None:
    plan = asked.plan
    assert sorted(carried_out(plan)) == sorted(naive(asked))
    assert sorted(map(said, plan.after)) == sorted(carried_out(plan))
    assert set(plan.remove) <= set(asked.current) and not set(plan.add) & set(plan.remove)


@given(tasks())
def test_changed_and_diff_tell_the_truth(asked: Asked) -> None:
    plan = asked.plan
    assert plan.changed == (set(plan.current) != set(plan.after)) == (plan.diff["before"] != plan.diff["after"])
    for end, links in (("before", plan.current), ("after", plan.after)):
        assert sorted(plan.diff[end].splitlines()) == sorted(link.sentence for link in links)


@given(tasks())
def test_a_plan_carried_out_leaves_nothing_to_plan(asked: Asked) -> None:
    after = asked.plan.after
    assert not asked.plan_from(after).changed and asked.plan_from(after).after == after


@given(tasks())
def test_what_is_wanted_is_kept_or_added(asked: Asked) -> None:
    settled = [*asked.plan.keep, *asked.plan.add]
    assert set(settled) <= set(asked.plan.after)
    for each in asked.wanted:
        assert sum(same(said(link), said(each)) for link in settled) == 1


@pytest.mark.parametrize(
    ("present", "exclusive", "before", "after"),
    [
        (True, False, ["MKY-1 blocks HSP-1"], ["HSP-1 blocks MKY-1", "MKY-1 blocks HSP-1"]),
        (True, True, ["MKY-1 blocks HSP-1"], ["HSP-1 blocks MKY-1"]),
        (True, True, ["MKY-1 blocks MKY-2"], ["HSP-1 blocks MKY-1", "MKY-1 blocks MKY-2"]),
        (False, False, ["HSP-1 blocks MKY-1", "HSP-1 clones MKY-1"], ["HSP-1 clones MKY-1"]),
    ],
)
def test_one_link(present: bool, exclusive: bool, before: list[str], after: list[str]) -> None:
    current = [link for link in POSSIBLE if link.sentence in before]
    elements = ([POSSIBLE[0]], []) if present else ([], [POSSIBLE[0]])
    diff = plan_links(current, *elements, exclusive=exclusive).diff
    assert [diff["before"].splitlines(), diff["after"].splitlines()] == [before, after]


def test_of_two_orientations_the_one_asked_for_is_kept() -> None:
    there = [link for link in POSSIBLE if link.type == TYPES[2] and {link.inward, link.outward} == set(ISSUES[:2])]
    for wanted in there:
        assert plan_links(there, [wanted], exclusive=True).after == (wanted,)


@pytest.mark.parametrize(
    ("issues", "projects", "held"),
    [({"HSP-1"}, {"MKY"}, 2), ({"HSP-1"}, {"HSP"}, 0), ({"HSP-1"}, None, 2), ({"MKY-2"}, None, 0), (set(), None, 0)],
)
def test_a_scope_sees_both_ends(issues: set[str], projects: set[str] | None, held: int) -> None:
    """From each of its issues to the projects at the other end, whichever way a link goes."""
    there = [link for link in POSSIBLE if link.type == TYPES[0] and {link.inward, link.outward} == set(ISSUES[:2])]
    assert len(plan_links(there, scope=Scope(issues, {TYPES[0].id}, projects)).remove) == held


def test_absent_means_every_orientation() -> None:
    there = [link for link in POSSIBLE if link.type == TYPES[2] and {link.inward, link.outward} == set(ISSUES[:2])]
    assert plan_links(there, unwanted=[there[0]]).remove == tuple(there)


def test_an_id_tells_two_orientations_apart() -> None:
    there = numbered(
        link for link in POSSIBLE if link.type == TYPES[2] and {link.inward, link.outward} == set(ISSUES[:2])
    )
    for mine, other in permutations(there):
        assert plan_links(there, unwanted=[mine]).remove == (mine,)
        assert plan_links([other], unwanted=[mine]).remove == ()
