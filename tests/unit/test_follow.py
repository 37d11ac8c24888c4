# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""jira_issue_link_info with depth: links followed step by step, and links declared to be applied again."""

from __future__ import annotations

import random
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._apply import reader
from ansible_collections.linkops.jira.plugins.module_utils._client.issues import read_issues
from ansible_collections.linkops.jira.plugins.module_utils._model.link import LinkedIssue
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link_info, jira_issue_links

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

LINKS = [
    ("LIB-2", "Blocks", "APP-7"),
    ("APP-7", "Blocks", "REL-1"),
    ("REL-1", "Blocks", "OPS-1"),
    ("REL-1", "Relates", "OPS-2"),
    ("OPS-2", "Relates", "OPS-3"),
    ("LIB-3", "Cloners", "LIB-2"),
]
BLOCKED = {"phrase": "is blocked by"}


def followed(site: LocalJira, task: Tasks, **options: Any) -> set[str]:
    result = task(jira_issue_link_info, site, issues=["REL-1"], **options).result
    assert not result.get("failed"), result
    return {link["sentence"] for link in result["links"]}


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"depth": 0}, ["APP-7 blocks REL-1", "REL-1 blocks OPS-1", "REL-1 relates to OPS-2"]),
        ({"depth": 0, "direction": "inward"}, ["APP-7 blocks REL-1", "REL-1 relates to OPS-2"]),
        ({"depth": 0, "direction": "outward"}, ["REL-1 blocks OPS-1", "REL-1 relates to OPS-2"]),
        ({"depth": 1, "link_types": ["Blocks"]}, ["APP-7 blocks REL-1", "REL-1 blocks OPS-1", "LIB-2 blocks APP-7"]),
        ({"depth": 0, **BLOCKED}, ["APP-7 blocks REL-1"]),
        ({"depth": 1, **BLOCKED}, ["APP-7 blocks REL-1", "LIB-2 blocks APP-7"]),
        ({"depth": -1, **BLOCKED}, ["APP-7 blocks REL-1", "LIB-2 blocks APP-7"]),
        ({"depth": -1, "phrase": "relates to"}, ["REL-1 relates to OPS-2", "OPS-2 relates to OPS-3"]),
        ({"depth": -1, "direction": "outward", "link_types": ["Blocks"]}, ["REL-1 blocks OPS-1"]),
        (
            {"depth": -1},
            [
                "LIB-2 blocks APP-7",
                "APP-7 blocks REL-1",
                "REL-1 blocks OPS-1",
                "REL-1 relates to OPS-2",
                "OPS-2 relates to OPS-3",
                "LIB-3 clones LIB-2",
            ],
        ),
    ],
    ids=str,
)
def test_steps(site: LocalJira, task: Tasks, options: dict[str, Any], found: list[str]) -> None:
    site.reset(LINKS)
    assert followed(site, task, **options) == set(found)


@pytest.mark.parametrize("direction", ["inward", "outward", "both"])
def test_a_cycle_ends(site: LocalJira, task: Tasks, direction: str) -> None:
    site.reset([("REL-1", "Blocks", "REL-2"), ("REL-2", "Blocks", "REL-3"), ("REL-3", "Blocks", "REL-1")])
    assert len(followed(site, task, depth=-1, direction=direction)) == 3


def test_an_invisible_issue_ends_the_way(site: LocalJira, task: Tasks) -> None:
    site.reset([("HID-1", "Blocks", "REL-1"), ("APP-1", "Blocks", "REL-1")])
    assert followed(site, task, depth=-1) == {"APP-1 blocks REL-1"}


