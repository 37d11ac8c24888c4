# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A declared set of links, from module options to a plan. Every mistake in it is found before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ._api import Jira
from ._apply import not_permitted
from ._comment import comment_json
from ._model import (
    LINK_FORMS,
    Identity,
    InputError,
    Issue,
    IssueLink,
    Json,
    LinkType,
    asked_link,
    issue_key,
    refuse,
    refuse_empty,
    resolve_type,
)
from ._plan import Scope, find_cycle, plan_links
from ._survey import MOST_LINKS, Survey
from ._text import listed, printable


class Declared(NamedTuple):
    """One element of the list: where it stands, the link it says, and the comment for it."""

    position: int
    link: IssueLink
    comment: Json

    @property
    def place(self) -> str:
        return f"links[{self.position}] ({self.link.sentence})"


class Declaration:
    """What a task declares, read together with what Jira holds.

    :raises InputError: there are mistakes; all of them are named.
    """

    def __init__(self, params: Mapping[str, Any], jira: Jira) -> None:
        self._params, self._jira = params, jira
        self._check_options()
        self._wrong: dict[int, str] = {}  # what is wrong with an element, by its place
        self._mistakes: list[str] = []
        self.survey = Survey(jira)
        asked = self._asked()
        scope_keys = self._scope_keys()
        self.wanted, self._comments = self._once(self._settled(asked, scope_keys))
        scope = self._scope(scope_keys)
        jira.prove_login()
        refuse([*(self._wrong[index] for index in sorted(self._wrong)), *self._mistakes])
        self.plan = plan_links(
            self.survey.links.values(), self.wanted, self._state, scope=scope, exclusive=params["exclusive"]
        )
        self._check_removals()
        self._check_cycles()
        self._check_limit()
        self._check_permissions()
        refuse(self._mistakes)
        self._warn_of_what_is_outside(scope)

    @property
    def _state(self) -> str:
        return str(self._params["state"])

    def comment(self, link: IssueLink) -> Json:
        return self._comments.get(link.identity)

    def _check_options(self) -> None:
        if self._state == "exact":
            self._check_scope(self._params["scope"] or {})
        if self._state == "absent" and self._params["exclusive"]:
            raise InputError("exclusive is for links that are to be there, not for state: absent.")
        if self._params["max_removals"] < -1 or self._params["concurrency"] < 1:
            raise InputError("max_removals has to be -1 (no cap) or more, and concurrency 1 or more.")

    def _check_scope(self, scope: Mapping[str, Any]) -> None:
        """Which issues may lose links has to be said: a link names two, and only one of them is meant."""
        if not scope.get("issues"):
            said = (element["issue"] or element["inward_issue"] for element in self._params["links"])
            begin = ", ".join(dict.fromkeys(printable(key.strip()) for key in said if key))
            raise InputError(
                "state: exact removes what is not listed, so it needs scope.issues: the issues that may lose links."
                + (f" If those are meant that its sentences begin with: scope: {{issues: [{begin}]}}." if begin else "")
            )
        if not (self._params["links"] or scope.get("link_types")):
            raise InputError(
                "With no links, state: exact needs scope.link_types: the types of which none is to be left."
            )

    def _asked(self) -> list[Declared]:
        """The elements as they are said."""
        asked = []
        for index, element in enumerate(self._params["links"]):
            try:
                _check_form(element)
                link = asked_link(element, lambda: self._jira.link_types)
                link = link._replace(type=resolve_type(self._jira.link_types, link.type))
                asked.append(Declared(index, link, comment_json(element, self._jira.api_version)))
            except InputError as mistake:
                self._wrong[index] = f"links[{index}]: {mistake}"
        return asked

    def _settled(self, asked: Sequence[Declared], scope_keys: Iterable[str]) -> list[Declared]:
        """The elements with their issues as Jira knows them."""
        links = self.survey.settle([each.link for each in asked], also=scope_keys)
        settled = []
        for each, (link, missing) in zip(asked, links):
            if missing and self._state == "absent":
                self._jira.warnings.append(f"{each.place}: there is no link to remove. {_not_shown(missing)}")
            elif missing:
                self._wrong[each.position] = f"{each.place}: {_not_shown(missing)}"
            elif link.inward.key == link.outward.key:
                itself = f"You cannot link an issue to itself: both ends are {link.inward.key}."
                self._wrong[each.position] = f"{each.place}: {itself}"
            else:
                settled.append(each._replace(link=link))
        return settled

    def _once(self, declared: Iterable[Declared]) -> tuple[list[IssueLink], Mapping[Identity, Json]]:
        """The links, each once although two elements may say the same, and the comments by the links' identity."""
        first: dict[Identity, Declared] = {}
        comments: dict[Identity, Json] = {}
        for each in declared:
            identity = each.link.identity
            said, known = first.setdefault(identity, each), comments.get(identity)
            if each.comment and known and each.comment != known:
                self._wrong[each.position] = (
                    f"{each.place}: links[{said.position}] says the same link with another comment."
                )
            comments[identity] = known or each.comment
        return [each.link for each in first.values()], comments

    def _scope(self, scope_keys: Iterable[str]) -> Scope | None:
        if self._state != "exact":
            return None
        given = self._params["scope"] or {}
        found = {key: self.survey.issue(key) for key in scope_keys}
        missing = [key for key, issue in found.items() if not issue]
        if missing:
            self._mistakes.append(f"scope.issues: {_not_shown(missing)}")
        issues = {issue.key for issue in found.values() if issue}
        kinds = self._types(given.get("link_types"), "scope.link_types") or {link.type.id for link in self.wanted}
        projects = given.get("linked_projects")
        return Scope(issues, kinds, {key.strip().upper() for key in projects} if projects else None)

    def _scope_keys(self) -> list[str]:
        """The issues of which every link has to be known, by the keys they are asked for."""
        return list(self._keys(self._params["scope"]["issues"])) if self._state == "exact" else []

    def _keys(self, texts: Iterable[str]) -> Iterable[str]:
        for text in texts:
            try:
                yield issue_key(text)
            except InputError as mistake:
                self._mistakes.append(f"scope.issues: {mistake}")

    def _types(self, names: Iterable[str] | None, place: str) -> set[str | None]:
        found = set()
        for name in names or ():
            try:
                found.add(resolve_type(self._jira.link_types, LinkType.from_reference(name)).id)
            except InputError as mistake:
                self._mistakes.append(f"{place}: {mistake}")
        return found

    def _warn_of_what_is_outside(self, scope: Scope | None) -> None:
        outside = [repr(link.sentence) for link in self.wanted if scope and not scope.holds(link)]
        if outside:
            self._jira.warnings.append(
                f"Outside the scope: {listed(outside)}. A link there is made, and stays when it is no longer listed."
            )

    def _check_removals(self) -> None:
        """The cap on what nobody listed, and links that cannot all be the only one between their issues."""
        most = self._params["max_removals"]
        if self._state != "absent" and 0 <= most < len(self.plan.remove):
            would = listed(repr(link.sentence) for link in self.plan.remove)
            self._mistakes.append(
                f"max_removals is {most}, and {len(self.plan.remove)} links would be removed: {would}."
            )
        pairs = Counter(frozenset(link.keys) for link in self.wanted)
        rivals = [sorted(pair) for pair, count in pairs.items() if count > 1 and self._params["exclusive"]]
        self._mistakes += [f"exclusive: several links are listed between {listed(pair)}." for pair in rivals]

    def _check_cycles(self) -> None:
        kinds = self._types(self._params["acyclic"], "acyclic") - {t.id for t in self._jira.link_types if t.symmetric}
        wanted = [link for link in self.wanted if link.type.id in kinds]
        if self._state == "absent" or not wanted:
            return
        there = self.survey.follow((key for link in wanted for key in link.keys), kinds)
        gone = {link.id for link in self.plan.remove}
        cycle = find_cycle([*(link for link in there if link.id not in gone), *wanted])
        if cycle:
            chain = " ".join([cycle[0].inward.key, *(f"{link.type.outward} {link.outward.key}" for link in cycle)])
            self._mistakes.append(f"acyclic: the links would form a cycle: {chain}.")

    def _check_limit(self) -> None:
        self._mistakes += [
            f"{key} has {there} issue links and would get {more} more. Jira Cloud allows {MOST_LINKS:,} on one issue."
            for key, there, more in self.survey.overfull(self.plan.add)
        ]

    def _check_permissions(self) -> None:
        """Asked once a project: Jira grants Link Issues by project."""
        may: dict[str, bool] = {}

        def allowed(end: Issue) -> bool:
            if end.project not in may:
                may[end.project] = self._jira.may_link(end.key)
            return may[end.project]

        denied = {link.inward.key: None for link in self.plan.add if not allowed(link.inward)}
        for link in self.plan.remove:
            if not (allowed(link.inward) or allowed(link.outward)):
                denied[f"{link.inward.key} or {link.outward.key}"] = None
        self._mistakes += map(not_permitted, denied)


def _check_form(element: Mapping[str, Any]) -> None:
    refuse_empty(element, *LINK_FORMS[0], *LINK_FORMS[1])
    given = {name for form in LINK_FORMS for name in form if element[name] is not None}
    if given not in map(set, LINK_FORMS):
        forms = " or with ".join(map(listed, LINK_FORMS))
        raise InputError(f"A link is said with {forms}. This one has {listed(sorted(given))}.")


def _not_shown(keys: Sequence[str]) -> str:
    return f"Jira does not show {listed(keys)}. Check the spelling, and that this account may see it."
