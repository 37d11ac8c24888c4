# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a link type is in use: what a search finds, what it tells, and what it leaves unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link_type, jira_issue_link_type_info

from tests.local_jira import Link, LocalJira
from tests.unit.link_type_scenarios import ABSENT, BLOCKS, DEFAULT
from tests.unit.tasks import Tasks
from tests.unit.test_link_types import run, types

SHARING = [{"name": name, "inward": "relates to", "outward": "relates to"} for name in ("Relates", "Related")]
"""Two types that read the same."""
PROJECTS = [{"key": "REL", "count": 3}, {"key": "HID", "count": 1, "browse": ["user:nobody"]}]
SEEN, HIDDEN = ("REL-1", "Relates", "REL-2"), ("HID-1", "Related", "REL-1")
MOVED = {"move_links_to": "Relates", **ABSENT}


def sharing(site: LocalJira, *links: Link, link_types: Sequence[dict[str, str]] = SHARING) -> None:
    site.reset(links, link_types=link_types, projects=PROJECTS)


def refuse_names(site: LocalJira) -> None:
    """The next search, which is the one by name, is refused: this Jira knows types by phrase."""
    site.fault("status", method="POST", path="/search", status=400, body={"errorMessages": ["No such value."]})


def test_in_use_says_by_how_many_and_where(site: LocalJira, task: Tasks) -> None:
    links = [("REL-1", "Blocks", f"APP-{number}") for number in range(1, 16)]
    site.reset([*links, ("LIB-1", "Relates", "LIB-2")])
    msg = run(task, site, name="Blocks", **ABSENT)["msg"]
    assert "at least 15 links, on APP-1, APP-10, APP-11" in msg and "and 6 more issues" in msg
    assert "LIB-1" not in msg and "force: true" in msg and "move_links_to" in msg


def test_a_type_of_thousands_is_looked_at_in_part(site: LocalJira, task: Tasks) -> None:
    links = [(f"MANY-{number}", "Blocks", f"MANY-{number + 1}") for number in range(1, 900)]
    site.reset(links, projects=[{"key": "MANY", "count": 900}])
    assert "is in use: at least 300" in run(task, site, name="Blocks", **ABSENT)["msg"].replace("301", "300")
    assert len(site.requests()) < 12


def test_force_warns_of_what_goes_with_it(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS])
    result, warnings = task(jira_issue_link_type, site, **site.login("admin"), name="Blocks", force=True, **ABSENT)
    assert result["diff"]["before"].endswith("APP-7 blocks REL-1\n") and result["diff"]["after"] == ""
    assert len(warnings) == 1 and "at least 1 link, on APP-7 and REL-1" in warnings[0]


def test_a_jira_that_knows_types_by_phrase_only(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS])
    site.fault("status", method="POST", path="/search", status=400, body={"errorMessages": ["No such value."]})
    assert "at least 1 link" in run(task, site, name="Blocks", **ABSENT)["msg"]


@pytest.mark.parametrize("also", [[], ["phrases refused"]], ids=str)
def test_an_answer_with_warnings_does_not_say_that_nobody_uses_it(
    cloud: LocalJira, task: Tasks, also: list[str]
) -> None:
    cloud.reset([BLOCKS])
    words = "The value 'Blocks' does not exist for the field 'issueLinkType'."
    warned = {"status": 200, "body": {"issues": [], "isLast": True, "warningMessages": [words]}}
    refused = {"status": 400, "body": {"errorMessages": [words]}}
    for answer in (warned, refused if also else warned) * 2:
        cloud.fault("status", method="POST", path="/search/jql", **answer)
    for check in (True, False):
        options = {**cloud.login("admin"), "name": "Blocks", **ABSENT}
        result = task(jira_issue_link_type, cloud, check, **options).result
        assert result["failed"] and "in use cannot be told" in result["msg"] and words in result["msg"]
    assert cloud.links() == [BLOCKS] and cloud.writes() == []


def test_a_jira_that_cannot_search_for_types(site: LocalJira, task: Tasks) -> None:
    fault = {"method": "POST", "path": "/search", "status": 400, "body": {"errorMessages": ["No such field."]}}
    site.reset([BLOCKS])
    site.fault("status", **fault, count=2)
    result = run(task, site, name="Blocks", **ABSENT)
    assert "Whether 'Blocks' (blocks / is blocked by) is in use cannot be told" in result["msg"]
    assert "No such field." in result["msg"] and types(site) == DEFAULT
    site.fault("status", **fault, count=2)
    assert run(task, site, name="Blocks", force=True, **ABSENT)["changed"] and types(site) == DEFAULT[1:]


# --- two types that share words


@pytest.mark.parametrize("options", [ABSENT, MOVED])
@pytest.mark.parametrize("seen", [[], [SEEN]])
def test_a_phrase_does_not_explain_what_the_name_found(
    site: LocalJira, task: Tasks, options: dict[str, Any], seen: list[Link]
) -> None:
    """REL-1 has a link of Related to an issue that nobody sees; that it has one of Relates says nothing of it."""
    sharing(site, HIDDEN, *seen)
    result = run(task, site, name="Related", **options)
    assert "at least 1 link, on REL-1" in result["msg"] or "REL-1 may have a link" in result["msg"]
    assert site.writes() == []


