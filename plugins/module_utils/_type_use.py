# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the links of a type, and gives them another one. A search finds them, and a search may be behind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from ._api import Jira
from ._apply import make_link, not_permitted
from ._errors import BadRequest, JiraError
from ._model import Identity, InputError, IssueLink, LinkType
from ._pace import Budget
from ._plan import Plan, plan_links
from ._survey import MOST_LINKS, Survey
from ._text import counted, folded, listed
from ._types import type_query
from ._write import Writer

_CONCURRENCY = 4
_NAMED = 10  # issues that a message names


class Use(NamedTuple):
    """Where a link type is in use, as far as this account can see.

    :param hidden: issues that have such a link although they show none: its other end is hidden, or the search is late.
    """

    kind: LinkType
    survey: Survey
    links: tuple[IssueLink, ...]
    hidden: tuple[str, ...]

    @property
    def keys(self) -> list[str]:
        """The issues that have such links."""
        return sorted({*self.hidden, *(key for link in self.links for key in link.keys)})

    @property
    def sentence(self) -> str:
        """``at least 2 links, on APP-7, REL-1 and REL-2``."""
        count, keys = len(self.links) or 1, self.keys
        more = [f"{len(keys) - _NAMED:,} more issues"] if len(keys) > _NAMED else []
        return f"at least {counted(count, 'link')}, on {listed([*keys[:_NAMED], *more])}"

    def __bool__(self) -> bool:
        return bool(self.links or self.hidden)


def find_use(kind: LinkType, jira: Jira, most: int | None = None) -> Use:
    """The links of a type.

    :param most: how many issues to look at; None for all.
    :raises BadRequest: this Jira cannot search for a link type.
    """
    survey, found = Survey(jira), _found(kind, jira)
    # The search tells which issues to look at, and no more: on Cloud it lags behind.
    first = list(islice(found, most))
    survey.look_at(first)
    links = tuple(link for link in survey.links.values() if link.type.id == kind.id)
    # The same search finds the links of other types that share a word.
    others = (link for link in survey.links.values() if not _words(kind).isdisjoint(_words(link.type)))
    explained = {key for link in (*links, *others) for key in link.keys}
    hidden = tuple(key for key in first if not (issue := survey.issue(key)) or issue.key not in explained)
    unknown = () if links else tuple(islice(found, 1))  # there are more, and it may be in use there
    return Use(kind, survey, links, hidden or unknown)


def _words(kind: LinkType) -> set[str]:
    return {folded(word or "") for word in (kind.name, kind.inward, kind.outward)}


def _found(kind: LinkType, jira: Jira) -> Iterator[str]:
    """The issues that a search for the type finds.

    Jira may know a type by its name or by its phrases only, and refuse a word that it does not know, or not find it.
    """
    refused: list[BadRequest] = []
    found: set[str] = set()
    for words in ((kind.name,), (kind.inward, kind.outward)):
        try:
            for each in jira.search(type_query(*words), ("key",), strict=True):
                if each.issue.key not in found:
                    found.add(each.issue.key)
                    yield each.issue.key
        except BadRequest as error:
            refused.append(error)
    if len(refused) == 2:
        raise refused[0]


def plan_move(use: Use, target: LinkType) -> Plan:
    """The same links with another type, as far as they are missing. What is there already is kept.

    :raises InputError: a link cannot be seen, so it would be lost.
    """
    if use.hidden:
        raise InputError(
            f"{listed(use.hidden)} may have a link that this account does not see, and that could not be moved. "
            "Use an account that sees both of its issues. On Cloud, where the search is behind, run it again."
        )
    use.survey.look_at(key for link in use.links for key in link.keys)
    wanted = {link.identity: link for link in (link._replace(type=target, id=None) for link in use.links)}
    return plan_links(use.survey.links.values(), list(wanted.values()), "present")


def check_move(plan: Plan, jira: Jira, survey: Survey) -> None:
    """:raises InputError: Jira would refuse some of the links."""
    one_each = {link.inward.project: link.inward.key for link in plan.add}  # Link Issues is granted by project
    mistakes = [not_permitted(key) for key in one_each.values() if not jira.may_link(key)]
    full = [key for key, *dummy in survey.overfull(plan.add)]
    if full:
        mistakes.append(
            f"Until the old type is gone, {listed(full)} would have more than the {MOST_LINKS:,} issue links that Jira "
            "Cloud allows on one issue."
        )
    if mistakes:
        raise InputError(f"The links cannot be moved, and nothing was written. {' '.join(mistakes)}")


def move(use: Use, plan: Plan, target: LinkType, jira: Jira) -> list[IssueLink]:
    """Make the links that the plan adds, then look again until no other link is left to be moved.

    :returns: the new links, as Jira shows them.
    :raises JiraError: its ``done`` are the links that were made before.
    """
    made: dict[Identity, IssueLink] = {}
    budget = Budget.of_site(jira.cloud)
    try:
        while plan.add:
            _make(plan, jira, budget, use.survey, made)
            use = find_use(use.kind, jira)
            plan = plan_move(use, target)
            made.update({link.identity: link for link in plan.keep if link.identity in made})
            unseen = [link.sentence for link in plan.add if link.identity in made]
            if unseen:
                raise JiraError(f"Jira answered that it made {listed(unseen)}, and does not show it.")
    except (InputError, JiraError) as error:
        cause = error if isinstance(error, JiraError) else JiraError(str(error))
        failure = cause.explained(
            f"{len(made)} of the links were moved, and the old type was left. Running it again does the rest. "
            f"The reason: {cause.message}"
        )
        failure.done = list(made.values())
        raise failure from None
    return list(made.values())


def _make(plan: Plan, jira: Jira, budget: Budget, survey: Survey, made: dict[Identity, IssueLink]) -> None:
    writer = Writer(jira, budget, len(plan.add), _CONCURRENCY, keep_going=False)
    results = writer.write(plan.add, lambda link, own: make_link(link, own, survey.read, None))
    made.update({written.link.identity: written.link for written in results if written.link})
    if writer.stopped_by:
        raise writer.stopped_by
