# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The decision of the release gate: what closes it, what is accepted, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._model.options import InputError
from ansible_collections.linkops.jira.plugins.plugin_utils import _gate
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.graphs import entries

Pair = tuple[int, int]
"""The first one blocks the second one."""
TODAY = date(2026, 11, 28)


def key(number: int) -> str:
    return f"A-{number}"


def read_of(pairs: Any, release: Any, done: Any = ()) -> dict[str, Any]:
    """What jira_issue_link_info returns for a release of these issues."""
    numbers = {number for pair in pairs for number in pair} | set(release)
    return {
        "links": entries(*((key(first), "Blocks", key(second)) for first, second in pairs)),
        "issues": {
            key(number): {
                "id": str(number),
                "summary": "",
                "status": "Some",
                "status_category": "Done" if number in done else "To Do",
                "issue_type": "Task",
            }
            for number in numbers
        },
        "asked": {key(number): key(number) for number in release},
        "missing": [],
    }


def decided(
    read: dict[str, Any], accepted: Any = (), accepted_read: Any = None, require_done: bool = False
) -> dict[str, Any]:
    """:param accepted_read: what Jira shows of the accepted issues; all of them under the keys given, if None."""
    acceptances = _gate.read_accepted(list(accepted))
    release = _gate.read_release(read)
    if accepted_read is None:
        keys = [each.issue for each in acceptances]
        issues = {each: {"id": each.rpartition("-")[2]} for each in keys}
        accepted_read = {"asked": {each: each for each in keys}, "issues": issues}
    by_key = _gate.by_current_key(acceptances, accepted_read, release)
    decision = _gate.decide(release, by_key, TODAY, "is blocked by", require_done)
    return _gate.to_result(decision, release, "the release")


def accept(number: int, until: Any = None, reason: str = "A way around") -> dict[str, Any]:
    return {"issue": key(number), "reason": reason, **({} if until is None else {"until": until})}


def issues(found: list[dict[str, Any]]) -> list[str]:
    return [each["issue"] for each in found]


class TestAccepted:
    """A-1 is blocked by A-2, which is blocked by A-3."""

    CHAIN = ((2, 1), (3, 2))

    def test_cuts_the_way_that_leads_through_it(self) -> None:
        found = decided(read_of(self.CHAIN, [1]), [accept(2)])
        assert found["open"] and found["notes"] == []
        assert found["verdict"] == "No open blocker of the release (1 accepted)"
        (only,) = found["accepted"]
        assert (only["issue"], only["reason"], only["until"]) == ("A-2", "A way around", None)
        assert only["chain"] == "A-1 is blocked by A-2 (Some)"

    def test_another_way_counts(self) -> None:
        found = decided(read_of([*self.CHAIN, (4, 1), (3, 4)], [1]), [accept(2)])
        assert issues(found["blockers"]) == ["A-4", "A-3"] and issues(found["accepted"]) == ["A-2"]
        assert found["blockers"][1]["chain"] == "A-1 is blocked by A-4 is blocked by A-3 (Some)"

    @pytest.mark.parametrize(
        ("until", "counts"),
        [
            ("2026-11-28", True),
            (TODAY, True),
            (" 2027-01-01 ", True),
            ("2026-11-27", False),
            (date(2026, 1, 1), False),
        ],
        ids=str,
    )
    def test_until_its_day_has_passed(self, until: Any, counts: bool) -> None:
        found = decided(read_of(self.CHAIN, [1]), [accept(2, until)])
        assert found["open"] is counts
        if not counts:
            assert issues(found["blockers"]) == ["A-2", "A-3"]
            assert found["notes"] == [f"A-2 was accepted until {until}, so it counts again."]

    @pytest.mark.parametrize(("number", "done"), [(9, ()), (2, (2,)), (1, ()), (3, (2,))])
    def test_what_closes_no_gate_is_told(self, number: int, done: Any) -> None:
        """It is unknown, done, the release itself, or behind what is done."""
        plain, found = (decided(read_of(self.CHAIN, [1], done), each) for each in ([], [accept(number)]))
        assert found["notes"][0].startswith(f"A-{number} is accepted, but does not close the gate.")
        assert found["accepted"] == [] and found["blockers"] == plain["blockers"]

    def test_one_that_jira_does_not_show(self) -> None:
        shown = {"asked": {}, "issues": {}, "missing": ["a-7"]}
        found = decided(read_of(self.CHAIN, [1]), [{"issue": "a-7", "reason": "x"}], shown)
        assert not found["open"] and "hidden from this account" in found["notes"][0]

    def test_issues_are_compared_by_id(self) -> None:
        moved = {"asked": {"OLD-5": "NEW-5"}, "issues": {"NEW-5": {"id": "2"}}}
        assert decided(read_of(self.CHAIN, [1]), [{"issue": "old-5", "reason": "x"}], moved)["open"]

    def test_one_issue_under_two_keys(self) -> None:
        both = {"asked": {"OLD-5": "A-2", "A-2": "A-2"}, "issues": {"A-2": {"id": "2"}}}
        with pytest.raises(InputError, match="accepted has A-2 twice"):
            decided(read_of(self.CHAIN, [1]), [accept(2), {"issue": "OLD-5", "reason": "x"}], both)

    def test_one_that_was_not_read(self) -> None:
        with pytest.raises(InputError, match="accepted_read says nothing about it"):
            decided(read_of(self.CHAIN, [1]), [accept(2)], {})

    @pytest.mark.parametrize(
        ("accepted", "says"),
        [
            ("A-2", r"accepted has to be a list"),
            (["A-2"], r"accepted\[0\] has to be a dict"),
            ([accept(3), accept(2, reason=" ")], r"accepted\[1\].reason is empty"),
            ([{"issue": "A-2"}], r"accepted\[0\].reason is empty"),
            ([{"issue": None, "reason": "x"}], r"accepted\[0\].issue is empty"),
            ([{"issue": "A 2", "reason": "x"}], "'A 2' is no issue key"),
            ([{"issue": "A-2", "reason": "x", "until": None}], r"accepted\[0\].until has to be a date"),
            ([{"issue": "A-2", "reason": False}], r"accepted\[0\].reason has to be text"),
            ([{"issue": "A-2", "reason": "x", "untill": "2099-01-01"}], r"untill \(perhaps until is meant\)"),
            *(
                ([accept(2, until)], r"accepted\[0\].until has to be a date such as 2026-12-31")
                for until in ("", "soon", "2026-02-30", "2026-1-1", "20260101", "2026-W01-1", "2026-01-01 00:00", 2026)
            ),
        ],
        ids=str,
    )
    def test_mistakes(self, accepted: Any, says: str) -> None:
        with pytest.raises(InputError, match=says):
            _gate.read_accepted(accepted)

    def test_all_mistakes_together(self) -> None:
        wrong = [{"issue": "A-1", "reason": " "}, accept(2), {"reason": "x"}, {**accept(3), "until": "soon"}]
        with pytest.raises(InputError) as refused:
            _gate.read_accepted(wrong)
        for says in ("A-1: accepted[0].reason is empty.", "accepted[2].issue is empty.", "A-3: accepted[3].until has"):
            assert says in str(refused.value)