def test_an_issue_that_is_hidden_meanwhile(site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link leads to it, so it is not that there is nothing beyond."""
    site.reset(LINKS)

    def without(*asked: Any) -> dict[str, LinkedIssue]:
        return {key: issue for key, issue in read_issues(*asked).items() if key != "APP-7"}

    monkeypatch.setattr(reader, "read_issues", without)
    result, warnings = task(jira_issue_link_info, site, issues=["REL-1"], depth=-1, **BLOCKED)
    assert [each["sentence"] for each in result["links"]] == ["APP-7 blocks REL-1"]
    assert len(warnings) == 1 and "does not show APP-7, so what lies beyond is not known" in warnings[0]


def test_a_chain_costs_one_read_a_level_and_a_wide_level_one_a_hundred(site: LocalJira, task: Tasks) -> None:
    chain = [(f"LONG-{number}", "Blocks", f"LONG-{number + 1}") for number in range(1, 2000)]
    wide = [(f"WIDE-{number}", "Blocks", "REL-1") for number in range(1, 251)]
    site.reset([*chain, *wide], projects=[{"key": key, "count": 2000} for key in ("LONG", "WIDE", "REL")])
    result = task(jira_issue_link_info, site, issues=["LONG-2000"], depth=-1, api_version=_version(site)).result
    assert len(result["links"]) == 1999 and len(site.requests()) == 2000
    site.control("DELETE", "requests")
    result = task(jira_issue_link_info, site, issues=["REL-1"], depth=1, api_version=_version(site)).result
    assert len(result["links"]) == 250 and len(site.requests()) == 1 + 3


def _version(site: LocalJira) -> str:
    return "3" if site.deployment == "cloud" else "2"


def test_the_cap_is_an_error(site: LocalJira, task: Tasks) -> None:
    site.reset(LINKS)
    result = task(jira_issue_link_info, site, issues=["REL-1"], depth=-1, max_issues=3).result
    assert result["failed"] and "max_issues" in result["msg"]
    assert len(followed(site, task, depth=-1, max_issues=7)) == 6


def test_a_single_link_leads_nowhere(site: LocalJira, task: Tasks) -> None:
    site.reset(LINKS)
    result = task(jira_issue_link_info, site, link_id="10000", depth=1).result
    assert result["failed"] and "depth" in result["msg"]


def test_what_is_declared_changes_nothing_when_applied(site: LocalJira, task: Tasks) -> None:
    site.reset([*LINKS, ("OPS-3", "Relates", "OPS-2")])
    found = task(jira_issue_link_info, site, jql="project in (REL, APP, LIB, OPS)", declared=True).result
    declared, scope = found["declared"], {"issues": list(found["asked"])}
    assert len(scope["issues"]) == 160
    assert {"sentence": "APP-7 blocks REL-1"} in declared
    before = site.links()
    for state in ("present", "exact"):
        result = task(jira_issue_links, site, links=declared, state=state, scope=scope).result
        assert not result.get("failed") and not result["changed"]
    assert site.links() == before


def test_a_type_whose_name_looks_like_an_id_is_declared_by_its_id(site: LocalJira, task: Tasks) -> None:
    kinds = [{"name": "10000", "inward": "is led by", "outward": "leads"}]
    site.reset([("APP-7", "10000", "REL-1")], link_types=kinds)
    declared = task(jira_issue_link_info, site, issues=["REL-1"], declared=True).result["declared"]
    assert not task(jira_issue_links, site, links=declared).result["changed"]


def test_a_site_of_2000_links_is_exported_and_applied_without_a_change(site: LocalJira, task: Tasks) -> None:
    kinds = [{"name": f"Kind {n}", "inward": f"is kind {n} of", "outward": f"has kind {n}"} for n in range(1, 6)]
    kinds.append({"name": "Relates", "inward": "relates to", "outward": "relates to"})
    chosen, links = random.Random(7), set[tuple[str, str, str]]()
    while len(links) < 2000:
        inward, outward = chosen.sample(range(1, 501), 2)
        links.add((f"BIG-{inward}", chosen.choice(kinds)["name"], f"BIG-{outward}"))
    site.reset(sorted(links), link_types=kinds, projects=[{"key": "BIG", "count": 500}])
    exported = task(jira_issue_link_info, site, jql="project = BIG", declared=True).result
    assert len(exported["declared"]) == 2000 and len(exported["issues"]) == 500
    for state in ("present", "exact"):
        scope = {"issues": list(exported["asked"])}
        applied = task(jira_issue_links, site, links=exported["declared"], state=state, scope=scope).result
        assert not applied.get("failed") and not applied["changed"]
        assert applied["summary"]["requests"] <= 5 + 2
    assert len(site.links()) == 2000
