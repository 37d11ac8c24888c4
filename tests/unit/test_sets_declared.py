# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused before anything is written: mistakes, caps, cycles, limits, permissions; and what reading costs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.modules import jira_issue_links

from tests.local_jira import LocalJira
from tests.unit import element_mistakes
from tests.unit.element_mistakes import Refused, scoped
from tests.unit.sets_tasks import Sets, elements, pairs, rest, said, star, with_status
from tests.unit.tasks import Tasks

A, B = ("REL-1", "Blocks", "APP-1"), ("REL-1", "Blocks", "APP-2")
INVERTED = ("APP-1", "Blocks", "REL-1")
EXACT = {"state": "exact"}
ACYCLIC = {"acyclic": ["Blocks"]}
CHAIN = [("APP-1", "Blocks", "LIB-1"), *((f"LIB-{number}", "Blocks", f"LIB-{number + 1}") for number in range(1, 8))]


EMPTY: list[Any] = ["", " ", {}]
BLANKS: list[Any] = [None, "", " ", [], [None], [" "], ["REL-1", None], "REL-1,"]
REFUSED = [
    Refused(
        "all mistakes together, each with its place",
        [
            rest(*A),
            {"issue": "REL-1", "phrase": "blocks"},
            said("REL-1", "is blockt by", "APP-1"),
            rest("REL 1", "Blocks", "APP-1"),
            rest("REL-1", "Block", "APP-1"),
            rest("REL-1", "Blocks", "REL-999"),
            rest("REL-1", "Blocks", "rel-1"),
            rest("HID-1", "Blocks", "APP-1"),
            rest(*B, comment=["x"]),
            {**rest(*B), "issue": "REL-1"},
            {},
            rest("", "Blocks", "APP-1"),
            rest(*A, comment="This."),
            rest(*A, comment="That."),
        ],
        ["12 mistakes", "!links[0] (", "!links[12]"]
        + [f"links[{place}]" for place in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13)]
        + ["nearest first: 'is blocked by'", "'REL 1' is no issue key", "REL-999", "HID-1", "nothing was written"],
    ),
    Refused(
        "an issue missing",
        elements([A, ("REL-1", "Blocks", "REL-999")]),
        ["links[1] (REL-1 blocks REL-999): ", "1 mistake"],
    ),
    Refused("both issues missing", elements([("REL-998", "Blocks", "REL-999")]), ["REL-998 and REL-999"]),
    Refused("a self link by an old key", elements([("OLD-1", "Blocks", "APP-40")]), ["links[0] (", "to itself"]),
    Refused("a self link by its id", elements([("10001", "Blocks", "REL-1")]), ["links[0] (", "to itself"]),
    Refused("a comment for nobody", [rest(*A, comment=["x"])], ["links[0]: comment has to be text"]),
    Refused("a dict that is no document", [rest(*A, comment={"a": 1})], ["links[0]: comment has to be text"]),
    Refused(
        "two comments, seen from both ends",
        [rest(*A, comment="This."), said("APP-1", "is blocked by", "REL-1", comment="That.")],
        ["): links[0] says the same link with another comment"],
    ),
    Refused(
        "two comments on a symmetric link",
        [rest("REL-1", "Relates", "APP-1", comment="This."), rest("APP-1", "Relates", "REL-1", comment="That.")],
        ["links[1] (", "): links[0]"],
    ),
    Refused(
        "one comment for two kinds of readers",
        [rest(*A, comment="This."), rest(*A, comment="This.", comment_internal=True)],
        ["links[1] (", "): links[0]"],
    ),
    # exact
    Refused("no links and no scope", [], ["needs scope.issues", "!If that is"], EXACT, [A]),
    Refused(
        "no scope",
        [*elements([A, B]), said("LIB-2", "is blocked by", "OPS-1"), {}],
        ["needs scope.issues", "the issues that may lose links."],
        EXACT,
        [A],
    ),
    Refused("a scope without issues", elements([A]), ["needs scope.issues"], scoped(linked_projects=["LIB"]), [B]),
    Refused("no links and no types", [], ["scope.link_types"], scoped(issues=["REL-1"]), [A]),
    Refused("no links and no issues", [], ["needs scope.issues"], scoped(link_types=["Blocks"]), [A]),
    Refused("an issue of the scope missing", elements([A]), ["scope.issues: ", "REL-999"], scoped(issues=["REL-999"])),
    Refused("no key in the scope", elements([A]), ["scope.issues: 'what?'"], scoped(issues=["REL-1", "what?"])),
    Refused(
        "a type of the scope unknown",
        elements([A]),
        ["scope.link_types: ", "'Block'"],
        scoped(issues=["REL-1"], link_types=["Block"]),
    ),
    Refused(
        "mistakes in links and scope together",
        elements([A, ("REL-1", "Blocks", "REL-999")]),
        ["links[1] (", "scope.issues: ", "scope.link_types: "],
        scoped(issues=["REL-998"], link_types=["Block"]),
    ),
    *(
        Refused(
            f"{name} of the scope is {blank!r}",
            elements([A]),
            [f"scope.{name} is empty"],
            scoped(**{"issues": ["REL-1"], name: blank}),
            [B],
        )
        for name in ("issues", "link_types", "linked_projects")
        for blank in BLANKS
    ),
    *(
        Refused(f"the scope is {blank!r}", elements([A]), ["scope is empty"], {**EXACT, "scope": blank})
        for blank in EMPTY
    ),
    Refused(
        "too many removals",
        elements([A]),
        ["max_removals is 20", "21 links", "REL-1 blocks APP-22", "REL-1 blocks APP-2'", "!REL-1 blocks APP-1'"],
        scoped(issues=["REL-1"]),
        star(22),
    ),
    Refused(
        "no removals allowed",
        elements([A]),
        ["max_removals is 0", "'REL-1 blocks APP-2'"],
        {**scoped(issues=["REL-1"]), "max_removals": 0},
        [B],
    ),
    Refused("a cap below zero", elements([A]), ["max_removals"], {**scoped(issues=["REL-1"]), "max_removals": -2}, [B]),
    Refused(
        "exclusive has the same cap",
        elements([A]),
        ["max_removals is 0", "'APP-1 blocks REL-1'"],
        {"exclusive": True, "max_removals": 0},
        [INVERTED],
    ),
    # exclusive
    Refused("two only ones", elements([A, INVERTED]), ["exclusive: ", "APP-1 and REL-1"], {"exclusive": True}),
    Refused("exclusive and absent", elements([A]), ["exclusive is for"], {"exclusive": True, "state": "absent"}, [A]),
    # acyclic
    Refused("a cycle in the list", elements([A, INVERTED]), ["form a cycle: ", "REL-1 blocks APP-1"], ACYCLIC),
    Refused("a cycle with a link in Jira", elements([A]), ["REL-1 blocks APP-1 blocks REL-1"], ACYCLIC, [INVERTED]),
    Refused(
        "a cycle of three, said by the inward phrase",
        [said("APP-1", "is blocked by", "REL-1"), said("LIB-1", "is blocked by", "APP-1")],
        ["LIB-1 blocks REL-1", "REL-1 blocks APP-1", "APP-1 blocks LIB-1"],
        ACYCLIC,
        [("LIB-1", "Blocks", "REL-1")],
    ),
    Refused(
        "a cycle far beyond the named issues",
        elements([A]),
        ["LIB-7 blocks LIB-8", "LIB-8 blocks REL-1"],
        ACYCLIC,
        [*CHAIN, ("LIB-8", "Blocks", "REL-1")],
    ),
    Refused(
        "a cycle by way of two elements",
        elements([A, ("LIB-8", "Blocks", "OPS-1")]),
        ["cycle"],
        ACYCLIC,
        [*CHAIN, ("OPS-1", "Blocks", "REL-1")],
    ),
    Refused(
        "an exact set with a cycle",
        elements([A]),
        ["cycle"],
        {**EXACT, **ACYCLIC, "scope": {"issues": ["OPS-1"]}},
        [*CHAIN, ("LIB-8", "Blocks", "REL-1")],
    ),
    Refused("acyclic, a type unknown", elements([A]), ["acyclic: ", "'Block'"], {"acyclic": ["Block"]}),
    # permissions
    Refused(
        "no permission at one issue",
        elements([A, ("RO-1", "Blocks", "REL-1")]),
        ["no Link Issues permission for RO-1", "1 mistake"],
    ),
    Refused(
        "no permission to remove",
        [],
        ["RO-1 or RO-2"],
        scoped(issues=["RO-1"], link_types=["Blocks"]),
        [("RO-1", "Blocks", "RO-2")],
    ),
    Refused("no permission anywhere", elements([A]), ["permission for REL-1"], account="viewer"),
    Refused("not logged in", elements([A]), ["credentials"], account="wrong"),
    # options
    Refused("no writes at a time", elements([A]), ["concurrency"], {"concurrency": 0}),
]


