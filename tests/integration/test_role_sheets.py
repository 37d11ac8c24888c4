# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role issue_links with sheets as people save them: read, refused with all mistakes at once, and exported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.integration.harness import Ansible, Run
from tests.integration.test_role_issue_links import role, the_role, write
from tests.integration.test_role_plans import wrong
from tests.local_jira import LocalJira
from tests.unit.sheets import SHEETS

DONE = ("excel-de-unicode-text.csv", "excel-en-utf-8.csv", "google.csv", "jira-cloud.csv", "rest-names.csv")
MISTAKEN = """\
issue,phrase,linked_issue,Owner
REL-1,is blocked by,APP-7,Jo
REL-1,is blockt by,APP-8,
REL-1,is blocked by,APP 9,
RO-1,blocks,REL-1,
REL-1,is blocked by,HID-1,
REL-1,blocks,rel-1,
REL-1,is blocked by,APP-7,,more
"""
ORDER = [
    ("links.csv line 3", "No issue link type reads 'is blockt by'."),
    ("links.csv line 4", "'APP 9' is no issue key."),
    ("links.csv line 5", "This account has no Link Issues permission for RO-1."),
    ("links.csv line 6", "Jira does not show HID-1."),
    ("links.csv line 7", "You cannot link an issue to itself: both ends are REL-1."),
    ("links.csv line 8", "it has 5 fields, and the first line 4."),
]
FILES: dict[str, Any] = {
    "report": "out/report.md",
    "plan_file": "out/plan.json",
    "plan_report": "out/plan.md",
    "undo_file": "out/undo.yml",
}
TELL = {
    "name": "Tell",
    "ansible.builtin.debug": {"msg": "{{ issue_links_result }}"},
}


