# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads links as modules return them, puts their issues in an order, and finds what blocks an issue. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from ..module_utils._model.link import Issue, IssueLink, LinkType, as_typed
from ..module_utils._model.options import InputError, issue_key
from ..module_utils._plan.graph import find_cycle_of_keys
from ..module_utils._text import folded, printable

LONGEST_CHAIN = 20
"""The most issues in a chain such as ``REL-1 is blocked by APP-7`` that is written out in full."""
Steps = Mapping[str, Collection[str]]
"""For each key of an issue, the keys of those that it names with a phrase: with ``is blocked by``, what blocks it."""


class Blocker(NamedTuple):
    """An issue that still blocks another one, and why: ``REL-1 is blocked by APP-7 is blocked by LIB-2``."""

    issue: Issue
    chain: str

    def to_result(self) -> dict[str, Any]:
        return {
            "issue": self.issue.key,
            "summary": self.issue.summary,
            "status": self.issue.status,
            "status_category": self.issue.status_category,
            "chain": f"{self.chain} ({printable(self.issue.status or 'status unknown')})",
        }


def by_project(key: str) -> tuple[str, int, str]:
    """A sort key for keys of issues: by project, then by number, so that HSP-9 comes before HSP-10."""
    project, _dash, number = key.rpartition("-")
    return project, int(number) if number.isdecimal() else -1, key


def read_issues(issues: Any) -> dict[str, Issue]:
    """Issues by key, from the ``issues`` that jira_issue_link_info returns.

    :raises InputError: it is something else.
    """
    issues = issues or {}
    if not isinstance(issues, Mapping) or not all(isinstance(each, Mapping) for each in issues.values()):
        raise InputError("issues has to be what jira_issue_link_info returns as issues.")
    return {key: Issue(key, *(fields.get(name) for name in Issue._fields[1:])) for key, fields in issues.items()}


def read_links(links: Any, issues: Any = None) -> list[IssueLink]:
    """Links as modules return them, each once, sorted by their keys, with what is known of their issues.

    :param issues: what jira_issue_link_info returns as ``issues``; None if nothing is known.
    :raises InputError: they are something else.
    """
    known = read_issues(issues)
    if not isinstance(links, Sequence) or isinstance(links, (str, bytes)):
        raise InputError("links have to be a list, as the modules of this collection return it.")
    read = (_read_link(element, f"links[{index}]", known) for index, element in enumerate(links))
    return sorted({link.identity: link for link in read}.values(), key=_order)


def _read_link(element: Any, place: str, known: Mapping[str, Issue]) -> IssueLink:
    if not isinstance(element, Mapping):
        raise InputError(f"{place} is no link: it has to be a dict.")
    missing = [name for name in ("link_type", "inward_issue", "outward_issue") if not element.get(name)]
    if missing:
        raise InputError(f"{place} is no link: it has no {missing[0]}.")
    inward, outward, name = str(element["inward_issue"]), str(element["outward_issue"]), str(element["link_type"])
    phrases = [str(element[name]) for name in ("inward", "outward") if element.get(name)]
    # One that is declared tells no phrases. It can be drawn, with the name in their place.
    both = phrases if len(phrases) == 2 else (None, name)
    link_type = LinkType(str(element.get("link_type_id") or name), name, *both)
    return IssueLink(link_type, known.get(inward) or Issue(inward), known.get(outward) or Issue(outward))


def _order(link: IssueLink) -> tuple[Any, ...]:
    return by_project(link.inward.key), by_project(link.outward.key), link.type.name, link.type.id


def of_types(links: Iterable[IssueLink], names: Iterable[str]) -> list[IssueLink]:
    """Only the links of the types with these names or ids; all of them without any."""
    wanted = set(names)
    return [link for link in links if not wanted or wanted & {link.type.name, link.type.id}]


def ends_of(links: Iterable[IssueLink]) -> dict[str, Issue]:
    """The issues at both ends of the links, by key, sorted by project and number."""
    ends = {end.key: end for link in links for end in link.ends}
    return {key: ends[key] for key in sorted(ends, key=by_project)}


