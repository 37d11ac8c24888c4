# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Issues that are moved or deleted while a task reads and writes: never a crash, a wrong link, or a lost one."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._apply import reader
from ansible_collections.linkops.jira.plugins.module_utils._apply.reader import refuse_moved
from ansible_collections.linkops.jira.plugins.module_utils._client import parallel
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import NotFound
from ansible_collections.linkops.jira.plugins.module_utils._model.link import LinkedIssue
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_link_type,
    jira_issue_links,
)

from tests.local_jira import LocalJira
from tests.unit.sets_tasks import elements, rest, statuses
from tests.unit.tasks import Tasks

READING = "/(bulkfetch|search)$"
RELATES = ("PUB-1", "Relates", "PUB-2")
CHANGES: dict[str, dict[str, Any]] = {
    "moved": {"move": {"from": "PUB-2", "to_project": "LIB"}},
    "deleted": {"delete": {"key": "PUB-2"}},
}
CHANGED = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
WANTED = elements([("PUB-1", "Blocks", "PUB-2"), ("PUB-3", "Blocks", "PUB-1")], comment="Why.")


@pytest.mark.parametrize("check", [True, False])
def test_an_old_key_where_a_proxy_fails_once(cloud: LocalJira, task: Tasks, check: bool) -> None:
    """Whether that key leads anywhere is then asked of the issue alone."""
    cloud.reset([RELATES])
    new = cloud.control("POST", "move", CHANGES["moved"]["move"])["key"]
    cloud.fault("slow", path=READING, seconds=0)
    cloud.fault("status", path=READING, status=404, body="<html>no upstream</html>", content_type="html", proxy=True)
    result = task(jira_issue_links, cloud, check, state="absent", sentences=["PUB-1 relates to PUB-2"]).result
    assert result["changed"] and cloud.links() == ([("PUB-1", "Relates", new)] if check else [])


