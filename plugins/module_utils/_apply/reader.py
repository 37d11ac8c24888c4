# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads issues and their links with few requests: each issue once, and of a link only one end where that is enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple

from .._client.errors import NotFound
from .._client.issues import read_each, read_issues
from .._client.jira import LINKS, Jira
from .._client.rate_limits import MOST_LINKS, PAGE
from .._model.link import Issue, IssueLink, LinkedIssue
from .._plan.graph import reachable, vertex_cover
from .._text import listed

_CHANGED = "It was moved or deleted while issues were read. Run it again."


def refuse_moved(read: Iterable[LinkedIssue]) -> None:
    """Refuse to go on where one issue is shown under two keys, so that links of it look like links of two issues.

    :raises NotFound: an issue moved while the others were read.
    """
    keys: dict[str, str] = {}
    for each in read:
        for issue in (each.issue, *(end for link in each.links for end in link.ends)):
            known = keys.setdefault(issue.id or issue.key, issue.key)
            if known != issue.key:
                raise NotFound(f"Jira does not show {known} any more: it is {issue.key} by now. {_CHANGED}")


_AT_ONCE = 8  # requests: so many parts the issues are read in, if that is to be soon


class Ends(NamedTuple):
    """A link with both ends as Jira knows them, and the keys of the ends that it does not show."""

    link: IssueLink
    missing: list[str]


class Load(NamedTuple):
    """How many links an issue holds, and how many more it is to get."""

    key: str
    links: int
    more: int


class Reader:
    """The issues that a run has read, and every link that they show. Each issue is asked for once.

    :param fields: what to read of an issue.
    """

    def __init__(self, jira: Jira, fields: Sequence[str] = LINKS) -> None:
        self._jira, self._fields = jira, fields
        self._asked: dict[str, LinkedIssue | None] = {}
        self.read: dict[str, LinkedIssue] = {}
        """By current key."""
        self.links: dict[str, IssueLink] = {}
        """By id."""

    def read_issues(self, keys: Iterable[str], at_once: bool = False) -> None:
        """Read the issues, except those that this reader has read already.

        :param at_once: whether to read them sooner, with a few more requests.
        """
        new = [key for key in dict.fromkeys(keys) if key not in self._asked and key not in self.read]
        size = max(ceil(len(new) / _AT_ONCE), PAGE // _AT_ONCE) if at_once else PAGE
        found = read_issues(new, self._jira, self._fields, min(size, PAGE))
        self._asked.update({key: found.get(key) for key in new})
        self.add(found.values())

    def add(self, found: Iterable[LinkedIssue]) -> None:
        """Add issues that were read elsewhere, by a search for example."""
        for each in found:
            self.read[each.issue.key] = each
            self.links.update({str(link.id): link for link in each.links})

    def issue(self, key: str) -> Issue | None:
        """The issue as it is called now, by any key it was asked for or has; None if Jira does not show it."""
        found = self._asked.get(key) or self.read.get(key)
        return found.issue if found else None

    @property
    def projects(self) -> set[str]:
        """The keys of the projects whose issues it has met."""
        met = [
            *(each.issue for each in self.read.values()),
            *(end for link in self.links.values() for end in link.ends),
        ]
        return {issue.project for issue in met}

    def find_links(self, ids: Iterable[str]) -> dict[str, IssueLink]:
        """The links of these ids, as far as Jira shows them. Those that no issue read has shown are asked for."""
        wanted = dict.fromkeys(ids)
        unseen = [number for number in wanted if number not in self.links]
        asked = read_each(unseen, lambda number, own: own.link(number), self._jira, "GET issueLink")
        found = {**self.links, **dict(zip(unseen, asked))}
        return {number: link for number in wanted if (link := found[number])}

    def overfull(self, new: Sequence[IssueLink]) -> list[Load]:
        """The issues that would hold more links than Cloud allows.

        :raises NotFound: an issue moved, or vanished, since a link of it was read.
        """
        if not self._jira.is_cloud():
            return []
        more = Counter(key for link in new for key in link.keys)
        self.read_issues(more)
        gone = [key for key in more if key not in self.read]
        if gone:
            raise NotFound(f"Jira does not show {listed(gone)} any more. {_CHANGED}")
        loads = (Load(key, len(self.read[key].links), count) for key, count in more.items())
        return [load for load in loads if load.links + load.more > MOST_LINKS]

    def find_ends(self, asked: Sequence[IssueLink], also: Iterable[str] = ()) -> list[Ends]:
        """The links with their ends as Jira knows them, in the same order.

        A link shows at both of its issues, so one is read. Only where that does not show it, the other is read too: the
        link may be missing, or the issue may have been asked for by the key it had before it moved.

        :param also: issues that have to be read in any case.
        """
        every = list(dict.fromkeys([*also, *(key for link in asked for key in link.keys)]))
        # As many as one request reads are read at once, for most of them are needed in the end.
        self.read_issues(every if len(every) <= PAGE else [*also, *vertex_cover(link.keys for link in asked)])
        seen = {end.key: end for link in self.links.values() for end in link.ends}
        joined = {frozenset(link.keys) for link in self.links.values()}
        self.read_issues(key for link in asked if frozenset(link.keys) not in joined for key in link.keys)

        def known(end: Issue) -> Issue | None:
            return self.issue(end.key) or seen.get(end.key)

        def found(link: IssueLink) -> Ends:
            inward, outward = (known(end) or end for end in link.ends)
            missing = [end.key for end in link.ends if not known(end)]
            return Ends(link._replace(inward=inward, outward=outward), missing)

        return [found(link) for link in asked]

    def follow(self, starts: Iterable[str], link_types: Iterable[str | None]) -> list[IssueLink]:
        """Follow links of these types from some issues, from inward to outward, to the end of every chain.

        :returns: every link on the way.
        """
        wanted, starts = set(link_types), list(starts)
        self.read_issues(starts)
        while True:
            met = reachable((link for link in self.links.values() if link.type.id in wanted), starts)
            size = len(self.read)
            self.read_issues(link.outward.key for link in met)
            if len(self.read) == size:
                return met
