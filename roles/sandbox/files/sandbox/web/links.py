# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Issue links and link types."""

from __future__ import annotations

from typing import Any

from ..rules import links
from ..rules.comments import checked_comment
from ..rules.model import BAD_PAYLOAD, Refusal
from .answers import NO_CONTENT, Answer, json_answer
from .calls import Call, refuse_unknown


def create_link(call: Call) -> Answer:
    """201 with an empty body; Data Center says where the link is, Cloud does not."""
    payload = call.payload("type", "inwardIssue", "outwardIssue", "comment")
    request = _link_request(payload)
    call.count_write(request.inward_issue, request.outward_issue)
    given = payload.get("comment")
    comment = given and (lambda issue: checked_comment(call.store, call.account, issue, given, call.version))
    created = links.create_link(call.store, call.account, request, comment)
    if call.store.cloud:
        return Answer(201)
    return Answer(201, headers={"Location": f"{call.render.base}/issueLink/{created.link.id}"})


def _link_request(payload: dict[str, Any]) -> links.LinkRequest:
    kind = _part(payload, "type", "id", "name", "inward", "outward", "self")
    ends = [_part(payload, end, "id", "key", "self", "fields") for end in ("inwardIssue", "outwardIssue")]
    type_id, type_name = kind.get("id"), kind.get("name")
    if type_id is None and type_name is None:
        raise Refusal(400, BAD_PAYLOAD)
    inward, outward = (str(end.get("id") or end.get("key") or "") for end in ends)
    return links.LinkRequest(None if type_id is None else str(type_id), type_name, inward, outward)


def _part(payload: dict[str, Any], name: str, *known: str) -> dict[str, Any]:
    part = payload.get(name)
    if not isinstance(part, dict):
        raise Refusal(400, BAD_PAYLOAD)
    refuse_unknown(part, known)
    return part


def get_link(call: Call) -> Answer:
    return json_answer(call.render.link(links.read_link(call.store, call.account, call.args[0])))


def delete_link(call: Call) -> Answer:
    link = links.read_link(call.store, call.account, call.args[0])
    call.count_write(link.inward.key, link.outward.key)
    links.delete_link(call.store, call.account, call.args[0])
    return NO_CONTENT


def list_types(call: Call) -> Answer:
    links.require_linking(call.store)
    return json_answer({"issueLinkTypes": [call.render.link_type(each) for each in call.store.link_types.values()]})


def get_type(call: Call) -> Answer:
    return json_answer(call.render.link_type(links.read_type(call.store, call.args[0])))


def create_type(call: Call) -> Answer:
    created = links.create_type(call.store, call.account, _words(call))
    return json_answer(call.render.link_type(created), 201)


def update_type(call: Call) -> Answer:
    updated = links.update_type(call.store, call.account, call.args[0], _words(call))
    call.site.forget_rendered()
    return json_answer(call.render.link_type(updated))


def delete_type(call: Call) -> Answer:
    links.delete_type(call.store, call.account, call.args[0])
    return NO_CONTENT


def _words(call: Call) -> dict[str, str]:
    payload = call.payload("id", "name", "inward", "outward", "self")
    words = {name: payload[name] for name in ("name", "inward", "outward") if payload.get(name) is not None}
    if not all(isinstance(value, str) for value in words.values()):
        raise Refusal(400, BAD_PAYLOAD)
    return words
