# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Jira's JSON answers hold. What an answer leaves out is an error, and never means that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .._model.link import Json, LinkedIssue, LinkType
from .._model.remote_link import RemoteLink
from .errors import Incomplete


def _list(data: Json) -> list[Json]:
    if not isinstance(data, list):
        raise TypeError("a list is missing, which is not the same as an empty one")
    return data


class Server(NamedTuple):
    """What a site says of itself."""

    base_url: str
    version: str


def parse_server(answer: Json) -> Server:
    return Server(str(answer["baseUrl"]), str(answer["version"]))


def parse_link_types(answer: Json) -> list[LinkType]:
    return [LinkType.from_json(entry) for entry in _list(answer["issueLinkTypes"])]


def parse_issue(entry: Json, fields: Sequence[str]) -> LinkedIssue:
    """An issue with its links.

    :raises Incomplete: its links were asked for and are not in the answer, which does not say that there are none.
    """
    if "issuelinks" in fields and not isinstance(entry["fields"].get("issuelinks"), list):
        raise Incomplete(
            f"Jira does not show the issue links of {entry['key']}, although it was asked for them. "
            "Perhaps issue linking is switched off, or its project hides the field Linked Issues."
        )
    return LinkedIssue.from_json(entry)


def parse_issues(answer: Json, fields: Sequence[str]) -> list[LinkedIssue]:
    return [parse_issue(entry, fields) for entry in _list(answer["issues"])]


def parse_total(answer: Json) -> int:
    return int(answer["total"])


def parse_warnings(answer: Json) -> list[str]:
    """Warnings about a query that Jira answered all the same: a field value that does not exist, for example."""
    words = answer.get("warningMessages") or []
    return list(map(str, words if isinstance(words, list) else [words]))


def parse_next_page(answer: Json) -> str | None:
    """The token that asks for the next page; None if this is the last one."""
    token = answer.get("nextPageToken")
    if answer.get("isLast", token is None):
        return None
    if not token:
        raise KeyError("nextPageToken")
    return str(token)


def parse_remote_links(answer: Json) -> list[RemoteLink]:
    return [RemoteLink.from_json(entry) for entry in _list(answer)]


def parse_remote_link_id(answer: Json) -> str:
    return str(answer["id"])
