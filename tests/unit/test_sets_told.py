# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a set tells before it writes: who may comment, which project is not there, which link stays; and how much."""

from __future__ import annotations

import pytest

from tests.local_jira import LocalJira
from tests.unit.element_mistakes import scoped
from tests.unit.sets_tasks import Sets, rest, star

A, B = ("REL-1", "Blocks", "APP-1"), ("REL-1", "Blocks", "APP-2")
SILENT = [{"key": key, "count": 9, "comment": ["group:administrators"]} for key in ("REL", "APP")]


def test_without_the_permission_to_comment_nothing_is_begun(site: LocalJira, sets: Sets) -> None:
    """Data Center would make the link, and no later run would add the comment."""
    links = [rest(*A, comment="Because."), rest(*B)]
    site.reset(projects=SILENT)
    for check in (True, False):
        result, warnings = sets.outcome(site, links, check=check)
        assert [each["origin"] for each in result["mistakes"]] == ["links[0]"] and warnings == []
        assert "(REL-1 blocks APP-1): This account has no Add Comments permission for REL-1." in result["msg"]
    site.reset([A], projects=SILENT)  # there is nothing to comment on then
    assert sets(site, links)["changed"] and site.comments() == []


def test_a_permission_that_jira_does_not_know(site: LocalJira, sets: Sets) -> None:
    body = {"errorMessages": ["No permission ADD_COMMENTS."]}
    site.fault("status", path="/mypermissions$", status=400, body=body, count=9)
    result, warnings = sets.outcome(site, [rest(*A, comment="Because.")], check=True)
    assert result["changed"] and any("comment on REL-1 cannot be told before it is tried" in each for each in warnings)


@pytest.mark.parametrize(
    ("projects", "mistaken"),
    [(["APPP"], "APPP"), (["Applications"], "APPLICATIONS"), (["a b"], "A B"), (['"'], '"'), (["HID"], "HID")],
)
def test_a_project_that_jira_does_not_show(site: LocalJira, sets: Sets, projects: list[str], mistaken: str) -> None:
    """With a misspelt one, the scope would hold no link, and the run would be ok for ever."""
    site.reset([A])
    scope = {"issues": ["REL-1"], "link_types": ["Blocks"], "linked_projects": projects}
    for check in (True, False):
        result, warnings = sets.outcome(site, [], check, state="exact", scope=scope)
        assert not result["changed"] and len(warnings) == 1
        assert warnings[0].startswith(f"scope.linked_projects: Jira does not show a project with the key {mistaken}. ")


def test_a_project_of_which_no_link_is_known_yet(site: LocalJira, sets: Sets) -> None:
    site.reset([A], projects=[{"key": "REL", "count": 2}, {"key": "APP", "count": 2}, {"key": "NEW", "count": 0}])
    for project in ("app", "NEW"):
        scope = {"issues": ["REL-2"], "link_types": ["Blocks"], "linked_projects": [project]}
        assert sets.outcome(site, [], state="exact", scope=scope).warnings == []


def test_a_link_that_stays_because_of_another_id(site: LocalJira, sets: Sets) -> None:
    """Undo removes the links of its run, and nobody else's. Who undoes is told."""
    site.reset([A])
    held = site.state()["links"][0]["id"]
    element = rest(*A, state="absent", link_id="99999")
    for check in (True, False):
        result, warnings = sets.outcome(site, [element], check=check)
        assert not result["changed"] and warnings == [
            f"links[0]: there is no link 99999 any more. 'REL-1 blocks APP-1' has the id {held}, so it stays."
        ]
    site.reset()
    assert sets.outcome(site, [element]).warnings == []


def test_a_message_names_a_hundred(site: LocalJira, sets: Sets) -> None:
    result = sets(site, [rest("REL-1", "Block", f"APP-{number}") for number in range(1, 151)])
    assert len(result["mistakes"]) == 150 and result["msg"].startswith("150 mistakes, ")
    assert "links[99]: " in result["msg"] and "links[100]" not in result["msg"]
    assert result["msg"].endswith("And 50 more: see mistakes.")
    site.reset(star(110))
    msg = sets(site, [], **scoped(issues=["REL-1"], link_types=["Blocks"]))["msg"]
    assert msg.count(" blocks ") == 100 and msg.endswith(" and 10 more.")
