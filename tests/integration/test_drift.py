# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scheduled check of docs/drift.md, with the guide's own files and commands. tests/eda tries its other half."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable

import yaml

from tests.integration.harness import BIN, CHECKOUT, Ansible
from tests.local_jira import LocalJira

GUIDE = (CHECKOUT / "docs/drift.md").read_text(encoding="utf-8")
CHECK = "ansible-playbook drift.yml --check --diff"


def only(pattern: str) -> str:
    """What is in the brackets of this pattern, which the guide holds once."""
    (found,) = re.findall(pattern, GUIDE, re.DOTALL | re.MULTILINE)
    return str(found)


def ready(ansible: Ansible, site: LocalJira) -> Ansible:
    """With the guide's playbook and its file, and Jira as the file declares it."""
    file = CHECKOUT / "playbooks/files/release-1.yml"
    shutil.copy(file, ansible.folder)
    (ansible.folder / "drift.yml").write_text(
        only(r"the playbook `drift.yml`:\n\n```yaml\n(.*?)^```$"), encoding="utf-8"
    )
    links = yaml.safe_load(file.read_text(encoding="utf-8"))["links"]
    assert {link["phrase"] for link in links} == {"is blocked by"}
    site.reset([(link["linked_issue"], "Blocks", link["issue"]) for link in links])
    return ansible


def drift(site: LocalJira) -> tuple[str, str]:
    """Somebody removes a link that is declared, and makes another: their sentences."""
    (gone, *others) = site.links()
    site.reset([*others, ("APP-30", "Blocks", "REL-1")])
    return f"{gone[0]} blocks {gone[2]}", "APP-30 blocks REL-1"


def test_the_check(site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> None:
    ansible = ready(ansible_at(site), site)
    command = shlex.split(only(r"^\$ (ansible-playbook drift.yml .*?)$"))
    assert shlex.join(command) == CHECK
    ansible(*command).succeeded()
    gone, new = drift(site)
    run = ansible(*command)
    assert run.returncode == 2
    assert f"\n+{gone}\n" in run.stdout and f"\n-{new}\n" in run.stdout
    report = (ansible.folder / "drift.md").read_text(encoding="utf-8")
    assert "REL-1" in report and "APP-30" in report
    assert site.writes() == []
    ansible("ansible-playbook", "drift.yml").succeeded()
    assert gone in site.sentences() and new not in site.sentences()


def test_cron_says_something_only_when_there_is_drift(on_cloud: Ansible, cloud: LocalJira) -> None:
    ansible = ready(on_cloud, cloud)
    connection = {name: value for name, value in ansible.environment.items() if name.startswith("JIRA_")}
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in connection.items())
    (ansible.folder / "connection.sh").write_text(exports, encoding="utf-8")
    line = only(r"^17 6 \* \* 1-5  (.*?)$").replace("/srv/jira", str(ansible.folder))
    environment = {**dict.fromkeys(connection), "PATH": f"{BIN}:{ansible.environment['PATH']}"}
    assert ansible("/bin/sh", "-c", line, **environment).succeeded().output == ""
    gone, new = drift(cloud)
    printed = ansible("/bin/sh", "-c", line, **environment).stdout
    assert f"\n+{gone}\n" in printed and f"\n-{new}\n" in printed


def test_the_pipeline_runs_the_check() -> None:
    workflow = yaml.safe_load(only(r"`.github/workflows/drift.yml`:\n\n```yaml\n(.*?)^```$"))
    (job,) = workflow["jobs"].values()
    commands = [step.get("run") for step in job["steps"]]
    assert CHECK in commands
    assert workflow["permissions"] == {"contents": "read"}
