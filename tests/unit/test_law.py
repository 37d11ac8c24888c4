# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The law of every module: check mode foretells the real run, ``changed`` is the truth, and again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link, jira_issue_link_info

from tests.local_jira import Link, LocalJira
from tests.unit.tasks import Tasks, sentences_of


def rest(inward: str, kind: str, outward: str, **more: Any) -> dict[str, Any]:
    return {"inward_issue": inward, "link_type": kind, "outward_issue": outward, **more}


def said(issue: str, phrase: str, linked: str, **more: Any) -> dict[str, Any]:
    return {"issue": issue, "phrase": phrase, "linked_issue": linked, **more}


class Scenario(NamedTuple):
    """``fails`` are words of the failure; without them the task succeeds and ends with ``after``, if that is given."""

    name: str
    options: Mapping[str, Any]
    links: Sequence[Link] = ()
    after: Sequence[Link] | None = None
    fails: str = ""
    account: str = "demo"
    prepare: Callable[[LocalJira], None] = lambda site: None
    module: Any = jira_issue_link


BLOCKS, RELATES, CLONES = ("APP-7", "Blocks", "REL-1"), ("APP-7", "Relates", "REL-1"), ("APP-7", "Cloners", "REL-1")
INVERTED, RELATED = ("REL-1", "Blocks", "APP-7"), ("REL-1", "Relates", "APP-7")
READ_ONLY = ("RO-1", "Blocks", "RO-2")
TO_READ_ONLY, FROM_READ_ONLY = ("REL-1", "Blocks", "RO-1"), ("RO-1", "Blocks", "REL-1")
NEAR = ("LIB-1", "Blocks", "REL-1")
MOVED = ("APP-40", "Blocks", "REL-1")
ABSENT = {"state": "absent"}


def _no_linking(site: LocalJira) -> None:
    site.settings(linking_enabled=False)


def _two_phrases(site: LocalJira) -> None:
    kinds = [("Blocks", "is blocked by", "blocks"), ("Hinders", "is blocked by", "hinders")]
    site.reset(link_types=[{"name": name, "inward": inward, "outward": outward} for name, inward, outward in kinds])


def _spaced(site: LocalJira) -> None:
    site.reset(link_types=[{"name": " Relates", "inward": "Relates to ", "outward": "relates to"}])


