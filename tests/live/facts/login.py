# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who Jira says is asking, and what else its headers say.

An invented login is used once in a run, for one request. The user's own name never goes with a wrong password: that
ends in a CAPTCHA.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.live.fact import fact
from tests.live.reasons import NotAsked, Reason
from tests.live.scratch import Scratch
from tests.live.site import Answer, basic

FAILED = "AUTHENTICATED_FAILED"
SOMEBODY, ANONYMOUS, NOBODY = "somebody is named", "anonymous is named", "nobody is named"


def named(answer: Answer) -> str:
    """Whom the headers name as the one who asks."""
    name = answer.headers.get("X-AACCOUNTID") or answer.headers.get("X-AUSERNAME")
    if name == "anonymous":
        return ANONYMOUS
    return SOMEBODY if name else NOBODY


def login_reason(answer: Answer) -> str:
    """OK, FAILED, no word, or another word."""
    reason = answer.headers.get("X-Seraph-LoginReason")
    if reason is None:
        return "no word"
    words = [word.strip() for word in reason.split(",")]
    return FAILED if FAILED in words else "OK" if "OK" in words else "another word"


@fact(4, "Whom the headers of an answer to the user's login name", SOMEBODY, NOBODY)
def named_with_a_login(three: Scratch) -> str:
    return named(three.site.ask("GET", "issue/*", three.a.key, params={"fields": "summary"}))


@fact(4, "What X-Seraph-LoginReason says of the user's login", cloud=["no word", "OK"], data_center=["OK", "no word"])
def reason_with_a_login(three: Scratch) -> str:
    return login_reason(three.site.ask("GET", "issue/*", three.a.key, params={"fields": "summary"}))


@fact(4, "myself refuses a request without a login", "401")
def myself_without_a_login(three: Scratch) -> str:
    return str(three.site.ask("GET", "myself", authorization=None).status)


@fact(4, "Whom the headers of an answer name without a login", cloud=[NOBODY], data_center=[ANONYMOUS, NOBODY])
def named_without_a_login(three: Scratch) -> str:
    return named(three.site.ask("GET", "issue/*", three.a.key, params={"fields": "summary"}, authorization=None))


WITHOUT_A_LOGIN = ["200", "401", "403", "404"]


@fact(4, "Whether link types can be read without a login", *WITHOUT_A_LOGIN)
def link_types_without_a_login(three: Scratch) -> str:
    return str(three.site.ask("GET", "issueLinkType", authorization=None).status)


TAKEN_AS_ANONYMOUS = [
    f"{status}, {finds}, {reason}"
    for status, finds in (("200", "nothing"), ("200", "a"), ("400", "nothing"))
    for reason in (FAILED, "no word")
]


@fact(
    4,
    "What a search answers to a login that does not exist",
    *(f"401, nothing, {reason}" for reason in (FAILED, "no word", "another word")),
    *(f"403, nothing, {reason}" for reason in (FAILED, "no word", "another word")),
    *TAKEN_AS_ANONYMOUS,
)
def invented_login(three: Scratch) -> str:
    """An invented user on Cloud, an invented token on Data Center; both are random."""
    secret = three.mark.run
    invented = basic(f"{secret}@example.invalid", secret) if three.site.cloud else f"Bearer {secret}"
    answer = three.search(f"key = {three.a.key}", {"authorization": invented})
    found = three.found(answer) if answer.status == 200 else "nothing"
    return f"{answer.status}, {found}, {login_reason(answer)}"


# --- other headers


@fact(4, "Answers carry an id for Atlassian's support", cloud=["Atl-Traceid"], data_center=["X-AREQUESTID"])
def support_id(three: Scratch) -> str:
    headers = three.site.ask("GET", "serverInfo").headers
    return " and ".join(name for name in ("Atl-Traceid", "X-AREQUESTID") if name in headers) or "none"


FIGURES, MINUS_ONE, NO_FIGURES = "figures", "X-RateLimit-Limit -1", "no figures"


@fact(
    8,
    "What ordinary answers say of a rate limit",
    cloud=[FIGURES, NO_FIGURES],
    data_center=[MINUS_ONE, FIGURES, NO_FIGURES],
)
def rate_limit_headers(three: Scratch) -> str:
    limit = three.site.ask("GET", "issue/*", three.a.key, params={"fields": "summary"}).headers.get("X-RateLimit-Limit")
    if limit is None:
        return NO_FIGURES
    return MINUS_ONE if limit == "-1" else FIGURES if limit.isdecimal() else "no number"


@fact(8, "What Retry-After says on ordinary answers", cloud=["absent"], data_center=["0", "absent"])
def retry_after_on_success(three: Scratch) -> str:
    answer = three.site.ask("GET", "issue/*", three.a.key, params={"fields": "summary"})
    return {None: "absent", "0": "0"}.get(answer.headers.get("Retry-After"), "more than 0")


@fact(9, "The cloud id is told to everybody", cloud=["200, cloudId"])
def cloud_id(three: Scratch) -> str:
    if urlsplit(three.site.url).path:
        raise NotAsked(Reason.GATEWAY)
    answer = three.site.ask("GET", "/_edge/tenant_info", authorization=None)
    told = isinstance(answer.data, dict) and bool(answer.data.get("cloudId"))
    return f"{answer.status}, {'cloudId' if told else 'no cloudId'}"