@pytest.mark.parametrize("refused", [*REFUSED, *element_mistakes.REFUSED], ids=lambda refused: refused.name)
def test_what_is_refused_writes_nothing_in_check_mode_and_for_real(
    refused: Refused, site: LocalJira, sets: Sets
) -> None:
    site.reset(refused.before)
    options = {**site.login(refused.account), **refused.options}
    foretold = sets.outcome(site, refused.links, check=True, **options).result
    result = sets.outcome(site, refused.links, **options).result
    assert site.writes() == []
    assert {**foretold, "support_id": None} == {**result, "support_id": None}
    assert result["failed"] and not result["changed"]
    for words in refused.words:
        assert (words[1:] not in result["msg"]) if words[0] == "!" else (words in result["msg"]), result["msg"]


def test_mistakes_as_a_list(site: LocalJira, sets: Sets) -> None:
    """Each with its place, so that a program can show it there."""
    links = [rest(*A, origin="a.csv line 7"), rest("REL-1", "Blocks", "REL 2"), rest("RO-1", "Blocks", "REL-1")]
    scope = {"issues": ["REL-1"], "link_types": ["Block"]}
    found = sets(site, [*links, rest(*INVERTED)], acyclic=["Blocks"], state="exact", scope=scope)["mistakes"]
    assert [each["origin"] for each in found] == ["links[1]", "links[2]", "scope.link_types", "acyclic"]
    assert found[0]["message"] == "'REL 2' is no issue key. A key looks like HSP-1."
    assert found[1]["message"].startswith("This account has no Link Issues permission for RO-1.")
    assert all(each.keys() == {"origin", "message"} for each in found)
    assert "mistakes" not in sets(site, links[:1])


