# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: links_from_csv
short_description: Read issue links from CSV
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Turns CSV text, such as a spreadsheet exports it, into a list for O(linkops.jira.jira_issue_links#module:links).
  - Every line that cannot be a link is named in the error.
  - The text is data. Templates in it are not evaluated.
options:
  _input:
    description:
      - The text. Its first line names the columns, in any order. They are C(issue), C(phrase), C(linked_issue) and, if
        there are comments, C(comment); C(Linked issue) will do. Each further line is a link.
      - Separated by commas, semicolons or tabs, as the first line is. Fields in double quotes may hold separators and
        line breaks. Lines without any value are ignored.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Keep the links of a spreadsheet
  linkops.jira.jira_issue_links:
    links: "{{ spreadsheet | linkops.jira.links_from_csv }}"
  vars:
    spreadsheet: |
      issue,phrase,linked_issue,comment
      REL-1,is blocked by,APP-7,
      REL-1,is blocked by,LIB-2,"Agreed on Monday, by all"
"""

RETURN = r"""
_value:
  description: The links. Each has C(issue), C(phrase), C(linked_issue), and C(comment) if there is one.
  type: list
  elements: dict
  sample: [{"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}]
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._text import counted
from ..plugin_utils._links_csv import from_csv


def links_from_csv(text: str) -> list[dict[str, str]]:
    """The links that CSV text holds.

    :raises AnsibleFilterError: something in it cannot be a link; every such line is named.
    """
    if not isinstance(text, str):
        raise AnsibleFilterError(f"CSV text is needed, and this is a {type(text).__name__}.")
    document = from_csv(text)
    if document.mistakes:
        number = counted(len(document.mistakes), "mistake")
        raise AnsibleFilterError(f"{number} in the CSV text. {' '.join(map(str, document.mistakes))}")
    # ansible-core before 2.19 evaluates templates in every text that is not marked.
    unsafe: list[dict[str, str]] = wrap_var(document.value)
    return unsafe


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"links_from_csv": links_from_csv}
