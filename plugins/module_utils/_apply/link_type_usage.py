# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the links of a type, and gives them another one. A search finds them, and a search may be behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Optional

from .._apply.bulk import Writer
from .._apply.links import make_link, not_permitted
from .._apply.reader import Survey
from .._client.errors import BadRequest, JiraError, as_jira_error
from .._client.jira import Jira
from .._client.rate_limits import MOST_LINKS, Budget
from .._model.link import Identity, IssueLink, LinkType
from .._model.options import InputError
from .._plan.link_types import type_query
from .._plan.links import Plan, plan_links
from .._text import counted, folded, listed

_CONCURRENCY = 4


_NAMED = 10  # issues that a message names


Words = tuple[Optional[str], ...]
"""Of one search: any of them finds an issue."""


class Use(NamedTuple):
    """Where a link type is in use, as far as this account can see.

    :param hidden: issues that have such a link although they show none: its other end is hidden, or the search is late.
    :param doubtful: issues that may have one: all that they show is of other types, which the same words find.
    :param by_name: whether Jira searched for the name.
    """

    kind: LinkType
    survey: Survey
    links: tuple[IssueLink, ...]
    hidden: tuple[str, ...]
    doubtful: tuple[str, ...]
    by_name: bool

    @property
    def keys(self) -> list[str]:
        """The issues that have such links."""
        return sorted({*self.hidden, *(key for link in self.links for key in link.keys)})

    @property
    def sentence(self) -> str:
        """``at least 2 links, on APP-7, REL-1 and REL-2``."""
        return f"at least {counted(len(self.links) or 1, 'link')}, on {_some(self.keys)}"

    @property
    def doubt(self) -> str:
        """What leaves it unknown whether there are more such links, and what helps."""
        others = {link.type for link in self.survey.links.values() if _fits(self.kind[1:], link.type)}
        return (
            f"A search for its words also finds links of {listed(sorted(map(str, others)))}, on "
            f"{_some(self.doubtful)}, which may hide one of its own. Words that no other type has tell them apart: "
            "give it some first, with new_name, inward and outward."
        )

    def __bool__(self) -> bool:
        return bool(self.links or self.hidden)


def find_use(kind: LinkType, jira: Jira, most: int | None = None) -> Use:
    """The links of a type.

    :param most: how many issues to look at; None for all.
    :raises BadRequest: this Jira cannot search for a link type.
    """
    survey, refused = Survey(jira), dict[Words, BadRequest]()
    found, more = _first(_found(kind, jira, refused), most)
    # The search tells which issues to look at, and no more: on Cloud it lags behind.
    survey.look_at(found)
    links = tuple(link for link in survey.links.values() if link.type.id == kind.id)
    by_name = _by_name(kind) not in refused
    hidden, doubtful = list[str](), list[str]()
    for key, others in _without(kind, found, survey).items():
        if not all(any(_fits(words, other) for other in others) for words in found[key]):
            hidden.append(key)
        elif not by_name or _by_name(kind) in found[key]:
            doubtful.append(key)
    # Those that were not looked at may have one, too.
    return Use(kind, survey, links, tuple(sorted(hidden)), tuple(sorted([*doubtful, *more])), by_name)


def _first(found: Iterable[tuple[str, Words]], most: int | None) -> tuple[dict[str, list[Words]], list[str]]:
    """The first issues, each with the words that it was found by, and the next one, if there are more."""
    first = dict[str, list[Words]]()
    for key, words in found:
        if key not in first and len(first) == most:
            return first, [key]
        first.setdefault(key, []).append(words)
    return first, []


def _without(kind: LinkType, keys: Iterable[str], survey: Survey) -> dict[str, set[LinkType]]:
    """Those of the issues that show no link of the type, with the types of the links that they show."""
    shown: dict[str, set[LinkType]] = {}
    for link in survey.links.values():
        for key in link.keys:
            shown.setdefault(key, set()).add(link.type)
    current = {key: issue.key for key in keys if (issue := survey.issue(key))}
    types = {key: shown.get(current.get(key, ""), set()) for key in keys}
    return {key: others for key, others in types.items() if kind.id not in {other.id for other in others}}


def _by_name(kind: LinkType) -> Words:
    return (kind.name,)


def _fits(words: Words, kind: LinkType) -> bool:
    """Whether a search for any of these words finds the links of a type."""
    known = {folded(word or "") for word in (kind.name, kind.inward, kind.outward)}
    return any(folded(word or "") in known for word in words)


def _found(kind: LinkType, jira: Jira, refused: dict[Words, BadRequest]) -> Iterator[tuple[str, Words]]:
    """The issues that a search for the type finds, each with the words of the search, so some of them twice.

    Jira may know a type by its name or by its phrases only, and refuse a word that it does not know, or not find it.
    What it refuses is noted. What the phrases find may be a link of another type: only the name tells the types apart.
    """
    for words in (_by_name(kind), (kind.inward, kind.outward)):
        try:
            for each in jira.search(type_query(*words), ("key",), strict=True):
                yield each.issue.key, words
        except BadRequest as error:
            refused[words] = error
    if len(refused) == 2:
        raise refused[_by_name(kind)]


def _some(keys: Sequence[str]) -> str:
    more = [f"{len(keys) - _NAMED:,} more issues"] if len(keys) > _NAMED else []
    return listed([*keys[:_NAMED], *more])


def plan_move(use: Use, target: LinkType) -> Plan:
    """The same links with another type, as far as they are missing. What is there already is kept.

    :raises InputError: a link cannot be seen, or cannot be told from others, so it would be lost.
    """
    if use.doubtful and not use.by_name:
        raise InputError(
            f"The links of {use.kind} cannot be moved, and nothing was written: this Jira does not search for its "
            f"name. {use.doubt}"
        )
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
    except BaseException as raised:
        cause = JiraError(str(raised)) if isinstance(raised, InputError) else as_jira_error(raised)
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
