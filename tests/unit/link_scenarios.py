# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One link, and the infos: tasks, what Jira holds before, and what it has to hold after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_link_type_info,
    jira_remote_link_info,
    jira_site_info,
)

from tests.local_jira import Link, LocalJira
from tests.unit.remote_scenarios import held
from tests.unit.scenario import Scenario, no_linking
from tests.unit.sets_tasks import rest, said

BLOCKS, RELATES, CLONES = ("APP-7", "Blocks", "REL-1"), ("APP-7", "Relates", "REL-1"), ("APP-7", "Cloners", "REL-1")
INVERTED, RELATED = ("REL-1", "Blocks", "APP-7"), ("REL-1", "Relates", "APP-7")
READ_ONLY = ("RO-1", "Blocks", "RO-2")
TO_READ_ONLY, FROM_READ_ONLY = ("REL-1", "Blocks", "RO-1"), ("RO-1", "Blocks", "REL-1")
NEAR = ("LIB-1", "Blocks", "REL-1")
MOVED = ("APP-40", "Blocks", "REL-1")
SAYING = {"sentence": "REL-1 is blocked by APP-7"}
ABSENT = {"state": "absent"}


def _two_phrases(site: LocalJira) -> None:
    kinds = [("Blocks", "is blocked by", "blocks"), ("Hinders", "is blocked by", "hinders")]
    site.reset(link_types=[{"name": name, "inward": inward, "outward": outward} for name, inward, outward in kinds])


def _spaced(site: LocalJira) -> None:
    site.reset(link_types=[{"name": " Relates", "inward": "Relates to ", "outward": "relates to"}])


def link(
    name: str,
    options: Mapping[str, Any],
    links: Sequence[Link] = (),
    after: Sequence[Link] | None = None,
    **more: Any,
) -> Scenario:
    return Scenario(name, jira_issue_link, options, links, after=after, **more)


def info(
    name: str, options: Mapping[str, Any], links: Sequence[Link] = (), module: Any = jira_issue_link_info, **more: Any
) -> Scenario:
    """What was there is there."""
    return Scenario(name, module, options, links, after=links, **more)


