# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role issue_links: a plan that is reviewed, exactly that plan applied, undo, and drift that fails a check."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.integration.harness import Ansible, Run
from tests.integration.test_role_issue_links import HOSTILE, HOSTILE_TYPES, role, the_role, write
from tests.local_jira import LocalJira

DECLARED: dict[str, Any] = {
    "links": ["REL-1 is blocked by APP-7", {"sentence": "REL-1 is blocked by LIB-2", "comment": "Because."}],
    "state": "exact",
    "scope": {"issues": ["REL-1"]},
}
PLANNED = {**DECLARED, "plan_file": "out/plan.json", "plan_report": "out/plan.md"}
APPROVED = {**DECLARED, "approved_plan_file": "out/plan.json", "undo_file": "out/undo.yml"}
OLD = ("APP-30", "Blocks", "REL-1")


@pytest.fixture
def ansible(site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> Ansible:
    return ansible_at(site)


def wrong(run: Run) -> str:
    """The message with which it failed, whatever it did afterwards."""
    assert run.returncode == 2, run.output
    (message,) = (each.result["msg"] for each in run.results if each.status == "failed")
    return str(message)


def mode(ansible: Ansible, name: str) -> int:
    return (ansible.folder / name).stat().st_mode & 0o777


def test_plan_apply_and_undo(ansible: Ansible, site: LocalJira) -> None:
    site.reset([OLD, ("REL-1", "Relates", "OPS-3")])
    before = site.sentences()
    role(ansible, "--check", **PLANNED).succeeded()
    assert site.writes() == [] and mode(ansible, "out/plan.json") == 0o600
    plan = json.loads((ansible.folder / "out/plan.json").read_text())
    assert (plan["format"], plan["site"]) == (1, site.url) and len(plan["declaration"]) == 64
    assert [each["sentence"] for each in plan["changes"]] == [
        "APP-7 blocks REL-1",
        "LIB-2 blocks REL-1",
        "APP-30 blocks REL-1",
    ]
    page = (ansible.folder / "out/plan.md").read_text()
    assert "## Create 2" in page and "## Remove 1" in page and "Comment: Because." in page and "```mermaid" in page
    assert f"[APP-7]({site.url}/browse/APP-7) blocks" in page

    assert "changed=1" in role(ansible, **APPROVED).succeeded().stdout
    assert site.sentences() == ["APP-7 blocks REL-1", "LIB-2 blocks REL-1", "REL-1 relates to OPS-3"]
    assert mode(ansible, "out/undo.yml") == 0o600
    again = {**APPROVED, "undo_file": "out/again.yml"}
    assert "changed=0" in role(ansible, **again).succeeded().stdout
    assert not (ansible.folder / "out/again.yml").exists()

    role(ansible, file="out/undo.yml").succeeded()
    assert site.sentences() == before


def test_a_date_as_a_comment_and_a_name_in_capitals(on_cloud: Ansible, cloud: LocalJira) -> None:
    """Ansible reads a date as one, and people write endings as they like."""
    dated = "[{{sentence: REL-1 is blocked by APP-7, comment: 2026-12-31}}]"
    task = yaml.safe_dump([the_role(links="LINKS", plan_file="plan.json", undo_file="UNDO.JSON")])
    on_cloud.playbook(task.replace("LINKS", dated.format()), "--check").succeeded()
    on_cloud.playbook(task.replace("LINKS", dated.format()).replace("plan_file", "approved_plan_file")).succeeded()
    assert cloud.comments() != [] and cloud.sentences() == ["APP-7 blocks REL-1"]
    role(on_cloud, file="UNDO.JSON").succeeded()
    assert cloud.sentences() == []


def test_what_was_not_approved_is_refused(ansible: Ansible, site: LocalJira) -> None:
    role(ansible, "--check", **PLANNED).succeeded()
    site.reset([OLD])  # meanwhile
    for arguments in (["--check"], []):
        assert "1 change not approved: remove 'APP-30 blocks REL-1'" in wrong(role(ansible, *arguments, **APPROVED))
    assert site.writes() == [] and not (ansible.folder / "out/undo.yml").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"site": "https://elsewhere.example.com"}, "for another site: https://elsewhere.example.com and not http"),
        ({"format": 2}, "of another format: 2 and not 1"),
        ({"declaration": "0" * 64}, "of another declaration. Nothing was written"),
        ({"changes": None}, "is no plan file. A check writes one"),
    ],
)
def test_another_plan_is_refused(on_cloud: Ansible, cloud: LocalJira, change: dict[str, Any], words: str) -> None:
    role(on_cloud, "--check", **PLANNED).succeeded()
    file = on_cloud.folder / "out/plan.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    assert words in wrong(role(on_cloud, **APPROVED)) and cloud.writes() == []


