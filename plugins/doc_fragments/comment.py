# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The options are COMMENT in module_utils/_module.py.
    DOCUMENTATION = r"""
options:
  comment:
    description:
      - A comment that goes with the creation of the link, and only then.
      - Text, or a document in Atlassian Document Format (API version 3 only), as a dict or as JSON. An empty text is no
        comment.
      - Text stays wiki markup on API version 2. On version 3 it becomes paragraphs, parted by blank lines.
      - Data Center puts it on O(inward_issue).
    type: raw
  comment_visibility:
    description:
      - Who may see the comment. Everybody, if not set.
      - Beside the type, give either the name as C(value) or the C(identifier).
      - On Jira Service Management projects this does not hide it from the customer portal; see O(comment_internal).
    type: dict
    suboptions:
      type:
        description: Whether a group or a project role may see it.
        type: str
        choices: [group, role]
        required: true
      value:
        description: The name of the group or role.
        type: str
      identifier:
        description: The id of the group or role, which stays the same when it is renamed.
        type: str
  comment_internal:
    description: Whether to keep the comment from the customer portal of a Jira Service Management project.
    type: bool
    default: false
"""
