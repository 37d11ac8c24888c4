# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets of links, what Jira holds before, and what it has to hold after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.linkops.jira.plugins.modules import jira_issue_links

from tests.local_jira import Link
from tests.unit.scenario import Scenario
from tests.unit.sets_tasks import elements, pairs, rest, said, star

A, B, C = ("REL-1", "Blocks", "APP-1"), ("REL-1", "Blocks", "APP-2"), ("REL-2", "Blocks", "APP-1")
INVERTED = ("APP-1", "Blocks", "REL-1")
RELATED, RELATED_BACK = ("REL-1", "Relates", "APP-1"), ("APP-1", "Relates", "REL-1")
CLONED = ("REL-1", "Cloners", "APP-1")
FAR = ("LIB-1", "Blocks", "LIB-2")
HIDDEN = ("REL-1", "Blocks", "HID-1")
TO_LIB, FROM_OPS = ("REL-1", "Blocks", "LIB-1"), ("OPS-1", "Blocks", "REL-1")
READ_ONLY, TO_READ_ONLY = ("RO-1", "Blocks", "RO-2"), ("REL-1", "Blocks", "RO-1")
LINES = {"comment": "Because.\n\nReally."}


def asked(
    name: str,
    links: Sequence[Mapping[str, Any]] | None,
    before: Sequence[Link],
    after: Sequence[Link],
    options: Mapping[str, Any] | None = None,
) -> Scenario:
    declared = {} if links is None else {"links": links}
    return Scenario(name, jira_issue_links, {**declared, **(options or {})}, before, after=after)


def exact(
    name: str,
    links: Sequence[Mapping[str, Any]],
    before: Sequence[Link],
    after: Sequence[Link],
    scope: Mapping[str, Any] | None = None,
    **options: Any,
) -> Scenario:
    """The scope is the issues that the sentences begin with, unless scope says others."""
    begin = [link.get("issue") or link["inward_issue"] for link in links]
    scope = {"issues": begin, **(scope or {})}
    return asked(f"exact, {name}", links, before, after, {"state": "exact", "scope": scope, **options})


def absent(name: str, links: Sequence[Mapping[str, Any]], before: Sequence[Link], after: Sequence[Link]) -> Scenario:
    return asked(f"absent, {name}", links, before, after, {"state": "absent"})


