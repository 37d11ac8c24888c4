# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remote links: what a task says of them, what Jira's JSON says, and what differs. No input or output."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ._model import InputError, Json, refuse_empty
from ._text import listed, printable

MOST_REMOTE_LINKS = 2000  # on one issue, on Cloud
LONGEST_GLOBAL_ID = 255  # characters, for Jira
_ADDRESS = re.compile(r"(?!javascript:|vbscript:|data:)[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
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
        return cls(_without_nothing({**data, "id": None, "self": None}), str(data["id"]))

    def get(self, name: str) -> Any:
        """The value of an option; None if Jira has none."""
        value: Any = self.body
        for step in _PLACES[name]:
            value = value.get(step) if isinstance(value, dict) else None
        return value

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


class Change(NamedTuple):
    """One remote link before and after: None where there is none. If both are equal, there is nothing to do."""

    before: RemoteLink | None
    after: RemoteLink | None

    @property
    def status(self) -> str:
        if self.before == self.after:
            return "present"
        return "created" if not self.before else "updated" if self.after else "removed"

    @property
    def link(self) -> RemoteLink:
        """The remote link as it is to be, or was."""
        return self.after or self.before or RemoteLink({})


def plan_present(current: Iterable[RemoteLink], given: Values) -> Change:
    """What makes the issue have a remote link.

    The one that has its global id; else one with its URL and without any global id, which is adopted.

    :raises InputError: it is missing and not enough is known to make it, or its URL is none.
    """
    if "remote_url" in given and not _ADDRESS.fullmatch(given["remote_url"]):
        raise InputError(
            f"{printable(given['remote_url'])!r} is no address to link to. One looks like https://ci.example.com/builds/512."
        )
    same = [link for link in current if _same(link, given)]
    before = min(same, key=lambda link: link.get("global_id") is None, default=None)
    after = (before or RemoteLink({})).merged(given)
    missing = [name for name in ("remote_url", "title") if not after.get(name)]
    if missing:
        raise InputError(f"There is no such remote link yet. To make it, {listed(missing)} is needed as well.")
    return Change(before, after)


def _same(link: RemoteLink, given: Values) -> bool:
    name = "global_id" if link.get("global_id") else "remote_url"
    return bool(link.get(name) == given.get(name))


def plan_absent(current: Iterable[RemoteLink], params: Mapping[str, Any]) -> list[Change]:
    """What makes the issue have no such remote link: by its id; else by its global id; else all with its URL."""
    given_id, global_id, url = (params[name] and params[name].strip() for name in ("id", "global_id", "remote_url"))

    def meant(link: RemoteLink) -> bool:
        if given_id:
            return bool(link.id == given_id)
        if global_id:
            return _same(link, {"global_id": global_id, "remote_url": url})
        return bool(link.get("remote_url") == url)

    return [Change(link, None) for link in current if meant(link)]


def remote_diff(changes: Iterable[Change], key: str) -> dict[str, str]:
    """Ansible's before and after."""
    changes = list(changes)

    def text(links: Iterable[RemoteLink | None]) -> str:
        return "".join(f"{line}\n" for link in links if link for line in link.lines(key))

    return {"before": text(each.before for each in changes), "after": text(each.after for each in changes)}
