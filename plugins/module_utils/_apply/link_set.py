# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans a declared set of links: from module options and what Jira holds to a plan, or to every mistake in the set."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from .._client.errors import NotFound
from .._client.jira import Jira
from .._model.declared import Element, declared_as
from .._model.link import Identity, IssueLink, LinkType, as_typed
from .._model.options import (
    LINK_OPTIONS,
    InputError,
    Mistakes,
    asked_comment,
    asked_link,
    check_form,
    is_query,
    issue_key,
    refuse_empty,
    resolve_type,
    to_itself,
    type_reference,
)
from .._plan.graph import find_cycle
from .._plan.links import Plan, Scope, plan_links
from .._text import counted, listed, printable
from .approval import check_approval
from .preflight import preflight
from .queries import Queries, Query
from .reader import Reader, refuse_moved

Params = Mapping[str, Any]
_OTHERS = ("allow_empty", "state", "link_id", "origin", "mistake", "comment", "comment_visibility")
_UNSAID: Params = {**dict.fromkeys([*LINK_OPTIONS, *_OTHERS]), "comment_internal": False}
"""An element that says nothing yet."""


class Queried(NamedTuple):
    """A query of the set, and the issues at the other ends of its links, by their current keys."""

    query: Query
    keys: list[str]


class LinkSet(NamedTuple):
    """The plan for a declared set, the set in canonical form, and the link types that the site had by then."""

    plan: Plan
    declared: list[Element]
    types: list[LinkType]
    queried: list[Queried]


class _Element(NamedTuple):
    """One link of the set: where its element stands, what the task says there, and the link that it means.

    :param query: what found one of its issues; None where the task names both.
    """

    position: int
    place: str
    said: Params
    link: IssueLink
    query: Query | None = None

    @property
    def absent(self) -> bool:
        return bool(self.said["state"] == "absent")

    @property
    def where(self) -> str:
        return f"{self.place} ({self.about})"

    @property
    def about(self) -> str:
        """The link as messages name it: by its query, if it has one."""
        return self.query.about if self.query else self.link.sentence

    @property
    def named(self) -> tuple[str, str, int | None]:
        """Where a mistake about it is, as `Mistakes.add` takes it."""
        return self.place, self.about, self.position


def plan_link_set(params: Params, jira: Jira) -> LinkSet:
    """Read what Jira holds, and plan what makes it the declared set. Nothing is written.

    :raises InputError: there are mistakes; all of them are named.
    """
    _check_options(params)
    return _Planner(params, jira).plan()


