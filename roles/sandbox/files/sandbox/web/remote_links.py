# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The remote links of an issue."""

from __future__ import annotations

from ..rules import remote_links as rules
from ..rules.model import Issue, Refusal
from .answers import NO_CONTENT, Answer, json_answer
from .calls import Call


def list_remote_links(call: Call) -> Answer:
    """An array; with `globalId` one object."""
    issue, found = rules.list_remote_links(call.store, call.account, call.args[0])
    global_id = call.query.get("globalId")
    if global_id is not None:
        return json_answer(call.render.remote_link(issue, rules.by_global_id(issue, global_id)))
    return json_answer([call.render.remote_link(issue, each) for each in found])


def get_remote_link(call: Call) -> Answer:
    issue, _all = rules.list_remote_links(call.store, call.account, call.args[0])
    return json_answer(call.render.remote_link(issue, rules.by_id(issue, call.args[1])))


def post_remote_link(call: Call) -> Answer:
    """201 if it was made, 200 if the globalId was there already."""
    issue = _issue_to_write(call)
    made, new = rules.put_global(call.store, call.account, issue, call.payload())
    url = f"{call.render.base}/issue/{issue.key}/remotelink/{made.id}"
    return json_answer({"id": made.id, "self": url}, 201 if new else 200)


def put_remote_link(call: Call) -> Answer:
    rules.update(call.store, call.account, _issue_to_write(call), call.args[1], call.payload())
    return NO_CONTENT


def delete_remote_link(call: Call) -> Answer:
    issue = _issue_to_write(call)
    rules.require_write(call.store, call.account, issue)
    del issue.remote_links[rules.by_id(issue, call.args[1]).id]
    return NO_CONTENT


def delete_by_global_id(call: Call) -> Answer:
    issue = _issue_to_write(call)
    rules.require_write(call.store, call.account, issue)
    global_id = call.query.get("globalId")
    if not global_id:
        raise Refusal(400, errors={"globalId": "'globalId' is required."})
    del issue.remote_links[rules.by_global_id(issue, global_id).id]
    return NO_CONTENT


def _issue_to_write(call: Call) -> Issue:
    issue = call.issue()
    call.count_write(issue.key)
    return issue
