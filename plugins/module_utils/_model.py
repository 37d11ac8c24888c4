# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Issues, link types and issue links: what a task says of them and what Jira's JSON says. No input or output."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ._text import counted, folded, listed, nearest_first, printable

Json = Any
Identity = tuple[Optional[str], ...]
LINK_FORMS = [("issue", "phrase", "linked_issue"), ("link_type", "inward_issue", "outward_issue")]
"""The two ways in which a task says a link. It uses all names of one, and none of the other."""
# Jira translates the name of a status category for each user, but not its key.
_CATEGORIES = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}
_KEY = re.compile(r"\w+-[0-9]+|[0-9]+")


class InputError(Exception):
    """What the task asks for makes no sense. Nothing was written."""


class LinkType(NamedTuple):
    """A link type. A task may know only its name or its id; the phrases are None until Jira has shown them."""

    id: str | None = None
    name: str | None = None
    inward: str | None = None
    outward: str | None = None

    @classmethod
    def from_json(cls, data: Json) -> LinkType:
        return cls(str(data["id"]), data["name"], data["inward"], data["outward"])

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
        fields = data.get("fields") or {}
        status = fields.get("status") or {}
        category = status.get("statusCategory") or {}
        return cls(
            key=data["key"],
            id=data.get("id"),
            summary=fields.get("summary"),
            status=status.get("name"),
            status_category=_CATEGORIES.get(str(category.get("key")), category.get("name")),
            issue_type=(fields.get("issuetype") or {}).get("name"),
        )

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

    @classmethod
    def from_json(cls, data: Json, seen_from: Issue | None = None) -> IssueLink | None:
        """A link as ``GET issueLink/{id}`` shows it, or as an issue's ``issuelinks`` do. None: an end is hidden."""
        inward, outward = (
            Issue.from_json(data[end]) if data.get(end) else seen_from for end in ("inwardIssue", "outwardIssue")
        )
        if inward is None or outward is None or inward is outward:
            return None
        return cls(LinkType.from_json(data["type"]), inward, outward, str(data["id"]))

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
        return printable(f"{self.inward.key} {phrase} {self.outward.key}")

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

    def to_declared(self) -> dict[str, str | None]:
        """The link as jira_issue_links takes it."""
        name = self.type.name or ""
        return {
            "link_type": self.type.id if name.isdigit() else name,  # digits would be taken for an id
            "inward_issue": self.inward.key,
            "outward_issue": self.outward.key,
        }


class LinkedIssue(NamedTuple):
    """An issue together with the links that Jira shows of it."""

    issue: Issue
    links: tuple[IssueLink, ...]

    @classmethod
    def from_json(cls, data: Json) -> LinkedIssue:
        issue = Issue.from_json(data)
        entries = (data.get("fields") or {}).get("issuelinks") or []
        links = (IssueLink.from_json(entry, seen_from=issue) for entry in entries)
        return cls(issue, tuple(link for link in links if link))


def refuse(mistakes: Sequence[str]) -> None:
    """:raises InputError: there are mistakes; all of them are named."""
    if mistakes:
        raise InputError(f"{counted(len(mistakes), 'mistake')}, and nothing was written. {' '.join(mistakes)}")


def refuse_empty(params: Mapping[str, Any], *names: str) -> None:
    """An empty option is a variable without a value more often than a wish.

    :raises InputError: one of them is empty.
    """
    for name in names:
        if params[name] is not None and not params[name].strip():
            raise InputError(f"{name} is empty. Give it a value, or leave it out.")


def issue_key(text: str) -> str:
    """An issue key or id as a person types it, in Jira's capitals.

    :raises InputError: it is neither, so it is not worth a request.
    """
    key = text.strip().upper()
    if not _KEY.fullmatch(key):
        raise InputError(f"{printable(text)!r} is no issue key. A key looks like HSP-1.")
    return key


def type_reference(text: str) -> LinkType:
    """The type as a task names it: digits are an id, anything else is a name.

    :raises InputError: it is empty.
    """
    if not text.strip():
        raise InputError("link_type is empty. Give the name or the id of a link type, such as Blocks.")
    return LinkType(id=text) if text.isdigit() else LinkType(name=text)


def find_type(types: Iterable[LinkType], wanted: LinkType) -> LinkType | None:
    return next((kind for kind in types if kind.fits(wanted)), None)


def resolve_type(types: Iterable[LinkType], wanted: LinkType) -> LinkType:
    """The type in full. Names match exactly, as they do for Jira.

    :raises InputError: there is no such type; the error names those there are, nearest first.
    """
    types = list(types)
    found = find_type(types, wanted)
    if found:
        return found
    name = wanted.id or wanted.name or ""
    order = nearest_first(name, (kind.name or "" for kind in types))
    known = sorted(types, key=lambda kind: order.index(kind.name or ""))
    phrases = {folded(phrase or "") for kind in types for phrase in (kind.outward, kind.inward)}
    raise InputError(
        f"This site has no issue link type with the {'id' if wanted.id else 'name'} {printable(name)!r}. "
        f"{'That is a phrase: say the link with issue, phrase and linked_issue. ' if folded(name) in phrases else ''}"
        f"It has, nearest first: {listed(map(str, known))}. A name must match exactly."
    )


def types_for_phrase(types: Iterable[LinkType], phrase: str) -> list[tuple[LinkType, bool]]:
    """The types that a phrase fits, each with True where the phrase is the outward one (``blocks``).

    :raises InputError: it fits none; the error lists every phrase the site has, nearest first.
    """
    types = list(types)
    wanted = folded(phrase)
    outward = [(t, True) for t in types if folded(t.outward or "") == wanted]
    inward = [(t, False) for t in types if folded(t.inward or "") == wanted and not t.symmetric]
    if outward or inward:
        return outward + inward
    phrases = nearest_first(phrase, (text for t in types for text in (t.outward, t.inward) if text))
    raise InputError(
        f"No issue link type reads {printable(phrase)!r}. This site's phrases, nearest first: "
        f"{listed(printable(repr(text)) for text in phrases)}."
    )


def asked_link(params: Mapping[str, Any], types: Callable[[], list[LinkType]]) -> IssueLink:
    """The link that a task asks for, in either of its two forms. The types are read only for a phrase.

    :raises InputError: a key is no key, a phrase fits no type, or it fits several.
    """
    if params["phrase"] is None:
        inward, outward = params["inward_issue"], params["outward_issue"]
        kind = type_reference(params["link_type"])
        return IssueLink(kind, Issue(issue_key(inward)), Issue(issue_key(outward)))
    ends = Issue(issue_key(params["issue"])), Issue(issue_key(params["linked_issue"]))
    fitting = types_for_phrase(types(), params["phrase"])
    if len(fitting) > 1:
        raise InputError(
            f"{printable(params['phrase'])!r} fits several issue link types: "
            f"{listed(f'{kind} with id {kind.id}' for kind, dummy in fitting)}. "
            "Say which one with link_type, inward_issue and outward_issue."
        )
    kind, forward = fitting[0]
    return IssueLink(kind, *(ends if forward else reversed(ends)))
