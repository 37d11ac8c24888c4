# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: escape_html
short_description: Show a text in HTML as it is
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Replaces everything that means something in HTML, in an element or in an attribute's value in quotes. Line breaks
    become spaces, and other control characters are replaced.
  - Names of link types and summaries of issues are written by anybody. With this filter they stay text in a page.
options:
  _input:
    description: The text. Null is an empty text, and anything else the text that Python makes of it.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: A summary as a paragraph of a page
  ansible.builtin.debug:
    msg: "<p>{{ 'Remove <script> from titles' | linkops.jira.escape_html }}</p>"
"""

RETURN = r"""
_value:
  description: The text on one line, escaped.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._markup import escape_html


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"escape_html": escape_html}
