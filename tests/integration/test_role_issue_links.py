# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role issue_links: from a file or variables to Jira, to a report, and back to a file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import yaml
from ansible_collections.linkops.jira.plugins.module_utils._model.options import SAID_IN_A_LIST
from ansible_collections.linkops.jira.plugins.plugin_utils._links_file import _PLAYBOOK

from tests.integration.harness import CHECKOUT, Ansible, Run
from tests.local_jira import LocalJira

APPLY = "linkops.jira.issue_links : Make Jira match the declaration"
BLOCKERS = ["APP-12 blocks REL-1", "APP-7 blocks REL-1", "LIB-2 blocks REL-1"]
FILES = CHECKOUT / "playbooks/files"
RELEASE_1 = FILES / "release-1.yml"
VARIABLES: dict[str, Any] = {
    "issue_links_links": [
        {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"},
        {"link_type": "Blocks", "inward_issue": "APP-12", "outward_issue": "REL-1"},
        {"issue": "LIB-2", "phrase": "blocks", "linked_issue": "REL-1", "comment": "So."},
    ],
    "issue_links_state": "exact",
    "issue_links_scope": {"issues": ["REL-1"], "linked_projects": ["APP", "LIB"]},
    "issue_links_max_removals": 1,
    "issue_links_acyclic": ["Blocks"],
    "issue_links_exclusive": True,
    "issue_links_on_error": "continue",
    "issue_links_concurrency": 2,
}
NULLS: dict[str, Any] = dict.fromkeys(["max_removals", "acyclic", "exclusive", "concurrency"])
KNOWN = "acyclic, concurrency, exclusive, links, max_issues, max_removals, on_error, scope, state"
OPTIONS = """\
state: exat
max_removals: many
scope: x
links:
  - {issue: REL 1, phrase: blocks, linked_issue: APP 7}
  - REL-1
  - {issue: REL-1, phrase: blocks, phrase: tests, linked_issue: APP-7}
stat: present
"""
ROWS = """\
issue,phrase,linked_issue,who
REL-1,"is blocked
by",APP-7,x
REL-1,,APP-7,
REL-1,blocks
R EL,blocks,APP-1,
"""
BAD_FILES = [
    # name, text, encoding, and everything that is said of it
    (
        "rows.csv",
        ROWS,
        "utf-8",
        [
            f"line 4: {SAID_IN_A_LIST} This one has issue and linked_issue.",
            f"line 5: {SAID_IN_A_LIST} This one has issue and phrase.",
            "line 6: 'R EL' is no issue key. A key looks like HSP-1.",
        ],
    ),
    (
        "options.yml",
        OPTIONS,
        "utf-8-sig",
        [
            "line 1: value of state must be one of: present, absent, exact, got: exat.",
            "line 2: argument 'max_removals' has to be of type int.",
            "line 3: scope has to be a dict, and is text.",
            "line 5: 'REL 1' is no issue key. A key looks like HSP-1.",
            "line 5: 'APP 7' is no issue key. A key looks like HSP-1.",
            "line 6: 'REL-1' is no sentence about two issues. One looks like: REL-1 is blocked by APP-7.",
            "line 7: 'phrase' is given twice, first in line 7.",
            f"line 8: Unsupported parameters: stat (perhaps state is meant). Supported parameters include: {KNOWN}.",
        ],
    ),
    (
        "template.yml",
        "links:\n  {{ others }}\n",
        "utf-8",
        ["line 2: this is no YAML: found unhashable key (while constructing a mapping, from line 2 on)."],
    ),
    ("tab.yml", "links:\n\t- a\n", "utf-8", ["line 2: a tab cannot indent in YAML. Use spaces."]),
    ("cut.json", '[\n{"issue": "REL-1"', "utf-16", ["line 2: this is no JSON: Expecting ',' delimiter."]),
    (
        "latin.csv",
        "sentence\ngeh\u00f6rt",
        "latin-1",
        ["line 2: it is not in UTF-8. Save the file again as UTF-8. In Excel that is 'CSV UTF-8'."],
    ),
    (
        "playbook.yml",
        "- hosts: localhost\n  gather_facts: false\n",
        "utf-8",
        [
            f"line 1: {_PLAYBOOK}",
        ],
    ),
]
HOSTILE = "{{ 1/0 }}|`<script>alert(1)</script>`\n# [x](javascript:y)"
HOSTILE_TYPES = [{"name": "Blocks", "inward": f"is blocked by {HOSTILE}", "outward": f"blocks {HOSTILE}"}]


@pytest.fixture
def ansible(site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> Ansible:
    return ansible_at(site)


def the_role(tasks_from: str = "main", **variables: Any) -> dict[str, Any]:
    """The task that includes it. A file that a variable names lies in the test's folder."""
    return {
        "name": "The role",
        "ansible.builtin.include_role": {"name": "linkops.jira.issue_links", "tasks_from": tasks_from},
        "vars": {f"issue_links_{name.removeprefix('issue_links_')}": value for name, value in variables.items()},
    }


def role(ansible: Ansible, *arguments: str, **variables: Any) -> Run:
    """Run the role as the only one of a play."""
    return ansible.playbook(yaml.safe_dump([the_role(**variables)]), *arguments)


def refusals(ansible: Ansible, cases: Sequence[dict[str, Any]], *arguments: str) -> list[list[str]]:
    """What the role says when it fails with each of these variables: all in one process, each for a host of its own.

    So nothing that one of them leaves behind is there for another.
    """
    hosts = [f"case{number}" for number in range(len(cases))]
    rescue = {"name": "Refused", "ansible.builtin.debug": {"msg": "So it has failed."}}
    plays = [
        {
            "name": f"Play of {host}",
            "hosts": host,
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "tasks": [{"name": "Try it", "block": [the_role(**variables)], "rescue": [rescue]}],
        }
        for host, variables in zip(hosts, cases, strict=True)
    ]
    run = ansible.playbook(yaml.safe_dump(plays), "-i", ",".join([*hosts, ""]), *arguments).succeeded()
    found = [[each for each in run.results if each.host == host] for host in hosts]
    assert all(results[-1].task == "Refused" for results in found), run.output
    return [[each.result.get("msg", "") for each in results if each.status == "failed"] for results in found]


def write(ansible: Ansible, name: str, text: str, encoding: str = "utf-8") -> str:
    file = ansible.folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode(encoding))
    return name


def report(ansible: Ansible) -> str:
    return (ansible.folder / "report.md").read_text(encoding="utf-8")


def wrong(run: Run) -> str:
    assert run.returncode == 2, run.output
    return str(run.results[-1].result["msg"])


class TestPlaybook:
    """The example, as it is in the collection."""

    @pytest.mark.parametrize("file", ["release-1.yml", "release-1.csv"])
    def test_in_check_mode_for_real_and_again(self, file: str, ansible: Ansible, site: LocalJira) -> None:
        def run(*arguments: str) -> Run:
            play = ("ansible-playbook", "linkops.jira.links_as_code", "-e", f"issue_links_file={FILES / file}")
            return ansible(*play, *arguments).succeeded()

        assert "+APP-7 blocks REL-1\n+LIB-2 blocks REL-1\n" in run("--check", "--diff").stdout
        assert '"+APP-7 blocks REL-1"' in run("--check").stdout
        assert site.writes() == []
        assert "changed=1" in run().stdout
        assert site.sentences() == BLOCKERS
        (comment,) = site.comments()
        assert "this version of the library" in str(comment)
        assert "changed=0" in run().stdout
        assert len(site.writes()) == 3

    def test_exact_within_its_scope(self, ansible: Ansible, site: LocalJira) -> None:
        site.reset([("APP-30", "Blocks", "REL-1"), ("OPS-1", "Blocks", "REL-1"), ("REL-1", "Relates", "APP-1")])
        play = ("ansible-playbook", "linkops.jira.links_as_code", "-e", f"issue_links_file={FILES / 'release-1.yml'}")
        ansible(*play).succeeded()
        assert site.sentences() == sorted([*BLOCKERS, "OPS-1 blocks REL-1", "REL-1 relates to APP-1"])

    def test_paths_begin_where_the_command_is_started(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        write(on_cloud, "links.yml", RELEASE_1.read_text(encoding="utf-8"))
        chosen = {"issue_links_file": "links.yml", "issue_links_report": "out/report.md"}
        play = ("ansible-playbook", "linkops.jira.links_as_code", "-e", json.dumps(chosen))
        on_cloud(*play, PWD=str(on_cloud.folder)).succeeded()
        assert cloud.sentences() == BLOCKERS and (on_cloud.folder / "out/report.md").exists()

    def test_it_asks_for_a_file_first(self, ansible: Ansible, site: LocalJira) -> None:
        run = ansible("ansible-playbook", "linkops.jira.links_as_code")
        assert run.returncode == 2 and "issue_links_file" in run.output and site.requests() == []


class TestDeclaration:
    def test_from_variables(self, ansible: Ansible, site: LocalJira) -> None:
        site.reset([("REL-1", "Blocks", "APP-7"), ("APP-30", "Relates", "REL-1")])
        assert role(ansible, **VARIABLES).succeeded().named()[APPLY].result["changed"]
        assert site.sentences() == sorted([*BLOCKERS, "APP-30 relates to REL-1"])
        assert not role(ansible, **VARIABLES).succeeded().named()[APPLY].result["changed"]

    @pytest.mark.parametrize("name", ["links.yml", "links.YAML", "links.json"])
    def test_from_a_list_in_a_file(self, name: str, on_cloud: Ansible, cloud: LocalJira) -> None:
        """JSON is indented with tabs at times, which YAML does not allow."""
        link = '{"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}'
        role(on_cloud, file=write(on_cloud, name, f"[\n\t{link}\n]" if "json" in name else f"- {link}")).succeeded()
        assert cloud.sentences() == ["APP-7 blocks REL-1"]

    def test_a_variable_wins_over_the_file(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        cloud.reset([("APP-7", "Blocks", "REL-1")])
        role(on_cloud, file=str(RELEASE_1), state="absent").succeeded()
        assert cloud.sentences() == []

    @pytest.mark.parametrize("separator", [",", ";"])
    def test_from_a_spreadsheet(self, separator: str, on_cloud: Ansible, cloud: LocalJira) -> None:
        """Columns in another order, a byte order mark, CRLF, blank lines, separators and line breaks in quotes."""
        lines = [
            "comment,linked_issue,issue,phrase",
            ',"APP-7", REL-1 ,is blocked by',
            ",,,",
            "",
            '"a{sep} b\nc",LIB-2,REL-1,Blocks',
        ]
        text = "\r\n".join(lines).replace(",", separator).replace("{sep}", separator)
        role(on_cloud, file=write(on_cloud, "links.CSV", f"\ufeff{text}")).succeeded()
        assert cloud.sentences() == ["APP-7 blocks REL-1", "REL-1 blocks LIB-2"]
        assert f"a{separator} b" in str(cloud.comments())

    @pytest.mark.parametrize("suffix", ["yml", "csv", "json"])
    def test_a_template_in_a_file_is_text(self, suffix: str, on_cloud: Ansible, cloud: LocalJira) -> None:
        text = {
            "yml": "[{issue: REL-1, phrase: blocks, linked_issue: APP-7, comment: '{{ 1/0 }} {% x %}'}]",
            "csv": "issue,phrase,linked_issue,comment\nREL-1,blocks,APP-7,{{ 1/0 }} {% x %}",
            "json": '[{"issue":"REL-1","phrase":"blocks","linked_issue":"APP-7","comment":"{{ 1/0 }} {% x %}"}]',
        }[suffix]
        role(on_cloud, "--diff", file=write(on_cloud, f"links.{suffix}", text), report="report.md").succeeded()
        (comment,) = cloud.comments()
        assert "{{ 1/0 }} {% x %}" in str(comment)

    @pytest.mark.parametrize("mode", [(), ("--check",)], ids=["for real", "check mode"])
    def test_one_message_names_the_file_the_lines_and_all_mistakes(
        self, mode: tuple[str, ...], on_cloud: Ansible, cloud: LocalJira
    ) -> None:
        files = [write(on_cloud, name, text, encoding) for name, text, encoding, dummy in BAD_FILES]
        expected = [
            f"{len(mistakes)} mistake{'s' * (len(mistakes) > 1)}, and nothing was written. "
            + " ".join(f"{file} {mistake}" for mistake in mistakes)
            for file, *dummies, mistakes in BAD_FILES
        ]
        assert refusals(on_cloud, [{"file": file} for file in files], *mode) == [[message] for message in expected]
        assert cloud.writes() == []

    def test_files_that_cannot_be_read(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        (on_cloud.folder / "folder.yml").mkdir()
        (on_cloud.folder / "link.yml").symlink_to("nowhere.yml")
        cases = {
            "none.yml": "No such file or directory.",
            "folder.yml": "Is a directory.",
            "link.yml": "No such file or directory.",
            str(on_cloud.folder / "none.csv"): "No such file or directory.",
        }
        if os.geteuid():
            (on_cloud.folder / write(on_cloud, "secret.yml", "[]")).chmod(0)
            cases["secret.yml"] = "Permission denied."
        said = refusals(on_cloud, [{"file": file} for file in cases])
        assert said == [[f"{on_cloud.folder / file} cannot be read: {why}"] for file, why in cases.items()]
        assert cloud.requests() == []

    def test_a_file_with_mistakes_and_errors_ignored(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        """What cannot be read is never taken for a list without links, which would remove."""
        cloud.reset([("APP-7", "Blocks", "REL-1")])
        scope = {"issues": ["REL-1"], "link_types": ["Blocks"]}
        task = the_role(file=write(on_cloud, "links.yml", "links: [1"), state="exact", scope=scope, report="report.md")
        run = on_cloud.playbook(yaml.safe_dump([{**task, "ignore_errors": True}]))
        assert run.results[-1].status == "failed" and cloud.sentences() == ["APP-7 blocks REL-1"], run.output

    @pytest.mark.parametrize("name", ["links.yml", "links.json", "links.csv"])
    def test_a_byte_order_mark(self, name: str, on_cloud: Ansible, cloud: LocalJira) -> None:
        link = {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}
        text = "\n".join([",".join(link), ",".join(link.values())]) if name == "links.csv" else json.dumps([link])
        for encoding in ("utf-8-sig", "utf-16"):
            assert "+APP-7 blocks REL-1" in role(on_cloud, "--check", file=write(on_cloud, name, text, encoding)).stdout
        role(on_cloud, file=name).succeeded()
        assert "changed=0" in role(on_cloud, file=name).succeeded().stdout
        assert cloud.sentences() == ["APP-7 blocks REL-1"]

    def test_a_file_in_a_vault(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        links = write(on_cloud, "links.yml", RELEASE_1.read_text(encoding="utf-8"))
        password = f"--vault-password-file={on_cloud.folder / write(on_cloud, 'password', 'hush')}"
        on_cloud("ansible-vault", "encrypt", password, links).succeeded()
        assert role(on_cloud, password, file=links).succeeded() and cloud.sentences() == BLOCKERS
        message = wrong(role(on_cloud, file=links))
        assert message.startswith(f"{on_cloud.folder / links} cannot be read: ") and "vault" in message
        assert not [path for path in (on_cloud.folder / "local").rglob("*") if path.is_file()]

    def test_neither_links_nor_a_file_or_both(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        cases: list[dict[str, Any]] = [{}, {"file": ""}, {"links": [], "file": "links.yml"}]
        either = refusals(on_cloud, cases)
        assert all("either issue_links_file or issue_links_links" in messages[-1] for messages in either), either
        assert cloud.requests() == []

    def test_a_blank_scope_in_a_file(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        blanks = ["{}", "''", "", "[null]", "[]"]
        scopes = [*blanks, *(f"{{issues: [REL-1], linked_projects: {blank}}}" for blank in blanks)]
        rest = "state: exact\nlinks: [{issue: REL-1, phrase: blocks, linked_issue: APP-7}]"
        files = [write(on_cloud, f"{n}.yml", f"scope: {scope}\n{rest}") for n, scope in enumerate(scopes)]
        for scope, messages in zip(scopes, refusals(on_cloud, [{"file": file} for file in files]), strict=True):
            words = "scope is empty" if scope in blanks else "scope.linked_projects is empty"
            assert any(words in message for message in messages), (scope, messages)
        assert cloud.requests() == []

    def test_a_blank_scope_in_a_variable(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        blanks: list[Any] = [None, "", [], {"issues": ["REL-1"], "linked_projects": None}]
        common = {"links": VARIABLES["issue_links_links"], "state": "exact"}
        for blank, messages in zip(blanks, refusals(on_cloud, [{**common, "scope": it} for it in blanks]), strict=True):
            assert any("scope" in message for message in messages), (blank, messages)
        assert cloud.requests() == []

    def test_a_null_variable_does_not_override_the_file(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        cloud.reset([("APP-7", "Blocks", "REL-1")])
        scope = "scope: {issues: [REL-1], link_types: [Blocks]}"
        texts = {
            "max_removals is 0": f"state: exact\n{scope}\nmax_removals: 0\nlinks: []",
            "form a cycle": "acyclic: [Blocks]\nlinks: [{issue: REL-1, phrase: blocks, linked_issue: APP-7}]",
        }
        files = [write(on_cloud, f"{number}.yml", text) for number, text in enumerate(texts.values())]
        said = refusals(on_cloud, [{**NULLS, "file": file} for file in files])
        for words, messages in zip(texts, said, strict=True):
            assert any(words in message for message in messages), messages
        assert cloud.writes() == []

    def test_arguments_are_checked(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        assert "exactly" in wrong(role(on_cloud, links=[], state="exactly"))
        assert cloud.requests() == []


class TestReport:
    def test_what_was_done(self, ansible: Ansible, site: LocalJira) -> None:
        site.reset([("APP-7", "Blocks", "REL-1"), ("APP-30", "Blocks", "REL-1")])
        role(ansible, "--check", file=str(RELEASE_1), report="report.md").succeeded()
        assert not (ansible.folder / "report.md").exists()
        role(ansible, file=str(RELEASE_1), report="report.md").succeeded()
        text = report(ansible)
        assert "| 2 | 1 | 1 | 0 | 0 |" in text
        assert "Declared in release-1.yml." in text
        app_12, app_30, rel_1 = (f"[{key}]({site.url}/browse/{key})" for key in ("APP-12", "APP-30", "REL-1"))
        assert f"\n\n## Created\n\n- {app_12} blocks {rel_1}\n- " in text
        assert f"\n\n## Removed\n\n- {app_30} blocks {rel_1}\n\n" in text
        assert "changed=0" in role(ansible, file=str(RELEASE_1), report="report.md").succeeded().stdout

    def test_no_credentials_in_it(self, on_cloud: Ansible) -> None:
        role(
            on_cloud, file=str(RELEASE_1), report="report.md", site_url="https://bob:hush@jira.example.com/"
        ).succeeded()
        assert "(https://jira.example.com/browse/REL-1)" in report(on_cloud) and "hush" not in report(on_cloud)

    def test_links_that_were_left_alone(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        """A few are named, thousands would hide what happened."""
        links = [f"REL-{number} blocks APP-{number}" for number in range(1, 41)]
        role(on_cloud, links=links, report="report.md").succeeded()
        role(on_cloud, links=links, report="report.md").succeeded()
        assert "## Left alone" in report(on_cloud) and report(on_cloud).count(" blocks ") == 40
        links += [f"REL-{number} blocks LIB-{number}" for number in range(1, 41)]
        role(on_cloud, links=links).succeeded()
        role(on_cloud, links=links, report="report.md").succeeded()
        assert "| 0 | 0 | 80 | 0 | 0 |" in report(on_cloud) and " blocks " not in report(on_cloud)

    def test_a_failed_removal_is_not_taken_for_a_creation(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        cloud.reset([("REL-1", "Blocks", "APP-7"), ("REL-1", "Blocks", "APP-8")])
        cloud.fault("status", status=400, method="DELETE", path="issueLink/", count=1)
        links = [{"sentence": f"REL-1 blocks APP-{number}", "state": "absent"} for number in (7, 8)]
        assert role(on_cloud, links=links, report="report.md", concurrency=1).returncode == 2
        text = report(on_cloud)
        assert "\n## Failed to remove\n" in text and "\n## To remove, not tried\n" in text
        assert "to create" not in text.lower()

    def test_a_failure_half_way(self, ansible: Ansible, site: LocalJira) -> None:
        site.fault(
            "status", status=400, body={"errorMessages": ["No <b>room</b> {{ 1/0 }}"]}, method="POST", path="issueLink$"
        )
        run = role(ansible, file=str(RELEASE_1), report="report.md", on_error="continue")
        assert "No <b>room</b>" in str(run.named()[APPLY].result["msg"]) and run.returncode == 2
        text = report(ansible)
        assert "| 2 | 0 | 0 | 1 | 0 |" in text and "\n## Failed to create\n" in text
        assert r"No \<b\>room\</b\> \{\{ 1/0 \}\}" in text
        role(ansible, file=str(RELEASE_1)).succeeded()
        assert site.sentences() == BLOCKERS

    def test_a_failure_before_the_first_write(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        links = [{"issue": "REL-1", "phrase": "blocks", "linked_issue": "REL-999"}]
        assert role(on_cloud, links=links, report="report.md").returncode == 2
        assert "**Failed.** 1 mistake, and nothing was written." in report(on_cloud)

    def test_text_from_jira_stays_text(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        cloud.reset(link_types=HOSTILE_TYPES)
        links = [{"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}]
        role(on_cloud, "--check", links=links).succeeded()
        role(on_cloud, links=links, report="report.md").succeeded()
        (line,) = (line for line in report(on_cloud).splitlines() if line.startswith("- "))
        assert r"blocks \{\{ 1/0 \}\}\|\`\<script\>alert(1)\</script\>\` # \[x\](javascript:y) [REL-1](" in line


class TestExport:
    LINKS = (("APP-7", "Blocks", "REL-1"), ("REL-1", "Relates", "LIB-2"), ("OPS-3", "Cloners", "REL-2"))

    @pytest.mark.parametrize("which", [{"jql": "project = REL"}, {"issues": ["REL-1", "rel-2"]}], ids=["jql", "issues"])
    def test_applied_again_it_changes_nothing(self, which: dict[str, Any], ansible: Ansible, site: LocalJira) -> None:
        site.reset(self.LINKS)
        what = {"tasks_from": "export", **{f"export_{name}": value for name, value in which.items()}}
        planned = role(ansible, "--check", export_file="links.yml", **what).succeeded()
        assert "changed=1" in planned.stdout and not (ansible.folder / "links.yml").exists()
        assert "changed=1" in role(ansible, export_file="links.yml", **what).succeeded().stdout
        assert "changed=0" in role(ansible, export_file="links.yml", **what).succeeded().stdout
        text = (ansible.folder / "links.yml").read_text(encoding="utf-8")
        assert text.splitlines()[-3:] == [
            "  - {sentence: APP-7 blocks REL-1}",
            "  - {sentence: OPS-3 clones REL-2}",
            "  - {sentence: REL-1 relates to LIB-2}",
        ]
        for state in ("present", "exact"):
            assert "changed=0" in role(ansible, file="links.yml", state=state).succeeded().stdout
        assert site.writes() == []
        site.reset()
        role(ansible, file="links.yml").succeeded()
        assert sorted(site.links()) == sorted(self.LINKS)

    def test_names_that_yaml_would_misread(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        names = ["yes", "1.0", HOSTILE, "a: b # c", "é {x}, [y]\u2028", " Relates", "'", "!unsafe"]
        kinds = [{"name": name, "inward": f"in {n}", "outward": f"out {n}"} for n, name in enumerate(names)]
        cloud.reset([("APP-1", name, "REL-1") for name in names], link_types=kinds)
        role(on_cloud, tasks_from="export", export_issues=["REL-1"], export_file="links.yml").succeeded()
        assert "changed=0" in role(on_cloud, file="links.yml", state="exact").succeeded().stdout
        assert cloud.writes() == []

    def test_a_large_site(self, ansible: Ansible, site: LocalJira) -> None:
        """2,000 links of six types among 500 issues, so the same two issues are linked in many ways."""
        phrases = ["blocks", "clones", "tests", "causes", "relates to", "goes with"]
        kinds = [{"name": text.title(), "inward": text, "outward": text} for text in phrases[4:]]
        kinds += [{"name": text.title(), "inward": f"{text} (in)", "outward": text} for text in phrases[:4]]
        site.reset(link_types=kinds, projects=[{"key": "BIG", "count": 500}], generated_links=2000)
        there = site.links()
        assert len(there) == 2000
        role(ansible, tasks_from="export", export_jql="project = BIG", export_file="links.yml").succeeded()
        for state in ("present", "exact"):
            assert "changed=0" in role(ansible, file="links.yml", state=state).succeeded().stdout
        assert site.writes() == [] and site.links() == there

    def test_of_nothing(self, on_cloud: Ansible) -> None:
        role(on_cloud, tasks_from="export", export_issues=["REL-1"], export_file="links.yml").succeeded()
        assert yaml.safe_load((on_cloud.folder / "links.yml").read_text()) == {
            "scope": {"issues": ["REL-1"]},
            "links": [],
        }
        role(
            on_cloud, tasks_from="export", export_jql='summary ~ "nothing like it"', export_file="none.yml"
        ).succeeded()
        assert yaml.safe_load((on_cloud.folder / "none.yml").read_text()) == {"links": []}
        assert "changed=0" in role(on_cloud, file="links.yml").succeeded().stdout


def test_the_guide(ansible: Ansible, site: LocalJira) -> None:
    """Its files, as they stand there, do what it says."""
    guide = (CHECKOUT / "docs/links-as-code.md").read_text(encoding="utf-8")
    declaration, apply, _by_query, _many, export = re.findall(r"^```yaml\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE)
    (spreadsheet,) = re.findall(r"^```csv\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE)
    (plan,) = re.findall(r"^@@.*@@\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE)
    write(ansible, "release-1.yml", declaration)
    write(ansible, "release-1.csv", spreadsheet)
    others = [("OPS-1", "Blocks", "REL-1"), ("APP-1", "Relates", "REL-1")]
    site.reset([("APP-30", "Blocks", "REL-1"), *others])
    assert plan in ansible.playbook(apply, "--check", "--diff").succeeded().stdout
    ansible.playbook(apply).succeeded()
    assert site.sentences() == sorted([*BLOCKERS, "OPS-1 blocks REL-1", "APP-1 relates to REL-1"])
    assert "| 3 | 1 | 0 | 0 | 0 |" in report(ansible)
    ansible.playbook(export).succeeded()
    for file in ("release-1.yml", "release-1.csv", "links.yml"):
        again = ansible.playbook(apply, "-e", f"issue_links_file={file}").succeeded()
        assert "changed=0" in again.stdout
