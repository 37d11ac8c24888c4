# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which handler answers which path. A `*` stands for one variable part."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from . import about, comments, issues, links, remote_links, search
from .answers import Answer
from .calls import Call

Handler = Callable[[Call], Answer]


class Route(NamedTuple):
    """`open`: anonymous callers get an answer too; `on`: the only deployment that has it.

    `typed`: Cloud wants the media type JSON, although there is no body.
    """

    method: str
    pattern: str
    handler: Handler
    open: bool = True
    on: str | None = None
    typed: bool = False


ROUTES = (
    Route("GET", "serverInfo", about.server_info),
    Route("GET", "myself", about.myself, open=False),
    Route("GET", "field", about.fields),
    Route("GET", "mypermissions", about.my_permissions),
    Route("GET", "issue/*", issues.get_issue),
    Route("POST", "issue/bulkfetch", issues.bulk_fetch, on="cloud"),
    Route("GET", "issue/limit/report", issues.limit_report, open=False, on="cloud"),
    Route("GET", "search/jql", search.enhanced, on="cloud"),
    Route("POST", "search/jql", search.enhanced, on="cloud"),
    Route("GET", "search", search.classic),
    Route("POST", "search", search.classic),
    Route("POST", "issueLink", links.create_link),
    Route("GET", "issueLink/*", links.get_link),
    Route("DELETE", "issueLink/*", links.delete_link),
    Route("GET", "issueLinkType", links.list_types),
    Route("POST", "issueLinkType", links.create_type),
    Route("GET", "issueLinkType/*", links.get_type),
    Route("PUT", "issueLinkType/*", links.update_type),
    Route("DELETE", "issueLinkType/*", links.delete_type),
    Route("GET", "issue/*/comment", comments.list_comments),
    Route("POST", "issue/*/comment", comments.create_comment),
    Route("GET", "issue/*/comment/*", comments.get_comment),
    Route("DELETE", "issue/*/comment/*", comments.delete_comment),
    Route("GET", "issue/*/remotelink", remote_links.list_remote_links),
    Route("POST", "issue/*/remotelink", remote_links.post_remote_link),
    Route("DELETE", "issue/*/remotelink", remote_links.delete_by_global_id, typed=True),
    Route("GET", "issue/*/remotelink/*", remote_links.get_remote_link),
    Route("PUT", "issue/*/remotelink/*", remote_links.put_remote_link),
    Route("DELETE", "issue/*/remotelink/*", remote_links.delete_remote_link, typed=True),
)


class Router:
    """Finds routes by the shape of a path; fixed parts win over variable ones."""

    def __init__(self, deployment: str) -> None:
        self._by_size: dict[int, list[tuple[tuple[str, ...], dict[str, Route]]]] = {}
        known: dict[str, dict[str, Route]] = {}
        for route in ROUTES:
            if route.on in (None, deployment):
                known.setdefault(route.pattern, {})[route.method] = route
        for pattern in sorted(known, key=lambda pattern: pattern.count("*")):
            parts = tuple(pattern.split("/"))
            self._by_size.setdefault(len(parts), []).append((parts, known[pattern]))

    def find(self, parts: list[str]) -> tuple[dict[str, Route], list[str]] | None:
        """The routes of this path by method, and its variable parts."""
        for pattern, routes in self._by_size.get(len(parts), ()):
            pairs = list(zip(pattern, parts, strict=True))
            if all(fixed in ("*", part) for fixed, part in pairs):
                return routes, [part for fixed, part in pairs if fixed == "*"]
        return None
