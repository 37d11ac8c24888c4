# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody at the browser does to issues: control calls, and what a fault lets happen meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..rules.model import PRIORITIES, STATUSES, Issue, Project
from ..rules.seed import add_issue
from ..rules.store import Store


def create(store: Store, given: Any) -> Any:
    """{project, summary, status, type, priority}: the next issue of the project."""
    issue = add_issue(store, _project(store, object_of(given).get("project")), given)
    return {"key": issue.key, **issue_state(issue)}


def delete(store: Store, given: Any) -> Any:
    """{key}: the issue goes, and all that hangs on it."""
    issue = _issue(store, object_of(given).get("key"))
    store.remove_issue(issue)
    return {"key": issue.key, **issue_state(issue)}


def move(store: Store, given: Any) -> Any:
    """{from: KEY, to_project: KEY}: a new key, and the old one leads to it."""
    issue = _issue(store, object_of(given).get("from"))
    project = _project(store, given.get("to_project"))
    old_key = issue.key
    store.move(issue, project)
    return {"from": old_key, "key": issue.key}


def edit(store: Store, given: Any) -> Any:
    """{key, summary, status, priority}: other values for an issue."""
    issue = _issue(store, object_of(given).get("key"))
    for name, known in (("status", STATUSES), ("priority", PRIORITIES)):
        if given.get(name, next(iter(known))) not in known:
            raise ValueError(f"{name} is one of {', '.join(known)}")
    for name in ("summary", "status", "priority"):
        setattr(issue, name, given.get(name, getattr(issue, name)))
    return issue_state(issue)


CHANGES: dict[str, Callable[[Store, Any], Any]] = {"create": create, "delete": delete, "edit": edit, "move": move}


def issue_state(issue: Issue) -> dict[str, Any]:
    return {
        "id": str(issue.id),
        "summary": issue.summary,
        "status": issue.status,
        "issue_type": issue.issue_type,
        "priority": issue.priority,
    }


def object_of(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ValueError("the body must be a JSON object")
    return given


def _issue(store: Store, key: Any) -> Issue:
    issue = store.find(str(key))
    if issue is None:
        raise ValueError(f"there is no issue {key}")
    return issue


def _project(store: Store, key: Any) -> Project:
    project = store.projects.get(str(key))
    if project is None:
        raise ValueError(f"there is no project {key}")
    return project
