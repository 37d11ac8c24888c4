# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: links_from_sentences
short_description: Turn sentences into elements of a set of links
version_added: 1.0.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Turns each text of a list into an element of O(linkops.jira.jira_issue_links#module:links) that says this sentence.
    What is no text stays as it is, and so does the order.
options:
  _input:
    description: Sentences, and elements that say more. An empty list names no links.
    type: list
    elements: raw
    required: true
seealso:
  - module: linkops.jira.jira_issue_links
"""

EXAMPLES = r"""
- name: Sentences, and one element with a comment
  linkops.jira.jira_issue_links:
    links: "{{ declared | linkops.jira.links_from_sentences }}"
  vars:
    declared:
      - REL-1 is blocked by APP-7
      - {sentence: REL-1 relates to OPS-3, comment: Rollout of this release.}
"""

RETURN = r"""
_value:
  description: The elements.
  type: list
  elements: raw
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._model.options import as_element
from ..plugin_utils._arguments import plain


def links_from_sentences(links: Any) -> list[Any]:
    """:raises AnsibleFilterError: it is no list."""
    if not isinstance(links, list):
        raise AnsibleFilterError(f"A list of links is needed, and this is a {type(links).__name__}.")
    return list(map(as_element, plain(links)))  # before ansible-core 2.19, a date would not survive templating


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"links_from_sentences": links_from_sentences}
