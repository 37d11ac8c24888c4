# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Jira holds, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

STATUS_CATEGORIES = {
    # name: (id, key, colour); Jira's own three
    "To Do": (2, "new", "blue-gray"),
    "In Progress": (4, "indeterminate", "yellow"),
    "Done": (3, "done", "green"),
}
STATUSES = {"To Do": 10000, "In Progress": 3, "Done": 10001}
ISSUE_TYPES = {"Task": 10002, "Story": 10001, "Bug": 10004}
PRIORITIES = {"High": 2, "Medium": 3, "Low": 4}


BAD_PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."


def digits(text: str) -> int | None:
    """The number that the text is in decimal digits, or None; no id has more than 18 of them."""
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def counted(number: int, noun: str) -> str:
    """`1 link`, `2 links`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Refusal(Exception):
    """Jira says no: an HTTP status with Jira's words.

    `errors` holds messages by field, `headers` what goes along (a Retry-After, a log-in reason).
    """

    def __init__(
        self,
        status: int,
        *messages: str,
        errors: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(*messages)
        self.status = status
        self.messages = messages
        self.errors = errors or {}
        self.headers = headers or {}


@dataclass(frozen=True)
class Account:
    """Somebody who can log in. `roles` maps a project role to project keys; `*` means every project."""

    name: str
    email: str
    display_name: str
    account_id: str
    groups: frozenset[str] = frozenset()
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    captcha: bool = False

    @property
    def admin(self) -> bool:
        return "administrators" in self.groups

    def in_role(self, role: str, project_key: str) -> bool:
        projects = self.roles.get(role, ())
        return "*" in projects or project_key in projects


@dataclass(eq=False)
class Project:
    """`grants` maps a permission to who holds it: `anyone`, `group:NAME`, `role:NAME` or `user:NAME`."""

    id: int
    key: str
    name: str
    type_key: str
    grants: dict[str, tuple[str, ...]]
    last_number: int = 0


@dataclass(eq=False)
class LinkType:
    id: int
    name: str
    inward: str
    outward: str


@dataclass(eq=False)
class Link:
    """The sentence is: inward <type.outward> outward; `inward blocks outward`."""

    id: int
    type: LinkType
    inward: Issue
    outward: Issue

    @property
    def sentence(self) -> str:
        return f"{self.inward.key} {self.type.outward} {self.outward.key}"


@dataclass(eq=False)
class Comment:
    """`text` is what v2 shows; `adf` is the document that came through v3, if one did."""

    id: int
    author: Account | None
    text: str
    adf: dict[str, Any] | None
    visibility: dict[str, str] | None
    properties: list[dict[str, Any]]
    created: str

    @property
    def internal(self) -> bool:
        """Hidden from a service project's customer portal; visibility does not do that."""
        values = (p.get("value") for p in self.properties if p.get("key") == "sd.public.comment")
        return any(isinstance(value, dict) and value.get("internal") is True for value in values)


@dataclass(eq=False)
class RemoteLink:
    """`fields` is what was sent last: globalId, relationship, application, object."""

    id: int
    fields: dict[str, Any]

    @property
    def global_id(self) -> str | None:
        value = self.fields.get("globalId")
        return value if isinstance(value, str) else None


@dataclass(eq=False)
class Issue:
    id: int
    key: str
    project: Project
    summary: str
    status: str
    issue_type: str
    priority: str
    created: str
    fix_versions: tuple[str, ...] = ()
    links: dict[int, Link] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    remote_links: dict[int, RemoteLink] = field(default_factory=dict)
