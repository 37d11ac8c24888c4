# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The comment that goes with a new link, from module options to Jira's JSON. No input or output."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._model.link import Json
from .._model.options import InputError, refuse_empty
from .._text import printable


def comment_json(params: Mapping[str, Any], api_version: str) -> Json:
    """The comment as ``POST issueLink`` takes it, None if there is none.

    :raises InputError: the text is neither text nor an ADF document, or the document does not fit the API version.
    """
    text = params["comment"]
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        text = str(text)  # a variable that holds the number of a change
    if not text or (isinstance(text, str) and not text.strip()):
        return None
    comment: dict[str, Any] = {"body": _body(text, api_version)}
    if params["comment_visibility"]:
        given = {f"comment_visibility.{name}": value for name, value in params["comment_visibility"].items()}
        refuse_empty(given, *given)
        comment["visibility"] = {name: value for name, value in params["comment_visibility"].items() if value}
    if params["comment_internal"]:
        # On Jira Service Management projects this hides a comment from the customer portal; visibility does not.
        comment["properties"] = [{"key": "sd.public.comment", "value": {"internal": True}}]
    return comment


def _body(text: Any, api_version: str) -> Json:
    if isinstance(text, Mapping):
        if api_version == "2":
            raise InputError("comment is an ADF document, which only API version 3 takes. Give it as text.")
        return text
    if not isinstance(text, str):
        raise InputError("comment has to be text, or a dict that is an ADF document.")
    return text if api_version == "2" else text_to_adf(text)


def text_to_adf(text: str) -> Json:
    """Text as an Atlassian Document Format document: a blank line parts paragraphs, a line break stays one."""
    paragraphs = (paragraph for paragraph in re.split(r"\n\s*\n", text.strip("\n")) if paragraph.strip())
    return {"type": "doc", "version": 1, "content": [_paragraph(paragraph) for paragraph in paragraphs]}


def _paragraph(text: str) -> Json:
    nodes: list[Json] = []
    for line in text.splitlines():
        nodes.append({"type": "hardBreak"})
        if line:  # ADF knows no empty text
            nodes.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": nodes[1:]}


def comment_line(comment: Json) -> str:
    """A comment as a diff shows it: ``comment for role Developers: Agreed on Monday.``"""
    visibility = comment.get("visibility") or {}
    who = " ".join(str(visibility[name]) for name in ("type", "value", "identifier") if visibility.get(name))
    kind = "internal comment" if comment.get("properties") else "comment"
    text = " ".join(" ".join(_texts(comment["body"])).split())
    return printable(f"{kind}{' for ' if who else ''}{who}: {text}")


def _texts(body: Json) -> Iterator[str]:
    """All text of a comment, be it text or an ADF document."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, Mapping):
        yield from _texts(body.get("text"))
        yield from _texts(body.get("content"))
    elif isinstance(body, list):
        for part in body:
            yield from _texts(part)
