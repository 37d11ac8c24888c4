# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A picture of links: Mermaid, DOT, or the nodes and edges alone. Pure."""

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
from ._graph import ends_of
from ._markup import escape_dot, escape_mermaid

_SITE = re.compile(r"https?://[^\s\"'<>\\^`{|}@]+")
LINE, LINES = 32, 3  # the longest line of a summary in a box of DOT, and how many there are
STATES = {"done": "done", "in progress": "doing", "to do": "todo", "": "unknown"}
"""Classes by status category; any other category is as far as to do."""
FILLS = {  # fill, line
    "done": ("#d3f2dc", "#2b7a46"),
    "doing": ("#d9e8fc", "#2f63ad"),
    "todo": ("#eceef1", "#68717d"),
    "unknown": ("#ffffff", "#68717d"),
}
INK, FONT = "#16191d", "Helvetica,Arial,sans-serif"
# Told apart with any kind of colour vision (Okabe and Ito), and dark enough on white. The words say the type too.
TYPE_COLOURS = ("#0072b2", "#b34d00", "#00785a", "#a8327d", "#5b5b5b", "#7a5c00")


class Kind(NamedTuple):
    """A link type in the picture: its place among all, and what stands for it."""

    number: int
    name: str
    phrase: str

    @staticmethod
    def words(link: IssueLink) -> tuple[str, ...]:
        """What tells types apart: name and phrase, and the id."""
        return (link.type.name or "", link.type.outward or "", link.type.id or "")

    @property
    def legend(self) -> str:
        return self.name if folded(self.name) == folded(self.phrase) else f"{self.name}: {self.phrase}"

    @property
    def colour(self) -> str:
        return TYPE_COLOURS[self.number % len(TYPE_COLOURS)]


class Picture(NamedTuple):
    """What is drawn: the links, their issues and types, and the address of the site for links to it."""

    links: Sequence[IssueLink]
    issues: Mapping[str, Issue]
    kinds: Mapping[tuple[str, ...], Kind]
    site: str

    @classmethod
    def of(cls, links: Sequence[IssueLink], site: str = "") -> Picture:
        """:raises InputError: site is no address."""
        if site and not _SITE.fullmatch(site):
            raise InputError("url has to begin with https:// (or http://) and a host name, without credentials.")
        types = sorted({Kind.words(link) for link in links})
        kinds = {words: Kind(number, words[0], words[1]) for number, words in enumerate(types)}
        return cls(links, ends_of(links), kinds, site.rstrip("/"))

    def kind(self, link: IssueLink) -> Kind:
        return self.kinds[Kind.words(link)]

    def url(self, key: str) -> str:
        return f"{self.site}/browse/{quote(key, safe='')}" if self.site else ""

    def projects(self) -> Iterator[tuple[str, list[Issue]]]:
        """The issues by project."""
        for project, issues in groupby(self.issues.values(), key=lambda issue: issue.project):
            yield project, list(issues)


def state_of(issue: Issue) -> str:
    return STATES.get(folded(issue.status_category or ""), "todo")


def to_data(picture: Picture) -> dict[str, list[dict[str, Any]]]:
    """Nodes and edges, for other programs. The texts are as Jira has them."""
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
    }


def to_mermaid(picture: Picture, group: bool = True, legend: bool = True) -> str:
    """A flowchart. Every name is in quotes, with entity codes for what Mermaid would read in it."""
    lines = ["flowchart LR"]
    for number, (project, issues) in enumerate(picture.projects()):
        nodes = [f"{_id(issue.key)}[{_mermaid_label(issue)}]:::{state_of(issue)}" for issue in issues]
        lines += _mermaid_group(f"project{number}", project, nodes) if group else [f"  {node}" for node in nodes]
    for link in picture.links:
        arrow, label = "---" if link.type.symmetric else "-->", escape_mermaid(link.type.outward)
        lines.append(f'  {_id(link.inward.key)} {arrow}|"{label}"| {_id(link.outward.key)}')
    kinds = list(picture.kinds.values())
    if legend and kinds:
        nodes = [f'type{kind.number}["{escape_mermaid(kind.legend)}"]:::type{kind.number}' for kind in kinds]
        lines += _mermaid_group("legend", "Link types", nodes)
    return "\n".join([*lines, *_mermaid_styles(picture, kinds if legend else ())]) + "\n"


def _id(key: str) -> str:
    """A name that Mermaid takes, and that is none of its words."""
    return "issue_" + re.sub(r"[^A-Za-z0-9]", lambda char: "_" if char[0] == "-" else f"_{ord(char[0]):x}_", key)


