# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The release gate: it opens and closes as documented, and its report is safe, still, and looked at in a browser."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from textwrap import indent
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from tests.integration.harness import CHECKOUT, Ansible, Run
from tests.local_jira import LocalJira, is_read

SCREENSHOTS = CHECKOUT / "tests/output"
HOSTILE = (
    "<script>document.title='x'</script> {{ 1/0 }}{% for x in y %} \"] --> %%{init}%% `a` | *b* [c](http://d.example)"
    " \x1b[2J \\N &lt;b&gt; ]]> <!-- </title></style></pre> ```\nend"
)
SEED: dict[str, Any] = {
    "moved": {"OLD-1": "REL-2", "OLD-2": "APP-3"},
    "versions": {"2.4": ["REL-1", "APP-1", "APP-2"]},
    "projects": [
        {"key": "REL", "count": 3, "issues": [{"summary": "Release 4.2", "status": "In Progress"}]},
        {
            "key": "APP",
            "issues": [
                {
                    "summary": "Checkout fails when the basket holds more than a hundred articles and a voucher",
                    "status": "In Progress",
                },
                {"summary": "Login page", "status": "Done"},
                {"summary": HOSTILE, "status": "To Do"},
            ],
        },
        {
            "key": "LIB",
            "issues": [
                {"summary": "Upgrade the library for encryption", "status": "To Do"},
                {"summary": "Release the parser", "status": "To Do"},
            ],
        },
        {"key": "OPS", "issues": [{"summary": "Set up the new cluster", "status": "In Progress"}]},
    ],
}
LINKS = [
    ("APP-1", "Blocks", "REL-1"),
    ("APP-2", "Blocks", "REL-1"),
    ("APP-3", "Blocks", "REL-1"),
    ("LIB-1", "Blocks", "APP-1"),
    ("LIB-2", "Blocks", "APP-2"),
    ("OPS-1", "Blocks", "LIB-1"),
    ("REL-1", "Blocks", "OPS-1"),
    ("REL-1", "Relates", "LIB-2"),
]
CHAINS = [
    "REL-1 is blocked by APP-1 (In Progress)",
    "REL-1 is blocked by APP-3 (To Do)",
    "REL-1 is blocked by APP-1 is blocked by LIB-1 (To Do)",
    "REL-1 is blocked by APP-1 is blocked by LIB-1 is blocked by OPS-1 (In Progress)",
]
GATE = """
- ansible.builtin.include_role: {name: linkops.jira.release_gate}
  vars: VARIABLES
- name: Passed
  ansible.builtin.debug:
    msg:
      open: "{{ release_gate_open }}"
      blockers: "{{ release_gate_blockers }}"
      accepted: "{{ release_gate_accepted_blockers }}"
"""


UNFINISHED = ["REL-1 is not done (In Progress)", "APP-1 is not done (In Progress)"]
OUTSIDE = [
    "REL-1 is blocked by APP-3 (To Do)",
    "APP-1 is blocked by LIB-1 (To Do)",
    "APP-2 is blocked by LIB-2 (To Do)",
    "APP-1 is blocked by LIB-1 is blocked by OPS-1 (In Progress)",
]
VERSION = "fixVersion = 2.4"


def tasks(variables: dict[str, Any]) -> str:
    """The role, run with these variables, and what it found out."""
    release = {} if "jql" in variables else {"issue": "REL-1"}
    given = {f"release_gate_{name}": value for name, value in {**release, **variables}.items()}
    return GATE.replace("VARIABLES", json.dumps(given))


class Gate:
    """The role, run on one site."""

    def __init__(self, ansible: Ansible) -> None:
        self.ansible, self.folder = ansible, ansible.folder / "out/report"

    def __call__(self, *arguments: str, environment: dict[str, str | None] | None = None, **variables: Any) -> Run:
        return self.ansible.playbook(tasks(variables), *arguments, **(environment or {}))

    def report(self, *arguments: str, **variables: Any) -> Run:
        return self(*arguments, report_dir=str(self.folder), **variables)

    @property
    def page(self) -> Path:
        return self.folder / "release_gate.html"

    def files(self) -> dict[str, str]:
        return {file.name: file.read_text(encoding="utf-8") for file in self.folder.glob("*")}


