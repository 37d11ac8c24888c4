# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jira's issues, link types and issue links, as its JSON shows them. No input or output."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from .._text import folded, printable
from .comment import Comment
from .fields import Json, identifier, items, optional_text, part, some_text, text

Identity = tuple[Optional[str], ...]
# Jira translates the name of a status category for each user, but not its key.
_CATEGORIES = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}


class AskedKey(str):
    """An issue's key, or its id, that a task gives: in Jira's capitals, and as it was typed."""

    def __new__(cls, typed: str) -> AskedKey:
        key = super().__new__(cls, typed.upper())
        key.typed = typed
        return key

    typed: str


def as_typed(key: str) -> str:
    """A key as the task gives it, for messages; one that Jira shows as it is."""
    return getattr(key, "typed", key)


class LinkType(NamedTuple):
    """A link type. A task may know only its name or its id; the phrases are None until Jira has shown them."""

    id: str | None = None
    name: str | None = None
    inward: str | None = None
    outward: str | None = None

    @classmethod
    def from_json(cls, data: Json) -> LinkType:
        return cls(identifier(data["id"]), some_text(data["name"]), text(data["inward"]), text(data["outward"]))

    @property
    def reference(self) -> dict[str, str | None]:
        """How a request names the type. Jira lets the id win over the name, and matches a name exactly."""
        return {"id": self.id} if self.id else {"name": self.name}

    def fits(self, wanted: LinkType) -> bool:
        """Whether it is the type that another one, perhaps only a name or an id, refers to."""
        return self.id == wanted.id if wanted.id else self.name == wanted.name

    @property
    def known(self) -> bool:
        return self.outward is not None

    @property
    def symmetric(self) -> bool:
        """Relates reads the same from both ends, so either orientation of a link says the same thing."""
        return self.known and folded(self.inward or "") == folded(self.outward or "")

    @property
    def phrases(self) -> tuple[str, str]:
        """What the inward issue says of the other one, and what the outward issue says. Empty where not known."""
        return self.outward or "", self.inward or ""

    def __str__(self) -> str:
        return printable(f"{self.name!r} ({self.outward} / {self.inward})")


class Issue(NamedTuple):
    """An issue, as far as Jira showed it; one that was only asked for has a key and nothing else."""

    key: str
    id: str | None = None
    summary: str | None = None
    status: str | None = None
    status_category: str | None = None
    issue_type: str | None = None

    @classmethod
    def from_json(cls, data: Json) -> Issue:
        fields = part(data, "fields")
        status = part(fields, "status")
        category = part(status, "statusCategory")
        name = optional_text(category.get("name"))
        return cls(
            key=identifier(text(data["key"])),
            id=None if data.get("id") is None else identifier(data["id"]),
            summary=optional_text(fields.get("summary")),
            status=optional_text(status.get("name")),
            status_category=_CATEGORIES.get(optional_text(category.get("key")) or "", name),
            issue_type=optional_text(part(fields, "issuetype").get("name")),
        )

    def same(self, other: Issue) -> bool:
        """Whether both are one issue: by id where both tell it, since an issue that moves gets another key."""
        return self.id == other.id if self.id and other.id else self.key == other.key

    @property
    def project(self) -> str:
        return self.key.rpartition("-")[0]

    def to_result(self) -> dict[str, str | None]:
        return {name: value for name, value in self._asdict().items() if name != "key"}


class IssueLink(NamedTuple):
    """One issue link, and the one place that states Jira's direction::

        inward   <type.outward>  outward        A blocks B
        outward  <type.inward>   inward         B is blocked by A

    ``inward`` is the ``inwardIssue`` of ``POST issueLink`` and of ``GET issueLink/{id}``. An issue that is read shows
    only the other end: ``outwardIssue`` where it is itself the inward one, and the other way round.
    """

    type: LinkType
    inward: Issue
    outward: Issue
    id: str | None = None
    comment: Comment | None = None
    """The comment that goes with its creation. Links that Jira shows have none."""

    @classmethod
    def from_json(cls, data: Json, seen_from: Issue | None = None) -> IssueLink | None:
        """A link as ``GET issueLink/{id}`` shows it, or as an issue's ``issuelinks`` do. None: an end is hidden."""
        inward, outward = (
            seen_from if data.get(end) is None else Issue.from_json(data[end])
            for end in ("inwardIssue", "outwardIssue")
        )
        if inward is None or outward is None or inward is outward:
            return None
        return cls(LinkType.from_json(data["type"]), inward, outward, identifier(data["id"]))

    @property
    def ends(self) -> tuple[Issue, Issue]:
        return self.inward, self.outward

    @property
    def keys(self) -> tuple[str, str]:
        return self.inward.key, self.outward.key

    @property
    def identity(self) -> Identity:
        """What makes two links the same: the type and both ends, in either order for a symmetric type.

        The ends count by the key that Jira returned, never by one that was typed: an issue that moved has several.
        """
        return (self.type.id, *(sorted(self.keys) if self.type.symmetric else self.keys))

    @property
    def sentence(self) -> str:
        """``HSP-1 blocks MKY-1``; the type stands in brackets where its phrase is not known."""
        phrase = self.type.outward or f"[{self.type.name or self.type.id}]"
        return printable(f"{as_typed(self.inward.key)} {phrase} {as_typed(self.outward.key)}")

    def to_json(self, api_version: str) -> dict[str, Any]:
        """The body of the request that makes the link, with its comment."""
        ends = {"inwardIssue": {"key": self.inward.key}, "outwardIssue": {"key": self.outward.key}}
        comment = {"comment": self.comment.to_json(api_version)} if self.comment else {}
        return {"type": self.type.reference, **ends, **comment}

    def to_result(self) -> dict[str, str | None]:
        """The link as every module, and the diff, shows it."""
        return {
            "id": self.id,
            "link_type": self.type.name,
            "link_type_id": self.type.id,
            "inward": self.type.inward,
            "outward": self.type.outward,
            "inward_issue": self.inward.key,
            "outward_issue": self.outward.key,
            "sentence": self.sentence,
        }


class LinkedIssue(NamedTuple):
    """An issue together with the links that Jira shows of it."""

    issue: Issue
    links: tuple[IssueLink, ...]

    @classmethod
    def from_json(cls, data: Json) -> LinkedIssue:
        issue = Issue.from_json(data)
        entries = part(data, "fields").get("issuelinks")
        links = (IssueLink.from_json(entry, seen_from=issue) for entry in items(entries or []))
        return cls(issue, tuple(link for link in links if link))