SCENARIOS = [
    info("two issues", {"issues": ["REL-1", "APP-7"]}, [BLOCKS, RELATED]),
    info("a link", {"link_id": "10000"}, [BLOCKS]),
    info("a query", {"jql": "project = REL", "phrase": "is blocked by"}, [BLOCKS]),
    info("a missing issue", {"issues": ["REL-999"]}, fails="REL-999"),
    info("a missing link", {"link_id": "99999"}, fails="99999"),
    info("an unknown type", {"issues": ["REL-1"], "link_types": ["Block"]}, fails="nearest first: 'Blocks'"),
    info("the site", {}, module=jira_site_info),
    info("what the account may do", {"permissions_for": ["REL-1"]}, module=jira_site_info),
    info("all types", {}, module=jira_issue_link_type_info),
    info("who uses them", {"usage": True}, [BLOCKS, RELATED], module=jira_issue_link_type_info),
    info("remote links", {"issues": ["REL-1"]}, module=jira_remote_link_info, remote_links=[held()]),
    info("remote links of nothing", {"issues": ["REL-999"]}, module=jira_remote_link_info, fails="REL-999"),
    link("made, as REST says it", rest(*BLOCKS), after=[BLOCKS]),
    link("made by the type's id", rest("APP-7", "10000", "REL-1"), after=[BLOCKS]),
    link(
        "made with the names of community.general",
        {"linktype": "Blocks", "inwardissue": "APP-7", "outwardissue": "REL-1"},
        after=[BLOCKS],
    ),
    link("made by the inward phrase", said("REL-1", "is blocked by", "APP-7"), after=[BLOCKS]),
    link("made by the outward phrase", said("APP-7", "blocks", "REL-1"), after=[BLOCKS]),
    link("made by a sentence", {"sentence": "REL-1 is blocked by APP-7"}, after=[BLOCKS]),
    link("made by a sentence from the other end", {"sentence": " app-7  Blocks\u00a0rel-1 "}, after=[BLOCKS]),
    link("made by a sentence with ids", {"sentence": "10047 blocks 10001"}, after=[BLOCKS]),
    link("no sentence", {"sentence": "REL-1 APP-7"}, fails="'REL-1 APP-7' is no sentence about two issues"),
    link("a blank sentence", {"sentence": " "}, fails="sentence is empty"),
    link("a sentence and a phrase", {**SAYING, **said("REL-1", "blocks", "APP-7")}, fails="mutually exclusive"),
    link("a sentence that two types share", SAYING, prepare=_two_phrases, fails="fits several issue link types"),
    link("made by a phrase in capitals", said("REL-1", "  Is Blocked BY ", "APP-7"), after=[BLOCKS]),
    link("made by a symmetric phrase", said("APP-7", "relates to", "REL-1"), after=[RELATES]),
    link("made with a type that has a space", rest("APP-7", " Relates", "REL-1"), prepare=_spaced),
    link("made beside another type", rest(*BLOCKS), [CLONES], [CLONES, BLOCKS]),
    link("made beside the inverted one", rest(*BLOCKS), [INVERTED], [INVERTED, BLOCKS]),
    link("made with a comment", rest(*BLOCKS, comment="Because.\n\nReally."), after=[BLOCKS]),
    link(
        "made with an internal comment",
        rest("SUP-1", "Blocks", "REL-1", comment="Hush.", comment_internal=True),
        after=[("SUP-1", "Blocks", "REL-1")],
    ),
    link(
        "made with a comment for a role",
        rest(*BLOCKS, comment="Hush.", comment_visibility={"type": "role", "value": "Developers"}),
        after=[BLOCKS],
    ),
    link("made towards a read-only issue", rest(*TO_READ_ONLY), after=[TO_READ_ONLY]),
    link("made between ids", rest("10047", "Blocks", "10001"), after=[BLOCKS]),
    link("made between keys in small letters", rest(" app-7 ", "Blocks", "rel-1"), after=[BLOCKS]),
    link("made with a moved key", rest("OLD-1", "Blocks", "REL-1"), after=[MOVED]),
    link("there", rest(*BLOCKS), [BLOCKS], [BLOCKS]),
    link("there, said by a sentence", {"sentence": "REL-1 is blocked by APP-7"}, [BLOCKS], [BLOCKS]),
    link("there, said by phrase", said("REL-1", "is blocked by", "APP-7"), [BLOCKS], [BLOCKS]),
    link("there, with a comment to be", rest(*BLOCKS, comment="Never."), [BLOCKS], [BLOCKS]),
    link("there under a moved key", rest("OLD-1", "Blocks", "OLD-2"), [("APP-40", "Blocks", "LIB-40")]),
    link("there, symmetric, other way round", rest(*RELATES), [RELATED], [RELATED]),
    link("there, symmetric, said from the other end", said("REL-1", "relates to", "APP-7"), [RELATES], [RELATES]),
    link("there, and an account that may only look", rest(*BLOCKS), [BLOCKS], [BLOCKS], account="viewer"),
    link("exclusive, made", rest(*BLOCKS, exclusive=True), after=[BLOCKS]),
    link("exclusive, there alone", rest(*BLOCKS, exclusive=True), [BLOCKS], [BLOCKS]),
    link("exclusive, wrong type", rest(*BLOCKS, exclusive=True), [CLONES], [BLOCKS]),
    link("exclusive, inverted", said("REL-1", "is blocked by", "APP-7", exclusive=True), [INVERTED], [BLOCKS]),
    link("exclusive, several", rest(*BLOCKS, exclusive=True), [INVERTED, CLONES, RELATED, BLOCKS], [BLOCKS]),
    link("exclusive, symmetric twice", rest(*RELATES, exclusive=True), [RELATED, RELATES], [RELATES]),
    link("exclusive, symmetric other way round", rest(*RELATES, exclusive=True), [RELATED], [RELATED]),
    link(
        "exclusive leaves other issues alone",
        rest(*BLOCKS, exclusive=True),
        [("APP-7", "Blocks", "REL-2"), ("LIB-1", "Cloners", "REL-1")],
        [("APP-7", "Blocks", "REL-2"), ("LIB-1", "Cloners", "REL-1"), BLOCKS],
    ),
    link("removed", rest(*BLOCKS, **ABSENT), [BLOCKS, CLONES], [CLONES]),
    link("removed by a sentence", {"sentence": "REL-1 is blocked by APP-7", **ABSENT}, [BLOCKS], []),
    link("removed by phrase", said("REL-1", "is blocked by", "APP-7", **ABSENT), [BLOCKS], []),
    link("removed, not the inverted one", rest(*BLOCKS, **ABSENT), [INVERTED], [INVERTED]),
    link("removed, symmetric, both ways", rest(*RELATES, **ABSENT), [RELATES, RELATED], []),
    link("removed under a moved key", rest("OLD-1", "Blocks", "REL-1", **ABSENT), [MOVED], []),
    link("removed by id", {"link_id": "10000", **ABSENT}, [BLOCKS, CLONES], [CLONES]),
    link("removed by id and link", rest(*BLOCKS, link_id="10001", **ABSENT), [CLONES, BLOCKS], [CLONES]),
    link("removed from a read-only issue", rest(*TO_READ_ONLY, **ABSENT), [TO_READ_ONLY], []),
    link("removed from a read-only issue that blocks", rest(*FROM_READ_ONLY, **ABSENT), [FROM_READ_ONLY], []),
    link("not there to remove", rest(*BLOCKS, **ABSENT), [], []),
    link("not there to remove by id", {"link_id": "99999", **ABSENT}, [BLOCKS], [BLOCKS]),
    link("not there to remove by id and link", rest(*BLOCKS, link_id="99999", **ABSENT), [CLONES], [CLONES]),
    link("not there to remove, since the issue is missing", rest("APP-7", "Blocks", "REL-999", **ABSENT), [], []),
    # failures
    link("issue missing", rest("APP-7", "Blocks", "REL-999"), fails="REL-999"),
    link("issue invisible", rest("HID-1", "Blocks", "REL-1"), fails="HID-1"),
    link("no issue key", rest("APP 7", "Blocks", "REL-1"), fails="'APP 7' is no issue key"),
    link("unknown type", rest("APP-7", "Block", "REL-1"), fails="nearest first: 'Blocks'"),
    link("unknown type beside a link", rest("APP-7", "Block", "REL-1"), [BLOCKS], fails="first: 'Blocks'"),
    link("a type's name has to fit exactly", rest("APP-7", "blocks", "REL-1"), fails="must match exactly"),
    link("unknown type id", rest("APP-7", "999", "REL-1"), fails="id '999'"),
    link("unknown phrase", said("REL-1", "is blockt by", "APP-7"), fails="nearest first: 'is blocked by'"),
    link("phrase of two types", said("REL-1", "is blocked by", "APP-7"), fails="Hinders", prepare=_two_phrases),
    link("self link", rest("REL-1", "Relates", "rel-1"), fails="link an issue to itself"),
    link("self link by an old key", rest("OLD-1", "Relates", "APP-40"), fails="link an issue to itself"),
    link("no permission", rest("RO-1", "Blocks", "REL-1"), fails="no Link Issues permission for RO-1"),
    link("no permission at all", rest(*BLOCKS), account="viewer", fails="no Link Issues permission for APP-7"),
    link("no permission to remove", rest(*READ_ONLY, **ABSENT), [READ_ONLY], fails="permission for RO-1"),
    link("no permission to remove by id", {"link_id": "10000", **ABSENT}, [READ_ONLY], fails="permission for RO-1"),
    link("linking switched off", rest(*BLOCKS), prepare=no_linking, fails="linking is switched off"),
    link("linking off, type known", rest(*BLOCKS), [NEAR], prepare=no_linking, fails="linking is switched off"),
    link("id of another", rest(*BLOCKS, link_id="10000", **ABSENT), [CLONES, BLOCKS], fails="APP-7 clones REL-1"),
    link("no link id", {"link_id": "abc", **ABSENT}, fails="not a number"),
    link("an id for a new link", rest(*BLOCKS, link_id="10000"), fails="link_id is for state: absent"),
    link("exclusive and absent", rest(*BLOCKS, exclusive=True, **ABSENT), [BLOCKS], fails="exclusive is for"),
    link("a comment that is a list", rest(*BLOCKS, comment=["a"]), fails="comment has to be text"),
    link("the same, with the link there", rest(*BLOCKS, comment=["a"]), [BLOCKS], fails="comment has to be text"),
    link(
        "a comment for an empty role",
        rest(*BLOCKS, comment="Hush.", comment_visibility={"type": "role", "value": ""}),
        fails="value is empty",
    ),
    link("removing one of a type that is not there", rest("APP-7", "Block", "REL-1", **ABSENT), fails="'Block'"),
    link("two forms at once", {**rest(*BLOCKS), **said("REL-1", "blocks", "APP-7")}, fails="mutually exclusive"),
    link("half a form", {"issue": "REL-1", "phrase": "blocks"}, fails="required together"),
    link("nothing asked", {}, fails="one of the following is required"),
    link("not logged in", rest(*BLOCKS), account="wrong", fails="credentials"),
]  # fmt: skip