def _mermaid_label(issue: Issue) -> str:
    parts = (issue.key, issue.summary, issue.status)
    return '"' + "<br>".join(escape_mermaid(part) for part in parts if part) + '"'


def _mermaid_group(name: str, title: str, nodes: Iterable[str]) -> list[str]:
    return [f'  subgraph {name}["{escape_mermaid(title)}"]', *(f"    {node}" for node in nodes), "  end"]


def _mermaid_styles(picture: Picture, kinds: Iterable[Kind]) -> Iterator[str]:
    for state in sorted(set(map(state_of, picture.issues.values()))):
        fill, line = FILLS[state]
        yield f"  classDef {state} fill:{fill},stroke:{line},color:{INK}"
    for kind in kinds:
        yield f"  classDef type{kind.number} fill:#ffffff,stroke:{kind.colour},color:{INK}"
    for colour in sorted({picture.kind(link).colour for link in picture.links}):
        same = [str(number) for number, link in enumerate(picture.links) if picture.kind(link).colour == colour]
        yield f"  linkStyle {','.join(same)} stroke:{colour}"
    for key in picture.issues if picture.site else ():
        yield f'  click {_id(key)} href "{picture.url(key)}"'


def to_dot(picture: Picture, group: bool = True, legend: bool = True) -> str:
    """A graph for Graphviz. Its classes, such as ``done``, are those of the elements in the SVG that it draws."""
    lines = [
        "digraph links {",
        f'  graph [rankdir=LR, ranksep=0.7, bgcolor="transparent", fontname="{FONT}", fontsize=12]',
        f'  node [shape=box, style="filled,rounded", margin="0.2,0.1", fontname="{FONT}", fontsize=11]',
        f'  edge [arrowsize=0.8, fontname="{FONT}", fontsize=10]',
    ]
    for project, issues in picture.projects():
        nodes = [f"{_quoted(issue.key)} [{_dot_node(issue, picture.url(issue.key))}]" for issue in issues]
        lines += _dot_group(f"cluster_{project}", project, nodes) if group else [f"  {node}" for node in nodes]
    lines += [f"  {_quoted(link.inward.key)} -> {_quoted(link.outward.key)} [{_dot_edge(link, picture.kind(link))}]"
              for link in picture.links]  # fmt: skip
    if legend and picture.kinds:
        nodes = [f'"type {kind.number}" [{_dot_legend(kind)}]' for kind in picture.kinds.values()]
        lines += _dot_group("cluster legend", "Link types", nodes)
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: object) -> str:
    return f'"{escape_dot(text)}"'


def _attributes(**values: object) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in values.items() if value)


def _tooltip(text: str) -> str:
    r"""Text for a tooltip, in which Graphviz reads ``\\N`` for ``\N`` a second time: so it gets another backslash."""
    return text.replace("\\", "\N{SET MINUS}")


def _dot_group(name: str, title: str, nodes: Iterable[str]) -> list[str]:
    looks = _attributes(label=title, style="rounded", color="#68717d", fontcolor="#4a525d")
    return [
        f"  subgraph {_quoted(name)} {{",
        f'    graph [{looks}, class="group"]',
        *(f"    {node}" for node in nodes),
        "  }",
    ]


def _dot_node(issue: Issue, url: str) -> str:
    state = state_of(issue)
    fill, line = FILLS[state]
    summary = wrap(printable(issue.summary or ""), LINE, max_lines=LINES, placeholder=" …")
    label = r"\n".join(map(escape_dot, [issue.key, *summary, *([issue.status] if issue.status else [])]))
    tooltip = _tooltip(f"{issue.key} {issue.summary or ''}".strip())
    looks = _attributes(URL=url, tooltip=tooltip, fillcolor=fill, color=line, fontcolor=INK)
    return f'label="{label}", class="{state}", {looks}'


def _dot_edge(link: IssueLink, kind: Kind) -> str:
    looks = _attributes(
        label=link.type.outward, color=kind.colour, fontcolor=kind.colour, tooltip=_tooltip(link.sentence)
    )
    return f'{looks}, class="type{kind.number % len(TYPE_COLOURS)}"' + (", dir=none" if link.type.symmetric else "")


def _dot_legend(kind: Kind) -> str:
    looks = _attributes(label=kind.legend, tooltip=_tooltip(kind.legend), color=kind.colour, fontcolor=kind.colour)
    return f'{looks}, style="rounded", class="type{kind.number % len(TYPE_COLOURS)}"'
