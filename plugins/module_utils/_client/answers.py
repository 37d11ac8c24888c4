# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Jira's JSON answers hold. What an answer leaves out is an error, and never means that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .._model.fields import Json, identifier, items, number, optional_text, part, some_text, text, truth
from .._model.link import IssueLink, LinkedIssue, LinkType
from .._model.remote_link import RemoteLink
from .errors import Incomplete, shortened


def parse_is_cloud(answer: Json) -> bool:
    """Whether it is Jira Cloud. Very old servers say their version, but not of which kind they are."""
    deployment = answer.get("deploymentType")
    if deployment is None:
        text(answer["version"])
        return False
    return text(deployment) == "Cloud"


def parse_account(answer: Json) -> str | None:
    """The name that people see of an account, which has an id on Cloud, and a name and a key on Data Center."""
    identifier(answer["accountId"] if "accountId" in answer else answer["name"])
    return optional_text(answer.get("displayName"))


def parse_permission(answer: Json, name: str) -> bool | None:
    """Whether the account has a permission; None if this Jira does not know it by this name."""
    permission = part(answer["permissions"], name)
    return truth(permission["havePermission"]) if permission else None


class Server(NamedTuple):
    """What a site says of itself."""

    base_url: str
    version: str
    cloud: bool


def parse_server(answer: Json) -> Server:
    return Server(some_text(answer["baseUrl"]), some_text(answer["version"]), parse_is_cloud(answer))


def parse_link_types(answer: Json) -> list[LinkType]:
    return [LinkType.from_json(entry) for entry in items(answer["issueLinkTypes"])]


def parse_link(answer: Json) -> IssueLink:
    """:raises Incomplete: one of its issues is missing."""
    link = IssueLink.from_json(answer)
    if not link:
        raise Incomplete(f"Jira shows the issue link {identifier(answer['id'])} without one of its issues.")
    return link


def parse_issue(entry: Json, fields: Sequence[str]) -> LinkedIssue:
    """An issue with its links.

    :raises Incomplete: its links were asked for and are not in the answer, which does not say that there are none.
    """
    read = LinkedIssue.from_json(entry)
    if "issuelinks" not in fields:
        return read
    shown = entry["fields"].get("issuelinks")
    if not isinstance(shown, list):
        raise Incomplete(
            f"Jira does not show the issue links of {read.issue.key}, although it was asked for them. "
            "Perhaps issue linking is switched off, or its project hides the field Linked Issues."
        )
    if len(read.links) < len(shown):
        raise Incomplete(
            f"Jira shows an issue link of {read.issue.key} without its other issue, so not all of its links are known."
        )
    return read


def parse_issues(answer: Json, fields: Sequence[str]) -> list[LinkedIssue]:
    return [parse_issue(entry, fields) for entry in items(answer["issues"])]


def parse_total(answer: Json) -> int:
    return number(answer["total"])


def parse_warnings(answer: Json) -> tuple[str, ...]:
    """Warnings about a query that Jira answered all the same: a field value that does not exist, for example."""
    words = answer.get("warningMessages") or []
    return shortened(words if isinstance(words, list) else [words])


def parse_next_page(answer: Json) -> str | None:
    """The token that asks for the next page; None if this is the last one."""
    token, last = optional_text(answer.get("nextPageToken")), answer.get("isLast")
    if token is None if last is None else truth(last):
        return None
    if not token:
        raise KeyError("nextPageToken")
    return token


def parse_remote_links(answer: Json) -> list[RemoteLink]:
    return [RemoteLink.from_json(entry) for entry in items(answer)]


def parse_remote_link_id(answer: Json) -> str:
    return identifier(answer["id"])
