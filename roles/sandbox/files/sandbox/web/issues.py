# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading issues: one, many, and the report of limits."""

from __future__ import annotations

from typing import Any

from ..rules.model import BAD_PAYLOAD, Issue, Refusal
from .answers import Answer, json_answer, text_answer
from .calls import Call
from .render import ALL, NAVIGABLE, wanted_fields

BULK_LIMIT = 100
APPROACHING = 0.9


def strings(value: Any) -> tuple[str, ...]:
    """A list of strings out of a body; one string will do too."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise Refusal(400, BAD_PAYLOAD)


def get_issue(call: Call) -> Answer:
    fields = wanted_fields(tuple(call.query.getall("fields", ())), ALL)
    return text_answer(call.render.issue(call.account, call.issue(), fields))


def bulk_fetch(call: Call) -> Answer:
    """At most 100; by id unless the setting says otherwise; what is missing or invisible is left out without a word."""
    payload = call.payload("issueIdsOrKeys", "fields", "expand", "fieldsByKeys", "properties")
    asked = strings(payload.get("issueIdsOrKeys"))
    if not asked:
        raise Refusal(400, "issueIdsOrKeys must not be empty.")
    if len(asked) > BULK_LIMIT:
        raise Refusal(400, f"The number of issues requested must not exceed {BULK_LIMIT}.")
    fields = wanted_fields(strings(payload.get("fields")), NAVIGABLE)
    seen = {issue.id: issue for name in asked if (issue := call.store.find_visible(call.account, name))}
    ids = list(seen) if call.site.settings["bulkfetch_order"] == "asked" else sorted(seen)
    issues = call.render.issues(call.account, [seen[issue_id] for issue_id in ids], fields)
    return text_answer(f'{{"issues":{issues},"issueErrors":[]}}')


def limit_report(call: Call) -> Answer:
    """Issues near their limits, by id (or key, with isReturningKeys); for administrators."""
    if call.account is None or not call.account.admin:
        raise Refusal(403, "You must be an administrator to read this report.")
    limits = {"issuelinks": call.store.max_links, "remoteIssueLinks": call.store.max_remote_links}
    near: dict[str, dict[str, int]] = {name: {} for name in limits}
    over: dict[str, dict[str, int]] = {name: {} for name in limits}
    by_key = call.query.get("isReturningKeys") == "true"
    for issue in call.store.issues.values():
        for name, number in _counts(issue):
            where = over if number >= limits[name] else near if number >= limits[name] * APPROACHING else None
            if where is not None:
                where[name][issue.key if by_key else str(issue.id)] = number
    return json_answer({"issuesApproachingLimit": near, "issuesBreachingLimit": over, "limits": limits})


def _counts(issue: Issue) -> tuple[tuple[str, int], ...]:
    return ("issuelinks", len(issue.links)), ("remoteIssueLinks", len(issue.remote_links))
