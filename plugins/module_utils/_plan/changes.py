# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changes that a plan makes, as values that a person approves and a later run is held to. No input or output."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .._model.declared import Element, declared
from .._model.link import IssueLink, LinkType
from .links import Plan

Change = dict[str, Any]
"""One change as a module reports it, and as a task approves it: see RETURN of jira_issue_links."""
CREATE, REMOVE = "create", "remove"
MAYBE_ANOTHERS = "a link of unknown id, which may be another's"
MAYBE_REMOVED = "a link that may have been removed"
UNSURE = "Their ids are not known, so it names them by their sentences. Look at the issues before you apply it."
_ENDS = ("inward_issue_id", "outward_issue_id")
IDS = ("link_type_id", *_ENDS)
"""What every change names."""


def list_changes(plan: Plan) -> list[Change]:
    """The changes of a plan in a stable order: what is created, then what is removed, each by its sentence."""
    created = [_change(CREATE, link) for link in plan.add]
    removed = [_change(REMOVE, link) for link in plan.remove]
    return [*sorted(created, key=_in_order), *sorted(removed, key=_in_order)]


def _in_order(change: Change) -> tuple[str, ...]:
    return change["sentence"], change["link_type_id"], change["link_id"] or ""


def _change(action: str, link: IssueLink) -> Change:
    return {
        "action": action,
        "sentence": link.sentence,
        "link_type_id": link.type.id,
        "inward_issue": link.inward.key,
        "outward_issue": link.outward.key,
        "inward_issue_id": link.inward.id,
        "outward_issue_id": link.outward.id,
        "link_id": link.id if action == REMOVE else None,
        "comment": link.comment.to_change() if link.comment and action == CREATE else None,
    }


def undo(done: Plan, in_doubt: Plan, types: Sequence[LinkType]) -> list[Element]:
    """Elements that take back what was done: created links are absent by their ids, removed ones are present.

    :param in_doubt: what may have been done. Like a created link without an id, it can only be named by what it says.
    """
    by_id = [link for link in done.add if link.id]
    by_sentence = [*(link for link in done.add if not link.id), *in_doubt.add]
    return [
        *(declared(link, types) for link in done.remove),
        *({**declared(link, types), "origin": MAYBE_REMOVED} for link in in_doubt.remove),
        *({**declared(link, types), "state": "absent", "link_id": link.id} for link in by_id),
        *({**declared(link, types), "state": "absent", "origin": MAYBE_ANOTHERS} for link in by_sentence),
    ]


class Compared(NamedTuple):
    """Planned changes that nobody approved, and approved ones that are not planned."""

    unapproved: list[Change]
    not_planned: list[Change]


def compare(
    planned: Iterable[Change],
    approved: Iterable[Mapping[str, Any]],
    types: Iterable[LinkType],
    with_comments: bool = True,
) -> Compared:
    """Hold planned changes against approved ones, by issue ids, type id, link id and comment.

    Neither keys nor sentences count, for issues move and types are renamed.

    :param types: the site's link types: the two ends of a symmetric one may stand either way.
    :param with_comments: whether two changes with different comments are different ones.
    """
    symmetric = {link_type.id for link_type in types if link_type.symmetric}
    plans = {_identity(change, symmetric, with_comments): change for change in planned}
    approvals = {_identity(change, symmetric, with_comments): dict(change) for change in approved}
    return Compared(
        [change for identity, change in plans.items() if identity not in approvals],
        [change for identity, change in approvals.items() if identity not in plans],
    )


def _identity(change: Mapping[str, Any], symmetric: Iterable[str | None], with_comment: bool) -> str:
    ends = [change[end] for end in _ENDS]
    ordered = sorted(ends, key=str) if change["link_type_id"] in symmetric else ends
    comment = (change.get("comment") if with_comment else None) or {}
    comment = {name: value for name, value in comment.items() if value is not None}
    return json.dumps(
        [change["action"], change["link_type_id"], change.get("link_id") or None, *ordered, comment], sort_keys=True
    )
