# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role issue_links: a plan that is reviewed, exactly that plan applied, undo, and drift that fails a check."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
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


@pytest.mark.parametrize("name", ["plan_file", "plan_report"])
def test_what_is_no_plan_is_not_removed_for_one(on_cloud: Ansible, cloud: LocalJira, name: str) -> None:
    """A variable that names the wrong file, or a folder, costs nothing."""
    text = "links: [REL-2 is blocked by APP-8]\n"
    (on_cloud.folder / "out/kept").mkdir(parents=True)
    write(on_cloud, "release-2.yml", text)
    for wrong_one, words in (("release-2.yml", "is no plan. Nothing was"), ("out", "is a folder, or no regular file.")):
        assert words in wrong(role(on_cloud, "--check", **{**PLANNED, name: wrong_one}))
    assert (on_cloud.folder / "release-2.yml").read_text() == text and (on_cloud.folder / "out/kept").is_dir()
    write(on_cloud, "out/empty", "")  # as mktemp leaves it
    role(on_cloud, "--check", **{**PLANNED, name: "out/empty"}).succeeded()
    assert (on_cloud.folder / "out/empty").read_text()


def test_a_plan_for_people_fits_into_a_comment(on_cloud: Ansible, cloud: LocalJira) -> None:
    """And the plan itself has all of it."""
    cloud.reset([(f"REL-{number}", "Relates", f"OPS-{number}") for number in range(1, 41)])
    links = [
        f"REL-{number} is blocked by {project}-{number + shift}"
        for project in ("APP", "LIB", "OPS")
        for shift in (0, 1)
        for number in range(1, 40)
    ]
    declared = {"links": links, "state": "exact", "max_removals": -1}
    declared["scope"] = {"issues": [f"REL-{number}" for number in range(1, 41)], "link_types": ["Relates", "Blocks"]}
    site_url = "https://a-company-with-a-long-name.atlassian.net"
    role(on_cloud, "--check", **{**PLANNED, **declared, "site_url": site_url}).succeeded()
    page = (on_cloud.folder / "out/plan.md").read_text()
    assert len(page) < 65_000 and "## Create 234\n" in page and "## Remove 40\n" in page
    assert page.count(" blocks ") == 200
    assert "\n- … and 34 more, which are in the plan file.\n\n## Remove 40\n" in page
    assert len(json.loads((on_cloud.folder / "out/plan.json").read_text())["changes"]) == 274


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


def test_two_hosts_do_not_share_an_undo_file(on_cloud: Ansible, cloud: LocalJira) -> None:
    """Each of two runs at the same time would write what the other has to take back."""
    hosts = "- hosts: all\n  gather_facts: false\n  connection: local\n  tasks:\n"
    text = hosts + textwrap.indent(
        yaml.safe_dump([the_role(links=["REL-{{ number }} is blocked by APP-7"], undo_file="undo.yml")]), "    "
    )
    write(on_cloud, "hosts.ini", "one number=1\ntwo number=2\n")
    run = on_cloud.playbook(text, "-i", "hosts.ini")
    assert run.returncode == 2 and "was just written by another run" in run.output
    assert len(cloud.links()) == 1
    role(on_cloud, file="undo.yml").succeeded()
    assert cloud.links() == []


def test_a_result_that_is_given_is_refused(on_cloud: Ansible, cloud: LocalJira) -> None:
    extra = json.dumps({"issue_links_result": {"changed": False, "changes": []}})
    run = role(on_cloud, "--check", "-e", extra, links=["REL-1 is blocked by APP-7"], fail_on_drift=True)
    assert "issue_links_result is what this role returns" in wrong(run)


@pytest.mark.parametrize("name", ["report", "undo_file", "plan_file"])
@pytest.mark.parametrize("place", ["out", "new/", "/dev/null"])
def test_a_file_that_is_none(on_cloud: Ansible, cloud: LocalJira, name: str, place: str) -> None:
    (on_cloud.folder / "out").mkdir()
    mode = ["--check"] if name == "plan_file" else []
    refused = wrong(role(on_cloud, *mode, links=["REL-1 is blocked by APP-7"], **{name: place}))
    assert "is a folder, or no regular file" in refused or "is there already" in refused
    assert cloud.writes() == [] and Path("/dev/null").is_char_device()
    assert sorted(each.name for each in on_cloud.folder.glob("[on][ue][tw]*")) == ["out"]


def test_a_report_goes_where_a_link_leads(on_cloud: Ansible, cloud: LocalJira) -> None:
    (on_cloud.folder / "real").mkdir()
    write(on_cloud, "real/report.md", "")
    (on_cloud.folder / "report.md").symlink_to("real/report.md")
    role(on_cloud, links=["REL-1 is blocked by APP-7"], report="report.md").succeeded()
    assert (on_cloud.folder / "report.md").is_symlink() and (on_cloud.folder / "real/report.md").read_text()


def test_a_folder_that_is_there_keeps_its_mode(on_cloud: Ansible, cloud: LocalJira) -> None:
    (on_cloud.folder / "shut").mkdir(mode=0o555)
    role(on_cloud, links=["REL-1 is blocked by APP-7"], report="shut/report.md")
    assert (on_cloud.folder / "shut").stat().st_mode & 0o777 == 0o555


def test_a_run_that_did_nothing_has_no_undo_file(on_cloud: Ansible, cloud: LocalJira) -> None:
    """Although it was written before, with all that was planned."""
    cloud.fault("status", method="POST", path="/issueLink$", status=400, body={"errorMessages": ["No."]})
    wrong(role(on_cloud, links=["REL-1 is blocked by APP-7"], undo_file="undo.yml"))
    assert not (on_cloud.folder / "undo.yml").exists()
    wrong(role(on_cloud, links=["REL-1 is blockd by APP-7"], undo_file="undo.yml"))
    assert not (on_cloud.folder / "undo.yml").exists()


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
