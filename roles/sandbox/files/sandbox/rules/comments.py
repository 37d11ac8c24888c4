# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of comments, and the plain conversion between text (v2) and ADF documents (v3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .model import Account, Comment, Issue, Refusal, digits
from .store import Store, now

NOT_A_DOCUMENT = "Comment body is not valid! It must be an Atlassian Document (ADF)."
NOT_TEXT = "Comment body is not valid! It must be a string."
EMPTY = "Comment body can not be empty!"
BLOCKS = {"paragraph", "heading", "codeBlock", "listItem", "blockquote", "rule", "panel", "tableRow"}


def checked_comment(
    store: Store, account: Account | None, issue: Issue, given: Any, version: int
) -> Callable[[], Comment]:
    """Check a comment as it was sent and return what adds it. Raises Refusal 400 in Jira's words."""
    if not isinstance(given, dict):
        raise Refusal(400, errors={"comment": NOT_A_DOCUMENT if version == 3 else NOT_TEXT})
    if not store.may(account, "ADD_COMMENTS", issue.project):
        raise Refusal(400, f"You do not have the permission to comment on the issue {issue.key}.")
    text, adf = _checked_body(given.get("body"), version)
    visibility = checked_visibility(store, account, issue, given.get("visibility"))
    properties = _checked_properties(given.get("properties"))

    def add() -> Comment:
        return _add(store, issue, Comment(next(store.ids), account, text, adf, visibility, properties, now()))

    return add


def _add(store: Store, issue: Issue, comment: Comment) -> Comment:
    issue.comments[comment.id] = comment
    return comment


def _checked_body(body: Any, version: int) -> tuple[str, dict[str, Any] | None]:
    if version == 3:
        if not is_document(body):
            raise Refusal(400, errors={"comment": NOT_A_DOCUMENT})
        text, adf = to_text(body), body
    elif body is None or isinstance(body, str):
        text, adf = body or "", None
    else:
        raise Refusal(400, errors={"comment": NOT_TEXT})
    if not text.strip():
        raise Refusal(400, errors={"comment": EMPTY})
    return text, adf


def checked_visibility(store: Store, account: Account | None, issue: Issue, given: Any) -> dict[str, str] | None:
    """{type, value} of an existing group or role that the account is in; `identifier` may stand for the value."""
    if given is None:
        return None
    kind = given.get("type") if isinstance(given, dict) else None
    if kind == "group":
        return _group_visibility(store, account, given)
    if kind == "role":
        return _role_visibility(store, account, issue, given)
    raise Refusal(400, errors={"commentLevel": "Visibility must have a type of group or role."})


def _group_visibility(store: Store, account: Account | None, given: dict[str, Any]) -> dict[str, str]:
    wanted = given.get("identifier") or given.get("value")
    name = next((name for name, group_id in store.groups.items() if wanted in (name, group_id)), None)
    if name is None:
        raise Refusal(400, errors={"commentLevel": f"Group: {wanted} does not exist."})
    if account is None or name not in account.groups:
        raise Refusal(400, errors={"commentLevel": f"You are currently not a member of the group: {name}."})
    return {"type": "group", "value": name, "identifier": store.groups[name]}


def _role_visibility(store: Store, account: Account | None, issue: Issue, given: dict[str, Any]) -> dict[str, str]:
    wanted = str(given.get("identifier") or given.get("value"))
    name = next((name for name, role_id in store.roles.items() if wanted in (name, str(role_id))), None)
    if name is None:
        raise Refusal(400, errors={"commentLevel": f"Role: {wanted} does not exist."})
    if account is None or not account.in_role(name, issue.project.key):
        raise Refusal(400, errors={"commentLevel": f"You are currently not a member of the project role: {name}."})
    return {"type": "role", "value": name, "identifier": name}


def _checked_properties(given: Any) -> list[dict[str, Any]]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(p, dict) and isinstance(p.get("key"), str) for p in given):
        raise Refusal(400, errors={"properties": "Each comment property needs a key and a value."})
    return [{"key": p["key"], "value": p.get("value")} for p in given]


def sees_comment(account: Account | None, issue: Issue, comment: Comment) -> bool:
    restriction = comment.visibility
    if restriction is None:
        return True
    if account is None:
        return False
    if restriction["type"] == "group":
        return restriction["value"] in account.groups
    return account.in_role(restriction["value"], issue.project.key)


def visible_comments(account: Account | None, issue: Issue) -> list[Comment]:
    return [comment for comment in issue.comments.values() if sees_comment(account, issue, comment)]


def read_comment(account: Account | None, issue: Issue, comment_id: str) -> Comment:
    number = digits(comment_id)
    comment = None if number is None else issue.comments.get(number)
    if comment is None or not sees_comment(account, issue, comment):
        raise Refusal(404, f"Can not find a comment for the id: {comment_id}.")
    return comment


def delete_comment(account: Account | None, issue: Issue, comment_id: str) -> None:
    comment = read_comment(account, issue, comment_id)
    if account is None or not (account.admin or comment.author is account):
        raise Refusal(400, f"You do not have the permission to delete the comment with id: {comment_id}.")
    del issue.comments[comment.id]


def seed_comment(store: Store, issue: Issue, author: Account | None, entry: dict[str, Any]) -> None:
    """A comment of the seed: issue, body (text), and perhaps author, visibility and internal."""
    visibility = dict(entry["visibility"]) if entry.get("visibility") else None
    if visibility:
        visibility.setdefault("identifier", store.groups.get(visibility["value"], visibility["value"]))
    internal = [{"key": "sd.public.comment", "value": {"internal": True}}] if entry.get("internal") else []
    _add(store, issue, Comment(next(store.ids), author, entry["body"], None, visibility, internal, now()))


# --- ADF


def is_document(body: Any) -> bool:
    return (
        isinstance(body, dict)
        and body.get("type") == "doc"
        and body.get("version") == 1
        and isinstance(body.get("content"), list)
        and all(_is_node(node) for node in body["content"])
    )


def _is_node(node: Any) -> bool:
    if not isinstance(node, dict) or not isinstance(node.get("type"), str):
        return False
    if node["type"] == "text":
        return isinstance(node.get("text"), str)
    content = node.get("content", [])
    return (
        isinstance(node.get("attrs") or {}, dict)
        and isinstance(content, list)
        and all(_is_node(child) for child in content)
    )


def to_text(node: dict[str, Any]) -> str:
    """The words of a document; blocks end with a line break, marks are dropped."""
    return _words(node).rstrip("\n")


def _words(node: dict[str, Any]) -> str:
    kind = node["type"]
    if kind == "text":
        return str(node["text"])
    if kind == "hardBreak":
        return "\n"
    attributes = node.get("attrs") or {}
    inside = "".join(_words(child) for child in node.get("content", ()))
    inside = inside or str(attributes.get("text") or attributes.get("url") or "")
    return inside.rstrip("\n") + "\n" if kind in BLOCKS else inside


def to_document(text: str) -> dict[str, Any]:
    """Each line becomes a paragraph."""
    lines = ([{"type": "text", "text": line}] if line else [] for line in text.splitlines())
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": line} for line in lines]}
