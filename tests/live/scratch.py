# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Three scratch issues: what the facts write to them, and how it is removed again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.live.marks import Mark
from tests.live.reading import Comment, Issue, Link, LinkType, read_comments, read_issue
from tests.live.reasons import NotAsked, Reason
from tests.live.removing import COMMENTS, LINKS, REMOTE_LINKS, among, find, remove
from tests.live.site import Answer, Site, SiteError
from tests.live.words import messages

REMOTE_URL = "https://github.com/linkops/jira/blob/main/docs/live.md"
JOURNAL_TITLE = "A test of issue links is at work here, or was killed; run again, it cleans up"
JOURNAL_LEFT = f"the remote links {JOURNAL_TITLE!r} of the issues, and links among them"


class Unexpected(Exception):
    """Something that only prepares a fact was answered otherwise than facts have it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def prepared(answer: Answer, status: int = 200) -> Answer:
    """An answer that prepares a fact. Raises Unexpected where it has another status."""
    if answer.status != status:
        raise Unexpected(answer)
    return answer


class Scratch:
    """The issues a, b and c, and the link types that the facts take. `mark` makes what is written recognisable.

    :param no_comments: why comments are not written, or None where they are.
    :param moved: a key that an issue once had, or nothing.
    """

    def __init__(
        self,
        site: Site,
        issues: Sequence[Issue],
        types: Sequence[LinkType],
        no_comments: Reason | None = None,
        moved: str = "",
    ) -> None:
        self.site = site
        self.issues = tuple(issues)
        self.a, self.b, self.c = issues
        self.types = types
        self.mark = Mark(secrets.token_hex(16))
        self.no_comments = no_comments
        self.moved = moved
        self.patience = 60.0
        """Seconds to wait for a search to find what was written."""
        self.lags: dict[str, float] = {}
        """How many seconds it took, by the query."""
        self.unknown_words: list[str] = []
        """What the site said in words that are not known: for the terminal only."""
        self.alone = False
        """Whether the issues had no links once the journal was there: links among them are this run's from then on."""
        self._wrote: set[str] = set()
        self._number = 1

    # --- link types

    @property
    def directed(self) -> LinkType:
        """Blocks, or else another one with two phrases."""
        found = sorted(
            (each for each in self.types if each.inward != each.outward), key=lambda each: each.name != "Blocks"
        )
        return _first(found, Reason.NO_DIRECTED_TYPE)

    @property
    def symmetric(self) -> LinkType:
        return _first([each for each in self.types if each.inward == each.outward], Reason.NO_SYMMETRIC_TYPE)

    @property
    def second(self) -> LinkType:
        """Another one than `directed`."""
        return _first([each for each in self.types if each != self.directed], Reason.NO_SECOND_TYPE)

    # --- links

    def post_link(self, inward: Any, outward: Any, link_type: Any, **more: Any) -> Answer:
        """POST issueLink, with each part as it has to be sent."""
        self._wrote.update({LINKS, COMMENTS} if "comment" in more else {LINKS})
        body = {"type": link_type, "inwardIssue": inward, "outwardIssue": outward, **more}
        return self.site.ask("POST", "issueLink", json=body)

    def link(self, inward: Issue, outward: Issue, link_type: LinkType | None = None, **more: Any) -> Answer:
        """POST issueLink: `inward` blocks `outward`, unless another type is given."""
        kind = link_type or self.directed
        return self.post_link({"key": inward.key}, {"key": outward.key}, {"id": kind.id}, **more)

    def linked(self, inward: Issue, outward: Issue, link_type: LinkType | None = None) -> Link:
        """The link, once it is made. Raises Unexpected."""
        answer = self.link(inward, outward, link_type)
        links = self.links()
        if answer.status != 201 or len(links) != 1:
            raise Unexpected(answer)
        return links[0]

    def links(self) -> list[Link]:
        """Those among the three; each of them has an end at a or at b."""
        return among(self.issues, [link for issue in (self.a, self.b) for link in read_issue(self.site, issue.id)[1]])

    def seen_from(self, issue: Issue) -> list[dict[str, Any]]:
        """The links of an issue as Jira shows them, as JSON."""
        answer = prepared(self.site.ask("GET", "issue/*", issue.key, params={"fields": "issuelinks"}))
        links: list[dict[str, Any]] = answer.data["fields"]["issuelinks"]
        return links

    # --- comments and remote links

    def comment_body(self) -> Any:
        """A comment that says whose it is; version 3 of the API takes a document."""
        text = self.mark.comment(self._number)
        if not self.site.cloud:
            return text
        return {
            "type": "doc",
            "version": 1,
            "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}],
        }

    def comments(self) -> list[Comment]:
        """Those of this fact."""
        found = [comment for issue in self.issues for comment in read_comments(self.site, issue)]
        return [comment for comment in found if comment.text == self.mark.comment(self._number)]

    def global_id(self, name: str = "upsert") -> str:
        return self.mark.global_id(name)

    def post_remote_link(self, name: str = "upsert", **more: Any) -> Answer:
        """POST a remote link of a, with the global id of this name."""
        self._wrote.add(REMOTE_LINKS)
        thing = {"url": REMOTE_URL, "title": "A test of remote links", **more.pop("object", {})}
        body = {"globalId": self.global_id(name), "object": thing, **more}
        return self.site.ask("POST", "issue/*/remotelink", self.a.id, json=body)

    # --- searching

    def search(self, jql: str, login: Mapping[str, str] | None = None, **more: Any) -> Answer:
        """:param login: `authorization`, as for `Site.ask`, where it is not the user's."""
        body = {"jql": jql, "fields": ["summary"], "maxResults": 50, **more}
        return self.site.ask("POST", "search/jql" if self.site.cloud else "search", json=body, **(login or {}))

    def found(self, answer: Answer) -> str:
        """Which of the issues a search found: `a and b`, `nothing`; or the status of its refusal."""
        if answer.status != 200:
            return str(answer.status)
        ids = [issue["id"] for issue in answer.data["issues"]]
        names = [name for name, issue in zip("abc", self.issues, strict=True) if issue.id in ids]
        return " and ".join(names) or "nothing"

    def found_at_last(self, name: str, jql: str) -> str:
        """What a search finds once it finds anything; how long that took is kept under this name."""
        began = time.monotonic()
        while (seen := self.found(self.search(jql))) == "nothing" and time.monotonic() - began < self.patience:
            self.site.pause(0.5)
        if seen != "nothing":
            self.lags[name] = time.monotonic() - began
        return seen

    # --- beginning and removing

    def begin(self) -> None:
        """Write the journal, before anything else. Raises SiteError where that cannot be, or somebody was faster."""
        body = {"globalId": self.mark.journal(self.issues), "object": {"url": REMOTE_URL, "title": JOURNAL_TITLE}}
        for issue in self.issues:
            answer = self.site.ask("POST", "issue/*/remotelink", issue.id, json=body)
            if answer.status != 201:
                words = self.site.hidden(" ".join(messages(answer)))
                raise SiteError(f"the journal could not be written: {answer.status} {words}")
        if any(read_issue(self.site, issue.id)[1] for issue in self.issues):
            raise SiteError("somebody has linked one of the issues meanwhile; that link stays")
        self.alone = True

    def clear(self) -> None:
        """Remove what the last fact wrote. Raises SiteError if it stays, since the next fact would meet it.

        A comment may stay: it is named at the end of the run.
        """
        written = find(self.site, self.issues, {self.mark}, self._wrote)
        remove(self.site, written.without_journal())
        if written.links and self.links():
            raise SiteError("a link of a fact cannot be removed")
        self._wrote.clear()
        self._number += 1


def _first(types: Sequence[LinkType], otherwise: Reason) -> LinkType:
    if not types:
        raise NotAsked(otherwise)
    return types[0]
