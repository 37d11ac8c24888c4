# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jira's REST endpoints, one method each, on Cloud (v3) and Data Center (v2) alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

from ._errors import BadRequest, Gone, JiraError, NotFound, ServerError
from ._http import Answer, Http
from ._model import IssueLink, Json, LinkedIssue, LinkType

_PAGE = 100  # the most that issue/bulkfetch takes; search pages are kept to the same size
LINKS = ("issuelinks",)


class Jira:
    """One Jira site. Every method may raise a JiraError.

    :param site: its address as a browser knows it.
    :param cloud: False for Data Center, None where only the site itself can tell.
    :param api_version: ``"2"``, ``"3"``, or None for what fits the site.
    """

    def __init__(self, http: Http, site: str, cloud: bool | None, api_version: str | None) -> None:
        self.http, self.site = http, site
        self._cloud, self._api_version = cloud, api_version
        self._twins: list[Jira] = []
        self.warnings: list[str] = []
        self.progress: Callable[[Any], None] = lambda progress: None
        """Told about once a second how far a long run is."""

    def twin(self) -> Jira:
        """The same site for another thread: with connections of its own, and what is known already."""
        twin = Jira(self.http.twin(), self.site, self.cloud, self.api_version)
        twin.warnings = self.warnings
        twin.link_types = self.link_types
        self._twins.append(twin)
        return twin

    @property
    def requests_sent(self) -> int:
        return self.http.sent + sum(twin.http.sent for twin in self._twins)

    def close(self) -> None:
        self.http.close()

    @property
    def cloud(self) -> bool:
        if self._cloud is None:
            info = self._ask("GET", "/rest/api/2/serverInfo", about="the server")
            self._cloud = info.get("deploymentType") == "Cloud"
        return self._cloud

    @property
    def api_version(self) -> str:
        return self._api_version or ("3" if self.cloud else "2")

    def path(self, *parts: str) -> str:
        return "/".join([f"/rest/api/{self.api_version}", *(quote(part, safe="") for part in parts)])

    def _read(self, method: str, path: str, **options: Any) -> Json:
        """A request that must be answered with a JSON object."""
        data = self.http.request(method, path, **options).data
        if isinstance(data, dict):
            return data
        raise ServerError(f"The answer to {method} {path} is empty or not Jira's. Check url.", method=method, path=path)

    def _ask(self, method: str, path: str, **options: Any) -> Json:
        """As _read, at an endpoint that every Jira has: a 404 is about the address, and never means "none"."""
        try:
            return self._read(method, path, **options)
        except NotFound as error:
            raise error.explained(
                f"There is no Jira with {path} at {self.http.base_url}. Check url (with its context path if it has "
                "one), cloud_id and api_version.",
                JiraError,
            ) from None

    @cached_property
    def link_types(self) -> list[LinkType]:
        """Every issue link type of the site.

        :raises JiraError: issue linking is switched off.
        """
        path = self.path("issueLinkType")
        try:
            answer = self._read("GET", path, about="the issue link types")
        except NotFound as error:
            self._ask("GET", self.path("serverInfo"), about="the server")
            raise error.explained(
                "Issue linking is switched off on this site. A Jira administrator can switch it on.", JiraError
            ) from None
        return [LinkType.from_json(entry) for entry in answer["issueLinkTypes"]]

    def issue(self, key: str, fields: Sequence[str] = LINKS) -> LinkedIssue:
        """One issue and its links, by any of its keys.

        :raises NotFound: it does not exist, or this account may not see it.
        """
        query = {"fields": ",".join(fields)}
        return LinkedIssue.from_json(self._read("GET", self.path("issue", key), params=query, about=f"issue {key}"))

    def issues(self, keys: Iterable[str], fields: Sequence[str] = LINKS) -> dict[str, LinkedIssue]:
        """Issues and their links by the keys asked for, a hundred a request. What Jira does not show is absent."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, LinkedIssue] = {}
        for start in range(0, len(wanted), _PAGE):
            some = wanted[start : start + _PAGE]
            found.update(self._by_key(some, fields))
            unanswered = [key for key in some if key not in found]
            if unanswered and self._some_exist(unanswered):
                found.update(self._one_by_one(unanswered, fields))
        return found

    def _by_key(self, keys: Sequence[str], fields: Sequence[str]) -> dict[str, LinkedIssue]:
        answered = {name: read for read in self._some(keys, fields) for name in (read.issue.key, read.issue.id)}
        return {key: answered[key] for key in keys if key in answered}

    def _some_exist(self, unanswered: Sequence[str]) -> bool:
        """Whether keys without an answer may still be old keys of issues that moved.

        bulkfetch follows old keys but answers with the current one. A search may not know old keys, or be behind.
        """
        return not self.cloud or bool(self._some(unanswered, ()))

    def _one_by_one(self, keys: Sequence[str], fields: Sequence[str]) -> Iterator[tuple[str, LinkedIssue]]:
        for key in keys:
            try:
                yield key, self.issue(key, fields)
            except NotFound:
                continue

    def _some(self, keys: Sequence[str], fields: Sequence[str]) -> list[LinkedIssue]:
        if self.cloud:
            body = {"issueIdsOrKeys": list(keys), "fields": list(fields)}
            answer = self._ask("POST", self.path("issue", "bulkfetch"), json=body, about="the issues")
            return [LinkedIssue.from_json(entry) for entry in answer["issues"]]
        listed = ", ".join(f'"{key}"' for key in keys)
        try:
            return list(self.search(f"key in ({listed})", fields))
        except BadRequest:
            return []  # one key that is not there can fail the whole query: then each is asked for alone

    def search(self, jql: str, fields: Sequence[str] = LINKS) -> Iterator[LinkedIssue]:
        """The issues that a query finds, all pages of them."""
        body = {"jql": jql, "fields": list(fields), "maxResults": _PAGE}
        for page in self._cloud_pages(body) if self.cloud else self._data_center_pages(body):
            yield from (LinkedIssue.from_json(entry) for entry in page["issues"])

    def _cloud_pages(self, body: dict[str, Any]) -> Iterator[Json]:
        while True:
            page = self._ask("POST", self.path("search", "jql"), json=body, about="the search")
            yield page
            if page.get("isLast", True) or not page.get("nextPageToken"):
                return
            body = {**body, "nextPageToken": page["nextPageToken"]}

    def _data_center_pages(self, body: dict[str, Any]) -> Iterator[Json]:
        start = 0
        while True:
            asked = {**body, "startAt": start, "validateQuery": False}
            try:
                page = self._ask("POST", self.path("search"), json=asked, about="the search")
            except Gone:
                self._cloud = True  # only Cloud has given up this endpoint
                yield from self._cloud_pages(body)
                return
            yield page
            start += len(page["issues"])
            if start >= page["total"] or not page["issues"]:
                return

    def link(self, link_id: str) -> IssueLink | None:
        """The issue link of that id; None if there is none that this account may see."""
        try:
            return IssueLink.from_json(
                self._read("GET", self.path("issueLink", link_id), about=f"issue link {link_id}")
            )
        except NotFound:
            return None

    def link_request(self, link: IssueLink, comment: Json = None) -> dict[str, Any]:
        """The request that makes a link, as it is sent and as modules show it."""
        body = {
            "type": link.type.reference,
            "inwardIssue": {"key": link.inward.key},
            "outwardIssue": {"key": link.outward.key},
        }
        if comment:
            body["comment"] = comment
        return {"method": "POST", "path": self.path("issueLink"), "body": body}

    def create_link(self, link: IssueLink, comment: Json, settled: Callable[[], IssueLink | None]) -> Answer:
        """Make a link. Jira answers 201 and stores nothing, but the comment, where the link is there already.

        :param settled: looks whether the link is there after all, when Jira did not answer.
        """
        method, path, body = self.link_request(link, comment).values()
        return self.http.request(
            method, path, json=body, about=repr(link.sentence), settled=settled, repeatable=comment is None
        )

    def delete_link(self, link: IssueLink) -> None:
        """:raises NotFound: there is no such link."""
        self.http.request("DELETE", self.path("issueLink", str(link.id)), about=f"removing {link.sentence!r}")

    def may_link(self, key: str) -> bool:
        """Whether this account has the Link Issues permission for an issue."""
        query = {"issueKey": key, "permissions": "LINK_ISSUES"}
        answer = self._ask("GET", self.path("mypermissions"), params=query, about=f"the permissions for {key}")
        return bool(answer["permissions"]["LINK_ISSUES"]["havePermission"])
