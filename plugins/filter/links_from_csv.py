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
  - Turns CSV text, such as a spreadsheet or Jira exports it, into a list for
    O(linkops.jira.jira_issue_links#module:links).
  - Every line that cannot be a link is named in the error.
  - The text is data. Templates in it are not evaluated.
options:
  _input:
    description:
      - The text. Its first line names the columns, in any order. They are the options of an element of
        O(linkops.jira.jira_issue_links#module:links), such as C(issue), C(phrase), C(linked_issue) and C(comment), or
        C(sentence). C(Linked issue) and C(Issue key) will do. Those of C(comment_visibility) are
        C(comment_visibility_type), C(comment_visibility_value) and C(comment_visibility_identifier).
      - Each further line is a link. One that has no values in these columns is ignored.
      - Other columns are left alone, with a warning that names them. One that is a letter away from one of these is a
        mistake.
      - Separated by commas, semicolons or tabs, or by what a first line such as C(sep=;) says. Fields in double quotes
        may hold separators and line breaks. Empty fields at the end of a line may be missing.
      - Jira's own export has columns such as C(Issue key), V(Inward issue link (Blocks\)) and
        V(Outward issue link (Blocks\)). Only these are read, never its comments, and a link that stands at both issues
        is one.
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
  description: The links. Each has those options of an element of which its line has a value.
  type: list
  elements: dict
  sample: [{"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}]
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._text import counted
from ..modules.jira_issue_links import IN_FILE
from ..plugin_utils._links_csv import from_csv
from ..plugin_utils._links_file import check_links


def links_from_csv(text: str) -> list[dict[str, Any]]:
    """The links that CSV text holds.

    :raises AnsibleFilterError: something in it cannot be a link; every such line is named.
    """
    if not isinstance(text, str):
        raise AnsibleFilterError(f"CSV text is needed, and this is a {type(text).__name__}.")
    document = from_csv(text, IN_FILE)
    checked = check_links(document, {"links": {"options": IN_FILE}})
    mistakes = sorted([*document.mistakes, *checked.mistakes], key=lambda mistake: mistake.line)
    if mistakes:
        raise AnsibleFilterError(f"{counted(len(mistakes), 'mistake')} in the CSV text. {' '.join(map(str, mistakes))}")
    for warning in document.warnings:
        Display().warning(f"links_from_csv: {warning}")
    # ansible-core before 2.19 evaluates templates in every text that is not marked.
    unsafe: list[dict[str, Any]] = wrap_var(document.value)
    return unsafe


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"links_from_csv": links_from_csv}
