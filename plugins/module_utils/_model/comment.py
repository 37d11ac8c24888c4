# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The comment that goes with a new link: as Jira's JSON, and as a line of a diff. No input or output."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._text import printable


@dataclass(frozen=True)
class Comment:
    """A comment that is written when its link is created, and only then.

    :param body: text, or an ADF document.
    :param visibility: who may see it, as Jira takes it: ``type`` with ``value`` or ``identifier``. Empty for everybody.
    :param internal: whether the customer portal of a Jira Service Management project does not show it.
    """

    body: Any
    visibility: Mapping[str, str]
    internal: bool = False

    def __hash__(self) -> int:
        return hash(self.line)

    def to_json(self, api_version: str) -> dict[str, Any]:
        """The comment as ``POST issueLink`` takes it: version 2 takes text, version 3 an ADF document."""
        adf = text_to_adf(self.body) if isinstance(self.body, str) and api_version != "2" else self.body
        comment: dict[str, Any] = {"body": adf}
        if self.visibility:
            comment["visibility"] = dict(self.visibility)
        if self.internal:
            # On Jira Service Management projects this hides a comment from the customer portal; visibility does not.
            comment["properties"] = [{"key": "sd.public.comment", "value": {"internal": True}}]
        return comment

    def to_change(self) -> dict[str, Any]:
        """The comment as a plan shows it: one that not everybody may read with a SHA-256 in place of its text."""
        audience = {"visibility": dict(self.visibility) or None, "internal": self.internal}
        if not (self.visibility or self.internal):
            return {"body": self.body, **audience}
        canonical = json.dumps([self.body, audience], sort_keys=True, ensure_ascii=True)
        return {"sha256": hashlib.sha256(canonical.encode()).hexdigest(), **audience}

    @property
    def line(self) -> str:
        """``comment for role Developers: Agreed on Monday.``"""
        who = " ".join(self.visibility[name] for name in ("type", "value", "identifier") if self.visibility.get(name))
        text = " ".join(" ".join(_texts(self.body)).split())
        return printable(f"{'internal comment' if self.internal else 'comment'}{' for ' if who else ''}{who}: {text}")


def is_adf(value: Any) -> bool:
    """Whether a value is an ADF document."""
    return isinstance(value, Mapping) and value.get("type") == "doc"


def adf_in(text: str) -> dict[str, Any] | None:
    """The ADF document that a text is as JSON; None if it is just text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if is_adf(value) else None


def text_to_adf(text: str) -> dict[str, Any]:
    """Text as an Atlassian Document Format document: a blank line parts paragraphs, a line break stays one."""
    paragraphs = (paragraph for paragraph in re.split(r"\n\s*\n", text.strip("\n")) if paragraph.strip())
    return {"type": "doc", "version": 1, "content": [_paragraph(paragraph) for paragraph in paragraphs]}


def _paragraph(text: str) -> dict[str, Any]:
    nodes: list[dict[str, Any]] = []
    for line in text.splitlines():
        nodes.append({"type": "hardBreak"})
        if line:  # ADF knows no empty text
            nodes.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": nodes[1:]}


def _texts(body: Any) -> Iterator[str]:
    """All text of a comment, be it text or an ADF document."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, Mapping):
        yield from _texts(body.get("text"))
        yield from _texts(body.get("content"))
    elif isinstance(body, list):
        for part in body:
            yield from _texts(part)
