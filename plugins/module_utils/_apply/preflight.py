# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds out why Jira would refuse to make or to remove links, as far as that can be known without writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from .._client.errors import Forbidden, JiraError, LimitReached, NotFound
from .._client.issues import read_each
from .._client.jira import Jira
from .._client.rate_limits import FULL
from .._model.link import Issue, IssueLink
from .._model.options import InputError, resolve_type
from .._plan.links import Plan
from .reader import Reader

LINK_ISSUES, ADD_COMMENTS = "Link Issues", "Add Comments"


def preflight(plan: Plan, jira: Jira, reader: Reader) -> dict[JiraError, list[IssueLink]]:
    """Why Jira would refuse parts of the plan.

    A permission is asked for once a project, for that is how Jira grants it.

    :param reader: what was read for the plan.
    :returns: each reason with the links of the plan that it is about; none if it is about an issue as a whole.
    :raises JiraError: Jira cannot be asked, or issue linking is switched off.
    """
    refused: dict[JiraError, list[IssueLink]] = {}
    link_types = jira.read_link_types()
    for link_type in {link.type for link in (*plan.add, *plan.remove)}:
        try:
            resolve_type(link_types, link_type)
        except InputError as error:
            refused[NotFound(str(error))] = []
    for load in reader.overfull(plan.add):
        refused[LimitReached(f"{load.key} has {load.links} issue links and would get {load.more} more. {FULL}")] = []
    denied = defaultdict[str, list[IssueLink]](list)
    may_link = _granted((link.inward for link in (*plan.add, *plan.remove)), jira, Jira.may_link)
    may_comment = _granted((link.inward for link in plan.add if link.comment), jira, Jira.may_comment)
    for link in plan.add:
        # Jira asks for the permissions at the inward issue only.
        if not may_link[link.inward.project]:
            denied[not_permitted(link.inward.key)].append(link)
        elif link.comment and not may_comment[link.inward.project]:
            denied[not_permitted(link.inward.key, ADD_COMMENTS)].append(link)
    # Permission for one of the two ends is enough to remove a link.
    others = [link for link in plan.remove if not may_link[link.inward.project]]
    may_link = _granted((link.outward for link in others), jira, Jira.may_link)
    for link in others:
        if not may_link[link.outward.project]:
            denied[not_permitted(" or ".join(link.keys))].append(link)
    refused.update((Forbidden(reason), links) for reason, links in denied.items())
    return refused


def not_permitted(key: str, permission: str = LINK_ISSUES) -> str:
    return (
        f"This account has no {permission} permission for {key}. "
        "Ask an administrator of the project for it, or use another account."
    )


def _granted(issues: Iterable[Issue], jira: Jira, ask: Callable[[Jira, str], bool]) -> dict[str, bool]:
    """What a permission is asked for, by the projects of the issues."""
    asked = {issue.project: issue.key for issue in reversed(list(issues))}
    answers = read_each(list(asked.values()), lambda key, own: ask(own, key), jira, "GET mypermissions")
    return dict(zip(asked, answers))
