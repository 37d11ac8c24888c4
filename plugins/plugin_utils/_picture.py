# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draws links as a picture in Mermaid or DOT, or gives their nodes and edges as data. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Any, NamedTuple
from urllib.parse import quote

from ..module_utils._model.link import Issue, IssueLink
from ..module_utils._model.options import InputError
from ..module_utils._text import folded, printable
from ._graph import by_project, ends_of
from ._markup import escape_dot, escape_mermaid
from ._palette import GREY, INK, PAGE, SOFT_INK, TYPE_COLOURS, StatusStyle, palette, status_style

_SITE = re.compile(r"https?://[^\s\"'<>\\^`{|}@]+")
SUMMARY_WIDTH, SUMMARY_LINES = 32, 3  # characters in a line and lines, at most, in a box of DOT
FONT = "Helvetica,Arial,sans-serif"


class TypeId(NamedTuple):
    """What tells the link types of a picture apart. Of some only the name is known."""

    name: str
    phrase: str
    id: str

    @classmethod
    def of(cls, link: IssueLink) -> TypeId:
        return cls(link.type.name or "", link.type.outward or "", link.type.id or "")


class DrawnType(NamedTuple):
    """A link type in a picture.

    :param number: its place among the types of the picture, from 0.
    :param phrase: the outward phrase, which stands on each arrow.
    """

    number: int
    name: str
    phrase: str

    @property
    def legend(self) -> str:
        return self.name if folded(self.name) == folded(self.phrase) else f"{self.name}: {self.phrase}"

    @property
    def colour_number(self) -> int:
        return self.number % len(TYPE_COLOURS)

    @property
    def colour(self) -> str:
        return TYPE_COLOURS[self.colour_number].light


class Picture(NamedTuple):
    """What is drawn: links, with their issues by key and their types.

    :param site: the address of the Jira site, to which issues are linked; empty for no such links.
    """

    links: Sequence[IssueLink]
    issues: Mapping[str, Issue]
    types: Mapping[TypeId, DrawnType]
    site: str

    @classmethod
    def of(cls, links: Sequence[IssueLink], site: str = "", unlinked: Mapping[str, Issue] | None = None) -> Picture:
        """The picture of these links.

        :param unlinked: issues by key that are drawn although they may have no link.
        :raises InputError: site is no address.
        """
        if site and not _SITE.fullmatch(site):
            raise InputError("url has to begin with https:// (or http://) and a host name, without credentials.")
        ids = sorted(set(map(TypeId.of, links)))
        types = {each: DrawnType(number, each.name, each.phrase) for number, each in enumerate(ids)}
        issues = {**(unlinked or {}), **ends_of(links)}
        return cls(links, {key: issues[key] for key in sorted(issues, key=by_project)}, types, site.rstrip("/"))

    def type_of(self, link: IssueLink) -> DrawnType:
        return self.types[TypeId.of(link)]

    def url(self, key: str) -> str:
        return f"{self.site}/browse/{quote(key, safe='')}" if self.site else ""

    def projects(self) -> Iterator[tuple[str, list[Issue]]]:
        """Each project's key and its issues."""
        for project, issues in groupby(self.issues.values(), key=lambda issue: issue.project):
            yield project, list(issues)


def _style_of(issue: Issue) -> StatusStyle:
    return status_style(issue.status_category)


def to_data(picture: Picture) -> dict[str, Any]:
    """Nodes, edges and the palette, for other programs. The texts are as Jira has them, and not escaped."""
    return {
        "nodes": [
            {"key": key, "project": issue.project, **issue.to_result(), "url": picture.url(key) or None}
            for key, issue in picture.issues.items()
        ],
        "edges": [
            {
                "inward_issue": link.inward.key,
                "outward_issue": link.outward.key,
                "link_type": link.type.name,
                "phrase": link.type.outward,
                "symmetric": link.type.symmetric,
            }
            for link in picture.links
        ],
        "palette": palette(),
    }


def to_mermaid(picture: Picture, group: bool = True, legend: bool = True) -> str:
    """The picture as a flowchart in Mermaid.

    Every text is in quotes, with entity codes for the characters that mean something to Mermaid.

    :param group: whether to draw a frame around the issues of each project.
    :param legend: whether to draw a legend of the link types.
    """
    lines = ["flowchart LR"]
    for number, (project, issues) in enumerate(picture.projects()):
        nodes = [f"{_id(issue.key)}[{_mermaid_label(issue)}]:::{_style_of(issue).name}" for issue in issues]
        lines += _mermaid_group(f"project{number}", project, nodes) if group else [f"  {node}" for node in nodes]
    for link in picture.links:
        arrow, label = "---" if link.type.symmetric else "-->", escape_mermaid(link.type.outward)
        lines.append(f'  {_id(link.inward.key)} {arrow}|"{label}"| {_id(link.outward.key)}')
    types = picture.types.values() if legend else ()
    if types:
        lines += _mermaid_group("legend", "Link types", map(_mermaid_legend, types))
    return "\n".join([*lines, *_mermaid_styles(picture, types)]) + "\n"


