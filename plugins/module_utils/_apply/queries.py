# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links to whatever a query finds. A search may be behind or lack a part, so no link goes because of it alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from itertools import islice
from typing import Any, NamedTuple

from .._client.errors import BadRequest
from .._client.jira import KEYS, Jira
from .._client.rate_limits import RECONCILED
from .._model.link import Issue, IssueLink
from .._model.options import InputError
from .._text import counted, listed, printable
from .reader import Reader

_OPEN = "0"
"""Stands where a query fills in issues. No issue has this id."""
_QUOTED_OR_ORDER = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\border\s+by\b""", re.IGNORECASE)


class Query(NamedTuple):
    """An element that says many links: from one issue to each that a query finds.

    :param position: of the element in its set; ``place`` says the same in words, and ``said`` is what it says.
    :param pattern: its link, with `_OPEN` for what the query finds.
    :param found: what the search gave.
    :param asked_at: when, such as ``2026-11-02T09:30:00+00:00``.
    """

    position: int
    place: str
    said: Mapping[str, Any]
    pattern: IssueLink
    found: tuple[Issue, ...]
    asked_at: str

    @property
    def inward(self) -> bool:
        """Whether its one issue is the inward end of its links."""
        return self.pattern.outward.key == _OPEN

    @property
    def issue(self) -> Issue:
        """Its one issue, as the task names it."""
        return self.pattern.inward if self.inward else self.pattern.outward

    @property
    def jql(self) -> str:
        return str(self.said["issue_jql"] or self.said["linked_jql"])

    @property
    def where(self) -> str:
        return f"{self.place} ({self.about})"

    @property
    def about(self) -> str:
        """The query as messages name it."""
        return printable(self.jql)

    @property
    def links(self) -> list[IssueLink]:
        """The links that it says, with the issues found by their ids: a search may know them by old keys."""
        others = (Issue(each.id or each.key) for each in self.found)
        if self.inward:
            return [self.pattern._replace(outward=other) for other in others]
        return [self.pattern._replace(inward=other) for other in others]

    def other_end(self, link: IssueLink, reader: Reader) -> Issue | None:
        """The issue that the query has to find for this link to be one of its own; None if it can be none of them."""
        issue = reader.issue(self.issue.key) or self.issue
        if link.type.id != self.pattern.type.id:
            return None
        ways = [link.ends, link.ends[::-1]]
        if not self.pattern.type.symmetric:
            ways = ways[:1] if self.inward else ways[1:]
        return next((there for here, there in ways if here.same(issue)), None)

    def other_keys(self, links: Iterable[IssueLink], reader: Reader) -> list[str]:
        """The other ends of its links, by their current keys."""
        return sorted({end.key for link in links if (end := self.other_end(link, reader))})


class _Answer(NamedTuple):
    issues: list[Issue]
    asked_at: str


class Queries:
    """The queries of a set. Each is asked once, however many elements have it.

    :param most: how many issues one may find.
    """

    def __init__(self, jira: Jira, most: int) -> None:
        self._jira, self._most = jira, most
        self._answers: dict[str, _Answer] = {}
        self.asked: list[Query] = []

    def ask(
        self, position: int, place: str, said: Mapping[str, Any], parse: Callable[[Mapping[str, Any]], IssueLink]
    ) -> Query:
        """What an element says, once its query is asked.

        :param parse: makes a link of the options of an element.
        :raises InputError: Jira cannot read the query, or it finds too much.
        """
        jql = said["issue_jql"] or said["linked_jql"]
        pattern = parse({**said, "issue": said["issue"] or _OPEN, "linked_issue": said["linked_issue"] or _OPEN})
        answer = self._answers.get(jql) or self._answers.setdefault(jql, self._find(jql))
        found = [each for each in answer.issues if not {each.key, each.id} & {*pattern.keys}]
        if said["state"] == "absent":  # what is named for removal has to be found for certain
            still = self._find_again(jql, [each.id or each.key for each in found])
            found = [each for each in found if each.id in still]
        query = Query(position, place, said, pattern, tuple(found), answer.asked_at)
        self.asked.append(query)
        return query

    def _find(self, jql: str) -> _Answer:
        asked_at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        try:
            found = [each.issue for each in islice(self._jira.search(jql, KEYS, strict=True), self._most + 1)]
        except BadRequest as error:
            raise InputError(error.message) from error
        if len(found) > self._most:
            raise InputError(
                f"The query {printable(jql)!r} finds more than {counted(self._most, 'issue')}. Let it find less, or "
                "raise max_issues."
            )
        return _Answer(found, asked_at)

    def _find_again(self, jql: str, ids: Sequence[str]) -> set[str]:
        """Those of some issues that a query finds now, whatever the search gave before.

        :param jql: empty for one that finds every issue.
        """
        found = set[str]()
        for start in range(0, len(ids), RECONCILED):
            some = ids[slice(start, start + RECONCILED)]
            on_cloud = self._jira.is_cloud()
            asked = jql if jql and on_cloud else _narrowed(jql, some)
            issues = self._jira.search(asked, KEYS, strict=True, reconcile=some if on_cloud else ())
            found.update(each.issue.id or each.issue.key for each in issues)
        return found

    def _lost(self, jql: str, ids: Sequence[str]) -> set[str]:
        """Those of some issues that a query does not find, although a search by their ids does.

        What that does not find either may not be indexed, or both answers are worth nothing.
        """
        return self._find_again("", ids) - self._find_again(jql, ids)

    def keep(self, removals: Iterable[IssueLink], reader: Reader) -> list[tuple[Query, IssueLink]]:
        """Those of some links that nobody named for removal and that have to stay: a query may find their issue."""
        removals = list(removals)
        return [
            (query, link)
            for query in self.asked
            if query.said["state"] != "absent"
            for link in self._kept(query, removals, reader)
        ]

    def _kept(self, query: Query, removals: Sequence[IssueLink], reader: Reader) -> list[IssueLink]:
        others = {link: end for link in removals if (end := query.other_end(link, reader))}
        ids = {end.id or end.key for end in others.values()}
        reader.read_issues(ids)
        hidden = {each for each in ids if not reader.issue(each)}
        lost = self._lost(query.jql, sorted(ids - hidden))
        kept = {link: end for link, end in others.items() if end.id not in lost}
        self._tell(query, [end.key for end in kept.values() if end.id in hidden], "Jira does not show")
        self._tell(query, [end.key for end in kept.values() if end.id not in hidden], "The search is behind on")
        return list(kept)

    def _tell(self, query: Query, keys: Sequence[str], what: str) -> None:
        if keys:
            self._jira.warn(f"{query.where}: {what} {listed(keys)}, so what links to it stays.")


def _narrowed(jql: str, ids: Iterable[str]) -> str:
    """A query that finds some of these issues at most. The order of a query can only stand at its end."""
    order = next((each.start() for each in _QUOTED_OR_ORDER.finditer(jql) if each[0][0] not in "\"'"), len(jql))
    where = jql[:order].strip()
    return f"{f'({where}) AND ' if where else ''}issue in ({', '.join(ids)})"