@pytest.fixture
def gate(site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> Gate:
    site.reset(LINKS, **SEED)
    return Gate(ansible_at(site))


@pytest.fixture
def gate_on_cloud(cloud: LocalJira, on_cloud: Ansible) -> Gate:
    cloud.reset(LINKS, **SEED)
    return Gate(on_cloud)


def refusal(run: Run) -> str:
    """Why the gate stayed closed."""
    assert run.returncode == 2, run.output
    (failed,) = (each for each in run.results if each.status == "failed")
    return str(failed.result["msg"])


def passed(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = run.succeeded().named()["Passed"].result["msg"]
    return found


def changed(run: Run) -> list[tuple[str, str]]:
    """What a run changed or would change, by task and item."""
    return [(each.task, str(each.result.get("item", ""))) for each in run.results if each.result.get("changed") is True]


class TestDecision:
    @pytest.mark.parametrize("issue", [["REL-3", ""], ["REL-3", None], ["REL-3", " "], "REL-3,"], ids=str)
    def test_an_empty_element_does_not_open_it(self, gate_on_cloud: Gate, issue: Any) -> None:
        """A variable without a value would leave a release unasked."""
        assert "An element of release_gate_issue is empty" in refusal(gate_on_cloud(issue=issue))

    def test_closed(self, gate: Gate, site: LocalJira) -> None:
        message = refusal(gate())
        assert message == f"The release gate is closed. 4 open blockers: {'; '.join(CHAINS)}"
        assert all(is_read(request) for request in site.requests())

    def test_only_reporting(self, gate: Gate) -> None:
        run = gate(fail=False)
        assert passed(run)["open"] is False
        assert [each["chain"] for each in passed(run)["blockers"]] == CHAINS
        assert "4 open blockers: REL-1 is blocked by APP-1" in run.stdout

    def test_the_address_of_a_page_of_another_site(self, gate_on_cloud: Gate) -> None:
        message = refusal(gate_on_cloud(issue="https://other.example.com/browse/REL-1"))
        assert "'https://other.example.com/browse/REL-1' is no page of an issue of this Jira" in message

    def test_the_report_names_the_key_of_an_address(self, gate_on_cloud: Gate, cloud: LocalJira) -> None:
        gate_on_cloud.report(issue=f"{cloud.url}/browse/rel-1", fail=False).succeeded()
        text = gate_on_cloud.files()["release_gate.md"]
        assert text.startswith("# Release gate for REL-1\n")

    def test_open(self, gate: Gate, site: LocalJira) -> None:
        """LIB-2 is not done, but APP-2, which it blocked, is."""
        for key in ("APP-1", "APP-3"):
            site.control("POST", "edit", {"key": key, "status": "Done"})
        run = gate()
        assert passed(run) == {"open": True, "blockers": [], "accepted": []}
        assert "The release gate is open. No open blocker of REL-1" in run.stdout

    def test_variables(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        cloud.reset(LINKS, **SEED)
        cases: list[tuple[dict[str, Any], list[str]]] = [
            ({"depth": 0}, ["APP-1", "APP-3"]),
            ({"depth": 1}, ["APP-1", "APP-3", "LIB-1"]),
            ({"phrase": "blocks"}, ["OPS-1", "LIB-1", "APP-1"]),
            ({"phrase": "relates to"}, ["LIB-2"]),
            ({"issue": ["REL-1", " app-1"]}, ["APP-3", "LIB-1", "OPS-1"]),
            ({"issue": "REL-1, app-1"}, ["APP-3", "LIB-1", "OPS-1"]),
            ({"issue": ["REL-2", "OPS-1"], "depth": 0}, ["REL-1"]),
            ({"issue": "REL-3"}, []),
            ({"issue": ["old-1", "OPS-1"], "depth": 0}, ["REL-1"]),
            ({"issue": f"{cloud.url}/browse/rel-1", "depth": 0}, ["APP-1", "APP-3"]),
            ({"issue": [f"{cloud.url}/browse/OLD-1?x=y", "OPS-1"], "depth": 0}, ["REL-1"]),
        ]
        run = on_cloud.playbook("".join(tasks({"fail": False, **variables}) for variables, dummy in cases)).succeeded()
        results = [each.result["msg"] for each in run.results if each.task == "Passed"]
        assert [[each["issue"] for each in result["blockers"]] for result in results] == [
            found for dummy, found in cases
        ]

    @pytest.mark.parametrize(
        ("issue", "says"),
        [
            ("REL-999", "Jira does not show REL-999"),
            ([], "Name the release"),
            (["REL-1,APP-1"], "'REL-1,APP-1' is no issue key"),  # from a form, it would leave APP-1 out
        ],
        ids=str,
    )
    def test_what_is_not_there_does_not_pass(self, gate_on_cloud: Gate, issue: Any, says: str) -> None:
        assert says in refusal(gate_on_cloud(issue=issue, fail=False))

    def test_many_blockers_make_a_short_message(self, gate_on_cloud: Gate, cloud: LocalJira) -> None:
        cloud.reset([(f"APP-{number}", "Blocks", "REL-1") for number in range(1, 31)])
        for number in range(1, 31):
            cloud.control("POST", "edit", {"key": f"APP-{number}", "status": "To Do"})
        message = refusal(gate_on_cloud())
        assert "30 open blockers" in message and message.endswith("REL-1 is blocked by APP-20 (To Do); and 10 more")


class TestQuery:
    def test_what_it_finds_is_the_release(self, gate: Gate, site: LocalJira) -> None:
        """A search that is behind finds the issues as they were. What they are by now is read by their ids."""
        site.settings(search_lags=True)
        for key in ("REL-1", "APP-1"):
            site.control("POST", "edit", {"key": key, "status": "Done"})
        moved = site.control("POST", "move", {"from": "APP-2", "to_project": "OPS"})["key"]
        message = refusal(gate.report("--check", jql=VERSION))
        chains = [OUTSIDE[0], OUTSIDE[1], OUTSIDE[2].replace("APP-2", moved), OUTSIDE[3]]
        assert message == f"The release gate is closed. 4 open blockers: {'; '.join(chains)}"
        assert refusal(gate.report(jql=VERSION)) == message
        told = json.loads(gate.files()["release_gate.json"])
        assert [each["issue"] for each in told["issues"]] == ["REL-1", "APP-1", moved]
        assert all(is_read(request) for request in site.requests())

    def test_the_picture_has_all_that_closes_it(self, gate_on_cloud: Gate) -> None:
        """REL-3, too, which has no link."""
        refusal(gate_on_cloud.report(jql="project = REL"))
        closing = {each["issue"] for each in json.loads(gate_on_cloud.files()["release_gate.json"])["blockers"]}
        assert "REL-3" in closing and all(key in gate_on_cloud.files()["release_gate.svg"] for key in closing)

    def test_what_is_not_done_of_it(self, gate: Gate) -> None:
        run = gate.ansible.playbook(
            tasks({"jql": VERSION, "fail": False}) + tasks({"jql": VERSION, "fail": False, "require_done": False})
        )
        both = [each.result["msg"] for each in run.succeeded().results if each.task == "Passed"]
        assert [[each["chain"] for each in found["blockers"]] for found in both] == [[*UNFINISHED, *OUTSIDE], OUTSIDE]
        assert "2 issues of the release are not done, 4 open blockers: REL-1 is not done" in run.stdout

    def test_open(self, gate_on_cloud: Gate) -> None:
        """Nothing blocks REL-3, which is not done."""
        run = gate_on_cloud(jql='project = REL AND summary ~ "release notes"', require_done=False)
        assert passed(run)["open"] is True
        assert "The release gate is open. No open blocker of project = REL AND summary" in run.stdout

    @pytest.mark.parametrize(
        ("variables", "says"),
        [
            ({"jql": "project = REL AND status = Done"}, "release_gate_jql finds no issue: project = REL AND"),
            ({"jql": "fixVersion = 9.9"}, "9.9"),
            ({"jql": "fixVersion ="}, "JQL Query"),
            ({"jql": VERSION, "issue": "REL-1"}, "Give release_gate_issue or release_gate_jql, not both."),
            ({"jql": " "}, "Name the release"),
            (
                {"jql": VERSION, "require_done": "maybe"},
                "release_gate_require_done has no value, or one that does not fit",
            ),
            ({"jql": VERSION, "require_done": None}, "release_gate_require_done has no value"),
            ({"jql": VERSION, "depth": "far"}, "release_gate_depth has no value, or one that does not fit"),
            ({"jql": VERSION, "accepted": [{"issue": "APP-3", "reason": " "}]}, "accepted[0].reason is empty"),
            ({"accepted": [{"issue": "APP-3", "reason": "x", "until": "soon"}]}, "accepted[0].until has to be a date"),
        ],
        ids=str,
    )
    def test_what_is_not_known_or_wrong_stays_closed(
        self, gate_on_cloud: Gate, variables: dict[str, Any], says: str
    ) -> None:
        """Also in a play that goes on."""
        text = tasks({"fail": False, **variables}).replace(
            "release_gate}", "release_gate, apply: {ignore_errors: true}}"
        )
        run = gate_on_cloud.ansible.playbook(text)
        failed = [str(each.result["msg"]) for each in run.results if each.status == "failed"]
        assert says in failed[0], failed
        assert passed(run) == {"open": False, "blockers": [], "accepted": []}

    @pytest.mark.parametrize("wrong", [{"require_done": ""}, {"fail": None}, {"depth": "far"}], ids=str)
    def test_an_open_gate_before_says_nothing_about_the_next(self, gate_on_cloud: Gate, wrong: dict[str, Any]) -> None:
        rescue = "  rescue:\n    - name: Then\n      ansible.builtin.debug: {var: release_gate_open}\n"
        second = indent(tasks({"jql": VERSION, **wrong}), "    ")
        run = gate_on_cloud.ansible.playbook(f"{tasks({'issue': 'REL-3'})}- name: Next\n  block:{second}{rescue}")
        assert run.named()["Passed"].result["msg"]["open"] is True
        assert run.named()["Then"].result["release_gate_open"] is False, run.output

    @pytest.mark.parametrize("fact", ["open", "blockers", "accepted_blockers"])
    @pytest.mark.parametrize("value", [True, "false", ["x"]], ids=str)
    def test_a_result_that_is_given_is_no_decision(self, gate_on_cloud: Gate, fact: str, value: Any) -> None:
        """As an extra variable, which counts more than a fact: a job of AWX hands such facts to the next."""
        extra = json.dumps({f"release_gate_{fact}": value})
        run = gate_on_cloud("-e", extra, issue="REL-1")
        assert "which this role returns" in refusal(run) and run.returncode == 2

    def test_one_that_cannot_be_read(self, gate_on_cloud: Gate, cloud: LocalJira) -> None:
        cloud.settings(search_lags=True)
        cloud.control("POST", "delete", {"key": "APP-2"})
        assert "release_gate_jql finds APP-2, but Jira does not show this" in refusal(gate_on_cloud(jql=VERSION))


class TestAccepted:
    def test_with_its_reason_and_its_date(self, gate: Gate, site: LocalJira) -> None:
        """APP-1 is accepted until a day, so what blocks it counts from the next day on; APP-3 by the key it had."""
        accepted = [
            {"issue": "app-1", "reason": "A way around", "until": "2026-12-31"},
            {"issue": "OLD-2", "reason": HOSTILE},
            {"issue": "LIB-2", "reason": "APP-2 is done"},
        ]
        (gate.ansible.folder / "accepted.json").write_text(json.dumps(accepted), encoding="utf-8")
        given = {"accepted": "{{ lookup('ansible.builtin.file', 'accepted.json') | from_json }}"}
        run = gate.report(**given, date="2026-12-31")
        assert passed(run)["open"] is True
        assert [(each["issue"], each["reason"]) for each in passed(run)["accepted"]] == [
            ("APP-1", "A way around"),
            ("APP-3", shown(HOSTILE)),
        ]
        assert "No open blocker of REL-1 (2 accepted)" in run.stdout
        assert "LIB-2 is accepted, but does not close the gate." in run.output
        files = gate.files()
        told = json.loads(files["release_gate.json"])
        assert (told["open"], told["accepted"]) == (True, passed(run)["accepted"])
        page = Page(files["release_gate.html"])
        assert "A way around" in page.text and page.text.count("document.title='x'") >= 3 and "script" not in page.tags
        assert "| A way around | 2026-12-31 |" in files["release_gate.md"]
        late = gate.report("--check", **given, date="2027-01-01", fail=False)
        assert [each["chain"] for each in passed(late)["blockers"]] == [CHAINS[0], *CHAINS[2:]]
        assert "APP-1 was accepted until 2026-12-31, so it counts again." in late.output
        assert gate.files() == files and all(is_read(request) for request in site.requests())

    def test_one_of_the_release(self, gate_on_cloud: Gate) -> None:
        accepted = [{"issue": key, "reason": "Goes out as it is"} for key in ("REL-1", "APP-1")]
        found = passed(gate_on_cloud(jql=VERSION, accepted=accepted, fail=False))
        assert [each["chain"] for each in found["blockers"]] == [OUTSIDE[2]]
        assert [each["chain"] for each in found["accepted"]] == UNFINISHED


def shown(text: str) -> str:
    """The text with what a terminal would obey replaced."""
    return text.replace("\x1b", "\ufffd").replace("\n", " ")


class TestReport:
    def test_check_mode_predicts_and_a_second_run_changes_nothing(self, gate: Gate, site: LocalJira) -> None:
        guess = gate.report("--check", "--diff")
        assert not gate.folder.parent.exists()
        real = gate.report("--diff")
        assert changed(guess) == changed(real) != []
        assert refusal(guess) == refusal(real)
        files = gate.files()
        assert set(files) == {f"release_gate.{kind}" for kind in ("md", "html", "json", "svg")}
        again = gate.report()
        assert changed(again) == []
        assert refusal(again) == refusal(real)
        assert gate.files() == files
        assert all(is_read(request) for request in site.requests())

    def test_markdown_and_page(self, gate_on_cloud: Gate, cloud: LocalJira) -> None:
        assert refusal(gate_on_cloud.report(title="Gate # 1 <"))
        self.check_markdown(gate_on_cloud.files()["release_gate.md"], cloud.url)
        self.check_page(gate_on_cloud.files()["release_gate.html"], cloud.url)
        self.check_svg(gate_on_cloud.files()["release_gate.svg"], cloud.url)

    def check_markdown(self, text: str, url: str) -> None:
        assert text.startswith("# Gate # 1 \\<\n\n**Closed.** 4 open blockers.\n")
        assert f"| [APP-1]({url}/browse/APP-1) | Checkout fails" in text
        assert f"| {CHAINS[2]} |" in text
        assert "\n```mermaid\nflowchart LR\n" in text and "\x1b" not in text
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        inside = [child for token in tokens for child in token.children or ()]
        assert not {token.type for token in (*tokens, *inside)} & {"html_block", "html_inline", "image", "code_inline"}
        assert all(str(each.attrs["href"]).startswith(f"{url}/browse/") for each in inside if each.type == "link_open")
        assert [token.type for token in tokens].count("fence") == 1

    def check_page(self, text: str, url: str) -> None:
        page = Page(text)
        assert page.attributes("html", "lang") == ["en"]
        assert page.attributes("meta", "content")[0].startswith("default-src 'none'; style-src 'unsafe-inline';")
        assert not page.tags & {"script", "img", "link", "iframe", "object", "embed", "foreignobject", "use", "image"}
        assert not page.names & {"src", "style", "onload", "onclick", "srcset", "action"}
        addresses = page.attributes("a", "href") + page.attributes("a", "xlink:href")
        assert {urlsplit(address)[:2] for address in addresses} == {urlsplit(url)[:2]}
        assert all(re.fullmatch(r"/browse/[A-Z]+-\d+", urlsplit(address).path) for address in addresses)
        assert "\x1b" not in text and not re.search(r"url\(|@import", text)
        assert page.text.count("document.title='x'") >= 2
        headings = re.findall("<h2 [^>]*>(.*?)</h2>", text)
        assert headings == ["Release", "What still blocks", "Picture", "What was read"]

    def check_svg(self, text: str, url: str) -> None:
        """It is XML that names nothing elsewhere, apart from the issues' pages."""
        assert text.startswith("<svg ") and "<!DOCTYPE" not in text
        picture = list(ElementTree.fromstring(text).iter())
        assert {each.tag.rpartition("}")[2] for each in picture} <= {
            *("svg", "g", "a", "path", "polygon", "rect", "text", "title", "desc"),
        }
        names = {name.rpartition("}")[2] for each in picture for name in each.attrib}
        assert not names & {"style", "src"} and not [name for name in names if name.startswith("on")]
        addresses = [value for each in picture for name, value in each.attrib.items() if name.endswith("href")]
        assert addresses and all(re.fullmatch(rf"{re.escape(url)}/browse/[A-Z]+-\d+", each) for each in addresses)

    def test_an_old_picture_goes(self, gate_on_cloud: Gate) -> None:
        """Nothing blocks REL-3, so there is nothing to draw."""
        gate_on_cloud.folder.mkdir(parents=True)
        (gate_on_cloud.folder / "release_gate.svg").write_text("<svg/>", encoding="utf-8")
        passed(gate_on_cloud.report(issue="REL-3"))
        assert set(gate_on_cloud.files()) == {f"release_gate.{kind}" for kind in ("md", "html", "json")}

    def test_without_graphviz(self, gate_on_cloud: Gate, tmp_path: Path) -> None:
        tools = tmp_path / "tools"
        tools.mkdir()
        for tool in ("sh", "mkdir", "chmod", "rm", "echo", "sleep", "uname", "stat"):
            (tools / tool).symlink_to(str(shutil.which(tool)))
        run = gate_on_cloud(report_dir=str(gate_on_cloud.folder), environment={"PATH": str(tools)})
        assert refusal(run) and "apt-get install graphviz" in run.stdout
        page = Page(gate_on_cloud.files()["release_gate.html"])
        assert "svg" not in page.tags and "flowchart LR" in page.text and "script" not in page.tags

    def test_an_address_with_credentials(self, gate_on_cloud: Gate) -> None:
        assert "4 open blockers" in refusal(gate_on_cloud.report(site_url="https://bob:hush@jira.example.com/"))
        files = gate_on_cloud.files()
        assert all("hush" not in text for text in files.values())
        for kind in ("md", "html", "svg"):
            assert "https://jira.example.com/browse/REL-1" in files[f"release_gate.{kind}"]

    def test_a_folder_that_is_there_keeps_its_mode(self, gate_on_cloud: Gate) -> None:
        gate_on_cloud.folder.mkdir(mode=0o700, parents=True)
        refusal(gate_on_cloud.report())
        assert gate_on_cloud.folder.stat().st_mode & 0o7777 == 0o700

    def test_nothing_linked_and_no_address(self, gate_on_cloud: Gate) -> None:
        passed(gate_on_cloud.report(issue="REL-3", site_url=""))
        page = Page(gate_on_cloud.files()["release_gate.html"])
        assert "REL-3 is blocked by nothing." in page.text and not page.tags & {"svg", "a"}


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def tags(self) -> set[str]:
        return {tag for tag, dummy in self.found}

    @property
    def names(self) -> set[str]:
        return {name for dummy, attributes in self.found for name in attributes}

    def attributes(self, tag: str, name: str) -> list[str]:
        return [str(attributes[name]) for found, attributes in self.found if found == tag and name in attributes]


def chromium(page: Path, home: Path, *arguments: str) -> str:
    """What a browser without a window says of a page. It has no way out: the page's host names are unknown to it."""
    options = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars --disable-sync"
    quiet = ("--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND")
    command = ["chromium", *options.split(), *quiet, f"--user-data-dir={home}", *arguments, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")
@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz's dot is not installed")
def test_in_a_browser(gate_on_cloud: Gate, cloud: LocalJira, tmp_path: Path) -> None:
    """Text stays text; the screenshots, in light and dark and on a telephone, are for a person to look at."""
    accepted = [{"issue": "APP-3", "reason": "](javascript:alert(1)) | <script>document.title='y'</script>\nend"}]
    gate_on_cloud.report(jql=VERSION, accepted=accepted)
    home = tmp_path / "chromium"
    net_log = tmp_path / "net.json"
    dom = Page(chromium(gate_on_cloud.page, home, "--dump-dom", f"--log-net-log={net_log}"))
    asked = net_log.read_text(encoding="utf-8")
    assert "d.example" not in asked and f":{cloud.port}/" not in asked, "the page has asked for something"
    assert "script" not in dom.tags
    assert dom.text.startswith("Closed: Release gate for fixVersion = 2.4", dom.text.index("Closed"))
    assert "<script>document.title='x'</script>" in dom.text and "<script>document.title='y'</script>" in dom.text
    picture = Page(chromium(gate_on_cloud.folder / "release_gate.svg", home, "--dump-dom"))
    assert {"svg", "text"} <= picture.tags and not picture.tags & {"script", "parsererror"}
    SCREENSHOTS.mkdir(exist_ok=True)
    pictures = []
    for name, scheme, size in (("light", 1, "1200,2000"), ("dark", 0, "1200,2000"), ("narrow", 1, "390,3400")):
        file = SCREENSHOTS / f"release_gate_{name}.png"
        file.unlink(missing_ok=True)
        settings = (f"--blink-settings=preferredColorScheme={scheme}", f"--window-size={size}")
        chromium(gate_on_cloud.page, home, *settings, f"--screenshot={file}")
        pictures.append(file.read_bytes())
    assert len(set(pictures)) == 3


class TestDocumentation:
    """What is documented runs as it stands."""

    def test_commands(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        """On a fresh sandbox, with the links that the page makes first, each says what the page says."""
        page = (CHECKOUT / "docs/release-gate.md").read_text(encoding="utf-8")
        (accepted,) = re.findall(r"^```yaml\n(---\nrelease_gate_accepted:.*?)^```$", page, re.DOTALL | re.MULTILINE)
        (on_cloud.folder / "accepted.yml").write_text(accepted, encoding="utf-8")
        cloud.reset()
        commands = re.findall(r"^\$ (ansible.*)$", page, re.MULTILINE)
        said = re.findall(r"^The release gate is .*$", page, re.MULTILINE)
        runs = [on_cloud(*shlex.split(command)) for command in commands]
        assert [run.results[-1].result["msg"] for run in runs[2:]] == said and len(said) == 3

    def test_playbook(self, gate_on_cloud: Gate) -> None:
        command = ("ansible-playbook", "linkops.jira.release_gate", "-e", "release_gate_issue=REL-1")
        assert "4 open blockers" in refusal(gate_on_cloud.ansible(*command))
        gate_on_cloud.ansible(*command, "-e", "release_gate_fail=false").succeeded()