def _id(key: str) -> str:
    """An id for the node of an issue: letters, digits and underscores, and never a keyword of Mermaid."""
    return "issue_" + re.sub(r"[^A-Za-z0-9]", lambda char: "_" if char[0] == "-" else f"_{ord(char[0]):x}_", key)


def _mermaid_label(issue: Issue) -> str:
    parts = (issue.key, issue.summary, issue.status)
    return '"' + "<br>".join(escape_mermaid(part) for part in parts if part) + '"'


def _mermaid_legend(link_type: DrawnType) -> str:
    return f'type{link_type.number}["{escape_mermaid(link_type.legend)}"]:::type{link_type.number}'


def _mermaid_group(name: str, title: str, nodes: Iterable[str]) -> list[str]:
    return [f'  subgraph {name}["{escape_mermaid(title)}"]', *(f"    {node}" for node in nodes), "  end"]


def _mermaid_styles(picture: Picture, types: Iterable[DrawnType]) -> Iterator[str]:
    """The lines that give boxes and arrows their colours, and boxes their addresses.

    :param types: the link types in the legend.
    """
    for style in sorted(set(map(_style_of, picture.issues.values()))):
        yield f"  classDef {style.name} fill:{style.fill.light},stroke:{style.line.light},color:{INK.light}"
    for link_type in types:
        yield f"  classDef type{link_type.number} fill:{PAGE.light},stroke:{link_type.colour},color:{INK.light}"
    for colour in sorted({picture.type_of(link).colour for link in picture.links}):
        same = [str(number) for number, link in enumerate(picture.links) if picture.type_of(link).colour == colour]
        yield f"  linkStyle {','.join(same)} stroke:{colour}"
    for key in picture.issues if picture.site else ():
        yield f'  click {_id(key)} href "{picture.url(key)}"'


def to_dot(picture: Picture, group: bool = True, legend: bool = True) -> str:
    """The picture as a graph in DOT, for Graphviz.

    Its classes, such as ``done``, are those of the elements in the SVG that Graphviz draws.

    :param group: whether to draw a frame around the issues of each project.
    :param legend: whether to draw a legend of the link types.
    """
    lines = [
        "digraph links {",
        f'  graph [rankdir=LR, ranksep=0.7, bgcolor="transparent", fontname="{FONT}", fontsize=12]',
        f'  node [shape=box, style="filled,rounded", margin="0.2,0.1", fontname="{FONT}", fontsize=11]',
        f'  edge [arrowsize=0.8, fontname="{FONT}", fontsize=10]',
    ]
    for project, issues in picture.projects():
        nodes = [f"{_quoted(issue.key)} [{_dot_node(issue, picture.url(issue.key))}]" for issue in issues]
        lines += _dot_group(f"cluster_{project}", project, nodes) if group else [f"  {node}" for node in nodes]
    lines += [f"  {_quoted(link.inward.key)} -> {_quoted(link.outward.key)} [{_dot_edge(link, picture.type_of(link))}]"
              for link in picture.links]  # fmt: skip
    if legend and picture.types:
        lines += _dot_group("cluster legend", "Link types", map(_dot_legend, picture.types.values()))
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: object) -> str:
    return f'"{escape_dot(text)}"'


def _attributes(**values: object) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in values.items() if value)


def _tooltip(text: str) -> str:
    r"""Text for a tooltip, with another character for each backslash: Graphviz would read ``\\N`` as ``\N`` there."""
    return text.replace("\\", "\N{SET MINUS}")


def _dot_group(name: str, title: str, nodes: Iterable[str]) -> list[str]:
    looks = _attributes(label=title, style="rounded", color=GREY.light, fontcolor=SOFT_INK.light)
    return [
        f"  subgraph {_quoted(name)} {{",
        f'    graph [{looks}, class="group"]',
        *(f"    {node}" for node in nodes),
        "  }",
    ]


def _dot_node(issue: Issue, url: str) -> str:
    style = _style_of(issue)
    summary = wrap(printable(issue.summary or ""), SUMMARY_WIDTH, max_lines=SUMMARY_LINES, placeholder=" …")
    label = r"\n".join(map(escape_dot, [issue.key, *summary, *([issue.status] if issue.status else [])]))
    tooltip = _tooltip(f"{issue.key} {issue.summary or ''}".strip())
    colours = _attributes(fillcolor=style.fill.light, color=style.line.light, fontcolor=INK.light)
    return f'label="{label}", class="{style.name}", {_attributes(URL=url, tooltip=tooltip)}, {colours}'


def _dot_edge(link: IssueLink, link_type: DrawnType) -> str:
    tooltip = _tooltip(link.sentence)
    looks = _attributes(label=link.type.outward, color=link_type.colour, fontcolor=link_type.colour, tooltip=tooltip)
    return f'{looks}, class="type{link_type.colour_number}"' + (", dir=none" if link.type.symmetric else "")


def _dot_legend(link_type: DrawnType) -> str:
    tooltip = _tooltip(link_type.legend)
    looks = _attributes(label=link_type.legend, tooltip=tooltip, color=link_type.colour, fontcolor=link_type.colour)
    return f'"type {link_type.number}" [{looks}, style="rounded", class="type{link_type.colour_number}"]'