@pytest.fixture
def ansible(site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> Ansible:
    return ansible_at(site)


def refused(ansible: Ansible, *arguments: str, environment: Any = None, **variables: Any) -> Any:
    """What the role leaves in ``issue_links_result`` when it fails, as it does once."""
    tasks = [{"name": "Try it", "block": [the_role(**variables)], "rescue": [TELL]}]
    run = ansible.playbook(yaml.safe_dump(tasks), *arguments, **(environment or {})).succeeded()
    (failure,) = (each.result["msg"] for each in run.results if each.status == "failed")
    result = run.named()["Tell"].result["msg"]
    assert result["failed"] and not result["changed"] and result["msg"] == failure
    return result


def warnings(run: Run) -> list[str]:
    return [warning for each in run.results for warning in each.result.get("warnings", [])]


@pytest.mark.parametrize("sheet", [each for each in SHEETS if each.name in DONE], ids=lambda sheet: sheet.name)
def test_a_sheet_in_check_mode_for_real_and_again(sheet: Any, ansible: Ansible, site: LocalJira) -> None:
    site.reset([("LIB-1", "Blocks", "LIB-2"), ("LIB-3", "Blocks", "REL-1")] if "rest" in sheet.name else [])
    (ansible.folder / sheet.name).write_bytes(sheet.data)
    planned = role(ansible, "--check", "--diff", file=sheet.name).succeeded()
    assert "changed=1" in planned.stdout and site.writes() == []
    assert [sheet.warned in warning for warning in warnings(planned)] == [True] * bool(sheet.warned)
    assert "changed=1" in role(ansible, file=sheet.name).succeeded().stdout
    assert "APP-7 blocks REL-1" in site.sentences() and "LIB-3 blocks REL-1" not in site.sentences()
    assert "Old" not in str(site.comments())
    assert "changed=0" in role(ansible, file=sheet.name).succeeded().stdout


@pytest.mark.parametrize("mode", [["--check"], []], ids=["check mode", "for real"])
def test_the_mistakes_of_the_file_and_those_of_jira_come_together(
    mode: list[str], ansible: Ansible, site: LocalJira
) -> None:
    site.reset([("APP-30", "Blocks", "REL-1")])
    write(ansible, "links.csv", MISTAKEN)
    exact: dict[str, Any] = {"state": "exact", "scope": {"issues": ["REL-1"]}, "max_removals": 0, "acyclic": ["Blocks"]}
    result = refused(ansible, *mode, file="links.csv", **exact, **FILES)
    found = [(each["origin"], each["message"]) for each in result["mistakes"]]
    assert [origin for origin, _message in found] == [origin for origin, _words in ORDER], found
    assert all(each[1].startswith(told[1]) for each, told in zip(found, ORDER, strict=True)), found
    assert result["msg"].startswith("6 mistakes, and nothing was written. links.csv line 3: No issue link type reads")
    assert "links.csv line 5 (RO-1 blocks REL-1): This account" in result["msg"]
    assert site.writes() == [] and not (ansible.folder / "out").exists()


def test_mistakes_that_only_jira_sees(ansible: Ansible, site: LocalJira) -> None:
    write(ansible, "links.csv", "sentence\nREL-1 is blocked by APP-7\nREL-1 is blocked by REL-999\nRO-1 blocks REL-1\n")
    for mode in (["--check"], []):
        origins = [each["origin"] for each in refused(ansible, *mode, file="links.csv")["mistakes"]]
        assert origins == ["links.csv line 3", "links.csv line 4"] and site.writes() == []


@pytest.mark.parametrize(
    ("environment", "why"),
    [({"JIRA_URL": ""}, "missing required arguments: url"), ({"JIRA_PASSWORD": "wrong"}, "Check the credentials")],
    ids=["no address", "a wrong password"],
)
def test_the_mistakes_of_the_file_where_jira_cannot_be_asked(
    environment: dict[str, str], why: str, on_cloud: Ansible, cloud: LocalJira
) -> None:
    write(on_cloud, "links.csv", MISTAKEN)
    result = refused(on_cloud, environment=environment, file="links.csv", **FILES)
    assert [each["origin"][-1] for each in result["mistakes"]] == ["4", "7", "8"]
    assert f"3 mistakes in {on_cloud.folder / 'links.csv'}: line 4: 'APP 9' is no" in result["msg"]
    assert "What Jira would say of the rest is not known: " in result["msg"] and why in result["msg"]
    assert cloud.writes() == [] and not (on_cloud.folder / "out").exists()


def test_an_approved_plan_does_not_hide_the_mistakes(on_cloud: Ansible, cloud: LocalJira) -> None:
    write(on_cloud, "links.csv", "sentence\nREL-1 is blocked by APP-7\n")
    role(on_cloud, "--check", file="links.csv", plan_file="plan.json").succeeded()
    write(on_cloud, "links.csv", "sentence\nREL-1 is blocked by APP-7\nREL-1 is blocked by\n")
    assert "links.csv line 3: 'REL-1 is blocked by' is no sentence" in wrong(
        role(on_cloud, file="links.csv", approved_plan_file="plan.json")
    )
    assert cloud.writes() == []


def test_a_file_with_mistakes_read_without_the_role(on_cloud: Ansible, cloud: LocalJira) -> None:
    """It fails, and has no links to be taken for all there are. On request it has them, beside elements that fail."""
    write(on_cloud, "links.csv", MISTAKEN)
    tasks = """
    - name: Read
      linkops.jira.links_from_file: {path: links.csv}
      register: read
      ignore_errors: true
    - name: Read what is right
      linkops.jira.links_from_file: {path: links.csv, fail_on_mistakes: false}
      register: right
    - name: Apply it
      linkops.jira.jira_issue_links: {links: "{{ right.options.links }}"}
    """
    read, right, applied = on_cloud.playbook(tasks).results
    assert read.status != "ok" and "options" not in read.result and len(read.result["mistakes"]) == 3
    assert right.status == "ok" and right.result["mistakes"] == read.result["mistakes"]
    assert applied.status == "failed" and len(applied.result["mistakes"]) == 6 and cloud.writes() == []


KINDS = [
    {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"},
    {"name": "Hinders", "inward": "is hindered by", "outward": "blocks"},
    {"name": "=cmd|'/c calc'!A1", "inward": "is run by", "outward": "blocks"},
    {"name": " Spaced ", "inward": "is near", "outward": "blocks"},
    {"name": '@Formula;=1+1,"x"', "inward": 'is "a;=1+1,b" of', "outward": '=HYPERLINK("http://x.example.com";"y")'},
    {"name": "10001", "inward": "is ten of", "outward": "blocks"},
]
HELD = [("APP-7", "Blocks", "REL-1"), ("APP-8", "Hinders", "REL-1"), ("REL-1", KINDS[2]["name"], "LIB-2")]
HELD += [("REL-1", KINDS[3]["name"], "LIB-3"), ("OPS-3", KINDS[4]["name"], "REL-1"), ("REL-1", "10001", "OPS-4")]


@pytest.mark.parametrize("name", ["links.csv", "LINKS.CSV", "links.yml", "links.yaml", "links.json"])
def test_an_export_says_the_same_links(name: str, ansible: Ansible, site: LocalJira) -> None:
    """Also where link types share a phrase, and where their words look like formulas; and no cell is a formula."""
    site.reset(HELD, link_types=KINDS)
    what: dict[str, Any] = {"tasks_from": "export", "export_issues": ["REL-1"], "export_file": name}
    role(ansible, "--check", **what).succeeded()
    assert not (ansible.folder / name).exists()
    assert "changed=1" in role(ansible, **what).succeeded().stdout
    assert "changed=0" in role(ansible, **what).succeeded().stdout
    assert "changed=0" in role(ansible, file=name, state="exact", scope={"issues": ["REL-1"]}).succeeded().stdout
    assert site.writes() == []
    text = (ansible.folder / name).read_text(encoding="utf-8-sig")
    if name.lower().endswith("csv"):
        for separator in ",;\t":
            cells = [cell for line in text.splitlines() for cell in quoted_cells(line, separator)]
            assert not [cell for cell in cells if cell.lstrip("\"' ")[:1] in tuple("=+-@")], separator
    before = sorted(site.links())
    site.reset(link_types=KINDS)
    role(ansible, file=name).succeeded()
    assert sorted(site.links()) == before


def quoted_cells(line: str, separator: str) -> list[str]:
    """The cells as a lenient program sees them: a quote opens or closes wherever it stands."""
    cells, inside = [""], False
    for char in line:
        inside ^= char == '"'
        if char == separator and not inside:
            cells.append("")
        else:
            cells[-1] += char
    return cells


def test_an_export_of_nothing_as_a_sheet(on_cloud: Ansible, cloud: LocalJira) -> None:
    role(on_cloud, tasks_from="export", export_issues=["REL-1"], export_file="links.csv").succeeded()
    assert (on_cloud.folder / "links.csv").read_bytes() == b'\xef\xbb\xbf"sentence"\n'
    assert "changed=0" in role(on_cloud, file="links.csv").succeeded().stdout


@pytest.mark.parametrize("name", ["links.xlsx", "links", "links.yml.bak", "csv"])
def test_another_name_of_an_export_is_refused(name: str, on_cloud: Ansible, cloud: LocalJira) -> None:
    for mode in (["--check"], []):
        run = role(on_cloud, *mode, tasks_from="export", export_issues=["REL-1"], export_file=name)
        assert "issue_links_export_file has to end in .yml, .yaml, .json or .csv" in wrong(run)
    assert cloud.requests() == []