class _Planner:
    """Plans one set. What is wrong with it is collected on the way, so that all of it is told together."""

    def __init__(self, params: Params, jira: Jira) -> None:
        self._params, self._jira = params, jira
        self._mistakes, self._reader = Mistakes(), Reader(jira)
        self._queries = Queries(jira, params["max_issues"])

    def plan(self) -> LinkSet:
        elements, scope_keys = self._parse(), self._scope_keys()
        elements = self._find_issues(elements, scope_keys)
        self._check_queries(elements)
        wanted, unwanted = self._each_once(elements), [element.link for element in elements if element.absent]
        self._check_states(elements, wanted)
        self._check_link_ids(elements)
        scope = self._find_scope(scope_keys, wanted)
        self._jira.prove_login()
        current = self._reader.links.values()
        if self._mistakes.found:  # what nobody seems to want may stand in a mistaken element: so that is left aside
            self._check_cycles(None, wanted)
            self._check_writes(plan_links(current, wanted, unwanted), elements)
            self._mistakes.refuse()
        compare = partial(plan_links, current, unwanted=unwanted, exclusive=self._params["exclusive"], scope=scope)
        plan = compare(wanted)
        kept = [_element_of(query, link) for query, link in self._queries.keep(plan.pruned, self._reader)]
        if kept:
            elements = [*elements, *kept]
            wanted = self._each_once(elements)
            plan = compare(wanted)
        self._check_removals(plan, wanted)
        self._check_cycles(plan, wanted)
        self._check_writes(plan, elements)
        refuse_moved(self._reader.read.values())
        self._mistakes.refuse()
        check_approval(self._params["approved_changes"], plan, self._queries.asked, self._reader, self._jira)
        self._warn_outside(wanted, scope)
        types = self._jira.read_link_types()
        declared = [declared_as(each.link, each.said, types) for each in elements]
        return LinkSet(plan, declared, types, _queried(self._queries.asked, elements, self._reader))

    def _parse(self) -> list[_Element]:
        """The links of the elements that make sense, with their types as the site has them."""

        def link_of(said: Params) -> IssueLink:
            link = asked_link(said, self._jira.read_link_types, self._params["url"])
            comment = asked_comment(said, self._jira.find_api_version())
            return link._replace(
                type=resolve_type(self._jira.read_link_types(), link.type), comment=comment, id=said["link_id"]
            )

        elements: list[_Element] = []
        for position, (place, element) in enumerate(_said(self._params)):
            said = {**element, "state": element["state"] or self._params["state"]}
            try:
                _check_mistake(element)
                check_form(said)
                _check_state(element, self._params["state"])
                query = self._queries.ask(position, place, said, link_of) if is_query(said) else None
                links = query.links if query else [link_of(said)]
                elements += [_Element(position, place, said, link, query) for link in links]
            except InputError as mistake:
                self._mistakes.add(str(mistake), place, position=position)
        return elements

    def _scope_keys(self) -> list[str]:
        """The issues of the scope, by the keys that the task gives: every link of theirs is read."""
        keys: list[str] = []
        for text in self._params["scope"]["issues"] if self._params["state"] == "exact" else ():
            try:
                keys.append(issue_key(text, self._params["url"]))
            except InputError as mistake:
                self._mistakes.add(str(mistake), "scope.issues")
        return keys

    def _find_issues(self, elements: Sequence[_Element], scope_keys: Iterable[str]) -> list[_Element]:
        """The links with their issues as Jira shows them. Where a link is to go, an issue not shown has none."""
        found, also = [], [*scope_keys, *(query.issue.key for query in self._queries.asked)]
        for element, ends in zip(elements, self._reader.find_ends([each.link for each in elements], also=also)):
            missing = _not_shown(ends.missing)
            if ends.missing and not element.absent:
                self._mistakes.add(missing, *element.named)
                continue
            if ends.missing:
                self._jira.warn(f"{element.where}: there is no link to remove. {missing}")
            if ends.link.inward.key == ends.link.outward.key:
                if element.query:
                    continue  # its issue is one of those that the query finds
                self._mistakes.add(to_itself(ends.link.inward.key), *element.named)
            else:
                found.append(element._replace(link=ends.link))
        return found

    def _check_queries(self, elements: Iterable[_Element]) -> None:
        """Refuse a query from an issue that Jira does not show, and one that finds that issue alone, by any key."""
        linked = {element.position for element in elements if element.query}
        for query in self._queries.asked:
            if not self._reader.issue(query.issue.key) and query.said["state"] != "absent":
                self._mistakes.add(_not_shown([query.issue.key]), query.place, query.about, query.position)
            elif query.said["allow_empty"] or query.position in linked:
                continue
            elif all(self._reader.issue(each.id or each.key) for each in query.found):
                nothing = "The query finds no other issue. If that may be so, say allow_empty: true."
                self._mistakes.add(nothing, query.place, query.about, query.position)

    def _each_once(self, elements: Iterable[_Element]) -> list[IssueLink]:
        """The links to be there, each once. Where several elements say one, its comment may stand at any of them."""
        first: dict[Identity, _Element] = {}
        for element in elements:
            if element.absent:
                continue
            same = first.setdefault(element.link.identity, element)
            comment, known = element.link.comment, same.link.comment
            if comment and known and comment != known:
                self._mistakes.add(f"{same.place} says the same link with another comment.", *element.named)
            elif comment:
                first[element.link.identity] = same._replace(link=same.link._replace(comment=comment))
        return [element.link for element in first.values()]

    def _check_states(self, elements: Iterable[_Element], wanted: Iterable[IssueLink]) -> None:
        """Refuse a link that is to be there and to be absent."""
        there = {link.identity for link in wanted}
        for element in elements:
            if element.absent and element.link.identity in there:
                self._mistakes.add("the set says the same link with state: present, too.", *element.named)

    def _check_link_ids(self, elements: Iterable[_Element]) -> None:
        """Refuse a ``link_id`` of a link that its element does not say, and tell of one that stays because of it."""
        named = [element for element in elements if element.link.id]
        found = self._reader.find_links(str(element.link.id) for element in named)
        same = {link.identity: link for link in self._reader.links.values()} if named else {}
        for element in named:
            there, other = found.get(str(element.link.id)), same.get(element.link.identity)
            if there and there.identity != element.link.identity:
                self._mistakes.add(f"the link with the id {there.id} is {there.sentence!r}.", *element.named)
            elif other and not there:
                gone = f"{element.place}: there is no link {printable(element.link.id)} any more."
                self._jira.warn(f"{gone} {other.sentence!r} has the id {other.id}, so it stays.")

    def _find_scope(self, keys: Iterable[str], wanted: Iterable[IssueLink]) -> Scope | None:
        if self._params["state"] != "exact":
            return None
        found = {key: self._reader.issue(key) for key in keys}
        missing = [key for key, issue in found.items() if not issue]
        if missing:
            self._mistakes.add(_not_shown(missing), "scope.issues")
        issues = {issue.key for issue in found.values() if issue}
        named = self._type_ids(self._params["scope"].get("link_types") or (), "scope.link_types")
        said = {link.type.id for link in wanted} | {query.pattern.type.id for query in self._queries.asked}
        projects = {key.strip().upper() for key in self._params["scope"].get("linked_projects") or ()}
        unmet = sorted(projects - self._reader.projects) if projects else []
        for project in unmet:  # perhaps misspelt: then the scope holds nothing
            if not (project.replace("_", "").isalnum() and self._jira.shows_project(project)):
                self._jira.warn(
                    f"scope.linked_projects: Jira does not show a project with the key {project}. {NotFound.advice}"
                )
        return Scope(issues, named or said, projects or None)

    def _type_ids(self, names: Iterable[str], place: str) -> set[str | None]:
        found = set()
        for name in names:
            try:
                found.add(resolve_type(self._jira.read_link_types(), type_reference(name), "").id)
            except InputError as mistake:
                self._mistakes.add(str(mistake), place)
        return found

    def _check_removals(self, plan: Plan, wanted: Iterable[IssueLink]) -> None:
        """Check ``max_removals``, and that ``exclusive`` does not name two links between the same issues."""
        most = self._params["max_removals"]
        if 0 <= most < len(plan.pruned):
            would = listed(repr(link.sentence) for link in plan.pruned)
            self._mistakes.add(
                f"max_removals is {most}, and {counted(len(plan.pruned), 'link')} would be removed: {would}."
            )
        pairs = Counter(frozenset(link.keys) for link in wanted)
        rivals = [sorted(pair) for pair, count in pairs.items() if count > 1 and self._params["exclusive"]]
        for pair in rivals:
            self._mistakes.add(f"several links are listed between {listed(pair)}.", "exclusive")

    def _check_cycles(self, plan: Plan | None, wanted: Iterable[IssueLink]) -> None:
        """Refuse a cycle.

        :param plan: what of Jira's links goes; None if that is not known, and then only the wanted links are looked at.
        """
        symmetric = {link_type.id for link_type in self._jira.read_link_types() if link_type.symmetric}
        acyclic = self._type_ids(self._params["acyclic"], "acyclic") - symmetric
        links = [link for link in wanted if link.type.id in acyclic]
        if plan and links:
            gone = {link.id for link in plan.remove}
            there = self._reader.follow((key for link in links for key in link.keys), acyclic)
            links = [*(link for link in there if link.id not in gone), *links]
        cycle = find_cycle(links)
        if cycle:
            chain = " ".join([cycle[0].inward.key, *(f"{link.type.outward} {link.outward.key}" for link in cycle)])
            self._mistakes.add(f"the links would form a cycle: {chain}.", "acyclic")

    def _check_writes(self, plan: Plan, elements: Iterable[_Element]) -> None:
        """What Jira would refuse to write, for each element that asks for it."""
        saying = defaultdict[Identity, list[_Element]](list)
        for element in elements:
            saying[element.link.identity].append(element)
        for error, links in preflight(plan, self._jira, self._reader).items():
            named = [element.named for link in links for element in saying[link.identity]]
            for where in named or [("", "", None)]:
                self._mistakes.add(error.message, *where)

    def _warn_outside(self, wanted: Iterable[IssueLink], scope: Scope | None) -> None:
        outside = [repr(link.sentence) for link in wanted if scope and not scope.holds(link)]
        if outside:
            what = "A link there is made, and stays when it is no longer listed."
            self._jira.warn(f"Outside the scope: {listed(outside)}. {what}")


