# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page at `/`: what this Jira holds, for a person to look at while a playbook runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from itertools import islice
from string import Template
from typing import Any

from aiohttp import web

from ..rules.model import counted
from .drawing import draw
from .guard import refusal_of
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
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
  overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2rem; }
p { color: var(--soft); margin-top: .2rem; }
table { border-collapse: collapse; width: 100%; }
tr { border-bottom: 1px solid var(--line); } th { color: var(--soft); font-weight: 500; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; overflow-wrap: normal; }
svg { display: block; } .drawing, .table { overflow: auto; } .drawing { max-height: 80vh; }
.link { fill: none; stroke: var(--soft); stroke-width: 1.5; } marker path { fill: var(--soft); }
.issue rect { fill: light-dark(#eef2f8, #222a35); stroke: light-dark(#7c94b8, #5c7396); }
.issue text { font: 13px ui-monospace, monospace; fill: light-dark(#1a2433, #dde6f2); }
.key { font-family: ui-monospace, monospace; white-space: nowrap; } .path { overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  thead { display: none; } tr { display: block; padding: .25rem 0; }
  td { display: inline; padding: 0 .25rem 0 0; overflow-wrap: inherit; }
}
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


def handle(site: Site, request: web.BaseRequest) -> web.Response:
    refusal = refusal_of(request)
    if refusal:
        return web.Response(status=403, text=refusal)
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
    return web.Response(body=render(site).encode("utf-8", "replace"), headers=headers)


def render(site: Site) -> str:
    store = site.store
    comments = sum(len(issue.comments) for issue in store.issues.values())
    counts = [counted(len(store.issues), "issue"), counted(len(store.links), "link"), counted(comments, "comment")]
    return PAGE.substitute(
        title=escape(store.title),
        deployment="Cloud" if store.cloud else "Data Center",
        url=escape(site.address),
        counts=f"{counts[0]}, {counts[1]} and {counts[2]}",
        drawing=_drawing(site),
        links=_links(site),
        requests=_requests(site),
        issues=_issues(site),
    )


def _links(site: Site) -> str:
    """Newest first, as sentences that say the direction."""
    newest = islice(reversed(site.store.links.values()), SHOWN_LINKS)
    rows = ((link.inward.key, link.type.outward, link.outward.key, link.type.name, link.id) for link in newest)
    return _table(("Issue", "", "Linked issue", "Type", "Id"), rows, len(site.store.links), {0: "key", 2: "key"})


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
    return _table(("Method", "Path", "Status", "Account"), rows, len(site.requests), {0: "key", 1: "path"})


def _issues(site: Site) -> str:
    issues = islice(site.store.issues.values(), SHOWN_ISSUES)
    rows = (
        (issue.key, issue.summary, issue.status, issue.issue_type, counted(len(issue.links), "link"))
        for issue in issues
    )
    return _table(("Issue", "Summary", "Status", "Type", "Links"), rows, len(site.store.issues), {0: "key"})


def _table(heads: Iterable[str], rows: Iterable[tuple[Any, ...]], total: int, classes: Mapping[int, str]) -> str:
    lines = [_row(row, classes) for row in rows]
    if not lines:
        return "<p>None yet.</p>"
    more = f"<p>Shown: {len(lines)} of {total}.</p>" if total > len(lines) else ""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{chr(10).join(lines)}</tbody></table>"
    return f'<div class="table">{table}</div>{more}'


def _row(row: tuple[Any, ...], classes: Mapping[int, str]) -> str:
    """The spaces between the cells show where the screen is narrow and a row is a line of text."""
    return f"<tr>{' '.join(_cell(str(cell), classes.get(index, '')) for index, cell in enumerate(row))}</tr>"


def _cell(text: str, name: str) -> str:
    """A path may be broken after the signs in it, so that no word is."""
    if name == "path":
        return f'<td class="path">{"<wbr>".join(map(escape, re.split(r"(?<=[/?&,=_.:+-])|(?=%)", text)))}</td>'
    return f'<td class="{name}">{escape(text)}</td>' if name else f"<td>{escape(text)}</td>"
