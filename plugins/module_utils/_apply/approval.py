# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds a plan against the changes that somebody approved. Nothing else may be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._client.jira import Jira
from .._model.link import Issue, IssueLink, LinkType
from .._model.options import InputError
from .._plan.changes import CREATE, IDS, REMOVE, Change, compare, list_changes
from .._plan.links import Plan
from .._text import counted, listed, printable
from .queries import Query
from .reader import Reader


def check_approval(
    approved: Sequence[Mapping[str, Any]] | None, plan: Plan, queries: Iterable[Query], reader: Reader, jira: Jira
) -> None:
    """Make sure that the plan does what was approved and nothing else.

    An approved change that is not planned is fine where Jira is already so: somebody did it, or a run that ended early.

    :param approved: None if no approval is asked for.
    :param queries: those of the declaration, whose answers may be others than when the plan was made.
    :param reader: the issues that were read for the plan.
    :raises InputError: a change was not approved, or the declaration is another one than that of the approval.
    """
    if approved is None:
        return
    for index, change in enumerate(approved):
        blank = [name for name in IDS if not change[name].strip()]
        if blank:
            raise InputError(f"approved_changes[{index}].{blank[0]} is empty. Give it a value.")
    types = jira.read_link_types()
    compared = compare(list_changes(plan), approved, types)
    stale = [
        *_not_created([change for change in compared.not_planned if change["action"] == CREATE], plan, types),
        *_not_removed([change for change in compared.not_planned if change["action"] == REMOVE], reader),
    ]
    texts = []
    if compared.unapproved:
        number = counted(len(compared.unapproved), "change")
        texts.append(f"{number} not approved: {_sentences(compared.unapproved)}.")
    if stale:
        number = counted(len(stale), "approved change")
        texts.append(
            f"The declaration has changed since the plan, and no longer asks for {number}: {_sentences(stale)}."
        )
    others = _of_queries([*compared.unapproved, *stale], queries, reader)
    if others:
        texts.append(f"By now there are other issues that these queries find: {listed(others)}.")
    if texts:
        raise InputError(f"Nothing was written. {' '.join(texts)} Make a new plan and have it approved.")


def _not_created(changes: Iterable[Change], plan: Plan, types: Iterable[LinkType]) -> list[Change]:
    """Those of the approved creations after which Jira would not be as it is."""
    return compare(list_changes(Plan(add=plan.keep)), changes, types, with_comments=False).not_planned


def _not_removed(changes: Sequence[Change], reader: Reader) -> list[Change]:
    """Those of the approved removals of which the link is still there."""
    there = reader.find_links(change["link_id"] for change in changes)
    return [change for change in changes if change["link_id"] in there]


def _of_queries(changes: Iterable[Change], queries: Iterable[Query], reader: Reader) -> list[str]:
    """The queries that these changes may come from."""
    links = [
        IssueLink(LinkType(each["link_type_id"]), _end(each, "inward_issue"), _end(each, "outward_issue"))
        for each in changes
    ]
    return [query.where for query in queries if any(query.other_end(link, reader) for link in links)]


def _end(change: Change, name: str) -> Issue:
    return Issue(change.get(name) or "", change[f"{name}_id"])


def _sentences(changes: Iterable[Change]) -> str:
    """``create 'APP-7 blocks REL-1', remove 'APP-30 blocks REL-1'``; a change without a sentence as what it says."""
    told = ({name: value for name, value in change.items() if value is not None} for change in changes)
    return listed(printable(f"{change['action']} {str(change.get('sentence') or change)!r}") for change in told)
