# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Jira holds, read strictly: an answer that lacks something is an error, and never "there is none"."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.live.site import Answer, Site, SiteError

PAGE = 100  # comments
SERVICE_DESK = "service_desk"


class Issue(NamedTuple):
    """`project_type` is SERVICE_DESK where customers read along, and where that cannot be told."""

    id: str
    key: str
    project_type: str


class LinkType(NamedTuple):
    id: str
    name: str
    inward: str
    outward: str


class Link(NamedTuple):
    """`ends` are the ids of its two issues; which of them is inward is for the facts to ask."""

    id: str
    ends: frozenset[str]


class RemoteLink(NamedTuple):
    id: str
    issue: Issue
    global_id: str


class Comment(NamedTuple):
    id: str
    issue: Issue
    text: str


def read_issue(site: Site, name: str, missing: str = "") -> tuple[Issue, list[Link]]:
    """An issue by its key or id, and its links. Raises SiteError where it cannot be read in full.

    :param missing: what is said besides where Jira does not show the issue.
    """
    answer = site.ask("GET", "issue/*", name, params={"fields": "issuelinks,project"})
    if answer.status != 200:
        raise SiteError(f"{name} cannot be read: {answer.status}{missing if answer.status == 404 else ''}")
    project = _value(answer.data, "fields", "project")
    project_type = (project.get("projectTypeKey") if isinstance(project, dict) else None) or SERVICE_DESK
    issue = Issue(_text(answer.data, "id"), _text(answer.data, "key"), str(project_type))
    return issue, [_link(each, issue) for each in _list(answer.data, "fields", "issuelinks")]


def _link(data: Any, issue: Issue) -> Link:
    others = {
        _text(data, end, "id") for end in ("inwardIssue", "outwardIssue") if isinstance(data, dict) and end in data
    }
    if not others:
        raise SiteError("a link in the answer has no other end")
    return Link(_text(data, "id"), frozenset({issue.id, *others}))


def read_types(site: Site) -> list[LinkType]:
    answer = _complete(site.ask("GET", "issueLinkType"))
    return [
        LinkType(*(_text(each, name) for name in LinkType._fields)) for each in _list(answer.data, "issueLinkTypes")
    ]


def read_remote_links(site: Site, issue: Issue) -> list[RemoteLink]:
    answer = _complete(site.ask("GET", "issue/*/remotelink", issue.id))
    return [RemoteLink(str(_value(each, "id")), issue, str(each.get("globalId") or "")) for each in _list(answer.data)]


def read_comments(site: Site, issue: Issue) -> list[Comment]:
    """All of them, page after page."""
    found: list[Comment] = []
    while True:
        params = {"startAt": len(found), "maxResults": PAGE}
        answer = _complete(site.ask("GET", "issue/*/comment", issue.id, params=params))
        page = _list(answer.data, "comments")
        found += [Comment(_text(each, "id"), issue, _words(_value(each, "body"))) for each in page]
        total = _value(answer.data, "total")
        if not isinstance(total, int):
            raise SiteError("an answer does not say how many comments there are")
        if len(found) >= total:
            return found
        if not page:
            raise SiteError("some comments of an issue are not shown")


def _words(body: Any) -> str:
    """The text of a comment: a string, or a document of one plain text. Nothing else was written by a run."""
    if isinstance(body, str):
        return body
    try:
        (paragraph,) = body["content"]
        (text,) = paragraph["content"]
        plain = (paragraph["type"], text["type"]) == ("paragraph", "text")
        return str(text["text"]) if plain else ""
    except (KeyError, TypeError, ValueError):
        return ""


def read_permissions(site: Site, issue: Issue, *names: str) -> dict[str, bool]:
    """Those that the site knows; a very old one knows fewer."""
    params = {"issueKey": issue.key, "permissions": ",".join(names)}
    answer = _complete(site.ask("GET", "mypermissions", params=params))
    known = _value(answer.data, "permissions")
    if not isinstance(known, dict):
        raise SiteError("an answer has no permissions")
    return {name: _value(known, name, "havePermission") is True for name in names if name in known}


def _complete(answer: Answer) -> Answer:
    if answer.status != 200:
        raise SiteError(f"a read was answered with {answer.status}")
    return answer


def _value(data: Any, *path: str) -> Any:
    for name in path:
        if not isinstance(data, dict) or name not in data:
            raise SiteError(f"an answer lacks {'.'.join(path)}")
        data = data[name]
    return data


def _text(data: Any, *path: str) -> str:
    value = _value(data, *path)
    if not isinstance(value, str) or not value:
        raise SiteError(f"an answer has no text at {'.'.join(path)}")
    return value


def _list(data: Any, *path: str) -> list[Any]:
    value = _value(data, *path)
    if not isinstance(value, list):
        raise SiteError(f"an answer has no list at {'.'.join(path) or 'its top'}")
    return value
