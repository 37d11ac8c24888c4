# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links as a graph: in what order issues come, and what still blocks them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.linkops.jira.plugins.filter.link_order import link_order
from ansible_collections.linkops.jira.plugins.filter.open_blockers import open_blockers
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.graphs import CHAIN, about, entries


def with_status(*done: str, keys: str) -> dict[str, dict[str, Any]]:
    issues = about(**dict.fromkeys(keys.replace("-", "_").split(), ""))
    for key in done:
        issues[key].update(status="Shipped", status_category="Done")
    return issues


class TestOrder:
    def test_waves(self) -> None:
        links = [
            *CHAIN,
            *entries(("OPS-3", "Blocks", "REL-1"), ("APP-10", "Blocks", "REL-1"), ("APP-9", "Blocks", "REL-1")),
        ]
        assert link_order(links) == [["APP-9", "APP-10", "LIB-2", "OPS-3"], ["APP-7"], ["REL-1"]]

    def test_the_other_way_round(self) -> None:
        """REL-1 depends on APP-7: what is outward comes first."""
        links = entries(("REL-1", "Depends", "APP-7"), ("APP-7", "Depends", "LIB-2"))
        assert link_order(links, "depends on") == [["LIB-2"], ["APP-7"], ["REL-1"]]
        assert link_order(links, "is depended on by") == [["REL-1"], ["APP-7"], ["LIB-2"]]

    def test_more_issues_and_only_some_types(self) -> None:
        links = [*CHAIN, *entries(("REL-1", "Cloners", "APP-7"))]
        assert link_order(links, link_types=["Blocks"], issues=["OPS-9"]) == [["LIB-2", "OPS-9"], ["APP-7"], ["REL-1"]]
        assert link_order([], issues=["OPS-9"]) == [["OPS-9"]]
        assert link_order(CHAIN, issues=["rel-1", " APP-7 "]) == link_order(CHAIN)
        with pytest.raises(AnsibleFilterError, match="'REL' is no issue key"):
            link_order(CHAIN, issues=["REL"])
        assert link_order([]) == []

    def test_a_cycle_is_named(self) -> None:
        links = [*CHAIN, *entries(("REL-1", "Blocks", "LIB-2"))]
        chain = "(REL-1|APP-7|LIB-2)( is blocked by (REL-1|APP-7|LIB-2)){3}"
        with pytest.raises(AnsibleFilterError, match=f"the links form a cycle: {chain}[.]") as caught:
            link_order(links)
        assert "APP-7 is blocked by LIB-2" in f"{caught.value} {caught.value}".replace(".", "")

    @given(st.sets(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda pair: pair[0] < pair[1])))
    def test_everything_comes_after_what_blocks_it(self, pairs: set[tuple[int, int]]) -> None:
        waves = link_order(entries(*[(f"A-{first}", "Blocks", f"A-{second}") for first, second in pairs]))
        place = {key: number for number, wave in enumerate(waves) for key in wave}
        assert all(place[f"A-{first}"] < place[f"A-{second}"] for first, second in pairs)
        blocked = {f"A-{second}" for dummy, second in pairs}
        assert all((place[key] == 0) == (key not in blocked) for key in place)

    def test_a_long_chain(self) -> None:
        assert len(link_order(entries(*[(f"A-{n}", "Blocks", f"A-{n + 1}") for n in range(2000)]))) == 2001


