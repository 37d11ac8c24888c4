# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers before they meet HTTP, and the shapes of Jira's error bodies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from ..rules.model import Refusal

JSON = "application/json;charset=UTF-8"
HTML = "text/html;charset=UTF-8"
TEXT = "text/plain;charset=UTF-8"
PROBLEM = "application/problem+json"
encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Answer(NamedTuple):
    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = {}


NO_CONTENT = Answer(204)


def json_answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, encode(data).encode("utf-8", "replace"), JSON, headers or {})


def text_answer(encoded: str) -> Answer:
    """JSON that is encoded already."""
    return Answer(200, encoded.encode("utf-8", "replace"))


def html_answer(status: int, title: str, headers: Mapping[str, str] | None = None) -> Answer:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Answer(status, page.encode(), HTML, headers or {})


def refusal_answer(refusal: Refusal) -> Answer:
    """The usual shape: messages, and errors by field."""
    body: dict[str, Any] = {"errorMessages": list(refusal.messages), "errors": refusal.errors}
    return json_answer(body, refusal.status, refusal.headers)


def message_answer(status: int, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    """The shape of Jira's outer layers: no such address, the gateway."""
    return json_answer({"message": message, "status-code": status}, status, headers)


def problem_answer(status: int, detail: str, path: str) -> Answer:
    """The shape in which Cloud refuses what does not reach its handlers."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": path}
    return json_answer(body, status)._replace(content_type=PROBLEM)


def full(style: str, refusal: Refusal) -> Answer:
    """A 413, whose body nobody has published; which one it has is a setting."""
    if style == "html":
        return html_answer(413, "Request Entity Too Large (413)")
    return Answer(413) if style == "empty" else refusal_answer(refusal)


def unauthorized(style: str, headers: Mapping[str, str]) -> Answer:
    """A 401 comes as JSON, as a page or as plain text; which one is a setting."""
    words = "Client must be authenticated to access this resource."
    if style == "html":
        return html_answer(401, "Unauthorized (401)", headers)
    if style == "plain":
        return Answer(401, words.encode(), TEXT, headers)
    return message_answer(401, words, headers)
