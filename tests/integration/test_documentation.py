# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation is true: examples run, what is documented is what is returned and what is accepted."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.harness import CHECKOUT, SANDBOX_PYTHON, Ansible, Run
from tests.local_jira import LocalJira

PLUGINS = {
    "filter": sorted(file.stem for file in (CHECKOUT / "plugins/filter").glob("[a-z]*.py")),
    "lookup": sorted(file.stem for file in (CHECKOUT / "plugins/lookup").glob("[a-z]*.py")),
    "module": [
        "gate_decision",
        "link_plan",
        "links_from_file",
    ],  # the action plugins without a module: they ask no Jira
}
ROLES = sorted(file.parents[1].name for file in CHECKOUT.glob("roles/*/meta/argument_specs.yml"))
MODULES = sorted(file.stem for file in (CHECKOUT / "plugins/modules").glob("jira_*.py"))
CONNECTION = ("url", "username", "password", "api_token", "token", "client_id", "client_secret")
ADMINISTRATORS = {"jira_issue_link_type"}  # the modules that nobody else may use
OPTION_FACTS = ("type", "elements", "required", "default", "choices", "aliases")


@pytest.fixture(scope="session")
def documents(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What ansible-doc knows of each module, its doc fragments put in."""
    ansible = Ansible(tmp_path_factory.mktemp("documents"), tree, {})
    names = [f"linkops.jira.{module}" for module in MODULES]
    return {
        name.rpartition(".")[2]: document
        for name, document in json.loads(ansible("ansible-doc", "--json", *names).succeeded().stdout).items()
    }


@pytest.fixture(scope="session")
def pages(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What ansible-doc shows of each module, and of each role."""
    ansible, found = Ansible(tmp_path_factory.mktemp("pages"), tree, {}), {}
    for kind, names in (("module", MODULES), ("role", ROLES)):
        run = ansible("ansible-doc", "-t", kind, *(f"linkops.jira.{name}" for name in names)).succeeded()
        assert not complaints(run)
        for page in re.split(r"^> ", run.stdout, flags=re.MULTILINE)[1:]:
            name = re.search(r"linkops\.jira\.(\w+)", page, re.IGNORECASE)  # in capitals before ansible-core 2.17
            assert name, page
            found[name[1].lower()] = page
    assert sorted(found) == sorted([*MODULES, *ROLES])
    return found


@pytest.fixture(scope="session")
def plugin_examples(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The examples of each plugin that is no module."""
    ansible, found = Ansible(tmp_path_factory.mktemp("examples"), tree, {}), {}
    for kind, names in PLUGINS.items():
        run = ansible("ansible-doc", "-t", kind, "--json", *(f"linkops.jira.{name}" for name in names)).succeeded()
        assert not complaints(run)
        found.update({f"{kind} {name}": json.loads(run.stdout)[f"linkops.jira.{name}"]["examples"] for name in names})
    return found


@pytest.mark.parametrize("module", MODULES)
class TestModule:
    def test_examples_run(
        self, module: str, documents: dict[str, Any], site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]
    ) -> None:
        """As they stand, but for the connection, which comes from the environment."""
        tasks = yaml.safe_load(documents[module]["examples"])
        for task in tasks:
            options = task.get(f"linkops.jira.{module}") or {}
            for name in CONNECTION:
                options.pop(name, None)
        run_all(tasks, ansible_at(site), **login_for(module, site))

    def test_ansible_doc(self, module: str, pages: dict[str, str]) -> None:
        assert "JIRA_URL" in pages[module] and "EXAMPLES" in pages[module]

    def test_options_are_those_of_the_module(self, module: str, documents: dict[str, Any]) -> None:
        plugins = "ansible_collections.linkops.jira.plugins"
        own = import_module(f"{plugins}.modules.{module}").ARGUMENT_SPEC
        connection = import_module(f"{plugins}.module_utils._module").CONNECTION
        documented = documents[module]["doc"]["options"]
        assert as_documented(documented, "suboptions") == as_documented({**connection, **own}, "options")

    def test_environment_variables_are_those_of_the_module(self, module: str, documents: dict[str, Any]) -> None:
        variables = import_module("ansible_collections.linkops.jira.plugins.module_utils._client.connect").VARIABLES
        for name, variable in variables.items():
            described = " ".join(documents[module]["doc"]["options"][name]["description"])
            assert f"E({variable})" in described


def login_for(module: str, site: LocalJira) -> dict[str, str]:
    """What the environment says of the account that may use the module."""
    login = site.login("admin" if module in ADMINISTRATORS else "demo")
    return {f"JIRA_{name.upper()}": value for name, value in login.items()}


def run_all(tasks: list[dict[str, Any]], ansible: Ansible, **environment: str) -> None:
    run = ansible.playbook(yaml.safe_dump(tasks, sort_keys=False), **environment).succeeded()
    assert [each.status for each in run.results] == ["ok"] * len(tasks), run.output
    assert not complaints(run)


def complaints(run: Run) -> list[str]:
    """Warnings and errors about this collection; ansible-core has some about itself."""
    return [line for line in run.output.splitlines() if line.startswith(("[WARNING]", "[ERROR]")) and "linkops" in line]


def as_documented(options: dict[str, Any], nested: str) -> dict[str, Any]:
    """Options by name, from the documentation or from an argument spec, with what both say of them."""
    return {
        name: {
            **{fact: option[fact] for fact in OPTION_FACTS if option.get(fact) not in (None, [])},
            "required": option.get("required", False),
            "nested": as_documented(option.get(nested) or {}, nested),
        }
        for name, option in options.items()
    }


RESULTS = {  # a task of each module that returns all there is
    "jira_issue_link": "{issue: REL-1, phrase: is blocked by, linked_issue: LIB-2, exclusive: true, comment: So.}",
    "jira_issue_link_info": "{issues: [REL-1, REL-999], fail_on_missing: false, declared: true}",
    "jira_issue_link_type": "{name: Blocks, state: absent, move_links_to: Relates}",
    "jira_issue_link_type_info": "{usage: true}",
    "jira_site_info": "{permissions_for: [REL-1]}",
    "jira_issue_links": "{links: [{issue: REL-1, phrase: relates to, linked_issue: LIB-2}], exclusive: true}",
    "jira_remote_link": "{issue: REL-1, remote_url: 'https://x.example.com', title: x}",
    "jira_remote_link_info": "{issues: [REL-1, REL-999], fail_on_missing: false}",
    "jira_remote_links": "{issue: REL-1, links: [{remote_url: 'https://x.example.com', title: x}]}",
}
NOT_OURS = {"changed", "failed", "invocation", "warnings"}


@pytest.mark.parametrize("module", MODULES)
def test_what_is_returned_is_what_is_documented(
    module: str, documents: dict[str, Any], on_cloud: Ansible, cloud: LocalJira
) -> None:
    assert module in RESULTS, "name a task that returns all there is"
    cloud.reset([("REL-1", "Blocks", "LIB-2")])
    task = f"- linkops.jira.{module}: {RESULTS[module]}"
    result = on_cloud.playbook(task, **login_for(module, cloud)).succeeded().only
    returned = {name: value for name, value in result.items() if name not in NOT_OURS and not name.startswith("_")}
    assert list(undocumented(returned, documents[module]["return"], module)) == []


def undocumented(returned: dict[str, Any], documented: dict[str, Any], where: str) -> Iterator[str]:
    """Keys that are returned or documented, but not both; and values of another type than documented."""
    yield from (f"{where}.{name}" for name in returned.keys() ^ documented.keys())
    types = {"str": str, "dict": dict, "list": list, "bool": bool, "int": int, "float": float}
    for name in returned.keys() & documented.keys():
        value, entry = returned[name], documented[name]
        if value is not None and not isinstance(value, types[entry["type"]]):
            yield f"{where}.{name} is no {entry['type']}"
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and "contains" in entry:
                yield from undocumented(item, entry["contains"], f"{where}.{name}")


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in PLUGINS.items() for name in names])
def test_examples_of_a_plugin(
    kind: str, name: str, plugin_examples: dict[str, str], site: LocalJira, ansible_at: Callable[..., Ansible]
) -> None:
    """They run as they stand; the connection comes from the environment."""
    site.reset([("APP-7", "Blocks", "REL-1"), ("LIB-2", "Blocks", "APP-7")])
    ansible = ansible_at(site)
    shutil.copytree(CHECKOUT / "playbooks/files", ansible.folder, dirs_exist_ok=True)
    run_all(yaml.safe_load(plugin_examples[f"{kind} {name}"]), ansible)


@pytest.mark.parametrize("role", ROLES)
def test_ansible_doc_of_a_role(role: str, pages: dict[str, str]) -> None:
    specs = yaml.safe_load((CHECKOUT / "roles" / role / "meta/argument_specs.yml").read_text())["argument_specs"]
    for entry_point, spec in specs.items():
        assert all(word in pages[role] for word in (entry_point, *spec.get("options", {})))


PLAYBOOK = re.compile(r"^```yaml\n((?:---\n)?- name: [^\n]*\n  hosts: .*?)^```$", re.DOTALL | re.MULTILINE)
GUIDES = ("README.md", "docs/authentication.md", "docs/direction.md", "docs/release-gate.md", "docs/sandbox.md")


def playbooks_of(page: str) -> list[str]:
    return PLAYBOOK.findall((CHECKOUT / page).read_text(encoding="utf-8"))


def playbooks() -> Iterator[Any]:
    """The playbooks of README.md, of the guides that need no other file, and of the roles."""
    for page in (*GUIDES, *(f"roles/{role}/README.md" for role in ROLES)):
        yield from (pytest.param(text, id=f"{page}-{number}") for number, text in enumerate(playbooks_of(page)))


@pytest.mark.parametrize("text", [*playbooks()])
def test_playbook_of_a_guide(text: str, on_cloud: Ansible, cloud: LocalJira, data_center: LocalJira) -> None:
    """It runs as it stands, but for addresses and tokens that are the reader's own, and again it changes nothing."""
    cloud.reset([("REL-1", "Blocks", "APP-12")])
    (on_cloud.folder / "vault.yml").write_text("jira_api_token: demo-token\njira_token: demo-pat\n")
    shutil.copytree(CHECKOUT / "playbooks/files", on_cloud.folder / "files")
    for address, own in (
        ("https://example.atlassian.net", cloud.url),
        ("https://jira.example.com/jira", data_center.url),
        ("you@example.com", "demo@example.com"),
    ):
        text = text.replace(address, own)
    on_cloud.playbook(text, *SANDBOX_PYTHON, RELEASE="REL-2").succeeded()
    again = on_cloud.playbook(text, *SANDBOX_PYTHON, RELEASE="REL-2").succeeded()
    assert not any(each.result["changed"] for each in again.results)


@pytest.mark.parametrize("page", ["docs/sandbox.md", "roles/sandbox/README.md"])
def test_playbook_for_a_sandbox(page: str, ansible_at: Callable[[None], Ansible]) -> None:
    """It needs no other Jira. What the role's page starts, it stops."""
    start, *stop = playbooks_of(page)
    ansible = ansible_at(None)
    run = ansible.playbook(start, *SANDBOX_PYTHON).succeeded()
    (link,) = (each.result["link"] for each in run.results if "link" in each.result)
    assert link["sentence"] == "APP-7 blocks REL-1" and list(ansible.folder.rglob("state.json"))
    for text in stop:
        ansible.playbook(text, *SANDBOX_PYTHON).succeeded()
        assert not list(ansible.folder.rglob("state.json"))


def test_every_guide_and_role_has_a_playbook() -> None:
    """Or the tests above would pass for want of one."""
    assert all(playbooks_of(page) for page in (*GUIDES, *(f"roles/{role}/README.md" for role in ROLES)))


def test_every_role_is_documented() -> None:
    assert sorted(folder.name for folder in (CHECKOUT / "roles").iterdir()) == ROLES


def test_ansible_doc_lists_the_modules(on_cloud: Ansible) -> None:
    listed = on_cloud("ansible-doc", "--list", "linkops.jira").succeeded().stdout
    for module in MODULES:
        assert f"linkops.jira.{module}" in listed
