# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: link_order
short_description: Put linked issues in an order
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Sorts issues into waves, so that every issue comes after everything that blocks it. The issues of one wave do not
    wait for each other.
  - Links that form a cycle have no such order. The error names the issues of the cycle.
positional: phrase
options:
  _input:
    description:
      - The links, as the modules of this collection return them.
      - An empty list has no waves but that of O(issues).
    type: list
    elements: dict
    required: true
  phrase:
    description:
      - What an issue says of those that it has to come after, such as V(is blocked by) or V(depends on). Case does not
        matter.
      - Links that do not read so from either end, or read the same from both, say nothing about an order.
    type: str
    default: is blocked by
  issues:
    description: More issues to put in order, by key. Those without links come in the first wave.
    type: list
    elements: str
  link_types:
    description: Look only at links of these types, each by its exact name or its id. All that are given, if not set.
    type: list
    elements: str
seealso:
  - plugin: linkops.jira.open_blockers
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

- name: Say what can be done at the same time, wave by wave
  ansible.builtin.debug:
    msg: "{{ item | join(', ') }}"
  loop: "{{ read.links | linkops.jira.link_order(issues=['REL-1']) }}"
"""

RETURN = r"""
_value:
  description: The waves, first to last, each a list of keys.
  type: list
  elements: list
  sample: [["LIB-2", "OPS-3"], ["APP-7"], ["REL-1"]]
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._model.options import InputError, issue_key
from ..plugin_utils._arguments import names_in, text_in
from ..plugin_utils._graph import of_types, read_links, waves


def link_order(
    links: Any,
    phrase: Any = None,
    issues: Any = None,
    link_types: Any = None,
) -> list[list[str]]:
    """The keys of the linked issues in waves: each comes after all that block it.

    :raises AnsibleFilterError: the links form a cycle, or something given is not what it should be.
    """
    try:
        types = names_in(link_types, "link_types")
        read = [link for link in of_types(read_links(links), types) if not link.type.symmetric]
        return waves(read, text_in(phrase, "phrase", "is blocked by"), list(map(issue_key, names_in(issues, "issues"))))
    except InputError as error:
        raise AnsibleFilterError(f"link_order: {error}") from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"link_order": link_order}
