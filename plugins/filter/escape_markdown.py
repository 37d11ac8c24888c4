# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: escape_markdown
short_description: Show a text in Markdown as it is
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Puts a backslash before everything that means something in Markdown, and line breaks become spaces.
  - Anybody may write the names of link types and the summaries of issues. With this filter they stay text in a report,
    also in a table.
options:
  _input:
    description: The text. Null is an empty text, and anything else the text that Python makes of it.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: What blocks the release, as a line of a report
  ansible.builtin.debug:
    msg: "- {{ 'APP-7 [blocks](https://example.com) REL-1' | linkops.jira.escape_markdown }}"
"""

RETURN = r"""
_value:
  description: The text on one line, escaped.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._markup import escape_markdown


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"escape_markdown": escape_markdown}