class TestRelease:
    def test_what_is_not_done_of_it_counts_if_that_is_wanted(self) -> None:
        read = read_of([(2, 1), (4, 3)], [1, 3], done=[3])
        assert issues(decided(read)["blockers"]) == ["A-2", "A-4"]
        found = decided(read, require_done=True)
        assert issues(found["blockers"]) == ["A-1", "A-2", "A-4"]
        assert found["blockers"][0]["chain"] == "A-1 is not done (Some)"
        assert found["verdict"] == "1 issue of the release is not done, 2 open blockers"
        assert issues(found["issues"]) == ["A-1", "A-3"]

    def test_an_issue_of_it_that_is_accepted(self) -> None:
        read = read_of([(2, 1), (2, 3)], [1, 3], done=[3])
        found = decided(read, [accept(1)], require_done=True)
        assert issues(found["accepted"]) == ["A-1"]
        assert found["blockers"][0]["chain"] == "A-3 is blocked by A-2 (Some)"

    @pytest.mark.parametrize(
        "change", [{"missing": ["10001"]}, {"asked": {}}, {"asked": None}, {"issues": {}}, {"links": None}], ids=str
    )
    def test_what_is_not_whole_is_refused(self, change: dict[str, Any]) -> None:
        with pytest.raises(InputError):
            _gate.read_release({**read_of([(2, 1)], [1]), **change})

    def test_a_status_that_is_not_known_is_open(self) -> None:
        read = read_of([], [1])
        read["issues"]["A-1"].update(status=None, status_category=None)
        assert decided(read, require_done=True)["blockers"][0]["chain"] == "A-1 is not done (status unknown)"


NUMBERS = st.integers(0, 6)


@given(
    st.sets(st.tuples(NUMBERS, NUMBERS).filter(lambda pair: pair[0] != pair[1]), max_size=14),
    st.sets(NUMBERS, min_size=1, max_size=3),
    st.sets(NUMBERS, max_size=2),
    st.dictionaries(NUMBERS, st.sampled_from([None, "2026-11-28", "2026-11-27"]), max_size=3),
    st.booleans(),
)
def test_the_gate_is_as_a_naive_reading_says(
    pairs: set[Pair], release: set[int], done: set[int], accepted: Mapping[int, str | None], require_done: bool
) -> None:
    """Every way is walked, one by one, from every issue of the release."""
    found = decided(
        read_of(pairs, release, done), [accept(*each) for each in accepted.items()], require_done=require_done
    )
    holds = {number for number, until in accepted.items() if until != "2026-11-27"}
    own = {number for number in release if require_done and number not in done}
    outside = holds - release

    def ways(number: int, before: tuple[int, ...]) -> Iterator[int]:
        """What blocks this issue, on every way that goes through no issue twice."""
        for blocker, blocked in pairs:
            if blocked == number and blocker not in (*before, *release, *done):
                yield blocker
                if blocker not in outside:
                    yield from ways(blocker, (*before, blocker))

    met = {each for start in release - (own & holds) for each in ways(start, (start,))} | own
    assert set(issues(found["accepted"])) == {key(each) for each in met & (outside | (own & holds))}
    assert set(issues(found["blockers"])) == {key(each) for each in met - (outside | (own & holds))}
    assert found["open"] == (not found["blockers"])
    useless = set(accepted) - met
    assert {note.split()[0] for note in found["notes"]} == {
        key(each) for each in useless | ((set(accepted) & met) - holds)
    }
    assert [each["issue"] for each in found["blockers"]] == list(dict.fromkeys(issues(found["blockers"])))
