# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No test of a fact that matters is lost without a word. ``pytest --facts`` prints the facts and their tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts import COLLECTED, Facts

FACTS = (
    "body: messages and errors",
    "body: messages",
    "body: message",
    "body: page",
    "body: text",
    "body: nothing",
    "body: 429",
    "issue missing or invisible",
    "unknown link type",
    "no Link Issues permission",
    "linking switched off",
    "no permission to change link types",
    "name of a link type in use",
    "no permission to write remote links",
    "remote link refused",
    "bad link id",
    "comment refused",
    "per-issue limit",
    "per-issue limit of remote links",
    "bad or expired credentials",
    "expired token, answered as anonymous",
    "CAPTCHA",
    "one 401, two causes; one 404, five",
    "Data Center makes the comment after the link",
    "order of checks",
    "vanity hosts answer 301",
    "support ids",
    "writes to one issue",
    "burst",
    "hourly points",
    "Retry-After is a minimum in whole seconds",
    "else 2 s doubling to 30 s",
    "Data Center sends Retry-After: 0 on ordinary answers",
    "safe to repeat: GET",
    "safe to repeat: DELETE issueLink",
    "safe to repeat: POST issueLink without a comment",
    "not safe: POST issueLink with a comment",
    "safe to repeat: PUT and DELETE issueLinkType",
    "not safe: POST issueLinkType",
    "safe to repeat: remote link with a global id",
    "not safe: remote link without a global id",
    "a 429 was refused before any work",
    "Cloud, e-mail and API token",
    "Cloud, scoped token",
    "Cloud, OAuth 2.0",
    "Data Center, personal access token",
    "Data Center, user and password",
    "anonymous",
    "cloudId",
    "Basic without a challenge",
    "self URLs carry the gateway's host",
    "client certificates",
    "private CA",
    "proxies",
)


@pytest.fixture
def facts(request: pytest.FixtureRequest) -> Facts:
    """Those of all unit tests."""
    files = {item.path for item in request.session.items}
    if not_collected := {*Path(__file__).parent.glob("test_*.py")} - files:
        pytest.skip(f"some unit tests are not collected: {min(not_collected).name}")
    return request.config.stash[COLLECTED]


def test_every_fact_has_a_test(facts: Facts) -> None:
    lost = [name for name in FACTS if name not in facts]
    assert not lost, f'no test is marked @pytest.mark.fact("{lost[0]}", "how Jira behaves"); lost are {lost}'


def test_every_fact_is_told_once(facts: Facts) -> None:
    for name, fact in facts.items():
        assert len(fact.texts) == 1, (
            f"one of {[*fact.tests]} has to say the text of {name!r}, and they say {fact.texts}"
        )