def _element_of(query: Query, link: IssueLink) -> _Element:
    return _Element(query.position, query.place, query.said, link, query)


def _check_options(params: Params) -> None:
    if params["state"] == "exact":
        _check_scope([said for dummy, said in _said(params)], params["scope"] or {})
    if params["state"] == "absent" and params["exclusive"]:
        raise InputError("exclusive is for links that are to be there, not for state: absent.")
    at_once = params["concurrency"]
    if params["max_removals"] < -1 or params["max_issues"] < 1 or (at_once is not None and at_once < 1):
        raise InputError("max_removals has to be -1 (no cap) or more, max_issues and concurrency 1 or more.")


def _check_scope(links: Sequence[Params], scope: Params) -> None:
    """Refuse ``state: exact`` without ``scope.issues``: a link names two issues, and mostly one of them is meant.

    :raises InputError: the scope does not say which issues may lose links.
    """
    if not scope.get("issues"):
        starts = (said["sentence"] or said["issue"] or said["inward_issue"] or said["linked_issue"] for said in links)
        first = list(dict.fromkeys(printable(start.split()[0]) for start in starts if start and start.strip()))
        guess = f" If that is {first[0]}: scope: {{issues: [{first[0]}]}}." if len(first) == 1 else ""
        raise InputError(
            "state: exact removes what is not listed, so it needs scope.issues: the issues that may lose links." + guess
        )
    if not (links or scope.get("link_types")):
        raise InputError("With no links, state: exact needs scope.link_types: the types of which none is to be left.")


