# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The comments of an issue."""

from __future__ import annotations

from ..rules import comments
from .answers import NO_CONTENT, Answer, json_answer
from .calls import Call

PAGE = 100
KNOWN = ("body", "visibility", "properties", "author", "id", "self", "updateAuthor", "created", "updated")


def list_comments(call: Call) -> Answer:
    """A page of the comments that the account may see, oldest first unless `orderBy=-created`."""
    issue = call.issue()
    visible = comments.visible_comments(call.account, issue)
    if call.query.get("orderBy", "").startswith("-"):
        visible.reverse()
    start, size = max(call.whole_number("startAt", 0), 0), call.whole_number("maxResults", PAGE)
    size = size if size >= 0 else PAGE
    page = [call.render.comment(issue, comment) for comment in visible[start : start + size]]
    return json_answer({"startAt": start, "maxResults": size, "total": len(visible), "comments": page})


def get_comment(call: Call) -> Answer:
    issue = call.issue()
    return json_answer(call.render.comment(issue, comments.read_comment(call.account, issue, call.args[1])))


def create_comment(call: Call) -> Answer:
    issue = call.issue()
    call.count_write(issue.key)
    comment = comments.checked_comment(call.store, call.account, issue, call.payload(*KNOWN), call.version)()
    return json_answer(call.render.comment(issue, comment), 201)


def delete_comment(call: Call) -> Answer:
    issue = call.issue()
    call.count_write(issue.key)
    comments.delete_comment(call.account, issue, call.args[1])
    return NO_CONTENT
