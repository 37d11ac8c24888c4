# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make soak` itself, which is no part of the tests: that it runs, and that its judge notices what it is there for."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from ansible_collections.linkops.jira.plugins.module_utils._client import retry
from ansible_collections.linkops.jira.plugins.module_utils._module import Report

from tests.local_jira import LocalJira
from tests.soak.faults import KINDS
from tests.soak.judge import Run, after_the_storm, as_jira_is, whatever_jira_says
from tests.soak.runs import Soak
from tests.soak.scenarios import draw
from tests.soak.weather import TIMEOUT, Fault, Weather, calm

ISSUES = {"APP-1": {"id": "1"}, "REL-1": {"id": "2"}}
BLOCKS = {"id": "10000", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
LINK = {"id": "7", "type": "Blocks", "inward": "APP-1", "outward": "REL-1"}
OTHER = {"id": "8", "type": "Blocks", "inward": "REL-1", "outward": "APP-1"}
COMMENT = {"issue": "APP-1", "body": "Because."}
CREATE = "POST /issueLink #1"
State = dict[str, Any]


def state(*links: Any, comments: int = 0) -> State:
    return {
        "issues": ISSUES,
        "link_types": [BLOCKS],
        "links": list(links),
        "remote_links": [],
        "comments": [COMMENT] * comments,
    }


def run(before: State, after: State, told: str = "", check: bool = False, **result: Any) -> Run:
    """A run of jira_issue_link that says that it made what is ``told``."""
    result = {"changed": bool(told), "diff": {"before": "", "after": told}, **result}
    return Run("jira_issue_link", check, before, after, Report(result, []), [CREATE] if before != after else [])


NOTHING, MADE, SENTENCE = state(), state(LINK, comments=1), "APP-1 blocks REL-1\n"
FAIR = run(NOTHING, MADE, SENTENCE)
FAILED: dict[str, Any] = {"failed": True, "msg": "Jira failed with status 503."}
DOUBT: dict[str, Any] = {"failed": True, "msg": "Nothing within 30 seconds. It may have been done all the same."}


@pytest.mark.parametrize(
    "good",
    [
        FAIR,
        run(NOTHING, NOTHING, **FAILED),
        run(NOTHING, MADE, **DOUBT),
        run(NOTHING, NOTHING, **DOUBT),
        run(NOTHING, MADE, SENTENCE, **FAILED),
        run(NOTHING, NOTHING, SENTENCE, check=True),
    ],
)
def test_a_true_report_is_taken_for_one(good: Run) -> None:
    assert not [*whatever_jira_says(good, FAIR, ["secret-token"]), *as_jira_is(good, FAIR)]


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ("a credential in the output", run(NOTHING, MADE, SENTENCE, link="secret-token")),
        ("a message that is not fit to print", run(NOTHING, NOTHING, failed=True, msg="\x1b[31m")),
        ("a message that is not fit to print", run(NOTHING, NOTHING, failed=True, msg="x" * 100_000)),
        ("crash", run(NOTHING, NOTHING, failed=True, msg="The task ended unexpectedly: KeyError.")),
        ("a run that may only read writes", run(NOTHING, MADE, SENTENCE, check=True)),
        ("doubled comment", run(NOTHING, state(LINK, comments=2), SENTENCE)),
        ("what nobody named is changed", run(NOTHING, state(LINK, OTHER, comments=1), SENTENCE)),
        ("what nobody named is changed", run(state(OTHER), MADE, SENTENCE)),
        ("reported and not done", run(NOTHING, NOTHING, SENTENCE, **FAILED)),
        ("done and not reported", run(NOTHING, MADE, **FAILED)),
        ("done and not reported", run(NOTHING, MADE)),
        ("changed is not what the diff says", run(NOTHING, MADE, SENTENCE, changed=False)),
        ("ok, and the declared state is not there", run(NOTHING, NOTHING)),
        ("a comment that is missing without a word", run(NOTHING, state(LINK), SENTENCE)),
        ("a comment that is there and called refused", run(NOTHING, MADE, SENTENCE, msg="Its comment was refused.")),
        ("foretold wrongly", run(NOTHING, NOTHING, check=True)),
    ],
)
def test_an_untrue_report_is_noticed(rule: str, bad: Run) -> None:
    found = [*whatever_jira_says(bad, FAIR, ["secret-token"]), *as_jira_is(bad, FAIR)]
    assert rule in {violation.rule for violation in found}


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("fails when the weather has cleared", run(NOTHING, NOTHING, **FAILED), FAIR),
        ("not the declared state when the weather has cleared", run(NOTHING, NOTHING), FAIR),
        ("a second run changes something", FAIR, FAIR),
    ],
)
def test_the_weather_clears(rule: str, first: Run, second: Run) -> None:
    assert [violation.rule for violation in after_the_storm(first, second, FAIR)] == [rule]
    assert not list(after_the_storm(FAIR, run(MADE, MADE), FAIR))


@pytest.fixture
def soak(cloud: LocalJira, data_center: LocalJira, monkeypatch: pytest.MonkeyPatch) -> Soak:
    monkeypatch.setattr(retry, "backoff", lambda attempt, retry_after=0.0: 0.0)
    return Soak({"cloud": cloud, "data_center": data_center}, [])


@pytest.mark.parametrize("number", range(6))
def test_in_calm_weather_nothing_is_found(soak: Soak, number: int) -> None:
    seen = soak.try_out(draw(f"calm {number}"), calm)
    assert seen.violations == [] and seen.exchanges


def test_the_same_seed_is_the_same_storm() -> None:
    names = [f"GET /issue/REL-{number} #1" for number in range(100)]
    first, second, other = draw("1 1"), draw("1 1"), draw("1 2")
    assert str(first) == str(second) != str(other)
    assert list(map(first.storm, names)) == list(map(second.storm, names)) != list(map(other.storm, names))


@pytest.fixture
def weather(data_center: LocalJira) -> Weather:
    return Weather(data_center)


@pytest.mark.parametrize(
    ("kind", "when", "done"),
    [("a cut", "before", False), *(("no answer", when, when != "before") for when in ("before", "after", "late"))],
)
def test_it_is_known_what_was_done(data_center: LocalJira, weather: Weather, kind: str, when: str, done: bool) -> None:
    body = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "APP-1"}, "outwardIssue": {"key": "REL-1"}}
    weather.begin(lambda name: Fault(kind, when, name))
    with pytest.raises(requests.RequestException):
        requests.post(f"{weather.url}/rest/api/2/issueLink", json=body, auth=("demo", "demo-token"), timeout=TIMEOUT)
    assert [str(exchange.fault and exchange.fault.when) for exchange in weather.end()] == [when]
    assert bool(data_center.links()) == done


@pytest.mark.parametrize("name", [name for name in KINDS if name != "a trickle"])
def test_every_kind_spoils_an_answer_in_its_way(data_center: LocalJira, weather: Weather, name: str) -> None:
    kind, path = KINDS[name], "/rest/api/2/issue/REL-1?fields=issuelinks"
    weather.begin(calm)
    expected = requests.get(f"{weather.url}{path}", auth=("demo", "demo-token")).json()
    for seed in range(5):
        weather.begin(lambda said: Fault(name, kind.whens[0], f"{seed} {said}"))  # noqa: B023
        try:
            options: Any = {"auth": ("demo", "demo-token"), "timeout": TIMEOUT, "allow_redirects": False}
            answer = requests.get(f"{weather.url}{path}", **options)
            assert not kind.harmless or answer.json() == expected
        except (requests.RequestException, ValueError):
            assert not kind.harmless
        weather.end()
    assert weather.problems == []