def test_what_does_not_count_for_the_declaration(on_cloud: Ansible, cloud: LocalJira) -> None:
    """The order, where the elements come from, and how fast to write; but a link more does."""
    role(on_cloud, "--check", **PLANNED).succeeded()
    write(on_cloud, "links.yml", yaml.safe_dump({**DECLARED, "links": DECLARED["links"][::-1]}))
    from_file = {"file": "links.yml", "approved_plan_file": "out/plan.json", "concurrency": 1}
    assert "changed=1" in role(on_cloud, **from_file).succeeded().stdout
    more = {**APPROVED, "links": [*DECLARED["links"], "REL-1 is blocked by APP-8"], "undo_file": "out/more.yml"}
    assert "of another declaration" in wrong(role(on_cloud, **more))


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"approved_plan_file": ""}, "issue_links_approved_plan_file is empty"),
        ({"approved_plan_file": " "}, "issue_links_approved_plan_file is empty"),
        ({"approved_plan_file": None}, "issue_links_approved_plan_file"),
        ({"approved_plan_file": "nowhere.json"}, "nowhere.json cannot be read: No such file or directory"),
        ({"approved_plan_file": "links.yml"}, "links.yml is no plan file"),
        ({"undo_file": "links.yml"}, "is there already, from another run. Nothing was written"),
        ({"undo_file": ""}, "issue_links_undo_file is empty"),
        ({"undo_file": " "}, "issue_links_undo_file is empty"),
        ({"undo_file": None}, "issue_links_undo_file is empty"),
        ({"undo_file": "\n\t"}, "issue_links_undo_file is empty"),
        ({"undo_file": "undo.csv"}, "issue_links_undo_file has to be a .yml or .json file"),
        ({"undo_file": "undo.CSV"}, "issue_links_undo_file has to be a .yml or .json file"),
    ],
)
def test_files_that_are_refused(on_cloud: Ansible, cloud: LocalJira, variables: dict[str, Any], words: str) -> None:
    write(on_cloud, "links.yml", "links: []\n")
    for arguments in (["--check"], []):
        assert words in wrong(role(on_cloud, *arguments, **DECLARED, **variables))
        # where errors are ignored, a refusal is one all the same
        task = {**the_role(**DECLARED, **variables), "ignore_errors": True}
        on_cloud.playbook(yaml.safe_dump([task]), *arguments)
    assert list(on_cloud.folder.glob("undo*")) == []
    assert cloud.writes() == [] and (on_cloud.folder / "links.yml").read_text() == "links: []\n"


def test_a_check_that_is_refused_leaves_no_plan(on_cloud: Ansible, cloud: LocalJira) -> None:
    for refused in ({"undo_file": ""}, {"undo_file": "undo.csv"}, {"file": "links.yml"}):
        role(on_cloud, "--check", **PLANNED).succeeded()
        wrong(role(on_cloud, "--check", **PLANNED, **refused))
        assert list((on_cloud.folder / "out").glob("plan*")) == [], refused