READINGS: list[tuple[str, dict[str, Any], Sequence[Link], str]] = [
    ("info of two issues", {"issues": ["REL-1", "APP-7"]}, [BLOCKS, RELATED], ""),
    ("info of a link", {"link_id": "10000"}, [BLOCKS], ""),
    ("info of a query", {"jql": "project = REL", "phrase": "is blocked by"}, [BLOCKS], ""),
    ("info of a missing issue", {"issues": ["REL-999"]}, [], "REL-999"),
    ("info of a missing link", {"link_id": "99999"}, [], "99999"),
    ("info of an unknown type", {"issues": ["REL-1"], "link_types": ["Block"]}, [], "nearest first: 'Blocks'"),
]
SCENARIOS = [
    *(
        Scenario(name, options, links, fails=fails, module=jira_issue_link_info)
        for name, options, links, fails in READINGS
    ),
    Scenario("made, as REST says it", rest(*BLOCKS), after=[BLOCKS]),
    Scenario("made by the type's id", rest("APP-7", "10000", "REL-1"), after=[BLOCKS]),
    Scenario(
        "made with the names of community.general",
        {"linktype": "Blocks", "inwardissue": "APP-7", "outwardissue": "REL-1"},
        after=[BLOCKS],
    ),
    Scenario("made by the inward phrase", said("REL-1", "is blocked by", "APP-7"), after=[BLOCKS]),
    Scenario("made by the outward phrase", said("APP-7", "blocks", "REL-1"), after=[BLOCKS]),
    Scenario("made by a phrase in capitals", said("REL-1", "  Is Blocked BY ", "APP-7"), after=[BLOCKS]),
    Scenario("made by a symmetric phrase", said("APP-7", "relates to", "REL-1"), after=[RELATES]),
    Scenario("made with a type that has a space", rest("APP-7", " Relates", "REL-1"), prepare=_spaced),
    Scenario("made beside another type", rest(*BLOCKS), [CLONES], [CLONES, BLOCKS]),
    Scenario("made beside the inverted one", rest(*BLOCKS), [INVERTED], [INVERTED, BLOCKS]),
    Scenario("made with a comment", rest(*BLOCKS, comment="Because.\n\nReally."), after=[BLOCKS]),
    Scenario(
        "made with an internal comment",
        rest("SUP-1", "Blocks", "REL-1", comment="Hush.", comment_internal=True),
        after=[("SUP-1", "Blocks", "REL-1")],
    ),
    Scenario(
        "made with a comment for a role",
        rest(*BLOCKS, comment="Hush.", comment_visibility={"type": "role", "value": "Developers"}),
        after=[BLOCKS],
    ),
    Scenario("made towards a read-only issue", rest(*TO_READ_ONLY), after=[TO_READ_ONLY]),
    Scenario("made between ids", rest("10047", "Blocks", "10001"), after=[BLOCKS]),
    Scenario("made between keys in small letters", rest(" app-7 ", "Blocks", "rel-1"), after=[BLOCKS]),
    Scenario("made with a moved key", rest("OLD-1", "Blocks", "REL-1"), after=[MOVED]),
    Scenario("there", rest(*BLOCKS), [BLOCKS], [BLOCKS]),
    Scenario("there, said by phrase", said("REL-1", "is blocked by", "APP-7"), [BLOCKS], [BLOCKS]),
    Scenario("there, with a comment to be", rest(*BLOCKS, comment="Never."), [BLOCKS], [BLOCKS]),
    Scenario("there under a moved key", rest("OLD-1", "Blocks", "OLD-2"), [("APP-40", "Blocks", "LIB-40")]),
    Scenario("there, symmetric, other way round", rest(*RELATES), [RELATED], [RELATED]),
    Scenario("there, symmetric, said from the other end", said("REL-1", "relates to", "APP-7"), [RELATES], [RELATES]),
    Scenario("there, and an account that may only look", rest(*BLOCKS), [BLOCKS], [BLOCKS], account="viewer"),
    Scenario("exclusive, made", rest(*BLOCKS, exclusive=True), after=[BLOCKS]),
    Scenario("exclusive, there alone", rest(*BLOCKS, exclusive=True), [BLOCKS], [BLOCKS]),
    Scenario("exclusive, wrong type", rest(*BLOCKS, exclusive=True), [CLONES], [BLOCKS]),
    Scenario("exclusive, inverted", said("REL-1", "is blocked by", "APP-7", exclusive=True), [INVERTED], [BLOCKS]),
    Scenario("exclusive, several", rest(*BLOCKS, exclusive=True), [INVERTED, CLONES, RELATED, BLOCKS], [BLOCKS]),
    Scenario("exclusive, symmetric twice", rest(*RELATES, exclusive=True), [RELATED, RELATES], [RELATES]),
    Scenario("exclusive, symmetric other way round", rest(*RELATES, exclusive=True), [RELATED], [RELATED]),
    Scenario(
        "exclusive leaves other issues alone",
        rest(*BLOCKS, exclusive=True),
        [("APP-7", "Blocks", "REL-2"), ("LIB-1", "Cloners", "REL-1")],
        [("APP-7", "Blocks", "REL-2"), ("LIB-1", "Cloners", "REL-1"), BLOCKS],
    ),
    Scenario("removed", rest(*BLOCKS, **ABSENT), [BLOCKS, CLONES], [CLONES]),
    Scenario("removed by phrase", said("REL-1", "is blocked by", "APP-7", **ABSENT), [BLOCKS], []),
    Scenario("removed, not the inverted one", rest(*BLOCKS, **ABSENT), [INVERTED], [INVERTED]),
    Scenario("removed, symmetric, both ways", rest(*RELATES, **ABSENT), [RELATES, RELATED], []),
    Scenario("removed under a moved key", rest("OLD-1", "Blocks", "REL-1", **ABSENT), [MOVED], []),
    Scenario("removed by id", {"link_id": "10000", **ABSENT}, [BLOCKS, CLONES], [CLONES]),
    Scenario("removed by id and link", rest(*BLOCKS, link_id="10001", **ABSENT), [CLONES, BLOCKS], [CLONES]),
    Scenario("removed from a read-only issue", rest(*TO_READ_ONLY, **ABSENT), [TO_READ_ONLY], []),
    Scenario("removed from a read-only issue that blocks", rest(*FROM_READ_ONLY, **ABSENT), [FROM_READ_ONLY], []),
    Scenario("not there to remove", rest(*BLOCKS, **ABSENT), [], []),
    Scenario("not there to remove by id", {"link_id": "99999", **ABSENT}, [BLOCKS], [BLOCKS]),
    Scenario("not there to remove by id and link", rest(*BLOCKS, link_id="99999", **ABSENT), [CLONES], [CLONES]),
    Scenario("not there to remove, since the issue is missing", rest("APP-7", "Blocks", "REL-999", **ABSENT), [], []),
    # failures
    Scenario("issue missing", rest("APP-7", "Blocks", "REL-999"), fails="REL-999"),
    Scenario("issue invisible", rest("HID-1", "Blocks", "REL-1"), fails="HID-1"),
    Scenario("no issue key", rest("APP 7", "Blocks", "REL-1"), fails="'APP 7' is no issue key"),
    Scenario("unknown type", rest("APP-7", "Block", "REL-1"), fails="nearest first: 'Blocks'"),
    Scenario("unknown type beside a link", rest("APP-7", "Block", "REL-1"), [BLOCKS], fails="first: 'Blocks'"),
    Scenario("a type's name has to fit exactly", rest("APP-7", "blocks", "REL-1"), fails="must match exactly"),
    Scenario("unknown type id", rest("APP-7", "999", "REL-1"), fails="id '999'"),
    Scenario("unknown phrase", said("REL-1", "is blockt by", "APP-7"), fails="nearest first: 'is blocked by'"),
    Scenario("phrase of two types", said("REL-1", "is blocked by", "APP-7"), fails="Hinders", prepare=_two_phrases),
    Scenario("self link", rest("REL-1", "Relates", "rel-1"), fails="link an issue to itself"),
    Scenario("self link by an old key", rest("OLD-1", "Relates", "APP-40"), fails="link an issue to itself"),
    Scenario("no permission", rest("RO-1", "Blocks", "REL-1"), fails="no Link Issues permission for RO-1"),
    Scenario("no permission at all", rest(*BLOCKS), account="viewer", fails="no Link Issues permission for APP-7"),
    Scenario("no permission to remove", rest(*READ_ONLY, **ABSENT), [READ_ONLY], fails="permission for RO-1"),
    Scenario("no permission to remove by id", {"link_id": "10000", **ABSENT}, [READ_ONLY], fails="permission for RO-1"),
    Scenario("linking switched off", rest(*BLOCKS), prepare=_no_linking, fails="linking is switched off"),
    Scenario("linking off, type known", rest(*BLOCKS), [NEAR], prepare=_no_linking, fails="linking is switched off"),
    Scenario("id of another", rest(*BLOCKS, link_id="10000", **ABSENT), [CLONES, BLOCKS], fails="APP-7 clones REL-1"),
    Scenario("no link id", {"link_id": "abc", **ABSENT}, fails="not a number"),
    Scenario("an id for a new link", rest(*BLOCKS, link_id="10000"), fails="link_id is for state: absent"),
    Scenario("exclusive and absent", rest(*BLOCKS, exclusive=True, **ABSENT), [BLOCKS], fails="exclusive is for"),
    Scenario("a comment that is a list", rest(*BLOCKS, comment=["a"]), fails="comment has to be text"),
    Scenario("the same, with the link there", rest(*BLOCKS, comment=["a"]), [BLOCKS], fails="comment has to be text"),
    Scenario(
        "a comment for an empty role",
        rest(*BLOCKS, comment="Hush.", comment_visibility={"type": "role", "value": ""}),
        fails="value is empty",
    ),
    Scenario("removing one of a type that is not there", rest("APP-7", "Block", "REL-1", **ABSENT), fails="'Block'"),
    Scenario("two forms at once", {**rest(*BLOCKS), **said("REL-1", "blocks", "APP-7")}, fails="mutually exclusive"),
    Scenario("half a form", {"issue": "REL-1", "phrase": "blocks"}, fails="required together"),
    Scenario("nothing asked", {}, fails="one of the following is required"),
    Scenario("not logged in", rest(*BLOCKS), account="wrong", fails="credentials"),
]  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_check_mode_foretells_the_real_run(scenario: Scenario, site: LocalJira, task: Tasks) -> None:
    def run(check: bool = False) -> dict[str, Any]:
        return task(scenario.module, site, check, **site.login(scenario.account), **scenario.options).result

    site.reset(scenario.links)
    scenario.prepare(site)
    before = site.state()
    foretold = run(check=True)
    assert (site.state(), site.writes()) == (before, [])
    sentences = site.sentences()
    result = run()
    after = site.state()
    assert result["changed"] == (after != before)
    if scenario.fails:
        assert scenario.fails in result["msg"]
        assert result["failed"] and foretold["failed"] and not result["changed"] and not foretold["changed"]
        assert result["msg"].startswith(foretold["msg"])
        return
    assert not result.get("failed"), result
    assert foretold == {**result, **_as_foretold(result, before)}
    assert not scenario.after or sorted(site.links()) == sorted(map(tuple, scenario.after))
    if scenario.module is jira_issue_link:
        _assert_true(result, before, after, sentences, site.sentences())
    again = run()
    assert (again["changed"], site.state()) == (False, after)
    if scenario.module is jira_issue_link:
        assert (again["link"], again["removed"], again["request"]) == (result["link"], [], None)
        assert again["diff"]["before"] == again["diff"]["after"]


