# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the links of a link type with searches, and gives them another type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Optional

from .._client.errors import BadRequest, JiraError, as_jira_error
from .._client.jira import Jira
from .._client.outcome import Outcome
from .._model.link import Identity, IssueLink, LinkType
from .._model.options import InputError
from .._plan.link_types import type_query
from .._plan.links import Plan, plan_links
from .._text import counted, folded, in_short, listed
from .bulk import CREATION
from .links import make_link
from .reader import Reader
from .writer import Writer

_NAMED = 10  # issues that a message names
Words = tuple[Optional[str], ...]
"""Of one search: any of them finds an issue."""


class Usage(NamedTuple):
    """Where a link type is in use, as far as this account can see.

    :param hidden: issues that have such a link although they show none: its other end is hidden, or the search is late.
    :param doubtful: issues that may have one: all that they show is of other types, which the same words find.
    :param by_name: whether Jira searched for the name.
    """

    link_type: LinkType
    reader: Reader
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
        others = {link.type for link in self.reader.links.values() if _fits(self.link_type[1:], link.type)}
        return (
            f"A search for its words also finds links of {listed(sorted(map(str, others)))}, on "
            f"{_some(self.doubtful)}, which may hide one of its own. Words that no other type has tell them apart: "
            "give it some first, with new_name, inward and outward."
        )

    @property
    def in_use(self) -> bool:
        return bool(self.links or self.hidden)


def find_usage(link_type: LinkType, jira: Jira, most: int | None = None) -> Usage:
    """Search for the links of a link type. A search can be seconds behind, so its issues are read as well.

    :param most: how many issues to look at; None for all.
    :raises BadRequest: this Jira cannot search for a link type.
    """
    reader, refused = Reader(jira), dict[Words, BadRequest]()
    found, more = _first(_found(link_type, jira, refused), most)
    # The search tells which issues to look at, and no more: on Cloud it lags behind.
    reader.read_issues(found)
    links = tuple(link for link in reader.links.values() if link.type.id == link_type.id)
    by_name = _by_name(link_type) not in refused
    hidden, doubtful = list[str](), list[str]()
    for key, others in _without(link_type, found, reader).items():
        if not all(any(_fits(words, other) for other in others) for words in found[key]):
            hidden.append(key)
        elif not by_name or _by_name(link_type) in found[key]:
            doubtful.append(key)
    # Those that were not looked at may have one, too.
    return Usage(link_type, reader, links, tuple(sorted(hidden)), tuple(sorted([*doubtful, *more])), by_name)


def _first(found: Iterable[tuple[str, Words]], most: int | None) -> tuple[dict[str, list[Words]], list[str]]:
    """The first ``most`` issues found, each with the words that found it; and one more issue, if there are more."""
    first = dict[str, list[Words]]()
    for key, words in found:
        if key not in first and len(first) == most:
            return first, [key]
        first.setdefault(key, []).append(words)
    return first, []


def _without(link_type: LinkType, keys: Iterable[str], reader: Reader) -> dict[str, set[LinkType]]:
    """The issues that show no link of the type, each with the link types of the links that it shows."""
    shown: dict[str, set[LinkType]] = {}
    for link in reader.links.values():
        for key in link.keys:
            shown.setdefault(key, set()).add(link.type)
    current = {key: issue.key for key in keys if (issue := reader.issue(key))}
    types = {key: shown.get(current.get(key, ""), set()) for key in keys}
    return {key: others for key, others in types.items() if link_type.id not in {other.id for other in others}}


def _by_name(link_type: LinkType) -> Words:
    return (link_type.name,)


def _fits(words: Words, link_type: LinkType) -> bool:
    """Whether a search for any of these words finds the links of a type."""
    known = {folded(word or "") for word in (link_type.name, link_type.inward, link_type.outward)}
    return any(folded(word or "") in known for word in words)


def _found(link_type: LinkType, jira: Jira, refused: dict[Words, BadRequest]) -> Iterator[tuple[str, Words]]:
    """The issues that a search for the type finds, each with the words of the search, so some of them twice.

    Jira may know a type by its name or by its phrases only, and refuse a word that it does not know, or not find it.
    What it refuses is noted. What the phrases find may be a link of another type: only the name tells the types apart.
    """
    for words in (_by_name(link_type), (link_type.inward, link_type.outward)):
        try:
            for each in jira.search(type_query(*words), ("key",), strict=True):
                yield each.issue.key, words
        except BadRequest as error:
            refused[words] = error
    if len(refused) == 2:
        raise refused[_by_name(link_type)]


def _some(keys: Sequence[str]) -> str:
    return listed(in_short(keys, "{:,} more issues", _NAMED))


def plan_move(usage: Usage, target: LinkType) -> Plan:
    """The same links with another type, as far as they are missing. What is there already is kept.

    :raises InputError: a link cannot be seen, or cannot be told from others, so it would be lost.
    """
    if usage.doubtful and not usage.by_name:
        raise InputError(
            f"The links of {usage.link_type} cannot be moved, and nothing was written: this Jira does not search for "
            f"its name. {usage.doubt}"
        )
    if usage.hidden:
        raise InputError(
            f"{listed(usage.hidden)} may have a link that this account does not see, and that could not be moved. "
            "Use an account that sees both of its issues. On Cloud, where the search is behind, run it again."
        )
    usage.reader.read_issues(key for link in usage.links for key in link.keys)
    wanted = {link.identity: link for link in (link._replace(type=target, id=None) for link in usage.links)}
    return plan_links(usage.reader.links.values(), list(wanted.values()))


def move(usage: Usage, plan: Plan, target: LinkType, jira: Jira) -> Outcome[list[IssueLink]]:
    """Make the links that the plan adds, then search again until no other link is left to be moved.

    :returns: the new links, as Jira shows them.
    """
    made: dict[Identity, IssueLink] = {}
    try:
        while plan.add:
            error = _make(plan, jira, made)
            if error:
                return _stopped(made, error)
            usage = find_usage(usage.link_type, jira)
            plan = plan_move(usage, target)
            made.update({link.identity: link for link in plan.keep if link.identity in made})
            unseen = [link.sentence for link in plan.add if link.identity in made]
            if unseen:
                return _stopped(made, JiraError(f"Jira answered that it made {listed(unseen)}, and does not show it."))
    except BaseException as raised:
        return _stopped(made, JiraError(str(raised)) if isinstance(raised, InputError) else as_jira_error(raised))
    return Outcome(list(made.values()))


def _make(plan: Plan, jira: Jira, made: dict[Identity, IssueLink]) -> JiraError | None:
    """Make the links of the plan, note them, and return the error that stopped it, if any."""
    writer = Writer(jira, "links", len(plan.add))
    results = writer.write(plan.add, [link.keys for link in plan.add], make_link, CREATION)
    made.update({written.done.identity: written.done for written in results if written.done})
    return writer.stopped_by


def _stopped(made: Mapping[Identity, IssueLink], cause: JiraError) -> Outcome[list[IssueLink]]:
    error = cause.explained(
        f"{len(made)} of the links were moved, and the old type was left. {cause.rest}The reason: {cause.message}"
    )
    return Outcome(list(made.values()), error)
