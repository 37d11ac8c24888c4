# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Current and desired remote links compared: what to add, to change and to remove. No input or output."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

from .._model.options import InputError, Mistakes
from .._model.remote_link import RemoteLink, Values, asked_remote_link
from .._text import listed, printable

_ADDRESS = re.compile(r"(?!javascript:|vbscript:|data:)[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


class Change(NamedTuple):
    """One remote link before and after: None where there is none. If both are equal, there is nothing to do."""

    before: RemoteLink | None
    after: RemoteLink | None

    @property
    def status(self) -> str:
        if self.before == self.after:
            return "present"
        return "created" if not self.before else "updated" if self.after else "removed"

    @property
    def link(self) -> RemoteLink:
        """The remote link as it is to be, or was."""
        return self.after or self.before or RemoteLink({})


def plan_present(current: Iterable[RemoteLink], given: Values) -> Change:
    """The change after which the issue has a remote link.

    The one that has its global id; else one with its URL and without any global id, which is adopted.

    :raises InputError: it is missing and not enough is known to make it, or its URL is none.
    """
    if "remote_url" in given and not _ADDRESS.fullmatch(given["remote_url"]):
        raise InputError(
            f"{printable(given['remote_url'])!r} is no address to link to. One looks like https://ci.example.com/builds/512."
        )
    same = [link for link in current if _same(link, given)]
    before = min(same, key=lambda link: link.get("global_id") is None, default=None)
    after = (before or RemoteLink({})).merged(given)
    missing = [name for name in ("remote_url", "title") if not after.get(name)]
    if missing:
        raise InputError(f"There is no such remote link yet. To make it, {listed(missing)} is needed as well.")
    return Change(before, after)


def _same(link: RemoteLink, given: Values) -> bool:
    name = "global_id" if link.get("global_id") else "remote_url"
    return bool(link.get(name) == given.get(name))


def plan_absent(current: Iterable[RemoteLink], params: Mapping[str, Any]) -> list[Change]:
    """The removals after which the issue has no such remote link: by its id, else its global id, else its URL."""
    given_id, global_id, url = (params[name] and params[name].strip() for name in ("id", "global_id", "remote_url"))

    def meant(link: RemoteLink) -> bool:
        if given_id:
            return bool(link.id == given_id)
        if global_id:
            return _same(link, {"global_id": global_id, "remote_url": url})
        return bool(link.get("remote_url") == url)

    return [Change(link, None) for link in current if meant(link)]


def remote_diff(changes: Iterable[Change], key: str) -> dict[str, str]:
    """Ansible's diff: the remote links before and after, a sentence a line."""
    changes = list(changes)

    def text(links: Iterable[RemoteLink | None]) -> str:
        return "".join(f"{line}\n" for link in links if link for line in link.lines(key))

    return {"before": text(each.before for each in changes), "after": text(each.after for each in changes)}


def plan_remote_links(
    params: Mapping[str, Any], current: Sequence[RemoteLink], key: str, mistakes: Mistakes
) -> list[Change]:
    """The changes after which the issue has the declared set of remote links, removals last.

    :param mistakes: takes in what is wrong with the set.
    :raises InputError: the options make no sense together.
    """
    _check_options(params)
    asked = _parse(params["links"], mistakes)
    changes = _present(asked, current, mistakes)
    if params["state"] == "exact":
        applications = _applications(asked.values(), params["scope"] or {})
        if not (applications or mistakes.found):
            raise InputError(
                "state: exact removes what is not listed, so it has to know of which application: give "
                "scope.application, or an application with a name to the links."
            )
        gone = _not_listed(changes, current, applications)
        most = params["max_removals"]
        if 0 <= most < len(gone):
            would = listed(repr(change.link.sentence(key)) for change in gone)
            mistakes.add(f"max_removals is {most}, and {len(gone)} remote links would be removed: {would}.")
        changes += gone
    return changes


def _check_options(params: Mapping[str, Any]) -> None:
    if params["scope"] and params["state"] != "exact":
        raise InputError("scope is for state: exact. With present nothing is removed.")
    if params["max_removals"] < -1:
        raise InputError("max_removals has to be -1 (no cap) or more.")


def _parse(elements: Sequence[Mapping[str, Any]], mistakes: Mistakes) -> dict[int, Values]:
    """What the elements say, by their positions; the same thing said twice counts once."""
    asked: dict[int, Values] = {}
    first: dict[str, int] = {}
    for position, element in enumerate(elements):
        try:
            given = asked_remote_link(element)
        except InputError as mistake:
            mistakes.add(str(mistake), f"links[{position}]", position=position)
            continue
        same = first.setdefault(given["global_id"], position)
        if same == position:
            asked[position] = given
        elif asked[same] != given:
            known = printable(repr(given["global_id"]))
            otherwise = f"links[{same}] says otherwise of the remote link with the global id {known}."
            mistakes.add(otherwise, f"links[{position}]", position=position)
    return asked


def _present(asked: Mapping[int, Values], current: Sequence[RemoteLink], mistakes: Mistakes) -> list[Change]:
    """The changes, no two of them to the same remote link."""
    free = list(current)
    changes = []
    for position, given in asked.items():
        try:
            change = plan_present(free, given)
        except InputError as mistake:
            mistakes.add(str(mistake), f"links[{position}]", position=position)
            continue
        free = [link for link in free if link != change.before]
        changes.append(change)
    return changes


def _applications(asked: Iterable[Values], scope: Mapping[str, Any]) -> set[str]:
    """The names of the applications whose remote links may be removed: those that the task says, not those in Jira."""
    if scope.get("application"):
        return {scope["application"].strip()}
    return {name for given in asked if (name := given.get("application.name"))}


def _not_listed(changes: Sequence[Change], current: Sequence[RemoteLink], applications: Set[str]) -> list[Change]:
    """The removal of remote links of these applications that are not listed."""
    kept = {change.before.id for change in changes if change.before}
    return [
        Change(link, None) for link in current if link.id not in kept and link.get("application.name") in applications
    ]
