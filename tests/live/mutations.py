# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For each fact one mutation of the sandbox that the fact must catch; `make live` knows nothing of it.

A mutation is something between the facts and the sandbox that changes a request on its way or an answer on its way
back, so that the sandbox seems to follow another rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import requests
from requests.adapters import HTTPAdapter

Change = Callable[[Any], None]


class Mutation(NamedTuple):
    """Of requests whose method and address fit `fits`, such as `POST .*/issueLink$`.

    :param says: the other rule.
    :param send: changes the JSON of the request.
    :param answer: changes the response.
    :param from_second: leaves the first request alone that fits.
    """

    says: str
    fits: str
    send: Change | None = None
    answer: Callable[[requests.Response], None] | None = None
    from_second: bool = False


class Mutated(HTTPAdapter):
    """For `session.mount`: sends to the sandbox, which seems to have the mutation's rule."""

    def __init__(self, mutation: Mutation) -> None:
        super().__init__()
        self.mutation = mutation
        self.fitting = 0

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        self.fitting += bool(re.fullmatch(self.mutation.fits, f"{request.method} {request.url}"))
        applies = re.fullmatch(self.mutation.fits, f"{request.method} {request.url}") and (
            self.fitting > 1 or not self.mutation.from_second
        )
        if applies and self.mutation.send:
            body = json.loads(request.body or "null")
            self.mutation.send(body)
            request.prepare_body(json.dumps(body), None)
        response = super().send(request, *arguments, **options)
        if applies and self.mutation.answer:
            self.mutation.answer(response)
        return response


# --- what is done to answers


def status(number: int) -> Callable[[requests.Response], None]:
    return lambda response: setattr(response, "status_code", number)


def header(name: str, value: str | None) -> Callable[[requests.Response], None]:
    """None: without it."""

    def change(response: requests.Response) -> None:
        response.headers.pop(name, None)
        if value is not None:
            response.headers[name] = value

    return change


def body(change: Callable[[Any], Any]) -> Callable[[requests.Response], None]:
    """:param change: returns the body's JSON as it is to be, or changes it and returns None."""

    def changed(response: requests.Response) -> None:
        data = response.json() if response.content else None
        new = change(data)
        response._content = json.dumps(data if new is None else new).encode()

    return changed


def other_words(response: requests.Response) -> None:
    response._content = b'{"errorMessages": ["That cannot be."], "errors": {}}'


def both(*changes: Callable[[requests.Response], None]) -> Callable[[requests.Response], None]:
    def change(response: requests.Response) -> None:
        for each in changes:
            each(response)

    return change


def renamed(old: str, new: str) -> Callable[[requests.Response], None]:
    """The other end of each link in another slot."""

    def change(data: Any) -> None:
        for link in data["fields"]["issuelinks"]:
            link[new] = link.pop(old) if old in link else link[new]

    return body(change)


def found(*indexes: int) -> Callable[[requests.Response], None]:
    """A search or bulkfetch shows only some of its issues, in this order."""
    return body(lambda data: {**data, "issues": [data["issues"][index] for index in indexes]})


# --- what is done to requests


def swapped(sent: Any) -> None:
    sent["inwardIssue"], sent["outwardIssue"] = sent["outwardIssue"], sent["inwardIssue"]


def without_comment(sent: Any) -> None:
    del sent["comment"]


def put(name: str, value: Any) -> Change:
    return lambda sent: sent.__setitem__(name, value)


def shorter(sent: Any) -> None:
    sent["globalId"] = sent["globalId"][:255]


POST_LINK = r"POST .*/issueLink"
POST_REMOTE_LINK = r"POST .*/remotelink"
ISSUE_BY_KEY = r"GET .*/issue/[A-Z]+-\d+\?fields=issuelinks"
ISSUE = r"GET .*/issue/[A-Z]+-\d+\?fields=summary"
SEARCH = r"POST .*/search(/jql)?"
BULK_FETCH = r"POST .*/issue/bulkfetch"
REMOTE_LINK_BY_GLOBAL_ID = r"GET .*/remotelink\?globalId=.*"
DELETE_BY_GLOBAL_ID = r"DELETE .*/remotelink\?globalId=.*"
DELETE_BY_ID = r"DELETE .*/remotelink/\d+"

