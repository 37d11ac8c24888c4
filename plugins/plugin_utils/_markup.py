# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Untrusted text, such as an issue's summary, made to stay text in Markdown, HTML, Mermaid and DOT.

Each takes anything, and gives one line without a character that a terminal or a browser would obey.
"""

from __future__ import annotations

import html
import re

from ..module_utils._text import printable

# What starts markup inside a line, and the dots and colons that make a bare address a link.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>|~&$^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# All but letters, digits, spaces and commas, for Mermaid reads Markdown in its labels; 1.0 and HSP-1 stay as they are.
_MERMAID = re.compile(r"[^\w ,.-]|_|(?<!\d)\.|\.(?!\d)|(?<!\w)-|-(?!\w)")


def escape_html(text: object) -> str:
    """For the text of an element, or an attribute's value in quotes."""
    return html.escape(printable(text))


def escape_markdown(text: object) -> str:
    """For a line or a part of one, also in a table: a backslash before everything that means something there."""
    line = _MARKDOWN.sub(r"\\\g<0>", printable(text).strip())
    return re.sub(r"^(\d*)([#+=.)-])", r"\1\\\2", line)  # at the beginning, a heading or a list


def escape_mermaid(text: object) -> str:
    """For a label in quotes: Mermaid's entity codes, a ``#``, the number of the character, and a ``;``."""
    return _MERMAID.sub(lambda char: f"#{ord(char[0])};", printable(text))


def escape_dot(text: object) -> str:
    r"""For a string in quotes. Graphviz reads ``\N`` and HTML's entities in it."""
    return printable(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