def test_an_approved_plan_is_tried_in_check_mode(ansible: Ansible, site: LocalJira) -> None:
    """It is read, and neither removed nor written, also where the same file is that of new plans."""
    role(ansible, "--check", **PLANNED).succeeded()
    plan = (ansible.folder / "out/plan.json").read_text()
    assert "changed=1" in role(ansible, "--check", **PLANNED, approved_plan_file="out/plan.json").succeeded().stdout
    assert (ansible.folder / "out/plan.json").read_text() == plan and site.writes() == []
    assert "changed=1" in role(ansible, **PLANNED, approved_plan_file="out/plan.json").succeeded().stdout


@pytest.mark.parametrize("clash", ["plan_file", "plan_report", "report", "undo_file"])
def test_no_file_takes_the_place_of_another(on_cloud: Ansible, cloud: LocalJira, clash: str) -> None:
    text = "links: [REL-1 is blocked by APP-7]\n"
    name = write(on_cloud, "links.yml", text)
    for arguments in (["--check"], []):
        assert "name the same file" in wrong(role(on_cloud, *arguments, file=name, **{clash: f"./{name}"}))
    assert (on_cloud.folder / name).read_text() == text and cloud.writes() == []


def test_a_check_that_fails_leaves_no_plan(on_cloud: Ansible, cloud: LocalJira) -> None:
    role(on_cloud, "--check", **PLANNED).succeeded()
    wrong(role(on_cloud, "--check", **{**PLANNED, "links": ["REL-1 is blockt by APP-7"]}))
    assert not (on_cloud.folder / "out/plan.json").exists() and not (on_cloud.folder / "out/plan.md").exists()


def test_drift_fails_a_check_after_the_plan_was_written(ansible: Ansible, site: LocalJira) -> None:
    site.reset([OLD])
    drift = {**PLANNED, "fail_on_drift": True}
    message = wrong(role(ansible, "--check", **drift))
    assert "Jira is not as declared: 2 to create, 1 to remove. create 'APP-7 blocks REL-1', " in message
    assert len(json.loads((ansible.folder / "out/plan.json").read_text())["changes"]) == 3
    role(ansible, **drift).succeeded()
    role(ansible, "--check", **drift).succeeded()
    assert "No changes." in (ansible.folder / "out/plan.md").read_text()
    assert json.loads((ansible.folder / "out/plan.json").read_text())["changes"] == []


def test_a_run_that_failed_half_way_is_undone(on_cloud: Ansible, cloud: LocalJira) -> None:
    cloud.fault("status", method="POST", path="/issueLink$", status=400, body={"errorMessages": ["No."]}, count=1)
    failed = {"links": ["REL-1 is blocked by APP-7", "REL-2 is blocked by APP-8"], "on_error": "continue"}
    wrong(role(on_cloud, **failed, undo_file="undo.json"))
    assert len(cloud.links()) == 1
    role(on_cloud, file="undo.json").succeeded()
    assert cloud.links() == []


def test_hostile_words_and_hidden_comments(on_cloud: Ansible, cloud: LocalJira) -> None:
    cloud.reset(link_types=HOSTILE_TYPES)
    hidden = {"comment": "Hush.", "comment_visibility": {"type": "role", "value": "Developers"}}
    link = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
    links = [{**link, **hidden}, {**link, "inward_issue": "APP-8", "comment": HOSTILE}]
    plan: dict[str, Any] = {"file": write(on_cloud, "links.json", json.dumps(links))}  # a play's texts are templates
    role(on_cloud, "--check", **plan, plan_file="plan.json", plan_report="plan.md").succeeded()
    page = (on_cloud.folder / "plan.md").read_text()
    outside = page.partition("```mermaid")[0]
    assert not re.search(r"(?<!\\)(<script|\]\(javascript)", outside)
    assert "Hush" not in page + (on_cloud.folder / "plan.json").read_text()
    role(on_cloud, **plan, approved_plan_file="plan.json", undo_file="undo.yml").succeeded()
    role(on_cloud, file="undo.yml").succeeded()
    assert cloud.links() == []
