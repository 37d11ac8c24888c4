# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links as a graph: cycles, ways, and a few issues that touch every link. No input or output."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from .._model.link import IssueLink


def cover(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Few issues that touch every pair, the most linked first: to read one end of a link is to see it."""
    pairs = list(pairs)
    count = Counter(key for pair in pairs for key in set(pair))
    chosen: dict[str, None] = {}
    for first, second in sorted(pairs, key=lambda pair: -max(count[pair[0]], count[pair[1]])):
        if first not in chosen and second not in chosen:
            chosen[first if count[first] >= count[second] else second] = None
    return list(chosen)


def find_cycle(links: Iterable[IssueLink]) -> list[IssueLink]:
    """Links that lead from an issue, always inward to outward, back to it; empty if none do.

    Links of symmetric types lead nowhere.
    """
    steps = {link.keys: link for link in links if not link.type.symmetric}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for inward, outward in steps:
        sorter.add(outward, inward)
    try:
        sorter.prepare()
    except CycleError as error:
        cycle = error.args[1]
        return [steps[step] for step in zip(cycle, cycle[1:])]
    return []


def reachable(links: Iterable[IssueLink], starts: Iterable[str]) -> list[IssueLink]:
    """The links met on every way from the given issues, always inward to outward."""
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
