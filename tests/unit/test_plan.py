# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The planner against a naive model of Jira, which makes and removes links one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._model import Issue, IssueLink, LinkType
from ansible_collections.linkops.jira.plugins.module_utils._plan import Plan, plan_link
from hypothesis import given
from hypothesis import strategies as st

TYPES = (
    LinkType("10000", "Blocks", "is blocked by", "blocks"),
    LinkType("10001", "Cloners", "is cloned by", "clones"),
    LinkType("10003", "Relates", "relates to", "relates to"),
    LinkType("10004", "Kin", "Kin of", " kin of"),
)
ENDS = ((Issue("HSP-1", "1"), Issue("MKY-1", "2")), (Issue("MKY-1", "2"), Issue("HSP-1", "1")))
POSSIBLE = [IssueLink(kind, *ends) for kind in TYPES for ends in ENDS]
currents = st.lists(st.sampled_from(POSSIBLE), unique=True).map(
    lambda links: tuple(link._replace(id=str(10000 + number)) for number, link in enumerate(links))
)
tasks = st.tuples(
    st.sampled_from(POSSIBLE), st.sampled_from([("present", False), ("present", True), ("absent", False)])
)

Said = tuple[str | None, str, str]


def said(link: IssueLink) -> Said:
    return link.type.id, link.inward.key, link.outward.key


def same(one: Said, other: Said) -> bool:
    """Two links say the same: the same way round, or either way for a symmetric type."""
    turned = (other[0], other[2], other[1])
    return one == other or (one == turned and one[0] in ("10003", "10004"))


def naive(current: Sequence[IssueLink], wanted: IssueLink, state: str, exclusive: bool) -> list[Said]:
    """What Jira shall hold afterwards, without a plan."""
    held = [said(link) for link in current]
    if state == "absent":
        return [link for link in held if not same(link, said(wanted))]
    alike = [link for link in held if same(link, said(wanted))]
    kept = said(wanted) if said(wanted) in held or not alike else alike[0]
    if exclusive:
        return [kept]
    return held if alike else [*held, kept]


def carried_out(plan: Plan) -> list[Said]:
    """A Jira that does what the plan says, additions first."""
    held = [said(link) for link in plan.current] + [said(link) for link in plan.add]
    for link in plan.remove:
        held.remove(said(link))
    return held


@given(currents, tasks)
def test_the_plan_ends_where_the_naive_model_does(
    current: tuple[IssueLink, ...], asked: tuple[IssueLink, tuple[str, bool]]
) -> None:
    wanted, (state, exclusive) = asked
    plan = plan_link(current, wanted, state, exclusive)
    assert sorted(carried_out(plan), key=str) == sorted(naive(current, wanted, state, exclusive), key=str)
    assert sorted(map(said, plan.after), key=str) == sorted(carried_out(plan), key=str)
    assert plan.changed == (set(map(said, plan.current)) != set(map(said, plan.after)))
    assert plan.changed == (plan.diff["before"] != plan.diff["after"])
    assert set(plan.remove) <= set(current) and not set(plan.add) & set(plan.remove)
    found = plan.find(wanted)
    assert bool(found) == (state == "present") and (found is None or same(said(found), said(wanted)))


@given(currents, tasks)
def test_a_plan_carried_out_leaves_nothing_to_plan(
    current: tuple[IssueLink, ...], asked: tuple[IssueLink, tuple[str, bool]]
) -> None:
    wanted, (state, exclusive) = asked
    after = plan_link(current, wanted, state, exclusive).after
    again = plan_link(after, wanted, state, exclusive)
    assert not again.changed and again.after == after


@pytest.mark.parametrize(
    ("state", "exclusive", "before", "after"),
    [
        ("present", False, ["MKY-1 blocks HSP-1"], ["HSP-1 blocks MKY-1", "MKY-1 blocks HSP-1"]),
        ("present", True, ["MKY-1 blocks HSP-1"], ["HSP-1 blocks MKY-1"]),
        ("absent", False, ["HSP-1 blocks MKY-1", "HSP-1 clones MKY-1"], ["HSP-1 clones MKY-1"]),
    ],
)
def test_the_diff_is_sentences(state: str, exclusive: bool, before: list[str], after: list[str]) -> None:
    current = [link for link in POSSIBLE if link.sentence in before]
    plan = plan_link(current, POSSIBLE[0], state, exclusive)
    assert plan.diff == {
        name: "".join(f"{line}\n" for line in lines) for name, lines in (("before", before), ("after", after))
    }


def test_of_two_orientations_the_one_asked_for_is_kept() -> None:
    symmetric = POSSIBLE[4:6]
    for wanted in symmetric:
        assert plan_link(symmetric, wanted, "present", exclusive=True).after == (wanted,)
