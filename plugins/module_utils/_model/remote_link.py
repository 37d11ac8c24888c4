# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remote links: what a task says of them, and what Jira's JSON says. No input or output."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .._text import printable
from .fields import Json, identifier, optional_text, some_text, text, truth
from .options import InputError, refuse_empty

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
_NEVER_MISSING = ("remote_url", "title")
_IN_THE_SENTENCE = ("remote_url", "title", "relationship")
Values = Mapping[str, Any]
"""What a task gives, by the names of ``_PLACES``."""


class RemoteLink(NamedTuple):
    """A link from an issue to something outside of Jira.

    :param body: Jira's JSON of it, as it can be sent back, without what is null or empty. So what no option here says
        is kept as well, although Jira nulls whatever is not sent.
    """

    body: Json
    id: str | None = None

    @classmethod
    def from_json(cls, data: Json) -> RemoteLink:
        link = cls(_without_nothing({**data, "id": None, "self": None}), identifier(data["id"]))
        for name, place in _PLACES.items():
            value = _value(data, place)
            if name in _NEVER_MISSING:
                some_text(value)
            elif name != "resolved":
                optional_text(value)
            elif value is not None:
                truth(value)
        return link

    def get(self, name: str) -> Any:
        """The value of an option; None if Jira has none."""
        return _value(self.body, _PLACES[name])

    def merged(self, given: Values) -> RemoteLink:
        """The link with the values given, and its own for all else. An empty text takes a value away."""
        body = self.body
        for name, value in given.items():
            if (self.get(name) or None) != (value or None):  # not resolved is the same as no word about it
                body = _put(body, _PLACES[name], value)
        return self._replace(body=_without_nothing(body))

    def sentence(self, key: str) -> str:
        """``REL-1 links to Build 1 (https://ci.example.com/1)``, in Jira's own words where no relationship is set."""
        return printable(
            f"{key} {self.get('relationship') or 'links to'} {self.get('title')} ({self.get('remote_url')})"
        )

    def to_result(self, key: str) -> dict[str, Any]:
        """The remote link as every module shows it."""
        values = {name: self.get(name) for name in _PLACES if "." not in name}
        application = {part: self.get(f"application.{part}") for part in ("name", "type")}
        return {"id": self.id, "issue": key, **values, "application": application, "sentence": self.sentence(key)}

    def lines(self, key: str) -> list[str]:
        """The link for a diff: its sentence, then what that does not say."""
        more = {name: self.get(name) for name in _PLACES if name not in _IN_THE_SENTENCE}
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in more.items()}
        return [self.sentence(key), *(f"  {name}: {printable(texts[name])}" for name in more if more[name] is not None)]


def _value(data: Json, place: Sequence[str]) -> Json:
    """What stands at a place inside of objects; None if one of them is null or missing.

    :raises AttributeError: one of them is no object.
    """
    for step in place:
        data = None if data is None else data.get(step)
    return data


def _without_nothing(value: Json) -> Json:
    """JSON without nulls, empty texts and empty objects, all of which mean the same to Jira."""
    if isinstance(value, str):
        return text(value)
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
    """What a task says that a remote link is to be.

    :raises InputError: it is not said which one, or an option is empty or too long.
    """
    refuse_empty(options, "remote_url", "title", "global_id")
    parts = {f"application.{part}": value for part, value in (options["application"] or {}).items()}
    said = {name: {**options, **parts}.get(name) for name in _PLACES}
    given = {
        name: value.strip() if isinstance(value, str) else value for name, value in said.items() if value is not None
    }
    if "remote_url" not in given and "global_id" not in given:
        raise InputError("remote_url or global_id is needed, to tell which remote link is meant.")
    if "global_id" not in given:
        given["global_id"] = global_id_of(given["remote_url"])
    if len(given["global_id"]) > LONGEST_GLOBAL_ID:
        raise InputError(f"global_id has {len(given['global_id'])} characters. Jira takes {LONGEST_GLOBAL_ID}.")
    return given
