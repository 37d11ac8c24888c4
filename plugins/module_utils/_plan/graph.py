# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links as a directed graph: a vertex cover, cycles, and what can be reached. No input or output."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from .._model.link import IssueLink


def vertex_cover(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """A small set of issues that touches every link (greedy vertex cover), the most linked issue first.

    Who reads these issues from Jira sees every link, because a link shows at both of its ends.

    :param pairs: the keys of the two issues of each link.
    """
    pairs = list(pairs)
    count = Counter(key for pair in pairs for key in set(pair))
    chosen: dict[str, None] = {}
    for pair in sorted(pairs, key=lambda pair: -max(count[key] for key in pair)):
        if chosen.keys().isdisjoint(pair):
            chosen[max(pair, key=lambda key: count[key])] = None
    return list(chosen)


def find_cycle_of_keys(steps: Iterable[tuple[str, str]]) -> list[str]:
    """One cycle in a directed graph: its keys in order, the first one again at the end. Empty if there is no cycle.

    :param steps: the edges of the graph, each a key and the key that it leads to.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for start, end in steps:
        sorter.add(end, start)
    try:
        sorter.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def find_cycle(links: Iterable[IssueLink]) -> list[IssueLink]:
    """One cycle of links, each from the outward issue of the link before it. Empty if there is no cycle.

    Links of symmetric types have no direction, so they are left out.
    """
    steps = {link.keys: link for link in links if not link.type.symmetric}
    cycle = find_cycle_of_keys(steps)
    return [steps[step] for step in zip(cycle, cycle[1:])]


def reachable(links: Iterable[IssueLink], starts: Iterable[str]) -> list[IssueLink]:
    """Every link on the paths that begin at the given issues and go from inward to outward, each link once."""
    ways = defaultdict(list)
    for link in links:
        ways[link.inward.key].append(link)
    met: list[IssueLink] = []
    to_do = list(starts)
    while to_do:
        found = ways.pop(to_do.pop(), [])
        met += found
        to_do += [link.outward.key for link in found]
    return met
