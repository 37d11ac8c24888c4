# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remote links: what a task says of them, what Jira's JSON says, and what differs. No input or output."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ._model import InputError, Json, refuse_empty
from ._text import listed, printable

MOST_REMOTE_LINKS = 2000  # on one issue, on Cloud
LONGEST_GLOBAL_ID = 255  # characters, for Jira
_PLACES = {
    "global_id": ("globalId",),
    "remote_url": ("object", "url"),
    "title": ("object", "title"),
    "summary": ("object", "summary"),
    "relationship": ("relationship",),
    "application.name": ("application", "name"),
    "application.type": ("application", "type"),
    "icon_url": ("object", "icon", "url16x16"),
    "icon_title": ("object", "icon", "title"),
    "resolved": ("object", "status", "resolved"),
    "status_icon_url": ("object", "status", "icon", "url16x16"),
}
"""Where Jira's JSON has what an option says."""
_IN_THE_SENTENCE = ("global_id", "remote_url", "title", "relationship")

Values = Mapping[str, Any]
"""What a task gives, by the names of ``_PLACES``."""


class RemoteLink(NamedTuple):
    """A link from an issue to something outside of Jira.

    :param body: Jira's JSON of it, as far as it can be sent, without what is null or empty. So what this collection
        has no option for is kept as well, although Jira nulls whatever is not sent.
    """

    body: Json
    id: str | None = None

    @classmethod
    def from_json(cls, data: Json) -> RemoteLink:
        return cls(_without_nothing({**data, "id": None, "self": None}), str(data["id"]))

    def __getitem__(self, name: Any) -> Any:
        """The value of an option; None if Jira has none."""
        value: Any = self.body
        for step in _PLACES[name]:
            value = value.get(step) if isinstance(value, dict) else None
        return value

    def merged(self, given: Values) -> RemoteLink:
        """The link with other values for what is given, and its own for all else. An empty text takes a value away."""
        body = self.body
        for name, value in given.items():
            if (self[name] or None) != (value or None):  # not resolved is the same as no word about it
                body = _put(body, _PLACES[name], value)
        return self._replace(body=_without_nothing(body))

    @property
    def sentence(self) -> str:
        return printable(f"{self['relationship'] or 'links to'} {self['title']} ({self['remote_url']})")

    def __str__(self) -> str:
        return self.sentence

    def to_result(self) -> dict[str, Any]:
        """The remote link as every module shows it."""
        values = {name: self[name] for name in _PLACES if "." not in name}
        application = {part: self[f"application.{part}"] for part in ("name", "type")}
        return {"id": self.id, **values, "application": application}

    def lines(self, key: str) -> list[str]:
        """The link for a diff: a sentence, then what it does not say."""
        more = (name for name in _PLACES if name not in _IN_THE_SENTENCE and self[name] is not None)
        values = [f"  {name}: {printable(self[name])}" for name in more]
        own = self["global_id"] != global_id_of(self["remote_url"] or "")
        known = [f"  global_id: {printable(self['global_id'])}"] if own else []
        return [f"{key} {self.sentence}", *known, *values]


def _without_nothing(value: Json) -> Json:
    """JSON without nulls, empty texts and empty objects, all of which mean the same to Jira."""
    if not isinstance(value, dict):
        return value
    kept = {name: _without_nothing(part) for name, part in value.items()}
    return {name: part for name, part in kept.items() if part is not None and part not in ("", {})}


def _put(body: Json, place: Sequence[str], value: Any) -> Json:
    first, *rest = place
    inside = body if isinstance(body, dict) else {}
    return {**inside, first: _put(inside.get(first), rest, value) if rest else value}


def global_id_of(url: str) -> str:
    """The global id of a remote link whose task gives none: the URL, or as much of it as fits before its SHA-256."""
    if len(url) <= LONGEST_GLOBAL_ID:
        return url
    digest = hashlib.sha256(url.encode()).hexdigest()
    return f"{url[: LONGEST_GLOBAL_ID - len(digest) - 1]}#{digest}"


def asked_remote_link(options: Mapping[str, Any]) -> dict[str, Any]:
    """What a task says a remote link is to be.

    :raises InputError: an option is empty or too long.
    """
    refuse_empty(options, "remote_url", "title", "global_id")
    flat = {**options, **{f"application.{part}": value for part, value in (options["application"] or {}).items()}}
    given = {name: flat[name] for name in _PLACES if flat.get(name) is not None}
    for name in ("remote_url", "title", "global_id"):
        if name in given:
            given[name] = given[name].strip()
    given.setdefault("global_id", global_id_of(given["remote_url"]))
    if len(given["global_id"]) > LONGEST_GLOBAL_ID:
        raise InputError(f"global_id has {len(given['global_id'])} characters. Jira takes {LONGEST_GLOBAL_ID}.")
    return given


class Change(NamedTuple):
    """What becomes of one remote link."""

    before: RemoteLink | None
    after: RemoteLink | None

    @property
    def changes(self) -> bool:
        return self.before != self.after

    @property
    def status(self) -> str:
        if not self.changes:
            return "present"
        return "created" if not self.before else "updated" if self.after else "removed"

    @property
    def link(self) -> RemoteLink:
        """The link as it is to be, or was."""
        link = self.after or self.before
        assert link
        return link


def plan_present(current: Iterable[RemoteLink], asked: Mapping[str, Values]) -> tuple[list[Change], list[str]]:
    """What is missing and what differs, and the mistakes.

    A remote link that has the global id is the one. Else one with the same URL and without any global id is adopted.

    :param asked: by the place at which the task says it, for the mistakes.
    """
    free = list(current)
    changes, mistakes = [], []
    for place, given in _once(asked, mistakes := []).items():
        before = _matching(free, given)
        if before:
            free.remove(before)
        after = (before or RemoteLink({})).merged(given)
        if after["title"]:
            changes.append(Change(before, after))
        else:
            mistakes.append(f"{place}title is needed for a remote link that is to be made.")
    return changes, mistakes
