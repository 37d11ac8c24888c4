# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links as a directed graph: the greedy vertex cover, a cycle wherever there is one, and what paths reach."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, permutations

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._model.link import Issue, IssueLink, LinkType
from ansible_collections.linkops.jira.plugins.module_utils._plan.graph import (
    find_cycle,
    find_cycle_of_keys,
    reachable,
    vertex_cover,
)
from hypothesis import example, given
from hypothesis import strategies as st

TYPES = (
    LinkType("10000", "Blocks", "is blocked by", "blocks"),
    LinkType("10001", "Cloners", "is cloned by", "clones"),
    LinkType("10003", "Relates", "relates to", "relates to"),
)
KEYS = ("HSP-1", "MKY-1", "MKY-2", "MKY-3")
POSSIBLE = [IssueLink(link_type, *ends) for link_type in TYPES for ends in permutations(map(Issue, KEYS), 2)]
Pairs = list[tuple[str, str]]

pairs_of_keys = st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF")))
links_of_any_type = st.lists(st.sampled_from(POSSIBLE), unique=True)


def walked(steps: Pairs) -> set[tuple[str, str]]:
    """From where to where one gets by one step or more."""
    found = set(steps)
    for _longer in range(len(steps)):
        found |= {(start, end) for start, middle in found for other, end in steps if middle == other}
    return found


class TestVertexCover:
    @given(pairs_of_keys)
    def test_it_touches_every_pair(self, pairs: Pairs) -> None:
        chosen = vertex_cover(pairs)
        assert all(first in chosen or second in chosen for first, second in pairs)
        assert len(chosen) == len(set(chosen)) <= len(set(pairs))

    @given(pairs_of_keys)
    @example([("A", "B"), ("B", "A")])
    @example([("A", "B"), ("C", "A"), ("B", "C")])
    @example([("X", "A"), ("HUB", "A"), ("HUB", "B"), ("HUB", "C")])
    def test_each_choice_is_the_most_linked_end_of_what_nothing_touches_yet(self, pairs: Pairs) -> None:
        """Greedy, and nothing is chosen without need."""
        links_of = Counter(key for pair in pairs for key in set(pair))
        untouched = [set(pair) for pair in pairs]
        for key in vertex_cover(pairs):
            assert any(key in pair for pair in untouched)
            assert links_of[key] == max(links_of[end] for pair in untouched for end in pair)
            untouched = [pair for pair in untouched if key not in pair]

    @pytest.mark.parametrize(
        ("pairs", "chosen"),
        [
            ([], []),
            ([("A", "HUB"), ("HUB", "B"), ("C", "HUB")], ["HUB"]),
            ([("A", "B"), ("B", "A")], ["A"]),
            ([("A", "B"), ("C", "A"), ("B", "C")], ["A", "B"]),
            ([("X", "A"), ("A", "HUB"), ("HUB", "B"), ("HUB", "C")], ["HUB", "A"]),
            ([(f"HUB-{hub}", f"FAR-{number}") for number in range(9) for hub in "123"], ["HUB-1", "HUB-2", "HUB-3"]),
        ],
        ids=["nothing", "a hub", "both ways", "a triangle", "the hub comes first", "hubs"],
    )
    def test_by_example(self, pairs: Pairs, chosen: list[str]) -> None:
        assert vertex_cover(iter(pairs)) == chosen


class TestCycles:
    @given(pairs_of_keys)
    def test_of_keys(self, steps: Pairs) -> None:
        cycle = find_cycle_of_keys(iter(steps))
        assert bool(cycle) == any(start == end for start, end in walked(steps))
        assert set(pairwise(cycle)) <= set(steps)
        assert cycle[:1] == cycle[-1:] and len(set(cycle)) == max(len(cycle) - 1, 0)

    @given(links_of_any_type)
    def test_of_links(self, links: list[IssueLink]) -> None:
        directed = [link for link in links if not link.type.symmetric]
        cycle = find_cycle(links)
        assert bool(cycle) == any(start == end for start, end in walked([link.keys for link in directed]))
        assert all(link in directed for link in cycle)
        assert all(one.outward == other.inward for one, other in zip(cycle, [*cycle[1:], *cycle[:1]], strict=True))

    def test_types_may_be_mixed_but_symmetric_ones_lead_nowhere(self) -> None:
        links = {(link.type.name, link.keys): link for link in POSSIBLE}
        there = links["Blocks", ("HSP-1", "MKY-1")]
        assert find_cycle([there, links["Relates", ("MKY-1", "HSP-1")]]) == []
        back = links["Cloners", ("MKY-1", "HSP-1")]
        assert find_cycle([there, back]) in ([there, back], [back, there])


@given(links_of_any_type, st.lists(st.sampled_from(KEYS)))
def test_what_can_be_reached(links: list[IssueLink], starts: list[str]) -> None:
    """Each link once, however many paths lead to it, and cycles have an end."""
    seen = {*starts, *(end for start, end in walked([link.keys for link in links]) if start in starts)}
    met = reachable(iter(links), iter(starts))
    assert len(met) == len(set(met))
    assert set(met) == {link for link in links if link.inward.key in seen}


def test_a_long_chain_is_no_matter() -> None:
    chain = [IssueLink(TYPES[0], Issue(str(number)), Issue(str(number + 1))) for number in range(5000)]
    assert find_cycle(chain) == []
    assert len(find_cycle([*chain, IssueLink(TYPES[0], Issue("5000"), Issue("0"))])) == 5001
    assert len(reachable(chain, ["0"])) == 5000