MUTATIONS = {
    # links
    "from_the_inward_issue": Mutation(
        "the inward issue shows the other one as inwardIssue",
        ISSUE_BY_KEY,
        answer=renamed("outwardIssue", "inwardIssue"),
    ),
    "from_the_outward_issue": Mutation(
        "the outward issue shows the other one as outwardIssue",
        ISSUE_BY_KEY,
        answer=renamed("inwardIssue", "outwardIssue"),
    ),
    "by_link_id": Mutation("a link by its id is inverted", r"GET .*/issueLink/\d+", answer=body(swapped)),
    "one_id_at_both_ends": Mutation(
        "each end has an id of its own for the link",
        ISSUE_BY_KEY,
        answer=body(lambda data: data["fields"]["issuelinks"][0].update(id="1")),
        from_second=True,
    ),
    "what_a_201_holds": Mutation("a 201 has a body", POST_LINK, answer=body(lambda data: {"id": "1"})),
    "duplicate": Mutation("a duplicate is refused", POST_LINK, answer=status(409), from_second=True),
    "reversed_pair": Mutation("the reversed pair is a duplicate", POST_LINK, send=swapped, from_second=True),
    "reversed_symmetric_pair": Mutation("the reversed pair is a duplicate", POST_LINK, send=swapped, from_second=True),
    "another_type": Mutation("a pair has one type", POST_LINK, send=put("type", {"name": "Blocks"}), from_second=True),
    "key_in_small_letters": Mutation("keys have capitals", r"GET .*/issue/[a-z]+-\d+\?.*", answer=status(404)),
    "issue_by_id": Mutation("ids are no names", r"GET .*/issue/\d+\?fields=summary", answer=status(404)),
    "moved_key": Mutation(
        "an old key is answered with itself",
        r"GET .*/issue/OLD-1\?.*",
        answer=body(lambda data: data.update(key="OLD-1")),
    ),
    "linked_by_ids": Mutation("a link names its issues by key", POST_LINK, answer=status(404)),
    "link_types": Mutation(
        "a type has no inward phrase",
        r"GET .*/issueLinkType",
        answer=body(lambda data: [each.pop("inward") for each in data["issueLinkTypes"]] and None),
    ),
    "type_id_wins": Mutation("the name counts", POST_LINK, send=lambda sent: sent["type"].pop("id")),
    "removal": Mutation("DELETE answers 200", r"DELETE .*/issueLink/\d+", answer=status(200)),
    # refusals
    "self_link": Mutation("a self link is a conflict", POST_LINK, answer=status(409)),
    "unknown_type_name": Mutation("other words", POST_LINK, answer=other_words),
    "type_name_in_other_letters": Mutation("any letters will do", POST_LINK, send=put("type", {"name": "Blocks"})),
    "unknown_type_id": Mutation("other words", POST_LINK, answer=other_words),
    "missing_issue": Mutation("a missing issue is forbidden", r"GET .*/issue/.*", answer=status(403)),
    "link_to_a_missing_issue": Mutation("a missing issue is a bad request", POST_LINK, answer=status(400)),
    "refused_together": Mutation("one thing at a time", POST_LINK, answer=other_words),
    "reading_a_link_that_is_gone": Mutation("other words", r"GET .*/issueLink/\d+", answer=other_words),
    "removing_a_link_that_is_gone": Mutation(
        "a removal is idempotent", r"DELETE .*/issueLink/\d+", answer=status(204), from_second=True
    ),
    "link_id_that_is_no_number": Mutation("no such link", r"GET .*/issueLink/abc", answer=status(404)),
    "unknown_address": Mutation("every address is there", r"GET .*/linkops-no-such-address", answer=status(200)),
    # comments
    "where_a_comment_lands": Mutation("the comment is dropped", POST_LINK, send=without_comment),
    "duplicate_with_a_comment": Mutation(
        "a duplicate's comment is dropped", POST_LINK, send=without_comment, from_second=True
    ),
    "refused_comment": Mutation("the comment is dropped", POST_LINK, send=without_comment),
    "link_of_a_refused_comment": Mutation("the comment is dropped", POST_LINK, send=without_comment),
    "text_for_a_document": Mutation("the comment is dropped", POST_LINK, send=without_comment),
    # reading
    "server_info": Mutation(
        "no versionNumbers", r"GET .*/serverInfo", answer=body(lambda data: data.pop("versionNumbers") and None)
    ),
    "permissions_twice": Mutation(
        "the last permission counts",
        r"GET .*/mypermissions\?.*permissions=.*&permissions=.*",
        answer=body(lambda data: data["permissions"].pop("LINK_ISSUES") and None),
    ),
    "order_of_bulkfetch": Mutation("descending ids", BULK_FETCH, answer=found(2, 1, 0)),
    "silence_of_bulkfetch": Mutation(
        "what is missing is an error", BULK_FETCH, answer=body(lambda data: data.update(issueErrors=[{"id": "1"}]))
    ),
    "moved_key_in_bulkfetch": Mutation("an old key finds nothing", BULK_FETCH, answer=found()),
    "search_by_key": Mutation("the search forgets one", SEARCH, answer=found(0, 1)),
    "missing_key_in_a_search": Mutation("the others are found", SEARCH, send=put("validateQuery", False)),
    "missing_key_in_an_unvalidated_search": Mutation("it is refused", SEARCH, send=put("validateQuery", True)),
    "old_search": Mutation("the old search is there", SEARCH, answer=status(200)),
    "fields_of_a_search": Mutation("ids and keys are shown", SEARCH, send=put("fields", ["key"])),
    "unbounded_search": Mutation("any query will do", SEARCH, answer=status(200)),
    "linked_issues": Mutation("new links are never found", SEARCH, answer=body(lambda data: {"issues": []})),
    "linked_issues_by_phrase": Mutation(
        "the phrase is ignored", SEARCH, send=lambda sent: sent.update(jql=re.sub(', ".*"', "", sent["jql"]))
    ),
    "link_type_by_name": Mutation("there is no such field", SEARCH, answer=status(404)),
    "link_type_by_phrase": Mutation(
        "the phrase finds the other end",
        SEARCH,
        send=lambda sent: sent.update(jql=sent["jql"].partition("AND ")[2].split(",")[0] + ")"),
    ),
    "reconciled_search": Mutation("reconcileIssues is ignored", SEARCH, answer=found()),
    # remote links
    "new_global_id": Mutation("no id is told", POST_REMOTE_LINK, answer=body(lambda data: {})),
    "same_global_id": Mutation(
        "it is another one",
        POST_REMOTE_LINK,
        send=lambda sent: sent.update(globalId=sent["globalId"] + "x"),
        from_second=True,
    ),
    "fields_that_are_not_sent": Mutation(
        "they are kept", REMOTE_LINK_BY_GLOBAL_ID, answer=body(lambda data: data.update(relationship="is tested by"))
    ),
    "list_and_object": Mutation("globalId gives a list", REMOTE_LINK_BY_GLOBAL_ID, answer=body(lambda data: [data])),
    "remote_link_without_a_title": Mutation(
        "no title is needed", POST_REMOTE_LINK, send=lambda sent: sent["object"].update(title="Any")
    ),
    "long_global_id": Mutation("a long one is cut", POST_REMOTE_LINK, send=shorter),
    "removal_by_global_id": Mutation("it cannot be removed", DELETE_BY_GLOBAL_ID, answer=status(405)),
    "removal_by_global_id_without_a_media_type": Mutation("a bad request", DELETE_BY_GLOBAL_ID, answer=status(400)),
    "removal_without_a_media_type_and_a_login": Mutation("a bad request", DELETE_BY_GLOBAL_ID, answer=status(400)),
    "removal_by_id": Mutation("it cannot be removed", DELETE_BY_ID, answer=status(405)),
    "removal_by_id_without_a_media_type": Mutation("a bad request", DELETE_BY_ID, answer=status(400)),
    # login
    "named_with_a_login": Mutation(
        "the login is not seen", ISSUE, answer=both(header("X-AACCOUNTID", None), header("X-AUSERNAME", "anonymous"))
    ),
    "reason_with_a_login": Mutation(
        "the login has ended", ISSUE, answer=header("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
    ),
    "myself_without_a_login": Mutation("nobody is somebody", r"GET .*/myself", answer=status(200)),
    "named_without_a_login": Mutation("nobody is somebody", ISSUE, answer=header("X-AACCOUNTID", "5b10a2844c")),
    "link_types_without_a_login": Mutation("they are gone", r"GET .*/issueLinkType", answer=status(410)),
    "invented_login": Mutation("an unknown login is fine", SEARCH, answer=header("X-Seraph-LoginReason", "OK")),
    "support_id": Mutation(
        "no id", r"GET .*/serverInfo", answer=both(header("Atl-Traceid", None), header("X-AREQUESTID", None))
    ),
    "rate_limit_headers": Mutation("a limit in words", ISSUE, answer=header("X-RateLimit-Limit", "plenty")),
    "retry_after_on_success": Mutation("every answer says to wait", ISSUE, answer=header("Retry-After", "5")),
    "cloud_id": Mutation("nobody is told", r"GET .*/_edge/tenant_info", answer=status(404)),
}
"""By the names of the facts."""