SCENARIOS = [
    # present
    asked("nothing asked", [], [FAR], [FAR]),
    asked("one", elements([A]), [], [A]),
    asked("some there, some not", elements([A, B, C]), [B, FAR], [A, B, C, FAR]),
    asked("all there", elements([A, B]), [A, B, CLONED], [A, B, CLONED]),
    asked(
        "by phrase, both ways", [said("APP-1", "is blocked by", "REL-1"), said("REL-2", "blocks", "APP-1")], [], [A, C]
    ),
    asked(
        "by the names of community.general",
        [{"linktype": "Blocks", "inwardissue": "REL-1", "outwardissue": "APP-1"}],
        [],
        [A],
    ),
    asked("by the id of the type", elements([("REL-1", "10000", "APP-1")]), [], [A]),
    asked("by ids of issues", elements([("10001", "Blocks", "10041"), B]), [B], [A, B]),
    asked("by ids of issues, there", elements([("10001", "Blocks", "10041")]), [A], [A]),
    asked("in small letters", [said(" rel-1 ", " Blocks ", "app-1")], [B], [A, B]),
    asked("moved keys", elements([("OLD-1", "Blocks", "old-2")]), [], [("APP-40", "Blocks", "LIB-40")]),
    asked(
        "moved keys, there",
        elements([("OLD-1", "Blocks", "OLD-2")]),
        [("APP-40", "Blocks", "LIB-40")],
        [("APP-40", "Blocks", "LIB-40")],
    ),
    asked("twice the same", elements([A, B, A]), [], [A, B]),
    asked(
        "twice, from both ends", [said("REL-1", "blocks", "APP-1"), said("APP-1", "is blocked by", "REL-1")], [], [A]
    ),
    asked("twice, in both forms", [rest(*A), said("REL-1", "blocks", "APP-1")], [], [A]),
    asked(
        "twice, by old and new key",
        elements([("OLD-1", "Blocks", "REL-1"), ("APP-40", "Blocks", "REL-1")]),
        [],
        [("APP-40", "Blocks", "REL-1")],
    ),
    asked("twice, by key and id", elements([A, ("10001", "Blocks", "10041")]), [], [A]),
    asked("twice, there", [rest(*A), said("app-1", "is blocked by", "rel-1")], [A], [A]),
    asked("both directions are two links", elements([A, INVERTED]), [], [A, INVERTED]),
    asked("several types between two issues", elements([A, CLONED, RELATED]), [CLONED], [A, CLONED, RELATED]),
    asked("symmetric, both ways round", elements([RELATED, RELATED_BACK]), [], [RELATED]),
    asked("symmetric, there the other way round", elements([RELATED, B]), [RELATED_BACK], [RELATED_BACK, B]),
    asked("symmetric, there twice", elements([RELATED]), [RELATED, RELATED_BACK], [RELATED, RELATED_BACK]),
    asked("with comments", elements([A, B], **LINES), [B], [A, B]),
    asked("the same comment twice", elements([A, A], **LINES), [], [A]),
    asked("the comment on one of two mentions", [rest(*A), rest(*A, **LINES)], [], [A]),
    asked(
        "with a comment for a role",
        elements([A], comment="Hush.", comment_visibility={"type": "role", "value": "Developers"}),
        [],
        [A],
    ),
    asked("towards an issue that may only be read", elements([TO_READ_ONLY]), [], [TO_READ_ONLY]),
    asked("there between issues that may only be read", elements([READ_ONLY, A]), [READ_ONLY], [READ_ONLY, A]),
    asked(
        "a scope means nothing", elements([A]), [B], [A, B], {"scope": {"issues": ["REL-1"], "link_types": ["Blocks"]}}
    ),
    asked("one at a time", elements(star(12)), star(3), star(12), {"concurrency": 1}),
    asked("eight at a time", elements(star(12)), star(3), star(12), {"concurrency": 8}),
    # absent
    absent("there", elements([A, B]), [A, B, C], [C]),
    absent("some not there", elements([A, B, C]), [B], []),
    absent("none there", elements([A]), [INVERTED, CLONED], [INVERTED, CLONED]),
    absent("nothing asked", [], [A], [A]),
    absent("twice the same", [rest(*A), said("APP-1", "is blocked by", "REL-1")], [A, B], [B]),
    absent("symmetric, both orientations", elements([RELATED]), [RELATED, RELATED_BACK, A], [A]),
    absent(
        "by old keys and ids",
        elements([("OLD-1", "Blocks", "REL-1"), ("10001", "Blocks", "10041")]),
        [A, ("APP-40", "Blocks", "REL-1")],
        [],
    ),
    absent("from an issue that may only be read", elements([TO_READ_ONLY]), [TO_READ_ONLY], []),
    absent("more than max_removals, for all of them are listed", elements(pairs(25)), pairs(26), pairs(26)[25:]),
    # exact
    exact("nothing else there", elements([A]), [A], [A]),
    exact("any types, any projects", elements([A]), [B, INVERTED, CLONED, C, FAR], [A, CLONED, C, FAR]),
    exact(
        "all types named",
        elements([A, ("REL-1", "Cloners", "LIB-3")]),
        [CLONED, RELATED],
        [A, ("REL-1", "Cloners", "LIB-3"), RELATED],
    ),
    exact("issues", elements([A]), [B, C, FAR], [A, C, FAR], {"issues": ["REL-1"]}),
    exact("issues that no link names", elements([A]), [B, FAR], [A, B], {"issues": ["LIB-2"]}),
    exact(
        "issues in small letters, by id and by old key",
        elements([A]),
        [B, FAR, ("APP-40", "Blocks", "OPS-2")],
        [A, FAR],
        {"issues": ["rel-1", "10001", "OLD-1"]},
    ),
    exact("link types", elements([A]), [B, CLONED, RELATED], [A, B, RELATED], {"link_types": ["Cloners"]}),
    exact("link types by id", elements([A]), [B, CLONED, RELATED], [A, CLONED, RELATED], {"link_types": ["10000"]}),
    exact(
        "linked projects",
        elements([A]),
        [B, TO_LIB, FROM_OPS],
        [A, B],
        {"issues": ["REL-1"], "linked_projects": ["lib", "OPS"]},
    ),
    exact(
        "linked projects, seen from either end",
        elements([A]),
        [FROM_OPS, FAR],
        [A, FROM_OPS, FAR],
        {"linked_projects": ["APP"]},
    ),
    exact("a project that does not exist", elements([A]), [B], [A, B], {"linked_projects": ["NOPE"]}),
    exact("what is hidden stays", elements([A]), [B, HIDDEN], [A, HIDDEN], {"issues": ["REL-1"]}),
    exact("no links", [], [A, B, CLONED, C], [CLONED, C], {"issues": ["REL-1"], "link_types": ["Blocks"]}),
    exact(
        "no links, one project",
        [],
        [A, TO_LIB],
        [A],
        {"issues": ["REL-1"], "link_types": ["Blocks"], "linked_projects": ["LIB"]},
    ),
    exact(
        "symmetric the other way round stays",
        elements([RELATED]),
        [RELATED_BACK, ("REL-1", "Relates", "OPS-1")],
        [RELATED_BACK],
    ),
    exact(
        "symmetric, there twice: both say what is listed",
        elements([RELATED]),
        [RELATED, RELATED_BACK],
        [RELATED, RELATED_BACK],
    ),
    exact(
        "moved keys",
        elements([("OLD-1", "Blocks", "REL-1")]),
        [("APP-40", "Blocks", "REL-1"), ("APP-40", "Blocks", "REL-2")],
        [("APP-40", "Blocks", "REL-1")],
    ),
    exact("as many removals as may be", elements([A]), star(21), [A], {"issues": ["REL-1"]}),
    exact(
        "any number of removals",
        elements([A]),
        pairs(30),
        [A],
        {"issues": [f"REL-{number}" for number in range(1, 31)]},
        max_removals=-1,
    ),
    exact("no removals needed, none allowed", elements([A, B]), [A], [A, B], max_removals=0),
    exact("inverted", elements([A]), [INVERTED], [A]),
    # exclusive
    asked(
        "exclusive, all the others between two issues",
        elements([A]),
        [INVERTED, CLONED, RELATED, B, C],
        [A, B, C],
        {"exclusive": True},
    ),
    asked(
        "exclusive, for every element",
        elements([A, B]),
        [CLONED, ("APP-2", "Blocks", "REL-1"), FAR],
        [A, B, FAR],
        {"exclusive": True},
    ),
    asked("exclusive, symmetric twice", elements([RELATED]), [RELATED_BACK, RELATED], [RELATED], {"exclusive": True}),
    asked(
        "exclusive, said twice", [rest(*A), said("APP-1", "is blocked by", "REL-1")], [CLONED], [A], {"exclusive": True}
    ),
    exact(
        "exclusive",
        elements([A]),
        [CLONED, B, ("REL-1", "Cloners", "APP-2")],
        [A, ("REL-1", "Cloners", "APP-2")],
        exclusive=True,
    ),
    # acyclic
    asked(
        "acyclic, a chain",
        elements([A, ("APP-1", "Blocks", "LIB-1")]),
        [("LIB-1", "Blocks", "OPS-1")],
        [A, ("APP-1", "Blocks", "LIB-1"), ("LIB-1", "Blocks", "OPS-1")],
        {"acyclic": ["Blocks"]},
    ),
    asked(
        "acyclic, two ways to one issue",
        elements([A, B, ("APP-1", "Blocks", "LIB-1"), ("APP-2", "Blocks", "LIB-1")]),
        [],
        [A, B, ("APP-1", "Blocks", "LIB-1"), ("APP-2", "Blocks", "LIB-1")],
        {"acyclic": ["Blocks"]},
    ),
    asked(
        "acyclic, another type goes round",
        elements([A, ("APP-1", "Cloners", "REL-1")]),
        [],
        [A, ("APP-1", "Cloners", "REL-1")],
        {"acyclic": ["Blocks"]},
    ),
    asked(
        "acyclic, symmetric types never count",
        elements([RELATED, ("APP-1", "Relates", "LIB-1"), ("LIB-1", "Relates", "REL-1")]),
        [],
        [RELATED, ("APP-1", "Relates", "LIB-1"), ("LIB-1", "Relates", "REL-1")],
        {"acyclic": ["Relates", "Blocks"]},
    ),
    asked("acyclic, inverting", elements([A]), [INVERTED], [A], {"acyclic": ["Blocks"], "exclusive": True}),
    exact(
        "acyclic, a removal breaks the cycle",
        elements([A]),
        [INVERTED, ("APP-1", "Blocks", "LIB-1")],
        [A],
        {"issues": ["REL-1", "APP-1"]},
        acyclic=["Blocks"],
    ),
    exact(
        "acyclic, a removal further on breaks the cycle",
        elements([A]),
        [("APP-1", "Blocks", "LIB-1"), ("LIB-1", "Blocks", "REL-1")],
        [A, ("LIB-1", "Blocks", "REL-1")],
        {"issues": ["APP-1"]},
        acyclic=["Blocks"],
    ),
    asked(
        "acyclic, cycles elsewhere",
        elements([A]),
        [FAR, ("LIB-2", "Blocks", "LIB-1")],
        [A, FAR, ("LIB-2", "Blocks", "LIB-1")],
        {"acyclic": ["Blocks"]},
    ),
]
