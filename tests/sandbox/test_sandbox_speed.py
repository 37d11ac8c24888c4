# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long requests take, and how many the site works on at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.sandbox.rest_jira import RestJira


def seconds(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def search(jira: RestJira, jql: str) -> Any:
    return jira("POST", "search/jql" if jira.cloud else "search", {"jql": jql, "fields": ["summary"]})


def test_each_kind_of_request_takes_its_time(jira: RestJira) -> None:
    jira.control("POST", "settings", {"delays": {"read": 0.05, "write": 5}})
    assert seconds(lambda: jira("GET", "issue/REL-1")) > 0.05
    assert 5 > seconds(lambda: search(jira, "key = REL-1")) > 0.05
    jira.control("POST", "settings", {"delays": {"write": 0.1}})
    assert seconds(lambda: jira.link("REL-1", "APP-7")) > 0.1


def test_a_large_answer_takes_longer(jira: RestJira) -> None:
    size = len(search(jira, "project = REL").content) / 1_000_000
    jira.control("POST", "settings", {"delays": {"megabyte": 0.2 / size}})
    assert seconds(lambda: search(jira, "project = REL")) > 0.2


def test_a_429_takes_no_time(cloud: RestJira) -> None:
    cloud.control("POST", "settings", {"delays": {"read": 5}})
    cloud.control("POST", "faults", {"kind": "rate_limit"})
    assert seconds(lambda: cloud("GET", "issue/REL-1")) < 5


def test_requests_queue_for_a_worker(jira: RestJira) -> None:
    jira.control("POST", "settings", {"delays": {"read": 0.1}, "workers": 1})
    with ThreadPoolExecutor(4) as pool:
        one_more = [pool.submit(jira.session.get, f"{jira.url}{jira.api}/issue/REL-{number}") for number in range(4)]
        assert seconds(lambda: [each.result() for each in one_more]) > 0.3


@pytest.mark.parametrize("wrong", [{"all": 1}, {"read": "1"}, {"read": -1}, {"read": True}])
def test_delays_that_make_no_sense_are_explained(jira: RestJira, wrong: Any) -> None:
    answer = requests.post(f"{jira.origin}/_sandbox/settings", json={"delays": wrong}, timeout=5)
    assert answer.status_code == 400 and "delay" in answer.text