def _said(params: Params) -> Iterator[tuple[str, Params]]:
    """Every element as the task says it, and where it stands."""
    for index, element in enumerate(params["links"] or ()):
        yield element["origin"] or f"links[{index}]", element
    for index, sentence in enumerate(params["sentences"] or ()):
        yield f"sentences[{index}]", {**_UNSAID, "sentence": sentence}


def _check_mistake(said: Params) -> None:
    refuse_empty(said, "mistake")
    if said["mistake"]:
        raise InputError(said["mistake"])


def _check_state(said: Params, state: str) -> None:
    refuse_empty(said, "link_id")
    if said["state"] and state == "exact":
        raise InputError(
            "state stands in an element of present or absent. With state: exact, every element is present."
        )
    if said["link_id"] and is_query(said):
        raise InputError("link_id is for one link, and a query may say many.")
    if said["link_id"] and (said["state"] or state) != "absent":
        raise InputError("link_id is for state: absent. Jira gives a new link its id.")


def _not_shown(keys: Iterable[str]) -> str:
    return f"Jira does not show {listed(map(as_typed, keys))}. {NotFound.advice}"


def _queried(queries: Iterable[Query], elements: Iterable[_Element], reader: Reader) -> list[Queried]:
    links = defaultdict[int, list[IssueLink]](list)
    for element in elements:
        links[element.position].append(element.link)
    return [Queried(query, query.other_keys(links[query.position], reader)) for query in queries]
