# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tarball holds what users need, and nothing else; Galaxy's importer takes it without a warning."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.local_jira import CHECKOUT
from tests.unit.test_guides import LINK

BIN = CHECKOUT / ".cache/release/bin"
GALAXY: dict[str, Any] = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))
TARBALL = CHECKOUT / f"dist/linkops-jira-{GALAXY['version']}.tar.gz"
FOR_USERS = re.compile(
    r"(docs(?!/docsite/conf\.py)|extensions|meta|playbooks|plugins|roles)/|changelogs/\w+\.yaml"
    r"|(README|CHANGELOG|CODE_OF_CONDUCT|CONTRIBUTING|SECURITY)\.md$|COPYING$|requirements\.txt$"
)
"""How the names of files begin that are for users; all others stay in the repository."""
ABOUT_THE_REPOSITORY = {"CONTRIBUTING.md", "docs/features.md"}  # which point to tests
SPOILT = {
    "galaxy.yml": yaml.safe_dump({**GALAXY, "build_ignore": []}),
    "README.md": "# Spoilt\n",
    "meta/runtime.yml": "requires_ansible: '>=2.16.0'\n",
    "plugins/modules/spoilt.py": "import os\n",
    "roles/spoilt/README.md": "# Spoilt\n",
    "roles/spoilt/tasks/main.yml": "- command: /bin/true\n",
}
COMPLAINTS = ("'os' imported but unused", "no role metadata found", "fqcn[action-core]", "No changelog found")


class Imported(NamedTuple):
    """What the importer complains of, and what it has documentation of, such as ``module jira_site_info``."""

    complaints: list[str]
    documented: set[str]


def run(command: list[str | Path], folder: Path) -> str:
    """What a tool of the release says, with nothing of the machine's own settings."""
    environment = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": f"{BIN}:{os.defpath}", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def imported(tarball: Path, folder: Path) -> Imported:
    """With all that the importer can do without a container: flake8, ansible-doc and ansible-lint."""
    config = folder / "importer.cfg"
    config.write_text("[galaxy-importer]\nRUN_FLAKE8 = True\n", encoding="utf-8")
    said = run(["env", f"GALAXY_IMPORTER_CONFIG={config}", "python", "-m", "galaxy_importer.main", tarball], folder)
    result = json.loads((folder / "importer_result.json").read_text(encoding="utf-8"))
    contents = result["docs_blob"]["contents"]
    return Imported(
        [line for line in said.splitlines() if re.match(r"WARNING|ERROR|CRITICAL", line)],
        {
            f"{each['content_type']} {each['content_name']}"
            for each in contents
            if (each["doc_strings"] or {}).get("doc")
        },
    )


@pytest.fixture(scope="module")
def names() -> set[str]:
    """The files in the tarball."""
    with tarfile.open(TARBALL) as tarball:
        return {member.name for member in tarball if not member.isdir()} - {"MANIFEST.json", "FILES.json"}


def test_it_holds_what_users_need(names: set[str]) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert names == {name for name in listed if FOR_USERS.match(name) and (CHECKOUT / name).exists()}


def test_its_pages_point_to_what_it_holds(names: set[str]) -> None:
    pages = {name for name in names if name.endswith(".md")} - ABOUT_THE_REPOSITORY
    wanted = {
        os.path.normpath(Path(page).parent / target)
        for page in pages
        for target in LINK.findall((CHECKOUT / page).read_text(encoding="utf-8"))
    }
    assert {target for target in wanted if not any(f"{name}/".startswith(f"{target}/") for name in names)} == set()


def test_galaxy_takes_it(tmp_path: Path) -> None:
    found = imported(TARBALL, tmp_path)
    assert found.complaints == []
    kinds = {"modules": "module", "lookup": "lookup", "filter": "filter"}
    plugins = {
        f"{kind} {file.stem}" for folder, kind in kinds.items() for file in (CHECKOUT / "plugins" / folder).glob("*.py")
    }
    assert found.documented == plugins


def test_what_galaxy_would_not_take_is_found(tmp_path: Path) -> None:
    """The silence about the tarball proves nothing if flake8 and ansible-lint did not run."""
    for name, text in SPOILT.items():
        (tmp_path / "spoilt" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "spoilt" / name).write_text(text, encoding="utf-8")
    run(["ansible-galaxy", "collection", "build", "spoilt"], tmp_path)
    complaints = "\n".join(imported(tmp_path / TARBALL.name, tmp_path).complaints)
    assert [complaint for complaint in COMPLAINTS if complaint not in complaints] == []
