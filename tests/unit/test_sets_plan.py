# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan for a set must never do, whatever Jira holds. test_plan.py compares it with a naive model."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from ansible_collections.linkops.jira.plugins.module_utils._model.link import Issue, IssueLink, LinkType
from ansible_collections.linkops.jira.plugins.module_utils._plan.graph import find_cycle, reachable, vertex_cover
from ansible_collections.linkops.jira.plugins.module_utils._plan.links import Plan, Scope, plan_links
from hypothesis import given
from hypothesis import strategies as st

BLOCKS = LinkType("1", "Blocks", "is blocked by", "blocks")
RELATES = LinkType("2", "Relates", "relates to", "relates to")
CLONES = LinkType("3", "Cloners", "is cloned by", "clones")
KEYS = ("REL-1", "REL-2", "APP-1", "APP-2")
POSSIBLE = [
    IssueLink(kind, Issue(inward), Issue(outward), f"{number}{kind.id}")
    for kind in (BLOCKS, RELATES, CLONES)
    for number, (inward, outward) in enumerate(permutations(KEYS, 2))
]

currents = st.lists(st.sampled_from(POSSIBLE), unique=True, max_size=14)
wanteds = st.lists(st.sampled_from(POSSIBLE), unique_by=lambda link: link.identity, max_size=8).map(
    lambda links: [link._replace(id=None) for link in links]
)
scopes = st.builds(
    Scope,
    issues=st.frozensets(st.sampled_from(KEYS)),
    link_types=st.frozensets(st.sampled_from("123")),
    linked_projects=st.none() | st.frozensets(st.sampled_from(["REL", "APP"])),
)


def exact(current: Sequence[IssueLink], wanted: Sequence[IssueLink], scope: Scope, exclusive: bool) -> Plan:
    return plan_links(current, wanted, "exact", scope=scope, exclusive=exclusive)


@given(currents, wanteds, scopes, st.booleans())
def test_no_link_is_both_kept_and_removed(
    current: list[IssueLink], wanted: list[IssueLink], scope: Scope, exclusive: bool
) -> None:
    plan = exact(current, wanted, scope, exclusive)
    kept, added, removed = ({link.id for link in part} for part in (plan.keep, plan.add, plan.remove))
    assert not kept & removed and added <= {None}
    assert len(removed) == len(plan.remove) and len(kept) == len(plan.keep)
    assert not {link.identity for link in plan.add} & {link.identity for link in current}


@given(currents, wanteds, scopes)
def test_nothing_outside_the_scope_is_removed(current: list[IssueLink], wanted: list[IssueLink], scope: Scope) -> None:
    for link in exact(current, wanted, scope, exclusive=False).remove:
        here, there = link.inward, link.outward
        near_ends = [
            end
            for end, other in ((here, there), (there, here))
            if end.key in scope.issues and (scope.linked_projects is None or other.key[:3] in scope.linked_projects)
        ]
        assert near_ends and link.type.id in scope.link_types


@given(currents, wanteds)
def test_state_present_removes_nothing_even_with_a_scope(current: list[IssueLink], wanted: list[IssueLink]) -> None:
    everything = Scope(set(KEYS), {"1", "2", "3"})
    assert not plan_links(current, wanted, "present", scope=everything).remove


@given(currents, wanteds)
def test_a_whole_scope_leaves_what_is_wanted_and_nothing_else(
    current: list[IssueLink], wanted: list[IssueLink]
) -> None:
    after = exact(current, wanted, Scope(set(KEYS), {"1", "2", "3"}), exclusive=False).after
    assert {link.identity for link in after} == {link.identity for link in wanted}


ends = st.integers(0, 12).map(str)


@given(st.lists(st.tuples(ends, ends)))
def test_a_cover_is_never_larger_than_all_ends(pairs: list[tuple[str, str]]) -> None:
    chosen = vertex_cover(pairs)
    assert all(set(pair) & set(chosen) for pair in pairs)
    assert set(chosen) <= {end for pair in pairs for end in pair}
    assert len(chosen) == len(set(chosen)) <= min(len(set(pairs)), len({end for pair in pairs for end in pair}))


def test_a_cover_of_hubs_is_the_hubs() -> None:
    hubs = [(f"HUB-{hub}", f"FAR-{number}") for hub in range(5) for number in range(100)]
    assert sorted(vertex_cover(hubs)) == [f"HUB-{hub}" for hub in range(5)]


@given(st.lists(st.tuples(ends, ends)), st.booleans())
def test_a_cycle_is_found_as_a_walk_would_find_it(steps: list[tuple[str, str]], symmetric: bool) -> None:
    kind = RELATES if symmetric else BLOCKS
    cycle = find_cycle(IssueLink(kind, Issue(inward), Issue(outward)) for inward, outward in steps)
    assert bool(cycle) == (not symmetric and any(start in after(start, steps) for start, _other in steps))
    assert all((link.inward.key, link.outward.key) in steps for link in cycle)
    assert all(one.outward == other.inward for one, other in zip(cycle, [*cycle[1:], *cycle[:1]], strict=True))


def after(start: str, steps: list[tuple[str, str]]) -> set[str]:
    """Where one can get by one step or more."""
    found: set[str] = set()
    to_do = [start]
    while to_do:
        here = to_do.pop()
        new = {outward for inward, outward in steps if inward == here} - found
        found |= new
        to_do += new
    return found


@given(st.lists(st.tuples(ends, ends)), st.lists(ends, max_size=3))
def test_what_is_met_on_the_way(steps: list[tuple[str, str]], starts: list[str]) -> None:
    met = reachable([IssueLink(BLOCKS, Issue(inward), Issue(outward)) for inward, outward in steps], starts)
    seen = set(starts).union(*(after(start, steps) for start in starts))
    assert sorted((link.inward.key, link.outward.key) for link in met) == sorted(
        step for step in steps if step[0] in seen
    )


def test_a_long_chain_is_no_matter() -> None:
    chain = [IssueLink(BLOCKS, Issue(str(number)), Issue(str(number + 1))) for number in range(5000)]
    assert find_cycle(chain) == []
    assert len(find_cycle([*chain, IssueLink(BLOCKS, Issue("5000"), Issue("0"))])) == 5001
    assert len(reachable(chain, ["0"])) == 5000