def _as_foretold(result: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Check mode cannot know the id of a link that is still to be made."""
    link = result.get("link")
    made = link and link["id"] not in {each["id"] for each in before["links"]}
    return {"link": {**link, "id": None}} if link and made else {}


def _assert_true(
    result: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any], was: list[str], is_now: list[str]
) -> None:
    """What the result says is what Jira holds."""
    diff = {end: sentences_of(result["diff"], end) for end in result["diff"]}
    assert sorted(set(diff["after"]) - set(diff["before"])) == sorted(set(is_now) - set(was))
    assert sorted(set(diff["before"]) - set(diff["after"])) == sorted(set(was) - set(is_now))
    ids = {link["id"]: (link["inward"], link["type"], link["outward"]) for link in after["links"]}
    link = result["link"]
    if link:
        assert ids[link["id"]] == (link["inward_issue"], link["link_type"], link["outward_issue"])
        assert link["sentence"] in is_now
    gone = {each["id"] for each in before["links"]} - ids.keys()
    assert {each["id"] for each in result["removed"]} == gone
    assert bool(result["request"]) == bool(ids.keys() - {each["id"] for each in before["links"]})


@pytest.mark.fact("per-issue limit")
@pytest.mark.parametrize("end", ["inward", "outward"])
def test_the_per_issue_limit_is_foreseen(cloud: LocalJira, task: Tasks, end: str) -> None:
    cloud.reset_with_a_full_issue()
    ends = ("BIG-1", "FAR-501") if end == "inward" else ("FAR-501", "BIG-1")
    options = rest(ends[0], "Relates", ends[1])
    foretold = task(jira_issue_link, cloud, check=True, **options).result
    assert foretold["failed"] and "BIG-1 has 2000 issue links" in foretold["msg"]
    result = task(jira_issue_link, cloud, **options).result
    assert result["msg"].startswith(foretold["msg"]) and not result["changed"]
    assert cloud.writes() == ["POST /issueLink"]  # 413 is permanent, so it is not sent again
    assert task.pauses == []
