# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: link_graph
short_description: Draw issue links
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Turns links into a picture in Mermaid or DOT, or into nodes and edges for other programs.
  - Summaries and names are written by anybody, so they are escaped. No summary can become a part of the picture's code.
  - The same links give the same text, in whatever order they come.
positional: format
options:
  _input:
    description: The links, as the modules of this collection return them. An empty list makes a picture of nothing.
    type: list
    elements: dict
    required: true
  format:
    description:
      - V(mermaid) is text that GitHub, GitLab and many wikis draw. V(dot) is text for Graphviz. V(json) is a dictionary
        with C(nodes), C(edges) and C(palette), in which texts are not escaped.
    type: str
    choices: [mermaid, dot, json]
    default: mermaid
  issues:
    description:
      - What M(linkops.jira.jira_issue_link_info) returns as RV(linkops.jira.jira_issue_link_info#module:issues). Gives
        the boxes their summary and status, and a colour for the category of the status.
      - Issues without a link are drawn only with O(unlinked).
    type: dict
  url:
    description: The address of the site as a browser knows it. If set, each issue is a link to its page there.
    type: str
    default: ""
  unlinked:
    description: Whether to draw those of O(issues) that have no link, too.
    type: bool
    default: false
    version_added: 1.0.0
  group:
    description: Whether to draw a frame around the issues of each project.
    type: bool
    default: true
  legend:
    description: Whether to draw a legend of the link types.
    type: bool
    default: true
seealso:
  - plugin: linkops.jira.link_order
    plugin_type: filter
  - module: linkops.jira.jira_issue_link_info
"""

EXAMPLES = r"""
- name: Read what stands in the way of the release
  linkops.jira.jira_issue_link_info:
    issues: [REL-1]
    phrase: is blocked by
    depth: -1
  register: read

- name: A picture for a page in Markdown
  ansible.builtin.debug:
    msg: "{{ read.links | linkops.jira.link_graph(issues=read.issues, url='https://example.atlassian.net') }}"

- name: A picture for Graphviz, without frames
  ansible.builtin.debug:
    msg: "{{ read.links | linkops.jira.link_graph('dot', issues=read.issues, group=false) }}"

- name: How many issues there are in it
  ansible.builtin.debug:
    msg: "{{ (read.links | linkops.jira.link_graph('json')).nodes | length }}"
"""

RETURN = r"""
_value:
  description:
    - The text of the picture; for O(format=json) a dictionary.
    - Each of its C(nodes) has C(key), C(project), C(id), C(summary), C(status), C(status_category), C(issue_type) and
      C(url), and each of its C(edges) C(inward_issue), C(outward_issue), C(link_type), C(phrase) and C(symmetric).
    - Its C(palette) is for a style sheet. C(classes) has the class of each status category, in lower case and empty for
      a status that is not known. C(light) and C(dark) have the colours by name, as C(#rrggbb); such as C(done) for the
      line and C(done-fill) for the box of an issue of the class C(done), and C(type0) for links of the first type.
  type: raw
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._model.options import InputError
from ..plugin_utils._arguments import flag_in, text_in
from ..plugin_utils._graph import read_issues, read_links
from ..plugin_utils._picture import Picture, to_data, to_dot, to_mermaid

FORMATS: dict[str, Callable[..., Any]] = {
    "mermaid": to_mermaid,
    "dot": to_dot,
    "json": lambda picture, group, legend: to_data(picture),
}


def link_graph(
    links: Any,
    format: Any = None,
    issues: Any = None,
    url: Any = None,
    group: Any = None,
    legend: Any = None,
    unlinked: Any = None,
) -> Any:
    """The links as a picture: text in Mermaid or DOT, or a dictionary of nodes, edges and palette.

    :raises AnsibleFilterError: something given is not what it should be.
    """
    try:
        draw = FORMATS.get(text_in(format, "format", "mermaid"))
        if not draw:
            raise InputError(f"format has to be one of {', '.join(FORMATS)}.")
        also = read_issues(issues) if flag_in(unlinked, "unlinked", False) else {}
        picture = Picture.of(read_links(links, issues), "" if url == "" else text_in(url, "url", ""), also)
        return draw(picture, flag_in(group, "group", True), flag_in(legend, "legend", True))
    except InputError as error:
        raise AnsibleFilterError(f"link_graph: {error}") from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"link_graph": link_graph}
