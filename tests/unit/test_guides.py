# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides point to files and names that are there, and CONTRIBUTING shows the house as it is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from scripts.matrix import CORES
from tests.unit.test_house import CHECKOUT, PLUGINS, ROOMS, SANDBOX, tree_of

PAGES = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").glob("*.md"), *(CHECKOUT / "roles").glob("*/*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_feature_is_shown_by_something() -> None:
    rows = [line for line in (CHECKOUT / "docs/features.md").read_text(encoding="utf-8").splitlines() if "| [" in line]
    assert len(rows) >= 23
    assert all(LINK.search(row) for row in rows)


def test_the_hosted_matrix_and_the_table_have_every_ansible_core() -> None:
    workflow = yaml.safe_load((CHECKOUT / ".github/workflows/matrix.yml").read_text(encoding="utf-8"))
    hosted = {each["core"]: each["python"] for each in workflow["jobs"]["matrix"]["strategy"]["matrix"]["include"]}
    assert hosted == {core: pythons[0] for core, pythons in CORES.items()}
    table = re.findall(r"^\| (2\.\d+\.\d+) \|", (CHECKOUT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert table == list(CORES)


CONTRIBUTING = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_diagram_shows_the_rooms() -> None:
    """A room may import from those from which arrows lead to it, over others too."""
    arrows = re.findall(r"^  (\w+) --> (\w+)$", CONTRIBUTING, re.MULTILINE)
    assert {room for arrow in arrows for room in arrow} | {"doc_fragments"} == set(ROOMS)

    def before(room: str) -> set[str]:
        direct = {start for start, end in arrows if end == room}
        return direct.union(*map(before, direct))

    assert {room: before(room) for room in ROOMS} == ROOMS


def test_every_file_is_in_a_table() -> None:
    tables = re.findall(r"^\| file in `([\w/]+)/` \|.*\n\|---\|---\|\n((?:\|.*\n)+)", CONTRIBUTING, re.MULTILINE)
    named = {(folder, file) for folder, rows in tables for file in re.findall(r"^\| `([^`]+)`", rows, re.MULTILINE)}
    assert [each for each in named if not any((CHECKOUT / each[0]).glob(each[1]))] == []
    listed = {path for folder, file in named for path in (CHECKOUT / folder).glob(file)}
    assert [path for path in [*PLUGINS, *SANDBOX] if not path.stem.startswith("__") and path not in listed] == []


PLACES = re.findall(r"`([\w/]+\.py)::([\w.]+)`", CONTRIBUTING)


@pytest.mark.parametrize(("file", "name"), PLACES, ids="::".join)
def test_every_place_is_there(file: str, name: str) -> None:
    (path,) = (path for path in [*PLUGINS, *SANDBOX] if str(path).endswith(f"/{file}"))
    found: list[ast.stmt] = tree_of(path).body
    for part in name.split("."):
        found = [inner for each in found if part in names_of(each) for inner in [each, *getattr(each, "body", [])]]
        assert found, f"{file} has no {name}"


def names_of(statement: ast.stmt) -> set[str]:
    """The names that a statement defines."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return {node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name)}
