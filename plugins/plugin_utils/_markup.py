# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Escapes untrusted text, such as an issue's summary, for Markdown, HTML, Mermaid and DOT.

Each function takes anything, and gives one line without control characters. No text can become markup.
"""

from __future__ import annotations

import html
import re

from ..module_utils._text import printable

# What starts markup inside a line, and the dots and colons that make a bare address a link.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>|~&$^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# All but letters, digits, spaces and commas, for Mermaid reads Markdown in its labels; 1.0 and HSP-1 stay as they are.
_MERMAID = re.compile(r"[^\w ,.-]|_|(?<!\d)\.|\.(?!\d)|(?<!\w)-|-(?!\w)")


def _line(value: object) -> str:
    return "" if value is None else printable(value)


def escape_html(text: object) -> str:
    """Text for an HTML element, or for the value of an attribute in quotes."""
    return html.escape(_line(text))


def escape_markdown(text: object) -> str:
    """Text for a line of Markdown or a cell of a table, with a backslash before every special character.

    No backslash stops GitHub and others from linking an e-mail address, or telling somebody that is named with ``@``.
    A word joiner, which nobody sees, does.
    """
    line = _MARKDOWN.sub(r"\\\g<0>", _line(text).strip()).replace("@", "@\u2060")
    return re.sub(r"^(\d*)([#+=.)-])", r"\1\\\2", line)  # at the beginning, a heading or a list


def escape_mermaid(text: object) -> str:
    """Text for a label of Mermaid in quotes, with entity codes such as ``#34;`` for special characters."""
    return _MERMAID.sub(lambda char: f"#{ord(char[0])};", printable(text))


def escape_dot(text: object) -> str:
    r"""Text for a string of DOT in quotes, in which Graphviz would read ``\N`` and HTML's entities."""
    return printable(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
