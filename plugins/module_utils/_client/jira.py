# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jira's REST endpoints, one method each, on Cloud (v3) and Data Center (v2) alike."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from .._model.fields import Json
from .._model.link import IssueLink, LinkedIssue, LinkType, as_typed
from .._model.remote_link import RemoteLink
from . import answers
from .concurrency import EndpointLimiter
from .errors import BadRequest, CaptchaRequired, Forbidden, Gone, JiraError, NotFound, Unauthorized
from .http_client import Answer, Http, confirm
from .pages import by_offset, by_token, each_once
from .progress import watched
from .rate_limits import PAGE
from .site import Site

_MAY_NOT_ASK = (400, 401, 403, 404, 405, 410)  # how Jira or a gateway keeps a token from asking who it belongs to
_SWITCHED_OFF = "Issue linking is switched off on this site. A Jira administrator can switch it on."
_SERVER_INFO = "/rest/api/2/serverInfo"  # of every Jira, whatever version of its API is used otherwise
LINKS = ("issuelinks",)
KEYS = ("summary",)  # where no field is asked for, a search need not even give the key
Value = TypeVar("Value")


class Jira:
    """A Jira site as one run uses it, with a method for each endpoint. Every method may raise a JiraError.

    :param progress: told about once a second how far a long run is.
    """

    def __init__(self, site: Site, progress: Callable[[Any], None] = lambda progress: None) -> None:
        self.site, self.progress = site, progress
        self.http = site.http.for_run()
        self.warnings: list[str] = []
        self.concurrency: int | None = None
        """How many requests may be under way, at most; None for as many as turn out to be good."""
        self.in_thread = False
        """Whether this is one of several threads of a run."""
        self.issues_read = 0
        self._limiters: dict[str, EndpointLimiter] = {}
        self._started = time.monotonic()

    def over(self, http: Http) -> Jira:
        """The same run over other connections, those of another thread."""
        other = copy.copy(self)
        other.http, other.in_thread = http, True
        return other

    def limiter(self, endpoint: str, writes: bool) -> EndpointLimiter:
        """What says how many requests one endpoint gets from this run.

        :param endpoint: with the method, as in ``POST issueLink``.
        """
        if endpoint not in self._limiters:
            method = endpoint.partition(" ")[0]
            limiter = EndpointLimiter(self.is_cloud(), method, writes, self._started, self.concurrency)
            self._limiters[endpoint] = limiter
        return self._limiters[endpoint]

    def warn(self, text: str) -> None:
        """Say something that the user should know, once a run."""
        if text not in self.warnings:
            self.warnings.append(text)

    def is_cloud(self) -> bool:
        """Whether this is Jira Cloud, or else Data Center. The site is asked if nothing else tells."""
        if self.site.cloud is None:
            self.site.cloud = self._ask("GET", _SERVER_INFO, answers.parse_is_cloud, about="its version")
        return self.site.cloud

    def find_api_version(self) -> str:
        """``"2"`` or ``"3"``. The site is asked if nothing else tells."""
        return self.site.api_version or ("3" if self.is_cloud() else "2")

    def _find_path(self, *parts: str) -> str:
        quoted = (quote(part, "", errors="replace") for part in parts)
        return "/".join([f"/rest/api/{self.find_api_version()}", *quoted])

    def _read(self, method: str, path: str, parse: Callable[[Json], Value], **options: Any) -> Value:
        """Send a request and return what ``parse`` makes of the answer."""
        found: Value = self.http.request(method, path, parse=parse, **options).data
        return found

    def _ask(self, method: str, path: str, parse: Callable[[Json], Value], **options: Any) -> Value:
        """Like _read, for endpoints that every Jira has: there a 404 means that the address is wrong."""
        try:
            return self._read(method, path, parse, **options)
        except NotFound as error:
            raise error.explained(
                f"There is no Jira with {path} at {self.http.base_url}. Check url (with its context path if it has "
                "one), cloud_id and api_version.",
                JiraError,
            ) from None

    def read_link_types(self) -> list[LinkType]:
        """Every issue link type of the site, read once for all runs that share it.

        :raises JiraError: issue linking is switched off.
        """
        if self.site.link_types is None:
            path = self._find_path("issueLinkType")
            self.site.types_read_at = time.monotonic()
            try:
                self.site.link_types = self._read("GET", path, answers.parse_link_types, about="the issue link types")
            except NotFound as error:
                self._check_address()
                raise error.explained(_SWITCHED_OFF, JiraError) from None
        return self.site.link_types

    def read_server_info(self) -> answers.Server:
        """What the site says of itself, and with that whether it is Jira Cloud, if nothing else has told."""
        server = self._ask("GET", _SERVER_INFO, answers.parse_server, about="the site itself")
        if self.site.cloud is None:
            self.site.cloud = server.cloud
        return server

    def _check_address(self) -> None:
        """Raise an error if there is no Jira at this address, by an endpoint that every Jira has."""
        self._ask("GET", self._find_path("serverInfo"), answers.parse_is_cloud, about="its version")

    def forget_link_types(self, older_than: float = 0.0) -> None:
        """Read the link types anew when they are next needed.

        :param older_than: seconds; those that were read later are kept.
        """
        if time.monotonic() - self.site.types_read_at >= older_than:
            self.site.link_types = None

    def reread_link_types(self) -> list[LinkType]:
        """Every issue link type of the site, as it is now.

        :raises JiraError: issue linking is switched off by now, or the address is wrong: both can be behind a 404.
        """
        self.forget_link_types()
        return self.read_link_types()

    def _delete(self, path: str, about: str, gone: Callable[[], bool | None]) -> None:
        """Remove something. That it is gone already is no error.

        :param gone: reads whether it is gone. A 404 alone does not tell: it may be about something else, or be the
            answer of something before Jira.
        :raises NotFound: it may still be there.
        """
        try:
            self.http.request("DELETE", path, about=about, writes=True, read_back=gone)
        except NotFound as error:
            self.http.login_proved = None  # for the login may have ended since it was
            if not confirm(gone, error):
                raise error.explained(f"{error.message} It may still be there.") from None

    def create_link_type(self, link_type: LinkType, read_back: Callable[[], LinkType | None]) -> LinkType:
        """Make a link type with its name and both phrases.

        :param read_back: reads whether the type is there after all, when Jira did not answer.
        :raises NotFound: this account is no Jira administrator.
        :raises BadRequest: the name is in use.
        """
        body = {"name": link_type.name, "inward": link_type.inward, "outward": link_type.outward}
        path, about = self._find_path("issueLinkType"), f"the new issue link type {link_type}"
        return self._write_link_type("POST", path, json=body, about=about, idempotent=False, read_back=read_back)

    def update_link_type(
        self, link_type: LinkType, words: Mapping[str, str | None], read_back: Callable[[], LinkType | None]
    ) -> LinkType:
        """Change some of the words of a link type: name, inward, outward.

        :param read_back: reads whether the type has these words after all, when Jira did not answer.
        :raises NotFound: there is no such type, or this account is no Jira administrator.
        :raises BadRequest: the name is in use.
        """
        path, about = self._find_path("issueLinkType", str(link_type.id)), f"the issue link type {link_type}"
        return self._write_link_type("PUT", path, json=dict(words), about=about, read_back=read_back)

    def _write_link_type(self, method: str, path: str, **options: Any) -> LinkType:
        try:
            return self._read(method, path, LinkType.from_json, writes=True, **options)
        finally:
            self.forget_link_types()

    def delete_link_type(self, link_type: LinkType) -> None:
        """Remove a link type, and with it all links of this type. That it is gone already is no error.

        :raises NotFound: this account is no Jira administrator.
        """

        def gone() -> bool | None:
            return link_type.id not in {each.id for each in self.reread_link_types()} or None

        path = self._find_path("issueLinkType", str(link_type.id))
        try:
            self._delete(path, f"the issue link type {link_type}", gone)
        finally:
            self.forget_link_types()

    def prove_login(self) -> None:
        """Make sure that Jira accepts the credentials, before what it does not show is taken for not there.

        Many of Jira's endpoints answer dead credentials as they answer anybody, and only some of those answers say so.

        :raises Unauthorized: it does not.
        """
        if self.http.logged_in is None and self.http.login_proved is None:
            self.read_account()

    def read_account(self) -> str | None:
        """The name that people see of the account that is logged in; None where Jira does not tell.

        :raises Unauthorized: Jira does not accept the credentials, or there are none.
        """
        try:
            name = self._read("GET", self._find_path("myself"), answers.parse_account, about="who is logged in")
        except JiraError as error:
            if isinstance(error, Unauthorized) and not _speaks_of_scope(error):
                raise error.explained(Unauthorized.as_anonymous) from None
            if isinstance(error, CaptchaRequired) or error.status not in _MAY_NOT_ASK:
                raise
            self.http.login_proved = False
            self.warn(
                f"Whether Jira takes the credentials cannot be told: it answers {error.status} to {error.method} "
                f"{error.path}. If it does not, there may be more than it shows."
            )
            return None
        self.http.login_proved = True
        return name

    def _check_missing(self, answer: NotFound) -> None:
        """Make sure of a 404 that is to mean that something is not there: by Jira itself, to somebody it knows.

        :raises JiraError: it may be there.
        """
        if not answer.by_jira:
            doubt = (
                "Jira answers otherwise, so something before it may have done that, and it may be there all the same."
            )
            raise answer.explained(f"{answer.message} {doubt}", JiraError) from None
        self.prove_login()

    def issue(self, key: str, fields: Sequence[str] = LINKS) -> LinkedIssue:
        """One issue and its links, by any of its keys.

        :raises NotFound: it does not exist, or this account may not see it.
        """
        path, query, about = self._find_path("issue", key), {"fields": ",".join(fields)}, f"issue {as_typed(key)}"
        try:
            return self._read("GET", path, lambda entry: answers.parse_issue(entry, fields), params=query, about=about)
        except NotFound as error:
            self._check_missing(error)
            raise

    def bulk_fetch(self, keys: Sequence[str], fields: Sequence[str] = LINKS) -> list[LinkedIssue]:
        """Up to a hundred issues of Jira Cloud and their links. What it does not show is absent.

        Where a gateway does not let this through, none; and ``site.bulk`` is false from then on.
        """
        path, body = self._find_path("issue", "bulkfetch"), {"issueIdsOrKeys": list(keys), "fields": list(fields)}
        about = "the issues" if len(keys) > 1 else f"issue {as_typed(keys[0])}"
        try:
            return self._read("POST", path, lambda answer: answers.parse_issues(answer, fields), json=body, about=about)
        except NotFound:
            self.reread_link_types()
            self.site.bulk = False
            return []

    def search(
        self, jql: str, fields: Sequence[str] = LINKS, strict: bool = False, reconcile: Sequence[str] = ()
    ) -> Iterator[LinkedIssue]:
        """The issues that a query finds, all pages of them.

        :param strict: refuse a query that names what is not there, of which Data Center and some answers only warn.
        :param reconcile: ids of at most `RECONCILED` issues for which the answer is to be up to date. Only Cloud knows
            this, whose searches lag behind.
        """
        body = {"jql": jql, "fields": list(fields)}
        pages = self._pages(body, strict, reconcile)
        return each_once(pages if self.in_thread else watched(pages, self.progress))

    def shows_project(self, key: str) -> bool:
        """Whether Jira shows a project with this key. The query would take a name, or a key from before, as well."""
        try:
            found = next(self.search(f'project = "{key}"', KEYS, strict=True), None)
        except (BadRequest, NotFound):
            return False
        return not found or found.issue.project == key

    def _pages(self, body: dict[str, Any], strict: bool, reconcile: Sequence[str]) -> Iterator[list[LinkedIssue]]:
        if not self.is_cloud():

            def classic(start: int, size: int) -> tuple[list[LinkedIssue], int]:
                asked = {**body, "validateQuery": strict, "startAt": start, "maxResults": size}
                return self._page(("search",), asked, answers.parse_total, strict)

            try:
                yield from by_offset(classic, PAGE)
                return
            except Gone:
                self.site.cloud = True  # only Cloud has given up this endpoint

        if reconcile:
            body = {**body, "reconcileIssues": list(map(int, reconcile))}

        def by_page(token: str | None, size: int) -> tuple[list[LinkedIssue], str | None]:
            asked = {**body, "maxResults": size, **({"nextPageToken": token} if token else {})}
            return self._page(("search", "jql"), asked, answers.parse_next_page, strict)

        yield from by_token(by_page, PAGE)

    def _page(
        self, place: Sequence[str], body: dict[str, Any], beyond: Callable[[Json], Value], strict: bool
    ) -> tuple[list[LinkedIssue], Value]:
        """One page of a search, and what it says of the others. Whoever is not logged in finds a part, or nothing."""

        def parse(answer: Json) -> tuple[list[LinkedIssue], Value, tuple[str, ...]]:
            return answers.parse_issues(answer, body["fields"]), beyond(answer), answers.parse_warnings(answer)

        path = self._find_path(*place)
        try:
            issues, found, warnings = self._ask("POST", path, parse, json=body, about="the search")
            if strict and warnings:
                raise BadRequest(
                    f"Jira warns of the search, so what it finds does not count: {' '.join(warnings)}",
                    method="POST",
                    path=path,
                    status=200,
                    error_messages=warnings,
                )
        except BadRequest as error:
            raise error.explained(f"Jira does not take the query {body['jql']!r}. {error.message}") from None
        self.prove_login()
        return issues, found

    def link(self, link_id: str) -> IssueLink | None:
        """The issue link of that id; None if there is none that this account may see."""
        path = self._find_path("issueLink", link_id)
        try:
            return self._read("GET", path, answers.parse_link, about=f"issue link {link_id}")
        except NotFound as error:
            self.reread_link_types()
            self._check_missing(error)
            return None

    def link_request(self, link: IssueLink) -> dict[str, Any]:
        """The request that makes a link with its comment, as it is sent and as modules show it."""
        body = link.to_json(self.find_api_version())
        return {"method": "POST", "path": self._find_path("issueLink"), "body": body}

    def create_link(self, link: IssueLink, read_back: Callable[[], IssueLink | None]) -> Answer:
        """Make a link. If it is there already, Jira answers 201 as well, and adds nothing but the comment.

        So the request is idempotent without a comment, and is not with one.

        :param read_back: reads whether the link is there after all, when Jira did not answer.
        """
        request = self.link_request(link)
        return self.http.request(
            request["method"],
            request["path"],
            json=request["body"],
            about=repr(link.sentence),
            writes=True,
            idempotent=link.comment is None,
            read_back=read_back,
        )

    def delete_link(self, link: IssueLink) -> None:
        """Remove a link. That it is gone already is no error.

        :raises NotFound: issue linking is switched off, or this account lacks a permission.
        """

        def gone() -> bool | None:
            return self.link(str(link.id)) is None or None

        self._delete(self._find_path("issueLink", str(link.id)), repr(link.sentence), gone)

    def may_link(self, key: str) -> bool:
        """Whether this account has the Link Issues permission for an issue; True where it may not ask."""
        return self.permission("LINK_ISSUES", f"link {key}", issueKey=key) is not False

    def may_comment(self, key: str) -> bool:
        """Whether this account has the Add Comments permission for an issue; True where it may not ask."""
        return self.permission("ADD_COMMENTS", f"comment on {key}", issueKey=key) is not False

    def may_administer(self) -> bool:
        """Whether this account is a Jira administrator, who alone may change link types; True where it may not ask."""
        return self.permission("ADMINISTER", "administer Jira") is not False

    def permission(self, permission: str, what: str, **where: str) -> bool | None:
        """Whether this account has a permission; None where Jira does not tell, of which a warning says that.

        :param permission: its key in Jira.
        :param what: what it lets the account do, in words.
        :param where: the issue in question, as ``issueKey``; else it is asked for the whole site.
        """
        path, query = self._find_path("mypermissions"), {**where, "permissions": permission}

        def parse(answer: Json) -> bool | None:
            return answers.parse_permission(answer, permission)

        why = f"Jira does not name {permission}"
        try:
            granted = self._read("GET", path, parse, params=query, about="the permissions")
        except (BadRequest, Forbidden, NotFound, Unauthorized) as error:
            granted, why = None, f"Jira answers {error.status} to {error.method} {error.path}"
        if granted is None:
            self.warn(f"Whether this account may {what} cannot be told before it is tried: {why}.")
        return granted

    def check_login(self) -> bool:
        """Whether Jira takes the credentials now. If it does, a 401 is about a permission."""
        self.http.caller_named, self.http.login_proved = False, None  # that was before
        try:
            self.prove_login()
        except JiraError:
            return False
        return self.http.logged_in is True

    def remote_links(self, key: str) -> list[RemoteLink]:
        """The remote links of an issue.

        :raises NotFound: it does not exist, or this account may not see it.
        :raises Forbidden: issue linking is switched off.
        """
        path, about = self._find_path("issue", key, "remotelink"), f"issue {as_typed(key)}"
        try:
            return self._read("GET", path, answers.parse_remote_links, about=about)
        except Forbidden as error:  # to read them needs no permission of its own
            raise error.explained(_SWITCHED_OFF) from None
        except NotFound as error:
            self._check_address()
            self._check_missing(error)
            raise

    def create_remote_link(self, key: str, link: RemoteLink, read_back: Callable[[], str | None]) -> str:
        """Make a remote link that has a global id. Where that is there already, it is replaced.

        :param read_back: reads the id of the remote link, if it is there after all, when Jira did not answer.
        :returns: its id.
        """
        path, about = self._find_path("issue", key, "remotelink"), f"the new remote link {link.sentence(key)!r}"
        return self._read(
            "POST", path, answers.parse_remote_link_id, json=link.body, about=about, writes=True, read_back=read_back
        )

    def replace_remote_link(self, key: str, link: RemoteLink, read_back: Callable[[], str | None]) -> None:
        """Replace everything that a remote link says.

        :param read_back: as for a new one.
        :raises NotFound: there is no such remote link, or no such issue.
        """
        path = self._find_path("issue", key, "remotelink", str(link.id))
        about = f"the remote link {link.sentence(key)!r}"
        self.http.request("PUT", path, json=link.body, about=about, writes=True, read_back=read_back)

    def delete_remote_link(self, key: str, link: RemoteLink) -> None:
        """Remove a remote link. That it is gone already is no error.

        :raises NotFound: there is no such issue by now.
        """

        def gone() -> bool | None:
            held = {other.id for other in self.remote_links(key)}
            self.prove_login()
            return link.id not in held or None

        path = self._find_path("issue", key, "remotelink", str(link.id))
        self._delete(path, f"the remote link {link.sentence(key)!r}", gone)


def _speaks_of_scope(error: JiraError) -> bool:
    """Whether a refusal is about the scope of a token: then the token itself is good."""
    return any("scope" in words.casefold() for words in error.error_messages)
