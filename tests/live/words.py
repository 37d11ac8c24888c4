# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words in which Jira refuses: which of them are known, and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.live.site import Answer

KNOWN = (
    "You cannot link an issue to itself.",
    "No issue link type with name '{name}' found.",
    "No issue link type with id '{id}' found.",
    "No issue link with id '{id}' exists.",
    "Issue does not exist or you do not have permission to see it.",
    "Issue Does Not Exist",
    "Group: {name} does not exist.",
    "Comment body is not valid! It must be an Atlassian Document (ADF).",
    "'title' is required.",
)
"""With placeholders for what a site's own names stand in."""
OTHER_WORDS = "other words"
LONGEST = 300  # characters of Jira's words on the terminal


def messages(answer: Answer) -> list[str]:
    """What an error says, in any of Jira's shapes; its text where it has none of them."""
    body = answer.data
    found = list(_texts(body)) if isinstance(body, dict) else []
    return found or [answer.text]


def _texts(body: dict[str, Any]) -> Iterator[str]:
    errors = body.get("errors")
    for value in (body.get("errorMessages"), list(errors.values()) if isinstance(errors, dict) else None):
        yield from (each for each in value or () if isinstance(each, str))
    yield from (body[name] for name in ("message", "detail") if isinstance(body.get(name), str))


def refusal(answer: Answer, **values: str) -> str:
    """Status and words: `404 No issue link with id '{id}' exists.`, or `404 other words`.

    :param values: what stands in the places of the known texts, such as `id="10000"`.
    """
    found = {known(message, **values) for message in messages(answer)}
    return f"{answer.status} {found.pop() if len(found) == 1 else OTHER_WORDS}"


def known(message: str, **values: str) -> str:
    """The known text that makes this message, with its placeholders, or OTHER_WORDS."""
    for text in KNOWN:
        if re.sub(r"\{(\w+)\}", lambda place: values.get(place[1], place[0]), text) == message:
            return text
    return OTHER_WORDS


def one_line(text: str) -> str:
    """In one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"


def printable(text: str) -> str:
    """Nothing that a terminal would obey, but line breaks."""
    return "".join(character if character.isprintable() or character == "\n" else "?" for character in text)
