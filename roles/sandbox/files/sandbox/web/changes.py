# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody at the browser does to issues: control calls, and what a fault lets happen meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..rules.model import Issue, Project
from ..rules.seed import ISSUE, add_issue
from ..rules.shapes import Check, list_of, record, text
from ..rules.store import Store

Body = dict[str, Any]


class Change(NamedTuple):
    """`shape` checks the body of the control call; `make` takes it."""

    shape: Check
    make: Callable[[Store, Body], Body]


def create(store: Store, given: Body) -> Body:
    """The next issue of the project."""
    issue = add_issue(store, _project(store, given["project"]), given)
    return {"key": issue.key, **issue_state(issue)}


def delete(store: Store, given: Body) -> Body:
    """The issue goes, and all that hangs on it."""
    issue = store.known(given["key"])
    store.remove_issue(issue)
    return {"key": issue.key, **issue_state(issue)}


def move(store: Store, given: Body) -> Body:
    """A new key, and the old one leads to it."""
    issue, project = store.known(given["from"]), _project(store, given["to_project"])
    old_key = issue.key
    store.move(issue, project)
    return {"from": old_key, "key": issue.key}


def edit(store: Store, given: Body) -> Body:
    """Other values for an issue."""
    issue = store.known(given["key"])
    for name in EDITABLE:
        setattr(issue, name, given.get(name, getattr(issue, name)))
    issue.fix_versions = tuple(given.get("fix_versions", issue.fix_versions))
    return issue_state(issue)


EDITABLE = ("summary", "status", "priority")
CHANGES = {
    "create": Change(record({"project": text}, ISSUE), create),
    "delete": Change(record({"key": text}), delete),
    "edit": Change(
        record({"key": text}, {"fix_versions": list_of(text), **{name: ISSUE[name] for name in EDITABLE}}), edit
    ),
    "move": Change(record({"from": text, "to_project": text}), move),
}


def issue_state(issue: Issue) -> dict[str, Any]:
    return {
        "id": str(issue.id),
        "summary": issue.summary,
        "status": issue.status,
        "issue_type": issue.issue_type,
        "priority": issue.priority,
        "fix_versions": list(issue.fix_versions),
    }


def _project(store: Store, key: str) -> Project:
    project = store.projects.get(key)
    if project is None:
        raise ValueError(f"there is no project {key}")
    return project
