# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the tests of whole sets say links, run the task, and compare what it reports with what Jira holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.linkops.jira.plugins.module_utils._module import Report
from ansible_collections.linkops.jira.plugins.modules import jira_issue_links

from tests.local_jira import Link, LocalJira
from tests.unit.tasks import Tasks, sentences_of

CREATION = {"method": "POST", "path": "/issueLink$"}
STATUSES = ("present", "created", "removed", "failed", "not_tried")
VOLATILE = ("requests", "seconds", "seconds_waited")
"""What of the summary check mode cannot foretell."""


def rest(inward: str, kind: str, outward: str, **more: Any) -> dict[str, Any]:
    """A link as the REST request says it."""
    return {"inward_issue": inward, "link_type": kind, "outward_issue": outward, **more}


def said(issue: str, phrase: str, linked: str, **more: Any) -> dict[str, Any]:
    """A link as a person says it."""
    return {"issue": issue, "phrase": phrase, "linked_issue": linked, **more}


def elements(links: Sequence[Link], **more: Any) -> list[dict[str, Any]]:
    return [rest(*link, **more) for link in links]


def star(count: int) -> list[tuple[str, str, str]]:
    """So many links of REL-1, with APP-1, APP-2, ..., LIB-1, ..."""
    return [("REL-1", "Blocks", f"{('APP', 'LIB', 'OPS')[number // 40]}-{number % 40 + 1}") for number in range(count)]


def pairs(count: int) -> list[tuple[str, str, str]]:
    """So many links, at most 40, no two of which share an issue."""
    return [(f"REL-{number}", "Blocks", f"APP-{number}") for number in range(1, count + 1)]


class Sets:
    """Runs jira_issue_links, and holds every result against Jira.

    The pauses before a write is sent again take no time; ``pauses`` says how long they would have been.
    """

    def __init__(self, task: Tasks) -> None:
        self._task = task
        self.pauses = task.pauses

    def __call__(self, site: LocalJira, links: Sequence[Mapping[str, Any]], check: bool = False, **options: Any) -> Any:
        """The result."""
        return self.outcome(site, links, check, **options).result

    def outcome(
        self, site: LocalJira, links: Sequence[Mapping[str, Any]] | None, check: bool = False, **options: Any
    ) -> Report:
        before, sent = site.state(), len(site.requests())
        declared = {} if links is None else {"links": list(links)}
        outcome = self._task(jira_issue_links, site, check, **declared, **options)
        after, result = site.state(), outcome.result
        if check:
            assert after == before
        else:
            assert result["changed"] == (after["links"] != before["links"]), result
        if "links" in result:
            assert_adds_up(result)
            assert result["summary"]["requests"] == len(site.requests()) - sent
            if not check:
                assert_true(result, before, after)
        return outcome


def mended(site: LocalJira, sets: Sets, links: Sequence[Mapping[str, Any]], **options: Any) -> None:
    """Running it again, when nothing goes wrong any more, does the rest."""
    site.control("DELETE", "faults")
    result = sets(site, links, **options)
    assert not result.get("failed") and set(statuses(result)) <= {"present", "created", "removed"}
    assert not sets(site, links, **options)["changed"]


def statuses(result: Mapping[str, Any]) -> Counter[str]:
    return Counter(entry["status"] for entry in result["links"])


def with_status(result: Mapping[str, Any], status: str) -> list[str]:
    return sorted(entry["sentence"] for entry in result["links"] if entry["status"] == status)


def foreseeable(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result without what only the real run can know."""
    entries = [{**entry, "id": None} if entry["status"] == "created" else entry for entry in result["links"]]
    summary = {name: value for name, value in result["summary"].items() if name not in VOLATILE}
    return {**result, "links": entries, "summary": summary}


def assert_adds_up(result: Mapping[str, Any]) -> None:
    count = statuses(result)
    assert {name: result["summary"][name] for name in STATUSES} == {name: count[name] for name in STATUSES}
    assert result.get("failed") or not (count["failed"] or count["not_tried"])
    assert all(entry["error"] for entry in result["links"] if entry["status"] == "failed")
    assert all(entry["status"] in ("failed", "created") for entry in result["links"] if entry["error"])


def assert_true(result: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Each entry, and the diff, say what Jira holds. Only of a run that failed may an id be missing."""
    was, holds = _by_id(before), _by_id(after)
    for entry in result["links"]:
        link = (entry["inward_issue"], entry["link_type"], entry["outward_issue"])
        if entry["status"] == "removed":
            assert was[entry["id"]] == link and entry["id"] not in holds
        elif entry["status"] in ("present", "created"):
            assert entry["id"] is None or holds[entry["id"]] == link
            assert link in holds.values() and (entry["id"] in was) == (entry["status"] == "present")
    lines = {end: sentences_of(result["diff"], end) for end in ("before", "after")}
    assert len(lines["after"]) - len(lines["before"]) == len(holds) - len(was)


def _by_id(state: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    return {link["id"]: (link["inward"], link["type"], link["outward"]) for link in state["links"]}