def test_every_link_that_would_be_removed_is_listed(site: LocalJira, sets: Sets) -> None:
    site.reset(pairs(30))
    result = sets(site, [], **scoped(issues=[f"REL-{number}" for number in range(1, 31)], link_types=["Blocks"]))
    assert all(f"'{inward} blocks {outward}'" in result["msg"] for inward, _other, outward in pairs(30))


def test_a_missing_issue_has_no_link_to_remove(site: LocalJira, sets: Sets) -> None:
    site.reset([A])
    links = elements([A, ("REL-1", "Blocks", "REL-999"), ("HID-1", "Blocks", "REL-1")])
    result, warnings = sets.outcome(site, links, state="absent")
    assert site.links() == [] and with_status(result, "removed") == ["REL-1 blocks APP-1"]
    assert sorted(warning[:8] for warning in warnings) == ["links[1]", "links[2]"]
    assert "REL-999" in warnings[0] and "HID-1" in warnings[1]


def test_linking_switched_off(site: LocalJira, sets: Sets) -> None:
    site.settings(linking_enabled=False)
    for check in (True, False):
        assert "switched off" in sets(site, elements([A]), check=check)["msg"]


def test_a_phrase_of_two_types(site: LocalJira, sets: Sets) -> None:
    kinds = [("Blocks", "is blocked by", "blocks"), ("Hinders", "is blocked by", "hinders")]
    site.reset(link_types=[{"name": name, "inward": inward, "outward": outward} for name, inward, outward in kinds])
    links = [said("REL-1", "blocks", "APP-1"), said("REL-1", "is blocked by", "APP-2")]
    message = sets(site, links)["msg"]
    assert "links[1]: 'is blocked by' fits several" in message and "links[0]" not in message


def test_links_outside_the_scope_are_warned_of(site: LocalJira, sets: Sets) -> None:
    options = scoped(issues=["REL-1"], linked_projects=["LIB"])
    for check in (True, False):
        outcome = sets.outcome(site, elements([A]), check, **options)
        assert outcome.result["changed"] and "Outside the scope: 'REL-1 blocks APP-1'" in outcome.warnings[0]
    assert sets.outcome(site, elements([A]), **scoped(issues=["REL-1"], linked_projects=["app"])).warnings == []


def test_a_wrong_suboption_is_named(site: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_links, site, links=[{**rest(*A), "fraze": "blocks"}]).result
    assert result["failed"] and "fraze" in result["msg"]


