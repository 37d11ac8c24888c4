# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The law for whole sets: check mode foretells the real run, every entry is true, and again changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local_jira import LocalJira
from tests.unit.sets_scenarios import (
    RELATED,
    RELATED_BACK,
    SCENARIOS,
    A,
    B,
    C,
    Scenario,
)
from tests.unit.sets_tasks import Sets, elements, foreseeable, rest, said, statuses


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_check_mode_foretells_the_real_run(scenario: Scenario, site: LocalJira, sets: Sets) -> None:
    site.reset(scenario.before)
    foretold = sets(site, scenario.links, check=True, **scenario.options)
    assert site.writes() == []
    result = sets(site, scenario.links, **scenario.options)
    assert not result.get("failed"), result
    assert sorted(site.links()) == sorted(map(tuple, scenario.after))
    assert result["changed"] == (set(scenario.before) != set(scenario.after))
    assert foreseeable(foretold) == foreseeable(result)
    comments = site.comments()
    again = sets(site, scenario.links, **scenario.options)
    assert not again["changed"] and set(statuses(again)) <= {"present"}
    assert again["diff"]["before"] == again["diff"]["after"] and site.comments() == comments


@pytest.mark.parametrize(
    ("links", "comments"),
    [
        (elements([A, B], comment="Why."), ["Why.", "Why."]),
        ([rest(*A), rest(*A, comment="Why."), said("APP-1", "is blocked by", "REL-1")], ["Why."]),
        ([rest(*RELATED, comment="Why."), rest(*RELATED_BACK, comment="Why.")], ["Why."]),
        ([rest(*A, comment="This."), rest(*B, comment="That.")], ["That.", "This."]),
        ([rest(*C, comment="Never."), rest(*A)], []),
    ],
)
def test_a_comment_comes_once_with_its_link(
    site: LocalJira, sets: Sets, links: list[dict[str, Any]], comments: list[str]
) -> None:
    site.reset([C])
    sets(site, links)
    assert sorted(site.comments()) == comments


def test_each_comment_is_with_its_own_link(site: LocalJira, sets: Sets) -> None:
    links = [rest(*link, comment=f"{link[0]} for {link[2]}") for link in (A, B, C)]
    sets(site, links)
    assert {(each["issue"], each["body"][:5]) for each in site.state()["comments"]} == {
        ("REL-1", "REL-1"),
        ("REL-2", "REL-2"),
    }
