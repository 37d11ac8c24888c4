# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The links as a drawing: issues in columns, each link an arrow from its inward issue to its outward one."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from html import escape

COLUMN, ROW, WIDTH, HEIGHT = 190, 46, 110, 28  # pixels: from one box to the next, and a box

TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0 8 4 0 8z"/></marker></defs>'
)

Edge = tuple[str, str, str]
"""Inward issue, outward phrase, outward issue."""


def draw(edges: Sequence[Edge]) -> str:
    """An SVG; nothing if there are no links. Every text is escaped."""
    if not edges:
        return ""
    places = _places(edges)
    size = (max(x for x, y in places.values()) + WIDTH + 10, max(y for x, y in places.values()) + HEIGHT + ROW)
    drawn = [_arrow(edge, places) for edge in edges] + [_box(key, *place) for key, place in places.items()]
    frame = f'viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}" height="{size[1]}" role="img" aria-label="The links"'
    return f"<svg {frame}>{TIP}{''.join(drawn)}</svg>"


def _places(edges: Sequence[Edge]) -> dict[str, tuple[int, int]]:
    """The upper left corner of each issue's box. What a link leads to stands one column further right."""
    column = _columns(edges)
    rows: Counter[int] = Counter()
    places = {}
    for key in sorted(column):
        places[key] = (10 + column[key] * COLUMN, 10 + rows[column[key]] * ROW)
        rows[column[key]] += 1
    return places


def _columns(edges: Sequence[Edge]) -> dict[str, int]:
    """How many links each issue is away from one that nothing leads to; a cycle begins anywhere."""
    ways = defaultdict(list)
    for inward, _phrase, outward in edges:
        ways[inward].append(outward)
    keys = sorted({key for edge in edges for key in (edge[0], edge[2])})
    sources = set(keys) - {edge[2] for edge in edges}
    column: dict[str, int] = {}
    for start in [sorted(sources), keys]:
        queue = deque((key, 0) for key in start)
        while queue:
            key, number = queue.popleft()
            if key not in column:
                column[key] = number
                queue.extend((other, number + 1) for other in ways[key])
    return column


def _arrow(edge: Edge, places: dict[str, tuple[int, int]]) -> str:
    inward, phrase, outward = edge
    (x1, y1), (x2, y2) = places[inward], places[outward]
    start, end = (x1 + WIDTH, y1 + HEIGHT // 2), (x2, y2 + HEIGHT // 2)
    bend, bow = 60, ROW if end[0] <= start[0] else 0  # the way back goes below the boxes, not through them
    path = f"M{start[0]} {start[1]}C{start[0] + bend} {start[1] + bow} {end[0] - bend} {end[1] + bow} {end[0]} {end[1]}"
    title = f"<title>{escape(f'{inward} {phrase} {outward}')}</title>"
    return f'<path class="link" d="{path}" marker-end="url(#tip)">{title}</path>'


def _box(key: str, x: int, y: int) -> str:
    return (
        f'<g class="issue"><rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        f'<text x="{x + WIDTH // 2}" y="{y + 19}" text-anchor="middle">{escape(key)}</text></g>'
    )