# --- 2,000 links an issue


def full(there: int) -> list[tuple[str, str, str]]:
    return [("BIG-1", "Blocks", f"FAR-{number}") for number in range(1, there + 1)]


@pytest.mark.parametrize("far_end", [False, True])
def test_the_limit_of_an_issue_is_foreseen_by_counting(cloud: LocalJira, sets: Sets, far_end: bool) -> None:
    cloud.reset(full(1990), projects=[{"key": "BIG", "count": 1}, {"key": "FAR", "count": 2001}])
    new = [
        (("FAR-{}" if far_end else "BIG-1").format(n), "Blocks", "BIG-1" if far_end else f"FAR-{n}")
        for n in range(1991, 2002)
    ]
    for check in (True, False):
        result = sets(cloud, elements(new), check=check)
        assert result["failed"] and "BIG-1 has 1990 issue links and would get 11 more" in result["msg"]
        assert "2,000" in result["msg"] and cloud.writes() == []
    assert not sets(cloud, elements(new[:10]), check=True).get("failed")


def test_removals_come_too_late_to_make_room(cloud: LocalJira, sets: Sets) -> None:
    cloud.reset(full(2000), projects=[{"key": "BIG", "count": 1}, {"key": "FAR", "count": 2001}])
    links = elements([*full(1999), ("BIG-1", "Blocks", "FAR-2001")])
    result = sets(cloud, links, **scoped(issues=["BIG-1"]))
    assert result["failed"] and "BIG-1 has 2000 issue links" in result["msg"] and cloud.writes() == []


def test_data_center_has_no_such_limit(data_center: LocalJira, sets: Sets) -> None:
    data_center.reset(full(2000), projects=[{"key": "BIG", "count": 1}, {"key": "FAR", "count": 2001}])
    assert sets(data_center, elements([("BIG-1", "Blocks", "FAR-2001")]))["changed"]


# --- what reading costs


def reads(site: LocalJira) -> list[str]:
    return [each for each in site.requests() if each.endswith(("/bulkfetch", "/search")) or "GET /issue/" in each]


def test_a_hub_is_one_read(site: LocalJira, sets: Sets) -> None:
    links = [("HUB-1", "Blocks", f"FAR-{number}") for number in range(1, 1001)]
    site.reset(links, projects=[{"key": "HUB", "count": 1}, {"key": "FAR", "count": 1000}])
    result = sets(site, elements(links))
    assert not result["changed"] and len(result["links"]) == 1000
    assert len(reads(site)) == 1 and result["summary"]["requests"] <= 3


def test_a_second_run_reads_a_hundred_issues_a_request(site: LocalJira, sets: Sets) -> None:
    links = [(f"ONE-{number}", "Relates", f"TWO-{number}") for number in range(1, 251)]
    site.reset(links, projects=[{"key": "ONE", "count": 250}, {"key": "TWO", "count": 250}])
    result = sets(site, elements(links))
    assert not result["changed"] and result["summary"]["requests"] <= 3 + 2


def test_a_second_run_of_an_exact_set_reads_each_issue_once(site: LocalJira, sets: Sets) -> None:
    links = [(f"ONE-{number}", "Relates", f"TWO-{number}") for number in range(1, 121)]
    site.reset(links, projects=[{"key": "ONE", "count": 120}, {"key": "TWO", "count": 120}])
    result = sets(
        site, elements(links), **scoped(issues=[key for inward, _type, outward in links for key in (inward, outward)])
    )
    assert not result["changed"] and result["summary"]["requests"] <= 3 + 2


def test_symmetric_types_are_not_followed(site: LocalJira, sets: Sets) -> None:
    """They never count, so where they lead is of no interest, and a site can be one web of them."""
    related = [("APP-1", "Relates", "LIB-1"), *((f"LIB-{n}", "Relates", f"LIB-{n + 1}") for n in range(1, 9))]
    site.reset([A, *related])
    sets(site, elements([A]), acyclic=["Blocks", "Relates"])
    assert len(reads(site)) <= 2


def test_permissions_are_asked_once_a_project(site: LocalJira, sets: Sets) -> None:
    sets(site, elements([*pairs(12), ("LIB-1", "Blocks", "REL-1")]), check=True)
    assert site.requests().count("GET /mypermissions") == 2
