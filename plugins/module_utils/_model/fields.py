# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takes values out of Jira's JSON: each has the type that it has to have, or is refused. No input or output.

Every refusal is a TypeError or a LookupError. The client reads them as: this answer is not Jira's.
"""

from __future__ import annotations

import re
from typing import Any

Json = Any
_IDENTIFIER = re.compile(r"[\w-]{1,255}")


def text(value: Json) -> str:
    """A text. Half of a character, which a text can begin or end with, is replaced: nothing could write it."""
    if not isinstance(value, str):
        raise TypeError("no text")
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def some_text(value: Json) -> str:
    """A text that says something."""
    said = text(value)
    if not said:
        raise TypeError("an empty text")
    return said


def optional_text(value: Json) -> str | None:
    return None if value is None else text(value)


def identifier(value: Json) -> str:
    """An id or a key. Some ids are numbers."""
    number = isinstance(value, int) and not isinstance(value, bool)
    known = value if isinstance(value, str) else str(value) if number else ""
    if not _IDENTIFIER.fullmatch(known):
        raise TypeError("no id")
    return known


def truth(value: Json) -> bool:
    """True or false, and nothing that only counts as one of them."""
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def number(value: Json) -> int:
    """A whole number from 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("no number")
    return value


def items(value: Json) -> list[Json]:
    """A list. Where one is missing, that is not the same as an empty one."""
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def part(data: Json, name: str) -> dict[str, Json]:
    """An object inside another; an empty one if it is null or missing."""
    value = data.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError("no object")
    return value