def steps(links: Iterable[IssueLink], phrase: str) -> Steps:
    """For each issue, the issues that it names with a phrase: with ``is blocked by``, those that block it.

    A link of a symmetric type counts in both directions. One whose type has another phrase does not count.

    :raises InputError: a link does not tell its phrases.
    """
    found: dict[str, dict[str, None]] = {}
    for link in links:
        if link.type.inward is None:
            raise InputError(f"The link {link.sentence!r} does not tell its phrases. Read it with a module.")
        if folded(link.type.outward or "") == folded(phrase):
            found.setdefault(link.inward.key, {})[link.outward.key] = None
        if folded(link.type.inward) == folded(phrase):
            found.setdefault(link.outward.key, {})[link.inward.key] = None
    return {key: sorted(found[key], key=by_project) for key in sorted(found, key=by_project)}


def waves(links: Sequence[IssueLink], phrase: str, more: Iterable[str] = ()) -> list[list[str]]:
    """The keys of the issues in waves: each is in the first wave after all the issues that it names with the phrase.

    :param more: keys of issues that are sorted as well, although no link may name them.
    :raises InputError: the links form a cycle. The error tells it: ``REL-1 is blocked by APP-7 is blocked by REL-1``.
    """
    named = steps(links, phrase)
    cycle = find_cycle_of_keys((other, key) for key, others in named.items() for other in others)
    if cycle:
        chain = printable(f" {phrase} ".join(reversed(cycle)))
        raise InputError(f"There is no order, because the links form a cycle: {chain}.")
    sorter: TopologicalSorter[str] = TopologicalSorter(named)
    for key in (*more, *ends_of(links)):
        sorter.add(key)
    sorter.prepare()
    found = []
    while sorter.is_active():
        found.append(sorted(sorter.get_ready(), key=by_project))
        sorter.done(*found[-1])
    return found


def open_blockers(
    links: Sequence[IssueLink], of: Iterable[str], phrase: str, accepted: Collection[str] = ()
) -> list[Blocker]:
    """The issues that still block some issues, the nearest first, each with the shortest chain that leads to it.

    What is done blocks nothing, so no chain goes on from there. An issue of unknown status counts as open. The issues
    asked about do not block each other.

    :param of: the current keys of the issues asked about.
    :param phrase: what an issue says of those that block it.
    :param accepted: the current keys of issues that are found, but from which no chain goes on.
    """
    ways, issues = steps(links, phrase), ends_of(links)
    came_from: dict[str, str | None] = dict.fromkeys(of)
    found = []
    to_do = deque(key for key in came_from if key not in accepted)
    while to_do:
        key = to_do.popleft()
        for blocker in ways.get(key, ()):
            if blocker not in came_from and not is_done(issues[blocker]):
                came_from[blocker] = key
                found.append(Blocker(issues[blocker], _chain(blocker, came_from, phrase)))
                to_do += [] if blocker in accepted else [blocker]
    return found


def _chain(key: str, came_from: Mapping[str, str | None], phrase: str) -> str:
    """The issues from one that was asked about to this one, with the phrase between them; the middle left out if long.

    :param came_from: for each key, the key of the issue that it blocks; None for one that was asked about.
    """
    keys = [key]
    while (before := came_from[keys[-1]]) is not None:
        keys.append(before)
    if len(keys) > LONGEST_CHAIN:
        half = LONGEST_CHAIN // 2
        keys[half:-half] = [f"… {len(keys) - 2 * half:,} more …"]
    return printable(f" {phrase} ".join(reversed(keys)))


def is_done(issue: Issue) -> bool:
    return folded(issue.status_category or "") == "done"


def known_keys(keys: Iterable[str], issues: Mapping[str, Issue]) -> list[str]:
    """The current keys of issues that are given by key or id, in upper or lower case.

    :raises InputError: one is not among them, so that nothing could be said about what blocks it; or there are none.
    """
    by_id = {issue.id: key for key, issue in issues.items() if issue.id}
    asked = list(map(issue_key, keys))
    found = [key if key in issues else by_id.get(key) for key in asked]
    for key, current in zip(asked, found):
        if current is None:
            raise InputError(f"{as_typed(key)} is not among the issues. If it has moved, give the key that it has now.")
    if not found:
        raise InputError("of is empty: there is no issue to ask about.")
    return [key for key in found if key]