class TestBlockers:
    def test_chains(self) -> None:
        issues = with_status(keys="REL-1 APP-7 LIB-2 OPS-3")
        issues["LIB-2"]["status"] = "In Progress"
        assert open_blockers(CHAIN, "REL-1", issues) == [
            {
                "issue": "APP-7",
                "summary": "",
                "status": "To Do",
                "status_category": "To Do",
                "chain": "REL-1 is blocked by APP-7 (To Do)",
            },
            {
                "issue": "LIB-2",
                "summary": "",
                "status": "In Progress",
                "status_category": "To Do",
                "chain": "REL-1 is blocked by APP-7 is blocked by LIB-2 (In Progress)",
            },
        ]

    def found(self, links: list[dict[str, Any]], done: str = "", **options: Any) -> list[str]:
        issues = with_status(*done.split(), keys="REL-1 REL-2 APP-7 LIB-2 OPS-3")
        return [each["issue"] for each in open_blockers(links, options.pop("of", ["REL-1"]), issues, **options)]

    def test_what_is_done_blocks_nothing_and_is_not_followed(self) -> None:
        assert self.found(CHAIN, done="APP-7") == []
        assert self.found(CHAIN, done="LIB-2") == ["APP-7"]

    def test_another_way_round_what_is_done(self) -> None:
        links = [*CHAIN, *entries(("LIB-2", "Blocks", "OPS-3"), ("OPS-3", "Blocks", "REL-1"))]
        assert self.found(links, done="APP-7") == ["OPS-3", "LIB-2"]

    def test_a_status_that_is_not_known_counts_as_open(self) -> None:
        (found,) = open_blockers(CHAIN[:1], ["REL-1"], about(REL_1=""))
        assert (found["issue"], found["status"]) == ("APP-7", None)
        assert found["chain"] == "REL-1 is blocked by APP-7 (status unknown)"

    def test_cycles(self) -> None:
        assert self.found([*CHAIN, *entries(("REL-1", "Blocks", "LIB-2"))]) == ["APP-7", "LIB-2"]

    def test_issues_that_are_released_together(self) -> None:
        links = entries(("REL-2", "Blocks", "REL-1"), ("APP-7", "Blocks", "REL-2"))
        assert self.found(links, of=["REL-1", "REL-2"]) == ["APP-7"]
        assert self.found(links, of=["REL-1"]) == ["REL-2", "APP-7"]

    def test_the_phrase_tells_the_direction(self) -> None:
        links = entries(("REL-1", "Depends", "APP-7"), ("LIB-2", "Depends", "REL-1"))
        assert self.found(links, phrase="Depends on") == ["APP-7"]
        assert self.found(links, phrase="is depended on by") == ["LIB-2"]

    def test_symmetric_types(self) -> None:
        links = entries(("REL-1", "Relates", "APP-7"), ("LIB-2", "Relates", "REL-1"))
        assert self.found(links) == []
        assert self.found(links, phrase="relates to") == ["APP-7", "LIB-2"]

    def test_only_some_types(self) -> None:
        links = entries(("APP-7", "Blocks", "REL-1"), ("LIB-2", "Cloners", "REL-1"))
        assert self.found(links) == ["APP-7"]
        assert self.found(links, link_types="Cloners") == []
        assert self.found(links, link_types="Cloners", phrase="is cloned by") == ["LIB-2"]

    def test_links_without_phrases_could_say_anything(self) -> None:
        declared = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
        with pytest.raises(AnsibleFilterError, match="'APP-7 Blocks REL-1' does not tell its phrases"):
            self.found([declared])

    def test_by_id_or_in_another_case(self) -> None:
        issues = about(REL_1="", APP_7="")
        issues["REL-1"]["id"] = "10000"
        assert [open_blockers(CHAIN[:1], of, issues)[0]["issue"] for of in ("10000", " rel-1")] == ["APP-7", "APP-7"]

    @pytest.mark.parametrize(
        ("of", "says"),
        [("REL-9", "REL-9 is not among the issues"), ([], "no issue to ask about"), (["REL 1"], "is no issue key")],
    )
    def test_an_issue_that_was_not_read_is_not_free(self, of: Any, says: str) -> None:
        with pytest.raises(AnsibleFilterError, match=says):
            open_blockers(CHAIN, of, about(REL_1=""))

    def test_a_long_chain(self) -> None:
        links = entries(*[(f"A-{n}", "Blocks", f"A-{n + 1}") for n in range(2000)])
        found = open_blockers(links, "A-2000", about(A_2000=""))
        assert [each["issue"] for each in found] == [f"A-{n}" for n in reversed(range(2000))]
        assert [each["chain"].count("is blocked by") for each in found[:22]] == [*range(1, 20), 20, 20, 20]
        assert " is blocked by A-1991 is blocked by … 1,981 more … is blocked by A-9 is " in found[-1]["chain"]

    def test_text_stays_printable(self) -> None:
        issues = about(REL_1="", APP_7="")
        issues["APP-7"]["status"] = "\x1b[2J"
        assert "\x1b" not in open_blockers(CHAIN[:1], "REL-1", issues)[0]["chain"]
