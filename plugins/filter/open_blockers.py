# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: open_blockers
short_description: Find what still blocks issues
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Follows links from some issues to everything that blocks them and is not done. Says why, as a chain of sentences.
  - A blocker is done if the category of its status is Done, whatever the status is called. What is done blocks nothing,
    and what blocks it in turn does not count.
  - A blocker that is not done is listed and followed further. So is one whose status is not known; its chain says so.
  - The issues asked about do not block each other. Cycles do no harm.
positional: of, issues
options:
  _input:
    description:
      - The links, as the modules of this collection return them. Read them with the same O(phrase), and with
        O(linkops.jira.jira_issue_link_info#module:depth=-1) to see every chain to its end.
      - An empty list has no blockers.
    type: list
    elements: dict
    required: true
  of:
    description: The issues that may be blocked, by key or id.
    type: list
    elements: str
    required: true
  issues:
    description:
      - What M(linkops.jira.jira_issue_link_info) returns as RV(linkops.jira.jira_issue_link_info#module:issues).
      - All of O(of) have to be in it, under their current keys. A mistyped key is an error, so that it cannot pass for
        an issue that nothing blocks.
    type: dict
    required: true
  phrase:
    description:
      - What an issue says of those that block it, such as V(is blocked by) or V(depends on). Case does not matter.
      - Links that do not read so from either end do not count. Those that read so from both ends count in both
        directions.
    type: str
    default: is blocked by
  link_types:
    description: Look only at links of these types, each by its exact name or its id. All that are given, if not set.
    type: list
    elements: str
seealso:
  - plugin: linkops.jira.link_graph
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

- name: Say why the release cannot go out
  ansible.builtin.debug:
    msg: "{{ item.chain }}"
  loop: "{{ read.links | linkops.jira.open_blockers('REL-1', read.issues) }}"
"""

RETURN = r"""
_value:
  description: What still blocks, nearest first.
  type: list
  elements: dict
  contains:
    issue:
      description: The key of the issue that blocks.
      type: str
      returned: always
    summary:
      description: Its summary; null if it is not known.
      type: str
      returned: always
    status:
      description: Its status; null if it is not known.
      type: str
      returned: always
    status_category:
      description: The category of its status; null if it is not known.
      type: str
      returned: always
    chain:
      description: Why it blocks, by the shortest way. The middle of more than 20 issues is left out.
      type: str
      returned: always
      sample: REL-1 is blocked by APP-7 is blocked by LIB-2 (In Progress)
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._model.options import InputError
from ..plugin_utils import _graph
from ..plugin_utils._arguments import names_in, text_in


def open_blockers(
    links: Any,
    of: Any,
    issues: Any,
    phrase: Any = None,
    link_types: Any = None,
) -> list[dict[str, Any]]:
    """The issues that still block some issues, the nearest first, each with the chain that says why.

    :raises AnsibleFilterError: an issue is not among those that were read, or something given is not what it should be.
    """
    try:
        if not issues:
            raise InputError("issues is empty: it has to be what jira_issue_link_info returns as issues.")
        read = _graph.of_types(_graph.read_links(links, issues), names_in(link_types, "link_types"))
        asked = _graph.known_keys(names_in(of, "of"), _graph.read_issues(issues))
        said = text_in(phrase, "phrase", "is blocked by")
        return [blocker.to_result() for blocker in _graph.open_blockers(read, asked, said)]
    except InputError as error:
        raise AnsibleFilterError(f"open_blockers: {error}") from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"open_blockers": open_blockers}
