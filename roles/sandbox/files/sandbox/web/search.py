# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Searching: Cloud's search/jql with page tokens, Data Center's search with offsets."""

from __future__ import annotations

import base64
import json
from typing import Any, NamedTuple
from zlib import crc32

from ..rules.jql import parse, search
from ..rules.model import BAD_PAYLOAD, Issue, Refusal
from ..rules.shapes import is_whole, read_json
from .answers import Answer, encode, text_answer
from .calls import Call
from .issues import strings
from .render import NAVIGABLE, wanted_fields

UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
GONE = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available in the changelog."
)
DEFAULT_PAGE, ID_PAGE, FIELD_PAGE, CLASSIC_PAGE = 50, 5000, 100, 1000
MOST_RECONCILED = 50
WRONG_SIZE = f"The max results parameter has to be between 1 and {ID_PAGE:,}."


class Query(NamedTuple):
    jql: str
    fields: tuple[str, ...]
    start: int
    size: int
    token: str | None
    validate: bool
    reconciled: tuple[int, ...] = ()


def enhanced(call: Call) -> Answer:
    """No total, `isLast` and a token for the next page. Without `fields` only ids are shown."""
    query = _query(call)
    start = _token_start(query)
    if not 1 <= query.size <= ID_PAGE:
        raise Refusal(400, WRONG_SIZE)
    parsed = parse(query.jql)
    if parsed.where is None:
        raise Refusal(400, UNBOUNDED)
    found = search(call.store, call.account, parsed, _validates(call), query.reconciled)
    fields = wanted_fields(query.fields, ())
    end = start + min(query.size, FIELD_PAGE if fields else ID_PAGE)
    issues = _shown(call, found[start:end], query, fields)
    if end >= len(found):
        return text_answer(f'{{"issues":{issues},"isLast":true}}')
    return text_answer(f'{{"issues":{issues},"nextPageToken":"{_token(query.jql, end)}","isLast":false}}')


def _shown(call: Call, page: list[Issue], query: Query, fields: tuple[str, ...]) -> str:
    if fields:
        return call.render.issues(call.account, page, fields)
    if "key" in ",".join(query.fields).split(","):
        return encode([call.render.issue_head(issue) for issue in page])
    return encode([{"id": str(issue.id)} for issue in page])


def classic(call: Call) -> Answer:
    """The old search; Cloud has removed it. A negative size asks for as many as a page can have."""
    if call.store.cloud:
        raise Refusal(410, GONE)
    query = _query(call)
    found = search(call.store, call.account, parse(query.jql), query.validate and _validates(call))
    fields = wanted_fields(query.fields, NAVIGABLE)
    start, size = max(query.start, 0), query.size if 0 <= query.size < CLASSIC_PAGE else CLASSIC_PAGE
    head = {"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(found)}
    issues = call.render.issues(call.account, found[start : start + size], fields)
    return text_answer(f'{encode(head)[:-1]},"issues":{issues}}}')


def _validates(call: Call) -> bool:
    """A login that died in silence finds nothing; a complaint about what it cannot see would give it away."""
    return not call.silent


def _query(call: Call) -> Query:
    if call.body:
        return _query_of_body(call.payload())
    values = call.query
    return Query(
        values.get("jql", ""),
        tuple(values.getall("fields", ())),
        call.whole_number("startAt", 0),
        call.whole_number("maxResults", DEFAULT_PAGE),
        values.get("nextPageToken"),
        values.get("validateQuery", "true") not in ("false", "none"),
    )


def _query_of_body(payload: dict[str, Any]) -> Query:
    jql, token = payload.get("jql") or "", payload.get("nextPageToken")
    start, size = payload.get("startAt", 0), payload.get("maxResults", DEFAULT_PAGE)
    if not isinstance(jql, str) or not is_whole(start) or not is_whole(size) or not isinstance(token, str | None):
        raise Refusal(400, BAD_PAYLOAD)
    validate = payload.get("validateQuery", True) not in (False, "false", "none")
    return Query(jql, strings(payload.get("fields")), start, size, token, validate, _reconciled(payload))


def _reconciled(payload: dict[str, Any]) -> tuple[int, ...]:
    ids = payload.get("reconcileIssues") or []
    if not isinstance(ids, list) or len(ids) > MOST_RECONCILED or not all(map(is_whole, ids)):
        raise Refusal(400, f"reconcileIssues has to be a list of at most {MOST_RECONCILED} issue ids.")
    return tuple(ids)


def _token(jql: str, start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([start, _sum_of(jql)]).encode()).decode()


def _sum_of(jql: str) -> int:
    return crc32(jql.encode("utf-8", "replace"))


def _token_start(query: Query) -> int:
    """Where the page of the token begins; a token belongs to the query that gave it."""
    if not query.token:
        return 0
    try:
        start, of_query = read_json(base64.urlsafe_b64decode(query.token))
    except (ValueError, TypeError):
        start, of_query = 0, None
    if of_query != _sum_of(query.jql) or not is_whole(start) or start < 0:
        raise Refusal(400, "The nextPageToken is invalid or belongs to another query.")
    return int(start)