def test_what_the_name_does_not_find_is_not_in_use(site: LocalJira, task: Tasks) -> None:
    sharing(site, SEEN)
    assert run(task, site, name="Related", **ABSENT)["changed"] and site.links() == [SEEN]


def test_what_was_not_looked_at_is_not_told(site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    sharing(site, SEEN)
    monkeypatch.setattr(jira_issue_link_type, "ENOUGH", 1)
    assert "in use cannot be told" in run(task, site, name="Related", **ABSENT)["msg"]
    assert "at least 1 link, on REL-1" in run(task, site, name="Relates", **ABSENT)["msg"]


@pytest.mark.parametrize("links", [[SEEN], [SEEN, HIDDEN]])
@pytest.mark.parametrize("check", [True, False])
def test_a_shared_phrase_alone_does_not_tell(site: LocalJira, task: Tasks, check: bool, links: list[Link]) -> None:
    """With or without a hidden link it is the same to see."""
    sharing(site, *links)
    refuse_names(site)
    msg = run(task, site, check, name="Related", **ABSENT)["msg"]
    assert "Whether 'Related' (relates to / relates to) is in use cannot be told" in msg
    assert "'Relates' (relates to / relates to)" in msg and "REL-1 and REL-2" in msg and "force: true" in msg
    refuse_names(site)
    msg = run(task, site, check, name="Related", **MOVED)["msg"]
    assert "cannot be moved, and nothing was written" in msg and "REL-1 and REL-2" in msg and "force" not in msg
    assert site.writes() == []
    refuse_names(site)
    assert run(task, site, check, name="Related", force=True, **ABSENT)["changed"]


def test_phrases_of_its_own_tell(site: LocalJira, task: Tasks) -> None:
    """What the message advises helps."""
    sharing(site, SEEN)
    run(task, site, name="Related", inward="goes away", outward="goes away")
    refuse_names(site)
    assert run(task, site, name="Related", **ABSENT)["changed"] and site.links() == [SEEN]


def test_a_phrase_that_finds_what_nothing_explains(site: LocalJira, task: Tasks) -> None:
    sharing(site, HIDDEN)
    refuse_names(site)
    assert "at least 1 link, on REL-1" in run(task, site, name="Related", **ABSENT)["msg"]


@pytest.mark.parametrize("links", [[SEEN], [SEEN, ("HID-1", "relates", "REL-1")]])
def test_a_shared_name_does_not_tell(site: LocalJira, task: Tasks, links: list[Link]) -> None:
    """Jira's search takes both names for one. Links that are seen can be moved; of others, the task warns."""
    kinds = [SHARING[0], {**SHARING[0], "name": "relates"}]
    sharing(site, *links, link_types=kinds)
    assert "cannot be told" in run(task, site, name="relates", **ABSENT)["msg"]
    run(task, site, name="relates", new_name="Like")
    result = run(task, site, name="Like", **ABSENT)  # the message advises a name of its own, and that helps
    assert result["changed"] if links == [SEEN] else "at least 1 link, on REL-1" in result["msg"]


def test_a_link_moves_to_a_type_that_shares_the_name(site: LocalJira, task: Tasks) -> None:
    sharing(site, SEEN, ("REL-2", "relates", "REL-3"), link_types=[SHARING[0], {**SHARING[0], "name": "relates"}])
    result = run(task, site, name="relates", **MOVED)
    assert [link["sentence"] for link in result["moved"]] == ["REL-2 relates to REL-3"] and len(site.links()) == 2


# --- info


def test_info_counts_links(site: LocalJira, task: Tasks) -> None:
    """As demo sees them: of Duplicate only that there is one, with an issue that is hidden."""
    site.reset([BLOCKS, ("REL-2", "Duplicate", "HID-1")])
    found = {kind["name"]: kind for kind in task(jira_issue_link_type_info, site, usage=True).result["link_types"]}
    assert {name: (kind["link_count"], kind["issues"]) for name, kind in found.items()} == {
        "Blocks": (1, sorted([BLOCKS[0], BLOCKS[2]])),
        "Cloners": (0, []),
        "Duplicate": (0, ["REL-2"]),
        "Relates": (0, []),
    }
    assert site.writes() == []


def test_info_does_not_call_unused_what_it_cannot_tell(site: LocalJira, task: Tasks) -> None:
    sharing(site, SEEN)

    def usage() -> tuple[int, list[str]]:
        (kind,) = task(jira_issue_link_type_info, site, name="Related", usage=True).result["link_types"]
        return kind["link_count"], kind["issues"]

    assert usage() == (0, [])
    refuse_names(site)
    assert usage() == (0, ["REL-1", "REL-2"])
