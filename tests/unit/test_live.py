# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of `make live`, held against the sandbox: each holds on both deployments, and catches its mutation."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from requests.adapters import HTTPAdapter

from tests.live.ask import ask
from tests.live.fact import FACTS, Fact
from tests.live.mutations import MUTATIONS, Mutated
from tests.live.preflight import Settings, look
from tests.live.report import DIFFERS, HELD, NOT_ASKED
from tests.live.scratch import Scratch
from tests.live.site import Site, basic
from tests.local_jira import DEPLOYMENTS, LocalJira

ISSUES = ["REL-1", "APP-1", "LIB-1"]


@pytest.fixture(scope="module", params=DEPLOYMENTS)
def three(request: pytest.FixtureRequest, _sites: dict[str, LocalJira]) -> Iterator[Scratch]:
    """Three issues for all facts; each fact leaves them as they were."""
    jira = _sites[request.param]
    jira.reset()
    authorization = basic("demo@example.com", "demo-token") if jira.cloud else "Bearer demo-pat"
    settings = Settings(jira.url, authorization, ISSUES, comments=True, moved="OLD-1")
    found = look(Site(jira.url, authorization), settings).scratch
    found.patience = 0.0
    yield found
    assert [jira.state()[what] for what in ("links", "comments", "remote_links")] == [[], [], []]


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_a_fact_holds_and_catches_its_mutation(three: Scratch, fact: Fact) -> None:
    there = (fact.cloud if three.site.cloud else fact.data_center) is not None
    result = ask(fact, three)
    assert result.verdict == (HELD if there else NOT_ASKED), result
    three.site.session.mount("http://", Mutated(MUTATIONS[fact.name]))
    spoiled = ask(fact, three)
    three.site.session.mount("http://", HTTPAdapter())
    assert spoiled.verdict == (DIFFERS if there else NOT_ASKED), spoiled
    assert "prepared" not in spoiled.seen and "shape" not in spoiled.seen, spoiled


OTHER_ANSWERS = [
    ({"comment_on": "outward"}, "where_a_comment_lands", "one on the outward issue"),
    ({"comment_after_link": True}, "link_of_a_refused_comment", "400, the link is there"),
    ({"comment_after_link": False}, "link_of_a_refused_comment", "400, no link"),
    ({"issue_link_type_finds": "names"}, "link_type_by_name", "a and b"),
    ({"issue_link_type_finds": "names"}, "link_type_by_phrase", "400"),
    ({"issue_link_type_finds": "phrases"}, "link_type_by_phrase", "b"),
    ({"bulkfetch_order": "asked"}, "order_of_bulkfetch", "as asked"),
    ({"login_headers": False}, "named_with_a_login", "nobody is named"),
]


@pytest.mark.parametrize(("settings", "name", "seen"), OTHER_ANSWERS)
def test_which_answer_a_site_gives_is_seen(
    three: Scratch, _sites: dict[str, LocalJira], settings: dict[str, object], name: str, seen: str
) -> None:
    fact = FACTS[name]
    expected = fact.cloud if three.site.cloud else fact.data_center
    jira = _sites["cloud" if three.site.cloud else "data_center"]
    jira.settings(**settings)
    result = ask(fact, three)
    jira.reset()
    if expected is None:
        assert result.verdict == NOT_ASKED
    else:
        assert (result.seen, result.verdict) == (seen, HELD if seen in expected else DIFFERS)


NOT_PREPARED = [
    # the fact, the request that prepares it, and how many of the kind come before
    ("linked_issues_by_phrase", "POST", "/issueLink$", 1),
    ("duplicate_with_a_comment", "POST", "/issueLink$", 0),
    ("removing_a_link_that_is_gone", "DELETE", "/issueLink/", 0),
    ("fields_that_are_not_sent", "POST", "/remotelink$", 1),
    ("list_and_object", "GET", "/remotelink$", 0),
    ("same_global_id", "GET", "/remotelink$", 0),
]


@pytest.mark.parametrize(("name", "method", "path", "before"), NOT_PREPARED)
def test_what_cannot_be_prepared_is_said_with_its_words(
    three: Scratch, _sites: dict[str, LocalJira], name: str, method: str, path: str, before: int
) -> None:
    """Nobody takes the answer that comes after it for one to the question."""
    jira = _sites["cloud" if three.site.cloud else "data_center"]
    words = "Linking is closed for the weekend."
    if before:
        jira.fault("slow", method=method, path=path, seconds=0, count=before)
    jira.fault("status", method=method, path=path, status=400, body={"errorMessages": [words]})
    three.unknown_words.clear()
    assert ask(FACTS[name], three).seen == "400 other words where it was prepared"
    assert three.unknown_words == [words]


def test_how_long_a_search_lags_is_measured(three: Scratch, _sites: dict[str, LocalJira]) -> None:
    jira = _sites["cloud" if three.site.cloud else "data_center"]
    jira.settings(search_lags=True)
    caught_up = threading.Timer(0.3, jira.settings, kwargs={"search_lags": False})
    caught_up.start()
    three.patience = 10.0
    assert ask(FACTS["link_type_by_name"], three).seen == "a and b"
    three.patience = 0.0
    caught_up.join()
    assert three.lags.pop("issueLinkType by name") > 0.2


def test_each_fact_has_one_mutation() -> None:
    assert set(MUTATIONS) == set(FACTS)