@CHANGED
@pytest.mark.parametrize("check", [True, False])
def test_an_issue_that_is_known_from_a_link_only(
    cloud: LocalJira, task: Tasks, change: dict[str, Any], check: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own links are counted later, and by then it is another one. So it is where one request reads not all."""
    monkeypatch.setattr(reader, "PAGE", 2)
    cloud.reset([RELATES])
    cloud.fault("meanwhile", path=READING, **change)
    result = task(jira_issue_links, cloud, check, links=WANTED).result
    assert result["failed"] and not result["changed"] and cloud.writes() == []
    assert result["msg"].startswith("Jira does not show PUB-2 any more") and "Run it again" in result["msg"]
    again = task(jira_issue_links, cloud, links=WANTED).result
    assert again["changed"] == ("move" in change) and (again["changed"] or "Jira does not show PUB-2" in again["msg"])


@CHANGED
def test_an_issue_that_goes_before_the_links_of_a_type_are_moved(
    cloud: LocalJira, task: Tasks, change: dict[str, Any]
) -> None:
    cloud.reset([RELATES, ("PUB-1", "Relates", "PUB-3"), ("PUB-1", "Relates", "PUB-4")])
    cloud.fault("meanwhile", path="/bulkfetch$", **change)
    options = {**cloud.login("admin"), "name": "Relates", "state": "absent", "move_links_to": "Cloners"}
    result = task(jira_issue_link_type, cloud, **options).result
    assert "KeyError" not in str(result)
    assert not task(jira_issue_link_type, cloud, **options).result.get("failed")
    assert {kind for _inward, kind, _outward in cloud.links()} == {"Cloners"}


@CHANGED
@pytest.mark.parametrize("module", [jira_issue_link, jira_issue_links], ids=["link", "set"])
def test_an_issue_that_goes_right_before_the_link_is_made(
    site: LocalJira, task: Tasks, module: Any, change: dict[str, Any]
) -> None:
    last = READING if module is jira_issue_link else "/mypermissions"
    site.fault("meanwhile", path=last, **change)
    options = rest("PUB-1", "Blocks", "PUB-2", comment="Why.") if module is jira_issue_link else {"links": WANTED[:1]}
    result = task(module, site, **options).result
    if "move" in change:
        assert result["changed"] and site.links() == [("PUB-1", "Blocks", "LIB-41")]
        assert not task(module, site, **options).result["changed"] and site.comments() == ["Why."]
    else:
        assert result["failed"] and "Jira does not show PUB-2 any more" in result["msg"] and not result["changed"]


@pytest.mark.parametrize("end", ["REL-1", "APP-1"])
@pytest.mark.parametrize("first", [True, False])
def test_a_set_removes_only_what_it_need_not_keep(site: LocalJira, task: Tasks, end: str, first: bool) -> None:
    """An issue moves before or after a link of it is made again; the others of its scope go, and this one stays."""
    old = ("REL-1", "Blocks", "OPS-9")
    site.reset([old, ("REL-1", "Blocks", "APP-2")])
    links = elements([("REL-1", "Blocks", "APP-1"), ("REL-1", "Blocks", "APP-2")])
    path = "/mypermissions" if first else "/issueLink$"
    site.fault("meanwhile", path=path, move={"from": end, "to_project": "LIB"})
    options = {"links": links, "state": "exact", "scope": {"issues": ["REL-1"]}}
    result = task(jira_issue_links, site, **options).result
    assert not result.get("failed") and statuses(result) == {"present": 1, "created": 1, "removed": 1}
    assert len(site.links()) == 2 and old not in site.links() and "LIB-41" in str(site.links())
    assert not task(jira_issue_links, site, **options).result["changed"]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("module", "options"),
    [
        (jira_issue_link, rest("PUB-2", "Blocks", "APP-1", comment="Why.", exclusive=True)),
        (
            jira_issue_links,
            {
                "links": elements([("PUB-2", "Blocks", "APP-1")], comment="Why."),
                "state": "exact",
                "scope": {"issues": ["PUB-2", "APP-1"]},
            },
        ),
    ],
    ids=["link", "set"],
)
def test_one_issue_under_two_keys(
    data_center: LocalJira,
    task: Tasks,
    check: bool,
    module: Any,
    options: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Read before it moved, it is called otherwise in the links of what is read after. The link is there already."""
    monkeypatch.setattr(parallel, "MOST_AT_ONCE", 1)  # one after the other
    data_center.reset([("PUB-2", "Blocks", "APP-1")])
    data_center.fault("status", path="/search$", status=404, count=9)  # so each is read alone
    data_center.fault("meanwhile", path="/issue/PUB-2$", **CHANGES["moved"])
    result = task(module, data_center, check, **options).result
    assert result["failed"] and "Jira does not show PUB-2 any more: it is LIB-41 by now" in result["msg"]
    assert data_center.writes() == []
    assert not task(module, data_center, check, **options).result["changed"]


def test_links_that_lead_to_an_issue_that_moves_while_they_are_followed(site: LocalJira, task: Tasks) -> None:
    """Its own links begin at another key, and it would look as if it had none."""
    site.reset([RELATES, ("PUB-2", "Relates", "PUB-3")])
    site.fault("meanwhile", path=READING, **CHANGES["moved"])
    result = task(jira_issue_link_info, site, issues=["PUB-1"], depth=3).result
    assert result["failed"] and "Jira does not show PUB-2 any more: it is LIB-41 by now" in result["msg"]
    assert len(task(jira_issue_link_info, site, issues=["PUB-1"], depth=3).result["links"]) == 2


def issue(key: str, number: str | None, *linked: tuple[str, str | None]) -> LinkedIssue:
    kind = {"id": "1", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
    links = [
        {"id": str(index), "type": kind, "outwardIssue": {"key": other, **({"id": its} if its else {})}}
        for index, (other, its) in enumerate(linked)
    ]
    return LinkedIssue.from_json({"key": key, "id": number, "fields": {"issuelinks": links}})


def test_what_counts_as_one_issue_under_two_keys() -> None:
    refuse_moved([issue("A-1", "1", ("B-1", "2")), issue("B-1", "2", ("A-1", "1"), ("A-1", None))])
    refuse_moved([issue("A-1", None, ("B-1", None)), issue("B-1", "2")])
    for moved in (issue("C-1", "2"), issue("D-1", "4", ("C-1", "2"))):
        with pytest.raises(NotFound, match="does not show B-1 any more: it is C-1 by now"):
            refuse_moved([issue("A-1", "1", ("B-1", "2")), moved])
