# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A declared set of remote links, from module options to changes, and every mistake in it. No input or output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from ._model import InputError
from ._remote import Change, RemoteLink, Values, asked_remote_link, plan_present
from ._text import listed, printable


def plan_remote_set(
    params: Mapping[str, Any], current: Sequence[RemoteLink], key: str
) -> tuple[list[Change], list[str]]:
    """What makes the issue have the set, removals last; and the mistakes.

    :raises InputError: the options make no sense together.
    """
    _check_options(params)
    mistakes: list[str] = []
    asked = _asked(params["links"], mistakes)
    changes = _present(asked, current, mistakes)
    if params["state"] == "exact":
        applications = _applications(changes, params["scope"] or {})
        if not (applications or mistakes):
            raise InputError(
                "state: exact removes what is not listed, so it has to know of which application: give "
                "scope.application, or an application with a name to the links."
            )
        gone = _too_much(changes, current, applications)
        most = params["max_removals"]
        if 0 <= most < len(gone):
            would = listed(repr(change.link.sentence(key)) for change in gone)
            mistakes.append(f"max_removals is {most}, and {len(gone)} remote links would be removed: {would}.")
        changes += gone
    return changes, mistakes


def _check_options(params: Mapping[str, Any]) -> None:
    if params["scope"] and params["state"] != "exact":
        raise InputError("scope is for state: exact. With present nothing is removed.")
    if params["max_removals"] < -1:
        raise InputError("max_removals has to be -1 (no cap) or more.")


def _asked(elements: Sequence[Mapping[str, Any]], mistakes: list[str]) -> dict[str, Values]:
    """What the elements say, by their places; the same thing said twice counts once."""
    asked: dict[str, Values] = {}
    first: dict[str, str] = {}
    for index, element in enumerate(elements):
        place = f"links[{index}]"
        try:
            given = asked_remote_link(element)
        except InputError as mistake:
            mistakes.append(f"{place}: {mistake}")
            continue
        same = first.setdefault(given["global_id"], place)
        if same == place:
            asked[place] = given
        elif asked[same] != given:
            known = printable(repr(given["global_id"]))
            mistakes.append(f"{place}: {same} says otherwise of the remote link with the global id {known}.")
    return asked


def _present(asked: Mapping[str, Values], current: Sequence[RemoteLink], mistakes: list[str]) -> list[Change]:
    """The changes, no two of them to the same remote link."""
    free = list(current)
    changes = []
    for place, given in asked.items():
        try:
            change = plan_present(free, given)
        except InputError as mistake:
            mistakes.append(f"{place}: {mistake}")
            continue
        free = [link for link in free if link != change.before]
        changes.append(change)
    return changes


def _applications(changes: Sequence[Change], scope: Mapping[str, Any]) -> set[str]:
    """The names of the applications whose remote links may be removed."""
    if scope.get("application"):
        return {scope["application"].strip()}
    return {name for change in changes if (name := change.link.get("application.name"))}


def _too_much(changes: Sequence[Change], current: Sequence[RemoteLink], applications: Set[str]) -> list[Change]:
    """The removal of what is within the scope and nobody listed."""
    kept = {change.before.id for change in changes if change.before}
    return [
        Change(link, None) for link in current if link.id not in kept and link.get("application.name") in applications
    ]
