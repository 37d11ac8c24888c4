# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page at `/`: what this Jira holds, for a person to look at while a playbook runs."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import islice
from string import Template
from typing import Any

from aiohttp import web

from .drawing import draw
from .site import Site

DRAWN_LINKS, SHOWN_LINKS, SHOWN_ISSUES, SHOWN_REQUESTS = 200, 500, 500, 50
# nothing is loaded from elsewhere, and nothing may be
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>$title</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#d8dce2, #3a4048); --soft: light-dark(#5a6472, #a3acb8); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2rem; }
p { color: var(--soft); margin-top: .2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
td, th { vertical-align: top; overflow-wrap: anywhere; } th { color: var(--soft); font-weight: 500; }
svg { display: block; } .drawing { overflow: auto; max-height: 80vh; }
.link { fill: none; stroke: var(--soft); stroke-width: 1.5; } marker path { fill: var(--soft); }
.issue rect { fill: light-dark(#eef2f8, #222a35); stroke: light-dark(#7c94b8, #5c7396); }
.issue text { font: 13px ui-monospace, monospace; fill: light-dark(#1a2433, #dde6f2); }
.key { font-family: ui-monospace, monospace; white-space: nowrap; }
</style>
</head>
<body>
<h1>$title</h1>
<p>A sandbox, $deployment, at $url. It holds $counts.</p>
<h2>Links</h2>
<div class="drawing">$drawing</div>
$links
<h2>Last requests</h2>
$requests
<h2>Issues</h2>
$issues
</body>
</html>
""")


def handle(site: Site) -> web.Response:
    return web.Response(
        text=render(site), content_type="text/html", charset="utf-8", headers={"Content-Security-Policy": POLICY}
    )


def render(site: Site) -> str:
    store = site.store
    comments = sum(len(issue.comments) for issue in store.issues.values())
    counts = f"{len(store.issues)} issues, {len(store.links)} links and {comments} comments"
    return PAGE.substitute(
        title=escape(store.title),
        deployment="Cloud" if store.cloud else "Data Center",
        url=escape(site.address),
        counts=counts,
        drawing=_drawing(site),
        links=_links(site),
        requests=_requests(site),
        issues=_issues(site),
    )


def _links(site: Site) -> str:
    """Newest first, as sentences that say the direction."""
    newest = islice(reversed(site.store.links.values()), SHOWN_LINKS)
    rows = ((link.inward.key, link.type.outward, link.outward.key, link.type.name, link.id) for link in newest)
    return _table(("Issue", "", "Linked issue", "Type", "Id"), rows, len(site.store.links), keys=(0, 2))


def _drawing(site: Site) -> str:
    newest = islice(reversed(site.store.links.values()), DRAWN_LINKS)
    return draw([(link.inward.key, link.type.outward, link.outward.key) for link in newest])


def _requests(site: Site) -> str:
    newest = islice(reversed(site.requests), SHOWN_REQUESTS)
    rows = (
        (each["method"], each["path"] + (f"?{each['query']}" if each["query"] else ""), each["status"] or "no answer",
         each["account"])
        for each in newest
    )  # fmt: skip
    return _table(("Method", "Path", "Status", "Account"), rows, len(site.requests), keys=(0,))


def _issues(site: Site) -> str:
    issues = islice(site.store.issues.values(), SHOWN_ISSUES)
    rows = ((issue.key, issue.summary, issue.status, issue.issue_type, len(issue.links)) for issue in issues)
    return _table(("Issue", "Summary", "Status", "Type", "Links"), rows, len(site.store.issues), keys=(0,))


def _table(heads: Iterable[str], rows: Iterable[tuple[Any, ...]], total: int, keys: tuple[int, ...]) -> str:
    lines = [_row(row, keys) for row in rows]
    if not lines:
        return "<p>None yet.</p>"
    more = f"<p>{len(lines)} of {total} are shown.</p>" if total > len(lines) else ""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>{more}"


def _row(row: tuple[Any, ...], keys: tuple[int, ...]) -> str:
    cells = (
        f'<td class="key">{escape(str(cell))}</td>' if index in keys else f"<td>{escape(str(cell))}</td>"
        for index, cell in enumerate(row)
    )
    return f"<tr>{''.join(cells)}</tr>"
